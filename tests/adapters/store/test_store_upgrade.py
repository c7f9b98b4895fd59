"""Stores that earlier programs made, opened by this one: upgraded whole, sealed, or left as they were.

``earlier/schema-N.zip`` was written by the program that introduced schema N (``keep_schema.py``): a
store folder and, row by row, what it held (``rows.json``). That of schema 1 is the encrypted file itself; the
databases of the others lie there decrypted, since encrypted pages do not compress.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine, inspect, text
from store_world import PASSWORD, FixedClock, SmallAuthority, fresh_database, reopen

from workstation.adapters.store import before_upgrade
from workstation.adapters.store.engine import sqlcipher_engine, transaction
from workstation.adapters.store.schema import HEAD, metadata
from workstation.adapters.store.upgrade import upgrade
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.key_files import FolderKeyFiles
from workstation.adapters.system.key_surroundings import Surroundings
from workstation.adapters.system.opening import open_ring
from workstation.domain.ids import ConsultationId, VaultAddress

EARLIER = Path(__file__).with_name("earlier")
KEPT = sorted(int(path.stem.partition("-")[2]) for path in EARLIER.glob("schema-*.zip"))
NUMBERS = [
    number for number in KEPT if number < int(HEAD)
]  # that of this schema waits for the next
MADE_ANEW = frozenset({"seal", "seal_total", "key_file"})
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Earlier:
    """A store folder as an earlier program left it, and its rows."""

    folder: Path
    schema: str
    photo: str
    rows: dict[str, list[dict[str, Any]]]

    @property
    def key(self) -> bytes:
        return _key(self.folder)


def _key(folder: Path) -> bytes:
    durable = Durable()
    around = Surroundings(
        folder, durable, FixedClock(), SmallAuthority(), FolderKeyFiles(folder, durable)
    )
    return open_ring(around, "doctor", PASSWORD)[0].key_for("database")


def unpacked(number: int, to: Path) -> Earlier:
    from sqlcipher3 import dbapi2

    with zipfile.ZipFile(EARLIER / f"schema-{number}.zip") as stored:
        stored.extractall(to)
    told = json.loads((to / "rows.json").read_text())
    made = Earlier(to / "store", told["schema"], told["photo"], told["rows"])
    if (to / "plain.db").exists():
        plain = dbapi2.connect(str(to / "plain.db"))
        plain.execute(
            f"ATTACH DATABASE '{made.folder / 'workstation.db'}' AS kept "
            f"KEY \"x'{made.key.hex()}'\""
        )
        plain.execute("SELECT sqlcipher_export('kept')")
        plain.execute("DETACH DATABASE kept")
        plain.close()
        (to / "plain.db").unlink()
    return made


def rows_of(connection: Connection, told: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The rows as an earlier program would have listed them: the columns that it knew."""
    found: dict[str, Any] = {}
    for name, rows in told.items():
        columns = list(rows[0]) if rows else []
        order = ",".join(f'"{c.name}"' for c in metadata.tables[name].primary_key.columns)
        wanted = ",".join(f'"{column}"' for column in columns) or "1"
        listed = connection.exec_driver_sql(f"SELECT {wanted} FROM {name} ORDER BY {order}")
        found[name] = [dict(zip(columns, map(_plain, row), strict=False)) for row in listed]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def assert_kept(connection: Connection, told: dict[str, list[dict[str, Any]]]) -> None:
    found = rows_of(connection, told)
    for name, rows in told.items():
        if name in MADE_ANEW:
            continue
        if name == "audit":  # what the upgrade adds stands after it
            found[name] = found[name][: len(rows)]
        assert found[name] == rows, name


def test_there_is_a_store_of_every_schema_before_this_one() -> None:
    assert list(range(1, int(HEAD))) == NUMBERS, "keep_schema.py makes what is missing"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_store_of_an_earlier_program_opens_with_all_that_it_held(
    number: int, tmp_path: Path
) -> None:
    was = unpacked(number, tmp_path)
    key = was.key
    clock = FixedClock()
    clock.later(days=1)
    opened = reopen(was.folder, clock)
    try:
        assert opened.faults == () and opened.store.audit_faults() == ()
        assert opened.vault.get(VaultAddress(was.photo)) == b"not a photo, but kept as one"
        with opened.store.reading() as unit:
            seen = unit.consultation(ConsultationId("consultation-1"))
            assert seen is not None and len(seen.photos) == 2 and len(seen.results) == 1
            history = unit.history(seen.id)
            assert len(history.draft.annotations) == 2  # three were made, one undone
            assert len(unit.documents(seen.id)) == 1
            sealed = [e for e in unit.audit_entries() if e.action == "store.sealed"]
            assert len(sealed) == 1
        with transaction(opened.store._engine, write=False) as connection:
            assert_kept(connection, was.rows)
    finally:
        opened.close()
    # The copy from before is whole, encrypted, and still what the earlier program wrote.
    copy = was.folder / before_upgrade.PLACE / was.schema
    assert not (copy / "workstation.db").read_bytes().startswith(b"SQLite format")
    engine = sqlcipher_engine(copy / "workstation.db", key)
    assert before_upgrade.schema_of(engine) == was.schema
    with transaction(engine, write=False) as connection:
        assert rows_of(connection, was.rows) == was.rows
    engine.dispose()
    again = reopen(was.folder, clock)
    assert again.faults == () and again.store.audit_faults() == ()
    again.close()


def test_the_copy_goes_to_the_backup_folder_when_one_is_set(tmp_path: Path) -> None:
    was = unpacked(3, tmp_path)
    chosen = tmp_path / "backups"
    engine = sqlcipher_engine(was.folder / "workstation.db", was.key)
    with transaction(engine, write=True) as connection:
        connection.execute(
            text("INSERT INTO setting VALUES ('clinic', 'backup.folder', :folder)"),
            {"folder": str(chosen)},
        )
    engine.dispose()
    reopen(was.folder).close()
    assert [p.name for p in chosen.rglob("workstation.db")] == ["workstation.db"]
    assert not (was.folder / before_upgrade.PLACE).exists()


def test_without_room_for_the_copy_nothing_is_upgraded(tmp_path: Path) -> None:
    from store_world import FailsAt

    from workstation.domain.errors import WorkstationError

    was = unpacked(1, tmp_path)
    with pytest.raises(WorkstationError) as full:
        reopen(was.folder, durable=Durable(FailsAt(2, 28)))
    assert full.value.code == "store.disk.full"
    engine = sqlcipher_engine(was.folder / "workstation.db", was.key)
    assert before_upgrade.schema_of(engine) == "0001"
    engine.dispose()
    reopen(was.folder).close()


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from store_world import reopen
template, to = Path(sys.argv[1]), Path(sys.argv[2])
import alembic.command
for n in map(int, sys.argv[3:]):
    folder = to / str(n)
    shutil.copytree(template, folder)
    if os.fork() == 0:
        left = [n]
        @event.listens_for(Engine, "before_cursor_execute")
        def count(*_):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        reopen(folder).close()
        print(n, n - left[0], flush=True)
        os._exit(0)
    if os.WIFSIGNALED(os.wait()[1]):
        print(n, "killed", flush=True)
"""


def _killed_at(was: Earlier, to: Path, moments: list[int]) -> dict[int, str]:
    """Of openings that were killed before their n-th statement: ``killed``, or how many they made."""
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(was.folder), str(to), *map(str, moments)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {int(n): how for n, how in (line.split() for line in done.stdout.splitlines())}


def _killed_upgrades(tmp_path: Path, kills: int) -> None:
    was = unpacked(1, tmp_path)
    unkilled = 1_000_000
    most = int(_killed_at(was, tmp_path / "counted", [unkilled])[unkilled])  # all, to its closing
    moments = sorted({round(n * most / (kills - 1)) for n in range(kills)})
    ends = _killed_at(was, tmp_path / "killed", moments)
    key = was.key
    states = set()
    for n in moments:
        folder = tmp_path / "killed" / str(n)
        engine = sqlcipher_engine(folder / "workstation.db", key)
        schema = before_upgrade.schema_of(engine)
        states.add((ends[n], schema))
        with transaction(engine, write=False) as connection:
            assert_kept(connection, was.rows)
            there = set(inspect(connection).get_table_names())
        assert ("second_read_edit" in there) == (schema == HEAD)
        assert schema in ("0001", HEAD), n
        engine.dispose()
        opened = reopen(folder)
        assert opened.faults == () and opened.store.audit_faults() == ()
        opened.close()
        shutil.rmtree(folder)
    assert {("killed", "0001"), (str(most), HEAD)} <= states
    assert kills < 100 or ("killed", HEAD) in states  # after its commit, before the seals


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_in_mid_upgrade_it_is_old_or_new_never_between(tmp_path: Path) -> None:
    _killed_upgrades(tmp_path, 4)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_in_mid_upgrade_a_hundred_times(tmp_path: Path) -> None:
    _killed_upgrades(tmp_path, 100)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_server_of_an_earlier_program_is_upgraded_with_its_rows(
    number: int, server: str, tmp_path: Path
) -> None:
    """The migrations up to schema N, the rows of that program, then what is missing."""
    was = unpacked(number, tmp_path)
    engine = create_engine(fresh_database(server, f"earlier{number}", migrated=False))
    try:
        upgrade_to(engine, was.schema)
        tables = MetaData()
        tables.reflect(engine)
        with engine.begin() as connection:
            for name in (t.name for t in metadata.sorted_tables):
                for row in was.rows.get(name, ()):
                    connection.execute(tables.tables[name].insert(), _typed(name, row))
        assert upgrade(engine)
        with engine.connect() as connection:
            assert_kept(connection, was.rows)
    finally:
        engine.dispose()


def _typed(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Values as a server's driver takes them: it has days and truth of its own."""
    from datetime import date

    made: dict[str, Any] = {}
    for name, value in row.items():
        kind = metadata.tables[table].columns[name].type.python_type
        if kind is bool and value is not None:
            made[name] = bool(value)
        elif kind is date and isinstance(value, str):
            made[name] = date.fromisoformat(value)
        else:
            made[name] = value
    return made


def upgrade_to(engine: Any, schema: str) -> None:
    from alembic import command
    from alembic.config import Config

    import workstation.adapters.store.migrations as migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema)


# -- sealing anew must not seal what was edited outside


def _outside(folder: Path, *statements: str) -> None:
    engine = sqlcipher_engine(folder / "workstation.db", _key(folder))
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for statement in statements:
            driver.execute(statement)
    engine.dispose()


@pytest.mark.parametrize(
    "hide",
    [
        "UPDATE seal_total SET total = '0006' WHERE name = 'schema'",
        "DELETE FROM seal_total",
    ],
)
def test_seals_set_back_do_not_hide_an_edit(hide: str, tmp_path: Path) -> None:
    from store_world import create

    folder = tmp_path / "store"
    create(folder).close()
    _outside(folder, "UPDATE clinic SET content = replace(content, 'Lakeside', 'Seaside')", hide)
    opened = reopen(folder)
    assert any(f.startswith(("row.changed:clinic", "seals.missing")) for f in opened.faults)
    with opened.store.reading() as unit:
        told = [e for e in unit.audit_entries() if e.action == "store.sealed"]
    assert told and ("row.changed:clinic" in told[-1].detail or "seals.missing" in told[-1].detail)
    opened.close()
