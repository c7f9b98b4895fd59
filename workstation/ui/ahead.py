"""What the desk is made of, imported while somebody types a password: the first page does without."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from workstation.presenters.jobs import Jobs, Lane

SLICE_MS, BETWEEN_MS = 3, 10
SLICE_IN_HASTE_MS = 10  # somebody waits for the desk, and keys still wait less than they may
# How long a lane may keep the interpreter once the window wants it. Qt gives it up in almost every
# call: at Python's own 5 ms a lane that computes makes one turn of the window ten times as long.
# Not before the desk is imported: what is done on lanes until then is done the sooner.
SWITCH_S = 0.0001


class QtClasses:
    """Qt's classes as Python knows them, each made with its enumerations when first asked for.

    Made on the UI thread alone, and all of them before a lane imports anything that names one. The
    bindings keep no other thread away from a class in the making, which takes Python code for its
    enumerations, and strike it off their list by a place in it: when two threads make the same one,
    the second strikes off what is gone, and the program ends with a segmentation fault (PySide6
    6.11, ``incarnateType``).
    """

    def __init__(self) -> None:
        self._left: Iterator[tuple[ModuleType, str]] | None = None
        self._all = threading.Event()

    def make_some(self, milliseconds: int | None = None) -> bool:
        """Make the next few, for about so long, or all that are left; whether all are there now."""
        if self._left is None:
            parts = (QtCore, QtGui, QtWidgets)
            self._left = iter([(part, name) for part in parts for name in dir(part)])
        clock = QElapsedTimer()
        clock.start()
        for part, name in self._left:
            getattr(part, name)
            if milliseconds is not None and clock.elapsed() >= milliseconds:
                return False
        self._all.set()
        return True

    def wait(self) -> None:
        """Return when all are there: a lane waits for the UI thread, which makes them itself."""
        if threading.current_thread() is threading.main_thread():
            self.make_some()
        self._all.wait()


QT_CLASSES = QtClasses()


def window_parts() -> None:
    """Import what the window itself shows after signing in."""
    QT_CLASSES.wait()
    import workstation.presenters.wording
    import workstation.ui.attendance
    import workstation.ui.doors
    import workstation.ui.notices
    import workstation.ui.preferences
    import workstation.ui.session.lock
    import workstation.ui.shell  # noqa: F401  # importing is the work


class Acquaintance(QObject):
    """Has ``QT_CLASSES`` made a few a turn, so that keys and pictures come between."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._slice_ms = SLICE_MS
        self._turn = QTimer(self)
        self._turn.setInterval(BETWEEN_MS)
        self._turn.timeout.connect(self._some)

    def begin(self) -> None:
        """Make them from now on."""
        self._turn.start()

    def hurry(self) -> None:
        """Somebody waits for the desk, which waits for them."""
        self._slice_ms = SLICE_IN_HASTE_MS
        self._turn.setInterval(0)
        self._turn.start()

    def end(self) -> None:
        """Make all that are left at once: the window goes, and no lane may wait for ever."""
        self._turn.stop()
        QT_CLASSES.make_some()

    def _some(self) -> None:
        if QT_CLASSES.make_some(self._slice_ms):
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
            sys.setswitchinterval(SWITCH_S)
            if not self._waited_for:
                self.rest(jobs)

        self._acquaintance.begin()
        jobs.submit(self.desk.done, loaded, loaded, Lane.WORK)

    def hurry(self) -> None:
        """Somebody signs in."""
        self._waited_for = True
        self._acquaintance.hurry()

    def end(self) -> None:
        """The window closes: whatever a lane is importing, it comes to its end."""
        self._acquaintance.end()

    def rest(self, jobs: Jobs) -> None:
        """Nobody waits any more. What fails is told where it is needed, which asks for it again."""
        self._waited_for = False
        jobs.submit(self.later.done, lambda _: None, lambda _: None, Lane.WORK)
