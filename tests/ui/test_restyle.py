"""Another look on a desk that stands: no part is left behind, and none is dressed over and over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.treat_world import world
from workstation.ui import icons
from workstation.ui.application import application
from workstation.ui.theme import theme
from workstation.ui.widgets.rows import RowsList

PAGES = ("treat", "queue")
KEY = "marsh-elena"


@pytest.fixture(autouse=True)
def _plain_look():
    application().setCursorFlashTime(0)
    theme.set_mode("light")
    theme.set_reduced_motion(True)
    yield
    theme.set_reduced_motion(False)
    theme.set_text_scale(1.0)
    theme.set_mode("light")


class Counting(QLabel):
    """Counts how often it is told of another style."""

    told = 0

    def changeEvent(self, event: QEvent) -> None:
        self.told += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


def pictures(shell) -> dict[str, QImage]:
    found = {}
    for id in PAGES:
        shell.go(id)
        settle()
        found[id] = at_rest(shell)
    return found


def at_rest(shell) -> QImage:
    """The picture once nothing of it changes any more: rows are drawn a few a turn."""
    lists = [one for one in shell.findChildren(RowsList) if one.isVisible()]
    while any(one.is_to_come(one.model().rowCount() - 1) for one in lists):
        QTest.qWait(20)
    now, before = shell.grab().toImage(), QImage()
    while now != before:
        QTest.qWait(40)
        now, before = shell.grab().toImage(), now
    return now


def test_every_page_looks_as_if_it_had_been_made_in_the_look_chosen_later(qtbot):
    with desk_of(KEY, world(KEY)) as (window, shell, _made):
        window.resize(1280, 800)
        before = pictures(shell)
        theme.set_mode("dark")
        at_once = pictures(shell)  # most of it shown before its turn would have come
        qtbot.waitUntil(lambda: not theme.restyling.busy, timeout=60_000)
        later = pictures(shell)
    theme.set_mode("dark")
    with desk_of(KEY, world(KEY)) as (window, shell, _made):
        window.resize(1280, 800)
        expected = pictures(shell)
    for id in PAGES:
        assert before[id] != expected[id]
        assert at_once[id] == expected[id], id
        assert later[id] == expected[id], id


def nested(depth: int) -> tuple[QWidget, Counting, QPushButton]:
    """A window in which a label and a button with an icon lie so deep."""
    window = inner = QWidget()
    for _ in range(depth):
        around = QVBoxLayout(inner)
        inner = QWidget()
        around.addWidget(inner)
    last = QVBoxLayout(inner)
    label, button = Counting("deep"), QPushButton()
    icons.dress(button, "lock", "accent", 18)
    last.addWidget(label)
    last.addWidget(button)
    return window, label, button


def test_a_part_is_dressed_once_however_many_are_around_it(qtbot):
    window, label, _ = nested(12)
    qtbot.addWidget(window)
    window.show()
    settle()
    label.told = 0
    theme.set_mode("dark")
    assert label.told == 1
    assert label.palette().windowText().color() == theme.colour("text")
    label.setProperty("role", "title")
    theme.set_text_scale(1.4)
    assert label.told == 2
    assert label.font().pixelSize() == theme.px(19)


def test_what_is_hidden_follows_in_later_turns_and_at_once_when_it_is_wanted(qtbot):
    window, label, button = nested(3)
    qtbot.addWidget(window)
    window.show()
    settle()
    window.hide()
    icon, label.told = button.icon().pixmap(18).toImage(), 0
    theme.set_mode("dark")
    assert label.told == 0
    assert theme.restyling.busy
    qtbot.waitUntil(lambda: not theme.restyling.busy, timeout=60_000)
    assert label.told == 1
    assert label.palette().windowText().color() == theme.colour("text")
    assert button.icon().pixmap(18).toImage() != icon

    theme.set_mode("light")
    theme.restyling.finish(window)
    assert label.told == 2
    assert label.palette().windowText().color() == theme.colour("text")
    assert button.icon().pixmap(18).toImage() == icon


def test_what_ends_before_its_turn_is_passed_over(qtbot):
    gone, *_ = nested(3)
    stays, label, _ = nested(1)
    qtbot.addWidget(stays)
    for window in (gone, stays):
        window.show()
        settle()
        window.hide()
    theme.set_mode("dark")
    gone.deleteLater()
    QApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete.value)
    qtbot.waitUntil(lambda: not theme.restyling.busy, timeout=60_000)
    assert label.palette().windowText().color() == theme.colour("text")


def test_a_menu_of_what_is_seen_wears_the_look_at_once(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    around = QVBoxLayout(window)
    choice, button = QComboBox(), QPushButton("More")
    choice.addItems(("one", "two"))
    menu = QMenu(button)
    menu.addAction("Something")
    around.addWidget(choice)
    around.addWidget(button)
    window.show()
    menu.ensurePolished()
    light = menu.grab().toImage()
    theme.set_mode("dark")
    dark = menu.grab().toImage()
    behind = [w for w in theme.restyling._left if w is menu or w.window() is menu]
    assert dark != light and not behind
    assert not any(w in theme.restyling._left for w in choice.findChildren(QWidget))
    menu.popup(window.pos())
    qtbot.waitUntil(lambda: not theme.restyling.busy, timeout=60_000)
    assert menu.grab().toImage() == dark
    menu.close()


def columns(shell) -> list[int]:
    """Where what stands in columns begins on Treat."""
    shell.go("treat")
    settle()
    page = shell.page("treat")
    parts = (page.row, page.prescription.product, page.prescription.ladder)
    return [part.mapTo(page, QPoint(0, 0)).x() for part in parts]


def test_columns_go_with_the_text_size(qtbot):
    with desk_of(KEY, world(KEY)) as (window, shell, _made):
        window.resize(1440, 900)
        before = columns(shell)
        theme.set_text_scale(1.3)
        after = columns(shell)
    theme.set_text_scale(1.3)
    with desk_of(KEY, world(KEY)) as (window, shell, _made):
        window.resize(1440, 900)
        expected = columns(shell)
    assert after == expected and after != before
