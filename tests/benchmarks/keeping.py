"""Backing up a store: the first time, again after little was added, and trying one.

Run: python tests/benchmarks/keeping.py [NEW CONSULTATIONS, all]
The store is the demonstration's. The limit is what copying the same files takes in the same run,
each flushed to the disk and read back once: nobody makes and checks a backup with less.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.demonstration import demonstration
from tests.benchmarks.figures import Figure, tell
from workstation import bootstrap, showcase
from workstation.workflow import backup

FEW = 4 if os.environ.get("CI") else None  # all
TIMES_OF_COPY = 4.0
DRILL_S = 60.0


def seconds(work: Callable[[], object]) -> float:
    """What it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def copied(store: Path, to: Path) -> tuple[int, int]:
    """Copy every file, flush it and read it back; how many, and bytes."""
    files = [path for path in sorted(store.rglob("*")) if path.is_file()]
    size = 0
    for path in files:
        target = to / path.relative_to(store)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        read = hashlib.sha256(target.read_bytes()).digest()
        assert read == hashlib.sha256(content).digest()
        size += len(content)
    return len(files), size


def main() -> int:
    """Print the figures; 1 when one is over its limit."""
    few = int(sys.argv[1]) if len(sys.argv) > 1 else FEW
    with tempfile.TemporaryDirectory() as place:
        store, kept = Path(place) / "store", Path(place) / "backups"
        demonstration(store, few)
        begun = time.perf_counter()
        files, size = copied(store, Path(place) / "copy")
        bare = time.perf_counter() - begun
        print(f"{files} files, {size / 1e6:.0f} MB; copied and read back in {bare:.2f} s")
        opened = bootstrap.open_desk(store, showcase.LOGIN, showcase.PASSWORD)
        kept.mkdir()

        def make() -> None:
            backup.make(opened.desk, opened.session, opened.backups, kept)

        first = seconds(make)
        again = seconds(make)
        opened.close()
        newest = max(path for path in kept.glob("*/*") if (path / "manifest.json").exists())
        drill = seconds(lambda: bootstrap.restore_drill(newest, showcase.LOGIN, showcase.PASSWORD))
        told = (
            Figure("first backup, verified", first, "s", bare * TIMES_OF_COPY, "4 x a bare copy"),
            Figure(
                "the next backup, verified", again, "s", max(bare, first), "the first, or a copy"
            ),
            Figure("restore drill", drill, "s", DRILL_S, "goal"),
        )
    return 0 if max([tell(figure).ratio for figure in told]) <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
