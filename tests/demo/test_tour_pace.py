"""What a turn of the window is said to have taken: by the clock, of its own, and held."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workstation.tour import pace
from workstation.tour.pace import GAP_MS, Pace, Processor


class Clocks:
    """The three clocks of a thread, set by hand, in seconds."""

    def __init__(self) -> None:
        self.wall = self.own = self.queued = 0.0

    def perf_counter(self) -> float:
        return self.wall

    def thread_time(self) -> float:
        return self.own

    def waited(self) -> float:
        return self.queued

    def pass_by(self, *, own: float = 0.0, queued: float = 0.0, waiting: float = 0.0) -> None:
        """Work, wait for a processor, wait for somebody else."""
        self.own += own
        self.queued += queued
        self.wall += own + queued + waiting


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = Clocks()
    monkeypatch.setattr(pace, "time", made)
    return made


def turn(kept: Pace, clocks: Clocks, **spans: float) -> tuple[float, float, float]:
    with kept.turn("a step", "an act"):
        clocks.pass_by(**spans)
    assert kept.last is not None
    return kept.last.wall_ms, kept.last.cpu_ms, kept.last.held_ms


def test_what_others_kept_the_processor_for_is_not_held(clocks: Clocks) -> None:
    kept = Pace()
    kept.processor = clocks
    assert turn(kept, clocks, own=0.030, queued=0.150, waiting=0.020) == (200.0, 30.0, 50.0)
    assert turn(kept, clocks, own=0.030) == (30.0, 30.0, 30.0)
    assert kept.within


def test_what_was_waited_for_while_nobody_had_the_processor_is_too_long(clocks: Clocks) -> None:
    kept = Pace()
    kept.processor = clocks
    for spans in ({"waiting": 0.110}, {"own": 0.060}, {"own": 0.010, "queued": 0.400}):
        turn(kept, clocks, **spans)
    assert kept.within  # by its own work
    report = kept.report()
    assert (report["longest_held_ms"], report["held_above_limit"]) == (110.0, 1)
    assert (report["above_limit"], report["longest_own_ms"]) == (2, 60.0)
    assert report["turns"] == 3


def test_without_a_kernel_that_tells_all_of_it_is_held(
    clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> int:
        raise FileNotFoundError

    monkeypatch.setattr(os, "open", none)
    kept = Pace()
    assert turn(kept, clocks, own=GAP_MS / 1000, waiting=0.050) == (150.0, 100.0, 150.0)


def test_the_kernel_counts_up() -> None:
    if not Path("/proc/thread-self/schedstat").exists():
        pytest.skip("this kernel counts no waits")
    processor = Processor()
    first = processor.waited()
    told = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    assert 0.0 <= first <= told <= processor.waited()
