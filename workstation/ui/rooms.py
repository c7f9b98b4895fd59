"""The pages of the desk: made part by part behind the first, or at once when one is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol, cast

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import isValid

from workstation.ui.making import Making
from workstation.ui.page import Page, PageTools
from workstation.ui.spare import Spare

FIRST_MS = 100  # the first page is painted before another is made
BETWEEN_MS = 15  # between two slices, so that keys and pictures have their turn
SLICE_MS = 6


class PageFactory(Protocol):
    """Makes one page once the shell's tools exist."""

    def __call__(self, tools: PageTools, parent: QWidget) -> QWidget:
        """The page, which fulfils the ``Page`` protocol."""
        ...


class Rooms(QObject):
    """Pages by their ids. ``made`` tells of each that is there from now on.

    All of them at sign-in would hold the window for a second; nobody needs them so soon.
    """

    made = Signal(str)

    def __init__(
        self, stack: QStackedWidget, makers: Mapping[str, PageFactory], tools: PageTools
    ) -> None:
        super().__init__(stack)
        self._stack, self._makers, self._tools = stack, dict(makers), tools
        self._pages: dict[str, QWidget] = {}
        self._begun: dict[str, Making[QWidget]] = {}  # not whole yet: nobody is given one of these
        self._spare = Spare()
        self._rest = QTimer(self)
        self._rest.timeout.connect(self._next)
        self._slices: Iterator[None] = iter(())

    def __contains__(self, id: object) -> bool:
        return id in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def widget(self, id: str) -> QWidget:
        """A page; KeyError for an id there is no page of."""
        found = self._pages.get(id)
        if found is None:
            making = self._begun.pop(id, None) or self._begin(id)
            found = self._pages[id] = making.finish()
            self._stack.addWidget(found)
            self.made.emit(id)
        return found

    def make_some(self, id: str) -> bool:
        """Make one part more of a page; whether all of it is there."""
        if id in self._pages:
            return True
        making = self._begun.get(id)
        if making is None:
            self._begun[id] = self._begin(id)
            return False
        if making.go_on():
            return False
        self.widget(id)
        return True

    def is_there(self, id: str) -> bool:
        """Whether a page is made already, all of it."""
        return id in self._pages

    @property
    def there(self) -> tuple[tuple[str, QWidget], ...]:
        """Ids and pages of what is made already."""
        return tuple(self._pages.items())

    def page(self, id: str) -> Page:
        """The same, as the shell speaks to it."""
        return cast(Page, self.widget(id))

    def own(self, id: str) -> Any:
        """The same, for what only that page has."""
        return self.widget(id)

    def make_the_rest(self) -> None:
        """Begin to make what nobody has asked for yet."""
        self._slices = self._in_slices()
        self._rest.start(FIRST_MS)

    def make_all(self) -> None:
        """Make everything now."""
        for id in self._makers:
            self.widget(id)

    def end(self, last: Callable[[], None]) -> None:
        """End the pages, one a turn, then do ``last``: the desk is left and no longer shown."""
        self._slices = self._ending(last)
        self._rest.start(BETWEEN_MS)

    def _ending(self, last: Callable[[], None]) -> Iterator[None]:
        for page in self._pages.values():
            page.deleteLater()
            yield
        last()

    def _begin(self, id: str) -> Making[QWidget]:
        return Making(partial(self._makers[id], self._tools, self._stack))

    def _next(self) -> None:
        self._rest.setInterval(BETWEEN_MS)
        if not self._spare.there():
            return
        if next(self._slices, self) is self:
            self._rest.stop()
        self._spare.used()

    def _in_slices(self) -> Iterator[None]:
        """Make the pages, then dress them: each would else be styled whole when it first shows."""
        for id in self._makers:
            if id not in self._pages:
                while not self.make_some(id):
                    yield
                yield
        clock = QElapsedTimer()
        clock.start()
        for page in tuple(self._pages.values()):
            # Leaves first: who holds others dresses those with it.
            for part in reversed(page.findChildren(QWidget)):
                if not isValid(part):
                    continue
                part.ensurePolished()
                if clock.elapsed() > SLICE_MS:
                    yield
                    clock.start()
