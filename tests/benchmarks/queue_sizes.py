"""The queue of stores of 100 to 1,000,000 open consultations: open, filter, search.

Run: python tests/benchmarks/queue_sizes.py [SIZE]...   (none: up to 100,000; a million takes 1 GB)
On the encrypted database of one computer. The first 100 are written through the store, the database
copies them with identifiers, record numbers and deadlines of their own; reading asks for no seals.
Opening is the page of rows and all counts beside it. The limit of a page is what the driver alone
takes to fetch as many whole rows in the same order, in the same run. Scrolling is ``lists.py``: it
reads nothing, since a page holds what is shown. A clinic closes what it has read: a million open at
once is no clinic's, and says how the times grow; one of a million with 10,000 open is ``store.py server``.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "adapters" / "store"), str(ROOT / "tests")]

from benchmarks.store_parts.large import ME, name, one
from store_world import NOW, FixedClock, appraised, bare_store

from tests.benchmarks.figures import Figure, tell
from workstation.adapters.store import schema
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.consultation import RequestKind
from workstation.domain.triage import TriageLevel
from workstation.workflow.ports import QueueFilter

PATTERNS = 100
SIZES = (100, 1_000) if os.environ.get("CI") else (100, 1_000, 10_000, 100_000)
OPEN_MS, SEARCH_MS = 300.0, 100.0
SETTLED = 100_000  # open at once; above it the goals are said and their misses explained
TIMES_OF_SMALL, TIMES_OF_DRIVER = 1.5, 4.0  # goals 11 and 12
GROWS = (
    "it reads what is open, a million of it at once; the goal is for 10,000, as a clinic may have"
)
ROWS = 500  # of one page
ASKED = frozenset({RequestKind.ISOTRETINOIN_START})
MINUTE = 60 * 1_000_000
CHANGED = {
    "id": "p.id || '-' || k",
    "patient": "p.patient || '-' || k",
    "external_id": "p.external_id || '-' || k",
    "source_external_id": "p.source_external_id || '-' || k",
    "search_text": "p.search_text || '-' || k",
    "deadline": f"p.deadline + (k * 37 + p.rowid) * {MINUTE}",
    "submitted_at": f"p.submitted_at - (k * 37 + p.rowid) * {MINUTE}",
}


def write_patterns(store: SqlStore) -> None:
    """The first hundred, as the store writes them."""
    with store.writing("system", "s") as unit:
        for n in range(PATTERNS):
            seen = replace(appraised(n % 40 // 39), deadline=NOW + timedelta(minutes=n))
            unit.add_patient_and_consultation(replace(one(n, photos=1), returns_on=None), seen)


def grow(store: SqlStore, size: int) -> None:
    """Copy the patterns until there are ``size``."""
    with store._engine.begin() as connection:
        held = int(connection.exec_driver_sql("SELECT count(*) FROM consultation").scalar() or 0)
        if size <= held:
            return
        for table in (schema.patient, schema.consultation):
            listed = ", ".join(f'"{column.key}"' for column in table.columns)
            given = ", ".join(
                CHANGED.get(column.key, f'p."{column.key}"') for column in table.columns
            )
            connection.exec_driver_sql(
                f"WITH RECURSIVE n(k) AS (SELECT {held // PATTERNS} UNION ALL SELECT k + 1 FROM n"
                f" WHERE k < {size // PATTERNS - 1}) INSERT INTO {table.name} ({listed})"
                f" SELECT {given} FROM n, (SELECT rowid, * FROM {table.name} ORDER BY rowid"
                f" LIMIT {PATTERNS}) p"
            )
        connection.exec_driver_sql("ANALYZE")


def middle(work: Callable[[], object]) -> tuple[float, tuple[float, float]]:
    """Median of seven in ms, with the spread."""
    work()  # the first finds statements and pages cold
    taken = []
    for _ in range(7):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * 1000)
    return statistics.median(taken), (min(taken), max(taken))


def measure(store: SqlStore, size: int, first: float | None) -> float:
    """Tell the figures of one size; what a page of it takes, counts left out."""

    def page(wanted: QueueFilter) -> Callable[[], int]:
        def read() -> int:
            with store.reading() as unit:
                return len(unit.queue(wanted, ME, NOW))

        return read

    def opened() -> None:
        with store.reading() as unit:
            unit.queue(QueueFilter(), ME, NOW)
            unit.queue_counts(ME, NOW)

    def driver() -> int:
        with store._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            ordered = "ORDER BY level DESC, deadline, submitted_at, id"
            asked = f"SELECT * FROM consultation WHERE is_open = 1 {ordered} LIMIT {ROWS}"
            return len(raw.execute(asked).fetchall())

    assert page(QueueFilter())() == min(size, ROWS)
    alone, _ = middle(driver)
    shown, spread = middle(page(QueueFilter()))
    if size >= ROWS:
        against = f"4 x the driver alone, {alone:.1f}"
        said = f"{size:,}: a page of rows"
        tell(Figure(said, shown, "ms", TIMES_OF_DRIVER * alone, against, spread))
    if first is not None:
        again = f"{size:,}: a page of rows, beside 1,000"
        tell(Figure(again, shown, "ms", TIMES_OF_SMALL * first, "1.5 x that of 1,000"))
    for said, work, limit in (
        ("opens, rows and counts", opened, OPEN_MS),
        ("filter by level", page(QueueFilter(levels=frozenset({TriageLevel.PRIORITY}))), SEARCH_MS),
        ("filter by what is asked", page(QueueFilter(requests=ASKED)), SEARCH_MS),
        ("search by family name", page(QueueFilter(text=name(7)[0].lower())), SEARCH_MS),
        ("search for what nobody is called", page(QueueFilter(text="xyzzy")), SEARCH_MS),
    ):
        took, spread = middle(work)
        why = GROWS if size > SETTLED else ""
        tell(Figure(f"{size:,}: {said}", took, "ms", limit, "goal", spread, why))
    return shown


def main() -> None:
    """Grow one store through the sizes and print the figures of each."""
    sizes = sorted(int(word) for word in sys.argv[1:]) or SIZES
    first: float | None = None
    with tempfile.TemporaryDirectory() as place:
        store = bare_store(None, Path(place), FixedClock())
        write_patterns(store)
        for size in sizes:
            begun = perf_counter()
            grow(store, size)
            print(f"{size:,} consultations after {perf_counter() - begun:.1f} s", flush=True)
            shown = measure(store, size, first)
            if size >= ROWS and first is None:
                first = shown
        store.close()


if __name__ == "__main__":
    main()
