"""Gives every widget the look in use: what is seen at once, the rest a little each turn.

Qt itself, given another style sheet, polishes each widget once for every widget around it, and those
behind the shown page as well: seconds, in one turn. Here each is polished once, from the outside in.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QElapsedTimer, QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

T = TypeVar("T")
SLICE_MS, BETWEEN_MS = 6, 15
_POLISHED = Qt.WidgetAttribute.WA_WState_Polished


class Restyling:
    """``begin`` after the application has another sheet; ``finish`` for what is about to be shown."""

    def __init__(self) -> None:
        self._also: list[Callable[[QWidget], None]] = []
        self._left: list[QWidget] = []  # hidden, with all below them, in the order of their turn
        self._slices: Iterator[None] = iter(())
        self._turn: QTimer | None = None

    def also(self, dress: Callable[[QWidget], None]) -> None:
        """Call this for each widget that is given the look."""
        self._also.append(dress)

    @property
    def busy(self) -> bool:
        """Whether something hidden still wears the look of before."""
        return bool(self._left)

    def begin(self, app: QApplication) -> None:
        """Restyle what is seen now, the rest from the next turn on."""
        for _ in self.begun(app):
            pass

    def begun(self, app: QApplication) -> Iterator[None]:
        """The same in steps: of what is seen a few widgets each."""
        self._left = []
        clock = QElapsedTimer()
        clock.start()
        for window in _of(app.topLevelWidgets):
            if not isValid(window) or window.parentWidget() is not None:
                continue
            for _ in self._seen(window):
                if clock.elapsed() >= SLICE_MS:
                    yield
                    clock.start()
        self._slices = self._in_slices()
        if self._turn is None:
            self._turn = QTimer(app)
            self._turn.setInterval(BETWEEN_MS)
            self._turn.timeout.connect(self._some)
        self._turn.start()

    def finish(self, part: QWidget | None = None) -> None:
        """Restyle now what is left of ``part``, or all that is left anywhere."""
        for root in tuple(self._left):
            if part is None or not isValid(root) or root is part or part.isAncestorOf(root):
                self._left.remove(root)
                for one in _below(root):
                    self._dress(one)

    def _seen(self, widget: QWidget) -> Iterator[None]:
        if not isValid(widget):
            return
        if widget.isHidden() and widget.windowType() is Qt.WindowType.Popup:
            # A menu, or the list of a choice: it may open at any moment, without a page to tell.
            for one in _below(widget):
                self._dress(one)
            return
        if widget.isHidden():
            self._left.append(widget)
            return
        self._dress(widget)
        yield
        for child in children_of(widget) if isValid(widget) else ():
            yield from self._seen(child)

    def _some(self) -> None:
        assert self._turn is not None
        if next(self._slices, self) is self:
            self._turn.stop()

    def _in_slices(self) -> Iterator[None]:
        clock = QElapsedTimer()
        clock.start()
        while self._left:
            root = self._left[0]
            for one in _below(root):
                self._dress(one)
                if clock.elapsed() >= SLICE_MS:
                    yield
                    clock.start()
            if root in self._left:
                self._left.remove(root)

    def _dress(self, widget: QWidget) -> None:
        if not isValid(widget):
            return
        if widget.testAttribute(_POLISHED):
            widget.style().polish(widget)
            QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
        for dress in self._also:
            dress(widget)


def _below(root: QWidget) -> Iterator[QWidget]:
    """A widget and all inside it, from the outside in, as they are when their turn comes."""
    waiting = [root]
    while waiting:
        widget = waiting.pop()
        if isValid(widget):
            yield widget
        if isValid(widget):
            waiting += reversed(children_of(widget))


def children_of(widget: QWidget) -> list[QWidget]:
    """The widgets that lie in a widget, from below to above."""
    return [child for child in _of(widget.children) if isinstance(child, QWidget)]


def _of(ask: Callable[[], list[T]]) -> list[T]:
    """A list of what Qt holds.

    PySide makes an object for each in turn; a collection of garbage between two of them could end a
    widget that is still to come, and the program with it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ask()
    finally:
        if collecting:
            gc.enable()
