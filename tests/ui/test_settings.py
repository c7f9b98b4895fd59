"""Settings in the real window on a real store: in force at once, undone, and kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from tests.ui.settings_world import make_store, open_window, settle
from tests.ui.walk import problems
from workstation import assets, showcase
from workstation.domain.accounts import Role
from workstation.domain.rules import Level
from workstation.presenters import settings_rules
from workstation.ui import actions, icons, keymap
from workstation.ui.actions import ACTIONS, BY_ID
from workstation.ui.settings.keys import _Change
from workstation.ui.settings.page import PAGES
from workstation.ui.settings.stock import StrengthsKept
from workstation.ui.theme import theme
from workstation.ui.widgets import KeyHint
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


def rules_page(window: Window) -> Any:
    shell: Any = window.shell
    shell.go("settings")
    shell.page("settings").show_page("rules")
    settle(window)
    return shell.page("settings").stack.currentWidget()


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


def test_a_key_that_the_window_claims_is_heard_by_the_field_that_asks(window: Window) -> None:
    shell = window.shell
    assert shell is not None
    shell.go("settings")
    shell.page("settings").show_page("keys")
    settle(window)
    asking = shell.page("settings").stack.currentWidget().findChild(_Change)
    asking.begin("lock")
    QTest.keyClick(asking.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert "Command list" in asking.text and not shell._list.isVisible()
    asking.leave()


def test_keys_are_changed_and_set_back_by_keyboard_alone(window: Window) -> None:
    shell: Any = window.shell
    shell.go("settings")
    shell.page("settings").show_page("keys")
    settle(window)
    page = shell.page("settings").stack.currentWidget()
    asking = page.findChild(_Change)

    def press(key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        on: Any = window.focusWidget()
        keys = Qt.KeyboardModifier.NoModifier
        for one in held:
            keys |= one
        QTest.keyClick(on, key, keys)
        settle(window)

    def change(id: str) -> None:
        name = f"Change the key of {BY_ID[id].text}"
        button = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == name)
        button.setFocus()
        press(Qt.Key.Key_Return)
        assert window.focusWidget() is asking.field
        assert not asking.visibleRegion().isEmpty()  # however far down the key stands

    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    change("contact.copy3")  # the last of the page
    press(Qt.Key.Key_Escape)
    assert window.focusWidget().accessibleName().endswith(str(BY_ID["contact.copy3"].text))
    assert not window.focusWidget().visibleRegion().isEmpty()

    change("queue.claim")
    press(Qt.Key.Key_Question, shift)  # as it comes from a keyboard
    assert "All keys" in asking.text
    press(Qt.Key.Key_Escape)

    change("lock")
    press(Qt.Key.Key_L, shift, ctrl)
    press(Qt.Key.Key_Tab)
    assert window.focusWidget().text() == "Use this key"
    press(Qt.Key.Key_Return)
    assert BY_ID["lock"].in_force == ("Ctrl+Shift+L",)
    assert shell.toasts.text == "Lock now: Ctrl Shift L."
    assert window.focusWidget().accessibleName().endswith(str(BY_ID["lock"].text))
    shell._keys.toggle()
    settle(window)
    bar = shell._keys._scroll.verticalScrollBar()
    for key, there in ((Qt.Key.Key_End, bar.maximum()), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(shell._keys, key)
        assert bar.value() == there
    QTest.keyClick(shell._keys, Qt.Key.Key_Escape)
    assert shell._keys.isHidden()
    caps = {hint._text: hint._key for hint in shell._keys.findChildren(KeyHint)}
    assert caps[str(BY_ID["lock"].text)] == "Ctrl Shift L"

    change("find")
    press(Qt.Key.Key_L, ctrl)  # free now
    press(Qt.Key.Key_Return)
    assert BY_ID["find"].in_force == ("Ctrl+L",)
    change("lock")
    press(Qt.Key.Key_Tab)
    assert window.focusWidget().text() == "As shipped"
    press(Qt.Key.Key_Return)
    assert BY_ID["lock"].in_force == ("Ctrl+Shift+L",) and "Find" in asking.text
    press(Qt.Key.Key_Escape)
    for id in ("find", "lock"):
        change(id)
        press(Qt.Key.Key_Tab)
        press(Qt.Key.Key_Return)
        assert BY_ID[id].in_force == BY_ID[id].keys

    change("queue.next")
    press(Qt.Key.Key_X)
    press(Qt.Key.Key_Return)
    assert BY_ID["queue.next"].in_force == ("X", "Down")
    own(window).change("keys.own", None)
    settle(window)


@pytest.mark.parametrize(
    ("id", "key", "why"),
    [
        ("lock", "X", "every page"),
        ("go.queue", "Shift+X", "every page"),
        ("undo", "Return", "every page"),
        ("sign.print", "1", "figures"),
        ("sign.print", "X", ""),
        ("lock", "F4", ""),
        ("lock", "Ctrl+Shift+L", ""),
        ("queue.claim", "X", ""),
    ],
)
def test_a_key_that_one_types_with_is_refused_where_one_types(id: str, key: str, why: str) -> None:
    said = keymap.refusal(BY_ID[id], key)
    assert (why in said) if why else not said


def test_the_next_panel_is_one_that_is_seen(window: Window) -> None:
    shell: Any = window.shell
    shell.go("settings")
    page = shell.page("settings")
    for shown, named in (("account", "Password now"), ("keys", "Single-letter keys")):
        page.show_page(shown)
        settle(window)
        page.list.setFocus()
        shell.commands.trigger("panel.next")
        focus: Any = window.focusWidget()
        assert focus.isVisible() and focus.accessibleName() == named
        shell.commands.trigger("panel.next")
        assert window.focusWidget() is page.list
    page.show_page("about")  # it has nothing to press
    page.list.setFocus()
    shell.commands.trigger("panel.next")
    focus = window.focusWidget()
    assert focus.isVisible()


def fill(form: Any, **texts: str) -> None:
    """Type into fields of a form."""
    for key, text in texts.items():
        form.entries[key].field.setText(text)


def test_an_account_is_made_changed_switched_off_and_asked_for_a_password_of_its_own(
    tmp_path: Path, qtbot: object
) -> None:
    from workstation.ui.settings.account import _AccountForm, _Password

    folder = tmp_path / "records"
    make_store(folder)
    first, own_words = "a password handed over", "a password of her own"
    with open_window(folder) as window:
        shell = window.shell
        assert shell is not None
        shell.go("settings")
        settle(window)
        page, presenter = shell.page("settings"), own(window)
        assert page.shown == "account"
        form = page.findChild(_AccountForm)
        form.begin(None)
        fill(form, name="Nora Olsen", login="n.olsen", password=first)
        form.submit()
        assert form.entries["own"]._error.text()  # not without one's own password
        fill(form, own="not the password")
        form.submit()
        settle(window)
        assert presenter.state.problem is not None and len(presenter.state.people) == 1
        fill(form, own=showcase.PASSWORD)
        form.submit()
        settle(window)
        nora = next(p for p in presenter.state.people if p.login == "n.olsen")
        assert nora.role is Role.NURSE and form.isHidden() and not form.text("own")
        form.begin(nora)
        form._also.setChecked(True)
        fill(form, own=showcase.PASSWORD)
        form.submit()
        settle(window)
        assert next(p for p in presenter.state.people if p.id == nora.id).administers
        form.begin(next(p for p in presenter.state.people if p.id == nora.id))
        form._also.setChecked(False)
        fill(form, own=showcase.PASSWORD)
        form.submit()
        settle(window)
        presenter.new_recovery_key("not the password")
        settle(window)
        assert not presenter.state.recovery and presenter.state.problem is not None
        presenter.new_recovery_key(showcase.PASSWORD)
        settle(window)
        assert presenter.state.recovery
        presenter.hide_recovery_key()
    with open_window(folder, login="n.olsen", password=first) as window:
        shell = window.shell
        assert shell is not None and shell.current == "settings"  # asked for at once
        settle(window)
        page, presenter = shell.page("settings"), own(window)
        assert presenter.given_password and page.findChild(_AccountForm) is None
        said = [label.text() for label in page.findChildren(QLabel)]
        assert "Your password was chosen by somebody else." in said
        assert "Only an administrator of the clinic sees and changes accounts." in said
        form = page.findChild(_Password)
        fill(form, old=first, new=own_words, again=own_words)
        form.submit()
        settle(window)
        assert not presenter.given_password
    with open_window(folder) as window:
        presenter = own(window)
        presenter.load()
        settle(window)
        nora = next(p for p in presenter.state.people if p.login == "n.olsen")
        presenter.set_account(replace(nora, active=False), showcase.PASSWORD)
        settle(window)
        assert not next(p for p in presenter.state.people if p.id == nora.id).active
        presenter.reset_password(nora.id, first, None, showcase.PASSWORD)
        settle(window)
        assert next(p for p in presenter.state.people if p.id == nora.id).active
        with presenter.desk.store.reading() as unit:
            acts = [e.action for e in unit.audit_entries(0, 1000) if e.action.startswith("account")]
    assert acts == [
        "account.added",
        "account.changed",
        "account.changed",
        "account.recovery_key",
        "account.password_changed",
        "account.changed",
        "account.password_reset",
    ]


def test_words_that_no_rule_fits_say_so(window: Window) -> None:
    page = rules_page(window)
    page.field.setText("no rule has these words")
    assert page.table.rowCount() == 0 and page._none.isVisible() and page.side.isHidden()
    assert "no rule has these words" in page._none.text()
    page.field.clear()
    assert page.table.rowCount() > 200 and page._none.isHidden() and page.side.isVisible()


def test_a_folder_of_the_clinics_own_rules_is_taken_in_and_out_by_its_buttons(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = rules_page(window)
    settings: Any = window.shell.page("settings")
    settings.show_page("about")
    assert "Rules of this clinic" not in words_of(settings)
    settings.show_page("rules")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    assert page.take_in.isVisible() and not page.take_out.isVisible()
    page.take_in.click()
    settle(window)
    assert "There are no rules in this folder." in page.strip.text and not page.take_out.isVisible()
    (tmp_path / "levels.toml").write_text(
        'schema = 1\n[[level]]\ncode = "ISO-EYE"\nlevel = "HOLD"\n'
        'decided_by = "A"\non = 2026-11-23\nwhy = "W"\n'
    )
    page.take_in.click()
    settle(window)
    assert page.strip.isHidden() and page.take_out.isVisible()
    assert "1 file of its own" in page._told[1]._line.text()
    settings.show_page("about")
    assert "levels.toml" in words_of(settings)
    settings.show_page("rules")
    page.take_out.click()
    settle(window)
    assert not page.take_out.isVisible() and page._told[1]._value.text() == "0"
    settings.show_page("about")
    assert "levels.toml" not in words_of(settings)


def words_of(settings: Any) -> list[str]:
    """What the page shown says."""
    return [one.text() for one in settings.stack.currentWidget().findChildren(QLabel)]


def test_rules_are_compared_line_by_line_and_marked_as_reviewed(
    window: Window, tmp_path: Path
) -> None:
    page = rules_page(window)
    presenter = page._presenter
    older = Path(shutil.copytree(assets.resource("clinical"), tmp_path / "older"))
    file = older / "formulary/isotretinoin.toml"
    file.write_text(file.read_text().replace("max_supply_days = 30", "max_supply_days = 28"))
    page._comparing.with_folder(older)
    settle(window)
    view = page._comparison
    assert view is not None and view.isVisible() and not page.rems.isVisible()
    assert view.table.rowCount() == 1
    cells = [view.table.item(0, n).text() for n in range(view.table.columnCount())]
    assert cells[0] == "Changed" and cells[2:5] == ["max supply days", "28", "30"]
    assert "Isotretinoin capsules" in cells[5]
    view.field.setText("no such rule")
    assert not view.table.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible() and page.table.isVisible()

    page._comparing.with_folder(tmp_path)  # holds no rules
    settle(window)
    assert "This folder holds no rules." in page.strip.text
    (older / "sources.toml").write_text("not = [closed")
    page._comparing.with_folder(older)
    settle(window)
    assert "cannot be read" in page.strip.text and page.table.isVisible()

    page.reviewed.click()
    settle(window)
    assert settings_rules.review_line(presenter.desk.catalogue, presenter.state)[2]
    assert not page.reviewed.isVisible()
    presenter.raise_level("ISO-EYE", Level.OVERRIDE, "Two night drivers last year", ("Seen",))
    settle(window)
    _, line, fresh = settings_rules.review_line(presenter.desk.catalogue, presenter.state)
    assert not fresh and "before the last change" in line and page.reviewed.isVisible()
    page._comparing.with_shipped(
        settings_rules.shipped_rules(presenter.desk),
        presenter.desk.catalogue.rulebook.rules,
        presenter.state.raised,
    )
    (row,) = page._comparing.state.rows
    assert (row.entry, row.before, row.after) == ("ISO-EYE", "WARN", "OVERRIDE")
    assert "Two night drivers" in row.source


def test_the_lists_of_settings_and_help_wear_the_look_of_now_when_they_are_shown_again(
    window: Window,
) -> None:
    """While another page is shown Settings keeps what it drew before: nobody sees it."""
    shell: Any = window.shell
    settings, guide = shell.page("settings"), shell.page("help")
    shell.go("queue")
    settle(window)
    before = drawn(settings), block_font(guide)
    theme.set_mode("dark")
    theme.set_text_scale(1.2)
    settle(window)
    assert drawn(settings) == before[0]
    shell.go("settings")
    shell._arrival.finish()  # and no answer of the store about the look has come yet
    assert drawn(settings) == icons.icon(PAGES[0][2], "text2", 16).pixmap(16, 16).toImage()
    assert drawn(settings) != before[0]
    shell.go("help")
    shell._arrival.finish()
    assert block_font(guide) > before[1]


def drawn(settings: Any) -> Any:
    return settings.list.item(0).icon().pixmap(16, 16).toImage()


def block_font(guide: Any) -> int:
    return int(guide.text.document().defaultFont().pixelSize())


def test_the_strengths_kept_are_ticked_by_keyboard_and_one_stays(window: Window) -> None:
    shell: Any = window.shell
    shell.go("settings")
    shell.page("settings").show_page("prescribing")
    settle(window)
    page = shell.page("settings").stack.currentWidget()
    section = page.findChild(StrengthsKept)
    generic = [box for (product, _), box in section.boxes.items() if product == "generic"]
    assert [box.accessibleName() for box in generic] == [
        f"ISOtretinoin (generic), {mg}\u00a0mg" for mg in (10, 20, 30, 40)
    ]
    assert all(box.isChecked() for box in section.boxes.values())
    told: list[str] = []
    own(window).stock_changed.subscribe(lambda _: told.append("changed"))
    own(window).said.subscribe(lambda said: told.append(said[0]))
    generic[1].setFocus()
    for box in generic[1:]:  # faster than the store: none of them is lost
        QTest.keyClick(box, Qt.Key.Key_Space)
    settle(window)
    assert [box.isChecked() for box in generic] == [True, False, False, False]
    assert told.count("changed") == 3
    QTest.keyClick(generic[0], Qt.Key.Key_Space)
    settle(window)
    assert generic[0].isChecked() and told.count("changed") == 3
    said = [w.text() for w in section.findChildren(QLabel) if w.isVisible()]
    assert any("At least one strength of each product must stay." in text for text in said)
    undo = next(b for b in shell.findChildren(QPushButton) if b.text() == "Undo" and b.isVisible())
    undo.click()
    settle(window)
    assert [box.isChecked() for box in generic] == [True, False, False, True]
    own(window).change("prescribing.strengths", None)
    settle(window)
    assert all(box.isChecked() for box in section.boxes.values())
