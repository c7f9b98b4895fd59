"""A keyed seal for every row, so that what is edited, added or removed outside the program shows.

Whoever edits the database with its key in hand, or administers a clinic's server, has no way to
make the seals: their key comes from the store key, which only a password opens. A write
transaction seals the rows it touched before it commits; the sum of all seals tells a row that was
removed together with its seal. The audit trail has its own chain and the wrapped keys their own seal.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    Column,
    Connection,
    Delete,
    Engine,
    Insert,
    Table,
    Update,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.sql.operators import and_, eq

from workstation.adapters.store import (  # noqa: F401  # their tables are in the metadata
    board_schema,
    erasure_schema,
    identity_schema,
)
from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.schema import HEAD, audit, metadata, seal, seal_total

KEY, TOUCHED = "workstation_seal_key", "workstation_touched"
_APART = frozenset({"seal", "seal_total", "audit", "key_file"})
_SEALED = {table.name: table for table in metadata.sorted_tables if table.name not in _APART}
_LIMIT = 1 << 256
_SCHEMA, _ALL = "schema", "all"  # what the seals were made for, and the sum of them all
# Tables that a migration fills from what was there, and the schema that brought them.
_FILLED = dict.fromkeys(
    ("photo_seen", "signed_plan", "result_message", "unread_result", "due"), "0010"
)
Touched = dict[str, dict[tuple[Any, ...], None]]


def attach(engine: Engine, key: bytes) -> None:
    """Seal what this engine's write transactions touch from now on, under a 32-byte ``key``."""
    engine.update_execution_options(**{KEY: key})

    @event.listens_for(engine, "before_execute")
    def before(
        connection: Connection, statement: Any, multiparams: Any, params: Any, options: Any
    ) -> None:
        touched = connection.get_execution_options().get(TOUCHED)
        if touched is None or not isinstance(statement, (Update, Delete)):
            return
        table = _table_of(statement)
        if table is None:
            return
        given = [*multiparams, params] if params else list(multiparams)
        named = _named(table, statement, given)
        if named is not None:
            touched.setdefault(table.name, {})[named] = None
            return
        wanted = select(*table.primary_key.columns)
        if statement.whereclause is not None:
            wanted = wanted.where(statement.whereclause)
        for values in given or [{}]:
            for row in connection.execute(wanted, values):
                touched.setdefault(table.name, {})[tuple(row)] = None

    @event.listens_for(engine, "after_execute")
    def after(
        connection: Connection,
        statement: Any,
        multiparams: Any,
        params: Any,
        options: Any,
        result: Any,
    ) -> None:
        touched = connection.get_execution_options().get(TOUCHED)
        if touched is None or not isinstance(statement, Insert):
            return
        table = _table_of(statement)
        if table is not None:
            for key_of in _inserted(table, result):
                touched.setdefault(table.name, {})[key_of] = None


def finish(connection: Connection) -> None:
    """Seal the rows that the open write transaction touched; the last thing before its commit."""
    options = connection.get_execution_options()
    touched: Touched | None = options.get(TOUCHED)
    key: bytes | None = options.get(KEY)
    if key is None or not touched:
        return
    rows = [(_SEALED[name], tuple(keys)) for name, keys in touched.items()]
    _seal_rows(connection, key, rows)
    touched.clear()


def bring_up_to_date(connection: Connection, key: bytes) -> bool:
    """Seal everything anew when the schema changed since (or nothing was ever sealed)."""
    if are_current(connection):
        return False
    connection.execute(delete(seal))
    connection.execute(delete(seal_total))
    total = 0
    for table in _SEALED.values():
        made = list(_macs(connection, key, table))
        total += sum(int(mac, 16) for _, mac in made)
        rows = [{"table_name": table.name, "row_key": row, "mac": mac} for row, mac in made]
        if rows:
            connection.execute(insert(seal), rows)
    connection.execute(
        insert(seal_total),
        [{"name": _SCHEMA, "total": HEAD}, {"name": _ALL, "total": f"{total % _LIMIT:064x}"}],
    )
    return True


def found_before_renewal(connection: Connection, key: bytes) -> tuple[str, ...]:
    """Faults that sealing everything anew would hide; asked in the transaction that does.

    Seals are made anew after a migration, which changes no sealed row. Whoever edits rows and sets
    the schema of the seals back, or takes all seals away, must not have his work sealed in silence:
    the audit trail, with its own chain and second record, knows whether there were seals.
    """
    made_for = connection.scalar(select(seal_total.c.total).where(seal_total.c.name == _SCHEMA))
    if made_for:
        filled = tuple(
            f"row.added:{table}:" for table, since in _FILLED.items() if made_for < since
        )
        return tuple(code for code in faults(connection, key) if not code.startswith(filled))
    told = select(audit.c.seq).where(
        audit.c.action.in_(("store.created", "store.sealed")), audit.c.detail.contains('"sealed"')
    )
    return ("seals.missing",) if connection.scalar(told.limit(1)) is not None else ()


def are_current(connection: Connection) -> bool:
    """Whether the seals were made for the newest schema."""
    made_for = select(seal_total.c.total).where(seal_total.c.name == _SCHEMA)
    return connection.scalar(made_for) == HEAD


def faults(connection: Connection, key: bytes) -> tuple[str, ...]:
    """Rows that are not as the program left them: ``row.changed:table:key``, ``row.added``,
    ``row.removed``; ``rows.removed`` when seals were removed together with their rows.
    """
    found: list[str] = []
    totals = {row.name: row.total for row in connection.execute(select(seal_total))}
    if _SCHEMA not in totals:
        return ("seals.missing",)
    total = 0
    for table in _SEALED.values():
        kept = {
            row.row_key: row.mac
            for row in connection.execute(select(seal).where(seal.c.table_name == table.name))
        }
        total += sum(int(mac, 16) for mac in kept.values())
        for row_key, mac in _macs(connection, key, table):
            wanted = kept.pop(row_key, None)
            if wanted is None:
                found.append(f"row.added:{table.name}:{row_key}")
            elif not hmac.compare_digest(wanted, mac):
                found.append(f"row.changed:{table.name}:{row_key}")
        found += [f"row.removed:{table.name}:{row_key}" for row_key in kept]
    if _number(totals.get(_ALL)) != total % _LIMIT:
        found.append("rows.removed")
    return tuple(found)


def _table_of(statement: Insert | Update | Delete) -> Table | None:
    table = statement.table
    return _SEALED.get(table.name) if isinstance(table, Table) else None


def _named(
    table: Table, statement: Update | Delete, given: Sequence[dict[str, Any]]
) -> tuple[Any, ...] | None:
    """The one row that a statement can touch, where its condition names a whole key; else None.

    A row that is named and not there is no harm: what is sealed is read from the database.
    """
    where, values = statement.whereclause, given[0] if given else {}
    if where is None or len(given) > 1:
        return None
    parts = where.clauses if isinstance(where, BooleanClauseList) else (where,)
    if isinstance(where, BooleanClauseList) and where.operator is not and_:
        return None
    found: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, BinaryExpression) and part.operator is eq:
            column, value = part.left, part.right
            if isinstance(column, Column) and isinstance(value, BindParameter):
                found[column.key] = values.get(value.key, value.value)
    key = tuple([found.get(column.key) for column in table.primary_key.columns])
    plain = all([isinstance(value, str) or type(value) is int for value in key])
    return key if plain else None


def _inserted(table: Table, result: Any) -> Iterator[tuple[Any, ...]]:
    names = [column.key for column in table.primary_key.columns]
    given = result.context.compiled_parameters
    if all(name in row for row in given for name in names):
        yield from (tuple(row[name] for name in names) for row in given)
    else:  # the database gave the number
        yield tuple(result.inserted_primary_key)


def _seal_rows(
    connection: Connection, key: bytes, rows: Iterable[tuple[Table, Sequence[tuple[Any, ...]]]]
) -> None:
    """Seal rows by table and key: on the driver's own cursor, since each edit waits for them."""
    said = _Said.of(connection)
    driver = connection.connection.driver_connection
    assert driver is not None  # the transaction is open on it
    cursor = driver.cursor()

    def first(statement: str, given: tuple[Any, ...] = ()) -> Any:
        cursor.execute(statement, given)
        return cursor.fetchone()

    change = 0
    for table, keys in rows:
        for values in keys:
            name = (table.name, _row_key(values))
            row = first(said.row[table.name], _bound(values))
            now = None if row is None else _mac(key, table, row)
            kept = first(said.kept, name)
            before = None if kept is None else kept[0]
            if now == before:
                continue
            if before is None:
                cursor.execute(said.add, (*name, now))
            elif now is None:
                cursor.execute(said.remove, name)
            else:
                cursor.execute(said.replace, (now, *name))
            change += _number(now) - _number(before)
    if change:
        kept = first(said.total)
        total = f"{(_number(None if kept is None else kept[0]) + change) % _LIMIT:064x}"
        cursor.execute(said.first_total if kept is None else said.new_total, (total, _ALL))
    cursor.close()


@dataclass(frozen=True, slots=True)
class _Said:
    """The statements in the driver's own words: building them anew costs more than running them."""

    row: dict[str, str]
    kept: str
    add: str
    remove: str
    replace: str
    total: str
    first_total: str
    new_total: str

    @staticmethod
    def of(connection: Connection) -> _Said:
        """For this connection's driver."""
        return _said("?" if connection.dialect.paramstyle == "qmark" else "%s")


@cache
def _said(p: str) -> _Said:
    here = f"table_name = {p} AND row_key = {p}"
    return _Said(
        row={
            table.name: f"{_all_of(table)} WHERE {_keyed(table, p)}" for table in _SEALED.values()
        },
        kept=f"SELECT mac FROM seal WHERE {here}",
        add=f"INSERT INTO seal (table_name, row_key, mac) VALUES ({p}, {p}, {p})",
        remove=f"DELETE FROM seal WHERE {here}",
        replace=f"UPDATE seal SET mac = {p} WHERE {here}",
        total=f"SELECT total FROM seal_total WHERE name = '{_ALL}'",
        first_total=f"INSERT INTO seal_total (total, name) VALUES ({p}, {p})",
        new_total=f"UPDATE seal_total SET total = {p} WHERE name = {p}",
    )


def _all_of(table: Table) -> str:
    columns = ", ".join(f'"{column.key}"' for column in table.columns)
    return f"SELECT {columns} FROM {table.name}"


def _keyed(table: Table, p: str) -> str:
    return " AND ".join(f'"{column.key}" = {p}' for column in table.primary_key.columns)


def _bound(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)


def _macs(connection: Connection, key: bytes, table: Table) -> Iterator[tuple[str, str]]:
    """(row key, seal) of every row."""
    at = [list(table.columns).index(column) for column in table.primary_key.columns]
    found = connection.exec_driver_sql(_all_of(table))
    while rows := found.fetchmany(2000):
        for row in rows:
            yield _row_key(tuple(row[n] for n in at)), _mac(key, table, row)


def _mac(key: bytes, table: Table, row: AnyRow | tuple[Any, ...]) -> str:
    """The seal of one row as the driver gives it, the same from both databases.

    Empty columns are left out: a column added later changes no seal.
    """
    plain = [
        [column.key, _plain(value)]
        for column, value in zip(table.columns, row, strict=True)
        if value is not None
    ]
    text = json.dumps([table.name, sorted(plain)], ensure_ascii=True)
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _row_key(values: tuple[Any, ...]) -> str:
    return json.dumps([str(value) for value in values], separators=(",", ":"), ensure_ascii=True)


def _number(total: str | None) -> int:
    return 0 if total is None else int(total, 16)
