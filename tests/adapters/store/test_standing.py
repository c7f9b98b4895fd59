"""Whoever was switched off or given another role at another desk writes nothing more, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import store_world as world

from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.accounts import Role, User
from workstation.domain.errors import NotAllowed

ME = world.make_user("doctor")


@pytest.fixture
def other_desk(store: SqlStore) -> Iterator[SqlStore]:
    """A second desk on the same database."""
    yield SqlStore(store._engine, world.FixedClock(), demonstration=False, heads=None)


@pytest.fixture(autouse=True)
def _signed_in(store: SqlStore) -> None:
    sign_in(store)


def sign_in(desk: SqlStore) -> None:
    with desk.writing(ME.id, "s") as unit:
        unit.audit("session.signed_in", ME.id, {})


def changed(desk: SqlStore, user: User) -> None:
    with desk.writing("system", "s2") as unit:
        unit.set_user(user)


def write(desk: SqlStore, value: str = "9") -> None:
    with desk.writing(ME.id, "s") as unit:
        unit.set_setting("clinic", "backup.keep", value)


def kept(desk: SqlStore) -> str | None:
    with desk.reading() as unit:
        return unit.settings("clinic").get("backup.keep")


def test_what_was_taken_away_elsewhere_is_gone_at_the_next_write(
    store: SqlStore, other_desk: SqlStore
) -> None:
    for n, after in enumerate((replace(ME, role=Role.NURSE), replace(ME, administers=True))):
        changed(other_desk, after)
        with pytest.raises(NotAllowed, match=r"session\.user\.changed"):
            write(store, str(n))
        assert kept(store) != str(n)
        sign_in(store)  # that is how it goes on, with what the account may now
        write(store, str(n))
        assert kept(store) == str(n)
    changed(other_desk, replace(ME, active=False))
    for act in (write, sign_in):
        with pytest.raises(NotAllowed, match=r"session\.user\.inactive"):
            act(store)
    assert kept(store) == "1"


def test_what_changes_no_right_disturbs_nobody(store: SqlStore, other_desk: SqlStore) -> None:
    changed(other_desk, replace(ME, name="Dr. D. Other", certificate="ab12"))
    write(store)
    assert kept(store) == "9"


def test_it_is_asked_in_the_transaction_itself(store: SqlStore, other_desk: SqlStore) -> None:
    """A change that is committed before the write begins counts; one's own change stands."""
    with store.writing(ME.id, "s") as unit:
        unit.set_user(replace(ME, administers=True))
    with pytest.raises(NotAllowed, match=r"session\.user\.changed"):
        write(store)
    changed(other_desk, ME)  # given back
    write(store)
    assert kept(store) == "9"
