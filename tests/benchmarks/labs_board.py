"""The Labs board of 10,000 patients: one page, the counts, and one patient's rows written again.

Run: python tests/benchmarks/labs_board.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "adapters" / "store")]

from sqlalchemy import insert
from store_world import FixedClock, appraised, bare_store, consultation, patient

from tests.benchmarks.figures import Figure, tell
from workstation.adapters.store import board as sql
from workstation.adapters.store.board_schema import due
from workstation.adapters.store.engine import transaction
from workstation.adapters.store.schema import patient as people
from workstation.domain.board import ALWAYS, DRAW, NEVER, BoardRow
from workstation.domain.dates import DateWindow
from workstation.domain.ids import UserId
from workstation.workflow.ports.board import DueFilter

PATIENTS, ROWS = 10_000, 12
TODAY = date(2026, 11, 22)
LIMIT_MS = {"page": 500.0, "counts": 200.0, "put": 50.0}


def rows(n: int) -> tuple[BoardRow, ...]:
    """Twelve monthly draws, of which one shows on any day."""
    made = []
    for month in range(ROWS):
        first = TODAY + timedelta(days=30 * month - n % 60)
        window = DateWindow(first, first + timedelta(days=6))
        start = ALWAYS if month == 0 else first
        until = NEVER if month == ROWS - 1 else first + timedelta(days=29)
        made.append(
            BoardRow(
                DRAW,
                "blood",
                "during",
                ("alt", "tg"),
                first,
                window,
                start,
                until,
                None,
                (),
                TODAY,
                None,
            )
        )
    return tuple(made)


def median(work: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of processor time, which other programs do not prolong directly."""
    taken = []
    for _ in range(times):
        begun = process_time()
        work()
        taken.append((process_time() - begun) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Print figure, limit and ratio of each."""
    with tempfile.TemporaryDirectory() as place:
        store = bare_store(None, Path(place), FixedClock())
        with store.writing("system", "s") as unit:
            unit.add_patient_and_consultation(consultation(1, who=patient(1)), appraised())
        with transaction(store._engine, write=True) as connection:
            for n in range(PATIENTS):
                id = f"many-{n}"
                connection.execute(insert(people).values(id=id, created_at=FixedClock().now()))
                person = {
                    "patient": id, "consultation": "", "signer": "user-doctor",
                    "family": f"March{n % 977}", "given": "Elena", "born": TODAY, "sex": "female",
                    "external_id": f"MK-{n}", "search_text": f"march{n % 977} elena mk-{n}",
                }  # fmt: skip
                connection.execute(
                    insert(due), [{**person, **sql._columns(a, r)} for a, r in enumerate(rows(n))]
                )
        who = UserId("user-doctor")
        seen = 0

        def page() -> None:
            nonlocal seen
            with store.reading() as unit:
                seen = len(unit.board.page(DueFilter(), who, TODAY))

        def counts() -> None:
            with store.reading() as unit:
                unit.board.counts(who, TODAY)

        def put() -> None:
            with store.writing("system", "s") as unit:
                unit.board.put(patient(1).id, rows(1))

        for name, work in (("page", page), ("counts", counts), ("put", put)):
            tell(Figure(f"labs board: {name}", median(work), "ms", LIMIT_MS[name], "goal"))
        print(f"{seen} rows shown of {PATIENTS * ROWS}")
        store.close()


if __name__ == "__main__":
    main()
