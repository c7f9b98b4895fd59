"""What the desk is made of, imported while somebody types a password: the first page does without."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QElapsedTimer, QObject, QTimer

SLICE_MS, BETWEEN_MS = 3, 25


def window_parts() -> None:
    """Import what the window itself shows after signing in."""
    import workstation.presenters.wording
    import workstation.ui.doors
    import workstation.ui.notices
    import workstation.ui.preferences
    import workstation.ui.session.lock
    import workstation.ui.shell  # noqa: F401  # importing is the work


class Acquaintance(QObject):
    """Makes Qt's classes known to Python, a few a turn, while nobody waits for the window.

    Each is made when first asked for, with its enumerations, and a desk asks for a hundred at once.
    On the UI thread: made on another while this one needs the same, they bring the program down.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        parts = (QtCore, QtGui, QtWidgets)
        self._names = iter([(part, name) for part in parts for name in dir(part)])
        self._turn = QTimer(self)
        self._turn.setInterval(BETWEEN_MS)
        self._turn.timeout.connect(self._some)

    def begin(self) -> None:
        """Make them known from now on."""
        self._turn.start()

    def end(self) -> None:
        """Somebody waits: what is not known by now is made when it is needed."""
        self._names = iter([])

    def _some(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        for part, name in self._names:
            getattr(part, name)
            if clock.elapsed() >= SLICE_MS:
                return
        self._turn.stop()


class Ahead:
    """Does ``work`` once, on whichever thread asks first; any other waits until it is done.

    Never asked on the UI thread before ``work`` was done: waiting would hold the window.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._one_at_a_time = threading.Lock()
        self._done = False

    @property
    def working(self) -> bool:
        """Whether some thread is at it just now."""
        return self._one_at_a_time.locked()

    def done(self) -> None:
        """Return when everything is imported; raises what importing raised, each time anew.

        Importing makes half a million objects that stay: going through them for rubbish again and
        again would hold every thread, meanwhile and for as long as the program runs.
        """
        with self._one_at_a_time:
            if self._done:
                return
            collecting = gc.isenabled()
            gc.disable()
            try:
                self._work()
            finally:
                gc.freeze()
                if collecting:
                    gc.enable()
            self._done = True
