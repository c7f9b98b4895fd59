"""The plan's table of dates: which draws one appointment can cover, and what is done already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workstation.content.documents import Texts
from workstation.domain.dates import DateWindow
from workstation.domain.documents import Block, Heading, Table
from workstation.domain.ids import ResultId
from workstation.domain.monitoring import LabTest, MonitoringPlan, PlannedTest
from workstation.domain.results import LabResult, standing
from workstation.workflow.subject import Subject
from workstation.workflow.written import day, span

DONE, OPEN = "[x]", "[ ]"
DATED_LANES = 4  # more are too narrow for the day beside the tick
DONE_TOGETHER = 7  # days
SHORTEST_ROW = 3  # days; lanes that share fewer stand in rows of their own


def test_of(subject: Subject, id: str) -> LabTest | None:
    """A test of the content."""
    return subject.catalogue.tests.get(id)


def _lane(subject: Subject, texts: Texts, planned: PlannedTest) -> str:
    if planned.role in ("visit", "pick_up"):
        return planned.role
    test = test_of(subject, planned.test)
    lane = planned.test if test is None else test.lane
    known = lane in texts.each("lanes.order") or lane in texts.each("lanes.hidden")
    return lane if known else "other"


def drawn_tests(subject: Subject, plan: MonitoringPlan) -> tuple[LabTest, ...]:
    """The laboratory tests of the plan, each once, in the order they first come."""
    found: dict[str, LabTest] = {}
    for planned in plan.tests:
        test = test_of(subject, planned.test)
        if test is not None and test.system:
            found.setdefault(test.id, test)
    return tuple(found.values())


@dataclass
class Line:
    """Points that one appointment can cover: the days that all their windows share, or for points
    already done the few days on which they were."""

    window: DateWindow
    done: bool
    lanes: dict[str, list[PlannedTest]] = field(default_factory=dict)

    def takes(self, planned: PlannedTest, lane: str) -> bool:
        """Whether the appointment can cover one more point, each test of a lane once."""
        if (planned.state == "done") != self.done:
            return False
        if any(p.test == planned.test for p in self.lanes.get(lane, [])):
            return False
        if self.done:
            return self._around(planned.due).days <= DONE_TOGETHER
        first = max(self.window.first, planned.days.first)
        last = min(self.window.last, planned.days.last)
        shared = (last - first).days + 1
        return shared >= min(SHORTEST_ROW, self.window.days, planned.days.days)

    def add(self, planned: PlannedTest, lane: str) -> None:
        """Cover a point that it ``takes``: the days left are those that suit all."""
        if self.done:
            self.window = self._around(planned.due)
        else:
            self.window = DateWindow(
                max(self.window.first, planned.days.first),
                min(self.window.last, planned.days.last),
            )
        self.lanes.setdefault(lane, []).append(planned)

    def _around(self, due: date) -> DateWindow:
        return DateWindow(min(self.window.first, due), max(self.window.last, due))


def lines_of(subject: Subject, texts: Texts, plan: MonitoringPlan) -> list[Line]:
    """Appointments, those done first, then by date; hidden lanes are left out."""
    hidden = frozenset(texts.each("lanes.hidden"))
    made: list[Line] = []
    for planned in sorted(plan.tests, key=lambda p: (p.due, p.days.first, p.days.last)):
        lane = _lane(subject, texts, planned)
        if lane in hidden:
            continue
        found = next((line for line in made if line.takes(planned, lane)), None)
        if found is None:
            done = planned.state == "done"
            window = DateWindow(planned.due, planned.due) if done else planned.days
            found = Line(window, done)
            made.append(found)
        found.add(planned, lane)
    return sorted(made, key=lambda line: (not line.done, line.window.first, line.window.last))


def draw_days(lines: list[Line], test: str) -> dict[DateWindow, PlannedTest]:
    """Days of the appointments still to come at which a test is drawn, with its point there."""
    return {
        line.window: planned
        for line in lines
        if not line.done
        for points in line.lanes.values()
        for planned in points
        if planned.test == test
    }


def dates(subject: Subject, texts: Texts, plan: MonitoringPlan) -> list[Block]:
    """The table: a row for each appointment, a box in each lane it concerns."""
    lines = lines_of(subject, texts, plan)
    order = texts.each("lanes.order")
    lanes = sorted(
        {lane for line in lines for lane in line.lanes},
        key=lambda lane: order.index(lane) if lane in order else len(order),
    )
    done_on = {r.id: r for r in standing(subject.consultation.results)}
    first = 0.36
    dated = len(lanes) <= DATED_LANES
    return [
        Heading(texts("table.heading")),
        Table(
            header=(texts("table.when"), *(_lane_title(subject, texts, plan, x) for x in lanes)),
            rows=tuple(
                (
                    _window_words(texts, line),
                    *(_box(line.lanes.get(lane, []), done_on if dated else {}) for lane in lanes),
                )
                for line in lines
            ),
            widths=(first, *((1 - first) / max(len(lanes), 1) for _ in lanes)),
            dense=True,
        ),
    ]


def _lane_title(subject: Subject, texts: Texts, plan: MonitoringPlan, lane: str) -> str:
    codes = tuple(test.loinc for test in drawn_tests(subject, plan) if test.lane == lane)
    title = texts.either(f"lanes.{lane}", lane)
    return f"{title} {', '.join(codes)}" if codes else title


def _window_words(texts: Texts, line: Line) -> str:
    """The days, and T1, T2, end or post where a test has a part of its own in the REMS."""
    roles = []
    for planned in (p for lane in line.lanes.values() for p in lane):
        spoken = texts.either(f"role.{planned.role}", "")
        if spoken and spoken not in roles:
            roles.append(spoken)
    when = days_words(line.window)
    return texts("table.role", when=when, role=", ".join(roles)) if roles else when


def days_words(window: DateWindow) -> str:
    """A window as the plan writes it."""
    return span(window.first, window.last)


def _box(planned: list[PlannedTest], results: dict[ResultId, LabResult]) -> str:
    if not planned:
        return ""
    if any(p.state != "done" for p in planned):
        return OPEN
    dates = sorted(
        {
            results[p.result].collected
            for p in planned
            if p.result is not None and p.result in results
        }
    )
    return f"{DONE} {day(dates[-1])}" if dates else DONE
