"""Settings in the real window on a real store: in force at once, undone, and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.ui.settings_world import make_store, open_window, settle
from tests.ui.walk import problems
from workstation.domain.rules import Level
from workstation.ui import actions, keymap
from workstation.ui.actions import ACTIONS, BY_ID
from workstation.ui.settings.page import PAGES
from workstation.ui.theme import theme
from workstation.ui.window import Window
from workstation.workflow.settings import SETTINGS, change


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinic") / "records"
    make_store(folder)
    return folder


@pytest.fixture
def window(store: Path, qtbot: object) -> Iterator[Window]:
    with open_window(store) as made:
        yield made


def own(window: Window) -> Any:
    desktop = window._desktop
    assert desktop is not None and desktop.settings is not None
    return desktop.settings


@pytest.mark.parametrize(
    "shown",
    [
        ("rules", "records"),
        pytest.param(tuple(id for id, *_ in PAGES if id != "keys"), marks=pytest.mark.long),
    ],
)
def test_settings_at_the_least_size_and_with_large_text(
    shown: tuple[str, ...], window: Window
) -> None:
    shell = window.shell
    assert shell is not None
    shell.go("settings")
    settle(window)
    page = shell.page("settings")
    found: list[str] = []
    whole = len(shown) > 2
    for size, scale in (((1280, 800), 100), ((1440, 900), 140))[0 if whole else 1 :]:
        window.resize(*size)
        own(window).change("display.text_size", str(scale))
        settle(window)
        for id in shown:
            page.show_page(id)
            settle(window)
            assert page.shown == id
            found += [f"{size[0]} {scale} {id}: {text}" for text in problems(page)]
    own(window).change("display.text_size", None)
    settle(window)
    assert not found, "\n".join(dict.fromkeys(found))


def test_what_is_chosen_is_in_force_at_once_undone_and_kept(store: Path, window: Window) -> None:
    shell, presenter = window.shell, own(window)
    assert shell is not None
    assert window._desktop is not None
    session = window._desktop.session
    shell.page("settings")  # it says what was changed
    presenter.change("lock.minutes", "7", words="Lock after: 7 minutes.")
    settle(window)
    assert session.minutes == 7
    undo = next(b for b in shell.findChildren(QPushButton) if b.text() == "Undo")
    undo.click()
    settle(window)
    assert session.minutes == 5
    held = presenter
    for name, value in (
        ("display.theme", "dark"),
        ("display.high_contrast", "on"),
        ("display.text_size", "110"),
        ("lock.minutes", "9"),
        ("keys.single_letters", "off"),
        ("keys.own", json.dumps({"queue.claim": ["F4"]})),
    ):
        change(held.desk, held.session, name, value)  # as another of the user’s desks would
    code = "ISO-EYE"
    presenter.raise_level(code, Level.INFO, "Two drivers at night", ())
    settle(window)
    assert presenter.state.problem is not None and not presenter.state.raised  # looser
    presenter.raise_level(code, Level.OVERRIDE, "Two drivers at night", ("Seen by the eye clinic",))
    settle(window)
    rule = held.desk.catalogue.rulebook.rule(code)  # at once, in the open session
    assert Level.OVERRIDE in {clause.level for clause in rule.clauses}
    with held.desk.store.reading() as unit:
        assert any(entry.subject == "rules.levels" for entry in unit.audit_entries(0, 1000))
    window.sign_out()
    assert window.shell is None
    with open_window(store) as again:
        desktop = again._desktop
        assert desktop is not None and again.shell is not None
        assert theme.dark and theme.high_contrast and theme.text_scale == 1.1
        assert desktop.session.minutes == 9
        assert not again.shell.commands.single_letters
        assert BY_ID["queue.claim"].in_force == ("F4",)
        rule = own(again).desk.catalogue.rulebook.rule(code)
        assert Level.OVERRIDE in {clause.level for clause in rule.clauses}
        for setting in SETTINGS:
            change(own(again).desk, own(again).session, setting.name, None)


def test_a_new_key_works_at_once_and_the_old_one_no_longer(window: Window) -> None:
    shell = window.shell
    assert shell is not None
    own(window).change("keys.own", json.dumps({"settings": ["Ctrl+Shift+P"]}))
    settle(window)
    shell.go("queue")
    QTest.keyClick(shell, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert shell.current == "queue"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(shell, Qt.Key.Key_P, both)
    settle(window)
    assert shell.current == "settings"
    own(window).change("keys.own", None)
    settle(window)


def test_the_rems_date_and_the_protocol_are_the_clinics(window: Window) -> None:
    from datetime import date

    presenter = own(window)
    presenter.load()
    settle(window)
    presenter.set_rems_date(date(2026, 12, 1))
    settle(window)
    assert presenter.state.clinic.rems_2026_effective == "2026-12-01"
    presenter.set_protocol("AAD-2024")
    settle(window)
    assert presenter.state.clinic.protocol.id == "AAD-2024"
    presenter.set_rems_date(None)
    settle(window)
    assert presenter.state.clinic.rems_2026_effective == ""


def test_no_key_is_bound_twice_where_it_is_heard_and_none_is_reserved() -> None:
    actions.use_own_keys({})
    wrong = [
        f"{action.id} {key}: {why}"
        for action in ACTIONS
        for key in action.keys
        if (why := keymap.refusal(action, key))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "key", ["Ctrl+Q", "Alt+F4", "Ctrl+Alt+K", "Meta+D", "Ctrl+Left", "F10", "[", "Tab", "Alt+F"]
)
def test_reserved_keys_are_refused_with_the_reason(key: str) -> None:
    assert keymap.refusal(BY_ID["queue.claim"], key).startswith("Kept free")


def test_a_taken_key_names_who_has_it() -> None:
    assert "Queue" in keymap.refusal(BY_ID["canvas.mark"], "Ctrl+1")
    assert "Select" in keymap.refusal(BY_ID["canvas.mark"], "V")
    assert keymap.refusal(BY_ID["canvas.mark"], "F4") == ""
