"""How the last supply counts, in a line, and its answers to be given here when one is missing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.language import noted, tr
from workstation.presenters.supply_words import TakenState
from workstation.ui.flowing import Flowing
from workstation.ui.treat.controls import ControlRow, Record
from workstation.ui.widgets import Button

ANSWER, CLOSE = noted("Answer for the patient"), noted("Close")


class SupplyTakenRow(QWidget):
    """Renders ``TakenState``; its fields open below the line and record only what is filled in."""

    def __init__(self, today: date, record: Record, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today, self._record = today, record
        self._state: TakenState | None = None
        self.fields: ControlRow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.line = Flowing("", "caption")
        self.button = Button(text=tr(ANSWER), kind="link")
        self.button.clicked.connect(self._toggle)
        row.addWidget(self.line, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)

    def show_state(self, state: TakenState) -> None:
        """Show another count; what was recorded closes the fields."""
        if state == self._state:
            return
        self._state = state
        self.line.setText("\n".join(state.lines))
        self.line.setProperty("role", "captionStrong" if state.doubtful else "caption")
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)
        self._close()

    def _toggle(self) -> None:
        if self.fields is not None:
            self._close()
        elif self._state is not None:
            self.fields = ControlRow(self._state.control, self._today, self._record, self)
            self._column.addWidget(self.fields)
            self.button.setText(tr(CLOSE))
            self.fields.focus_first()

    def _close(self) -> None:
        if self.fields is not None:
            self._column.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
            self.fields = None
        self.button.setText(tr(ANSWER))
