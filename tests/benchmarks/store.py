"""Queue, search and edits on large stores; ten workstations at once; what encryption costs.

Run: python tests/benchmarks/store.py [small|edits|stations|soak|cipher|restore|server]...   (none: all)

small     10,000 consultations with 50,000 photos on this computer: queue, search, preview
edits     one durable edit with and without seals of rows, and where its time goes
stations  10 processes on one PostgreSQL server: 10,000 edits, then 1,000 signatures of two at once
soak      500 consultations claimed, edited and given back in a row: memory, files, threads
cipher    the same work on an encrypted and on a plain database
restore   1,000 consultations and 5,000 photos of 400 kB backed up, restored and compared
server    1,000,000 consultations on PostgreSQL, every row sealed: queue, search, plans

Each line is a figure, its limit and their ratio. Times are the middle of several; where the machine
is shared the processor's own time stands beside. Rows of ``small`` are written through the store.
Of ``server`` the store writes 1,500 consultations; the server multiplies their rows and seals them
by the store's rule said in SQL. WORKSTATION_MANY changes the million; up to 100,000 the store then
compares every row with its seal, and the whole trail.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "adapters" / "store"), str(ROOT / "tests")]

from benchmarks.store_parts import large, many_stations, restore, single


def main() -> None:
    """Run the parts that were named, or all."""
    parts = {
        "small": large.small,
        "edits": single.edits,
        "stations": many_stations.stations,
        "soak": single.soak,
        "cipher": single.cipher,
        "restore": restore.restore,
        "server": large.server,
    }
    for name in sys.argv[1:] or parts:
        print(f"-- {name}", flush=True)
        parts[name]()


if __name__ == "__main__":
    main()
