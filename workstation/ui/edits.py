"""Undo, redo and closing, on whatever the page shown edits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workstation.domain.draft import Edit
from workstation.language import tr
from workstation.presenters import undone
from workstation.presenters.case import CaseFile
from workstation.ui.commands import Commands


class Edits:
    """Binds the keys. ``edited`` is the open consultation, or a reading of another.

    ``shows`` brings into view what an edit of the page changed, and tells whether it could: what
    cannot be seen is said by ``say``.
    """

    def __init__(
        self,
        desk: QWidget,
        commands: Commands,
        edited: Callable[[], CaseFile],
        nothing_open: Callable[[], str],
        shows: Callable[[Edit], bool] = lambda _: True,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._edited, self._nothing_open = edited, nothing_open
        self._shows, self._say = shows, say
        commands.bind("undo", desk, self.undo, lambda: self._none("past"))
        commands.bind("redo", desk, self.redo, lambda: self._none("future"))
        commands.bind("case.close", desk, self.close, self._not_edited)

    def undo(self) -> None:
        """Take the last edit back, seen or said."""
        undone.take_back(self._edited(), self._shows, self._say)

    def redo(self) -> None:
        """Apply the last undone edit again, seen or said."""
        undone.do_again(self._edited(), self._shows, self._say)

    def close(self) -> None:
        """Save and close what is edited; what is only being opened is given up."""
        case = self._edited()
        if case.state is not None and case.waits_to_save:
            case.save_again()
            self._say(tr("What is not saved would be lost. It stays open until it can be written."))
        else:
            case.close()

    def _not_edited(self) -> str:
        case = self._edited()
        return "" if case.state is not None or case.opening else self._nothing_open()

    def _none(self, which: str) -> str:
        state = self._edited().state
        if state is None:
            return self._nothing_open()
        past = which == "past"
        if state.history.past if past else state.history.future:
            return ""
        return tr("Nothing to undo.") if past else tr("Nothing to redo.")
