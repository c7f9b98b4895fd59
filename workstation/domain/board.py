"""The Labs board of one patient: what is to be drawn, what is overdue, what is to be read.

Rows rest on the signed plan and the standing results. Each row carries the days between which it
shows, so that a store finds the rows of any day without working a plan out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.domain.dates import DateWindow, add_days
from workstation.domain.ids import ResultId
from workstation.domain.laboratory import LabTest, Thresholds, action_for
from workstation.domain.protocols import MonitoringPlan, PlannedTest, answers
from workstation.domain.rems_record import NEGATIVE, PREGNANCY_TESTS
from workstation.domain.results import LabResult, standing

DRAW, READ = "draw", "read"
PREGNANCY, BLOOD = "pregnancy", "blood"
AFTER = frozenset({"end", "post"})
NOT_DRAWN = frozenset({"visit", "pick_up"})
ALWAYS, NEVER = date.min, date.max
_FIRST = frozenset({"T1", "T2"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as a row shows it; ``action`` is "" when nothing may be concluded from it."""

    test: str
    on: date
    value: Decimal | str
    unit: str | None
    upper_limit: Decimal | None
    action: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One appointment to come or missed (``draw``), or one result nobody has read (``read``).

    It shows from ``shown_from`` to ``shown_to``, both inside. ``readings`` are earlier values of
    its tests, oldest first.
    """

    kind: str
    lane: str
    role: str
    tests: tuple[str, ...]
    due: date
    window: DateWindow
    shown_from: date
    shown_to: date
    result: ResultId | None
    readings: tuple[Reading, ...]
    start: date | None
    last_dose: date | None

    @property
    def is_after(self) -> bool:
        """Whether it belongs to the end of a course."""
        return self.role in AFTER


def board_of(
    plan: MonitoringPlan | None,
    results: tuple[LabResult, ...],
    unread: Iterable[ResultId],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    keep: int,
) -> tuple[BoardRow, ...]:
    """All rows of a patient, results to read first, then by day; each keeps ``keep`` values."""
    known = standing(results)
    to_read = frozenset(unread)
    read = [
        _read_row(result, known, plan, tests, thresholds, keep)
        for result in known
        if result.id in to_read
    ]
    if plan is None:
        return tuple(read)
    groups = _grouped(
        [*_open_points(plan, known, tests), *_repeats(known, tests, thresholds)], tests
    )
    return (
        *read,
        *(_draw_row(at, groups, known, plan, tests, thresholds, keep) for at in range(len(groups))),
    )


def _lane(test: LabTest) -> str:
    return PREGNANCY if test.lane == PREGNANCY else BLOOD


def _open_points(
    plan: MonitoringPlan, known: tuple[LabResult, ...], tests: Mapping[str, LabTest]
) -> list[PlannedTest]:
    """Points that no result answers and no later one has overtaken."""
    drawn = sorted(
        (
            p
            for p in plan.tests
            if p.test in tests and p.role not in NOT_DRAWN and p.role != "repeat"
        ),
        key=lambda p: (p.window.first, p.window.last),
    )
    left: list[PlannedTest] = []
    used: set[tuple[ResultId, str]] = set()
    for at, point in enumerate(drawn):
        if point.state == "done":
            left = [p for p in left if p.test != point.test]
            continue
        following = next((p for p in drawn[at + 1 :] if p.test == point.test), None)
        # A specimen taken late still answers, until the next one of its kind may be taken.
        until = (
            NEVER
            if following is None
            else max(point.window.last, add_days(following.window.first, -1))
        )
        found = next(
            (
                r
                for r in known
                if (r.id, point.test) not in used
                and point.window.first <= r.collected <= until
                and _answers(tests, point, r)
            ),
            None,
        )
        if found is None:
            left.append(point)
        else:
            used.add((found.id, point.test))
            left = [p for p in left if p.test != point.test]
    return left


def _answers(tests: Mapping[str, LabTest], point: PlannedTest, result: LabResult) -> bool:
    if point.test in PREGNANCY_TESTS:
        if result.test not in PREGNANCY_TESTS or result.value != NEGATIVE:
            return False
        return point.role not in _FIRST or result.role in (None, point.role)
    return answers(tests, point.test, result.test)


def _repeats(
    known: tuple[LabResult, ...], tests: Mapping[str, LabTest], thresholds: Thresholds
) -> list[PlannedTest]:
    """Repeats that the newest result of a test asks for."""
    newest = {r.test: r for r in known}
    made = []
    for result in newest.values():
        test = tests.get(result.test)
        band = None if test is None else action_for(test, result, thresholds)
        if band is None or band.repeat_days is None:
            continue
        due = add_days(result.collected, band.repeat_days)
        window = DateWindow(add_days(result.collected, 1), due)
        made.append(PlannedTest(result.test, "repeat", due, window, "planned", None, band.advice))
    return made


def _grouped(
    points: list[PlannedTest], tests: Mapping[str, LabTest]
) -> list[tuple[PlannedTest, tuple[str, ...]]]:
    """Points of one lane, role and days as one appointment with all its tests, by first day."""
    found: dict[tuple[str, str, date, DateWindow], list[PlannedTest]] = {}
    for point in sorted(points, key=lambda p: (p.window.first, p.window.last, p.test)):
        key = (_lane(tests[point.test]), point.role, point.due, point.window)
        found.setdefault(key, []).append(point)
    return [(some[0], tuple(dict.fromkeys(p.test for p in some))) for some in found.values()]


def _draw_row(
    at: int,
    groups: list[tuple[PlannedTest, tuple[str, ...]]],
    known: tuple[LabResult, ...],
    plan: MonitoringPlan,
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    keep: int,
) -> BoardRow:
    point, wanted = groups[at]
    alike = frozenset(wanted)
    later = [p for p, names in groups[at + 1 :] if alike.intersection(names)]
    earlier = [p for p, names in groups[:at] if alike.intersection(names)]
    # One appointment of a kind at a time: the next takes over on the first day it may be drawn.
    until = add_days(later[0].window.first, -1) if later else NEVER
    if later and until < point.window.first:
        until = max(point.window.last, later[0].window.last)  # both may be drawn: both show
    return BoardRow(
        kind=DRAW,
        lane=_lane(tests[point.test]),
        role=point.role,
        tests=wanted,
        due=point.due,
        window=point.window,
        shown_from=point.window.first if earlier else ALWAYS,
        shown_to=until,
        result=None,
        readings=_readings(known, wanted, tests, thresholds, keep),
        start=plan.start,
        last_dose=plan.last_dose,
    )


def _read_row(
    result: LabResult,
    known: tuple[LabResult, ...],
    plan: MonitoringPlan | None,
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    keep: int,
) -> BoardRow:
    test = tests.get(result.test)
    return BoardRow(
        kind=READ,
        lane=BLOOD if test is None else _lane(test),
        role=result.role or "",
        tests=(result.test,),
        due=result.collected,
        window=DateWindow(result.collected, result.collected),
        shown_from=ALWAYS,
        shown_to=NEVER,
        result=result.id,
        readings=_readings(
            tuple(r for r in known if _not_after(r, result)),
            (result.test,),
            tests,
            thresholds,
            keep,
        ),
        start=plan.start if plan is not None else None,
        last_dose=plan.last_dose if plan is not None else None,
    )


def _readings(
    known: tuple[LabResult, ...],
    wanted: tuple[str, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    keep: int,
) -> tuple[Reading, ...]:
    """Values of the first test that answers what is wanted, then the newest of each other."""
    made: list[Reading] = []
    for number, name in enumerate(wanted):
        alike = PREGNANCY_TESTS if name in PREGNANCY_TESTS else frozenset({name})
        found = [r for r in known if r.test in alike]
        if not found and name in tests:
            found = [r for r in known if answers(tests, name, r.test)]
        kept = found[-keep:] if number == 0 else found[-1:]
        made += [_reading(result, tests, thresholds) for result in kept]
    return tuple(made)


def _not_after(result: LabResult, other: LabResult) -> bool:
    return (result.collected, result.recorded_at) <= (other.collected, other.recorded_at)


def _reading(result: LabResult, tests: Mapping[str, LabTest], thresholds: Thresholds) -> Reading:
    test = tests.get(result.test)
    band = None if test is None else action_for(test, result, thresholds)
    return Reading(
        result.test,
        result.collected,
        result.value,
        result.unit,
        result.upper_limit,
        "" if band is None else band.action,
    )
