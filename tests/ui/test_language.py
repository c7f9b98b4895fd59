"""Another language is in force at once: every page, menu, sheet and cell, with what was open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.ui import made_up
from tests.ui.desktop import small_window
from tests.ui.settings_world import make_store, open_window, settle
from workstation import language
from workstation.ui import language as screen
from workstation.ui.actions import ACTIONS
from workstation.ui.window import Window


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    QSettings().remove(screen.KEPT)
    screen.use(language.ENGLISH)


def said(root: QWidget) -> set[str]:
    """All that shows as text."""
    kinds = (QLabel, QAbstractButton)
    shown = (w for kind in kinds for w in root.findChildren(kind) if w.isVisible())
    return {w.text() for w in shown if w.text()}


def choose(window: Window, setting: str) -> None:
    assert window.shell is not None
    window._desktop.settings.change("display.language", setting)
    for _ in range(4):
        settle(window)


def test_a_language_chosen_in_settings_is_everywhere_at_once(tmp_path: Path, qtbot) -> None:
    make_store(tmp_path / "clinic")
    with open_window(tmp_path / "clinic") as window:
        first = window.shell
        QTest.keyClicks(first.page("queue").searchField, "mar")
        first.go("records")
        first.go("settings")
        first.page("settings").show_page("display")
        settle(window)
        choose(window, "es")
        shell = window.shell
        assert shell.page("settings").shown == "display"
        search = shell.page("queue").searchField
        qtbot.waitUntil(lambda: search.text() == "mar")
        search.clear()
        assert shell is not first and shell.current == "settings"
        assert {"Cola", "Ajustes", "Teclas"} <= {b.text() for b in shell.rail._buttons.values()}
        assert "Ajustes" in said(window)
        page = shell.page("settings")
        page.setFocus()
        QTest.keyClick(page, Qt.Key.Key_Escape)
        assert shell.current == "records"
        shell.go("queue")
        settle(window)
        # What was searched for is typed again, so the queue looks again without it.
        qtbot.waitUntil(lambda: "A\u00fan no hay consultas." in said(window))
        shell.commands.trigger("keys")
        settle(window)
        assert "Todas las teclas" in said(window) and "Lock now" not in said(window)
        shell.commands.trigger("keys")
        assert not {str(a.text) for a in ACTIONS} & {"Queue", "Settings", "Lock now"}
        window.lock()
        settle(window)
        assert "Desbloquear" in said(window)


@pytest.mark.long
def test_the_computer_keeps_its_language_and_the_user_theirs(tmp_path: Path, qtbot) -> None:
    make_store(tmp_path / "clinic")
    with open_window(tmp_path / "clinic") as window:
        choose(window, "es")
        window.sign_out()
        settle(window)
        assert "Sign in" in said(window)
        window.sign_in("demo.dermatologist", "demonstration only")
        qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
        settle(window)
        assert "Cola" in {b.text() for b in window.shell.rail._buttons.values()}
        choose(window, "en")
        assert "Queue" in {b.text() for b in window.shell.rail._buttons.values()}


@pytest.mark.parametrize("exists", [True, False])
def test_the_first_pages_offer_the_languages_and_keep_what_was_typed(exists, qtbot) -> None:
    window = small_window(made_up.SmallDesk(), exists=exists)
    qtbot.addWidget(window)
    window.show()
    page = window.sign_in_page or window.setup_page
    assert [b.text() for b in page.languages.buttons.values()] == ["English", "Espa\u00f1ol"]
    if not exists:
        page.set_text("clinic", "Northlake Dermatology")
    page.languages.buttons["es"].click()
    after = window.sign_in_page or window.setup_page
    assert after is not page and language.chosen() == "es"
    told = "Iniciar sesi\u00f3n" if exists else "D\u00f3nde se guardan los registros"
    assert told in said(window)
    assert after.languages.buttons["es"].isChecked()
    if not exists:
        assert after.setup().clinic == "Northlake Dermatology"
    assert screen.of(screen.AS_THE_COMPUTER) == "es"


def test_the_desk_of_before_ends_page_by_page(tmp_path: Path, qtbot) -> None:
    make_store(tmp_path / "clinic")
    with open_window(tmp_path / "clinic") as window:
        first = window.shell
        qtbot.waitUntil(lambda: len(first._rooms.there) == len(list(first._rooms)), timeout=30_000)
        ids = {id for id, _ in first._rooms.there}
        gone: list[str] = []
        left_after_a_turn: list[int] = []

        def ended(id: str) -> None:
            gone.append(id)
            if len(gone) == 1:
                QTimer.singleShot(0, lambda: left_after_a_turn.append(len(ids) - len(gone)))

        for id, page in first._rooms.there:
            page.destroyed.connect(lambda _=None, id=id: ended(id))
        first.destroyed.connect(lambda: gone.append("desk"))
        window._desktop.settings.change("display.language", "es")
        qtbot.waitUntil(lambda: "desk" in gone, timeout=30_000)
        assert set(gone) == {*ids, "desk"} and gone[-1] == "desk"
        assert left_after_a_turn[0] > 0
