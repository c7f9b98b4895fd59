"""A page comes over a few turns: nothing of it is painted early, and no key or click is lost meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from tests.inline_jobs import InlineJobs
from tests.ui.desk_of_pages import settle
from workstation.domain.errors import WorkstationError
from workstation.ui import unveiling
from workstation.ui.application import application
from workstation.ui.arrival import Arrival
from workstation.ui.making import in_turns
from workstation.ui.theme import theme
from workstation.workflow import queue


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


class Tiles(QWidget):
    """A page of many parts, each of one colour; every other one paints all of its pixels."""

    def __init__(self, colour, parent):
        super().__init__(parent)
        for number in range(40):
            tile = Tile(colour, self)
            tile.setGeometry(number % 8 * 20, number // 8 * 20, 20, 20)
            tile.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, number % 2 == 0)


class Tile(QWidget):
    def __init__(self, colour, parent):
        super().__init__(parent)
        self.colour = colour

    def paintEvent(self, event):
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.colour)


def test_no_pixel_of_the_page_before_is_seen_beside_one_of_the_next(qtbot, monkeypatch):
    monkeypatch.setattr(unveiling, "SLICE", 0.0)  # each part in a turn of its own
    before, after = QColor("#aa0000"), QColor("#0000aa")
    desk = QWidget()
    desk.resize(200, 160)
    qtbot.addWidget(desk)
    around = Tile(before, desk)
    around.setGeometry(0, 0, 200, 20)
    room = QStackedWidget(desk)
    room.setGeometry(20, 30, 160, 120)
    pages = [Tiles(before, room), Tiles(after, room)]
    for page in pages:
        room.addWidget(page)
    desk.show()
    assert QTest.qWaitForWindowExposed(desk)
    settle()
    arrival = Arrival(desk, room)

    def seen():
        frame = desk.screen().grabWindow(desk.winId()).toImage()
        names = [
            frame.pixelColor(x, y).name() for x in range(20, 180, 10) for y in range(30, 150, 10)
        ]
        return frame.pixelColor(5, 5).name(), set(names), names.count(after.name())

    def enter():
        around.colour = after
        room.setCurrentIndex(1)

    assert seen()[0] == before.name() and before.name() in seen()[1]
    arrival.of(enter)
    frames = [seen()]
    while arrival.pending:
        QApplication.processEvents()
        frames.append(seen())
    for banner, colours, _ in frames:
        assert (banner == after.name()) is (before.name() not in colours)
    shares = [share for *_, share in frames]
    assert shares == sorted(shares)
    assert len(set(shares)) > 5  # it came part by part
    assert after.name() in frames[-1][1]


def test_what_is_asked_for_between_two_steps_comes_after_all_of_them(standing):
    """The list of commands, another page, and the end of the consultation."""
    window, shell, made = standing.as_at_first()
    shell.go("treat")
    QApplication.processEvents()
    assert shell.arriving
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert shell._list.isVisible()
    assert shell.pageStack.currentWidget() is shell.page("treat")
    shell._list.hide()
    settle()
    shell.go("assess")
    QApplication.processEvents()
    shell.go("queue")
    settle()
    assert shell.pageStack.currentWidget() is shell.page("queue")
    assert shell.page("assess").canvas.pyramid is None  # entered and left again
    shell.go("treat")
    QApplication.processEvents()
    made.case.close()
    settle()
    assert shell.current == "queue"
    assert shell.pageStack.currentWidget() is shell.page("queue")
    assert not shell.patientBanner.isVisible()
    assert shell.updatesEnabled()


def test_entering_may_lead_on_to_another_page(desk):
    """What was still to come of the first one is void, and the second one comes whole."""

    def leads_on():
        yield
        desk.done.append("leads on")
        desk.arrival.of(desk.enter)
        yield
        desk.done.append("too late")

    desk.arrival.of(lambda: in_turns(leads_on()))
    settle()
    while desk.arrival.pending:
        QApplication.processEvents()
    assert desk.done == ["leads on", "begun", "one", "two", "focus"]
    desk.done.clear()
    desk.arrival.of(lambda: in_turns(leads_on()))
    desk.arrival.finish()
    desk.arrival.finish()
    assert desk.done[-4:] == ["begun", "one", "two", "focus"]
    assert desk.updatesEnabled()


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


def test_another_look_comes_in_turns_and_the_first_key_brings_all_of_it(standing):
    window, shell, _ = standing.as_at_first()
    window.resize(1440, 900)
    plain = {"high_contrast": False, "compact": False, "marker_scale": 1.0}

    def seen():
        settle()
        return window.grab().toImage()

    try:
        for mode in (
            "light",
            "dark",
            "light",
            "dark",
        ):  # the first look of all reaches all by itself
            list(theme.look_in_steps(mode=mode, scale=1.0, **plain))
            at_once = seen()
        list(theme.look_in_steps(mode="light", scale=1.0, **plain))
        steps = theme.look_in_steps(mode="dark", scale=1.0, **plain)
        # Steps are counted, not turns: a fast machine may take two steps while events are handled.
        taken = [next(steps)]
        shell._arrival.of(lambda: in_turns(taken.append(step) for step in steps))
        turns = 0
        while shell._arrival._entering is not None:
            QApplication.processEvents()
            turns += 1
        assert len(taken) > 3 and turns > 1
        assert seen() == at_once
        assert list(theme.look_in_steps(mode="dark", scale=1.0, **plain)) == []
        steps = theme.look_in_steps(mode="light", scale=1.0, **plain)
        next(steps)
        shell._arrival.of(lambda: in_turns(steps))
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert not shell.arriving
        assert shell._list.isVisible()
        shell._list.hide()
        assert not theme.dark
    finally:
        list(theme.look_in_steps(mode="light", scale=1.0, **plain))
        settle()


def test_save_and_close_gives_up_a_consultation_that_is_only_being_opened(standing, monkeypatch):
    """Its key, pressed between Enter in the queue and the page: nothing opens, nobody holds it."""
    window, shell, made = standing.as_at_first()
    made.case.close()
    settle()
    kept = []

    class Late:
        def submit(self, work, done, failed, lane, key=None):
            kept.append((work, done, failed, lane))
            return InlineJobs().submit(lambda: None, lambda _: None, failed, lane)

    monkeypatch.setattr(made.case, "jobs", Late())
    made.case.open(made.id)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert shell.toasts.text == ""
    while kept:
        InlineJobs().submit(*kept.pop(0))
    settle()
    assert (made.case.state, made.case.opening, shell.current) == (None, False, "queue")
    assert made.memory.consultation(made.id).claim is None


def test_what_could_not_be_opened_is_no_longer_being_opened(standing, monkeypatch):
    window, shell, made = standing.as_at_first()
    made.case.close()
    settle()

    def gone(*_):
        raise WorkstationError("store.busy")

    with monkeypatch.context() as out:
        out.setattr(queue, "claim", gone)
        made.case.open(made.id)
    assert not made.case.opening and not shell.problemStrip.isHidden()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert "Open a consultation" in shell.toasts.text
