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


def test_the_photo_keeps_its_room_under_the_demonstration_strip(desk) -> None:
    window, shell, _ = desk
    window.resize(*SIZES[0])
    shell.go("assess")
    settle()
    assert shell.demonstrationStrip.isVisible()
    canvas = shell.findChild(PhotoCanvas)
    assert canvas.width() >= 740 and canvas.height() >= 590


@pytest.mark.parametrize("page", ["queue", "assess", "treat", "sign"])
def test_the_focus_shows_after_tab(page, desk) -> None:
    window, shell, _ = desk
    focus_shows(window, shell, page)


def test_the_focus_shows_after_tab_on_contact() -> None:
    with desk_of("becker-jonas") as (window, shell, _):
        focus_shows(window, shell, "contact")


def focus_shows(window, shell, page) -> None:
    """Every part that Tab comes to looks another way while it has the focus."""
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
def test_a_notice_covers_neither_palette_nor_signing(page, kept, desk) -> None:
    window, shell, _ = desk
    window.resize(1440, 900)
    shell.go("queue")
    shell.toasts.show("Signed 13:58", (("Print", lambda: None),), stays=True)
    shell.go(page)
    settle()
    toast = shell.toasts._toast
    part = getattr(shell.page(page), kept)
    place = QRect(part.mapTo(shell.pageStack, QPoint(0, 0)), part.size())
    assert toast.isVisible()
    assert not toast.geometry().intersects(place)
    assert shell.pageStack.childAt(toast.geometry().center()) in (
        toast,
        *toast.findChildren(QWidget),
    )


def test_the_keys_shown_follow_the_focus(desk) -> None:
    window, shell, _ = desk
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
