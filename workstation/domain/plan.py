"""The points of a monitoring plan on a calendar: pregnancy tests, laboratory, visits and pick-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from workstation.domain.dates import DateWindow, add_days
from workstation.domain.laboratory import LabTest, Thresholds, action_for
from workstation.domain.protocols import (
    MonitoringPlan,
    PlannedTest,
    PlanRules,
    ProtocolChoice,
    answers,
    baseline_result,
    baseline_window,
    window_state,
)
from workstation.domain.rems_record import NEGATIVE, PREGNANCY_TESTS, Supplied
from workstation.domain.rems_windows import (
    Category,
    RemsRules,
    earliest_confirmation,
    end_of_course,
    last_pick_up,
)
from workstation.domain.results import LabResult

AFTER_ROLES = frozenset({"end", "post", "repeat"})  # of what is tested once treatment has ended
_LANES = ("pregnancy", "lipids", "liver", "mood", "supply")


@dataclass(frozen=True)
class Course:
    """The course so far and as planned.

    ``picked_up`` are supplies already taken, oldest first; ``next_on`` the first day of the supply
    now prescribed; ``supplies`` counts that one and those still to come (0: the course is ending).
    ``peak_from`` is the first day at the highest dose (None: the dose is constant).
    """

    picked_up: tuple[Supplied, ...]
    next_on: date
    supplies: int
    supply_days: int
    peak_from: date | None
    contraception_start: date | None
    drinks: bool | None

    @cached_property
    def days(self) -> tuple[date, ...]:
        """First day of every supply, taken and planned."""
        ahead = (add_days(self.next_on, i * self.supply_days) for i in range(self.supplies))
        return (*(s.on for s in self.picked_up), *ahead)

    @cached_property
    def start(self) -> date:
        """First day of the course."""
        return self.days[0] if self.days else self.next_on

    @cached_property
    def last_dose(self) -> date:
        """Last day with a dose as planned."""
        if self.supplies:
            return add_days(self.days[-1], self.supply_days - 1)
        if self.picked_up:
            return add_days(self.picked_up[-1].on, self.picked_up[-1].days - 1)
        return self.next_on


def shortened(taken: tuple[Supplied, ...], last: date) -> tuple[Supplied, ...]:
    """Supplies as they were used up to a last dose: the newest ends there, later ones fall away."""
    used = [supply for supply in taken if supply.on <= last]
    if used:
        used[-1] = replace(used[-1], days=(last - used[-1].on).days + 1)
    return tuple(used)


def plan_tests(
    *,
    choice: ProtocolChoice,
    rules: PlanRules,
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    rems: RemsRules,
    category: Category | None,
    course: Course,
    results: tuple[LabResult, ...],
    today: date,
) -> MonitoringPlan:
    """All points of the course, by date.

    Results are the patient's standing results. Pregnancy tests and contraception are left out only
    for a patient whose category says that they cannot get pregnant; nobody else.
    """
    board = _Board(choice, rules, tests, thresholds, rems, course, results, today)
    can = category is not Category.CANNOT
    points = [*board.baseline(), *board.during(), *board.repeats(), *board.visits()]
    points += board.pick_ups(Category.CAN if can else Category.CANNOT)
    band = None
    if can:
        points += board.pregnancy()
        begins = course.contraception_start or add_days(course.start, -rems.contraception_days)
        band = DateWindow(min(begins, course.start), board.end.contraception_through)
    flare_ends = min(add_days(course.start, rules.flare_last_day - 1), course.last_dose)
    flare_starts = add_days(course.start, rules.flare_first_day - 1)
    flare = DateWindow(flare_starts, flare_ends) if flare_starts <= flare_ends else None
    return MonitoringPlan(
        protocol=choice.during.id,
        edition=choice.during.edition,
        start=course.start,
        tests=tuple(sorted(points, key=board.order)),
        because=choice.because,
        flare=flare,
        ends=max(p.due for p in points),
        contraception=band,
        last_dose=course.last_dose,
    )


class _Board:
    """The parts every lane needs, and the lanes."""

    def __init__(
        self,
        choice: ProtocolChoice,
        rules: PlanRules,
        tests: Mapping[str, LabTest],
        thresholds: Thresholds,
        rems: RemsRules,
        course: Course,
        results: tuple[LabResult, ...],
        today: date,
    ) -> None:
        self.choice, self.rules, self.tests, self.thresholds = choice, rules, tests, thresholds
        self.rems, self.course, self.today = rems, course, today
        self.results = tuple(sorted(results, key=lambda r: (r.collected, r.recorded_at)))
        self.days = course.days
        self.negative = [r for r in self.results if _pregnancy(r)]
        self.end = end_of_course(rems, course.last_dose)
        self._lanes: dict[str, int] = {}

    def order(self, point: PlannedTest) -> tuple[date, int, str]:
        lane = self._lanes.get(point.test)
        if lane is None:
            test = self.tests.get(point.test)
            lane = _LANES.index(test.lane) if test and test.lane in _LANES else len(_LANES)
            self._lanes[point.test] = lane
        return point.due, lane, point.test

    # -- laboratory ------------------------------------------------------------------------------

    def baseline(self) -> list[PlannedTest]:
        window = baseline_window(self.rules, self.course.start)
        points = []
        for test in self.choice.baseline.baseline:
            found = baseline_result(self.rules, self.tests, test, self.results, self.course.start)
            points.append(self._before_start(test, "baseline", window, found, ""))
        return points

    def during(self) -> list[PlannedTest]:
        points: list[PlannedTest] = []
        normal = 0
        for due in self._draw_days():
            drawn = [self._draw(test, due) for test in self.choice.during.during]
            points.extend(drawn)
            if self.choice.until_normal is None:
                continue
            normal = self._normals(normal, drawn)
            if normal >= self.choice.until_normal:
                return points + self._at_peak(due)
        return points

    def repeats(self) -> list[PlannedTest]:
        points = []
        newest_of = {r.test: r for r in self.results}  # oldest first: the last of each stays
        for test, newest in newest_of.items():
            if test in PREGNANCY_TESTS or test not in self.tests:
                continue
            band = action_for(self.tests[test], newest, self.thresholds, drinks=self.course.drinks)
            if band is None or band.repeat_days is None:
                continue
            due = add_days(newest.collected, band.repeat_days)
            window = DateWindow(add_days(newest.collected, 1), due)
            state = window_state(window, self.today, done=False)
            points.append(PlannedTest(test, "repeat", due, window, state, None, band.advice))
        return points

    def _draw_days(self) -> list[date]:
        protocol, course = self.choice.during, self.course
        first = course.start
        if protocol.during_from == "peak" and course.peak_from is not None:
            first = course.peak_from
        day = add_days(first, protocol.during_days)
        if not protocol.monthly:
            return [day] if day <= course.last_dose else []
        days = []
        while day <= course.last_dose:
            days.append(day)
            day = add_days(day, protocol.during_days)
        return days

    def _at_peak(self, after: date) -> list[PlannedTest]:
        """The base protocol's own test at peak dose, when the extra ones end before it."""
        base = self.choice.baseline
        if base.during_from != "peak" or self.course.peak_from is None:
            return []
        due = add_days(self.course.peak_from, base.during_days)
        if not after < due <= self.course.last_dose:
            return []
        return [self._draw(test, due) for test in base.during]

    def _draw(self, test: str, due: date) -> PlannedTest:
        """One blood draw: from some days early to the next pick-up, so that its result is there."""
        ahead = [day for day in self.days if day >= due]
        last = ahead[0] if ahead else self.course.last_dose
        window = DateWindow(add_days(due, -self.rules.early_days), max(due, last))
        inside = [r for r in self.results if window.first <= r.collected <= window.last]
        found = [r for r in inside if answers(self.tests, test, r.test)]
        newest = found[-1] if found else None
        return self._point(test, "during", due, window, newest, self.choice.because)

    def _normals(self, so_far: int, drawn: list[PlannedTest]) -> int:
        """Normal draws in a row; one still to come counts as normal, a missed one does not."""
        if any(p.state == "missing" for p in drawn):
            return so_far
        by_id = {r.id: r for r in self.results}
        for point in drawn:
            if point.result is None:
                continue
            result = by_id[point.result]
            band = action_for(
                self.tests[result.test], result, self.thresholds, drinks=self.course.drinks
            )
            if band is None or band.action != "normal":
                return 0
        return so_far + 1

    # -- pregnancy -------------------------------------------------------------------------------

    def pregnancy(self) -> list[PlannedTest]:
        points = [] if self.course.picked_up and not self._has("T1") else self._first_tests()
        for day in self.days[1:]:
            window = DateWindow(add_days(day, 1 - self.rems.window_can_days), day)
            found = _last_in(window, self.negative)
            points.append(self._point("hcg_urine", "monthly", add_days(day, -1), window, found, ""))
        end, days = self.end, self.rems.window_can_days - 1
        at_end = DateWindow(end.end_test_due, add_days(end.end_test_due, days))
        after = DateWindow(end.post_test_earliest, add_days(end.post_test_earliest, days))
        for role, window in (("end", at_end), ("post", after)):
            found = _last_in(window, self.negative)
            points.append(self._point("hcg_urine", role, window.first, window, found, ""))
        return points

    def _first_tests(self) -> list[PlannedTest]:
        start = self.course.start
        t1, t2 = self._of_role("T1"), self._of_role("T2")
        first = self.today if t1 is None else t1.collected
        begins = self.course.contraception_start or self.today
        earliest, because = earliest_confirmation(self.rems, first, begins)
        opens = DateWindow(min(first, start), max(first, add_days(start, -self.rems.t1_t2_days)))
        at_start = DateWindow(earliest, max(earliest, start))
        return [
            self._before_start("hcg_urine", "T1", opens, t1, ""),
            self._before_start("hcg_urine", "T2", at_start, t2, because),
        ]

    def _has(self, role: str) -> bool:
        return self._of_role(role) is not None

    def _of_role(self, role: str) -> LabResult | None:
        found = [r for r in self.results if r.role == role and r.value == NEGATIVE]
        return found[-1] if found else None

    # -- visits and supplies ---------------------------------------------------------------------

    def visits(self) -> list[PlannedTest]:
        points = []
        taken = len(self.course.picked_up)
        for number, day in enumerate(self.days):
            window = DateWindow(add_days(day, 1 - self.rems.window_can_days), day)
            if number < taken:
                points.append(PlannedTest("visit", "visit", day, window, "done", None, ""))
            elif number == taken:  # the consultation that makes this plan
                today = DateWindow(self.today, self.today)
                points.append(PlannedTest("visit", "visit", self.today, today, "done", None, ""))
            else:
                points.append(self._point("visit", "visit", day, window, None, ""))
        last = self.course.last_dose
        points.append(self._point("visit", "visit", last, DateWindow(last, last), None, ""))
        return points

    def pick_ups(self, category: Category) -> list[PlannedTest]:
        points = []
        for number, day in enumerate(self.days):
            last = last_pick_up(self.rems, category, day) or day
            window = DateWindow(day, last)
            if number < len(self.course.picked_up):
                point = PlannedTest("pick_up", "pick_up", day, window, "done", None, "")
            else:
                point = self._point("pick_up", "pick_up", day, window, None, "")
            points.append(point)
        return points

    # -- shared ----------------------------------------------------------------------------------

    def _point(
        self,
        test: str,
        role: str,
        due: date,
        window: DateWindow,
        found: LabResult | None,
        because: str,
    ) -> PlannedTest:
        state = window_state(window, self.today, done=found is not None)
        if found is not None:
            return PlannedTest(test, role, found.collected, window, state, found.id, because)
        return PlannedTest(test, role, due, window, state, None, because)

    def _before_start(
        self,
        test: str,
        role: str,
        window: DateWindow,
        found: LabResult | None,
        because: str,
    ) -> PlannedTest:
        """A test the first dose waits for: missing as soon as it could have been done."""
        if found is None and window.first <= self.today:
            return PlannedTest(test, role, window.last, window, "missing", None, because)
        return self._point(test, role, window.last, window, found, because)


def _last_in(window: DateWindow, results: Sequence[LabResult]) -> LabResult | None:
    """The newest of ``results``, oldest first, that was taken in a window."""
    first, last = window.first, window.last
    for result in reversed(results):
        if first <= result.collected <= last:
            return result
    return None


def _pregnancy(result: LabResult) -> bool:
    return result.test in PREGNANCY_TESTS and result.value == NEGATIVE
