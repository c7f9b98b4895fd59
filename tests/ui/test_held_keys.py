"""Keys that are held, as a window system tells of them that repeats a key by release and press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.desk_of_pages import settle
from workstation.ui import held_keys

DOWN, UP = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
Strike = Callable[[QEvent.Type, int], None]


def striking(at: QWidget, key: Qt.Key, text: str) -> Strike:
    def strike(kind: QEvent.Type, when: int) -> None:
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(when)
        QApplication.sendEvent(at, event)

    return strike


def held_for_long(strike: Strike, held: Callable[[], bool]) -> None:
    """Down, some repetitions as X makes them, and still down: it acts all the while."""
    strike(DOWN, 1000)
    for when in (1660, 1700, 1740):
        for kind in (UP, DOWN):
            strike(kind, when)
            assert held()


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_keys, "told_apart", lambda: False)


@pytest.mark.parametrize("key", ["H", "Q", " "])
def test_what_is_held_on_the_photo_stays_until_it_is_let_go(
    remote: None, qtbot, desk, key: str
) -> None:
    _, shell, _ = desk
    shell.go("assess")
    canvas = shell.page("assess").canvas
    canvas.setFocus()
    settle()
    strike = striking(canvas, Qt.Key(ord(key)), key.lower())
    held = {
        "H": lambda: canvas.hidden_marks,
        "Q": lambda: canvas.loupe,
        " ": lambda: canvas.keys.space,
    }[key]
    held_for_long(strike, held)
    QTest.qWait(held_keys.PATIENCE_MS * 2)
    assert held()
    QTest.qWait(250)  # longer than a tap
    strike(UP, 1800)
    qtbot.waitUntil(lambda: not held())


def test_two_taps_are_two_taps(remote: None, qtbot, desk) -> None:
    _, shell, _ = desk
    shell.go("assess")
    canvas = shell.page("assess").canvas
    canvas.setFocus()
    settle()
    strike = striking(canvas, Qt.Key.Key_H, "h")
    for kind, when in ((DOWN, 10), (UP, 40)):
        strike(kind, when)
    qtbot.waitUntil(lambda: not canvas.keys._held._leaving)
    assert canvas.hidden_marks  # a tap hides until the next one
    for kind, when in ((DOWN, 90), (UP, 130)):
        strike(kind, when)
    qtbot.waitUntil(lambda: not canvas.hidden_marks)


def test_the_large_photo_of_the_queue_goes_when_space_is_let_go(remote: None, qtbot, desk) -> None:
    _, shell, _ = desk
    shell.go("queue")
    page = shell.page("queue")
    settle()
    page.queueList.setFocus()
    strike = striking(page.queueList, Qt.Key.Key_Space, " ")
    QTest.qWait(1)
    held_for_long(strike, page._peek.isVisible)
    QTest.qWait(300)
    assert page._peek.isVisible()
    strike(UP, 2100)
    qtbot.waitUntil(lambda: not page._peek.isVisible())
