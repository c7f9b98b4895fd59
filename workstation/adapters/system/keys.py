"""The key hierarchy of one store folder: passwords open user keys, these the store and signing keys.

A password gives a user key by Argon2id; the user key unwraps the store key and the secret of that
user's PKCS#12 file, each bound to store, kind, login and user. From the store key come, by HKDF,
the keys of the database, the vault, the PIN verifiers, the certificate authority and the seals.
A user key lives only while a password is checked; the store key until the ring is closed.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from workstation.adapters.system import document_key, logins, passwords, recovery, store_file, wraps
from workstation.adapters.system.key_surroundings import (
    AUTHORITY,
    KEYS,
    Surroundings,
    authority_bound,
    pkcs12_name,
    stored_in,
    tries_of,
    unlocked_by,
)
from workstation.adapters.system.passwords import Argon2
from workstation.adapters.system.store_file import Login, StoreFile
from workstation.domain.accounts import User
from workstation.domain.errors import Conflict, Corrupt, NotAllowed, Refused
from workstation.workflow.ports import AdoptedKey, TokenPlace, Unlocked


class StoreKeyRing:
    """The port ``KeyRing`` over one store folder; safe to use from several threads."""

    def __init__(self, around: Surroundings, file: StoreFile, store_key: bytes) -> None:
        self._around = around
        self._file = file
        self._store_key: bytes | None = store_key
        self._tries = tries_of(around)
        self._lock = threading.RLock()
        self._has_account: Callable[[str], bool] = lambda _: True

    @property
    def store_id(self) -> str:
        """Identifier of the store."""
        return self._file.id

    @property
    def kind(self) -> str:
        """``clinic`` or ``demonstration``."""
        return self._file.kind

    @property
    def logins(self) -> tuple[str, ...]:
        """Logins that can open the store with a password."""
        return self._file.people

    def accounts_are_known_by(self, has_account: Callable[[str], bool]) -> None:
        """Ask ``has_account`` about a login: one without an account is left over and replaced."""
        self._has_account = has_account

    def key_for(self, purpose: str) -> bytes:
        """The 32-byte key of one purpose.

        Raises:
            NotAllowed: ``session.closed`` after ``close``.
        """
        if self._store_key is None:
            raise NotAllowed("session.closed")
        return wraps.subkey(self._store_key, purpose)

    def unlock(self, login: str, password: str) -> Unlocked:
        """Check a password against the open store.

        Raises:
            NotAllowed: ``session.password.wrong`` (context ``wrong``, ``wait`` seconds),
                ``session.password.wait`` (context ``seconds``), ``session.closed``.
        """
        with self._lock:
            self.key_for("any")
            self._reload()
            row, user_key = logins.check(self._file, self._tries, login, password)
            if not hmac.compare_digest(
                logins.open_key(self._file, row, user_key), self._store_key or b""
            ):
                raise Corrupt("store.file.changed")
            return unlocked_by(self._around, self._file, row, user_key)

    def add_user(self, user: User, password: str, pin: str | None) -> str | None:
        """Wrap the store key for ``user``; with a PIN also issue a certificate (its serial).

        The PIN itself is kept by the caller as ``pin_verifier`` in the database.

        Raises:
            Conflict: ``session.login.taken``.
            Refused: ``session.password.*``, ``session.pin.*``, ``session.login.form``.
        """
        with self._changing():
            login = store_file.login_of(user.login)
            if login == recovery.LOGIN:
                raise Refused("session.login.form")
            if self._file.of(login) is not None and self._has_account(login):
                raise Conflict("session.login.taken")
            passwords.check_password(password, login, demonstration=self._is_demonstration)
            if pin is not None:
                self.pin_verifier(pin)
            self.key_for("any")
            row, serial = self._row(user, login, password, certificate=pin is not None)
            self._save(self._file.with_login(row))
            return serial

    def change_password(self, login: str, password: str, new_password: str) -> None:
        """Wrap the keys of ``login`` under a new password; the old one must be right."""
        with self._changing():
            row, user_key = logins.check(self._file, self._tries, login, password)
            passwords.check_password(new_password, row.login, demonstration=self._is_demonstration)
            signing = logins.open_signing_secret(self._file, row, user_key)
            store_key = logins.open_key(self._file, row, user_key)
            self._save(
                self._file.with_login(
                    logins.wrapped(
                        self._file, row.login, row.user, new_password, row.cost, store_key, signing
                    )
                )
            )

    def reset_password(self, user: User, new_password: str, pin: str | None) -> str | None:
        """Wrap the store key anew for an account whose password is lost.

        Its signing key is lost with the password: with a ``pin`` a new certificate is issued
        (its serial is returned).

        Raises:
            Refused: ``session.password.*``, ``session.pin.*``, ``session.login.form``.
        """
        with self._changing():
            login = store_file.login_of(user.login)
            passwords.check_password(new_password, login, demonstration=self._is_demonstration)
            if pin is not None:
                self.pin_verifier(pin)
            row, serial = self._row(user, login, new_password, certificate=pin is not None)
            self._save(self._file.with_login(row))
            self._tries.succeeded(login)
            return serial

    def reopen_login(self, login: str, new_password: str) -> None:
        """A new password for a login whose old one is lost, without signing key.

        Raises:
            Refused: ``session.login.unknown``, ``session.password.*``.
        """
        with self._changing():
            row = self._file.of(store_file.login_of(login))
            if row is None or row.login == recovery.LOGIN:
                raise Refused("session.login.unknown")
            passwords.check_password(new_password, row.login, demonstration=self._is_demonstration)
            key = self._store_key or b""
            self._save(
                self._file.with_login(
                    logins.wrapped(
                        self._file, row.login, row.user, new_password, row.cost, key, b""
                    )
                )
            )
            self._tries.succeeded(row.login)

    def new_recovery_key(self) -> str:
        """A key that opens the store when all passwords are lost; the one before stops working.

        25 characters of 32 in groups of five: 125 random bits, shown once and kept nowhere.
        """
        with self._changing():
            code = recovery.new_code()
            row = logins.wrapped(
                self._file,
                recovery.LOGIN,
                recovery.USER,
                recovery.normal(code),
                self._cost,
                self._store_key or b"",
                b"",
            )
            self._save(self._file.with_login(row))
            return code

    def forget_user(self, login: str) -> None:
        """Remove the login's wrapped keys and signing key; the last login stays.

        Raises:
            NotAllowed: ``session.login.last``.
        """
        with self._changing():
            row = self._file.of(login)
            if row is None:
                return
            if len(self.logins) == 1:
                raise NotAllowed("session.login.last")
            rest = tuple(other for other in self._file.logins if other.login != login)
            self._save(replace(self._file, logins=rest))
            self._around.files.remove(pkcs12_name(row.user))

    def adopt_file(
        self,
        owner: User,
        password: str,
        content: bytes,
        file_password: str,
        revoked: frozenset[str],
    ) -> AdoptedKey:
        """Let an account sign with its own key out of a PKCS#12 with its chain.

        Raises:
            Refused: ``key.import.*``. NotAllowed: ``session.password.*``.
        """

        def made(secret: bytes) -> tuple[bytes, AdoptedKey]:
            return self._around.authority.adopt_file(
                content, file_password, owner, secret, demonstration=self._is_demonstration
            )

        return self._adopt(owner, password, made, revoked)

    def adopt_token(
        self, owner: User, password: str, place: TokenPlace, pin: str, revoked: frozenset[str]
    ) -> AdoptedKey:
        """Let an account sign with the key on a token; its PIN is kept nowhere.

        Raises:
            Refused: ``key.import.*``, ``token.key.*``, ``session.pin.*`` (the token's PIN becomes
                the signing PIN). WorkstationError: ``token.*``. NotAllowed: ``session.password.*``.
        """
        self.pin_verifier(pin)

        def made(secret: bytes) -> tuple[bytes, AdoptedKey]:
            return self._around.authority.adopt_token(
                self._authority(),
                self.key_for("authority"),
                (place, pin),
                owner,
                secret,
                demonstration=self._is_demonstration,
            )

        return self._adopt(owner, password, made, revoked)

    def renew(self, owner: User, password: str) -> AdoptedKey:
        """A new key and certificate of the clinic's authority for an account.

        Raises:
            NotAllowed: ``session.password.*``. Corrupt: as ``trust_anchor``.
        """

        def made(secret: bytes) -> tuple[bytes, AdoptedKey]:
            packed, _ = self._around.authority.issue(
                self._authority(), self.key_for("authority"), owner, secret
            )
            return packed, self._around.authority.described(packed, secret)

        return self._adopt(owner, password, made, frozenset())

    def _adopt(
        self,
        owner: User,
        password: str,
        made: Callable[[bytes], tuple[bytes, AdoptedKey]],
        revoked: frozenset[str],
    ) -> AdoptedKey:
        """Put a key in the place of the account's own, under the secret that its password opens.

        The secret stays, so that one durable write decides: before it the old key signs, after it
        the new one.
        """
        with self._changing():
            row, user_key = logins.check(self._file, self._tries, owner.login, password)
            known = logins.open_signing_secret(self._file, row, user_key)
            secret = known or wraps.new_key()
            packed, adopted = made(secret)
            if adopted.serial in revoked:
                raise Refused("key.import.revoked")
            if not known:
                key = logins.open_key(self._file, row, user_key)
                wrapped = logins.wrapped(
                    self._file, row.login, row.user, password, row.cost, key, secret
                )
                self._save(self._file.with_login(wrapped))
            self._around.files.write(pkcs12_name(row.user), packed)
            return adopted

    def document_key(self) -> bytes:
        """The public half of the clinic's document key: Ed25519, 32 bytes."""
        return document_key.public(self.key_for("document"))

    def document_signature(self, content: bytes) -> bytes:
        """Signed by the clinic's document key; the same content gives the same 64 bytes."""
        return document_key.signed(self.key_for("document"), content)

    def document_certificate(self) -> bytes:
        """A certificate of the clinic's authority for its document key, DER.

        Raises:
            Corrupt: as ``trust_anchor``.
        """
        return self._around.authority.certify_document_key(
            self._authority(), self.key_for("authority"), self.document_key()
        )

    def pin_verifier(self, pin: str) -> str:
        """Keyed Argon2id verifier to store."""
        return passwords.pin_verifier(pin, self._cost, self.key_for("pin"))

    def pin_matches(self, verifier: str, pin: str) -> bool:
        """Whether ``pin`` belongs to ``verifier``; one of another store never does."""
        return passwords.pin_matches(verifier, pin, self.key_for("pin"))

    def trust_anchor(self) -> bytes:
        """The clinic authority's certificate, DER.

        Raises:
            Corrupt: ``store.authority.missing`` or ``store.authority.foreign`` (another store's,
                or a demonstration's in a clinic's store).
        """
        return self._around.authority.trust_anchor(self._authority(), self.key_for("authority"))

    def revocation_list(self, revoked: Sequence[tuple[str, datetime]]) -> bytes:
        """The clinic authority's list of what it revoked (serial, from when), DER, as of now.

        Raises:
            Corrupt: as ``trust_anchor``.
        """
        return self._around.authority.revocation_list(
            self._authority(), self.key_for("authority"), revoked
        )

    def close(self) -> None:
        """Drop the store key."""
        with self._lock:
            self._store_key = None

    @property
    def _is_demonstration(self) -> bool:
        return self._file.kind == "demonstration"

    @property
    def _cost(self) -> Argon2:
        return self._file.logins[0].cost

    def _row(
        self, user: User, login: str, password: str, *, certificate: bool
    ) -> tuple[Login, str | None]:
        secret, serial = b"", None
        if certificate:
            secret = wraps.new_key()
            pkcs12, serial = self._around.authority.issue(
                self._authority(), self.key_for("authority"), user, secret
            )
            self._around.files.write(pkcs12_name(user.id), pkcs12)
        row = logins.wrapped(
            self._file, login, user.id, password, self._cost, self._store_key or b"", secret
        )
        return row, serial

    def _authority(self) -> bytes:
        try:
            wrapped = self._around.files.read(f"{KEYS}/{AUTHORITY}")
        except FileNotFoundError as error:
            raise Corrupt("store.authority.missing") from error
        try:
            return wraps.unwrap(
                self.key_for("authority wrap"), wrapped, authority_bound(self._file)
            )
        except Corrupt as error:
            raise Corrupt("store.authority.foreign") from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Change the file as it stands now; another station may have changed it since."""
        with self._lock, self._around.files.exclusive():
            self._reload()
            yield

    def _reload(self) -> None:
        found = stored_in(self._around)
        if found == self._file:
            return
        if not found.is_sealed_by(self.key_for("store file")):
            raise Corrupt("store.file.changed")
        self._file = found

    def _save(self, file: StoreFile) -> None:
        sealed = file.sealed(self.key_for("store file"))
        self._around.files.write(store_file.FILE_NAME, store_file.write_text(sealed))
        self._file = sealed
