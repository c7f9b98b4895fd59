"""Pages that are made part by part: one a turn while nobody waits, all at once for whoever does.

A widget with much inside it hands the rest of its making to ``make`` as the last thing its
constructor does. Made by itself it is whole when the constructor returns. Made by a ``Making`` it
lacks those parts until ``go_on`` was called often enough, or ``finish``; nobody else sees it before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

T = TypeVar("T")
W = TypeVar("W")
Steps = Iterator[None]

# Of each ``Making`` that is making something just now: the steps it still has to do.
_makings: list[list[Steps]] = []


def make(widget: QWidget, steps: Steps) -> None:
    """Do the steps of a widget: now, or one a turn when a ``Making`` makes it.

    A step that makes a widget with steps of its own yields before it uses what is inside that. What
    hears of others, and what others may call, belongs into the last step: turns pass between two.
    """
    in_turns(_undisturbed(widget, _Waiting(widget), steps) if _makings else steps)


def in_turns(steps: Steps) -> None:
    """Do steps of anything: now, or one a turn inside what a ``Making`` calls."""
    if _makings:
        _makings[-1].append(steps)
    else:
        for _ in steps:
            pass


def _undisturbed(widget: QWidget, waiting: _Waiting, steps: Steps) -> Steps:
    """The same, while its size waits: whoever takes a picture of a window sizes hidden widgets too."""
    yield from steps
    waiting.end(widget)


class _Waiting(QObject):
    """Keeps from a widget that it has another size until ``end``."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._missed = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nothing can be laid out yet."""
        early = event.type() == QEvent.Type.Resize
        self._missed |= early
        return early

    def end(self, widget: QWidget) -> None:
        """The widget is whole."""
        widget.removeEventFilter(self)
        if self._missed:
            QCoreApplication.sendEvent(widget, QResizeEvent(widget.size(), QSize()))
        self.deleteLater()


class Making(Generic[W]):
    """One widget on its way, or another thing done in steps; ``begin`` does the first of it."""

    def __init__(self, begin: Callable[[], W]) -> None:
        self._left: list[Steps] = []
        self._failed: Exception | None = None
        self._made = self._collecting(begin)

    def go_on(self) -> bool:
        """Do one more step; False when none was left. What failed once fails each time."""
        if self._failed is not None:
            raise self._failed
        while self._left:
            steps = self._left[-1]  # what was made last is whole before its holder goes on
            if self._collecting(lambda: next(self._left[-1], self)) is not self:
                return True
            self._left.remove(steps)
        return False

    def finish(self) -> W:
        """Do all that is left; the widget."""
        while self.go_on():
            pass
        return self._made

    def _collecting(self, act: Callable[[], T]) -> T:
        _makings.append(self._left)
        try:
            return act()
        except Exception as error:  # whatever it was: told once, whoever asks on; raised again
            self._failed = error
            raise
        finally:
            _makings.pop()
