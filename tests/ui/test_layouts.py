"""Widths and the window's place come back at the next start, for each user and class of window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QWidget

from workstation.ui import layouts
from workstation.ui.application import application
from workstation.ui.layouts import Widths

USUAL = [124, 800, 352]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> Iterator[None]:
    """A settings file of the test alone."""
    application()
    name = QCoreApplication.applicationName()
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    QCoreApplication.setApplicationName(f"test-{tmp_path.name}")
    layouts.for_user("r.kessler")
    yield
    QSettings().clear()
    layouts.for_user("")
    QCoreApplication.setApplicationName(name)


def splitter(qtbot: object) -> QSplitter:
    made = QSplitter()
    qtbot.addWidget(made)
    for _ in range(3):
        made.addWidget(QWidget())
    made.setHandleWidth(1)
    made.resize(sum(USUAL) + 2, 400)
    made.show()
    return made


def test_dragged_widths_come_back_for_their_user_and_window_alone(qtbot: object) -> None:
    first = splitter(qtbot)
    widths = Widths("assess", first)
    widths.lay_out("wide", USUAL)
    assert first.sizes() == USUAL
    first.moveSplitter(200, 1)
    dragged = first.sizes()
    assert dragged[0] == 200
    again = splitter(qtbot)
    other = Widths("assess", again)
    other.lay_out("wide", USUAL)
    assert again.sizes() == dragged
    other.lay_out("narrow", USUAL)
    assert again.sizes() == USUAL
    layouts.for_user("a.lee")
    other.lay_out("wide", USUAL)
    assert again.sizes() == USUAL
    layouts.for_user("r.kessler")
    other.lay_out("wide", USUAL)
    other.forget()
    other.lay_out("wide", USUAL)
    assert again.sizes() == USUAL


def test_in_a_wider_window_the_photo_takes_the_rest(qtbot: object) -> None:
    first = splitter(qtbot)
    widths = Widths("assess", first)
    widths.lay_out("wide", USUAL)
    first.moveSplitter(200, 1)
    first.resize(first.width() + 300, 400)
    widths.lay_out("wide", [124, 1100, 352])
    assert first.sizes()[0] == 200 and first.sizes()[2] == 352


def test_the_window_stands_where_it_stood(qtbot: object) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert not layouts.restore_window(window)
    window.setGeometry(40, 50, 640, 480)
    layouts.keep_window(window)
    second = QWidget()
    qtbot.addWidget(second)
    assert layouts.restore_window(second)
    assert second.geometry() == window.geometry()


@pytest.mark.parametrize("place", [(5000, 200, 1280, 760), (-3000, -900, 1280, 760)])
def test_a_window_of_a_screen_that_is_gone_comes_back_in_sight(
    place: tuple[int, int, int, int], qtbot: object
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(*place)
    layouts.keep_window(window)
    second = QWidget()
    qtbot.addWidget(second)
    assert layouts.restore_window(second)
    seen = QGuiApplication.primaryScreen().availableGeometry()
    assert seen.contains(second.geometry())


def test_the_list_looked_at_last_is_its_users(qtbot: object) -> None:
    layouts.for_user("r.kessler")
    layouts.remember("queue/list", "all")
    assert layouts.remembered("queue/list") == "all"
    layouts.for_user("a.lee")
    assert layouts.remembered("queue/list") == ""
    layouts.for_user("")
    layouts.remember("queue/list", "all")
    assert layouts.remembered("queue/list") == ""
