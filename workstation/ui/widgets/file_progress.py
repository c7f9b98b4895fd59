"""How many files of a long copy are done: a bar with words below it, asked for while it runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from workstation.language import tr
from workstation.ui.widgets.pieces import Wrapped

ASK_MS = 200


class FileProgress:
    """``bar`` and ``words`` for the layout of ``page``; ``ask`` looks for news while work is done."""

    def __init__(self, page: QWidget, name: str, ask: Callable[[], object]) -> None:
        self.bar, self.words = QProgressBar(), Wrapped("", "body2")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.bar.hide()
        self._timer = QTimer(page)
        self._timer.setInterval(ASK_MS)
        self._timer.timeout.connect(ask)

    def show(self, working: bool, progress: tuple[int, int] | None) -> None:
        """``progress``: files done, files in all; None or none in all before they are counted."""
        if working != self._timer.isActive():
            (self._timer.start if working else self._timer.stop)()
        done, total = progress or (0, 0)
        self.bar.setVisible(working)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.words.setText(
            tr("{done:,} of {total:,} files", done=done, total=total) if working and total else ""
        )
        self.words.setVisible(working)
