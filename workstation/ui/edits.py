"""Undo, redo and closing, on whatever the page shown edits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workstation.language import tr
from workstation.presenters.case import CaseFile
from workstation.ui.commands import Commands


class Edits:
    """Binds the keys. ``edited`` is the open consultation, or a reading of another."""

    def __init__(
        self,
        desk: QWidget,
        commands: Commands,
        edited: Callable[[], CaseFile],
        nothing_open: Callable[[], str],
    ) -> None:
        self._edited, self._nothing_open = edited, nothing_open
        commands.bind("undo", desk, lambda: edited().undo(), lambda: self._none("past"))
        commands.bind("redo", desk, lambda: edited().redo(), lambda: self._none("future"))
        commands.bind("case.close", desk, self.close, self._not_edited)

    def close(self) -> None:
        """Save and close what is edited."""
        case = self._edited()
        if case.state is not None:
            case.close()

    def _not_edited(self) -> str:
        return "" if self._edited().state is not None else self._nothing_open()

    def _none(self, which: str) -> str:
        state = self._edited().state
        if state is None:
            return self._nothing_open()
        past = which == "past"
        if state.history.past if past else state.history.future:
            return ""
        return tr("Nothing to undo.") if past else tr("Nothing to do again.")
