"""Store folders: ``store.toml``, ``workstation.db``, ``vault/``, ``keys/``; made, opened, closed.

This module alone joins the store, vault and system packages: it is where a folder becomes ports.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, insert, select

from workstation.adapters.store import audit, before_upgrade, schema, seals
from workstation.adapters.store.engine import postgresql_engine, sqlcipher_engine, transaction
from workstation.adapters.store.heads import HeadFile
from workstation.adapters.store.key_files import ServerKeyFiles
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.adapters.store.upgrade import upgrade
from workstation.adapters.system import clinic_file, folders, store_file
from workstation.adapters.system.clinic_file import ClinicPlace
from workstation.adapters.system.clock import ClockWatch, SystemClock
from workstation.adapters.system.durable import Durable, sweep
from workstation.adapters.system.key_files import FolderKeyFiles, KeyFiles
from workstation.adapters.system.key_surroundings import KEYS, CertificateAuthority, Surroundings
from workstation.adapters.system.keys import StoreKeyRing
from workstation.adapters.system.opening import (
    FirstUser,
    create_ring,
    finish_ring,
    open_ring,
    recover_password,
)
from workstation.adapters.system.passwords import FLOOR, Argon2
from workstation.adapters.vault.blobs import FolderVault
from workstation.adapters.vault.shared import SharedVault
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.dates import Clock
from workstation.domain.errors import Corrupt, NotAllowed, Refused
from workstation.workflow.ports import Unlocked

DATABASE = "workstation.db"
VAULT = "vault"
HEADS = "audit.heads"
MOVED = "store.moved"  # what store.toml is called once the records lie on a server
JOINED = "joined"  # beside it until a new station has been opened once
_BEGUN = ".creating"  # there while a new folder is being filled; store.toml comes last
_OURS = frozenset(
    {_BEGUN, DATABASE, f"{DATABASE}-journal", f"{DATABASE}-wal", f"{DATABASE}-shm", VAULT, KEYS}
)
_NAMED = 50  # rows changed outside the program that one entry of the audit trail names
_PART = re.compile(
    rf"\.({re.escape(_BEGUN)}|{re.escape(store_file.FILE_NAME)})\.[0-9a-f]{{8}}\.part\Z"
)


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An open store folder as ports, and what its opener unlocked.

    ``faults`` are codes of what opening noticed about the audit trail (``audit.rolled_back``,
    ``audit.head.missing``) and, when rows were sealed anew, the rows (``seals.faults``): people
    must be told; the store works.
    """

    folder: Path
    id: str
    kind: str
    store: SqlStore
    vault: FolderVault
    keys: StoreKeyRing
    key_files: KeyFiles
    clock: Clock
    unlocked: Unlocked
    faults: tuple[str, ...]

    def close(self) -> None:
        """Disconnect and drop the keys: every port then raises NotAllowed ``session.closed``."""
        try:
            self.store.close()
        finally:
            self.vault.close()
            self.keys.close()


def create_store(
    folder: Path,
    *,
    kind: str,
    clinic: ClinicProfile,
    first_user: User,
    password: str,
    pin: str | None,
    authority: CertificateAuthority,
    argon2: Argon2 = FLOOR,
    cheap_for_tests: bool = False,
    clock: Clock | None = None,
    durable: Durable | None = None,
    is_network: Callable[[Path], bool] = folders.is_network,
) -> OpenStore:
    """Make a store in a folder that is absent or empty, with its first account, and open it.

    ``kind`` is ``clinic`` or ``demonstration``. With a ``pin`` the first user gets a signing key.
    A folder that an earlier, interrupted attempt left is emptied and used.

    Raises:
        Refused: ``store.kind.unknown``, ``store.argon2.floor``, ``store.folder.network``,
            ``store.folder.not_empty``, ``store.folder.exists`` (a store is there),
            ``session.password.*``, ``session.pin.*``, ``session.login.form``.
        WorkstationError: ``store.disk.*``.
    """
    if kind not in store_file.KINDS:
        raise Refused("store.kind.unknown")
    if not argon2.reaches(FLOOR) and not cheap_for_tests:
        raise Refused("store.argon2.floor", memory=argon2.memory, passes=argon2.passes)
    if is_network(folder):
        raise Refused("store.folder.network")
    durable = durable or Durable()
    clock = clock or SystemClock(clinic.time_zone)
    _claim_folder(folder, durable)
    around = Surroundings(folder, durable, clock, authority, FolderKeyFiles(folder, durable))
    ring, unlocked, serial = create_ring(
        around, kind, clinic.name, FirstUser(first_user, password, pin, argon2)
    )
    engine = sqlcipher_engine(folder / DATABASE, ring.key_for("database"))
    try:
        upgrade(engine)
        with transaction(engine, write=True) as connection:
            connection.execute(
                insert(schema.store).values(id=ring.store_id, kind=kind, created_at=clock.now())
            )
        opened = _opened(around, engine, ring, unlocked, folder / VAULT)
        opened.vault.prepare()
        login = store_file.login_of(first_user.login)
        user = replace(first_user, login=login, certificate=serial)
        with opened.store.writing("system", "") as unit:
            unit.set_clinic(clinic)
            unit.add_user(user)
            if pin is not None:
                unit.set_pin(user.id, ring.pin_verifier(pin))
            unit.audit(
                "store.created",
                ring.store_id,
                {"kind": kind, "user": user.id, "sealed": schema.HEAD},
            )
        durable.sync_folder(folder)
        finish_ring(ring)
        durable.remove(folder / _BEGUN)
    except BaseException:  # whatever it was: no key stays in memory; raised again
        engine.dispose()
        ring.close()
        raise
    return opened


def open_store(
    folder: Path,
    login: str,
    password: str,
    *,
    authority: CertificateAuthority,
    clock: Clock | None = None,
    durable: Durable | None = None,
    is_network: Callable[[Path], bool] = folders.is_network,
) -> OpenStore:
    """Open a store folder with a password; brings its database to the newest schema.

    Raises:
        Refused: ``store.folder.missing``, ``store.folder.network``, ``store.format.newer``,
            ``store.schema.newer``, ``store.sqlite.*``.
        NotAllowed: ``session.password.wrong`` (context ``wrong``, ``wait``),
            ``session.password.wait`` (context ``seconds``), ``session.user.inactive``.
        WorkstationError: ``store.server.gone`` of a clinic with a server.
        Corrupt: ``store.file.damaged``, ``store.file.changed``, ``store.database.damaged``,
            ``store.database.foreign`` (another store's), ``store.database.missing``.
    """
    around, engine, shared = _reached(folder, authority, clock, durable, is_network)
    try:
        ring, unlocked = open_ring(around, login, password)
    except BaseException:  # whatever it was: nothing stays open; raised again
        if engine is not None:
            engine.dispose()
        raise
    if engine is None:
        if not (folder / DATABASE).is_file():
            raise Corrupt("store.database.missing")
        engine = sqlcipher_engine(folder / DATABASE, ring.key_for("database"))
    try:
        if shared is None:
            names = (store_file.FILE_NAME, *around.files.names())
            before_upgrade.keep(
                folder,
                ring.store_id,
                engine,
                ring.key_for("database"),
                {name: around.files.read(name) for name in names},
                around.durable,
            )
        upgrade(engine)
        _check_identity(engine, ring)
        vault = folder / VAULT if shared is None else shared.vault
        opened = _opened(around, engine, ring, unlocked, vault, shared=shared is not None)
        if shared is not None:  # so that the sign-in page knows the names before the server answers
            sealed = around.files.read(store_file.FILE_NAME)
            around.durable.write(folder / store_file.FILE_NAME, sealed)
        with opened.store.reading() as unit:
            user = unit.user(unlocked.user)
            zone = unit.clinic().time_zone
        if user is None or not user.active:
            raise NotAllowed("session.user.inactive")
        (folder / _BEGUN).unlink(missing_ok=True)
        return replace(
            opened,
            clock=clock or SystemClock(zone),
            faults=(*opened.faults, *_noticed(opened.store, ring.store_id, folder / KEYS / JOINED)),
        )
    except BaseException:  # whatever it was: no key stays in memory; raised again
        engine.dispose()
        ring.close()
        raise


def recover(
    folder: Path,
    code: str,
    login: str,
    new_password: str,
    *,
    authority: CertificateAuthority,
    is_network: Callable[[Path], bool] = folders.is_network,
) -> None:
    """Give ``login`` a new password by the recovery key; its signing key is lost with the old one.

    Raises:
        NotAllowed: ``session.recovery.wrong``, ``session.password.wait``.
        Refused: ``session.login.unknown``, ``session.password.*``, and as ``open_store``.
    """
    around, engine, _ = _reached(folder, authority, None, None, is_network)
    try:
        recover_password(around, code, login, new_password)
    finally:
        if engine is not None:
            engine.dispose()


def _reached(
    folder: Path,
    authority: CertificateAuthority,
    clock: Clock | None,
    durable: Durable | None,
    is_network: Callable[[Path], bool],
) -> tuple[Surroundings, Engine | None, ClinicPlace | None]:
    """What a key ring needs of a folder; with the server's engine where the clinic has one."""
    if not is_store(folder):
        moved = (folder / MOVED).is_file()
        raise Refused("store.moved" if moved else "store.folder.missing")
    if is_network(folder):
        raise Refused("store.folder.network")
    durable = durable or Durable()
    for place in (folder, folder / KEYS):
        sweep(place)
    shared = clinic_file.read(folder)
    engine = None if shared is None else server_engine(shared)
    files = FolderKeyFiles(folder, durable) if engine is None else ServerKeyFiles(engine)
    # Before the clinic's zone is known only moments in UTC are needed.
    around = Surroundings(folder, durable, clock or SystemClock("UTC"), authority, files)
    return around, engine, shared


def is_store(folder: Path) -> bool:
    """Whether a store, or the way to a clinic's, lies in ``folder``."""
    return any((folder / name).is_file() for name in (store_file.FILE_NAME, clinic_file.FILE_NAME))


def server_engine(place: ClinicPlace) -> Engine:
    """The engine of a clinic's server, its schema brought up to date.

    Raises:
        Refused: ``store.server.plain_text``, ``store.server.password`` (one stands in the address),
            ``store.vault.missing``, ``store.schema.newer``.
        WorkstationError: ``store.server.gone``.
    """
    if not place.vault.is_dir():
        raise Refused("store.vault.missing")
    engine = postgresql_engine(place.server)
    try:
        upgrade(engine)
    except BaseException:  # whatever it was: nothing stays open; raised again
        engine.dispose()
        raise
    return engine


def _opened(
    around: Surroundings,
    engine: Engine,
    ring: StoreKeyRing,
    unlocked: Unlocked,
    vault: Path,
    *,
    shared: bool = False,
) -> OpenStore:
    key = ring.key_for("row seals")
    seals.attach(engine, key)
    with transaction(engine, write=False) as connection:
        current = seals.are_current(connection)
    found: tuple[str, ...] = ()
    if not current:
        with transaction(engine, write=True) as connection:
            found = seals.found_before_renewal(connection, key)
            seals.bring_up_to_date(connection, key)
            newest = audit.head(connection)
            if newest is not None:
                audit.append(
                    connection,
                    newest,
                    at=around.clock.now(),
                    actor="system",
                    station="",
                    action="store.sealed",
                    subject=ring.store_id,
                    detail={"sealed": schema.HEAD, "faults": list(found[:_NAMED])},
                )
    heads = HeadFile(around.folder / KEYS / HEADS, ring.key_for("audit heads"), around.durable)
    store = SqlStore(
        engine,
        around.clock,
        demonstration=ring.kind == "demonstration",
        heads=heads,
        # Another clock than the computer's is moved by whoever made it.
        watch=ClockWatch(around.clock) if isinstance(around.clock, SystemClock) else None,
        moved=around.folder / MOVED,
    )
    kept = (SharedVault if shared else FolderVault)(
        vault,
        key=ring.key_for("vault"),
        address_key=ring.key_for("vault address"),
        durable=around.durable,
    )

    def has_account(login: str) -> bool:
        with store.reading() as unit:
            return unit.user_by_login(login) is not None

    ring.accounts_are_known_by(has_account)
    return OpenStore(
        folder=around.folder,
        id=ring.store_id,
        kind=ring.kind,
        store=store,
        vault=kept,
        keys=ring,
        key_files=around.files,
        clock=around.clock,
        unlocked=unlocked,
        faults=found,
    )


def _noticed(store: SqlStore, id: str, joined: Path) -> tuple[str, ...]:
    """What opening notices about the audit trail; noticing goes on the trail itself.

    A station that has just joined a clinic has no second record yet: that is told, and no fault.
    """
    faults = store.rollback_faults()
    if joined.exists():
        if faults == ("audit.head.missing",):
            with store.writing("system", "") as unit:
                unit.audit("station.joined", id, {})
            faults = ()
        joined.unlink()
    if faults:
        with store.writing("system", "") as unit:
            unit.audit("audit.fault", id, {"faults": list(faults)})
    return faults


def _check_identity(engine: Engine, ring: StoreKeyRing) -> None:
    with transaction(engine, write=False) as connection:
        row = connection.execute(select(schema.store.c.id, schema.store.c.kind)).one_or_none()
    if row is None or (row.id, row.kind) != (ring.store_id, ring.kind):
        raise Corrupt("store.database.foreign")


def _claim_folder(folder: Path, durable: Durable) -> None:
    """Make the folder ours: absent, empty, or left by an attempt that did not finish."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Refused("store.folder.not_empty")
    if (folder / store_file.FILE_NAME).exists():
        raise Refused("store.folder.exists")
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    begun = {name for name in there if _BEGUN in name}  # or its temporary file alone
    half_made = bool(begun) and all(name in _OURS or _PART.match(name) for name in there)
    if there and not half_made:
        raise Refused("store.folder.not_empty")
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        durable.make_folder(place)
    durable.write(folder / _BEGUN, b"")
    for name in sorted(there - {_BEGUN}):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    durable.make_folder(folder / VAULT)
    durable.make_folder(folder / KEYS)
