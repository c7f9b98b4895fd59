"""Hands and eyes of the tour: presses keys, moves a pointer, waits for what a person would wait for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workstation.tour.pace import Pace, Step

SLOW_SECONDS = 30.0
AGAIN_MS = 4  # between two looks at what is waited for


class TourFailed(Exception):
    """A step did not come out as a user would need it to."""


class Hands:
    """A user at the window. Every event goes to a visible widget, and every turn is measured."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.pace = Pace()
        self.steps: list[Step] = []
        self.step = Step("start")
        self.window: Any = None
        self._part = ""
        self._act = "start"

    def key(self, widget: Any, name: str, *, control: bool = False) -> None:
        """Press a key where a widget has the focus."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.expect(widget is not None and widget.isVisible(), f"the key {name} has a target")
        widget.setFocus()
        modifier = (
            Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        )
        with self._turn(f"key {'Ctrl ' if control else ''}{name} on {self.current() or 'sign-in'}"):
            QTest.keyClick(widget, getattr(Qt.Key, f"Key_{name}"), modifier)
        self._count(1)
        self.pump()

    def type(self, widget: Any, text: str) -> None:
        """Type a text."""
        from PySide6.QtTest import QTest

        self.expect(widget.isVisible(), "the field shows")
        widget.setFocus()
        for letter in text:
            with self._turn(f"typing on {self.current() or 'sign-in'}"):
                QTest.keyClicks(widget, letter)
            self.pump()
        self._count(len(text))

    def click(self, widget: Any, place: Any, button: Any) -> None:
        """Click a place."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        self.expect(widget.isVisible(), "the pointer has a target")
        # A far point first: two clicks on neighbouring lesions are no double click.
        QTest.mouseMove(widget, QPoint(1, 1))
        with self._turn(f"click on {self.current()}"):
            QTest.mouseClick(widget, button, Qt.KeyboardModifier.NoModifier, place)
        self.window.used()  # these events reach a widget without passing its window
        self.step.clicks += 1
        self.pump()

    def focus(self) -> Any:
        """What has the focus."""
        from PySide6.QtWidgets import QApplication

        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            self.pump(20)
        return QApplication.focusWidget() or self.window

    def page(self, id: str) -> Any:
        """A page of the desk."""
        return self.window.shell.page(id)

    def current(self) -> str:
        """Id of the page shown, "" before there is a desk."""
        return "" if self.window.shell is None else str(self.window.shell.current)

    def chip(self, id: str) -> Any:
        """What a step says beside its name."""
        return self.page(id).step_chip()

    def rows(self) -> int:
        """Rows of the queue."""
        return int(self.page("queue").queueList.model().rowCount())

    def expect_page(self, id: str) -> None:
        """Wait until a page shows, all of it."""
        self.until(lambda: self.current() == id and self.arrived(), f"the step {id} shows")

    def arrived(self) -> bool:
        """Whether all of the page is there."""
        shell = self.window.shell if self.window is not None else None
        return shell is None or not shell.arriving

    def expect(self, good: bool, what: str) -> None:
        """Fail the tour unless it holds."""
        if not good:
            raise TourFailed(what)

    def until(self, good: Callable[[], bool], what: str) -> None:
        """Wait until it holds; fail after a time."""
        end = time.monotonic() + SLOW_SECONDS
        while not good():
            if time.monotonic() > end:
                raise TourFailed(f"waited {SLOW_SECONDS:.0f} s: {what}")
            self.pump(AGAIN_MS)

    def settle(self) -> None:
        """Wait until nothing is being loaded or saved, and the page is there."""

        def quiet() -> bool:
            return not self.window.jobs.busy and self.arrived()

        self.until(quiet, "work in the background ends")
        self.pump(30)
        self.until(quiet, "work in the background ends")
        self.pump(10)

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump(20)

    def pump(self, milliseconds: int = 0) -> None:
        """Let the event loop turn for so long, at least once."""
        from PySide6.QtWidgets import QApplication

        # Sleeping lets the lanes work: an event loop spun by hand would hold the interpreter.
        end = time.monotonic() + milliseconds / 1000
        while True:
            with self.pace.turn(self.step.name, f"after {self._act}"):
                QApplication.processEvents()
            self._look()
            if time.monotonic() >= end:
                return
            if self.arrived():  # else the loop would not rest either
                time.sleep(0.004)

    def shoot(self, name: str) -> None:
        """Keep a picture of the window."""
        if self.window is None:
            return
        self.pump(40)
        number = len(list(self.out.glob("*.png"))) + 1
        path = self.out / f"{number:02d}-{name}.png"
        self.window.grab().save(str(path))
        self.step.picture = path.name

    @contextmanager
    def doing(self, name: str) -> Iterator[None]:
        """A step of the tour."""
        self.step = Step(name)
        self.steps.append(self.step)
        begun = time.monotonic()
        try:
            yield
        finally:
            self.step.milliseconds = round((time.monotonic() - begun) * 1000)

    @contextmanager
    def counting(self, part: str) -> Iterator[None]:
        """Count the keys pressed inside as a part of the main job."""
        before, self._part = self._part, part
        try:
            yield
        finally:
            self._part = before

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Measure a wait of the main job; the longest of a step counts."""
        begun = time.monotonic()
        yield
        spent = round((time.monotonic() - begun) * 1000)
        self.step.waits[what] = max(spent, self.step.waits.get(what, 0))

    @contextmanager
    def _turn(self, act: str) -> Iterator[None]:
        self._act = act
        with self.pace.turn(self.step.name, act):
            yield

    def _look(self) -> None:
        """Note which page shows, and what stands in the way."""
        from PySide6.QtWidgets import QApplication

        page = self.current()
        if page and self.step.pages[-1:] != [page]:
            self.step.pages.append(page)
        modal = QApplication.activeModalWidget()
        if modal is not None and modal.objectName() not in self.step.dialogs[-1:]:
            self.step.dialogs.append(modal.objectName() or type(modal).__name__)

    def _count(self, keys: int) -> None:
        self.window.used()
        self.step.keys += keys
        if self._part:
            self.step.parts[self._part] = self.step.parts.get(self._part, 0) + keys


def alive(widget: Any) -> bool:
    """Whether a widget still exists and shows."""
    from shiboken6 import isValid

    return bool(isValid(widget)) and bool(widget.isVisible())
