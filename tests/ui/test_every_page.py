"""What holds on every page: the focus shows, notices cover nothing, key hints are true."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)

from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.walk import said
from workstation.ui.assess.canvas import PhotoCanvas

SIZES = ((1280, 800), (1440, 900), (2560, 1440))
THEMES = ("light", "dark")


def test_the_photo_keeps_its_room_under_the_demonstration_strip(qtbot) -> None:
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(*SIZES[0])
        shell.go("assess")
        settle()
        assert shell.demonstrationStrip.isVisible()
        canvas = shell.findChild(PhotoCanvas)
        assert canvas.width() >= 740 and canvas.height() >= 590


@pytest.mark.parametrize("page", ["queue", "contact", "assess", "treat", "sign"])
def test_the_focus_shows_after_tab(page, qtbot) -> None:
    key = "becker-jonas" if page == "contact" else "marsh-elena"
    with desk_of(key) as (window, shell, _):
        window.resize(1440, 900)
        shell.go(page)
        settle()
        for _ in range(6):
            focus = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClick(focus, Qt.Key.Key_Tab)
            settle()
            now = QApplication.focusWidget()
            assert now is not None
            assert now is not focus, said(focus)
            with_focus = window.grab().toImage()
            place = QRect(now.mapTo(window, QPoint(0, 0)), now.size()).adjusted(-4, -4, 4, 4)
            now.clearFocus()
            settle()
            without = window.grab().toImage()
            now.setFocus(Qt.FocusReason.TabFocusReason)
            settle()
            assert with_focus.copy(place) != without.copy(place), said(now)


@pytest.mark.parametrize(("page", "kept"), [("assess", "palette_"), ("sign", "signButton")])
def test_a_notice_covers_neither_palette_nor_signing(page, kept, qtbot) -> None:
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(1440, 900)
        shell.toasts.show("Signed 13:58", (("Print", lambda: None),), stays=True)
        shell.go(page)
        settle()
        toast = next(w for w in shell.pageStack.children() if type(w).__name__ == "_Toast")
        part = getattr(shell.page(page), kept)
        place = QRect(part.mapTo(shell.pageStack, QPoint(0, 0)), part.size())
        assert toast.isVisible()
        assert not toast.geometry().intersects(place)
        assert shell.pageStack.childAt(toast.geometry().center()) in (
            toast,
            *toast.findChildren(QWidget),
        )


def test_the_keys_shown_follow_the_focus(qtbot) -> None:
    with desk_of("marsh-elena") as (window, shell, _):
        window.resize(1440, 900)
        shell.go("assess")
        settle()
        hints = shell.statusLine.hints
        assert ("H", "hold to hide") in hints.hints
        shell.page("assess").toolbar.buttons["canvas.mark"].setFocus()
        settle()
        assert ("H", "hold to hide") not in hints.hints
        shell.page("assess").canvas.setFocus()
        settle()
        assert ("H", "hold to hide") in hints.hints
