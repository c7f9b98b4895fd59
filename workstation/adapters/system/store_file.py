"""``store.toml``: what must be readable before a password is given, sealed by the store key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from workstation.adapters.system import recovery, wraps
from workstation.adapters.system.passwords import Argon2
from workstation.domain.errors import Corrupt, Refused
from workstation.domain.ids import UserId

FILE_NAME = "store.toml"
FORMAT = 1
KINDS = ("clinic", "demonstration")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}\Z")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Login:
    """How one user's password opens the store.

    ``check`` tells a wrong password from a changed file. ``store_key`` and ``signing_secret``
    are wrapped by the user key; the latter is empty without a signing key.
    """

    login: str
    user: UserId
    salt: bytes
    cost: Argon2
    check: str
    store_key: bytes
    signing_secret: bytes


@dataclass(frozen=True, slots=True)
class StoreFile:
    """The whole file; ``seal`` is a keyed digest of all the rest."""

    id: str
    kind: str
    format: int
    logins: tuple[Login, ...]
    seal: str

    @property
    def people(self) -> tuple[str, ...]:
        """Logins of people: all but the recovery key's."""
        return tuple(row.login for row in self.logins if row.login != recovery.LOGIN)

    def of(self, login: str) -> Login | None:
        """The row of ``login``."""
        return next((row for row in self.logins if row.login == login), None)

    def with_login(self, row: Login) -> StoreFile:
        """The file with ``row`` in place of the row of the same login."""
        others = tuple(other for other in self.logins if other.login != row.login)
        return replace(self, logins=(*others, row))

    def bound(self, purpose: str, login: str, user: UserId) -> tuple[str, ...]:
        """What a wrapped key is bound to."""
        return (purpose, self.id, self.kind, login, user)

    def sealed(self, key: bytes) -> StoreFile:
        """The file with its seal."""
        return replace(self, seal=wraps.mark(key, _text(self)))

    def is_sealed_by(self, key: bytes) -> bool:
        """Whether nothing was changed since it was sealed."""
        import hmac

        return hmac.compare_digest(wraps.mark(key, _text(self)), self.seal)


def login_of(typed: str) -> str:
    """The login as stored.

    Raises:
        Refused: ``session.login.form``.
    """
    login = typed.strip().casefold()
    if not _LOGIN.match(login):
        raise Refused("session.login.form")
    return login


def write_text(file: StoreFile) -> bytes:
    """The file's bytes."""
    return f'{_text(file)}\n[seal]\nhmac_sha256 = "{file.seal}"\n'.encode()


def read(path: Path) -> StoreFile:
    """The file at ``path``.

    Raises:
        Refused: ``store.folder.missing`` when there is none, ``store.format.newer``.
        Corrupt: ``store.file.damaged``.
    """
    try:
        return parse(path.read_bytes())
    except FileNotFoundError as error:
        raise Refused("store.folder.missing") from error


def parse(content: bytes) -> StoreFile:
    """The file from its bytes.

    Raises:
        Refused: ``store.format.newer``. Corrupt: ``store.file.damaged``.
    """
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Corrupt("store.file.damaged") from error
    try:
        number = int(raw["format"])
        if number > FORMAT:
            raise Refused("store.format.newer", format=number)
        file = StoreFile(
            id=_id(raw["id"]),
            kind=_kind(raw["kind"]),
            format=number,
            logins=tuple(_login(row) for row in raw["login"]),
            seal=str(raw["seal"]["hmac_sha256"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Corrupt("store.file.damaged") from error
    return file


def _login(row: dict[str, object]) -> Login:
    login = str(row["login"])
    if not _LOGIN.match(login):
        raise ValueError("login")
    numbers = [row["memory_kib"], row["passes"], row["lanes"]]
    if not all(isinstance(n, int) for n in numbers):
        raise ValueError("cost")
    return Login(
        login=login,
        user=UserId(_id(row["user"])),
        salt=bytes.fromhex(str(row["salt"])),
        cost=Argon2(*(int(str(n)) for n in numbers)),
        check=str(row["check"]),
        store_key=bytes.fromhex(str(row["store_key"])),
        signing_secret=bytes.fromhex(str(row["signing_secret"])),
    )


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.match(value):
        raise ValueError("id")
    return value


def _kind(value: object) -> str:
    if value not in KINDS:
        raise ValueError("kind")
    return str(value)


def _text(file: StoreFile) -> str:
    lines = [
        f"format = {file.format}",
        f'id = "{file.id}"',
        f'kind = "{file.kind}"',
    ]
    for row in sorted(file.logins, key=lambda r: r.login):
        lines += [
            "",
            "[[login]]",
            f'login = "{row.login}"',
            f'user = "{_id(row.user)}"',
            f"memory_kib = {row.cost.memory}",
            f"passes = {row.cost.passes}",
            f"lanes = {row.cost.lanes}",
            f'salt = "{row.salt.hex()}"',
            f'check = "{row.check}"',
            f'store_key = "{row.store_key.hex()}"',
            f'signing_secret = "{row.signing_secret.hex()}"',
        ]
    return "\n".join(lines) + "\n"
