"""The copy that is made before a store's database is brought to a newer schema.

A migration is one transaction and leaves the old database or the new one; the copy is for the day
on which somebody must go back to the earlier program. It holds what a migration may change: the
database, encrypted as it is, and the wrapped keys. Photos and documents are never changed by one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text

from workstation.adapters.store import snapshot
from workstation.adapters.store.engine import transaction
from workstation.adapters.store.schema import HEAD
from workstation.domain.errors import WorkstationError

PLACE = "before-upgrade"


class DurableFiles(Protocol):
    """What the copy needs of durable file writing."""

    def write(self, path: Path, content: bytes) -> None:
        """Put ``content`` under ``path`` before returning."""
        ...

    def sync_folder(self, path: Path) -> None:
        """Make the names in a folder durable."""
        ...


def schema_of(engine: Engine) -> str:
    """The schema that a database has, or "" when it has none yet."""
    with transaction(engine, write=False) as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return ""
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def keep(
    folder: Path,
    store: str,
    engine: Engine,
    key: bytes,
    files: Mapping[str, bytes],
    durable: DurableFiles,
) -> Path | None:
    """Copy the database of the embedded store ``store`` with its key ``files``, and read it back.

    It goes below the clinic's backup folder when that can be written, else into the store's own
    folder; None when the schema is the newest already, or a newer program's. A copy of that schema
    that is there is kept: the first one is the one before anything was tried.

    Raises:
        Corrupt: ``store.database.damaged``: then nothing is upgraded either.
        WorkstationError: ``store.disk.*``.
    """
    schema = schema_of(engine)
    if not schema or schema >= HEAD:
        return None
    place = _place(folder, store, engine, schema)
    target = place / schema
    if target.is_dir():
        return target
    part = place / f".{schema}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise WorkstationError("store.disk.fault", step="before-upgrade") from error
    try:
        database = part / "workstation.db"
        snapshot.take(engine, database, key)
        snapshot.check(database, key)
        for left in ("workstation.db-wal", "workstation.db-shm"):
            (part / left).unlink(missing_ok=True)
        with database.open("rb+") as file:
            os.fsync(file.fileno())
        for name, content in files.items():
            (part / name).parent.mkdir(exist_ok=True, mode=0o700)
            durable.write(part / name, content)
        part.rename(target)
        durable.sync_folder(place)
    except BaseException:  # whatever it was: half a copy is none; raised again
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def _place(folder: Path, store: str, engine: Engine, schema: str) -> Path:
    chosen = _backup_folder(engine, schema)
    if chosen:
        place = Path(chosen) / PLACE / store[:12]
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:  # a disk that is not plugged in must not keep the clinic from its records
            pass
        else:
            return place
    place = folder / PLACE
    try:
        place.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise WorkstationError("store.disk.fault", step="before-upgrade") from error
    return place


def _backup_folder(engine: Engine, schema: str) -> str:
    if schema < "0002":  # before there were settings
        return ""
    wanted = text("SELECT content FROM setting WHERE scope = 'clinic' AND name = 'backup.folder'")
    with transaction(engine, write=False) as connection:
        return str(connection.scalar(wanted) or "")
