"""A page comes onto the desk over a few turns of the event loop, and is painted when all of it is there.

Entering a page, laying it out and painting it would else be one turn: longer than a key may wait.
Until all of it is there the window shows what it showed before. The first key or click brings the
rest at once, and comes to whatever has the focus then. Painting takes a few turns too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from workstation.ui.making import Making
from workstation.ui.unveiling import Unveiling

PRESSED = {
    QEvent.Type.ShortcutOverride,
    QEvent.Type.KeyPress,
    QEvent.Type.InputMethod,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


@contextmanager
def laid_out_once(widget: QWidget) -> Iterator[None]:
    """What changes inside is laid out together: else each part that is shown lays out all of it."""
    layout = widget.layout()
    assert layout is not None
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.activate()


class Arrival(QObject):
    """One page at a time arrives on ``desk``, which holds them all in its ``room``."""

    def __init__(self, desk: QWidget, room: QWidget | None = None) -> None:
        super().__init__(desk)
        self._desk, self._room = desk, desk if room is None else room
        self._entering: Making[None] | None = None
        self._unveiling: Unveiling | None = None
        self._coming: object = None  # another one for each page
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
        coming = self._coming = object()
        try:
            entering = Making(enter)
        except BaseException:  # whatever it was: the desk is painted again; raised again
            self._end()
            raise
        if self._coming is not coming:
            return  # entering led on to another page
        self._entering = entering
        self._hear_keys()

    def finish(self) -> None:
        """Let the whole page be there now."""
        entering, self._entering = self._entering, None
        if not self.pending:
            return
        coming = self._coming
        try:
            while entering is not None and self._coming is coming and entering.go_on():
                pass
        finally:
            if self._coming is coming:
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
        if self._unveiling is not None:
            if not self._unveiling.go_on():
                self._end()
            return
        if self._entering is None:
            self._hear(())  # all of it is there and laid out by now
            self._unveiling = Unveiling(self._desk, self._room)
            return
        coming, entering, self._entering = self._coming, self._entering, None
        try:
            more = entering.go_on()
        except BaseException:  # as above
            if self._coming is coming:
                self._end()
            raise
        if self._coming is not coming:
            return  # it led on to another page, and its rest is void
        if more:
            self._entering = entering
        if QApplication.focusWidget() not in self._heard:
            self._hear_keys()

    def _end(self) -> None:
        self._turn.stop()
        self._entering = self._coming = None
        unveiling, self._unveiling = self._unveiling, None
        if unveiling is not None:
            unveiling.finish()
        self._desk.setUpdatesEnabled(True)
        self._hear(())

    def _hear_keys(self) -> None:
        """Where keys come in, and where they go to now."""
        parts = (self._desk.window().windowHandle(), QApplication.focusWidget())
        self._hear(part for part in parts if part is not None)

    def _hear(self, parts: Iterable[QObject]) -> None:
        """Be asked before each of these from now on, and before nothing else."""
        for part in self._heard:
            if isValid(part):  # what had the focus may be gone with the page before
                part.removeEventFilter(self)
        self._heard = list(parts)
        for part in self._heard:
            part.installEventFilter(self)
