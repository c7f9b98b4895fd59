"""The work-up before the first dose: what is ordered now and when the patient comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workstation.domain.dates import DateWindow, add_days
from workstation.domain.facts import Facts
from workstation.domain.ids import ResultId
from workstation.domain.laboratory import LabTest
from workstation.domain.protocols import PlanRules, Protocol, baseline_result
from workstation.domain.rems_record import pregnancy_tests, screening_test
from workstation.domain.rems_windows import (
    Category,
    Confirmation,
    RemsRules,
    confirmation,
    earliest_confirmation,
)
from workstation.domain.results import LabResult


@dataclass(frozen=True, slots=True)
class WorkUpTest:
    """One test to draw. ``state``: done, due now, or planned (the second test, from its window).

    A second test whose days the cycle does not settle yet has its earliest day as window.
    """

    test: str
    role: str  # T1 | T2 | baseline
    window: DateWindow | None
    state: str
    result: ResultId | None


@dataclass(frozen=True, slots=True)
class WorkUpStep:
    """One line of the enrolment and consent list with who does it."""

    id: str
    title: str
    who: str
    done: bool


@dataclass(frozen=True, slots=True)
class WorkUp:
    """Tests, enrolment list, contraception start and the dates that follow.

    ``contraception_assumed`` says that no start is on record and that today was taken;
    ``earliest_second_test`` and ``second_test`` are None for patients who cannot get pregnant.
    """

    tests: tuple[WorkUpTest, ...]
    enrolment: tuple[WorkUpStep, ...]
    contraception_start: date | None
    contraception_assumed: bool
    earliest_second_test: date | None
    because: str
    second_test: Confirmation | None
    return_on: date


def plan_work_up(
    *,
    protocol: Protocol,
    rules: PlanRules,
    tests: Mapping[str, LabTest],
    rems: RemsRules,
    category: Category | None,
    facts: Facts,
    results: tuple[LabResult, ...],
    contraception_start: date | None,
    menses_on: date | None,
    regular_menses: bool | None,
    today: date,
) -> WorkUp:
    """What the work-up orders and when the patient returns.

    Baseline results are judged against the day on which treatment could start, so that an old one
    is ordered again. A patient without a category is treated as one who can get pregnant.
    """
    steps = tuple(
        WorkUpStep(row.id, row.title, row.who, _is_done(facts, row.fact))
        for row in rules.enrolment
        if not row.only_can or category is not Category.CANNOT
    )
    if category is Category.CANNOT:
        back = add_days(today, rules.laboratory_days)
        drawn = _baseline(protocol, rules, tests, results, today, back)
        return WorkUp(drawn, steps, None, False, None, "", None, back)
    first = screening_test(pregnancy_tests(results))
    begins = contraception_start or today
    earliest, because = earliest_confirmation(
        rems, today if first is None else first.collected, begins
    )
    back = max(earliest, today)
    second = confirmation(rems, earliest, menses_on, regular_menses, today)
    t1 = WorkUpTest(
        test="hcg_urine" if first is None else first.test,
        role="T1",
        window=DateWindow(today, today) if first is None else None,
        state="due" if first is None else "done",
        result=None if first is None else first.id,
    )
    window = second.window or DateWindow(back, back)
    t2 = WorkUpTest("hcg_urine", "T2", window, "planned", None)
    drawn = _baseline(protocol, rules, tests, results, today, back)
    return WorkUp(
        tests=(t1, *drawn, t2),
        enrolment=steps,
        contraception_start=begins,
        contraception_assumed=contraception_start is None,
        earliest_second_test=earliest,
        because=because,
        second_test=second,
        return_on=back,
    )


def _baseline(
    protocol: Protocol,
    rules: PlanRules,
    tests: Mapping[str, LabTest],
    results: tuple[LabResult, ...],
    today: date,
    start: date,
) -> tuple[WorkUpTest, ...]:
    """Baseline tests; a specimen must be young enough on the first day treatment could start."""
    window = DateWindow(max(today, add_days(start, -rules.baseline_days)), start)
    drawn = []
    for test in protocol.baseline:
        found = baseline_result(rules, tests, test, results, start)
        state = "due" if found is None else "done"
        result = None if found is None else found.id
        drawn.append(WorkUpTest(test, "baseline", window, state, result))
    return tuple(drawn)


def _is_done(facts: Facts, name: str) -> bool:
    value = facts.value(name)
    return value is not None and value is not False and value != ()
