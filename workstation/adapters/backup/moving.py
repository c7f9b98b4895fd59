"""Carry a clinic from one computer's folder to a server and a shared vault; join it from others."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from workstation.adapters.store import audit, copying
from workstation.adapters.store.engine import sqlcipher_engine, transaction
from workstation.adapters.store.folder import (
    DATABASE,
    JOINED,
    MOVED,
    OpenStore,
    is_store,
    server_engine,
)
from workstation.adapters.store.key_files import ServerKeyFiles
from workstation.adapters.system import clinic_file, store_file
from workstation.adapters.system.clinic_file import ClinicPlace
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.key_surroundings import KEYS
from workstation.adapters.vault.blobs import FolderVault
from workstation.domain.errors import Corrupt, Refused
from workstation.domain.ids import VaultAddress

_WAY = (f"{KEYS}/{JOINED}", clinic_file.FILE_NAME, store_file.FILE_NAME)  # of a station
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What arrived on the server, every table and file compared."""

    rows: dict[str, int]
    files: int


def move(
    opened: OpenStore,
    place: ClinicPlace,
    folder: Path,
    *,
    along: tuple[str, ...] = (),
    durable: Durable | None = None,
    progress: Progress | None = None,
) -> Moved:
    """Copy an open embedded store to ``place`` and make ``folder`` this station's way to it.

    The old folder stays, complete, but no longer opens: a clinic has one set of records. Until
    everything was compared the old store is the one in force; a fault leaves it so, and the move
    can be made again into a new, empty database. ``along`` names folders in clear that come
    along, as that of packages which nobody has taken in yet.

    Raises:
        Refused: ``store.copy.not_empty``, ``store.vault.not_empty``, ``store.folder.not_empty``,
            ``store.server.plain_text``, ``store.server.password``, ``store.vault.missing``.
        Corrupt: ``store.copy.differs``; WorkstationError: ``store.server.gone``, ``store.disk.*``.
    """
    durable = durable or Durable()
    if is_store(folder) or (folder.exists() and any(folder.iterdir())):
        raise Refused("store.folder.not_empty")
    # What cannot be written is said now, and not after hours of copying.
    _make(folder, durable)
    engine = server_engine(place)
    try:
        if any(place.vault.iterdir()):
            raise Refused("store.vault.not_empty")
        with transaction(engine, write=False) as target:
            copying.check_empty(target)
        with opened.store.writing("system", "") as unit:
            unit.audit("store.move.begun", opened.id, {})
        there = _vault(opened, place.vault, frozenset(), durable, progress)
        embedded = sqlcipher_engine(opened.folder / DATABASE, opened.keys.key_for("database"))
        try:
            # From here on nobody else writes, and afterwards finds the records moved.
            with transaction(embedded, write=True) as source:
                there |= _vault(opened, place.vault, there, durable, None)  # came meanwhile
                rows = _tables(source, engine)
                _put_in_force(opened, place, folder, engine, along, durable)
        finally:
            embedded.dispose()
    finally:
        engine.dispose()
    return Moved(rows, len(there))


def _put_in_force(
    opened: OpenStore,
    place: ClinicPlace,
    folder: Path,
    engine: Engine,
    along: tuple[str, ...],
    durable: Durable,
) -> None:
    """The new place from now on. Stations can join once the server has the sealed file."""
    keys = ServerKeyFiles(engine)
    for name in opened.key_files.names():
        keys.write(name, opened.key_files.read(name))
    sealed = opened.key_files.read(store_file.FILE_NAME)
    try:
        for name in along:
            if (opened.folder / name).is_dir():
                shutil.copytree(opened.folder / name, folder / name)
        _way(place, folder, sealed, durable)
        keys.write(store_file.FILE_NAME, sealed)
    except BaseException:  # whatever it was: the old place stays the only one; raised again
        for name in _WAY:
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)
        for name in along:
            shutil.rmtree(folder / name, ignore_errors=True)
        raise
    (opened.folder / store_file.FILE_NAME).rename(opened.folder / MOVED)
    durable.sync_folder(opened.folder)


def join(place: ClinicPlace, folder: Path, *, durable: Durable | None = None) -> None:
    """Make ``folder`` (absent or empty) this station's way to the clinic at ``place``.

    Raises:
        Refused: ``store.folder.not_empty``, ``store.server.empty`` (no clinic on that server),
            ``store.vault.foreign`` (no vault of any clinic), and as ``move``.
    """
    durable = durable or Durable()
    if folder.exists() and any(folder.iterdir()):
        raise Refused("store.folder.not_empty")
    engine = server_engine(place)
    try:
        sealed = ServerKeyFiles(engine).read(store_file.FILE_NAME)
    except FileNotFoundError as error:
        raise Refused("store.server.empty") from error
    finally:
        engine.dispose()
    if not FolderVault.is_prepared(place.vault):
        raise Refused("store.vault.foreign")
    _make(folder, durable)
    _way(place, folder, sealed, durable)


def _make(folder: Path, durable: Durable) -> None:
    """A new station's folder, which can be written."""
    for missing in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
        durable.make_folder(missing)
    durable.make_folder(folder / KEYS)
    durable.write(folder / KEYS / JOINED, b"")
    durable.remove(folder / KEYS / JOINED)
    (folder / KEYS).rmdir()


def _way(place: ClinicPlace, folder: Path, sealed: bytes, durable: Durable) -> None:
    """Write the way to the clinic into a new, empty folder."""
    durable.make_folder(folder / KEYS)
    durable.write(folder / KEYS / JOINED, b"")
    durable.write(folder / clinic_file.FILE_NAME, clinic_file.text(place).encode())
    durable.write(folder / store_file.FILE_NAME, sealed)


def _vault(
    opened: OpenStore,
    shared: Path,
    there: frozenset[VaultAddress],
    durable: Durable,
    progress: Progress | None,
) -> frozenset[VaultAddress]:
    """Copy every file that is not ``there`` as it is, open it where it now lies; what was copied."""
    target = FolderVault(
        shared,
        key=opened.keys.key_for("vault"),
        address_key=opened.keys.key_for("vault address"),
        durable=durable,
    )
    target.prepare()
    addresses = tuple(address for address in opened.vault.addresses() if address not in there)
    for n, address in enumerate(addresses):
        durable.write(shared / address[:2] / address, opened.vault.sealed(address))
        target.get(address)
        if progress is not None:
            progress(n + 1, len(addresses))
    return frozenset(addresses)


def _tables(source: Connection, engine: Engine) -> dict[str, int]:
    with transaction(engine, write=True) as target:
        rows = copying.copy_all(source, target)
        if audit.broken_at(target) is not None:
            raise Corrupt("store.copy.differs", table="audit")
    return rows
