"""The details beside a step: what changed in the intake, and where the column stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.followup_world import following
from tests.ui.walk import problems
from workstation.domain.consultation import Answer
from workstation.presenters.details import DetailsPresenter, intake_lines
from workstation.ui.details import WIDTH


def test_an_answer_that_changed_shows_the_old_one_beside_it() -> None:
    now = following().made.case.state.consultation
    told = (
        Answer("a", "Q1", "Alcohol", "2 days a week"),
        Answer("b", "Q2", "Mood", "0"),
        Answer("c", "Q3", "New question", "yes"),
    )
    before = (Answer("a", "Q1", "Alcohol", "none"), Answer("b", "Q2", "Mood", "0"))
    lines = intake_lines(replace(now, answers=told), replace(now, answers=before))
    assert [(line.changed, line.was) for line in lines] == [
        (True, "none"),
        (False, ""),
        (False, ""),
    ]
    assert [line.answer for line in lines] == ["2 days a week", "0", "yes"]
    first = intake_lines(replace(now, answers=told), None)
    assert not any(line.changed for line in first)


def test_visits_and_lesions_are_read_when_first_looked_at() -> None:
    world = following(counted=True)
    details = DetailsPresenter(world.made.case)
    assert details.state is None
    details.show(True)
    state = details.state
    assert state is not None and state.note == ""
    assert [v.current for v in state.visits] == [True, False, False]
    assert state.visits[0].lesions.endswith(("lesion", "lesions"))
    assert state.trends is not None and state.trends.charts[0].lines


@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_ctrl_i_opens_a_drawer_or_closes_the_column(size, qtbot) -> None:
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(*size)
        shell.go("assess")
        settle()
        wide = size[0] >= 2300
        widget, stack = shell.details.widget, shell.pageStack
        assert widget.isVisible() == wide
        if not wide:
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
            settle()
        assert widget.isVisible() and widget.width() >= WIDTH
        found = [p for p in problems(widget) if not p.startswith("outside")]
        assert found == [], found
        # A column stands beside the page; a drawer lies over it and takes no room from it.
        corner = widget.mapTo(shell, QPoint(0, 0))
        page = QRect(stack.mapTo(shell, QPoint(0, 0)), stack.size())
        assert QRect(corner, widget.size()).intersects(page) != wide
        assert shell.details.is_open
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
        settle()
        assert not widget.isVisible()
        assert shell.page("assess").canvas.hasFocus()
        shell.go("queue")
        settle()
        assert not widget.isVisible()
