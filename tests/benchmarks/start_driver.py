"""One start of the program in a process of its own; prints moments of the monotonic clock as JSON.

``start.py`` runs it: ``plain``, ``form``, ``sign_in STORE`` or ``queue STORE LOGIN PASSWORD TYPING_MS``. The real
entry point runs; only painting is listened to, by the class that paints: a filter of the application
would itself cost what is measured here.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

PLAIN, FORM, SIGN_IN, QUEUE = "plain", "form", "sign_in", "queue"
BEAT_MS = 1
moments: dict[str, float] = {}


def told() -> None:
    """Print and go, at once: what ending takes is no part of a start."""
    print(json.dumps(moments), flush=True)
    os._exit(0)


def plain(form: bool = False) -> None:
    """The least that Qt can do: one empty main window; with one form and style, the least of ours."""
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
    if form:
        with_one_form(app, window)
    window.resize(1440, 900)
    window.show()
    app.exec()


def with_one_form(app: Any, window: Any) -> None:
    """Our sign-in form as Qt alone shows it, with our style sheet and typeface."""
    from PySide6.QtCore import Qt  # its enumerations take longer than anything else here
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtUiTools import QUiLoader

    for file in sorted((ROOT / "resources" / "fonts").glob("Inter*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    app.setFont(QFont("Inter"))
    app.setStyle("Fusion")
    sheet = (ROOT / "resources" / "theme" / "style.qss").read_text(encoding="utf-8")
    app.setStyleSheet(re.sub(r"@[a-zA-Z]\w*", "#336699", re.sub(r"@(\d+px)", r"\1", sheet)))
    page = QUiLoader().load(str(ROOT / "forms" / "sign_in.ui"))
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    window.setCentralWidget(page)


def first_paint(then: Callable[[Any], None]) -> None:
    """Note when the window is on the screen, and call ``then`` with it when its first page is."""
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
        # What the new page has to draw is drawn before a timer's turn comes.
        window.begun.connect(lambda: QTimer.singleShot(0, lambda: ready(window)))

    def ready(window: Window) -> None:
        moments["ready"] = time.monotonic()
        then(window)

    Window.paintEvent = paint


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
    RowsList.paintEvent = paint
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.timeout.connect(beaten)
    beat.start(BEAT_MS)
    QTimer.singleShot(typing_ms, entered)
    window.failed.connect(lambda code: (print(code, flush=True), os._exit(1)))  # else nobody ends


def main(arguments: list[str]) -> None:
    """Start as ``arguments`` say."""
    kind = arguments[0]
    if kind in (PLAIN, FORM):
        plain(kind == FORM)
        return
    if kind == SIGN_IN:
        first_paint(lambda _window: told())
    else:
        login, password, typing_ms = arguments[2:5]
        first_paint(lambda window: typing(window, login, password, int(typing_ms)))
    # As the menu starts it: no word, the store where it lies by default.
    os.environ["XDG_DATA_HOME"] = str(Path(arguments[1]).parents[1])
    sys.argv = ["workstation"]
    from workstation.__main__ import main as workstation

    workstation()


if __name__ == "__main__":
    main(sys.argv[1:])
