"""How many consultations a second come in, photos and all; figure, limit and ratio.

Run: python tests/benchmarks/intake.py [PACKAGES, 40] [LONGER SIDE, 640]
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "journeys")]

from many_packages import write_many

from tests.benchmarks.figures import Figure, tell
from workstation import bootstrap, showcase
from workstation.adapters.system.clock import SystemClock
from workstation.workflow import intake

LIMIT = 5.0  # consultations of five photos a second, at least


def main() -> None:
    """Print one line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    side = int(sys.argv[2]) if len(sys.argv) > 2 else 640
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_many(folder / "in", count, side=side)
        clock = SystemClock("UTC")
        opened = bootstrap.create_clinic(
            folder / "store",
            kind="demonstration",
            clinic=showcase.CLINIC,
            user=showcase.demo_user(clock.now()),
            password=showcase.PASSWORD,
            pin=showcase.PIN,
            cheap_for_tests=True,
        )
        with closing(opened):
            files = sorted((folder / "in").iterdir())
            intake.receive(opened.desk, files[0])  # children are warm
            begun = time.perf_counter()
            for file in files[1:]:
                assert isinstance(intake.receive(opened.desk, file), intake.Stored)
            took = time.perf_counter() - begun
    each = took / (count - 1) * 1000
    tell(Figure(f"take one consultation in ({side} px)", each, "ms", 1000 / LIMIT, "goal"))


if __name__ == "__main__":
    main()
