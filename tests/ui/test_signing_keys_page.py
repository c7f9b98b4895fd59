"""Signing keys in Settings, in the real window: import, renew, revoke, and nothing cut at 140 %."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from own_authority import FILE_PASSWORD, Outside
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.settings_world import USER, make_store, open_window, settle
from tests.ui.walk import problems
from workstation import showcase
from workstation.ui.settings.signing import _Clinic, _Own
from workstation.ui.window import Window


@pytest.fixture
def window(tmp_path: Path, qtbot: object) -> Iterator[Window]:
    make_store(tmp_path / "records")
    with open_window(tmp_path / "records") as made:
        yield made


def test_a_key_is_imported_renewed_and_revoked_on_its_page(window: Window, tmp_path: Path) -> None:
    shell, desktop = window.shell, window._desktop
    assert shell is not None and desktop is not None
    shell.go("settings")
    page = shell.page("settings")
    page.show_page("signing")
    settle(window)
    (own,) = page._made["signing"].findChildren(_Own)
    renew, take, _ = own._forms

    def lines() -> Any:
        return next(one for one in desktop.settings.keys.state.lines if one.mine)

    first = lines()
    assert first.chip == ("ok", "In use") and "Issued by this clinic" in first.more

    # A wrong file password: said in the form, and nothing typed is lost.
    path = tmp_path / "me.p12"
    path.write_bytes(Outside(datetime.now(UTC)).file(name=USER.name))
    own._only(take)
    take._path.field.setText(str(path))
    take.entries["file"].field.setText("wrong")
    take.entries["password"].field.setText(showcase.PASSWORD)
    take.button.click()
    settle(window)
    assert take.isVisible() and "password is wrong" in take.strip.text
    assert lines().serial == first.serial
    take.entries["file"].field.setText(FILE_PASSWORD)
    take.button.click()
    settle(window)
    assert not take.isVisible()
    assert "Issued by Health Issuing" in lines().more
    # Everybody who signs for the user has the new key at once; nothing typed stays in a field.
    for holder in (desktop.case, desktop.queue, desktop.settings):
        assert holder.session.key.serial == lines().serial
    for field in own.findChildren(QLineEdit):
        assert field.text() == ""

    own._only(renew)
    renew.button.click()
    assert renew.isVisible()  # the password is asked first
    renew.entries["password"].field.setText(showcase.PASSWORD)
    renew.button.click()
    settle(window)
    assert "Issued by this clinic" in lines().more and lines().serial != first.serial

    own._begin_revoking(lines())
    own._revoke.entries["since"].field.setText("yesterday")
    own._revoke.button.click()
    assert own._revoke.isVisible()
    own._revoke.entries["since"].field.setText("")
    own._revoke.button.click()
    settle(window)
    assert lines().chip == ("danger", "Revoked") and "replaced by another key" in lines().more[0]

    window.resize(1440, 900)
    desktop.settings.change("display.text_size", "140")
    settle(window)
    found = []
    for form in (*own._forms, own._revoke):
        own._only(form)
        settle(window)
        found += problems(page)
    assert not found, "\n".join(dict.fromkeys(found))
    assert page._made["signing"].findChildren(_Clinic)


def test_tab_goes_from_above_to_below_with_a_form_open(window: Window) -> None:
    shell = window.shell
    assert shell is not None
    shell.go("settings")
    page = shell.page("settings")
    page.show_page("signing")
    settle(window)
    window.activateWindow()
    made = page._made["signing"]
    (own,) = made.findChildren(_Own)
    token = own._forms[2]
    own._only(token)
    settle(window)
    page.list.setFocus()
    went: list[QWidget] = []
    for _ in range(20):
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or not made.isAncestorOf(now):
            break
        went.append(now)
    places = [one.mapTo(page, QPoint(0, 0)) for one in went]
    rows = [(round(at.y() / 20), at.x()) for at in places]  # what stands in a row is not level
    assert rows == sorted(rows)
    names = [getattr(one, "text", str)() or one.accessibleName() for one in went]
    assert len(names) == 13, names  # the rows, which were read later, and all of the form
