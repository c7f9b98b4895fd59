"""Subjects, documents and keys that tests of documents share; the content is the shipped one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from workstation.assets import resource
from workstation.content.catalogue import Catalogue, load
from workstation.domain import explain, severity
from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.consultation import (
    Answer,
    Consultation,
    ContactTry,
    Delivery,
    RequestKind,
    Status,
)
from workstation.domain.decisions import ENDS_TREATMENT
from workstation.domain.documents import DocumentKind
from workstation.domain.dosing import Dispensed, ledger, plan_dose
from workstation.domain.draft import (
    DecisionChoice,
    DecisionDetail,
    DecisionKind,
    Draft,
    GradeOverride,
    ItemKind,
    Key,
    Note,
    Reason,
    Regimen,
)
from workstation.domain.explain import FactRead, Tag
from workstation.domain.explain import Source as Cited
from workstation.domain.facts import Fact, FactKind, Facts, Freshness, Origin
from workstation.domain.ids import (
    ConsultationId,
    PatientId,
    PhotoId,
    ResultId,
    UserId,
    VaultAddress,
)
from workstation.domain.lesions import LesionType, Tally, ZoneId
from workstation.domain.patient import Address, Contact, PatientSnapshot, Sex
from workstation.domain.photo import Photo, QualityMeasures, View
from workstation.domain.plan import Course, plan_tests
from workstation.domain.protocols import choose_protocol
from workstation.domain.rems import Category, RemsRecord, timeline
from workstation.domain.rems_windows import end_of_course
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.safety import CodedReason, Evaluation, Finding, Level, PassedCheck
from workstation.domain.schemes_opinions import NONE
from workstation.domain.triage import Triage, TriageLevel
from workstation.domain.work_up import plan_work_up
from workstation.workflow.appraisal import Appraisal, Gate
from workstation.workflow.compose import kinds_for
from workstation.workflow.subject import Subject

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 21, 58, tzinfo=UTC)
ZONE = "America/Los_Angeles"
NUMBERS = {
    DocumentKind.PRESCRIPTION: "RX-2026-0418",
    DocumentKind.PRESCRIPTION_DIRECTED: "RX-2026-0419",
    DocumentKind.MONITORING_PLAN: "LP-2026-0418",
    DocumentKind.RECORD: "RC-2026-0418",
    DocumentKind.REFERRAL: "RF-2026-0418",
    DocumentKind.DECLINE_LETTER: "DL-2026-0418",
    DocumentKind.STOP_LETTER: "SL-2026-0418",
    DocumentKind.END_LETTER: "EL-2026-0418",
}


class FixedClock:
    """A clock that stands still until moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()


@cache
def catalogue() -> Catalogue:
    """The shipped content."""
    return load(resource("clinical"))


def patient(**changes: Any) -> PatientSnapshot:
    """Elena Marsh of Portland."""
    made = PatientSnapshot(
        id=PatientId("p1"),
        external_id="MK-204817",
        family="Marsh",
        given="Elena",
        title="Ms",
        native_name=None,
        born=date(2003, 3, 14),
        sex=Sex.FEMALE,
        address=Address("77 Alder Lane, Apt 4", "Portland", "OR", "97214"),
        contact=Contact("+1 503 555 0188", "J. Marsh", "+1 503 555 0189", True, "Portland"),
        allergies=(),
        medicines=("Combined pill",),
        rems_id="0042 7719",
    )
    return replace(made, **changes)


def prescriber(**changes: Any) -> User:
    """Rosa Kessler, licensed in Oregon and California."""
    made = User(
        id=UserId("u1"),
        login="rosa.kessler",
        name="Rosa Kessler",
        credentials="MD",
        role=Role.DERMATOLOGIST,
        npi="1234567893",
        licences=(Licence("CA", "A77120"), Licence("OR", "MD184220")),
        certificate=None,
        active=True,
        created_at=NOW,
    )
    return replace(made, **changes)


def clinic(**changes: Any) -> ClinicProfile:
    """Northlake Dermatology."""
    made = ClinicProfile(
        name="Northlake Dermatology",
        address_line="410 Harbor Street, Suite 6",
        city="Portland",
        state="OR",
        postal_code="97205",
        phone="+1 503 555 0142",
        time_zone=ZONE,
        paper="letter",
        rems_2026_effective="",
    )
    return replace(made, **changes)


def result(id: str, test: str, value: Decimal | str, on: date, **more: Any) -> LabResult:
    """One laboratory result."""
    fields: dict[str, Any] = {
        "unit": None,
        "upper_limit": None,
        "setting": TestSetting.MEDICAL,
        "fasting": None,
        "hours_since_alcohol": None,
        "role": None,
        "laboratory": "Harbor Laboratory",
        "origin": Origin.LABORATORY,
        "recorded_by": None,
        "recorded_at": NOW,
        "corrects": None,
    }
    return LabResult(id=ResultId(id), test=test, value=value, collected=on, **(fields | more))


RESULTS = (
    result("r1", "hcg_urine", "negative", date(2026, 10, 20), role="T1"),
    result("r2", "hcg_urine", "negative", date(2026, 11, 21), role="T2"),
    result("r3", "alt", Decimal(18), date(2026, 11, 18), unit="U/L", upper_limit=Decimal(40)),
    result(
        "r4",
        "tg",
        Decimal(168),
        date(2026, 11, 18),
        unit="mg/dL",
        fasting=True,
        hours_since_alcohol=48,
    ),
)


def photo(id: str, view: View) -> Photo:
    """A photo without pixels."""
    return Photo(
        id=PhotoId(id),
        view=view,
        media_type="image/jpeg",
        width=4000,
        height=3000,
        digest="0" * 64,
        original=VaultAddress("a"),
        preview=VaultAddress("b"),
        thumbnail=VaultAddress("c"),
        taken_at=None,
        measures=QualityMeasures(100.0, 0.5, 0.0),
        quality=(),
    )


def intake_facts() -> tuple[Fact, ...]:
    """What was read from the answers of ``consultation``."""

    def fact(name: str, value: Any, number: str) -> Fact:
        return Fact(name, value, Origin.INTAKE, date(2026, 11, 21), f"intake {number}")

    return (
        fact("alcohol.most", 1, "Q2"),
        fact("allergies.known", (), "Q3"),
        fact("mood.phq2", 0, "Q4"),
        fact("contraception.methods", ("combined_pill", "male_condom"), "Q5"),
        fact("alcohol.days", 0, "Q6"),
    )


def whole_intake() -> tuple[tuple[Answer, ...], tuple[Fact, ...]]:
    """An answer to every question of the content, in its safe way, and the facts read from them."""
    answers: list[Answer] = []
    read: list[Fact] = []
    for spec in catalogue().facts.values():
        value = spec.safe
        if spec.freshness is Freshness.COMPUTED or not spec.question or value is None:
            continue
        number = f"Q{len(answers) + 1}"
        text = "None of these" if value == () else explain.value_text(spec, value).capitalize()
        answers.append(Answer(spec.name, number, spec.question, text))
        read.append(Fact(spec.name, value, Origin.INTAKE, TODAY, f"intake {number}"))
    return tuple(answers), tuple(read)


def worked_out() -> tuple[Fact, ...]:
    """Every computed fact of the content; numbers with more decimals than anybody prints."""
    third = Decimal(44) / 3
    return tuple(
        Fact(
            spec.name,
            third if spec.kind is FactKind.NUMBER else spec.safe,
            Origin.DERIVED,
            TODAY,
            "",
        )
        for spec in catalogue().facts.values()
        if spec.freshness is Freshness.COMPUTED and spec.safe is not None
    )


def full_subject(kind: DecisionKind = DecisionKind.PRESCRIBE, **changes: Any) -> Subject:
    """A visit where every question was asked, every check ran and a finding read each number."""
    answers, read = whole_intake()
    made = subject(kind, **changes)
    known = Facts((*made.appraisal.facts.values(), *read, *worked_out()))
    fired = finding("ISO-DX", Level.OVERRIDE)
    numbers = tuple(
        explain.read_of(spec.name, known, catalogue().facts)
        for spec in catalogue().facts.values()
        if spec.unit
    )
    passed = tuple(PassedCheck(r.code, r.title, (), _CITED) for r in catalogue().rulebook.rules)
    detail = explain.filled("Now {course.cumulative}.", known, catalogue().facts)
    fired = replace(fired, reads=numbers, detail=detail)
    appraisal = replace(made.appraisal, facts=known, evaluation=Evaluation((fired,), passed))
    seen = replace(made.consultation, answers=answers, facts=read)
    return replace(made, consultation=seen, appraisal=appraisal)


def facts(*more: Fact) -> Facts:
    """What was answered, recorded and worked out."""

    def fact(name: str, value: Any, origin: Origin, source: str) -> Fact:
        return Fact(name, value, origin, date(2026, 11, 21), source)

    return Facts(
        (
            *intake_facts(),
            fact("patient.weight", Decimal("62.0"), Origin.CLINICIAN, "recorded by Rosa Kessler"),
            fact("pregnancy.category", "CGP", Origin.CLINICIAN, "recorded by Rosa Kessler"),
            fact("consent.patient_on", date(2026, 10, 20), Origin.CHART, "signed consent"),
            fact("pregnancy.test.result", "negative", Origin.DERIVED, ""),
            fact("pregnancy.test.on", date(2026, 11, 21), Origin.DERIVED, ""),
            fact("dose.splittable", True, Origin.DERIVED, ""),
            fact("dose.per_day", 2, Origin.DERIVED, ""),
            fact("excipient.parabens", "unchecked", Origin.DERIVED, ""),
            fact("course.cumulative", Decimal("14.7540983606557377"), Origin.DERIVED, ""),
            *more,
        )
    )


def consultation(**changes: Any) -> Consultation:
    """A first visit for isotretinoin with four photos."""
    made = Consultation(
        id=ConsultationId("c1"),
        patient=patient(),
        visit=2,
        previous=None,
        request=RequestKind.ISOTRETINOIN_START,
        source=Delivery("portal", "x1", "0" * 64, "package"),
        submitted_at=NOW - timedelta(hours=20),
        received_at=NOW - timedelta(hours=20),
        answers=(
            Answer("1.2", "Q2", "Do you drink alcohol?", "One glass of wine at weekends"),
            Answer("1.3", "Q3", "Are you allergic to any of these?", "None of these"),
            Answer("1.4", "Q4", "PHQ-2: score of the two questions", "0 points"),
            Answer(
                "1.5", "Q5", "Which methods do you use now?", "Combined pill, male latex condom"
            ),
            Answer("1.6", "Q6", "On how many days a week do you drink?", "0 days a week"),
            Answer(
                "1.9", "Q9", "How do you feel about your skin?", "It bothers me \U0001f622 a lot"
            ),
        ),
        facts=intake_facts(),
        photos=(
            photo("f", View.FRONT),
            photo("l", View.LEFT45),
            photo("r", View.RIGHT45),
            photo("c", View.CHEST),
        ),
        results=RESULTS,
        dispensed=(),
        prior_courses=(),
        own_words="It hurts when I sleep on my cheek.\nI tried \u533b creams & <b>tablets</b>.",
        status=Status.IN_REVIEW,
        returns_on=None,
        claim=None,
        contacts=(ContactTry(UserId("u1"), NOW, "Patient", "yes", "Feels well, no plan to harm"),),
        revision=7,
        content_edition=None,
    )
    return replace(made, **changes)


def tally() -> Tally:
    """42 lesions over four photos."""
    cells = (
        ((PhotoId("f"), ZoneId.FOREHEAD, LesionType.CLOSED_COMEDONE), 5),
        ((PhotoId("f"), ZoneId.CHIN, LesionType.PAPULE), 9),
        ((PhotoId("f"), ZoneId.NOSE, LesionType.OPEN_COMEDONE), 2),
        ((PhotoId("l"), ZoneId.LEFT_CHEEK, LesionType.NODULE), 4),
        ((PhotoId("l"), ZoneId.LEFT_CHEEK, LesionType.PUSTULE), 5),
        ((PhotoId("r"), ZoneId.RIGHT_CHEEK, LesionType.PAPULE), 9),
        ((PhotoId("r"), ZoneId.RIGHT_CHEEK, LesionType.CYST), 3),
        ((PhotoId("c"), ZoneId.CHEST, LesionType.PAPULE), 5),
    )
    return Tally((), cells, ((ZoneId.CHIN, 1),))


_CITED = Cited("label.isotretinoin", "Isotretinoin label, section 5", Tag.READ)


def finding(code: str, level: Level, reason: Reason | None = None) -> Finding:
    """A finding that read the answer on alcohol."""
    read = FactRead(
        "alcohol.most",
        "Most drinks on one day",
        "1",
        Fact("alcohol.most", 1, Origin.INTAKE, date(2026, 11, 21), "Q2"),
    )
    unknown = FactRead("history.obesity", "Obesity or metabolic syndrome", "", None)
    return Finding(
        code=code,
        medicine="isotretinoin",
        level=level,
        title="Alcohol within the limit.",
        detail="At most one drink a day, discussed.",
        advice="Counsel.",
        source=_CITED,
        reads=(read, unknown),
        control=None,
        reasons=(CodedReason("counselled", "Counselled"),),
        group="",
        waits_for_work_up=False,
        facts_digest="d",
        reason=reason,
    )


def evaluation() -> Evaluation:
    """One reasoned warning, one open override, two checks passed."""
    given = Reason("ISO-ALC-LIM", "counselled", "", UserId("u1"), TODAY, "d")
    return Evaluation(
        (finding("ISO-DX", Level.OVERRIDE), finding("ISO-ALC-LIM", Level.WARN, given)),
        (
            PassedCheck("ISO-TG", "Triglycerides", (), _CITED),
            PassedCheck("ISO-LIVER", "Liver", (), _CITED),
        ),
    )


def regimen(**changes: Any) -> Regimen:
    """10 mg in the morning, 20 mg in the evening."""
    made = Regimen(
        medicine="isotretinoin",
        product="generic",
        formulation="conventional",
        morning=(Decimal(10),),
        evening=(Decimal(20),),
        supply_days=30,
        substitution_permitted=True,
    )
    return replace(made, **changes)


def rems_record(category: Category) -> RemsRecord:
    """Enrolled, two methods, tests as in ``RESULTS``."""
    can = category is Category.CAN
    return RemsRecord(
        category=category,
        prescriber_certified=True,
        enrolled_on=date(2026, 10, 20),
        consent_on=date(2026, 10, 20),
        methods=("combined_pill", "male_condom") if can else (),
        contraception_start=date(2026, 10, 21) if can else None,
        tests=RESULTS[:2] if can else (),
        failure_on=None,
        visit_on=TODAY,
        confirmed_on=TODAY,
        questions_on=None,
        supplies=(),
        last_dose=None,
        menses_on=date(2026, 11, 20),
        regular_menses=True,
    )


def plan(category: Category, supplies: int = 6) -> Any:
    """The plan of a course, worked out by the engine."""
    content = catalogue()
    reasons = content.plan_rules.more_needed[:1]
    return plan_tests(
        choice=choose_protocol(content.protocols, content.plan_rules, None, reasons),
        rules=content.plan_rules,
        tests=content.tests,
        thresholds=content.thresholds,
        rems=content.rems["RS-2021"],
        category=category,
        course=Course((), date(2026, 11, 23), supplies, 30, None, date(2026, 10, 21), False),
        results=RESULTS,
        today=TODAY,
    )


def subject(
    kind: DecisionKind = DecisionKind.PRESCRIBE,
    *,
    category: Category = Category.CAN,
    override: GradeOverride | None = None,
    bridge: str | None = None,
    supplies: int = 6,
    rules: str = "RS-2021",
    more: tuple[Fact, ...] = (),
    **changes: Any,
) -> Subject:
    """A whole subject; ``changes`` replace its own fields, or ``regimen``."""
    content = catalogue()
    chosen = changes.pop("regimen", regimen())
    medicine = content.medicines["isotretinoin"]
    weight = Decimal("62.0")
    grade = severity.grade(
        next(iter(content.rubrics.values())), severity.Counts(7, 28, 7, None), ()
    )
    choice = DecisionChoice(kind, "Severe nodular acne", "L70.0", bridge)
    items: dict[Key, Any] = {
        Key.of(ItemKind.DECISION): choice,
        Key.of(ItemKind.NOTE, "assessment"): Note("Nodules on both cheeks, scarring likely."),
    }
    if override is not None:
        items[Key.of(ItemKind.GRADE_OVERRIDE)] = override
    prescribes = kind is DecisionKind.PRESCRIBE
    reason = changes.pop("reason", None) or next((r.id for r in content.decisions.of(kind)), "")
    detail = changes.pop("detail", None) or DecisionDetail(
        reason, "Come back to us in three months.", TODAY if kind in ENDS_TREATMENT else None
    )
    items[Key.of(ItemKind.DETAIL, kind.value)] = detail
    past = (Dispensed(date(2026, 10, 1), Decimal(20), 30, "conventional", Decimal(62)),)
    record = rems_record(category)
    work_up = (
        None
        if kind is not DecisionKind.START_WORK_UP
        else plan_work_up(
            protocol=content.protocols["DELPHI-2022"],
            rules=content.plan_rules,
            tests=content.tests,
            rems=content.rems[rules],
            category=category,
            facts=facts(),
            results=RESULTS,
            contraception_start=record.contraception_start,
            menses_on=record.menses_on,
            regular_menses=True,
            today=TODAY,
        )
    )
    appraisal = Appraisal(
        treatable=True,
        triage=Triage(TriageLevel.ROUTINE, (), NOW, timedelta(days=2)),
        combinations=(),
        opinions=replace(NONE, applies=True),
        gate=Gate(()),
        work_up=work_up,
        tally=tally(),
        grade=grade,
        facts=facts(*more),
        decision=choice,
        evaluation=evaluation(),
        regimen=chosen if prescribes else None,
        dose=plan_dose(chosen, medicine, weight, date(2026, 11, 20)) if prescribes else None,
        ledger=ledger(past, weight, medicine, Decimal(30), TODAY) if prescribes else None,
        rems=timeline(content.rems[rules], record, content.contraception, TODAY),
        plan=plan(category, supplies),
        detail=detail,
        reason=content.decisions.find(kind, detail.reason),
        after=end_of_course(content.rems[rules], TODAY) if kind in ENDS_TREATMENT else None,
    )
    fields: dict[str, Any] = {
        "consultation": consultation(),
        "draft": Draft(ConsultationId("c1"), items),
        "appraisal": appraisal,
        "prescriber": prescriber(),
        "clinic": clinic(),
        "numbers": {kind: NUMBERS[kind] for kind in kinds_for(appraisal)},
        "issued": TODAY,
        "catalogue": content,
        "demonstration": True,
    }
    return Subject(**(fields | changes))
