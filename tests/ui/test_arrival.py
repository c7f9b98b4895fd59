"""A page comes over a few turns: nothing of it is painted early, and no key or click is lost meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import delete

from tests.ui.desk_of_pages import settle
from workstation.ui.application import application
from workstation.ui.arrival import Arrival
from workstation.ui.making import in_turns


@pytest.fixture(autouse=True)
def _app():
    application()


class Desk(QWidget):
    """Two fields; entering gives the keys to the second one in its third step."""

    def __init__(self):
        super().__init__()
        column = QVBoxLayout(self)
        self.first, self.second = QLineEdit(self), QLineEdit(self)
        column.addWidget(self.first)
        column.addWidget(self.second)
        self.done: list[str] = []
        self.painted: list[int] = []
        self.arrival = Arrival(self)

    def enter(self):
        self.done.append("begun")
        in_turns(self._steps())

    def _steps(self):
        for step in ("one", "two"):
            self.done.append(step)
            yield
        self.second.setFocus()
        self.done.append("focus")

    def paintEvent(self, event):
        self.painted.append(len(self.done))


@pytest.fixture
def desk(qtbot):
    made = Desk()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made, 2000)
    made.first.setFocus()
    settle()
    made.painted.clear()
    return made


def test_a_step_a_turn_and_painted_when_all_of_it_is_there(desk):
    desk.arrival.of(desk.enter)
    assert desk.done == ["begun"]
    assert desk.arrival.pending
    for _ in range(8):
        desk.update()
        QApplication.processEvents()
    assert desk.done == ["begun", "one", "two", "focus"]
    assert not desk.arrival.pending
    assert set(desk.painted) == {4}


def test_the_first_key_brings_the_rest_and_comes_to_where_the_focus_is_then(desk):
    desk.arrival.of(desk.enter)
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_4)
    assert desk.done[-1] == "focus"
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_2)
    settle()
    assert (desk.first.text(), desk.second.text()) == ("", "42")


def test_what_an_input_method_composed_goes_where_the_focus_is_then(desk):
    desk.arrival.of(desk.enter)
    composed = QInputMethodEvent()
    composed.setCommitString("\u00e9")
    QApplication.sendEvent(desk.first, composed)
    assert (desk.first.text(), desk.second.text()) == ("", "\u00e9")


def test_a_click_meets_the_whole_page(desk):
    desk.arrival.of(desk.enter)
    place = desk.first.mapTo(desk, desk.first.rect().center())
    QTest.mouseClick(
        desk.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    settle()
    assert desk.done[-1] == "focus"
    assert desk.first.hasFocus()


def test_another_page_before_the_first_has_come_lets_that_be_whole(desk):
    desk.arrival.of(desk.enter)
    desk.arrival.of(desk.enter)
    assert desk.done == ["begun", "one", "two", "focus", "begun"]
    desk.arrival.finish()
    assert desk.done[-1] == "focus"
    assert desk.updatesEnabled()


def test_what_had_the_focus_may_go_while_a_page_comes(desk):
    desk.arrival.of(desk.enter)
    delete(desk.first)
    settle()
    assert not desk.arrival.pending
    assert desk.updatesEnabled()
    assert desk.second.hasFocus()


def test_what_fails_leaves_a_window_that_is_painted(desk):
    def failing():
        yield
        raise ValueError("a step")

    with pytest.raises(ValueError, match="at once"):
        desk.arrival.of(lambda: (_ for _ in ()).throw(ValueError("at once")))
    assert desk.updatesEnabled()
    desk.arrival.of(lambda: in_turns(failing()))
    with pytest.raises(ValueError, match="a step"):
        desk.arrival.finish()
    assert desk.updatesEnabled()
    assert not desk.arrival.pending


def test_keys_typed_while_treat_is_coming_answer_its_first_open_line(standing):
    """F8 and digits pressed in the turn in which the page was asked for are not lost."""
    window, shell, _ = standing.as_at_first()
    shell.go("assess")
    settle()
    shell.go("treat")
    assert shell._arrival.pending
    page = shell.page("treat")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F8)
    assert not shell._arrival.pending
    codes = [line.code for line in page._state.safety.open]
    assert page.safety.current in codes
    assert [card.line for card in page.safety.cards] == list(
        page._state.safety.lines[: len(page.safety.cards)]
    )
    settle()
    assert not page._behind


def test_what_changes_while_treat_is_coming_is_what_it_shows(standing):
    _window, shell, made = standing.as_at_first()
    shell.go("assess")
    settle()
    shell.go("treat")
    QApplication.processEvents()
    assert shell._arrival.pending
    made.case.undo()  # the proposal of its first arrival
    settle()
    page = shell.page("treat")
    assert page._state == page._presenter.state
    assert {card.line.code for card in page.safety.cards} <= {
        line.code for line in page._state.safety.lines
    }
    assert page.safety._state == page._state.safety
    assert not page._behind
