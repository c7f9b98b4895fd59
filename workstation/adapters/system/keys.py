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
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from workstation.adapters.system import document_key, logins, passwords, recovery, store_file, wraps
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.key_files import KeyFiles
from workstation.adapters.system.passwords import Argon2, Tries
from workstation.adapters.system.store_file import Login, StoreFile
from workstation.domain.accounts import User
from workstation.domain.dates import Clock
from workstation.domain.errors import Conflict, Corrupt, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import UserId, new_id
from workstation.workflow.ports import AdoptedKey, SigningKey, TokenPlace, Unlocked

KEYS = "keys"
_AUTHORITY = "authority.bin"
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


class StoreKeyRing:
    """The port ``KeyRing`` over one store folder; safe to use from several threads."""

    def __init__(self, around: Surroundings, file: StoreFile, store_key: bytes) -> None:
        self._around = around
        self._file = file
        self._store_key: bytes | None = store_key
        self._tries = _tries(around)
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
            return _unlocked(self._around, self._file, row, user_key)

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
            self._around.files.remove(_pkcs12_name(row.user))

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
            self._around.files.write(_pkcs12_name(row.user), packed)
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
            self._around.files.write(_pkcs12_name(user.id), pkcs12)
        row = logins.wrapped(
            self._file, login, user.id, password, self._cost, self._store_key or b"", secret
        )
        return row, serial

    def _authority(self) -> bytes:
        try:
            wrapped = self._around.files.read(f"{KEYS}/{_AUTHORITY}")
        except FileNotFoundError as error:
            raise Corrupt("store.authority.missing") from error
        try:
            return wraps.unwrap(
                self.key_for("authority wrap"), wrapped, _authority_bound(self._file)
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
        found = _stored(self._around)
        if found == self._file:
            return
        if not found.is_sealed_by(self.key_for("store file")):
            raise Corrupt("store.file.changed")
        self._file = found

    def _save(self, file: StoreFile) -> None:
        sealed = file.sealed(self.key_for("store file"))
        self._around.files.write(store_file.FILE_NAME, store_file.write_text(sealed))
        self._file = sealed


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
    bound = _authority_bound(empty)
    wrapped = wraps.wrap(ring.key_for("authority wrap"), blob, bound)
    around.files.write(f"{KEYS}/{_AUTHORITY}", wrapped)
    row, serial = ring._row(first.user, login, first.password, certificate=first.pin is not None)
    ring._file = empty.with_login(row)
    user_key = passwords.derive(first.password, row.salt, row.cost)
    return ring, _unlocked(around, ring._file, row, user_key), serial


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
    file = _stored(around)
    row, user_key = logins.check(file, _tries(around), login, password)
    ring = StoreKeyRing(around, file, logins.open_key(file, row, user_key))
    if not file.is_sealed_by(ring.key_for("store file")):
        raise Corrupt("store.file.changed")
    return ring, _unlocked(around, file, row, user_key)


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
    file = _stored(around)
    if file.of(recovery.LOGIN) is None:
        raise NotAllowed("session.recovery.wrong")
    try:
        row, user_key = logins.check(file, _tries(around), recovery.LOGIN, recovery.normal(code))
    except NotAllowed as error:
        if error.code == "session.password.wrong":
            raise NotAllowed("session.recovery.wrong") from error
        raise
    ring = StoreKeyRing(around, file, logins.open_key(file, row, user_key))
    if not file.is_sealed_by(ring.key_for("store file")):
        raise Corrupt("store.file.changed")
    return ring


def _unlocked(around: Surroundings, file: StoreFile, row: Login, user_key: bytes) -> Unlocked:
    """Without its file, or with a damaged one, the user works on but cannot sign.

    A clinic's store refuses a demonstration's key, and the reverse: ``store.authority.kind``.
    """
    secret = logins.open_signing_secret(file, row, user_key)
    if not secret:
        return Unlocked(row.user, None)
    try:
        pkcs12 = around.files.read(_pkcs12_name(row.user))
        key = around.authority.load(pkcs12, secret)
    except (OSError, WorkstationError):
        return Unlocked(row.user, None)
    if key.demonstration != (file.kind == "demonstration"):
        raise Corrupt("store.authority.kind")
    return Unlocked(row.user, key)


def _authority_bound(file: StoreFile) -> tuple[str, ...]:
    return ("authority", file.id, file.kind)


def _stored(around: Surroundings) -> StoreFile:
    try:
        return store_file.parse(around.files.read(store_file.FILE_NAME))
    except FileNotFoundError as error:
        raise Refused("store.folder.missing") from error


def _pkcs12_name(user: UserId) -> str:
    return f"{KEYS}/{user}.p12"


def _tries(around: Surroundings) -> Tries:
    return Tries(around.folder / KEYS / _TRIES, around.durable, around.clock)
