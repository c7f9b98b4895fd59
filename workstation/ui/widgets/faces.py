"""Photos of people in lists: asked for when a row is first painted, dropped when the page is left."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

KEPT = 400  # decoded thumbnails of about 30 kB

# Asks for the JPEG bytes of somebody's thumbnail; empty bytes mean there is none.
Ask = Callable[[str, Callable[[bytes], None]], None]


class Faces(QObject):
    """The thumbnails of one page. ``arrived`` is called with the id whose photo is there now."""

    def __init__(self, parent: QObject, ask: Ask, arrived: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._ask, self._arrived = ask, arrived
        self._kept: OrderedDict[str, QImage | None] = OrderedDict()

    def of(self, id: str) -> QImage | None:
        """The photo, or None while it is on its way or when there is none."""
        if not id:
            return None
        if id in self._kept:
            self._kept.move_to_end(id)
            return self._kept[id]
        self._kept[id] = None
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        # After painting: an answer may come at once, and painting must not start painting.
        QTimer.singleShot(0, self, lambda: self._ask(id, lambda content: self._take(id, content)))
        return None

    def drop(self) -> None:
        """Forget every photo."""
        self._kept.clear()

    def _take(self, id: str, content: bytes) -> None:
        if id in self._kept and content:
            self._kept[id] = QImage.fromData(content)
            self._arrived(id)
