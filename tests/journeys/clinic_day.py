"""A small demonstration clinic on a real store, and a hand that works its consultations."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workstation import bootstrap, showcase
from workstation.demo import packages
from workstation.demo.people import Person, Visit, person
from workstation.domain import dosing
from workstation.domain.accounts import Licence, Role, User
from workstation.domain.consultation import Consultation, ContactTry, Status
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Item,
    ItemKind,
    Key,
    Reason,
    Regimen,
)
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.identity import Doubt, Settled
from workstation.domain.ids import AnnotationId, ConsultationId, ResultId, UserId, new_id
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.safety import Finding, Level
from workstation.workflow import assess, clock, identity, intake, queue, sign
from workstation.workflow.appraisal import ISOTRETINOIN, Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports import Appraised, QueueFilter

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OTHER_PASSWORD = "copper meadow whistle"
OTHER_PIN = "975310"
ONE_PHOTO = ("front",)
CLOSED_BEFORE = (("al-hashimi-noor", 1), ("marsh-elena", 1))
WAITING = (
    ("al-hashimi-noor", 2),  # month 1, everything in order
    ("marsh-elena", 2),  # start, the second pregnancy test is not recorded yet
    ("nwosu-ifeoma", 1),  # first visit: needs the work-up
    ("nguyen-minh-duc", 1),  # start, nothing stands in the way
    ("halvorsen-mia", 3),  # positive pregnancy test
    ("oyelaran-tunde", 1),  # seventeen, consent of a guardian missing
    ("becker-jonas", 2),  # red flag
    ("mwangi-wanjiru", 1),  # answers missing
)


def settle_all(desk: Desk, session: Session, id: ConsultationId) -> None:
    """Say whom a consultation is about: the generated people share photos, and one is like another."""
    with desk.store.reading() as unit:
        found = unit.consultation(id)
    for doubt in () if found is None else found.doubts:
        alike = doubt.doubt is Doubt.SIMILAR
        identity.settle(desk, session, id, doubt, Settled.DIFFERENT if alike else Settled.SAME)


class DeskClock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(ZoneInfo(showcase.CLINIC.time_zone)).date()

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)


def package_file(folder: Path, who: Person, visit: Visit, today: date = TODAY) -> Path:
    """One package as a sender writes it."""
    kind, content = packages.package(who, visit, today, NOW if today == TODAY else None)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{who.key}-{visit.number}-{new_id()[:6]}.{kind}"
    path.write_bytes(content)
    return path


def renumbered(
    folder: Path, who: Any, visit: Any, today: date | None = None, sent: datetime | None = None
) -> Path:
    """A visit that the demonstration's table does not have: the first one's photo and answers."""
    import io
    import json
    import zipfile

    from workstation.demo import packages

    first = replace(who.visit(1), day=visit.day, views=visit.views)
    kind, content = packages.package(who, first, today or visit.day, sent)
    old, new = packages.external_id(who, first), packages.external_id(who, visit)
    if kind == "json":
        content = content.replace(old.encode(), new.encode())
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
            for name in source.namelist():
                raw = source.read(name)
                if name == "bundle.json":
                    raw = json.dumps(
                        json.loads(raw.decode().replace(old, new)), ensure_ascii=False
                    ).encode()
                target.writestr(name, raw)
        content = out.getvalue()
    folder.mkdir(exist_ok=True)
    path = folder / f"visit-{visit.number}.{kind}"
    path.write_bytes(content)
    return path


def small(key: str, number: int) -> tuple[Person, Visit]:
    """A visit with its front photo alone: enough where no lesion is counted."""
    who = person(key)
    return who, replace(who.visit(number), views=ONE_PHOTO)


def make_clinic(folder: Path, packed: Path) -> None:
    """The store that every test copies: two people seen before, eight waiting."""
    clock = showcase.SetClock(NOW - timedelta(days=60))
    opened = bootstrap.create_clinic(
        folder,
        kind="demonstration",
        clinic=showcase.CLINIC,
        user=showcase.demo_user(clock.now()),
        password=showcase.PASSWORD,
        pin=showcase.PIN,
        clock=clock,
        cheap_for_tests=True,
    )
    try:
        for key, number in CLOSED_BEFORE:
            who, visit = small(key, number)
            clock.put(packages.sent_at(visit, TODAY) + timedelta(hours=2))
            stored = intake.receive(opened.desk, package_file(packed, who, visit))
            hand = Hand.take(opened.desk, opened.session, stored.id)
            hand.treat(who)
            assert isinstance(hand.sign(), sign.Signed), (key, hand.appraisal.gate)
        clock.put(NOW - timedelta(minutes=30))
        for key, number in WAITING:
            intake.receive(opened.desk, package_file(packed, *small(key, number)))
    finally:
        opened.close()


@dataclass
class Clinic:
    """An open copy of that store."""

    opened: bootstrap.Opened
    clock: DeskClock

    def __post_init__(self) -> None:
        self.on_paper = self.opened.desk  # with the real renderer and signer, whatever comes

    @property
    def desk(self) -> Desk:
        return self.opened.desk

    @property
    def session(self) -> Session:
        return self.opened.session

    def go_back(self, to: datetime) -> None:
        """Put the clock to an earlier moment, and say that it is right: the past may be signed."""
        self.clock.at = to
        admin = Session(replace(self.session.user, administers=True), None)
        clock.confirm(self.desk, admin, "The past of this test begins here")
        self.clock.later(seconds=1)

    def waiting(self, family: str) -> ConsultationId:
        """The open consultation of a family name."""
        with self.desk.store.reading() as unit:
            rows = unit.queue(QueueFilter(scope="all"), self.session.user.id, self.clock.now())
        return next(row.id for row in rows if row.family == family)

    def take(self, family: str, session: Session | None = None) -> Hand:
        """Claim that consultation."""
        return Hand.take(self.desk, session or self.session, self.waiting(family))

    def look(self, id: ConsultationId) -> Consultation:
        with self.desk.store.reading() as unit:
            found = unit.consultation(id)
        assert found is not None
        return found

    def documents(self, id: ConsultationId) -> tuple[Any, ...]:
        with self.desk.store.reading() as unit:
            return unit.documents(id)

    def actions(self) -> list[str]:
        """What the audit trail tells, in order."""
        with self.desk.store.reading() as unit:
            return [entry.action for entry in unit.audit_entries(0, 100_000)]

    def colleague(self, role: Role = Role.DERMATOLOGIST, login: str = "second.reader") -> Session:
        """Another account with password, PIN and (for a dermatologist) a key, signed in."""
        user = User(
            id=UserId(f"user-{login}"),
            login=login,
            name="Ana Ortiz",
            credentials="MD",
            role=role,
            npi="1245319599",
            licences=tuple(Licence(s, f"X{n}") for n, s in enumerate(showcase.STATES)),
            certificate=None,
            active=True,
            created_at=self.clock.now(),
        )
        serial = self.desk.keys.add_user(user, OTHER_PASSWORD, OTHER_PIN)
        user = replace(user, certificate=serial)
        with self.desk.store.writing("system", "s") as unit:
            unit.add_user(user)
            unit.set_pin(user.id, self.desk.keys.pin_verifier(OTHER_PIN))
        return Session(user, self.desk.keys.unlock(login, OTHER_PASSWORD).key)

    def change_user(self, **changes: Any) -> None:
        """Change the signed-in user's account in the store; the session keeps what it has."""
        with self.desk.store.writing("system", "s") as unit:
            user = unit.user(self.session.user.id)
            assert user is not None
            unit.set_user(replace(user, **changes))

    def assert_unsigned(self, id: ConsultationId) -> None:
        """Nothing was signed, and nothing says so."""
        assert self.documents(id) == ()
        assert self.look(id).status.value not in ("closed", "waiting_for_work_up")


class Hand:
    """One claimed consultation, worked through the workflow as a screen does."""

    def __init__(self, desk: Desk, session: Session, id: ConsultationId, token: int) -> None:
        self.desk, self.session, self.id, self.token = desk, session, id, token
        self.pin = showcase.PIN
        self.reload()

    @staticmethod
    def take(desk: Desk, session: Session, id: ConsultationId) -> Hand:
        answer = queue.claim(desk, session, id)
        assert isinstance(answer, queue.Claimed), answer
        settle_all(desk, session, id)
        return Hand(desk, session, id, answer.claim.token)

    def reload(self) -> None:
        """Read everything again."""
        case = assess.open_case(self.desk, self.session, self.id, self.token)
        self.case = case
        self.consultation, self.history, self.revision = (
            case.consultation,
            case.history,
            case.revision,
        )

    @property
    def appraisal(self) -> Appraisal:
        with self.desk.store.reading() as unit:
            clinic = unit.clinic()
            user = unit.user(self.session.user.id)
        situation = Situation(
            self.desk.catalogue,
            user,
            clinic,
            self.desk.clock.now(),
            self.desk.clock.today(),
            self.case.earlier_reasons,
            self.case.earlier.entries,
        )
        return appraise(self.consultation, self.history.draft, self.case.past, situation)

    def finding(self, code: str) -> Finding:
        return next(f for f in self.appraisal.evaluation.findings if f.code == code)

    # -- edits

    def put(self, label: str, *puts: tuple[Key, Item | None]) -> int:
        edit = self.history.draft.put(label, puts, self.session.user.id, self.desk.clock.now())
        if edit.changes:
            self.revision = assess.commit_edit(
                self.desk, self.session, self.id, self.token, self.revision, edit
            )
            self.history = self.history.do(edit)
        return self.revision

    def annotate(self, number: int = 1, kind: LesionType = LesionType.NODULE) -> None:
        photo = self.consultation.photos[0]
        puts = []
        for n in range(number):
            id = AnnotationId(new_id())
            at = Point(photo.width * 0.5 + n, photo.height * 0.4 + n)
            item = Annotation(
                id, photo.id, kind, at, None, "", self.session.user.id, self.desk.clock.now(),
                MadeBy.CLINICIAN, False, None,
            )  # fmt: skip
            puts.append((Key.of(ItemKind.ANNOTATION, id), item))
        self.put("annotation.add", *puts)

    def fact(self, name: str, value: FactValue | None) -> None:
        item = None
        if value is not None:
            today = self.desk.clock.today()
            item = Fact(name, value, Origin.CLINICIAN, today, "recorded here")
        self.put("fact.recorded", (Key.of(ItemKind.FACT, name), item))

    def decide(self, kind: DecisionKind) -> None:
        choice = DecisionChoice(kind, "Severe nodular acne", "L70.0", None)
        self.put("decision.chosen", (Key.of(ItemKind.DECISION), choice))

    def regimen(self, daily: Decimal | None = None) -> Regimen:
        medicine = self.desk.catalogue.medicines[ISOTRETINOIN]
        product = next(p for p in medicine.products if p.formulation == dosing.CONVENTIONAL)
        weight = self.appraisal.facts.value("patient.weight")
        kilograms = Decimal(str(weight)) if weight is not None else Decimal(60)
        wanted = daily or dosing.proposed_daily(
            kilograms, medicine, product.formulation, self.consultation.dispensed
        )
        way = dosing.combinations(wanted, product.strengths)[0]
        return Regimen(
            ISOTRETINOIN, product.id, product.formulation, way.morning, way.evening,
            medicine.max_supply_days, True,
        )  # fmt: skip

    def reasons(self, but: Iterable[str] = ()) -> None:
        """Give a coded reason for everything that asks for one."""
        puts: list[tuple[Key, Item | None]] = []
        for finding in self.appraisal.evaluation.open:
            if finding.level in (Level.WARN, Level.OVERRIDE) and finding.code not in but:
                code = finding.reasons[0].code if finding.reasons else "acknowledged"
                reason = Reason(
                    finding.code, code, "", self.session.user.id, self.desk.clock.today(),
                    finding.facts_digest,
                )  # fmt: skip
                puts.append((Key.of(ItemKind.REASON, finding.code), reason))
        if puts:
            self.put("reason.given", *puts)

    def prescribe(self, but: Iterable[str] = ()) -> None:
        """Decide to prescribe the proposed dose, and give the reasons asked for."""
        self.decide(DecisionKind.PRESCRIBE)
        self.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), self.regimen()))
        self.reasons(but)

    def work_up(self) -> None:
        self.decide(DecisionKind.START_WORK_UP)
        self.reasons()

    def treat(self, who: Person) -> None:
        """As a first visit is treated: prescribe when that is open, else the work-up."""
        if "pregnancy.category" not in self.appraisal.facts:
            self.fact("pregnancy.category", "CGP" if who.sex_at_birth == "female" else "CNGP")
        self.prescribe()
        if not self.appraisal.gate.is_open:
            self.work_up()

    # -- results and contacts

    def pregnancy_test(
        self, value: str = "negative", collected: date | None = None, role: str | None = "T2"
    ) -> None:
        self.result(
            LabResult(
                id=ResultId(new_id()),
                test="hcg_urine",
                value=value,
                unit=None,
                upper_limit=None,
                collected=collected or self.desk.clock.today(),
                setting=TestSetting.MEDICAL,
                fasting=None,
                hours_since_alcohol=None,
                role=role,
                laboratory=None,
                origin=Origin.CLINICIAN,
                recorded_by=self.session.user.id,
                recorded_at=self.desk.clock.now(),
                corrects=None,
            )
        )

    def result(self, result: LabResult) -> None:
        self.consultation = assess.record_result(
            self.desk, self.session, self.id, self.token, result
        )

    def contact(self, outcome: str = "Spoke with the patient; safe tonight") -> None:
        tried = ContactTry(self.session.user.id, self.desk.clock.now(), "patient", "yes", outcome)
        found = assess.record_contact(self.desk, self.session, self.id, tried)
        assert found is not None
        self.consultation = found

    # -- signing

    def preview(self) -> sign.Previews:
        return sign.preview(self.desk, self.session, self.id, self.token)

    def sign(self, previews: sign.Previews | None = None, pin: str | None = None) -> Any:
        shown = previews or self.preview()
        return sign.sign(self.desk, self.session, shown, self.token, pin or self.pin)


def copy_of(base: Path, folder: Path) -> Path:
    shutil.copytree(base, folder)
    return folder


class During:
    """A signer that lets something happen while it signs, once; then the real one works."""

    def __init__(self, signer: Any, happens: Any) -> None:
        self._signer, self._happens = signer, happens

    def sign(self, *given: Any) -> bytes:
        happens, self._happens = self._happens, None
        if happens is not None:
            happens()
        return bytes(self._signer.sign(*given))

    def verify(self, pdf: bytes, expected_serial: str | None = None) -> Any:
        return self._signer.verify(pdf, expected_serial)


class PlainPages:
    """Stands in for drawing where only the gate or the store is tested: a page is its digest."""

    def render(self, document: Any, code: str = "") -> bytes:
        return b"%PDF-page " + document.content_digest.encode()

    def pages(self, pdf: bytes, scale: float) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True)
class PlainVerdict:
    state: str = "valid"


class PlainSignature:
    """Stands in for the signing mathematics there: appends one revision."""

    def sign(self, pdf: bytes, key: Any, *rest: Any) -> bytes:
        return pdf + b" signed " + key.serial.encode() + new_id().encode()

    def verify(self, pdf: bytes, expected_serial: str | None = None) -> PlainVerdict:
        return PlainVerdict()


def with_plain_pages(desk: Desk) -> Desk:
    """The same desk on the same store, quick at paper work."""
    return replace(desk, renderer=PlainPages(), signer=PlainSignature())


def plant(desk: Desk, template: Consultation, **changes: Any) -> ConsultationId:
    """Another patient's consultation with the same content, as intake stores it."""
    id = ConsultationId(new_id())
    who = replace(
        template.patient, id=type(template.patient.id)(new_id()), external_id=f"MK-{new_id()[:6]}"
    )
    results = tuple(replace(r, id=ResultId(new_id())) for r in template.results)
    settings: dict[str, Any] = {
        "id": id,
        "patient": who,
        "source": replace(template.source, external_id=new_id()),
        "results": results,
        "claim": None,
        "contacts": (),
        "status": Status.READY,
        "revision": 0,
    }
    new = replace(template, **{**settings, **changes})
    row = Appraised(0, (), desk.clock.now() + timedelta(hours=20), "", "ok", "", "")
    with desk.store.writing("system", "s") as unit:
        unit.add_patient_and_consultation(new, row)
        unit.audit("consultation.received", id, {})
    return id


def alt_result(hand: Hand, value: str) -> LabResult:
    """An ALT of today in U/L, limit 40."""
    return LabResult(
        ResultId(new_id()), "alt", Decimal(value), "U/L", Decimal(40), hand.desk.clock.today(),
        None, None, None, None, None, Origin.CLINICIAN, hand.session.user.id,
        hand.desk.clock.now(), None,
    )  # fmt: skip
