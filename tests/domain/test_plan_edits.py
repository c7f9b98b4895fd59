"""Days chosen for points of a plan: inside the window or nothing, and gone again by undo."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.domain.dates import DateWindow
from workstation.domain.draft import PlanEdit
from workstation.domain.plan_edits import edited, movable, numbered
from workstation.domain.protocols import MonitoringPlan, PlannedTest

START = date(2026, 11, 23)
ROLES = ("baseline", "during", "monthly", "post")


@st.composite
def plans(draw: st.DrawFn) -> MonitoringPlan:
    """A plan of up to twelve points with windows of up to ten days."""
    points = []
    for _ in range(draw(st.integers(1, 12))):
        first = START + timedelta(days=draw(st.integers(-40, 200)))
        window = DateWindow(first, first + timedelta(days=draw(st.integers(0, 9))))
        due = window.first + timedelta(days=draw(st.integers(0, window.days - 1)))
        state = draw(st.sampled_from(("done", "due", "missing", "planned")))
        test = draw(st.sampled_from(("alt", "tg", "hcg_urine")))
        points.append(PlannedTest(test, draw(st.sampled_from(ROLES)), due, window, state, None, ""))
    tests = tuple(sorted(points, key=lambda p: p.due))
    return MonitoringPlan("X", "1", START, tests, "", None, max(p.due for p in tests))


@given(plans(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_chosen_day_stays_inside_its_window_and_touches_nothing_else(
    plan: MonitoringPlan, data: st.DataObject
) -> None:
    keys = dict(numbered(plan))
    assert len(keys) == len(plan.tests)
    key = data.draw(st.sampled_from(sorted(keys)))
    on = START + timedelta(days=data.draw(st.integers(-45, 215)))
    test, role, number = key.rsplit(":", 2)
    changed = dict(numbered(edited(plan, (PlanEdit(test, role, int(number), on),))))
    before, after = keys[key], changed[key]
    fits = before.state != "done" and on in before.window
    assert after.due == (on if fits else before.due) and after.chosen is fits
    assert after.window == before.window  # the rules stay what they are
    assert {k: p for k, p in changed.items() if k != key} == {
        k: p for k, p in keys.items() if k != key
    }


@given(plans())
@settings(max_examples=60, deadline=None)
def test_days_to_choose_from_are_allowed_and_still_to_come(plan: MonitoringPlan) -> None:
    for _, point in numbered(plan):
        allowed = movable(point, START)
        if allowed is not None:
            assert point.state != "done"
            assert allowed.first >= max(START, point.window.first)
            assert allowed.last == point.window.last


def test_no_edit_gives_the_very_same_plan() -> None:
    window = DateWindow(START, START + timedelta(days=6))
    point = PlannedTest("alt", "during", START, window, "planned", None, "")
    plan = MonitoringPlan("X", "1", START, (point,), "", None, START)
    assert edited(plan, ()) is plan
