"""A page is painted part by part, a few of them a turn, over a plain ground.

Painting all of it at once is longer than a key may wait. Of what the window showed before nothing is
left to be seen: its pixels are wiped off before the first part is painted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QRegion
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from workstation.ui.restyle import children_of
from workstation.ui.theme import theme

SLICE = 0.012  # seconds of painting in one turn: a part that takes longer has one of its own
WIDGETS = 24  # in one part, about: a part that holds more is painted as the parts inside it


class Unveiling:
    """``room`` lies in a desk whose updates are disabled, and is painted from here on.

    What is around the room is painted at once, and with it whatever holds the parts.
    """

    def __init__(self, desk: QWidget, room: QWidget) -> None:
        self._parts = list(_parts(room))
        for part in self._parts:
            part.setUpdatesEnabled(False)
        around = desk.parentWidget()
        if (
            around is None or around.updatesEnabled()
        ):  # else it is painted when what is around it is
            _wipe(room)
        desk.setUpdatesEnabled(True)
        desk.repaint()  # in this same turn: what is wiped off is not seen beside what was around it

    def go_on(self) -> bool:
        """Paint what comes next; whether something is left."""
        begun = time.thread_time()
        while self._parts:
            part = self._parts.pop(0)
            if isValid(part):
                part.setUpdatesEnabled(True)
                part.repaint()
            if time.thread_time() - begun >= SLICE:
                break
        return bool(self._parts)

    def finish(self) -> None:
        """Let the rest be painted with whatever else is to be."""
        parts, self._parts = self._parts, []
        for part in parts:
            if isValid(part):
                part.setUpdatesEnabled(True)


def _parts(room: QWidget) -> Iterator[QWidget]:
    for child in children_of(room):
        if child.isWindow() or not child.isVisible():
            continue
        if _holds_many(child):
            yield from _parts(child)
        else:
            yield child


def _holds_many(widget: QWidget) -> bool:
    """Whether more than ``WIDGETS`` are seen of it and in it; no more of them are looked at."""
    waiting, seen = [widget], 1
    while waiting:
        shown = [child for child in children_of(waiting.pop()) if child.isVisible()]
        waiting += shown
        seen += len(shown)
        if seen > WIDGETS:
            return True
    return False


def _wipe(room: QWidget) -> None:
    """Paint the ground where the room is, below Qt: what is opaque there keeps Qt itself from it."""
    window = room.window()
    pixels = window.backingStore()
    if pixels is None or not room.isVisible() or window.windowHandle() is None:
        return
    place = QRect(room.mapTo(window, QPoint()), room.size())
    pixels.beginPaint(QRegion(place))
    painter = QPainter(pixels.paintDevice())
    painter.fillRect(place, theme.colour("bg"))
    painter.end()
    pixels.endPaint()
