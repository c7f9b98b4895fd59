"""After signing: keys of the first half second do nothing, and Enter waits for a sign of life.

Keys are held back where the system hands them to a window, before any widget and before shortcuts.
The wait may last, and the next consultation opens in it: a filter of the whole application would
meet each event of each of its widgets.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QWindow

QUIET_MS = 500
STIR = 3  # pixels that the pointer has to move
_ARROWS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right})
_ENTERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})


class Calm(QObject):
    """Filters every window while active; takes itself away when it is over."""

    def __init__(self, parent: QObject | None = None, *, quiet_ms: int = QUIET_MS) -> None:
        super().__init__(parent)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(quiet_ms)
        self._quiet.timeout.connect(self._end)
        self._waits = False
        self._listens = False
        self._from = QPoint()

    @property
    def active(self) -> bool:
        """Whether some key is still held back."""
        return self._waits or self._quiet.isActive()

    def start(self) -> None:
        """Something was signed just now."""
        app = QGuiApplication.instance()
        if not isinstance(app, QGuiApplication):
            return
        if not self._listens:
            self._listens = True
            app.focusWindowChanged.connect(self._hold)
        self._waits = True
        self._from = QCursor.pos()
        self._quiet.start()
        for window in QGuiApplication.allWindows():
            self._hold(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event is swallowed."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress or (
            kind == QEvent.Type.MouseMove and (QCursor.pos() - self._from).manhattanLength() >= STIR
        ):
            self._waits = False
        elif kind in _KEYS and isinstance(event, QKeyEvent):
            if self._quiet.isActive() or (self._waits and event.key() in _ENTERS):
                event.accept()  # an accepted override is no shortcut either
                return True
            if event.key() in _ARROWS:
                self._waits = False
        self._end()
        return False

    def _hold(self, window: QWindow | None) -> None:
        if window is not None and self.active:
            window.installEventFilter(self)  # a second time it only takes the first one's place

    def _end(self) -> None:
        if not self.active:
            for window in QGuiApplication.allWindows():
                window.removeEventFilter(self)
