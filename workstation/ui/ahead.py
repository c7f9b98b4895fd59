"""What the desk is made of, imported while somebody types a password: the first page does without."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from workstation.presenters.jobs import Jobs, Lane

SLICE_MS, BETWEEN_MS = 3, 25
# How long a lane may keep the interpreter once the window wants it. Qt gives it up in almost every
# call: at Python's own 5 ms a lane that computes makes one turn of the window ten times as long.
# Not before everything is imported: lanes make classes of Qt known then, and may be interrupted in
# the middle of it the less the better.
SWITCH_S = 0.0005


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


class Loading:
    """What is imported behind the first page, in which order: nobody waits for what comes last."""

    def __init__(
        self, window: QObject, load: Callable[[], None], load_later: Callable[[], None]
    ) -> None:
        self.desk, self.later = Ahead(load), Ahead(load_later)
        self._acquaintance = Acquaintance(window)
        self._waited_for = False  # from Enter until the first page has its rows

    def begin(self, jobs: Jobs) -> None:
        """The first page is there. What fails is told at signing in, which asks for it again."""

        def loaded(_: object) -> None:
            if not self._waited_for:
                self._acquaintance.begin()
                self.rest(jobs)

        jobs.submit(self.desk.done, loaded, loaded, Lane.WORK)

    def hurry(self) -> None:
        """Somebody signs in."""
        self._waited_for = True
        self._acquaintance.end()

    def rest(self, jobs: Jobs) -> None:
        """Nobody waits any more. What fails is told where it is needed, which asks for it again."""
        self._waited_for = False

        def imported(_: object) -> None:
            sys.setswitchinterval(SWITCH_S)

        jobs.submit(self.later.done, imported, imported, Lane.WORK)
