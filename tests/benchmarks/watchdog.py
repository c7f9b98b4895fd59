"""The window under a watchdog through the whole tour: how long one turn of the event loop holds it.

Run: env QT_QPA_PLATFORM=offscreen python tests/benchmarks/watchdog.py
The tour presses its keys at the real window over the demonstration. A turn is one key or click, or
one pass of the event loop. Its own time is the processor time of the window's thread; it is held for
that and for what it waited for meanwhile (the lanes, the disk), but not for a processor that other
programs had. Prints the longest turn of each step with what was done in it, what the whole tour was
held for at most, and how many turns were above goal and limit; and how long somebody waits for what
the main job waits for, until all of it is painted. Exit status 1 when any turn was held
for longer than the limit.

On a busy machine the window may wait for a lane that waits for a processor: a turn is held for that.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.demonstration import demonstration
from tests.benchmarks.figures import Figure, tell
from workstation.tour import SIZE
from workstation.tour.driver import Driver
from workstation.tour.pace import GAP_MS, GOAL_MS, WAITS, Pace, Turn
from workstation.ui import application


class Watch(Pace):
    """Keeps every turn."""

    def __init__(self) -> None:
        super().__init__()
        self.every: list[Turn] = []

    @contextmanager
    def turn(self, step: str, act: str) -> Iterator[None]:
        """Measure what happens inside."""
        with super().turn(step, act):
            yield
        assert self.last is not None
        self.every.append(self.last)


def main() -> int:
    """Print the table; 1 when a turn is above the limit."""
    application.application()
    with tempfile.TemporaryDirectory() as place:
        store, out = Path(place) / "store", Path(place) / "out"
        out.mkdir()
        demonstration(store)
        driver = Driver(store, out, "light", SIZE)
        watch = driver.pace = Watch()
        failure = driver.drive()
    if failure:
        print(f"The tour failed: {failure}", file=sys.stderr)
        return 2
    for step in driver.steps:
        worst = max((t for t in watch.every if t.step == step.name), key=lambda t: t.cpu_ms)
        against = f"{worst.act}; held {worst.held_ms:.0f}, {worst.wall_ms:.0f} by the clock"
        named = f"tour, longest own turn: {step.name}"
        tell(Figure(named, worst.cpu_ms, "ms", GAP_MS, against))
    for what, limit in WAITS.items():
        waited = {step.name: step.waits[what] for step in driver.steps if what in step.waits}
        slowest = max(waited, key=lambda name: waited[name])
        named = f"tour, {what}: longest of {len(waited)}"
        tell(Figure(named, waited[slowest], "ms", limit, f"until it is painted; {slowest}"))
    longest = max(watch.every, key=lambda t: t.held_ms)
    against = f"{longest.step}, {longest.act}; own {longest.cpu_ms:.0f}"
    tell(Figure("tour, longest turn held", longest.held_ms, "ms", GAP_MS, against))
    for limit in (GOAL_MS, GAP_MS):
        own = sum(t.cpu_ms > limit for t in watch.every)
        held = sum(t.held_ms > limit for t in watch.every)
        by_clock = sum(t.wall_ms > limit for t in watch.every)
        print(
            f"{len(watch.every)} turns: above {limit:.0f} ms {own} of own time, {held} held,"
            f" {by_clock} by the clock (load {os.getloadavg()[0]:.1f})"
        )
    return 1 if longest.held_ms > GAP_MS else 0


if __name__ == "__main__":
    sys.exit(main())
