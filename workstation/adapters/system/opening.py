"""A new ring of keys, an open one, and one opened by the recovery key."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.adapters.system import logins, passwords, recovery, store_file, wraps
from workstation.adapters.system.key_surroundings import (
    AUTHORITY,
    KEYS,
    Surroundings,
    authority_bound,
    stored_in,
    tries_of,
    unlocked_by,
)
from workstation.adapters.system.keys import StoreKeyRing
from workstation.adapters.system.passwords import Argon2
from workstation.adapters.system.store_file import Login, StoreFile
from workstation.domain.accounts import User
from workstation.domain.errors import Corrupt, NotAllowed
from workstation.domain.ids import new_id
from workstation.workflow.ports import Unlocked


@dataclass(frozen=True, slots=True)
class FirstUser:
    """Who opens a new store first, with password, PIN (None: no signing) and Argon2id cost."""

    user: User
    password: str
    pin: str | None
    cost: Argon2


def create_ring(
    around: Surroundings, kind: str, clinic_name: str, first: FirstUser
) -> tuple[StoreKeyRing, Unlocked, str | None]:
    """New keys in ``around.folder/keys`` (which exists), not yet ``store.toml``: ``finish_ring``.

    Returns the ring, what is unlocked, and the serial of the first user's certificate.
    """
    login = store_file.login_of(first.user.login)
    passwords.check_password(first.password, login, demonstration=kind == "demonstration")
    store_key = wraps.new_key()
    empty = StoreFile(id=new_id(), kind=kind, format=store_file.FORMAT, logins=(), seal="")
    seed = Login(login, first.user.id, b"", first.cost, "", b"", b"")
    ring = StoreKeyRing(around, empty.with_login(seed), store_key)
    if first.pin is not None:
        ring.pin_verifier(first.pin)
    blob = around.authority.create(clinic_name, kind == "demonstration", ring.key_for("authority"))
    bound = authority_bound(empty)
    wrapped = wraps.wrap(ring.key_for("authority wrap"), blob, bound)
    around.files.write(f"{KEYS}/{AUTHORITY}", wrapped)
    row, serial = ring._row(first.user, login, first.password, certificate=first.pin is not None)
    ring._file = empty.with_login(row)
    user_key = passwords.derive(first.password, row.salt, row.cost)
    return ring, unlocked_by(around, ring._file, row, user_key), serial


def finish_ring(ring: StoreKeyRing) -> None:
    """Write ``store.toml``: from here on the folder is a store."""
    ring._save(ring._file)


def open_ring(around: Surroundings, login: str, password: str) -> tuple[StoreKeyRing, Unlocked]:
    """The ring of an existing store folder.

    Raises:
        Refused: ``store.folder.missing``, ``store.format.newer``.
        NotAllowed: ``session.password.wrong``, ``session.password.wait``.
        Corrupt: ``store.file.damaged``, ``store.file.changed`` (edited since it was sealed).
    """
    file = stored_in(around)
    row, user_key = logins.check(file, tries_of(around), login, password)
    ring = StoreKeyRing(around, file, logins.open_key(file, row, user_key))
    if not file.is_sealed_by(ring.key_for("store file")):
        raise Corrupt("store.file.changed")
    return ring, unlocked_by(around, file, row, user_key)


def recover_password(around: Surroundings, code: str, login: str, new_password: str) -> None:
    """Wrap the store key for ``login`` under a new password, by the recovery key.

    Raises:
        NotAllowed: ``session.recovery.wrong``, ``session.password.wait``.
        Refused: ``session.login.unknown``, ``session.password.*``, and as ``open_ring``.
    """
    ring = _opened_by_recovery(around, code)
    try:
        ring.reopen_login(login, new_password)
    finally:
        ring.close()


def _opened_by_recovery(around: Surroundings, code: str) -> StoreKeyRing:
    file = stored_in(around)
    if file.of(recovery.LOGIN) is None:
        raise NotAllowed("session.recovery.wrong")
    try:
        row, user_key = logins.check(file, tries_of(around), recovery.LOGIN, recovery.normal(code))
    except NotAllowed as error:
        if error.code == "session.password.wrong":
            raise NotAllowed("session.recovery.wrong") from error
        raise
    ring = StoreKeyRing(around, file, logins.open_key(file, row, user_key))
    if not file.is_sealed_by(ring.key_for("store file")):
        raise Corrupt("store.file.changed")
    return ring
