"""Accounts, PIN verifiers with their wrong tries, and the clinic's own data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from workstation.adapters.store import rows
from workstation.adapters.store.schema import account, clinic
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.errors import Conflict, Corrupt
from workstation.domain.ids import UserId


def user(connection: Connection, id: UserId) -> User | None:
    """One account."""
    content = connection.scalar(select(account.c.content).where(account.c.id == id))
    return None if content is None else rows.from_text(content, User)


def users(connection: Connection) -> tuple[User, ...]:
    """All accounts, by login."""
    found = connection.scalars(select(account.c.content).order_by(account.c.login))
    return tuple(rows.from_text(content, User) for content in found)


def user_by_login(connection: Connection, login: str) -> User | None:
    """The account that signs in as ``login`` (case does not matter)."""
    content = connection.scalar(select(account.c.content).where(account.c.login == _login(login)))
    return None if content is None else rows.from_text(content, User)


def add_user(connection: Connection, user: User) -> None:
    """Add an account.

    Raises:
        Conflict: ``session.login.taken``.
    """
    taken = select(account.c.id).where(
        (account.c.login == _login(user.login)) | (account.c.id == user.id)
    )
    if connection.scalar(taken) is not None:
        raise Conflict("session.login.taken", user=user.id)
    connection.execute(
        insert(account).values(
            id=user.id, pin_verifier="", pin_wrong=0, pin_closed_until=None, **_columns(user)
        )
    )


def set_user(connection: Connection, user: User) -> None:
    """Replace an account's data.

    Raises:
        Conflict: ``session.user.unknown``, or ``session.login.taken`` by another account.
    """
    other = select(account.c.id).where(
        account.c.login == _login(user.login), account.c.id != user.id
    )
    if connection.scalar(other) is not None:
        raise Conflict("session.login.taken", user=user.id)
    changed = connection.execute(
        update(account).where(account.c.id == user.id).values(**_columns(user))
    )
    if changed.rowcount != 1:
        raise Conflict("session.user.unknown", user=user.id)


def pin_state(connection: Connection, user: UserId) -> tuple[str, int, datetime | None]:
    """(verifier, wrong tries, closed until); an empty verifier matches no PIN.

    Raises:
        Conflict: ``session.user.unknown``.
    """
    row = connection.execute(
        select(account.c.pin_verifier, account.c.pin_wrong, account.c.pin_closed_until).where(
            account.c.id == user
        )
    ).one_or_none()
    if row is None:
        raise Conflict("session.user.unknown", user=user)
    return row.pin_verifier, row.pin_wrong, row.pin_closed_until


def set_pin(connection: Connection, user: UserId, verifier: str) -> None:
    """Store a new verifier and forget wrong tries."""
    _set(connection, user, pin_verifier=verifier, pin_wrong=0, pin_closed_until=None)


def set_pin_tries(
    connection: Connection, user: UserId, wrong: int, closed_until: datetime | None
) -> None:
    """Store the count of wrong PINs."""
    _set(connection, user, pin_wrong=wrong, pin_closed_until=closed_until)


def clinic_profile(connection: Connection) -> ClinicProfile:
    """The clinic's own data.

    Raises:
        Corrupt: ``store.clinic.missing``.
    """
    content = connection.scalar(select(clinic.c.content))
    if content is None:
        raise Corrupt("store.clinic.missing")
    return rows.from_text(content, ClinicProfile)


def clinic_zone(connection: Connection) -> str:
    """IANA name of the clinic's time zone."""
    return clinic_profile(connection).time_zone


def set_clinic(connection: Connection, profile: ClinicProfile) -> None:
    """Replace the clinic's own data (or store it for the first time)."""
    content = rows.to_text(profile)
    changed = connection.execute(update(clinic).values(content=content))
    if changed.rowcount == 0:
        connection.execute(insert(clinic).values(id=1, content=content))


def _columns(user: User) -> dict[str, str]:
    return {
        "login": _login(user.login),
        "initials": user.initials,
        "content": rows.to_text(user),
    }


def _set(connection: Connection, user: UserId, **values: object) -> None:
    changed = connection.execute(update(account).where(account.c.id == user).values(**values))
    if changed.rowcount != 1:
        raise Conflict("session.user.unknown", user=user)


def _login(typed: str) -> str:
    return typed.strip().casefold()
