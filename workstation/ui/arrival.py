"""A page comes onto the desk over a few turns of the event loop, and is painted when all of it is there.

Entering a page, laying it out and painting it would else be one turn: longer than a key may wait.
Meanwhile the window shows what it showed before. The first key or click brings the rest at once, and
comes to whatever has the focus then.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from workstation.ui.making import Making

PRESSED = {
    QEvent.Type.ShortcutOverride,
    QEvent.Type.KeyPress,
    QEvent.Type.InputMethod,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class Arrival(QObject):
    """One page at a time arrives on ``desk``, which holds them all."""

    def __init__(self, desk: QWidget) -> None:
        super().__init__(desk)
        self._desk = desk
        self._entering: Making[None] | None = None
        self._heard: list[QObject] = []
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._next)

    @property
    def pending(self) -> bool:
        """Whether something of the page is still to come."""
        return self._turn.isActive()

    def of(self, enter: Callable[[], None]) -> None:
        """Call ``enter``; what it gave to ``making.in_turns`` comes one step a turn, painting last."""
        self.finish()
        self._desk.setUpdatesEnabled(False)
        self._turn.start()
        try:
            self._entering = Making(enter)
        except BaseException:
            self._end()
            raise
        handle = self._desk.window().windowHandle()
        self._heard = [part for part in (handle, QApplication.focusWidget()) if part is not None]
        for part in self._heard:
            part.installEventFilter(self)

    def finish(self) -> None:
        """Let the whole page be there now."""
        entering, self._entering = self._entering, None
        if not self.pending:
            return
        try:
            if entering is not None:
                entering.finish()
        finally:
            self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever presses something waits no longer.

        A key finds by itself what has the focus then: this is asked before it is sent there. What
        an input method composed is sent on.
        """
        if event.type() not in PRESSED:
            return False
        self.finish()
        now = QApplication.focusWidget()
        if event.type() != QEvent.Type.InputMethod or now is None or watched is now:
            return False
        QCoreApplication.sendEvent(now, event)
        return True

    def _next(self) -> None:
        if self._entering is None:
            self._end()  # laid out by now: painted in the next turn
            return
        try:
            more = self._entering.go_on()
        except BaseException:
            self._end()
            raise
        if not more:
            self._entering = None

    def _end(self) -> None:
        self._turn.stop()
        self._entering = None
        self._desk.setUpdatesEnabled(True)
        heard, self._heard = self._heard, []
        for part in heard:
            if isValid(part):  # what had the focus may be gone with the page before
                part.removeEventFilter(self)
