"""Settings: what fits is kept under its scope, the rest is refused, the clinic's are audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.store.store_world import FixedClock, bare_store
from workstation.domain.accounts import Role, User
from workstation.domain.errors import NotAllowed, Refused
from workstation.domain.ids import UserId
from workstation.workflow import settings
from workstation.workflow.desk import Session

NOW = FixedClock().now()


def someone(role: Role, id: str = "u1") -> Session:
    return Session(User(UserId(id), id, "Ana Ortiz", "MD", role, None, (), None, True, NOW), None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Any]:
    store = bare_store(None, tmp_path, FixedClock())
    yield SimpleNamespace(store=store, station="desk 1")
    store.close()


def test_defaults_fit_their_own_setting() -> None:
    for setting in settings.SETTINGS:
        assert setting.accepts(setting.default), setting.name


def test_own_settings_are_each_users_own(desk: Any) -> None:
    one, other = someone(Role.NURSE, "u1"), someone(Role.NURSE, "u2")
    settings.change(desk, one, "lock.minutes", "9")
    assert settings.read(desk, one).number("lock.minutes") == 9
    assert settings.read(desk, other).number("lock.minutes") == 5
    settings.change(desk, one, "lock.minutes", None)
    assert settings.read(desk, one).number("lock.minutes") == 5


def test_clinic_settings_need_the_right_and_leave_a_trace(desk: Any) -> None:
    with pytest.raises(NotAllowed):
        settings.change(desk, someone(Role.NURSE), "backup.keep", "7")
    settings.change(desk, someone(Role.ADMINISTRATOR), "backup.keep", "7")
    assert settings.read(desk, someone(Role.NURSE)).number("backup.keep") == 7
    with desk.store.reading() as unit:
        entry = unit.audit_head()
    assert entry is not None
    assert (entry.action, entry.subject) == ("settings.changed", "backup.keep")


def test_what_does_not_fit_changes_nothing(desk: Any) -> None:
    own = someone(Role.DERMATOLOGIST)
    with pytest.raises(Refused, match="settings.value"):
        settings.change(desk, own, "lock.minutes", "0")
    with pytest.raises(Refused, match="settings.address"):
        settings.change(desk, own, "signing.timestamp_server", "http://example.org")
    with pytest.raises(Refused, match="settings.unknown"):
        settings.change(desk, own, "lock.never", "on")
    assert settings.read(desk, own).number("lock.minutes") == 5


@given(st.one_of(st.integers(-3, 40).map(str), st.text("0123456789.,-+ e\u00b2\u0663", max_size=5)))
def test_auto_lock_can_never_be_off_or_longer_than_a_quarter_of_an_hour(text: str) -> None:
    allowed = {str(minutes) for minutes in range(1, 16)}
    accepted = settings.BY_NAME["lock.minutes"].accepts(text)
    assert accepted is (text.lstrip("0") in allowed and len(text) <= 6)


def test_what_an_older_program_stored_and_this_one_refuses_counts_as_never_set() -> None:
    kept = settings.Settings({"lock.minutes": "240"}, {})
    assert kept.number("lock.minutes") == 5
