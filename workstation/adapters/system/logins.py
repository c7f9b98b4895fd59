"""One login's row in ``store.toml``: checking its password, wrapping and unwrapping its secrets."""

from __future__ import annotations

import hmac
import os

from workstation.adapters.system import passwords, store_file, wraps
from workstation.adapters.system.passwords import Argon2, Tries
from workstation.adapters.system.store_file import Login, StoreFile
from workstation.domain.errors import Corrupt, NotAllowed, Refused
from workstation.domain.ids import UserId

NOBODY = ""  # all names without a login share one count of tries


def check(file: StoreFile, tries: Tries, typed: str, password: str) -> tuple[Login, bytes]:
    """The row and user key of a right password; as slow for a name without a login.

    Raises:
        NotAllowed: ``session.password.wrong`` (context ``wrong``, ``wait``), ``.wait``.
    """
    try:
        row = file.of(store_file.login_of(typed))
    except Refused:
        row = None
    name = NOBODY if row is None else row.login
    wrong = tries.begin(name)
    if row is None:  # as slow as a wrong password
        cost = file.logins[0].cost if file.logins else passwords.FLOOR
        passwords.derive(password, os.urandom(passwords.SALT_BYTES), cost)
    else:
        user_key = passwords.derive(password, row.salt, row.cost)
        if hmac.compare_digest(_check_value(user_key), row.check):
            tries.succeeded(name)
            return row, user_key
    raise NotAllowed("session.password.wrong", wrong=wrong, wait=tries.wait_after(wrong))


def _check_value(user_key: bytes) -> str:
    return wraps.subkey(user_key, "password check").hex()


def wrapped(
    file: StoreFile,
    login: str,
    user: UserId,
    password: str,
    cost: Argon2,
    store_key: bytes,
    signing_secret: bytes,
) -> Login:
    """A login's row: both secrets wrapped under a new password; ``b""`` is no signing secret."""
    salt = os.urandom(passwords.SALT_BYTES)
    user_key = passwords.derive(password, salt, cost)
    signing = b""
    if signing_secret:
        signing = wraps.wrap(user_key, signing_secret, file.bound("signing", login, user))
    return Login(
        login=login,
        user=user,
        salt=salt,
        cost=cost,
        check=_check_value(user_key),
        store_key=wraps.wrap(user_key, store_key, file.bound("store", login, user)),
        signing_secret=signing,
    )


def open_key(file: StoreFile, row: Login, user_key: bytes) -> bytes:
    """The store key in a row; raises Corrupt ``store.file.changed``."""
    try:
        return wraps.unwrap(user_key, row.store_key, file.bound("store", row.login, row.user))
    except Corrupt as error:
        raise Corrupt("store.file.changed") from error


def open_signing_secret(file: StoreFile, row: Login, user_key: bytes) -> bytes:
    """The PKCS#12 secret in a row, ``b""`` when none; raises Corrupt ``store.file.changed``."""
    if not row.signing_secret:
        return b""
    try:
        bound = file.bound("signing", row.login, row.user)
        return wraps.unwrap(user_key, row.signing_secret, bound)
    except Corrupt as error:
        raise Corrupt("store.file.changed") from error
