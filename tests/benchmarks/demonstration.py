"""The demonstration's store for a benchmark: made once for all of a run, copied for each.

Making it takes a minute: its past is received, annotated and signed through the program.
``python -m tests.benchmarks`` sets ``DEMONSTRATION`` to a place that one of them fills.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from workstation import showcase
from workstation.adapters.system.clock import SystemClock

PLACE = "DEMONSTRATION"


def demonstration(store: Path, first: int | None = None) -> None:
    """A store of the demonstration clinic at ``store``, with its first consultations or all."""
    clock = SystemClock(showcase.CLINIC.time_zone)
    shared = os.environ.get(PLACE)
    if shared is None or first is not None:
        showcase.prepare(store, clock=clock, first=first, tell=lambda _line: None)
        return
    made = Path(shared) / "store"
    if not made.exists():
        showcase.prepare(made, clock=clock, first=None, tell=lambda _line: None)
    shutil.copytree(made, store)
