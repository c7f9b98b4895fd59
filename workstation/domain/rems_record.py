"""What is on record for a patient of the REMS, the steps that follow from it, and its tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from workstation.domain.dates import DateWindow, add_days
from workstation.domain.rems_windows import (
    Category,
    RemsRules,
    earliest_confirmation,
    next_test_after_missed,
)
from workstation.domain.results import LabResult, TestSetting

NEGATIVE = "negative"
PREGNANCY_TESTS = frozenset({"hcg_urine", "hcg_serum"})


@dataclass(frozen=True, slots=True)
class Supplied:
    """One supply picked up: the day and how many days it lasts."""

    on: date
    days: int


@dataclass(frozen=True, slots=True)
class RemsRecord:
    """What is on record for one patient; None and empty mean not recorded.

    ``tests`` are the standing pregnancy tests; ``failure_on`` is the day a failed or missed method
    was reported; ``visit_on`` this cycle's office visit; ``menses_on`` the last period's first day.
    """

    category: Category | None
    prescriber_certified: bool | None
    enrolled_on: date | None
    consent_on: date | None
    methods: tuple[str, ...]
    contraception_start: date | None
    tests: tuple[LabResult, ...]
    failure_on: date | None
    visit_on: date | None
    confirmed_on: date | None
    questions_on: date | None
    supplies: tuple[Supplied, ...]
    last_dose: date | None
    menses_on: date | None
    regular_menses: bool | None


@dataclass(frozen=True, slots=True)
class RemsStep:
    """One step with its state: done, due, waiting, blocked; ``window`` when dates bind it."""

    id: str
    title: str
    state: str
    window: DateWindow | None
    done_on: date | None
    detail: str


# What is to be done next; "" when nothing is.
NextAction = Literal[
    "",
    "enrol",
    "T1",
    "contraception",
    "T2",
    "monthly",
    "confirm",
    "questions",
    "pick_up",
    "visit",
    "end_test",
    "post_test",
    "resolve_hold",
    "stop_and_report",
]


@dataclass(frozen=True, slots=True)
class RemsTimeline:
    """Where a patient stands: category, state name, steps, and the last pick-up day."""

    rules: str
    category: Category | None
    state: str
    steps: tuple[RemsStep, ...]
    last_pick_up: date | None
    next_action: NextAction
    next_action_on: date | None


def pregnancy_tests(results: tuple[LabResult, ...]) -> tuple[LabResult, ...]:
    """Pregnancy tests among standing results, oldest specimen first."""
    found = (r for r in results if r.test in PREGNANCY_TESTS)
    return tuple(sorted(found, key=lambda r: (r.collected, r.recorded_at)))


def screening_test(tests: tuple[LabResult, ...]) -> LabResult | None:
    """The first test (T1): the earliest negative of that role taken in a medical setting."""
    return next((t for t in tests if t.role == "T1" and counts_before_start(t)), None)


def confirmation_test(
    rules: RemsRules, tests: tuple[LabResult, ...], contraception_start: date | None
) -> LabResult | None:
    """The newest second test (T2) that holds: negative, medical, not before its earliest day.

    A test inside an open window does not move it, one inside the lock-out after a missed first
    window does not hold.
    """
    first = screening_test(tests)
    if first is None or contraception_start is None:
        return None
    not_before, _ = earliest_confirmation(rules, first.collected, contraception_start)
    held: LabResult | None = None
    for test in tests:
        if test.role != "T2" or not counts_before_start(test) or test.collected < not_before:
            continue
        held = test
        not_before = next_test_after_missed(rules, test.collected, first_fill=True).on
    return held


def counts_before_start(test: LabResult) -> bool:
    """Whether a test may serve before the first dose: negative, in a medical setting."""
    return test.value == NEGATIVE and test.setting is TestSetting.MEDICAL


def is_enrolled(record: RemsRecord) -> bool:
    """Whether prescriber and patient are enrolled and consent is on file."""
    return bool(record.prescriber_certified) and enrolment_day(record) is not None


def enrolment_day(record: RemsRecord) -> date | None:
    """The day on which enrolment and consent were both complete."""
    if record.enrolled_on is None or record.consent_on is None:
        return None
    return max(record.enrolled_on, record.consent_on)


def since(day: date | None, start: date | None) -> bool:
    """Whether something was recorded on ``start`` or later."""
    return day is not None and start is not None and day >= start


def supply_end(record: RemsRecord) -> date:
    """Last day of the newest supply."""
    newest = max(record.supplies, key=lambda s: s.on)
    return add_days(newest.on, newest.days - 1)


def opening_test(rules: RemsRules, record: RemsRecord) -> LabResult | None:
    """The negative test that opened the window of the fill to come."""
    tests = pregnancy_tests(record.tests)
    if not record.supplies:
        return confirmation_test(rules, tests, record.contraception_start)
    newest = max(s.on for s in record.supplies)
    later = [t for t in tests if t.collected > newest and t.value == NEGATIVE]
    return later[-1] if later else None


def monthly_window(rules: RemsRules, record: RemsRecord) -> DateWindow:
    """Days for the monthly test: its window has to reach the day after the supply ends."""
    ends = supply_end(record)
    return DateWindow(add_days(ends, 2 - rules.window_can_days), add_days(ends, 1))


def step(
    id_: str,
    title: str,
    done: date | None,
    *,
    ready: bool,
    detail: str = "",
    window: DateWindow | None = None,
) -> RemsStep:
    """One step: done on its day, due when ``ready``, else waiting."""
    state = "done" if done is not None else "due" if ready else "waiting"
    return RemsStep(id_, title, state, window, done, detail)


def passed(taken: RemsStep) -> RemsStep:
    """A step that earlier supplies prove, even when its own day is not on record."""
    return replace(taken, state="done")


def blocked(open_step: RemsStep) -> RemsStep:
    """A step that cannot go on while a hold stands; what is done stays done."""
    return open_step if open_step.state == "done" else replace(open_step, state="blocked")
