"""What follows from grade, facts, decision and regimen: triage, safety, dose, REMS, plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from workstation.content.catalogue import Catalogue
from workstation.domain import dosing, supply_taken
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation
from workstation.domain.courses import LAST_DOSE, PREVIOUS, of_this_course
from workstation.domain.decisions import ENDS_TREATMENT
from workstation.domain.derivation import (
    Case,
    derive_with_triage,
    rems_record,
    triage_with_plan,
    with_plan,
)
from workstation.domain.dosing import Combination, DosePlan, Ledger, Medicine
from workstation.domain.draft import DecisionChoice, Draft, Reason, Regimen
from workstation.domain.facts import Facts
from workstation.domain.plan_edits import edited
from workstation.domain.protocol_choice import ProtocolOptions
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.rems import RemsTimeline, timeline
from workstation.domain.rems_checklist import RemsEntry, RemsMonth, checklist
from workstation.domain.rems_record import RemsRecord
from workstation.domain.rems_windows import EndOfCourse, end_of_course
from workstation.domain.safety import Evaluation, evaluate
from workstation.domain.stock import ALL_MARKETED, Stock
from workstation.domain.supply_taken import Counted
from workstation.domain.triage import Triage
from workstation.domain.work_up import WorkUp
from workstation.workflow import basket
from workstation.workflow.basket import ISOTRETINOIN
from workstation.workflow.plan_of_course import next_on, plans


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, where and when: what an appraisal needs beside the consultation."""

    catalogue: Catalogue
    prescriber: User | None  # None at intake: nobody signs yet
    clinic: ClinicProfile
    now: datetime
    today: date
    earlier_reasons: tuple[Reason, ...] = ()  # given at earlier visits, of whichever course
    earlier_entries: tuple[RemsEntry, ...] = ()  # confirmed at earlier visits, likewise
    stock: Stock = ALL_MARKETED  # what doses are offered of; no check and no document asks it


class Follows(NamedTuple):
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


def follow(case: Case, draft: Draft, situation: Situation) -> Follows:
    """Facts, triage, safety, dose, REMS and plan; reads nothing that ``appraise`` does not name."""
    case, supplies = _as_taken(of_this_course(case))
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
    rems = (
        timeline(case.rems, record, catalogue.contraception, today, case.rems_today)
        if course
        else None
    )
    ledger = _ledger(consultation, dose, regimen, medicine, today)
    plan, work_up = plans(case, facts, record, ledger, medicine) if course else (None, None)
    if plan is not None:
        plan = edited(plan, draft.plan_edits)
    if work_up is None:
        facts = with_plan(case, facts, plan)
    triage = triage_with_plan(case, facts, triage)
    reasons = (*_counselled(situation, facts), *draft.reasons)
    asked = basket.medicines(course, decision, case.directed, catalogue)
    evaluation = evaluate(
        catalogue.rulebook, facts, asked if treatable else (), reasons, catalogue.facts
    )
    return Follows(
        treatable=treatable,
        facts=facts,
        triage=triage,
        evaluation=evaluation,
        combinations=_combinations(regimen, medicine, situation.stock),
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
        site=cache(lambda: _rems_months(record, draft, situation, facts)) if course else tuple,
    )


def _as_taken(case: Case) -> tuple[Case, tuple[Counted, ...]]:
    """The case with the supplies as they were taken: everything that follows counts those."""
    seen = case.consultation
    found = supply_taken.counted(seen.dispensed, case.past, (*seen.facts, *case.recorded))
    taken = supply_taken.taken(found)
    unsure = supply_taken.begun_unsure(found)
    if taken == seen.dispensed and unsure == case.begun_unsure:
        return case, found
    return replace(case, consultation=replace(seen, dispensed=taken), begun_unsure=unsure), found


def _rems_months(
    record: RemsRecord, draft: Draft, situation: Situation, facts: Facts
) -> tuple[RemsMonth, ...]:
    catalogue, newer = situation.catalogue, newer_from(situation.clinic)
    earlier = (e for e in situation.earlier_entries if _of_this_course(e.on, facts))
    entries = {e.row: e for e in (*earlier, *draft.rems_entries)}
    return checklist(
        catalogue.checklist,
        lambda anchor: catalogue.rems_on(anchor, newer),
        record,
        catalogue.contraception,
        entries,
        situation.today,
    )


def _last_dose(draft: Draft, decision: DecisionChoice | None) -> date | None:
    """The last day with a capsule, when the decision chosen ends treatment."""
    if decision is None or decision.kind not in ENDS_TREATMENT:
        return None
    detail = draft.detail(decision.kind)
    return None if detail is None else detail.last_dose


def _of_this_course(day: date, facts: Facts) -> bool:
    """Whether something of an earlier visit belongs to the course that goes on."""
    end = facts.value(LAST_DOSE)
    return facts.value(PREVIOUS) is not True or not isinstance(end, date) or day > end


def _counselled(situation: Situation, facts: Facts) -> tuple[Reason, ...]:
    """Earlier reasons that still count by themselves: counselling, once in a course.

    Any other reason is given again at each visit, so that somebody looks at it.
    """
    if not situation.earlier_reasons:
        return ()
    counsel = situation.catalogue.rulebook.counselling
    return tuple(
        reason
        for reason in situation.earlier_reasons
        if reason.finding in counsel and _of_this_course(reason.on, facts)
    )


def _dose(regimen: Regimen | None, medicine: Medicine, facts: Facts) -> DosePlan | None:
    weight, on = facts.get("patient.weight"), facts.value("patient.weight_on")
    if regimen is None or weight is None or isinstance(weight.value, bool):
        return None
    if not isinstance(weight.value, (int, Decimal)) or weight.value <= 0:
        return None
    measured = on if isinstance(on, date) else weight.as_of
    return dosing.plan_dose(regimen, medicine, Decimal(weight.value), measured)


def _combinations(
    regimen: Regimen | None, medicine: Medicine, stock: Stock
) -> tuple[Combination, ...]:
    if regimen is None:
        return ()
    product = next((p for p in medicine.products if p.id == regimen.product), None)
    return dosing.combinations(regimen.daily, stock.of(product)) if product is not None else ()


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
        next_on(consultation.dispensed, today),
        next_formulation=regimen.formulation,
    )


def newer_from(clinic: ClinicProfile) -> date | None:
    """From which day the clinic follows the newer REMS; None while it does not."""
    return date.fromisoformat(clinic.rems_2026_effective) if clinic.rems_2026_effective else None
