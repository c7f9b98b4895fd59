"""Enter on the button that has the keys does what the button says, and throws nothing away."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.ui.records_world import emergency_window
from workstation.presenters.emergency import EmergencyState
from workstation.presenters.observable import Event
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.frame import RailButton
from workstation.ui.records.dialogs import GiveUpDialog
from workstation.ui.records.emergency import EmergencyDialog
from workstation.ui.widgets import Button
from workstation.ui.widgets.buttons import IconButton

MAKERS: tuple[Callable[[], QAbstractButton], ...] = (
    lambda: Button(text="Amend"),
    lambda: IconButton(name="Close", icon="x"),
    lambda: RailButton("Help", "life-buoy", "F1"),
)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_a_button_of_a_page(
    qtbot, make: Callable[[], QAbstractButton], key: Qt.Key
) -> None:
    button = make()
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda *_: pressed.append(True))
    QTest.keyClick(button, key)
    assert len(pressed) == 1
    QTest.keyClick(button, key, Qt.KeyboardModifier.ControlModifier)  # goes forward, elsewhere
    assert len(pressed) == 1


def test_a_choice_among_others_is_kept_and_a_busy_button_does_nothing(qtbot) -> None:
    choice, busy = Button(text="Negative"), Button(text="Sign")
    for button in (choice, busy):
        qtbot.addWidget(button)
    choice.setCheckable(True)
    choice.setChecked(True)
    QTest.keyClick(choice, Qt.Key.Key_Return)
    assert choice.isChecked()
    pressed: list[bool] = []
    busy.clicked.connect(lambda *_: pressed.append(True))
    busy.set_busy(True)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(busy, key)
    assert pressed == []


def correct(parent: QWidget, run: Callable[..., None]) -> CorrectDialog:
    dialog = CorrectDialog(
        parent,
        title="Make RX-1 void?",
        text="Somebody.",
        reasons={"writing_error": "An error of writing"},
        do="Make void",
        keep="Keep",
        with_pin=True,
        run=run,
    )
    dialog.open()
    return dialog


def test_enter_after_the_pin_makes_void_and_before_it_says_what_is_missing(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    ran: list[tuple[str, str, str]] = []
    dialog = correct(parent, lambda code, text, pin, done: ran.append((code, text, pin)))
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert dialog.isVisible() and "Choose a reason" in dialog.note.text()
    QTest.keyClick(dialog.reason, Qt.Key.Key_Down)
    QTest.keyClicks(dialog.words, "dose was wrong")
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    assert dialog.isVisible() and "PIN" in dialog.note.text() and ran == []
    QTest.keyClicks(dialog.pin, "246810")
    QTest.keyClick(dialog.pin, Qt.Key.Key_Return)
    assert ran == [("writing_error", "dose was wrong", "246810")]
    dialog.close()


def test_enter_on_a_button_of_a_dialog_is_that_button(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = correct(parent, lambda *_: None)
    dialog.keep.setFocus()
    QTest.keyClick(dialog.keep, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    given: list[str] = []
    asked = GiveUpDialog("RX-1", lambda: given.append("up"), parent)
    asked.open()
    QTest.keyClick(asked.do, Qt.Key.Key_Return)
    assert given == ["up"] and not asked.isVisible()


def test_enter_after_the_reason_asks_for_emergency_access(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    asked: list[str] = []
    presenter = SimpleNamespace(
        changed=Event(), load=lambda: None, read=asked.append, review=lambda *_: None
    )
    dialog = EmergencyDialog(presenter, parent)
    dialog.open()
    dialog.show_state(EmergencyState(may_read=True))
    QTest.keyClicks(dialog.reason, "Patient calls, nobody else is here")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert asked == ["Patient calls, nobody else is here"] and dialog.isVisible()
    dialog.show_state(EmergencyState(may_read=True, busy=True))
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert len(asked) == 1, "while one is under way no other is asked for"


def test_tab_comes_to_the_verbs_of_each_access_before_close(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = emergency_window(parent)
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.wait(20)  # lines are ordered once their fonts are known
    dialog.reason.setFocus()
    went = []
    for _ in range(7):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        now = dialog.focusWidget()
        if isinstance(now, QAbstractButton):
            went.append(now.text())
    verbs = ["Justified", "Not justified"]
    assert went[1:] == [*verbs, *verbs, "Close"], went
