"""Keys that act while they are held, also where a held key is heard as many short presses.

X repeats a held key as a release and a press at the same moment. Qt tells them from real ones only
when both are there in time, which over a remote desktop they often are not: what was held would
then be let go and taken up again many times a second, and stay as a tap leaves it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from shiboken6 import isValid

PATIENCE_MS = 25  # a repetition follows at once; nobody sees this wait


def told_apart() -> bool:
    """Whether the window system says by itself which presses are repetitions."""
    return QGuiApplication.platformName() != "xcb"


class HeldKeys:
    """The keys of ``owner``, a widget, that were let go a moment ago, and may not have been."""

    def __init__(self, owner: object) -> None:
        self._owner = owner
        self._leaving: dict[int, tuple[QTimer, int, Callable[[], None]]] = {}

    def goes_on(self, event: QKeyEvent) -> bool:
        """Whether this press is a repetition of a key that is still held."""
        leaving = self._leaving.pop(event.key(), None)
        if leaving is None:
            return event.isAutoRepeat()
        timer, when, let_go = leaving
        timer.stop()
        if event.timestamp() == when:
            return True
        let_go()  # a press of its own: the one before it is over
        return event.isAutoRepeat()

    def released(self, event: QKeyEvent, let_go: Callable[[], None]) -> None:
        """Call ``let_go`` when the key is really up: at once where that is known."""
        if told_apart():
            let_go()
            return
        key = event.key()
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._over(key))
        self._leaving[key] = timer, event.timestamp(), let_go
        timer.start(PATIENCE_MS)

    def forget(self) -> None:
        """The focus went elsewhere: nothing is held."""
        for timer, _, _ in self._leaving.values():
            timer.stop()
        self._leaving.clear()

    def _over(self, key: int) -> None:
        leaving = self._leaving.pop(key, None)
        if leaving is not None and isValid(self._owner):
            leaving[2]()
