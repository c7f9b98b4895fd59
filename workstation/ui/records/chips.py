"""The chips above a list of Records: states of documents, or groups of the trail's entries."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from workstation.domain.documents import DocumentState
from workstation.language import tr
from workstation.presenters import records_wording, wording
from workstation.presenters.records import RecordsPresenter
from workstation.presenters.records_state import RecordsState
from workstation.ui.widgets import Button


class ListChips:
    """Each narrows its list and says how many rows it would leave."""

    def __init__(self, row: QHBoxLayout, presenter: RecordsPresenter) -> None:
        self._states = {"all": _chip(row, tr("All"), partial(presenter.show_state, None))}
        for state in DocumentState:
            text = tr(records_wording.STATES[state])
            self._states[state.value] = _chip(row, text, partial(presenter.show_state, state))
        self._groups = {"": _chip(row, tr("Everything"), partial(presenter.show_group, ""))}
        for group, (words, _) in records_wording.GROUPS.items():
            self._groups[group] = _chip(row, tr(words), partial(presenter.show_group, group))
        row.addStretch()

    def show_state(self, state: RecordsState) -> None:
        """Show the chips of the list that is shown, with their counts."""
        trail = state.trail
        for name, chip in self._states.items():
            chip.setVisible(state.tab != "trail")
            chip.setChecked(name == (state.state.value if state.state else "all"))
            _say(chip, wording.number(state.counts.get(name, 0)))
        for name, chip in self._groups.items():
            chip.setVisible(state.tab == "trail")
            chip.setChecked(trail is not None and name == trail.group)
            _say(chip, wording.number(trail.counted(name)) if trail is not None else "")


def _chip(row: QHBoxLayout, text: str, run: partial[None]) -> Button:
    chip = Button(text=text)
    chip.setProperty("words", text)
    chip.setProperty("kind", "segment")
    chip.setCheckable(True)
    chip.clicked.connect(lambda _=False: run())
    row.addWidget(chip)
    return chip


def _say(chip: Button, number: str) -> None:
    chip.setText(f"{chip.property('words')}  {number}")
