"""One start of the program in a process of its own; prints moments of the monotonic clock as JSON.

``start.py`` runs it: ``plain``, ``sign_in STORE`` or ``queue STORE LOGIN PASSWORD TYPING_MS``. The real
entry point runs; only painting is listened to, by the class that paints: a filter of the application
would itself cost what is measured here.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

PLAIN, SIGN_IN, QUEUE = "plain", "sign_in", "queue"
BEAT_MS = 1
moments: dict[str, float] = {}


def told() -> None:
    """Print and go, at once: what ending takes is no part of a start."""
    print(json.dumps(moments), flush=True)
    os._exit(0)


def plain() -> None:
    """The least that Qt can do: one empty main window."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Plain(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            QTimer.singleShot(0, painted)

    def painted() -> None:
        moments["painted"] = time.monotonic()
        told()

    app = QApplication(sys.argv[:1])
    window = Plain()
    window.resize(1440, 900)
    window.show()
    app.exec()


def first_paint(then: Callable[[Any], None]) -> None:
    """Call ``then`` with the window as soon as its first page is on the screen."""
    from PySide6.QtCore import QTimer

    from workstation.ui.window import Window

    shown = Window.paintEvent

    def paint(self: Window, event: Any) -> None:
        if "painted" not in moments:
            moments["painted"] = 0.0
            QTimer.singleShot(0, lambda: done(self))
        shown(self, event)

    def done(window: Window) -> None:
        moments["painted"] = time.monotonic()
        then(window)

    Window.paintEvent = paint  # type: ignore[method-assign]


def typing(window: Any, login: str, password: str, typing_ms: int) -> None:
    """Beat while somebody types, then press Enter; the longest silence is how long a key waited."""
    from PySide6.QtCore import Qt, QTimer

    from workstation.ui.widgets.rows import RowsList

    last, beat = time.monotonic(), QTimer(window)
    moments["pause"] = 0.0

    def beaten() -> None:
        nonlocal last
        now = time.monotonic()
        moments["pause"] = max(moments["pause"], now - last)
        last = now

    def entered() -> None:
        beat.stop()
        moments["entered"] = time.monotonic()
        window.sign_in(login, password)

    def paint(self: RowsList, event: Any) -> None:
        drawn(self, event)
        model = self.model()
        if "queue" not in moments and model is not None and model.rowCount() > 0:
            moments["queue"] = time.monotonic()
            QTimer.singleShot(0, told)

    drawn = RowsList.paintEvent
    RowsList.paintEvent = paint  # type: ignore[method-assign]
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.timeout.connect(beaten)
    beat.start(BEAT_MS)
    QTimer.singleShot(typing_ms, entered)


def main(arguments: list[str]) -> None:
    """Start as ``arguments`` say."""
    kind = arguments[0]
    if kind == PLAIN:
        plain()
        return
    if kind == SIGN_IN:
        first_paint(lambda _window: told())
    else:
        login, password, typing_ms = arguments[2:5]
        first_paint(lambda window: typing(window, login, password, int(typing_ms)))
    sys.argv = ["workstation", "--store", arguments[1]]
    from workstation.__main__ import main as workstation

    workstation()


if __name__ == "__main__":
    main(sys.argv[1:])
