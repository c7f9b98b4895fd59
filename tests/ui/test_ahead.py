"""Qt's classes are made on the UI thread, and lanes wait for them; a closing window leaves none waiting."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from workstation.ui.ahead import QtClasses

ROOT = Path(__file__).resolve().parents[2]
# A lane imports what names Qt's classes as soon as it may; the window is closed meanwhile.
CLOSED_EARLY = """
import sys
from pathlib import Path
from PySide6 import QtCore, QtGui, QtWidgets
from workstation.ui import ahead
from workstation.ui.application import build_window
from workstation.ui.application import application

app = application()
window = build_window(Path(sys.argv[1]))
app.processEvents()
window.sign_in("nobody", "wrong")
window.close()
print(*(n for part in (QtCore, QtGui, QtWidgets) for n in dir(part) if n not in vars(part)))
"""


def test_a_lane_goes_on_when_the_window_has_made_the_last_class(qtbot: QtBot) -> None:
    classes, gone_on = QtClasses(), threading.Event()
    lane = threading.Thread(target=lambda: (classes.wait(), gone_on.set()), daemon=True)
    lane.start()
    while not classes.make_some(0):
        assert not gone_on.is_set()
    lane.join(10)
    assert gone_on.is_set()


def test_the_ui_thread_waits_for_nobody() -> None:
    classes = QtClasses()
    classes.wait()
    assert classes.make_some()


def test_a_window_that_closes_makes_what_a_lane_waits_for(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLOSED_EARLY, str(tmp_path / "records")],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
