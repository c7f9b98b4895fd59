"""From starting the program to its first painted window and to the first queue page.

Run: python tests/benchmarks/start.py [ROUNDS]
Each round starts three fresh processes in turn: a plain QMainWindow, the program's own first
window, and the program signed in on the demonstration until its queue is painted. The plain window
of the same rounds is what the others are compared with. Unlocking a store is slow on purpose
(Argon2id), so its share is told apart and taken out of the goal's figure.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.figures import of_runs

WINDOW_SHARE, QUEUE_SHARE = 1.4, 2.8
ROUNDS = 1 if os.environ.get("CI") else 9

PLAIN = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Plain(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: (print(time.monotonic(), flush=True), app.quit()))
app = QApplication(sys.argv[:1])
window = Plain(); window.resize(1440, 900); window.show()
app.exec()
"""

OURS = """
import sys, time
from pathlib import Path
from workstation.ui import application
from PySide6.QtCore import QEvent, QObject, QTimer
app = application.application()
window = application.build_window(Path(sys.argv[1]), theme="light", size=(1440, 900))
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            app.removeEventFilter(self)
            QTimer.singleShot(0, lambda: (print(time.monotonic(), flush=True), app.quit()))
        return False
painted = Painted(); app.installEventFilter(painted)
window.show()
app.exec()
"""

SIGNED_IN = """
import sys, time
from pathlib import Path


from workstation.ui import application
app = application.application()
window = application.build_window(
    Path(sys.argv[1]), theme="light", size=(1440, 900), user=sys.argv[2], password=sys.argv[3]
)
window.show()
application.wait_until_open(window, 600)
app.processEvents(); window.repaint()
print(time.monotonic(), flush=True)
window.close()
"""


def milliseconds(program: str, *arguments: str) -> float:
    """From starting a fresh interpreter on ``program`` to the moment that it prints."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    return (float(done.stdout.split()[-1]) - start) * 1000


def unlock_milliseconds(store: Path, login: str, password: str) -> float:
    """What deriving the key of a password takes, which is slow on purpose."""
    from workstation.adapters.system import passwords, store_file

    row = store_file.read(store / store_file.FILE_NAME).of(login)
    assert row is not None
    spans = []
    for _ in range(3):
        start = time.perf_counter()
        passwords.derive(password, row.salt, row.cost)
        spans.append((time.perf_counter() - start) * 1000)
    return statistics.median(spans)


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 when one is over its limit."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    from workstation import showcase
    from workstation.adapters.system.clock import SystemClock

    with tempfile.TemporaryDirectory() as place:
        store = Path(place) / "store"
        clock = SystemClock(showcase.CLINIC.time_zone)
        showcase.prepare(store, clock=clock, first=None, tell=lambda _line: None)
        plain, ours, queue = [], [], []
        for _ in range(rounds):
            plain.append(milliseconds(PLAIN))
            ours.append(milliseconds(OURS, str(store)))
            queue.append(milliseconds(SIGNED_IN, str(store), showcase.LOGIN, showcase.PASSWORD))
        unlock = unlock_milliseconds(store, showcase.LOGIN, showcase.PASSWORD)
    window = statistics.median(plain)
    print(f"plain QMainWindow painted: {window:.0f} ms; unlocking alone: {unlock:.0f} ms")
    figures = [
        of_runs("start to painted window", ours, window * WINDOW_SHARE, "1.4 x plain window"),
        of_runs(
            "start, signing in, to the first queue page, less unlocking",
            [one - unlock for one in queue],
            window * QUEUE_SHARE,
            "2.8 x plain window",
        ),
    ]
    return 0 if all(figure.ratio <= 1 for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
