"""Any cell edited, row added or removed outside the program is named, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import store_world as world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Table,
    Update,
    event,
    insert,
    select,
    text,
    update,
)

from workstation.adapters.store import seals
from workstation.adapters.store.columns import Exact, Moment
from workstation.adapters.store.engine import postgresql_engine, sqlcipher_engine, transaction
from workstation.adapters.store.schema import metadata
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import Change, Edit, ItemKind, Key, Note
from workstation.domain.ids import ConsultationId, UserId

TABLES = [
    table
    for table in metadata.sorted_tables
    if table.name not in ("seal", "seal_total", "audit", "key_file")  # these have their own tests
]
PASSES = 25  # columns of one row that are edited one after the other
KEY, SEALS = b"k" * 32, b"s" * 32


def filled(store: SqlStore) -> None:
    """Rows in as many tables as the store's own acts fill."""
    for n in (1, 2):
        world.add(
            store,
            world.consultation(n, world.patient(n), dispensed=(world.supply(date(2026, 10, 1)),)),
        )
    id = ConsultationId("consultation-1")
    token = world.take(store, id)
    with store.writing("user-doctor", "s") as unit:
        note = Change(Key.of(ItemKind.NOTE, "assessment"), None, Note("seen"))
        unit.append_edit(id, token, 0, Edit("note", (note,), UserId("user-doctor"), world.NOW))
        unit.add_result(world.patient(1).id, world.lab(1))
        unit.set_setting("clinic", "backup.keep", "7")
        unit.audit("made.up", id, {"n": 1})
        number = unit.reserve_number(id, "prescription", 2026)
        unit.finish(
            id,
            token,
            1,
            [world.signed(id, DocumentKind.PRESCRIPTION, number)],
            world.outcome(Status.CLOSED, world.supply(date(2026, 11, 22))),
        )


@pytest.fixture(params=["sqlcipher", "postgresql"])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = None
    if request.param == "postgresql":
        name = f"seals_{abs(hash(request.node.name))}"
        url = world.fresh_database(request.getfixturevalue("server"), name)
    store = world.bare_store(url, tmp_path, world.FixedClock())
    engine = store._engine
    seals.attach(engine, SEALS)
    with transaction(engine, write=True) as connection:
        assert seals.bring_up_to_date(connection, SEALS)
    filled(store)
    yield store
    store.close()


def faults(store: SqlStore) -> tuple[str, ...]:
    with transaction(store._engine, write=False) as connection:
        return seals.faults(connection, SEALS)


def outside(store: SqlStore) -> Any:
    """The same database without the program's seals, triggers out of the way."""
    engine = store._engine
    if engine.dialect.name == "postgresql":
        other = postgresql_engine(engine.url.render_as_string(hide_password=False))
    else:
        with engine.connect() as connection:
            path = connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2]
        other = sqlcipher_engine(Path(path), KEY)
        event.listen(other, "connect", lambda c, _: c.execute("PRAGMA foreign_keys = OFF"))
    return other


def without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in found.fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")


def test_what_the_program_writes_is_sealed(sealed: SqlStore) -> None:
    assert faults(sealed) == ()


def has_every_cell(store: SqlStore) -> None:
    """A row in each table that the acts above leave empty, and a value in each column.

    Written as the program writes, so sealed; what a row means matters to nobody here.
    """
    with transaction(store._engine, write=True) as connection:
        without_triggers(connection)
        for table in TABLES:
            if connection.execute(select(table).limit(1)).first() is None:
                made = {column.key: _some(connection, column) for column in table.columns}
                connection.execute(insert(table).values(made))
                continue
            for column in table.columns:
                empty = column.is_(None)
                if connection.execute(select(column).where(empty).limit(1)).first() is not None:
                    made = {column.key: _some(connection, column)}
                    connection.execute(update(table).where(empty).values(made))


def _some(connection: Connection, column: Column[Any]) -> Any:
    """A value for one cell: of the row it points to, else of its kind."""
    for key in column.foreign_keys:
        there = connection.scalar(select(key.column).limit(1))
        if there is not None:
            return there
    if isinstance(column.type, (Moment, Exact)):
        return world.NOW if isinstance(column.type, Moment) else Decimal("1.5")
    made = {bool: True, int: 7, str: "x1", date: date(2026, 11, 1)}
    return made[column.type.python_type]


def test_every_edited_cell_of_every_table_is_named(sealed: SqlStore) -> None:
    """One cell of each table at a time, so that a comparison of all rows serves many tables."""
    has_every_cell(sealed)
    assert faults(sealed) == ()
    other, missed, seen = outside(sealed), [], set()
    tables = TABLES
    # Of a table with many columns two rows are edited at once, so that half the passes serve.
    halves = [
        half
        for columns in (list(table.columns) for table in tables)
        for half in ((columns[:PASSES], columns[PASSES:]))
    ]
    assert max(map(len, halves)) <= PASSES
    with transaction(other, write=False) as connection:
        rows = {
            table.name: connection.execute(select(table).limit(2)).mappings().all()
            for table in tables
        }
    for columns in zip_longest(*halves):
        with transaction(other, write=True) as connection:
            without_triggers(connection)
            edited = [
                (
                    f"{one.table.name}.{one.key}",
                    *_edited(connection, one, rows[one.table.name][n % 2]),
                )
                for n, one in enumerate(columns)
                if one is not None
            ]
        seen |= {name for name, _undo, _fault in edited}
        told = faults(sealed)
        for name, _undo, fault in edited:
            if not any(found.startswith(fault) for found in told):
                missed.append(name)
        with transaction(other, write=True) as connection:
            without_triggers(connection)
            for _name, undo, _fault in edited:
                connection.execute(undo)
    assert missed == []
    assert seen == {f"{column.table.name}.{column.key}" for t in tables for column in t.columns}
    assert faults(sealed) == ()
    other.dispose()


def _edited(connection: Connection, cell: Column[Any], row: Any) -> tuple[Update, str]:
    """Change one cell of a row; how to take it back and the fault that must be found."""
    table, column = cell.table, cell.key
    primary = [c.key for c in table.primary_key.columns]
    here = [table.c[name] == row[name] for name in primary]
    value = _other(table, column, row[column])
    there = [table.c[n] == (value if n == column else row[n]) for n in primary]
    connection.execute(update(table).where(*here).values({column: value}))
    undo = update(table).where(*there).values({column: row[column]})
    # Under another key it is another row: one that was never sealed.
    if column in primary:
        return undo, f"row.added:{table.name}:"
    first = row[primary[0]]
    return undo, f"row.changed:{table.name}:" + (f'["{first}"' if isinstance(first, str) else "")


def _other(table: Table, column: str, value: Any) -> Any:
    kind = table.c[column].type
    if isinstance(kind, Boolean):
        return not value
    if isinstance(value, datetime):
        return value.replace(microsecond=(value.microsecond + 1) % 1_000_000)
    if isinstance(value, date):
        return value.replace(day=value.day % 28 + 1)
    if isinstance(value, str):
        return (value[:-1] + ("a" if value[-1:] != "a" else "b")) or "x"
    return value + 1000


def test_removed_and_added_rows_are_named(sealed: SqlStore) -> None:
    other = outside(sealed)
    with transaction(other, write=True) as connection:
        without_triggers(connection)
        connection.execute(text("DELETE FROM result"))
        connection.execute(
            text("INSERT INTO setting (scope, name, content) VALUES ('clinic', 'x', 'y')")
        )
    found = faults(sealed)
    assert any(fault.startswith("row.removed:result:") for fault in found)
    assert 'row.added:setting:["clinic","x"]' in found
    other.dispose()


def test_a_row_removed_with_its_seal_is_missed_by_nobody(sealed: SqlStore) -> None:
    other = outside(sealed)
    with transaction(other, write=True) as connection:
        without_triggers(connection)
        connection.execute(text("DELETE FROM result"))
        connection.execute(text("DELETE FROM seal WHERE table_name = 'result'"))
    assert faults(sealed) == ("rows.removed",)
    other.dispose()


def test_a_seal_made_with_another_key_is_none(sealed: SqlStore) -> None:
    with transaction(sealed._engine, write=False) as connection:
        assert seals.faults(connection, b"o" * 32) != ()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.sampled_from(["setting", "drop", "edit", "undo", "result", "claim"]), max_size=12
    )
)
def test_any_order_of_acts_leaves_the_seals_right(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    store = world.bare_store(None, tmp_path_factory.mktemp("s"), world.FixedClock())
    seals.attach(store._engine, SEALS)
    with transaction(store._engine, write=True) as connection:
        seals.bring_up_to_date(connection, SEALS)
    id = world.add(store, world.consultation(1, world.patient(1)))
    token, revision, depth = world.take(store, id), 0, 0
    for n, act in enumerate(acts):
        with store.writing("user-doctor", "s") as unit:
            match act:
                case "setting":
                    unit.set_setting("clinic", "backup.keep", str(2 + n))
                case "drop":
                    unit.set_setting("clinic", "backup.keep", None)
                case "edit":
                    key = Key.of(ItemKind.NOTE, f"n{n}")
                    edit = Edit("note", (Change(key, None, Note("x")),), UserId("u"), world.NOW)
                    revision, depth = unit.append_edit(id, token, revision, edit), depth + 1
                case "undo" if depth:
                    revision, depth = unit.move_cursor(id, token, revision, -1), depth - 1
                case "result":
                    unit.add_result(world.patient(1).id, world.lab(n))
                case "claim":
                    unit.renew(id, token, world.NOW)
    assert faults(store) == ()
    store.close()


def test_an_open_store_folder_tells_of_its_rows(tmp_path: Path) -> None:
    opened = world.create(tmp_path / "store")
    world.add(opened.store, world.consultation(1, world.patient(1)))
    assert opened.store.audit_faults() == ()
    engine = sqlcipher_engine(opened.folder / "workstation.db", opened.keys.key_for("database"))
    with transaction(engine, write=True) as connection:
        connection.execute(text("UPDATE consultation SET family = 'SOMEBODY ELSE'"))
    engine.dispose()
    assert opened.store.audit_faults() == ('row.changed:consultation:["consultation-1"]',)
    opened.close()
