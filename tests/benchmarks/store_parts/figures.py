"""Times in milliseconds and how they are said."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter, process_time

from tests.benchmarks.figures import Figure, tell


def median(work: Callable[[], object], times: int = 9) -> tuple[float, float]:
    """The middle of several runs, in ms: (elapsed, this process's own processor time)."""
    work()  # the first finds statements and pages cold
    taken = []
    for _ in range(times):
        begun, worked = perf_counter(), process_time()
        work()
        taken.append(((perf_counter() - begun) * 1000, (process_time() - worked) * 1000))
    return statistics.median(t for t, _ in taken), statistics.median(t for _, t in taken)


def said(
    name: str, figure: tuple[float, float], limit: float, against: str = "goal", why: str = ""
) -> None:
    """One line: figure, limit, ratio."""
    elapsed, worked = figure
    against = f"{against}; processor {worked:.2f}"
    tell(Figure(name, elapsed, "ms", limit, against, why=why))
