"""What the shell expects of a page, and what it hands to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from workstation.presenters.jobs import Jobs
from workstation.ui.commands import Commands


@dataclass(frozen=True, slots=True)
class Primary:
    """The one filled button of a case page.

    ``key`` is shown beside the text (``Ctrl+Return``). When ``enabled`` is False, ``reason`` says
    why in words; it is shown beside the button, never as a dialog.
    """

    text: str
    key: str
    enabled: bool
    reason: str


class Page(Protocol):
    """A page of the shell's stack: a QWidget that has these members.

    ``changed`` is a Qt signal without arguments: hints, primary button or step state changed.
    ``leave`` is called when another page or the lock page covers this one: drop decoded pictures
    and stop timers. ``enter`` is called when it shows (again): put the focus where work goes on,
    and bring back exactly what was there.
    """

    changed: SignalInstance

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """(key, text) pairs that are true for the focused area, for the status bar."""
        ...

    def primary(self) -> Primary | None:
        """The primary button of the step bar; None when this page has none."""
        ...

    def activate_primary(self) -> None:
        """Do what the primary button says; called only while it is enabled."""
        ...

    def step_chip(self) -> tuple[str, str] | None:
        """(kind, text) beside this page's step, as ``("danger", "2 blockers")``; None for none."""
        ...

    def enter(self) -> None:
        """The page is shown."""
        ...

    def leave(self) -> None:
        """The page is covered."""
        ...


def behind(page: QWidget) -> bool:
    """Whether another page of the stack lies over this one: what changes it is drawn on entering."""
    return page.isHidden() and page.parentWidget() is not None


@dataclass(frozen=True)
class PageTools:
    """What every page may use beside its presenter.

    ``toast(text, actions)`` shows a notice of 10 s with links (label, what it does).
    ``go(page)`` shows another page by its id: queue, contact, assess, treat, sign; ``back`` the
    one from which help or settings were opened.
    """

    commands: Commands
    jobs: Jobs
    toast: Callable[[str, tuple[tuple[str, Callable[[], None]], ...]], None]
    go: Callable[[str], None]
