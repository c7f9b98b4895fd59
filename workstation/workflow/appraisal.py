"""One consultation appraised: count, grade, facts, safety, dose, REMS, plan and the sign gate.

This is the join the product exists for, and the only place where it is made: screens show it, and
signing asks it again. It is a pure function of what is stored, the content and the day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import NamedTuple

from workstation.content.catalogue import Catalogue
from workstation.content.zones import standard
from workstation.domain import dosing, identity, supply_taken
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.dates import DateWindow, add_days
from workstation.domain.decisions import (
    ENDS_TREATMENT,
    WITHOUT_MEDICINE,
    DecisionReason,
    DecisionRules,
    missing,
)
from workstation.domain.derivation import (
    Case,
    derive_with_triage,
    rems_record,
    triage_with_plan,
    with_plan,
)
from workstation.domain.dosing import Combination, Dispensed, DosePlan, Ledger, Medicine
from workstation.domain.draft import (
    DecisionChoice,
    DecisionDetail,
    DecisionKind,
    Directed,
    Draft,
    Reason,
    Regimen,
)
from workstation.domain.facts import Facts
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Tally, ZoneId, ZoneOutline
from workstation.domain.plan import AFTER_ROLES, Course, plan_tests, shortened
from workstation.domain.plan_edits import edited
from workstation.domain.protocol_choice import ProtocolOptions
from workstation.domain.protocols import (
    MonitoringPlan,
    PlannedTest,
    ProtocolChoice,
    choose_protocol,
    more_needed,
)
from workstation.domain.rems import RemsTimeline, timeline
from workstation.domain.rems_checklist import RemsEntry, RemsMonth, checklist
from workstation.domain.rems_record import RemsRecord, Supplied
from workstation.domain.rems_windows import EndOfCourse, end_of_course
from workstation.domain.safety import Evaluation, Level, evaluate
from workstation.domain.schemes_opinions import Opinions
from workstation.domain.severity import Counts, Grade
from workstation.domain.supply_taken import Counted
from workstation.domain.triage import Triage
from workstation.domain.work_up import WorkUp, plan_work_up
from workstation.domain.zones import missing_views, outlines_of, owners, zones_by_photo
from workstation.workflow import basket
from workstation.workflow.basket import ISOTRETINOIN
from workstation.workflow.recall import Recall
from workstation.workflow.remembered import counted, graded, opinions, planned

__all__ = ["ISOTRETINOIN", "Appraisal", "Gate", "Situation", "appraise"]
ASSUMED_SUPPLIES = 6  # a first plan before any dose is known: a course of about half a year
CONTACT, DECISION, REGIMEN, MEDICINE, REQUEST = (
    "TRIAGE-CONTACT",
    "DECISION-MISSING",
    "REGIMEN-MISSING",
    "MEDICINE-MISSING",
    "NOT-TREATABLE",
)
DETAIL, SENT_ONLY = "DECISION-DETAIL", "DECISION-SENT"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether this may be signed now. ``because`` holds codes of what keeps it closed, worst first.

    Codes are finding codes, what a page lacks (``RX-*``, ``E-*``), or ``DECISION-MISSING``,
    ``REGIMEN-MISSING``, ``MEDICINE-MISSING``, ``TRIAGE-CONTACT``, ``NOT-TREATABLE``,
    ``DECISION-DETAIL`` (its reason or last day is missing), or ``DECISION-SENT`` (it is sent to the
    patient, never signed).
    """

    because: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Nothing keeps it closed."""
        return not self.because


@dataclass(frozen=True)
class Appraisal:
    """All that follows from a consultation and its draft on one day.

    ``plan`` is the course's plan, or the work-up's own tests when a work-up is chosen; ``work_up``
    carries what only a work-up has; ``protocol`` is what it follows and what else may be chosen.
    ``treatable`` says whether anything here can be prescribed.
    """

    treatable: bool
    tally: Tally
    grade: Grade
    facts: Facts
    triage: Triage
    decision: DecisionChoice | None
    evaluation: Evaluation
    regimen: Regimen | None
    combinations: tuple[Combination, ...]
    dose: DosePlan | None
    ledger: Ledger | None
    rems: RemsTimeline | None
    plan: MonitoringPlan | None
    work_up: WorkUp | None
    opinions: Opinions
    gate: Gate
    protocol: ProtocolOptions | None = None
    directed: tuple[Directed, ...] = ()  # medicines prescribed by directions
    course: bool = True  # isotretinoin is what is decided about
    faults: tuple[str, ...] = ()  # what the pages to be signed lack or break
    detail: DecisionDetail | None = None  # of the decision chosen
    reason: DecisionReason | None = None  # the coded one in it
    after: EndOfCourse | None = None  # dates that follow from a last dose
    supplies: tuple[Counted, ...] = ()  # of earlier visits, each as it counts
    site: Callable[[], tuple[RemsMonth, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def rems_months(self) -> tuple[RemsMonth, ...]:
        """What has to stand on the REMS site; worked out for those who show it."""
        return self.site()

    @property
    def acne(self) -> bool:
        """Whether acne is judged here: otherwise no acne grade counts, only the clinician's own."""
        return self.opinions.applies

    @property
    def global_grade(self) -> str | None:
        """The clinician's own global grade of an indication outside acne, when it was given."""
        grade = self.facts.value("indication.global_grade")
        return grade if isinstance(grade, str) and not self.acne else None


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, where and when: what an appraisal needs beside the consultation."""

    catalogue: Catalogue
    prescriber: User | None  # None at intake: nobody signs yet
    clinic: ClinicProfile
    now: datetime
    today: date
    earlier_reasons: tuple[Reason, ...] = ()  # given at earlier visits of the course
    earlier_entries: tuple[RemsEntry, ...] = ()  # confirmed at earlier visits of the course


def appraise(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
) -> Appraisal:
    """Work everything out; pure.

    What rests on nothing that changed since the last call is taken from there: one more lesion
    that leaves the grade as it is costs a count, not an evaluation.
    """
    found = _tally(consultation, draft)
    given = (*consultation.facts, *draft.facts)
    scarring = next((f.value for f in reversed(given) if f.name == "severity.scarring"), None)
    counts = Counts(
        found.comedones,
        found.inflammatory,
        found.nodules_cysts,
        scarring if isinstance(scarring, bool) else None,
    )
    grade = graded(situation.catalogue.rubric, counts, _missing(consultation, found))
    case = _case(consultation, draft, past, situation, counts, grade)
    follows = _FOLLOWED.of(
        (
            *(consultation, past, situation.catalogue, situation.prescriber, situation.clinic),
            *(situation.today, situation.earlier_reasons, situation.earlier_entries),
            *(grade.grade, counts.nodules_cysts, counts.active_deep_scarring),
            *(case.decision, case.regimen, *case.directed, None),
            *(*case.recorded, None, *draft.reasons, None),
            *(*draft.plan_edits, None, *draft.details, None, *draft.rems_entries),
            draft.protocol,
        ),
        lambda: _follow(case, draft, situation),
    )
    decision, dose, detail = case.decision, follows.dose, _detail(draft, case.decision)
    rules = situation.catalogue.decisions
    return Appraisal(
        treatable=follows.treatable,
        tally=found,
        grade=grade,
        facts=follows.facts,
        triage=follows.triage,
        decision=decision,
        evaluation=follows.evaluation,
        regimen=case.regimen,
        combinations=follows.combinations,
        dose=dose,
        ledger=follows.ledger,
        rems=follows.rems,
        plan=follows.plan,
        work_up=follows.work_up,
        opinions=opinions(
            situation.catalogue.schemes,
            consultation.photos,
            found,
            draft.midlines,
            grade,
            follows.facts,
            draft.mirrored,
        ),
        protocol=follows.protocol,
        gate=_of_the_right_person(_gate(case, follows, detail, rules), consultation),
        directed=case.directed,
        course=follows.course,
        faults=follows.faults,
        detail=detail,
        reason=_coded(decision, detail, rules),
        after=follows.after,
        supplies=follows.supplies,
        site=follows.site,
    )


class _Follows(NamedTuple):
    """What follows from grade, nodules, facts, decision, regimen and reasons."""

    treatable: bool
    facts: Facts
    triage: Triage
    evaluation: Evaluation
    combinations: tuple[Combination, ...]
    dose: DosePlan | None
    ledger: Ledger | None
    rems: RemsTimeline | None
    plan: MonitoringPlan | None
    work_up: WorkUp | None
    protocol: ProtocolOptions
    course: bool
    faults: tuple[str, ...]
    after: EndOfCourse | None
    supplies: tuple[Counted, ...]
    site: Callable[[], tuple[RemsMonth, ...]]


_FOLLOWED: Recall[_Follows] = Recall()
_OUTLINED: Recall[tuple[ZoneOutline, ...]] = Recall()


def _case(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
    counts: Counts,
    grade: Grade,
) -> Case:
    return Case(
        consultation=consultation,
        recorded=draft.facts,
        counts=counts,
        grade=grade.grade,
        decision=draft.decision,
        regimen=draft.regimen(ISOTRETINOIN),
        dose=None,
        past=past,
        catalogue=situation.catalogue,
        rems=situation.catalogue.rems_on(situation.today, _newer_from(situation.clinic)),
        prescriber=situation.prescriber,
        clinic=situation.clinic,
        now=situation.now,
        today=situation.today,
        protocol=draft.protocol,
        directed=draft.directed,
    )


def _follow(case: Case, draft: Draft, situation: Situation) -> _Follows:
    """Facts, triage, safety, dose, REMS and plan; reads nothing that ``appraise`` does not name."""
    case, supplies = _as_taken(case)
    consultation, catalogue, today = case.consultation, situation.catalogue, case.today
    drafted = (case.decision, case.regimen, case.directed, catalogue)
    treatable = basket.can_prescribe(consultation, *drafted)
    course = basket.is_course(consultation, *drafted)
    medicine = catalogue.medicines[ISOTRETINOIN]
    decision, regimen = case.decision, case.regimen
    facts, triage = derive_with_triage(case)
    dose = _dose(regimen, medicine, facts)
    record = rems_record(case, facts)
    last = _last_dose(draft, decision)
    if last is not None:
        record = replace(record, last_dose=last)
    rems = timeline(case.rems, record, catalogue.contraception, today) if course else None
    ledger = _ledger(consultation, dose, regimen, medicine, today)
    plan, work_up = _plans(case, facts, record, ledger, medicine) if course else (None, None)
    if plan is not None:
        plan = edited(plan, draft.plan_edits)
    if work_up is None:
        facts = with_plan(case, facts, plan)
    triage = triage_with_plan(case, facts, triage)
    reasons = (*_counselled(situation), *draft.reasons)
    asked = basket.medicines(course, decision, case.directed, catalogue)
    evaluation = evaluate(
        catalogue.rulebook, facts, asked if treatable else (), reasons, catalogue.facts
    )
    return _Follows(
        treatable=treatable,
        facts=facts,
        triage=triage,
        evaluation=evaluation,
        combinations=_combinations(regimen, medicine),
        dose=dose,
        ledger=ledger,
        rems=rems,
        plan=plan,
        work_up=work_up,
        protocol=case.protocols,
        course=course,
        faults=basket.faults(case, facts, catalogue, situation.prescriber),
        after=None if last is None else end_of_course(case.rems, last),
        supplies=supplies,
        site=cache(lambda: _rems_months(record, draft, situation)) if course else tuple,
    )


def _as_taken(case: Case) -> tuple[Case, tuple[Counted, ...]]:
    """The case with the supplies as they were taken: everything that follows counts those."""
    seen = case.consultation
    found = supply_taken.counted(seen.dispensed, case.past, (*seen.facts, *case.recorded))
    taken = supply_taken.taken(found)
    if taken == seen.dispensed:
        return case, found
    return replace(case, consultation=replace(seen, dispensed=taken)), found


def _rems_months(record: RemsRecord, draft: Draft, situation: Situation) -> tuple[RemsMonth, ...]:
    catalogue, newer_from = situation.catalogue, _newer_from(situation.clinic)
    entries = {e.row: e for e in (*situation.earlier_entries, *draft.rems_entries)}
    return checklist(
        catalogue.checklist,
        lambda anchor: catalogue.rems_on(anchor, newer_from),
        record,
        catalogue.contraception,
        entries,
        situation.today,
    )


def _detail(draft: Draft, decision: DecisionChoice | None) -> DecisionDetail | None:
    return None if decision is None else draft.detail(decision.kind)


def _coded(
    decision: DecisionChoice | None, detail: DecisionDetail | None, rules: DecisionRules
) -> DecisionReason | None:
    if decision is None or detail is None:
        return None
    return rules.find(decision.kind, detail.reason)


def _last_dose(draft: Draft, decision: DecisionChoice | None) -> date | None:
    """The last day with a capsule, when the decision chosen ends treatment."""
    if decision is None or decision.kind not in ENDS_TREATMENT:
        return None
    detail = draft.detail(decision.kind)
    return None if detail is None else detail.last_dose


def _counselled(situation: Situation) -> tuple[Reason, ...]:
    """Earlier reasons that still count by themselves: counselling, once in a course.

    Any other reason is given again at each visit, so that somebody looks at it.
    """
    if not situation.earlier_reasons:
        return ()
    counsel = situation.catalogue.rulebook.counselling
    return tuple(reason for reason in situation.earlier_reasons if reason.finding in counsel)


def counted_of(consultation: Consultation, draft: Draft) -> Tally:
    """What a draft counts on the photos of a consultation, and the zone of each annotation."""
    return _tally(consultation, draft)


def owners_of(consultation: Consultation, draft: Draft) -> dict[ZoneId, PhotoId]:
    """The photo on which each zone of a consultation counts."""
    photos = consultation.photos
    return owners(photos, zones_by_photo(photos, _outlines(consultation, draft)), draft.owners)


def _outlines(consultation: Consultation, draft: Draft) -> tuple[ZoneOutline, ...]:
    photos, drawn, mirrored = consultation.photos, draft.outlines, draft.mirrored
    return _OUTLINED.of(
        (photos, *sorted(mirrored), None, *drawn),
        lambda: outlines_of(photos, standard(), drawn, mirrored),
    )


def _tally(consultation: Consultation, draft: Draft) -> Tally:
    outlines = _outlines(consultation, draft)
    return counted(consultation.photos, outlines, draft.annotations, draft.owners)


def _missing(consultation: Consultation, found: Tally) -> tuple[str, ...]:
    unlinked = tuple(f"zone:{zone.value}" for zone, _ in found.unlinked)
    return (*missing_views(consultation.photos), *unlinked)


def _dose(regimen: Regimen | None, medicine: Medicine, facts: Facts) -> DosePlan | None:
    weight, on = facts.get("patient.weight"), facts.value("patient.weight_on")
    if regimen is None or weight is None or isinstance(weight.value, bool):
        return None
    if not isinstance(weight.value, (int, Decimal)) or weight.value <= 0:
        return None
    measured = on if isinstance(on, date) else weight.as_of
    return dosing.plan_dose(regimen, medicine, Decimal(weight.value), measured)


def _combinations(regimen: Regimen | None, medicine: Medicine) -> tuple[Combination, ...]:
    if regimen is None:
        return ()
    product = next((p for p in medicine.products if p.id == regimen.product), None)
    return dosing.combinations(regimen.daily, product.strengths) if product is not None else ()


def _ledger(
    consultation: Consultation,
    dose: DosePlan | None,
    regimen: Regimen | None,
    medicine: Medicine,
    today: date,
) -> Ledger | None:
    if dose is None or regimen is None:
        return None
    return dosing.ledger(
        consultation.dispensed,
        dose.weight,
        medicine,
        dose.daily,
        _next_on(consultation.dispensed, today),
        next_formulation=regimen.formulation,
    )


def _next_on(taken: Sequence[Dispensed | Supplied], today: date) -> date:
    """First day of the supply now prescribed: today, or the day after the one before is used up."""
    newest = max(taken, key=lambda supply: supply.on, default=None)
    return today if newest is None else max(today, add_days(newest.on, newest.days))


def _newer_from(clinic: ClinicProfile) -> date | None:
    return date.fromisoformat(clinic.rems_2026_effective) if clinic.rems_2026_effective else None


def _plans(
    case: Case, facts: Facts, record: RemsRecord, ledger: Ledger | None, medicine: Medicine
) -> tuple[MonitoringPlan | None, WorkUp | None]:
    catalogue, today = case.catalogue, case.today
    results = case.results
    taken = tuple(sorted(record.supplies, key=lambda s: s.on))
    start = taken[0].on if taken else today
    reasons = more_needed(
        catalogue.plan_rules, facts, catalogue.tests, catalogue.thresholds, results, start
    )
    chosen = case.protocols.in_force
    choice = choose_protocol(catalogue.protocols, catalogue.plan_rules, chosen, reasons)
    if case.decision is not None and case.decision.kind is DecisionKind.START_WORK_UP:
        work_up = plan_work_up(
            protocol=choice.baseline,
            rules=catalogue.plan_rules,
            tests=catalogue.tests,
            rems=case.rems,
            category=record.category,
            facts=facts,
            results=results,
            contraception_start=record.contraception_start,
            menses_on=record.menses_on,
            regular_menses=record.regular_menses,
            today=today,
        )
        return _work_up_plan(work_up, choice, case), work_up
    if record.last_dose is not None:
        return _plan_after(case, facts, record, choice, taken, record.last_dose), None
    return _course_plan(case, facts, record, ledger, medicine, choice, taken), None


def _plan_after(
    case: Case,
    facts: Facts,
    record: RemsRecord,
    choice: ProtocolChoice,
    taken: tuple[Supplied, ...],
    last: date,
) -> MonitoringPlan:
    """What is still to be tested once treatment ends: at the end, a month after, and repeats."""
    most = facts.value("alcohol.most")
    whole = plan_tests(
        choice=choice,
        rules=case.catalogue.plan_rules,
        tests=case.catalogue.tests,
        thresholds=case.catalogue.thresholds,
        rems=case.rems,
        category=record.category,
        course=Course(
            picked_up=shortened(taken, last),
            next_on=last,
            supplies=0,
            supply_days=1,
            peak_from=_peak_from(case),
            contraception_start=record.contraception_start,
            drinks=None if most is None else bool(most),
        ),
        results=case.results,
        today=case.today,
    )
    ahead = tuple(point for point in whole.tests if point.role in AFTER_ROLES)
    ends = max((point.due for point in ahead), default=last)
    return replace(whole, tests=ahead, flare=None, ends=ends)


def _course_plan(
    case: Case,
    facts: Facts,
    record: RemsRecord,
    ledger: Ledger | None,
    medicine: Medicine,
    choice: ProtocolChoice,
    taken: tuple[Supplied, ...],
) -> MonitoringPlan:
    today, regimen = case.today, case.regimen
    days = regimen.supply_days if regimen is not None else medicine.max_supply_days
    supplies = (
        dosing.expected_supplies(ledger.days_left, days) if ledger is not None else ASSUMED_SUPPLIES
    )
    most = facts.value("alcohol.most")
    course = Course(
        picked_up=taken,
        next_on=_next_on(taken, today),
        supplies=supplies,
        supply_days=days,
        peak_from=_peak_from(case),
        contraception_start=record.contraception_start,
        drinks=None if most is None else bool(most),
    )
    return planned(case, choice, record.category, course)


def _peak_from(case: Case) -> date | None:
    """First day at the highest dose so far; None while the dose never changed."""
    supplies = sorted(case.consultation.dispensed, key=lambda s: s.on)
    doses = [(s.daily, s.on) for s in supplies]
    if case.regimen is not None:
        doses.append((case.regimen.daily, case.today))
    if not doses or len({daily for daily, _ in doses}) == 1:
        return None
    highest = max(daily for daily, _ in doses)
    return next(on for daily, on in doses if daily == highest)


def _work_up_plan(work_up: WorkUp, choice: ProtocolChoice, case: Case) -> MonitoringPlan:
    """The work-up's own tests in the shape of a plan; it holds no supply and no visit."""
    collected = {r.id: r.collected for r in case.consultation.results}
    points = []
    for test in work_up.tests:
        done = collected.get(test.result) if test.result is not None else None
        window = test.window or DateWindow(done or case.today, done or case.today)
        points.append(
            PlannedTest(
                test.test, test.role, done or window.first, window, test.state, test.result, ""
            )
        )
    start = work_up.contraception_start
    ends = max((work_up.return_on, *(p.window.last for p in points)))
    return MonitoringPlan(
        protocol=choice.baseline.id,
        edition=choice.baseline.edition,
        start=work_up.return_on,
        tests=tuple(points),
        because="",
        flare=None,
        ends=ends,
        contraception=DateWindow(min(start, ends), ends) if start is not None else None,
    )


def _of_the_right_person(gate: Gate, consultation: Consultation) -> Gate:
    """The gate, closed first of all while it is in doubt whom the consultation is about."""
    if any(doubt.is_open for doubt in consultation.doubts):
        return Gate((identity.OPEN, *gate.because))
    return gate


def _gate(
    case: Case, follows: _Follows, detail: DecisionDetail | None, rules: DecisionRules
) -> Gate:
    decision = case.decision
    kind = None if decision is None else decision.kind
    # Asked here as well as by the rules: a red flag never depends on one content file alone.
    owed = follows.triage.needs_contact and not case.consultation.contacts
    if kind is DecisionKind.ASK_PATIENT:
        return Gate((CONTACT, SENT_ONLY) if owed else (SENT_ONLY,))
    if kind is not None and kind in WITHOUT_MEDICINE:
        return Gate(_without_medicine(kind, detail, rules, follows.evaluation, owed=owed))
    if not follows.treatable:
        return Gate((REQUEST,))
    work_up = kind is DecisionKind.START_WORK_UP
    because = [
        finding.code
        for finding in follows.evaluation.open
        if not (work_up and finding.waits_for_work_up and finding.level is Level.HOLD)
    ]
    if owed and CONTACT not in because:
        because.insert(0, CONTACT)
    if decision is None:
        because.append(DECISION)
    elif not work_up:
        because += [code for code in follows.faults if code not in because]
        if follows.dose is None and (case.regimen is not None or not case.directed):
            because.append(REGIMEN if follows.course else MEDICINE)
    return Gate(tuple(because))


def _without_medicine(
    kind: DecisionKind,
    detail: DecisionDetail | None,
    rules: DecisionRules,
    evaluation: Evaluation,
    *,
    owed: bool,
) -> tuple[str, ...]:
    """What keeps a decision without medicine closed: nothing that only a prescription needs.

    A course is not *ended* over an open STOP: that is stopping, which tells the patient so.
    """
    because = [CONTACT] if owed else []
    if kind is DecisionKind.END_COURSE:
        because += [f.code for f in evaluation.open if f.level is Level.STOP]
    if missing(kind, detail, rules):
        because.append(DETAIL)
    return tuple(because)
