"""Hears that somebody uses keyboard or pointer, in whichever window of the program.

What the system reports goes to a window before Qt hands it to a widget; so each window is listened
to and no widget. A filter of the whole application would hear the same, and Qt's bindings would
meet every event of every widget and timer for it, each time waiting for whatever lane computes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow

USES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.ShortcutOverride,  # all that a window hears of a key that is a shortcut
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Wheel,
        QEvent.Type.NativeGesture,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.DragEnter,
        QEvent.Type.DragMove,
        QEvent.Type.Drop,
    }
)


class Activity(QObject):
    """Calls ``used`` at each use of a window that ``look`` or the focus found."""

    def __init__(self, used: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._used = used
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._hear)
        self.look()

    def look(self) -> None:
        """Listen to windows that are new: a list that opens over a field never has the focus.

        Asked for again before each look at the deadline. What opens such a window is a use itself,
        so nobody is locked out earlier than by the time between two looks.
        """
        for window in QGuiApplication.allWindows():
            self._hear(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any use counts; nothing is held back."""
        if event.type() in USES:
            self._used()
        return False

    def _hear(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # a second time it only takes the first one's place
