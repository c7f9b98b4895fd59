"""Database engines: SQLCipher through the plain sqlite dialect, and PostgreSQL for a clinic.

``transaction(engine, write=True)`` is the one way to a connection. Writers are one at a time on
both: BEGIN IMMEDIATE on SQLite, a transaction-level advisory lock on PostgreSQL. Readers see one
snapshot and never wait.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from workstation.adapters.store import seals
from workstation.domain.errors import Conflict, Corrupt, Refused, WorkstationError

SQLITE_FLOOR = (3, 51, 3)
_BUSY_SECONDS = 10
_PSYCOPG = "postgresql+psycopg"
_WRITE = "workstation_write"
_FOLDER = "workstation_folder"  # of the database file; none on a server
_PROBE = b"\xa5" * (64 << 10)
_WRITER_LOCK = 0x64657277  # one fixed number for all stations
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}",
)


def sqlcipher_engine(path: Path, key: bytes) -> Engine:
    """The engine of an encrypted file under a raw 32-byte key.

    Raises:
        Refused: ``store.sqlite.old`` or ``store.sqlite.cipher`` when the library is not fit.
    """
    from sqlcipher3 import dbapi2

    if tuple(int(n) for n in dbapi2.sqlite_version.split(".")) < SQLITE_FLOOR:
        raise Refused("store.sqlite.old", version=dbapi2.sqlite_version)
    unlock = f"PRAGMA key = \"x'{key.hex()}'\""

    def connect() -> Any:
        made = dbapi2.connect(
            str(path), check_same_thread=False, timeout=_BUSY_SECONDS, isolation_level=None
        )
        try:
            made.execute(unlock)
            if not made.execute("PRAGMA cipher_version").fetchall():
                raise Refused("store.sqlite.cipher")  # a library without it would write in clear
            made.execute("PRAGMA cipher_log_level = NONE")
            for pragma in _PRAGMAS:
                made.execute(pragma)
        except dbapi2.DatabaseError as error:
            made.close()
            raise _translated(error, folder=path.parent) from error
        except BaseException:  # whatever it was: nothing stays open; raised again
            made.close()
            raise
        return made

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
        hide_parameters=True,  # an error's text never quotes a patient's row
        execution_options={_FOLDER: path.parent},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def postgresql_engine(url: str) -> Engine:
    """The engine of a clinic's server (psycopg).

    Raises:
        Refused: ``store.server.plain_text`` when the server is not this machine and the
            connection is not encrypted and checked (``sslmode=verify-full``).
            ``store.server.password`` when one stands in the address: it belongs in libpq's
            password file or a client certificate. ``store.server.address`` when it is no
            address of a PostgreSQL server; ``store.server.driver`` when its driver is missing.
    """
    target = _address(url)
    query = {name: str(value) for name, value in target.query.items()}
    host = target.host or query.get("host", "")
    here = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")
    if target.password:
        raise Refused("store.server.password")  # the address is kept in clear
    if not here and query.get("sslmode") != "verify-full":
        raise Refused("store.server.plain_text")
    try:
        engine = create_engine(
            target,
            pool_size=4,
            max_overflow=12,
            hide_parameters=True,
            connect_args={"application_name": "derm-workstation"},
        )
    except ImportError as error:
        raise Refused("store.server.driver") from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITE):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _address(url: str) -> URL:
    try:
        target = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise Refused("store.server.address") from error
    if target.drivername not in ("postgresql", _PSYCOPG):
        raise Refused("store.server.address")
    return target.set(drivername=_PSYCOPG)


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One transaction: commits at the end of the block, rolls back on any exception.

    Raises:
        Corrupt: ``store.database.damaged`` (or opened with another key).
        Conflict: ``store.busy`` when another writer holds it too long.
        WorkstationError: ``store.disk.full``, ``store.disk.fault``, ``store.server.gone``,
            ``store.commit.unconfirmed`` (the server went away during commit: look again).
    """
    committing = False
    folder = engine.get_execution_options().get(_FOLDER)
    try:
        with (
            engine.connect().execution_options(
                **{_WRITE: write, seals.TOUCHED: {} if write else None}
            ) as connection,
            connection.begin() as work,
        ):
            yield connection
            seals.finish(connection)
            committing = True
            work.commit()
    except DBAPIError as error:
        if committing and error.connection_invalidated:
            raise WorkstationError("store.commit.unconfirmed") from error
        raise _translated(error, folder=folder) from error
    except engine.dialect.loaded_dbapi.Error as error:  # of the driver's own cursor (``seals``)
        gone = isinstance(error, engine.dialect.loaded_dbapi.OperationalError)
        raise _translated(error, gone=gone, folder=folder) from error


def is_current(engine: Engine, head: str) -> bool:
    """Whether the database is at migration ``head``, found without loading Alembic."""
    with transaction(engine, write=False) as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return False
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(found) == [head]


def _translated(
    error: Exception, *, gone: bool = False, folder: Path | None = None
) -> WorkstationError:
    """What a driver's error means; integrity errors stay for the caller's own checks to explain."""
    said = str(error).lower()
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if re.search(r"disk i/o|unable to open", said) and folder is not None and _is_full(folder):
        return WorkstationError("store.disk.full", folder=str(folder))
    for pattern, made in (
        (r"not a database|malformed|corrupt", Corrupt("store.database.damaged")),
        (
            r"database or disk is full|no space left",
            WorkstationError("store.disk.full", **({"folder": str(folder)} if folder else {})),
        ),
        (r"locked|busy|lock timeout", Conflict("store.busy")),
        (
            r"disk i/o|unable to open|readonly",
            WorkstationError("store.disk.fault", errno=errno.EIO),
        ),
        (r"append-only", Conflict("store.append_only")),
    ):
        if re.search(pattern, said):
            return made
    if gone or lost or isinstance(error, OperationalError):
        return WorkstationError("store.server.gone")
    return WorkstationError("store.statement.failed")


def _is_full(folder: Path) -> bool:
    """Whether the disk has no room: tried, since SQLite tells no reason of a sync that failed.

    A file system that finds its room when it writes out, not when it is written to, says so at
    the sync alone, and SQLite calls that an input or output error like any other.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".room.", suffix=".part") as probe:
            probe.write(_PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return False
