"""The longest time the window stands still while a month is opened, walked through and restyled.

Run: env QT_QPA_PLATFORM=offscreen python tests/benchmarks/gaps.py
A timer beats every 2 ms; the longest pause between two beats is what a click would have waited.
Prints the pause and the processor's own time in it, the limit and the ratio, for each step. The
work of the lanes runs inside the step here, so a figure is never smaller than at the desk; Sign, all
of whose work is in the lanes, is left out.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.figures import Figure, tell
from tests.ui.desk_of_pages import desk_of
from tests.ui.followup_world import KEY
from tests.ui.treat_world import TODAY, World
from workstation.domain.draft import ItemKind
from workstation.domain.facts import Fact, Origin
from workstation.ui.theme import theme

LIMIT_MS = 100.0
ROUNDS = 1 if os.environ.get("CI") else 5
SCARRING = "severity.scarring"


class Watch:
    """Notes the longest pause between two beats of a timer: (elapsed, processor) in ms."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._beat)
        self.longest = (0.0, 0.0)
        self._last = (0.0, 0.0)

    def over(self, act: Callable[[], None]) -> tuple[float, float]:
        """Run ``act`` and everything that it left to do."""
        self._timer.start()
        self._settle()
        self.longest, self._last = (0.0, 0.0), (time.perf_counter(), time.process_time())
        QTimer.singleShot(0, act)
        self._settle()
        self._beat()
        self._timer.stop()
        return self.longest

    def _beat(self) -> None:
        now = (time.perf_counter(), time.process_time())
        pause = (now[0] - self._last[0]) * 1000, (now[1] - self._last[1]) * 1000
        self.longest = max(self.longest, pause, key=lambda one: one[1])
        self._last = now

    @staticmethod
    def _settle() -> None:
        end = time.monotonic() + 0.25
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.001)


def record(made: World, *, yes: bool) -> None:
    """Record one answer, as the panel of signs does."""
    fact = Fact(SCARRING, yes, Origin.CLINICIAN, TODAY, "recorded")
    made.case.put_one("Scarring", ItemKind.FACT, SCARRING, fact)


def main() -> int:
    """Print one row per step; exit 1 when the processor's time of a pause is above the limit."""
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(ROUNDS):
        watch = Watch()
        with desk_of(KEY) as (window, shell, made):
            window.resize(1440, 900)
            steps: dict[str, Callable[[], None]] = {
                "assess shown": lambda: shell.go("assess"),
                "a fact recorded in assess": partial(record, made, yes=True),
                "treat shown": lambda: shell.go("treat"),
                "follow-up shown": lambda: shell.go("followup"),
                "the month opened anew": made.case.refresh,
                "treat shown again": lambda: shell.go("treat"),
                "the queue shown": lambda: shell.go("queue"),
                "another theme, all these pages made": lambda: theme.set_mode("dark"),
                "another text size, all these pages made": lambda: theme.set_text_scale(1.2),
            }
            for name, act in steps.items():
                found.setdefault(name, []).append(watch.over(act))
    worst = 0.0
    for name, pauses in found.items():
        elapsed = statistics.median(pause for pause, _ in pauses)
        worked = statistics.median(work for _, work in pauses)
        worst = max(worst, worked)
        against = f"goal; {elapsed:.1f} by the clock"
        tell(Figure(f"longest pause: {name}", worked, "ms", LIMIT_MS, against))
    return 0 if worst <= LIMIT_MS or os.environ.get("CI") else 1


if __name__ == "__main__":
    sys.exit(main())
