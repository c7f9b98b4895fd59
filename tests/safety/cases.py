"""Consultations for tests: a healthy adult whose answers are all safe, changed piece by piece."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.safety.answers import shipped
from workstation import assets
from workstation.content.catalogue import Catalogue, load
from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.consultation import Consultation, ContactTry, Delivery, RequestKind, Status
from workstation.domain.derivation import Case, derive
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import DecisionChoice, DecisionKind, Regimen
from workstation.domain.facts import Fact, Facts, FactValue, Freshness, Origin
from workstation.domain.ids import ConsultationId, PatientId, ResultId, UserId
from workstation.domain.patient import Address, Contact, PatientSnapshot, Sex
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.safety import Evaluation, evaluate
from workstation.domain.severity import Counts

TODAY = date(2026, 6, 10)
NOW = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
SENT = datetime(2026, 6, 9, 15, 0, tzinfo=UTC)


@cache
def content() -> Catalogue:
    return load(assets.resource("clinical"))


def said(name: str, value: FactValue, origin: Origin = Origin.INTAKE, on: date = TODAY) -> Fact:
    return Fact(name, value, origin, on, "intake Q1")


def safe_answers() -> tuple[Fact, ...]:
    """What a careful patient, the chart and the clinician said, all of it safe."""
    found = []
    for spec in shipped().registry.values():
        if spec.safe is None or spec.freshness is Freshness.COMPUTED:
            continue
        origin = spec.said_by[0] if spec.said_by else Origin.INTAKE
        found.append(said(spec.name, spec.safe, origin))
    return tuple(found)


def lab(
    test: str,
    value: Decimal | str | int,
    on: date,
    *,
    role: str | None = None,
    setting: TestSetting | None = TestSetting.MEDICAL,
    upper: int | None = 40,
    fasting: bool | None = True,
    hours: int | None = None,
    unit: str | None = None,
) -> LabResult:
    units = {"tg": "mg/dL", "alt": "U/L", "ast": "U/L", "ck": "U/L", "bilirubin": "mg/dL"}
    number = isinstance(value, (int, Decimal))
    return LabResult(
        id=ResultId(f"{test}-{on}-{value}-{role}"),
        test=test,
        value=Decimal(value) if isinstance(value, int) else value,
        unit=(unit or units.get(test)) if number else None,
        upper_limit=Decimal(upper) if number and upper is not None else None,
        collected=on,
        setting=setting,
        fasting=fasting,
        hours_since_alcohol=hours,
        role=role,
        laboratory="Lab",
        origin=Origin.LABORATORY,
        recorded_by=None,
        recorded_at=datetime.combine(on, datetime.min.time(), UTC),
        corrects=None,
    )


def baseline(on: date = TODAY - timedelta(days=5)) -> tuple[LabResult, ...]:
    return (lab("alt", 20, on), lab("tg", 100, on, upper=150))


def patient(**changes: object) -> PatientSnapshot:
    base = PatientSnapshot(
        id=PatientId("p"),
        external_id="1",
        family="Test",
        given="One",
        title=None,
        native_name=None,
        born=date(1996, 4, 9),
        sex=Sex.UNKNOWN,
        address=Address("1 Road", "Town", "CA", "90000"),
        contact=Contact(None, None, None, None, None),
        allergies=(),
        medicines=(),
        rems_id=None,
    )
    return replace(base, **changes)


def consultation(**changes: object) -> Consultation:
    base = Consultation(
        id=ConsultationId("c"),
        patient=patient(),
        visit=1,
        previous=None,
        request=RequestKind.ISOTRETINOIN_START,
        source=Delivery("s", "1", "d", "k"),
        submitted_at=SENT,
        received_at=SENT,
        answers=(),
        facts=safe_answers(),
        photos=(),
        results=baseline(),
        dispensed=(),
        prior_courses=(),
        own_words="",
        status=Status.IN_REVIEW,
        returns_on=None,
        claim=None,
        contacts=(),
        revision=1,
        content_edition=None,
    )
    return replace(base, **changes)


PRESCRIBER = User(
    UserId("u"), "d", "A B", "MD", Role.DERMATOLOGIST, "1234567893", (Licence("CA", "1"),), None,
    True, SENT,
)  # fmt: skip
CLINIC = ClinicProfile("C", "1", "Town", "CA", "90000", "1", "America/Los_Angeles", "letter", "")
PRESCRIBE = DecisionChoice(DecisionKind.PRESCRIBE, "severe acne", "L70.0", None)
TWENTY_TWICE = Regimen(
    "isotretinoin", "claravis", "conventional", (Decimal(20),), (Decimal(20),), 30, True
)
SUPPLY = Dispensed(date(2026, 5, 9), Decimal(40), 30, "conventional", Decimal(60))


def case(*changed: Fact, **changes: object) -> Case:
    """A case; ``changed`` replaces answers, ``without`` removes them, the rest are fields."""
    gone = frozenset(changes.pop("without", ()))
    fields = {k: changes.pop(k) for k in tuple(changes) if k in Consultation.__dataclass_fields__}
    names = {fact.name for fact in changed} | gone
    kept = tuple(f for f in safe_answers() if f.name not in names)
    base = Case(
        consultation=consultation(facts=(*kept, *changed), **fields),
        recorded=(),
        counts=Counts(10, 60, 6, None),
        grade="severe",
        decision=PRESCRIBE,
        regimen=TWENTY_TWICE,
        dose=None,
        past=(),
        catalogue=content(),
        rems=content().rems["RS-2021"],
        prescriber=PRESCRIBER,
        clinic=CLINIC,
        now=NOW,
        today=TODAY,
    )
    return replace(base, **changes)


def can(*more: Fact) -> tuple[Fact, ...]:
    """Answers of a patient who can become pregnant, on two methods since January."""
    return (
        said("pregnancy.category", "CGP", Origin.CLINICIAN),
        said("pregnancy.potential", "yes"),
        said("contraception.methods", ("hormonal_IUD", "male_condom")),
        said("contraception.started", date(2026, 1, 6)),
        said("pregnancy.cycle", "regular"),
        *more,
    )


def judged(of: Case, facts: Facts | None = None) -> Evaluation:
    found = derive(of) if facts is None else facts
    return evaluate(content().rulebook, found, ("isotretinoin",), (), content().facts)


def call(reached: str = "yes", at: datetime = NOW) -> ContactTry:
    return ContactTry(UserId("u"), at, "patient", reached, "spoke")
