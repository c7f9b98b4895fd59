"""One consistent copy of a live database as an encrypted file, and the proof that it is whole."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from workstation.adapters.store import audit, copying
from workstation.adapters.store.engine import sqlcipher_engine, transaction
from workstation.adapters.store.upgrade import upgrade
from workstation.domain.audit import Entry
from workstation.domain.errors import Corrupt, WorkstationError


def take(engine: Engine, path: Path, key: bytes) -> None:
    """Write the database as it stands to ``path`` (absent), under the raw 32-byte ``key``.

    The embedded database writes itself out under the key it has; a server's tables are copied.
    Other work goes on meanwhile.

    Raises:
        WorkstationError: ``store.disk.*``; Corrupt: ``store.copy.differs``.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            try:
                driver.execute("VACUUM INTO ?", (str(path),))
            except driver.DatabaseError as error:
                full = "full" in str(error).lower()
                raise WorkstationError(
                    "store.disk.full" if full else "store.disk.fault",
                    step="snapshot",
                    folder=str(path.parent),
                ) from error
        return
    target = sqlcipher_engine(path, key)
    try:
        upgrade(target)
        with (
            transaction(engine, write=False) as source,
            transaction(target, write=True) as copied,
        ):
            copying.copy_all(source, copied)
        with target.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()


def check(path: Path, key: bytes) -> tuple[dict[str, int], Entry | None]:
    """Rows by table and the newest audit entry of a snapshot that is whole.

    Raises:
        Corrupt: ``store.database.damaged`` when pages, structure or the audit chain are not whole.
    """
    engine = sqlcipher_engine(path, key)
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            if driver.execute("PRAGMA cipher_integrity_check").fetchall():
                raise Corrupt("store.database.damaged")
            if driver.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise Corrupt("store.database.damaged")
        with transaction(engine, write=False) as connection:
            if audit.broken_at(connection) is not None:
                raise Corrupt("store.database.damaged")
            return copying.counts_of(connection), audit.head(connection)
    finally:
        engine.dispose()
