"""The pages of the desk: made one a turn of the event loop, or at once when one is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workstation.ui.page import Page, PageTools

FIRST_MS = 100  # the first page is painted before another is made
BETWEEN_MS = 15  # between two pages, so that keys and pictures have their turn


class PageFactory(Protocol):
    """Makes one page once the shell's tools exist."""

    def __call__(self, tools: PageTools) -> QWidget:
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
        self._rest = QTimer(self)
        self._rest.timeout.connect(self._next)

    def __contains__(self, id: object) -> bool:
        return id in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def widget(self, id: str) -> QWidget:
        """A page; KeyError for an id there is no page of."""
        found = self._pages.get(id)
        if found is None:
            found = self._pages[id] = self._makers[id](self._tools)
            self._stack.addWidget(found)
            self.made.emit(id)
        return found

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
        self._rest.start(FIRST_MS)

    def make_all(self) -> None:
        """Make everything now."""
        for id in self._makers:
            self.widget(id)

    def _next(self) -> None:
        id = next((id for id in self._makers if id not in self._pages), None)
        if id is None:
            self._rest.stop()
        else:
            self._rest.setInterval(BETWEEN_MS)
            self.widget(id)
