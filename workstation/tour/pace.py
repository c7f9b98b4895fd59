"""What the tour measures: how long the window stands still, and what the main job costs a user."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

GAP_MS = 100.0  # the longest the window may stand still
GOAL_MS = 50.0  # and what is aimed at
SLOWEST = 12  # turns named in the report

# What a part of the main job may cost in keystrokes besides the lesion clicks:
# part -> (clean consultation, one blocker and two reasons).
KEYS = {
    "open": (1, 1),
    "types": (6, 6),
    "photos": (4, 4),
    "grade": (0, 0),
    "to Treat": (1, 1),
    "blocker": (0, 6),
    "reasons": (0, 4),
    "dose": (0, 4),
    "to Sign": (1, 1),
    "PIN": (7, 7),
    "next": (0, 0),
}
KEYS_IN_ALL = (20, 34)
# What is waited for: milliseconds on a quiet machine of two cores.
WAITS = {
    "open to first photo": 300,
    "step change": 150,
    "pages rendered": 700,
    "signed to next": 1500,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the event loop: what was done, its length, and the window thread's own work."""

    step: str
    act: str
    wall_ms: float
    cpu_ms: float


@dataclass
class Step:
    """One step of the tour with what it cost. ``parts`` are keystrokes by part of the main job."""

    name: str
    keys: int = 0
    clicks: int = 0
    milliseconds: int = 0
    picture: str = ""
    parts: dict[str, int] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    budget: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)


class Pace:
    """Keeps the slowest turns. A turn is one event handed to a widget, or one pass of the loop."""

    def __init__(self) -> None:
        self._turns = 0
        self.last: Turn | None = None
        self._over: list[Turn] = []
        self._slowest: list[Turn] = []

    @contextmanager
    def turn(self, step: str, act: str) -> Iterator[None]:
        """Measure what happens inside."""
        wall, cpu = time.perf_counter(), time.thread_time()
        yield
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        found = Turn(step, act, round(wall * 1000, 1), round(cpu * 1000, 1))
        self._turns += 1
        self.last = found
        if found.wall_ms > GAP_MS:
            self._over.append(found)
        if len(self._slowest) < SLOWEST or found.cpu_ms > self._slowest[-1].cpu_ms:
            self._slowest.append(found)
            self._slowest.sort(key=lambda one: -one.cpu_ms)
            del self._slowest[SLOWEST:]

    @property
    def within(self) -> bool:
        """Whether no turn of the window was longer than it may be by its own work.

        Own work alone: a machine that does something else meanwhile prolongs the rest.
        """
        return all(one.cpu_ms <= GAP_MS for one in self._slowest)

    def sentence(self) -> str:
        """The longest turn, and whether it is one too many."""
        longest = max((one.cpu_ms for one in self._slowest), default=0.0)
        held = "within" if self.within else "ABOVE"
        return f"Longest turn of the window: {longest:.0f} ms of its own work, {held} {GAP_MS:.0f}."

    def report(self) -> dict[str, Any]:
        """For ``tour.json``.

        The wall clock counts whatever else the machine does; the processor's time does not.
        """
        return {
            "turns": self._turns,
            "limit_ms": GAP_MS,
            "longest_ms": max((one.wall_ms for one in self._over), default=0.0),
            "longest_own_ms": self._slowest[0].cpu_ms if self._slowest else 0.0,
            "above_limit": len(self._over),
            "own_work_above_limit": sum(one.cpu_ms > GAP_MS for one in self._over),
            "goal_ms": GOAL_MS,
            "within": self.within,
            "slowest": [asdict(one) for one in self._slowest],
        }


def judge(step: Step, *, clean: bool) -> None:
    """Compare what a step cost with what the main job may cost."""
    which = 0 if clean else 1
    parts = {part: step.parts.get(part, 0) for part in KEYS}
    in_all, most = sum(parts.values()), KEYS_IN_ALL[which]
    step.budget = {
        "case": "clean" if clean else "one blocker, two reasons",
        "keys": in_all,
        "at_most": most,
        "within": in_all <= most,
        "above": {p: n for p, n in parts.items() if n > KEYS[p][which]},
        "waits_above": {w: ms for w, ms in step.waits.items() if ms > WAITS[w]},
    }
