"""Days chosen for points of a plan: each stays inside the window that the rules allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from workstation.domain.dates import DateWindow
from workstation.domain.draft import PlanEdit
from workstation.domain.protocols import MonitoringPlan, PlannedTest


def point_key(test: str, role: str, number: int) -> str:
    """The name of the ``number``-th point (from 0) of a test and role; it stays when days move."""
    return f"{test}:{role}:{number}"


def numbered(plan: MonitoringPlan) -> tuple[tuple[str, PlannedTest], ...]:
    """Every point with its key, in the order of the plan.

    Numbers follow the windows, not the days: a point that was moved keeps its number.
    """
    counted: dict[tuple[str, str], int] = {}
    keys: dict[int, str] = {}
    order = sorted(range(len(plan.tests)), key=lambda at: plan.tests[at].window.first)
    for at in order:
        point = plan.tests[at]
        number = counted.get((point.test, point.role), 0)
        counted[point.test, point.role] = number + 1
        keys[at] = point_key(point.test, point.role, number)
    return tuple((keys[at], point) for at, point in enumerate(plan.tests))


def movable(point: PlannedTest, today: date) -> DateWindow | None:
    """Days that may be chosen for a point; None when there is nothing to choose.

    What is done stays where it was, and no day that has passed is chosen for something to come.
    """
    if point.state == "done":
        return None
    first = max(point.window.first, today)
    return DateWindow(first, point.window.last) if first < point.window.last else None


def edited(plan: MonitoringPlan, edits: Iterable[PlanEdit]) -> MonitoringPlan:
    """The plan with the chosen days; one that no longer fits its window counts no more."""
    chosen = {point_key(edit.test, edit.role, edit.number): edit.on for edit in edits}
    if not chosen:
        return plan
    points = []
    for key, point in numbered(plan):
        on = chosen.get(key)
        fits = on is not None and point.state != "done" and on in point.window
        points.append(replace(point, due=on, chosen=True) if fits and on is not None else point)
    points.sort(key=lambda point: point.due)  # keeps the order of lanes within a day
    ends = max((plan.ends, *(point.due for point in points)))
    return replace(plan, tests=tuple(points), ends=ends)
