"""Choosing days for points of the plan: one undo step each, refused outside the window in words."""

from __future__ import annotations

from datetime import date

from workstation.domain.draft import ItemKind, PlanEdit
from workstation.domain.plan_edits import movable, numbered
from workstation.domain.protocols import PlannedTest
from workstation.language import tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import typed
from workstation.presenters.case import CaseFile


class PlanMoves:
    """The verbs of the plan on the open consultation."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case

    def move(self, key: str, on: date) -> str:
        """Choose the day of a point; "" when taken, else the rule that forbids it."""
        point = self._point(key)
        if point is None:
            return tr(words.POINT_GONE)
        allowed = movable(point, self._case.desk.clock.today())
        if point.state == "done":
            return tr(words.POINT_DONE)
        if allowed is None or on not in allowed:
            return words.days_allowed(point.window, allowed)
        if on != point.due or not point.chosen:
            test, role, number = key.rsplit(":", 2)
            self._case.put_one(
                "plan.moved", ItemKind.PLAN_POINT, key, PlanEdit(test, role, int(number), on)
            )
        return ""

    def typed(self, key: str, text: str) -> str:
        """As ``move`` with the day as typed; nothing typed gives the day back to the rules."""
        if not text.strip():
            return self.give_back(key)
        on = typed.parse_day(text, self._case.desk.clock.today())
        return tr(typed.DAY_HELP) if on is None else self.move(key, on)

    def give_back(self, key: str) -> str:
        """Take a chosen day away: the window holds again."""
        self._case.put_one("plan.moved", ItemKind.PLAN_POINT, key, None)
        return ""

    def _point(self, key: str) -> PlannedTest | None:
        state = self._case.state
        plan = state.appraisal.plan if state is not None else None
        return None if plan is None else dict(numbered(plan)).get(key)
