"""Auto-lock counts every use of keyboard and pointer, in whichever window, and nothing but a use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QMenu, QVBoxLayout, QWidget

from tests.ui import made_up
from tests.ui.desktop import small_window
from workstation.ui.application import application
from workstation.ui.theme import theme

HERE = QPoint(40, 40)
ALMOST = timedelta(minutes=4, seconds=59)


@pytest.fixture(scope="module")
def _desk():
    application()
    theme.set_mode("light")
    desk = made_up.SmallDesk()
    window = small_window(desk)
    window.show()
    window.activateWindow()
    window.sign_in("r.kessler", made_up.OnePassword.password)
    while window.shell is None or window.jobs.busy:
        QTest.qWait(5)
    window.attendance.tick.stop()  # seconds pass when a test says so
    yield window, desk
    window.close()


@pytest.fixture
def window(_desk):
    """Signed in, open and used just now."""
    window, desk = _desk
    assert not window._desktop.session.state.locked
    window._desktop.session.touch()
    return window


@pytest.fixture
def passes(_desk):
    """Lets the desk's clock go on, one tick at its end."""
    window, desk = _desk

    def passes(time: timedelta) -> None:
        desk.clock.at += time
        window.attendance.second()

    return passes


def is_locked(window) -> bool:
    return window._desktop.session.state.locked


def wheel(window: QWindow) -> None:
    position = QPointF(HERE)
    turned = QWheelEvent(
        position, position, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(window, turned)


def touched(window: QWindow) -> None:
    QTest.touchEvent(window, _finger()).press(0, HERE, window).commit()
    QTest.touchEvent(window, _finger()).release(0, HERE, window).commit()


@cache
def _finger():
    return QTest.createTouchDevice()


USES: dict[str, Callable[[QWindow], None]] = {
    "a letter": lambda one: QTest.keyClick(one, Qt.Key.Key_Down),
    "a shortcut": lambda one: QTest.keyClick(
        one, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier
    ),
    "the pointer": lambda one: QTest.mouseMove(one, HERE + QPoint(len(one.title()), 7)),
    "a click": lambda one: QTest.mouseClick(one, Qt.MouseButton.RightButton, pos=HERE),
    "the wheel": wheel,
    "a finger": touched,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_each_kind_of_use_counts_from_its_moment(window, passes, use):
    passes(ALMOST)
    assert window._desktop.session.state.warning == 1
    use(window.windowHandle())
    _end_popups()
    assert window._desktop.session.state.warning is None
    passes(ALMOST)
    assert not is_locked(window)


def _end_popups() -> None:
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def test_what_the_program_does_by_itself_is_no_use(window, passes):
    passes(ALMOST)
    window.shell.page("queue").queueList.scrollToBottom()
    window.resize(window.width() + 2, window.height())
    window.repaint()
    window.setFocus()
    QTest.qWait(30)
    passes(timedelta(seconds=1))
    assert is_locked(window)
    window._desktop.session.unlock(made_up.OnePassword.password)
    while is_locked(window) or window.jobs.busy:
        QTest.qWait(5)


def dialog(window) -> QWidget:
    made = QDialog(window)
    made.open()
    return made


def second(window) -> QWidget:
    made = QWidget(window, Qt.WindowType.Window)
    made.show()
    return made


def menu(window) -> QWidget:
    made = QMenu(window)
    made.addAction("One")
    made.popup(window.mapToGlobal(HERE))
    return made


def choices(window) -> QWidget:
    made = QDialog(window)
    field = QComboBox()
    field.addItems(["One", "Two"])
    QVBoxLayout(made).addWidget(field)
    made.open()
    field.showPopup()
    return made


@pytest.mark.parametrize("opens", [dialog, second, menu, choices])
def test_a_window_of_its_own_is_heard_from_the_next_second_on(window, passes, opens):
    made = opens(window)
    try:
        passes(timedelta(seconds=1))
        passes(ALMOST - timedelta(seconds=1))
        used = QApplication.activePopupWidget() or made
        QTest.mouseMove(used.windowHandle(), QPoint(5, 5))
        passes(ALMOST)
        assert not is_locked(window)
        QTest.keyClick(used.windowHandle(), Qt.Key.Key_Down)
        passes(ALMOST)
        assert not is_locked(window)
    finally:
        _end_popups()
        made.close()
        made.deleteLater()


def test_windows_are_heard_and_not_each_widget(window, passes):
    """Hearing widgets would cost a call into Python for every event of every one of them."""
    passes(ALMOST)
    QTest.keyClick(window.shell.page("queue"), Qt.Key.Key_A)  # straight to it, past its window
    assert window._desktop.session.state.warning == 1
