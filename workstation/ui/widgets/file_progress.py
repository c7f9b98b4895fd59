"""How many files of a long copy are done: a bar with words below it, asked for while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from workstation.language import tr
from workstation.ui.widgets.pieces import Wrapped

ASK_MS = 200
STILL_S = 4.5  # nothing moved for so long: it is said within five seconds


class FileProgress:
    """``bar`` and ``words`` for the layout of ``page``; ``ask`` looks for news while work is done.

    A folder of a network that went away keeps the work waiting, on its lane, for as long as the
    system likes; then the words say that nothing moves, until it does or the work fails.
    """

    def __init__(self, page: QWidget, name: str, ask: Callable[[], object]) -> None:
        self.bar, self.words = QProgressBar(), Wrapped("", "body2")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.bar.hide()
        self._ask = ask
        self._at: tuple[int, int] | None = None
        self._moved = time.monotonic()
        self._timer = QTimer(page)
        self._timer.setInterval(ASK_MS)
        self._timer.timeout.connect(self._look)

    def show(self, working: bool, progress: tuple[int, int] | None) -> None:
        """``progress``: files done, files in all; None or none in all before they are counted."""
        if working != self._timer.isActive():
            (self._timer.start if working else self._timer.stop)()
            self._at = None
        at = progress or (0, 0)
        if at != self._at:
            self._at, self._moved = at, time.monotonic()
        self.bar.setVisible(working)
        self.bar.setRange(0, at[1])
        self.bar.setValue(at[0])
        self.words.setVisible(working)
        self._say(working)

    def _look(self) -> None:
        self._ask()
        self._say(True)

    def _say(self, working: bool) -> None:
        done, total = self._at or (0, 0)
        said = [tr("{done:,} of {total:,} files", done=done, total=total)] if total else []
        still = round(time.monotonic() - self._moved)
        if time.monotonic() - self._moved >= STILL_S:
            said.append(
                tr(
                    "Nothing has been written for {still} s: look whether the folder answers.",
                    still=still,
                )
            )
        self.words.setText(" \u00b7 ".join(said) if working else "")
