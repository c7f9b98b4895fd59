"""What the tour measures: how long the window stands still, and what the main job costs a user."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
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
CLEAN, BLOCKED, REPEAT = "clean", "one blocker, two reasons", "unchanged month"
KEYS_IN_ALL = {CLEAN: 20, BLOCKED: 34, REPEAT: 14}
LESIONS = 40  # what the ordinary consultation has to be counted
SCREENS = 2  # changes of the page from the first one to the signature
# What is waited for: milliseconds on a quiet machine of two cores.
WAITS = {
    "open to first photo": 300,
    "step change": 150,
    "pages rendered": 700,
    "signed to next": 1500,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the event loop: what was done, its length, and the window thread's own work.

    ``held_ms`` is the length without what the thread was ready and had no processor: its own work
    and what it waited for, which is mostly this program's other threads.
    """

    step: str
    act: str
    wall_ms: float
    cpu_ms: float
    held_ms: float


@dataclass
class Step:
    """One step of the tour with what it cost. ``parts`` are keystrokes by part of the main job.

    ``clicks`` are all clicks, ``lesions`` those that marked one; ``pages`` are the pages shown, in
    order, ``dialogs`` the windows that stood in the way.
    """

    name: str
    keys: int = 0
    clicks: int = 0
    lesions: int = 0
    milliseconds: int = 0
    picture: str = ""
    pages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    budget: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)


class Processor:
    """How long the thread that made this was ready to run while all processors had other work.

    Linux counts it for each thread (``Documentation/scheduler/sched-stats``: the second number of
    ``schedstat``, in ns). Where no kernel tells it, nothing was waited for.
    """

    def __init__(self) -> None:
        try:
            self._told: int | None = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._told = None

    def __del__(self) -> None:
        if self._told is not None:
            os.close(self._told)

    def waited(self) -> float:
        """Seconds since the thread began."""
        if self._told is None or sys.platform == "win32":  # which knows no ``pread`` either
            return 0.0
        numbers = os.pread(self._told, 80, 0).split()
        return int(numbers[1]) / 1e9 if len(numbers) > 1 else 0.0


class Pace:
    """Keeps the slowest turns. A turn is one event handed to a widget, or one pass of the loop."""

    def __init__(self) -> None:
        self.processor = Processor()
        self._turns, self._held = 0, 0.0
        self.last: Turn | None = None
        self._over: list[Turn] = []
        self._slowest: list[Turn] = []

    @contextmanager
    def turn(self, step: str, act: str) -> Iterator[None]:
        """Measure what happens inside."""
        waited = self.processor.waited()
        wall, cpu = time.perf_counter(), time.thread_time()
        yield
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        held = wall - (self.processor.waited() - waited)
        found = Turn(step, act, *(round(span * 1000, 1) for span in (wall, cpu, max(held, cpu))))
        self._turns += 1
        self.last = found
        self._held = max(self._held, found.held_ms)
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
        judged = "within" if self.within else "ABOVE"
        return (
            f"Longest turn of the window: {longest:.0f} ms of its own work, {judged} {GAP_MS:.0f};"
            f" held for {self._held:.0f} ms at most."
        )

    def report(self) -> dict[str, Any]:
        """For ``tour.json``.

        The wall clock counts whatever else the machine does; what is held and the processor's time
        do not.
        """
        return {
            "turns": self._turns,
            "limit_ms": GAP_MS,
            "longest_ms": max((one.wall_ms for one in self._over), default=0.0),
            "longest_held_ms": self._held,
            "longest_own_ms": self._slowest[0].cpu_ms if self._slowest else 0.0,
            "above_limit": len(self._over),
            "held_above_limit": sum(one.held_ms > GAP_MS for one in self._over),
            "own_work_above_limit": sum(one.cpu_ms > GAP_MS for one in self._over),
            "goal_ms": GOAL_MS,
            "within": self.within,
            "slowest": [asdict(one) for one in self._slowest],
        }


def judge(step: Step, case: str) -> None:
    """Compare what a step cost with what the main job may cost; times are told and not judged."""
    which = 1 if case == BLOCKED else 0
    parts = {part: step.parts.get(part, 0) for part in KEYS}
    in_all, most = sum(parts.values()), KEYS_IN_ALL[case]
    above = {p: n for p, n in parts.items() if n > KEYS[p][which]}
    worked = step.pages[step.pages.index("queue") + 1 :] if "queue" in step.pages else step.pages
    worked = worked[: worked.index("sign") + 1] if "sign" in worked else worked
    found = {
        "keys": in_all <= most and not above,
        "lesions": case == REPEAT or step.lesions == LESIONS,
        "clicks besides lesions": step.clicks == step.lesions,
        "dialogs": not step.dialogs,
        "screens changed": worked[-1:] == ["sign"] and len(worked) - 1 <= SCREENS,
    }
    step.budget = {
        "case": case,
        "keys": in_all,
        "at_most": most,
        "within": all(found.values()),
        "above": above,
        "broken": [what for what, good in found.items() if not good],
        "lesions": step.lesions,
        "clicks_besides_lesions": step.clicks - step.lesions,
        "dialogs": len(step.dialogs),
        "screens_changed": len(worked) - 1,
        "waits_above": {w: ms for w, ms in step.waits.items() if ms > WAITS[w]},
    }


def broken(steps: Iterable[Step]) -> str:
    """A sentence about the steps that cost more than they may; "" when none does."""
    over = [s for s in steps if s.budget and not s.budget["within"]]
    return "; ".join(
        f"{s.name} is over its budget ({', '.join(s.budget['broken'])}): {s.budget['keys']} keys "
        f"of {s.budget['at_most']}, above {s.budget['above']}"
        for s in over
    )
