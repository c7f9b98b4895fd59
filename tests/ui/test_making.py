"""Pages are made part by part: nobody sees half of one, and nothing that happens meanwhile is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QVBoxLayout, QWidget

from tests.ui.assess_world import assessing
from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.made_up import SmallDesk
from workstation.domain.photo import View
from workstation.ui.application import application
from workstation.ui.making import Making, make
from workstation.ui.rooms import Rooms
from workstation.ui.theme import theme

KEY = "marsh-elena"


@pytest.fixture(autouse=True)
def _app():
    application()


class Inner(QWidget):
    def __init__(self, log, parent):
        super().__init__(parent)
        self.log = log
        self.rows = QVBoxLayout(self)
        make(self, self._parts())

    def _parts(self):
        self.log.append("inner 1")
        self.first = QLabel("1", self)
        self.rows.addWidget(self.first)
        yield
        self.log.append("inner 2")
        self.second = QLabel("2", self)
        self.rows.addWidget(self.second)

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self.log.append(f"inner is {event.size().width()} wide, {self.second.text()} is there")


class Outer(QWidget):
    def __init__(self, log, parent=None, fail=False):
        super().__init__(parent)
        self.log, self.fail = log, fail
        make(self, self._parts())

    def _parts(self):
        self.log.append("outer 1")
        self.inner = Inner(self.log, self)
        yield
        self.log.append(f"outer 2 after {self.inner.second.text()}")
        yield
        if self.fail:
            raise ValueError("the third part")
        self.log.append("outer 3")


WHOLE = ["outer 1", "inner 1", "inner 2", "outer 2 after 2", "outer 3"]


def test_by_itself_a_widget_is_whole_when_its_constructor_returns():
    log: list[str] = []
    Outer(log)
    assert log == WHOLE


def test_one_step_a_turn_and_what_is_inside_is_whole_before_its_holder_goes_on():
    log: list[str] = []
    making = Making(lambda: Outer(log))
    seen = [len(log)]
    while making.go_on():
        seen.append(len(log))
    assert log == WHOLE
    assert seen == [0, 1, 2, 3, 4] or seen == [0, 1, 2, 4]  # a step may end without a turn
    assert making.finish().log is log
    assert log == WHOLE  # finished once


def test_whoever_needs_it_gets_it_whole_in_parts():
    log: list[str] = []
    making = Making(lambda: Outer(log))
    making.go_on()
    making.finish()
    assert log == WHOLE


def test_what_is_made_elsewhere_meanwhile_is_whole_in_parts():
    log, other = [], []
    making = Making(lambda: Outer(log))
    making.go_on()
    Outer(other)
    assert other == WHOLE
    assert log == ["outer 1"]


def test_a_size_that_comes_too_early_comes_when_the_widget_is_whole():
    log: list[str] = []
    making = Making(lambda: Outer(log))
    making.go_on()
    making.go_on()
    inner = making._made.inner
    inner.resize(QSize(321, 90))
    making._made.grab()  # sizes whatever is in the picture, hidden or not
    assert not [line for line in log if "wide" in line]
    making.finish()
    assert [line for line in log if "wide" in line] == ["inner is 321 wide, 2 is there"]
    inner.resize(QSize(400, 90))
    inner.grab()
    assert log[-1] == "inner is 400 wide, 2 is there"


def test_a_step_that_fails_fails_for_everybody_who_asks():
    making = Making(lambda: Outer([], fail=True))
    with pytest.raises(ValueError, match="the third part"):
        making.finish()
    with pytest.raises(ValueError, match="the third part"):
        making.go_on()


def test_a_page_that_failed_behind_is_made_anew_when_it_is_wanted():
    stack, made = QStackedWidget(), []

    def page(_, parent):
        made.append(Outer([], parent, fail=not made))
        return made[-1]

    rooms = Rooms(stack, {"only": page}, None)
    making = rooms._begun["only"] = rooms._begin("only")
    with pytest.raises(ValueError, match="the third part"):
        making.finish()
    with pytest.raises(ValueError, match="the third part"):
        rooms.widget("only")
    assert rooms.widget("only") is made[1]
    assert made[1].log == WHOLE


def test_whatever_happens_between_two_parts_the_pages_are_as_if_made_at_once():
    """The look changes, pictures are taken and the case moves between any two parts of a page."""
    blank = assessing(KEY, views=(View.FRONT, View.LEFT45)).made  # no photo is in the pictures
    empty = SmallDesk(())  # and no row of the queue
    with desk_of(KEY, blank, empty) as (window, shell, made):
        window.resize(1440, 900)
        rooms = shell._rooms
        rooms._rest.stop()
        for id in ("assess", "treat"):
            rooms._pages.pop(id, None)
            making = rooms._begun[id] = rooms._begin(id)
            turns = 0
            while making.go_on():
                turns += 1
                made.case.refresh()
                if turns in (2, 5):
                    theme.set_mode("dark" if turns == 2 else "light")
                if turns % 3 == 0:
                    window.grab()
                QApplication.processEvents()
                if id == "treat" and turns == 6:
                    break  # somebody goes there before it is whole
            assert turns > 5
            page = making._made
            shell.go(id)
            settle()
            assert shell.page(id) is page
            found = pictures(page)
            fresh = rooms._pages[id] = rooms._makers[id](rooms._tools, rooms._stack)
            rooms._stack.addWidget(fresh)
            shell.go("queue")
            shell.go(id)
            settle()
            assert pictures(fresh) == found, id


def pictures(page):
    """What is drawn of a page; how a photo is drawn depends on what was decoded by now."""
    there = hasattr(page, "canvas")
    parts = (page.toolbar, page.palette_, page.panel) if there else (page,)
    return [part.grab().toImage() for part in parts]
