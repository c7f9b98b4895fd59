"""The keys of an open store: passwords, PINs and signing keys."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.accounts import User
from workstation.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a signing key lies: PKCS#11 module, label of the token, label of the key ("" any)."""

    module: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class AdoptedKey:
    """A certificate that an account signs with from now on.

    ``chain`` is DER, itself first, and empty when the clinic issued it; ``where`` is the label of
    its token.
    """

    serial: str
    name: str
    issuer: str
    expires: datetime
    fingerprint: str
    chain: bytes
    where: str = ""


class SigningKey(Protocol):
    """A clinician's unlocked key; dropped at lock."""

    def ready(self, pin: str) -> AbstractContextManager[SigningKey]:
        """The key as it signs while the block runs: one on a token is opened with the PIN.

        Raises WorkstationError ``token.*``.
        """
        ...

    @property
    def serial(self) -> str:
        """Certificate serial, hexadecimal."""
        ...

    @property
    def expires(self) -> datetime:
        """End of validity."""
        ...

    @property
    def on_token(self) -> bool:
        """Whether the signing PIN is a token's own."""
        ...


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a right password opens: the user and their signing key (None without one).

    ``keyless`` is why a key that was given is not there: ``sign.key.lost``, ``sign.key.damaged``,
    ``sign.key.unread``; "" for a user who has none.
    """

    user: UserId
    key: SigningKey | None
    keyless: str = ""


class KeyRing(Protocol):
    """Passwords, PINs and keys of one store folder."""

    def unlock(self, login: str, password: str) -> Unlocked:
        """Check a password of an already open store; raises NotAllowed ``session.password.wrong``."""
        ...

    def add_user(self, user: User, password: str, pin: str | None) -> str | None:
        """Wrap the store key for a user; issues a certificate when ``pin`` is given (its serial)."""
        ...

    def change_password(self, login: str, password: str, new_password: str) -> None:
        """Wrap the keys of ``login`` under a new password; the old one must be right."""
        ...

    def reset_password(self, user: User, new_password: str, pin: str | None) -> str | None:
        """Wrap the store key anew for an account whose password is lost.

        Its signing key is lost with the password: with a ``pin`` a new certificate is issued
        (its serial is returned).
        """
        ...

    def forget_user(self, login: str) -> None:
        """Remove what a login opens the store with; the last one stays."""
        ...

    def new_recovery_key(self) -> str:
        """A key that opens the store when all passwords are lost; the one before stops working."""
        ...

    def revocation_list(self, revoked: Sequence[tuple[str, datetime]]) -> bytes:
        """The clinic authority's list of what it revoked (serial, from when), DER, as of now."""
        ...

    def adopt_file(
        self,
        owner: User,
        password: str,
        content: bytes,
        file_password: str,
        revoked: frozenset[str],
    ) -> AdoptedKey:
        """Let an account sign with its own key out of a PKCS#12; ``password`` is the account's.

        Raises Refused ``key.import.*``, NotAllowed ``session.password.*``.
        """
        ...

    def adopt_token(
        self, owner: User, password: str, place: TokenPlace, pin: str, revoked: frozenset[str]
    ) -> AdoptedKey:
        """Let an account sign with the key on a token.

        Raises Refused ``key.import.*``, ``token.key.*``, WorkstationError ``token.*``.
        """
        ...

    def renew(self, owner: User, password: str) -> AdoptedKey:
        """A new key and certificate of the clinic's authority for an account."""
        ...

    def document_key(self) -> bytes:
        """The public half of the clinic's document key: Ed25519, 32 bytes."""
        ...

    def document_signature(self, content: bytes) -> bytes:
        """Signed by the clinic's document key; the same content gives the same 64 bytes."""
        ...

    def document_certificate(self) -> bytes:
        """A certificate of the clinic's authority for its document key, DER."""
        ...

    def pin_verifier(self, pin: str) -> str:
        """Keyed Argon2id verifier to store."""
        ...

    def pin_matches(self, verifier: str, pin: str) -> bool:
        """Whether ``pin`` belongs to ``verifier``."""
        ...
