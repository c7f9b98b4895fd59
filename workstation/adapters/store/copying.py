"""Carry a whole store from one database to another of the same schema, and prove that it arrived.

Used for a backup of a server (into an encrypted file) and for moving a clinic to a server. The
source is read in one snapshot; the target must be new. What was copied is read back and compared
row by row through a digest of each table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select, text

from workstation.adapters.store.schema import metadata
from workstation.domain.errors import Corrupt, Refused

_AT_ONCE = 2000


def copy_all(source: Connection, target: Connection) -> dict[str, int]:
    """Copy every table; rows by table. The caller commits the target.

    Raises:
        Refused: ``store.copy.not_empty`` when the target holds rows already.
        Corrupt: ``store.copy.differs`` (context ``table``) when what is read back is not the same.
    """
    counts: dict[str, int] = {}
    check_empty(target)
    for table in metadata.sorted_tables:
        counts[table.name] = 0
        for rows in _batches(source, table):
            target.execute(insert(table), rows)
            counts[table.name] += len(rows)
        if digest_of(source, table) != digest_of(target, table):
            raise Corrupt("store.copy.differs", table=table.name)
        _continue_numbering(target, table)
    return counts


def check_empty(target: Connection) -> None:
    """Raises Refused ``store.copy.not_empty`` when the target holds rows already."""
    for table in metadata.sorted_tables:
        if target.scalar(select(func.count()).select_from(table)):
            raise Refused("store.copy.not_empty", table=table.name)


def counts_of(connection: Connection) -> dict[str, int]:
    """Rows by table; an earlier schema lacks some."""
    there = set(inspect(connection).get_table_names())
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
        if table.name in there
    }


def digest_of(connection: Connection, table: Table) -> str:
    """SHA-256 over all rows in the order of the primary key, the same on both databases."""
    found = hashlib.sha256()
    for rows in _batches(connection, table):
        for row in rows:
            found.update(repr(sorted(row.items())).encode())
    return found.hexdigest()


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    # Not the database's own order of text: it depends on the server's collation.
    wanted = select(table).execution_options(yield_per=_AT_ONCE)
    key = list(table.primary_key.columns)
    if all(column.type.python_type is int for column in key):
        found = connection.execute(wanted.order_by(*key)).mappings()
    else:
        collation = "BINARY" if connection.dialect.name == "sqlite" else "C"
        ordered = [
            column if column.type.python_type is int else column.collate(collation)
            for column in key
        ]
        found = connection.execute(wanted.order_by(*ordered)).mappings()
    for part in found.partitions(_AT_ONCE):
        yield [dict(row) for row in part]


def _continue_numbering(target: Connection, table: Table) -> None:
    """A server's own numbering does not notice numbers that were given."""
    column = table.autoincrement_column
    if target.dialect.name != "postgresql" or column is None:
        return
    last = target.scalar(select(func.max(column)))
    if last is not None:
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table.name, "column": column.name, "last": last},
        )
