"""The tests of a course, of its end or of a work-up, as one monitoring plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from workstation.domain import dosing
from workstation.domain.dates import DateWindow, add_days
from workstation.domain.derivation import Case
from workstation.domain.dosing import Dispensed, Ledger, Medicine
from workstation.domain.draft import DecisionKind
from workstation.domain.facts import Facts
from workstation.domain.plan import AFTER_ROLES, Course, plan_tests, shortened
from workstation.domain.protocols import (
    MonitoringPlan,
    PlannedTest,
    ProtocolChoice,
    choose_protocol,
    more_needed,
)
from workstation.domain.rems_record import PREGNANCY_TESTS, RemsRecord, Supplied
from workstation.domain.results import LabResult
from workstation.domain.work_up import WorkUp, plan_work_up
from workstation.workflow.remembered import planned

ASSUMED_SUPPLIES = 6  # a first plan before any dose is known: a course of about half a year


def next_on(taken: Sequence[Dispensed | Supplied], today: date) -> date:
    """First day of the supply now prescribed: today, or the day after the one before is used up."""
    newest = max(taken, key=lambda supply: supply.on, default=None)
    return today if newest is None else max(today, add_days(newest.on, newest.days))


def plans(
    case: Case, facts: Facts, record: RemsRecord, ledger: Ledger | None, medicine: Medicine
) -> tuple[MonitoringPlan | None, WorkUp | None]:
    """(plan, work-up): the plan of the course, of its end, or of the work-up that was chosen."""
    catalogue, today = case.catalogue, case.today
    results = _proving(case, record)
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
        return _plan_after(case, facts, record, choice, taken, results, record.last_dose), None
    return _course_plan(case, facts, record, ledger, medicine, choice, taken, results), None


def _proving(case: Case, record: RemsRecord) -> tuple[LabResult, ...]:
    """The results without the pregnancy tests that prove nothing for this course."""
    proving = {test.id for test in record.tests}
    return tuple(r for r in case.results if r.test not in PREGNANCY_TESTS or r.id in proving)


def _plan_after(
    case: Case,
    facts: Facts,
    record: RemsRecord,
    choice: ProtocolChoice,
    taken: tuple[Supplied, ...],
    results: tuple[LabResult, ...],
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
        results=results,
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
    results: tuple[LabResult, ...],
) -> MonitoringPlan:
    today, regimen = case.today, case.regimen
    most_days = medicine.max_supply_days
    # The page holds a supply that cannot be written; it is planned for like one that can.
    days = most_days if regimen is None else min(max(regimen.supply_days, 1), most_days)
    supplies = (
        dosing.expected_supplies(ledger.days_left, days) if ledger is not None else ASSUMED_SUPPLIES
    )
    most = facts.value("alcohol.most")
    course = Course(
        picked_up=taken,
        next_on=next_on(taken, today),
        supplies=supplies,
        supply_days=days,
        peak_from=_peak_from(case),
        contraception_start=record.contraception_start,
        drinks=None if most is None else bool(most),
    )
    return planned(case, choice, record.category, course, results)


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
