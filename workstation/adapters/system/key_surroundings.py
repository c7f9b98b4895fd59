"""What the keys of a store stand on: its files, its authority, its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from workstation.adapters.system import logins, store_file
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.key_files import KeyFiles
from workstation.adapters.system.passwords import Tries
from workstation.adapters.system.store_file import Login, StoreFile
from workstation.domain.accounts import User
from workstation.domain.dates import Clock
from workstation.domain.errors import Corrupt, Refused, WorkstationError
from workstation.domain.ids import UserId
from workstation.workflow.ports import AdoptedKey, SigningKey, TokenPlace, Unlocked

KEYS = "keys"


AUTHORITY = "authority.bin"


_TRIES = "tries.json"


class IssuedKey(SigningKey, Protocol):
    """A signing key that knows what kind of authority issued it."""

    @property
    def demonstration(self) -> bool:
        """Whether it was issued by a demonstration's authority."""
        ...


class CertificateAuthority(Protocol):
    """The clinic's certificate authority; its private key never leaves the given blob.

    Secrets are 32 random bytes made by the caller.
    """

    def create(self, clinic_name: str, demonstration: bool, secret: bytes) -> bytes:
        """A new authority (key and certificate), encrypted under ``secret``."""
        ...

    def issue(
        self, blob: bytes, secret: bytes, user: User, leaf_secret: bytes
    ) -> tuple[bytes, str]:
        """A key and certificate for ``user``: PKCS#12 under ``leaf_secret``, and the serial."""
        ...

    def load(self, pkcs12: bytes, leaf_secret: bytes) -> IssuedKey:
        """The signing key of a PKCS#12; raises WorkstationError when it does not open."""
        ...

    def trust_anchor(self, blob: bytes, secret: bytes) -> bytes:
        """The authority's certificate, DER."""
        ...

    def adopt_file(
        self, content: bytes, password: str, owner: User, leaf_secret: bytes, *, demonstration: bool
    ) -> tuple[bytes, AdoptedKey]:
        """Somebody's own key out of a PKCS#12, packed anew; raises Refused ``key.import.*``."""
        ...

    def adopt_token(
        self,
        blob: bytes,
        secret: bytes,
        token: tuple[TokenPlace, str],
        owner: User,
        leaf_secret: bytes,
        *,
        demonstration: bool,
    ) -> tuple[bytes, AdoptedKey]:
        """The way to a key on a token, packed; raises Refused or WorkstationError."""
        ...

    def described(self, pkcs12: bytes, leaf_secret: bytes) -> AdoptedKey:
        """What the records keep of a key that this authority issued."""
        ...

    def certify_document_key(self, blob: bytes, secret: bytes, public: bytes) -> bytes:
        """A certificate for the clinic's document key (Ed25519, raw), DER."""
        ...

    def revocation_list(
        self, blob: bytes, secret: bytes, revoked: Sequence[tuple[str, datetime]]
    ) -> bytes:
        """The authority's list of certificates that no longer count, DER."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a key ring works with: this station's folder, where the keys lie, clock, authority."""

    folder: Path
    durable: Durable
    clock: Clock
    authority: CertificateAuthority
    files: KeyFiles


def unlocked_by(around: Surroundings, file: StoreFile, row: Login, user_key: bytes) -> Unlocked:
    """Without its file, or with a damaged one, the user works on but cannot sign, and is told which.

    A clinic's store refuses a demonstration's key, and the reverse: ``store.authority.kind``.
    """
    secret = logins.open_signing_secret(file, row, user_key)
    if not secret:
        return Unlocked(row.user, None)
    try:
        pkcs12 = around.files.read(pkcs12_name(row.user))
    except FileNotFoundError:
        return Unlocked(row.user, None, "sign.key.lost")
    except (OSError, WorkstationError):
        return Unlocked(row.user, None, "sign.key.unread")
    try:
        key = around.authority.load(pkcs12, secret)
    except WorkstationError:
        return Unlocked(row.user, None, "sign.key.damaged")
    if key.demonstration != (file.kind == "demonstration"):
        raise Corrupt("store.authority.kind")
    return Unlocked(row.user, key)


def authority_bound(file: StoreFile) -> tuple[str, ...]:
    """What the authority's blob is bound to: it opens in no other store."""
    return ("authority", file.id, file.kind)


def stored_in(around: Surroundings) -> StoreFile:
    """The store file; raises Refused ``store.folder.missing``."""
    try:
        return store_file.parse(around.files.read(store_file.FILE_NAME))
    except FileNotFoundError as error:
        raise Refused("store.folder.missing") from error


def pkcs12_name(user: UserId) -> str:
    """Where a user's signing key lies, below the folder of the keys."""
    return f"{KEYS}/{user}.p12"


def tries_of(around: Surroundings) -> Tries:
    """The counted wrong passwords of this computer."""
    return Tries(around.folder / KEYS / _TRIES, around.durable, around.clock)
