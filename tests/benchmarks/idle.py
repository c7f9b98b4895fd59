"""What the program does while nobody touches it: processor time, wake-ups and memory of the window.

Run: env QT_QPA_PLATFORM=offscreen python tests/benchmarks/idle.py [SECONDS, 30]
The window lies on the queue of the demonstration, then on Assess; each rests first, so that what was
begun by showing it has ended. The demonstration is made by a process of its own: what making it leaves
in memory is no part of the program. Processor time of the process and its decode children, which other
programs do not prolong. The goal is nothing: below half a hundredth of one core, which lists of
processes show as 0.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.figures import Figure, resident, tell
from tests.opened import wait_until_open
from workstation import showcase
from workstation.ui import application

FEW = 4 if os.environ.get("CI") else None  # all: what is left would come in by the inbox meanwhile
SECONDS = 2 if os.environ.get("CI") else 30
RESTS_S = 1 if os.environ.get("CI") else 15
SHARE = 0.005  # of one core
REST_MIB = 277.0  # labelme with one photo of 24 megapixels open, measured for performance.md
WAKES = 5.0  # a second: the tick that looks for sleep and lock, a caret, the inbox every 15 s
HELD = "records, rules and photos of a consultation and of the next one are held, beside one photo there"
MAKE = "--make"
TICKS = os.sysconf("SC_CLK_TCK")


def children_ms() -> float:
    """Processor time of this process's children, which live as long as the window."""
    own, spent = os.getpid(), 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == own:
            spent += int(fields[11]) + int(fields[12])
    return spent * 1000 / TICKS


def wakes() -> dict[str, int]:
    """How often each thread of this process has waited for something to happen."""
    found = {}
    for status in Path("/proc/self/task").glob("*/status"):
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                found[status.parent.name] = int(line.split()[1])
    return found


def run(seconds: float) -> None:
    """Let the window live; no loop spun by hand, which would be work of its own."""
    # After the program: PySide6 keeps the source of all that is imported between them.
    from PySide6.QtCore import QTimer

    app = application.application()
    QTimer.singleShot(int(seconds * 1000), lambda: app.exit(0))  # to quit would close the window
    app.exec()


def idle(name: str, seconds: int) -> bool:
    """Measure one page; whether the goals are met."""
    run(RESTS_S)
    spent, woken, child = time.process_time(), wakes(), children_ms()
    run(seconds)
    cpu = (time.process_time() - spent) * 1000 + children_ms() - child
    limit = seconds * 1000 * SHARE
    against = "labelme, one photo"
    held = tell(Figure(f"{name}, memory at rest", resident(), "MiB", REST_MIB, against, why=HELD))
    one = tell(Figure(f"{name}, idle for {seconds} s", cpu, "ms", limit, "0.5 % of a core"))
    rate = sum(now - woken.get(thread, 0) for thread, now in wakes().items()) / seconds
    two = tell(
        Figure(f"{name}, wake-ups a second", rate, "/s", WAKES, "a tick, a caret, the inbox")
    )
    return max(held.ratio, one.ratio, two.ratio) <= 1


def main() -> int:
    """Print the figures; 1 when one is over its limit."""
    if sys.argv[1:2] == [MAKE]:
        from tests.benchmarks.demonstration import demonstration

        demonstration(Path(sys.argv[2]), FEW)
        return 0
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as place:
        store = Path(place) / "store"
        subprocess.run([sys.executable, __file__, MAKE, str(store)], check=True)
        window = application.build_window(
            store, theme="light", user=showcase.LOGIN, password=showcase.PASSWORD
        )
        window.show()
        wait_until_open(window, 600)
        assert window.shell is not None
        met = idle("queue", seconds)
        assert window._desktop is not None
        # The last one is a routine one: it opens on its photos.
        window.shell.entrance.open(window._desktop.queue.state.rows[-1].id)
        run(RESTS_S)
        assert not window._desktop.session.state.locked
        met = idle(window.shell.current, seconds) and met
        window.close()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
