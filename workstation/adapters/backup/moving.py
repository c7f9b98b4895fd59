"""Carry a clinic from one computer's folder to a server and a shared vault; join it from others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from workstation.adapters.store import audit, copying
from workstation.adapters.store.engine import sqlcipher_engine, transaction
from workstation.adapters.store.folder import DATABASE, JOINED, OpenStore, is_store, server_engine
from workstation.adapters.store.key_files import ServerKeyFiles
from workstation.adapters.system import clinic_file, store_file
from workstation.adapters.system.clinic_file import ClinicPlace
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.key_surroundings import KEYS
from workstation.adapters.vault.blobs import FolderVault
from workstation.domain.errors import Corrupt, Refused

MOVED = "store.moved"  # what store.toml of the old folder is called afterwards
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
    durable: Durable | None = None,
    progress: Progress | None = None,
) -> Moved:
    """Copy an open embedded store to ``place`` and make ``folder`` this station's way to it.

    The old folder stays, complete, but no longer opens: a clinic has one set of records. Until
    everything was compared the old store is the one in force; a fault leaves it so, and the move
    can be made again into a new, empty database.

    Raises:
        Refused: ``store.copy.not_empty``, ``store.vault.not_empty``, ``store.folder.not_empty``,
            ``store.server.plain_text``, ``store.server.password``, ``store.vault.missing``.
        Corrupt: ``store.copy.differs``; WorkstationError: ``store.server.gone``, ``store.disk.*``.
    """
    durable = durable or Durable()
    if is_store(folder) or (folder.exists() and any(folder.iterdir())):
        raise Refused("store.folder.not_empty")
    engine = server_engine(place)
    try:
        if any(place.vault.iterdir()):
            raise Refused("store.vault.not_empty")
        with opened.store.writing("system", "") as unit:
            unit.audit("store.move.begun", opened.id, {})
        files = _vault(opened, place.vault, durable, progress)
        rows = _tables(opened, engine)
        keys = ServerKeyFiles(engine)
        for name in (*opened.key_files.names(), store_file.FILE_NAME):
            keys.write(name, opened.key_files.read(name))
    finally:
        engine.dispose()
    join(place, folder, durable=durable)
    (opened.folder / store_file.FILE_NAME).rename(opened.folder / MOVED)
    durable.sync_folder(opened.folder)
    return Moved(rows, files)


def join(place: ClinicPlace, folder: Path, *, durable: Durable | None = None) -> None:
    """Make ``folder`` (absent or empty) this station's way to the clinic at ``place``.

    Raises:
        Refused: ``store.folder.not_empty``, ``store.folder.missing`` (no clinic on that server),
            and as ``move``.
    """
    durable = durable or Durable()
    if folder.exists() and any(folder.iterdir()):
        raise Refused("store.folder.not_empty")
    engine = server_engine(place)
    try:
        sealed = ServerKeyFiles(engine).read(store_file.FILE_NAME)
    except FileNotFoundError as error:
        raise Refused("store.folder.missing") from error
    finally:
        engine.dispose()
    for missing in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
        durable.make_folder(missing)
    durable.make_folder(folder / KEYS)
    durable.write(folder / KEYS / JOINED, b"")
    durable.write(folder / clinic_file.FILE_NAME, clinic_file.text(place).encode())
    durable.write(folder / store_file.FILE_NAME, sealed)


def _vault(opened: OpenStore, shared: Path, durable: Durable, progress: Progress | None) -> int:
    """Copy every file as it is, then open it where it now lies."""
    target = FolderVault(
        shared,
        key=opened.keys.key_for("vault"),
        address_key=opened.keys.key_for("vault address"),
        durable=durable,
    )
    target.prepare()
    addresses = tuple(opened.vault.addresses())
    for n, address in enumerate(addresses):
        durable.write(shared / address[:2] / address, opened.vault.sealed(address))
        target.get(address)
        if progress is not None:
            progress(n + 1, len(addresses))
    return len(addresses)


def _tables(opened: OpenStore, engine: Engine) -> dict[str, int]:
    embedded = sqlcipher_engine(opened.folder / DATABASE, opened.keys.key_for("database"))
    try:
        with (
            transaction(embedded, write=True) as source,  # nobody else writes meanwhile
            transaction(engine, write=True) as target,
        ):
            rows = copying.copy_all(source, target)
            if audit.broken_at(target) is not None:
                raise Corrupt("store.copy.differs", table="audit")
    finally:
        embedded.dispose()
    return rows
