"""The REMS card in its window: unfolded, copied from, confirmed by keys, nothing cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.ui.treat_pages import Shown, clipped, press, settle, treat_page, unnamed
from tests.ui.treat_world import world
from workstation.ui.widgets import Button


def unfolded(key: str) -> Shown:
    found = treat_page(world(key), (1280, 800))
    found.page.rems.fold.setFocus()
    press(Qt.Key.Key_Space)
    return found


def named(found: Shown, start: str) -> Button:
    buttons = found.page.rems.findChildren(Button)
    return next(b for b in buttons if b.isVisible() and b.accessibleName().startswith(start))


@pytest.mark.parametrize("key", ["al-hashimi-noor", "marsh-elena", "becker-jonas"])
def test_unfolded_nothing_is_cut_or_without_a_name(qtbot, key: str) -> None:
    found = unfolded(key)
    assert found.page.rems.body.isVisible()
    assert clipped(found.page.rems) == [] and unnamed(found.page.rems) == []
    for button in found.page.rems.findChildren(Button):
        assert not button.isVisible() or min(button.width(), button.height()) >= 24


def test_a_value_is_copied_and_a_row_confirmed_by_keys(qtbot) -> None:
    found = unfolded("al-hashimi-noor")
    named(found, "Copy Specimen date").setFocus()
    press(Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "11/18/2026"
    named(found, "Confirm: Pregnancy test").setFocus()
    press(Qt.Key.Key_Space)
    settle()
    assert named(found, "Take back: Pregnancy test").hasFocus()
    assert found.page.rems.chip.text == "2 to enter"
