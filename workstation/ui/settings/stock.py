"""Strengths kept in Settings: a row for each product, a box for each strength."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from workstation.language import tr
from workstation.presenters import settings_stock
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.presenters.settings_stock import StockRow
from workstation.ui.settings.parts import Section
from workstation.ui.widgets import Wrapped


class StrengthsKept(Section):
    """Which strengths of each product of isotretinoin the clinic keeps."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        may = settings_stock.may_change(presenter)
        super().__init__(
            tr("Strengths kept"),
            tr(
                "Doses are proposed and offered in these strengths of isotretinoin. What was prescribed stays as it is; a strength that is not kept is told beside it."
            )
            if may
            else tr("Changed by a dermatologist or an administrator."),
        )
        self._presenter, self._may = presenter, may
        self.boxes: dict[tuple[str, Decimal], QCheckBox] = {}
        self._error = Wrapped("", "error")
        self._error.hide()
        self.add(self._error)
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self.add(table)

    def render_state(self, state: SettingsState) -> None:
        """Show what is kept, and what a change was refused for."""
        for line, row in enumerate(settings_stock.rows(self._presenter, state)):
            if (row.product.id, row.product.strengths[0]) not in self.boxes:
                self._begin(line, row)
            for box in row.boxes:
                made = self.boxes[row.product.id, box.strength]
                with QSignalBlocker(made):
                    made.setChecked(box.kept)
        said = settings_stock.problem(state)
        self._error.setText(said)
        self._error.setVisible(bool(said))

    def _begin(self, line: int, row: StockRow) -> None:
        self._grid.addWidget(Wrapped(row.name, "bodyMedium"), line, 0)
        for column, box in enumerate(row.boxes, 1):
            made = QCheckBox(box.text)
            made.setAccessibleName(box.spoken)
            made.setEnabled(self._may)
            made.toggled.connect(
                partial(settings_stock.keep, self._presenter, row.product, box.strength)
            )
            self._grid.addWidget(made, line, column, Qt.AlignmentFlag.AlignLeft)
            self.boxes[row.product.id, box.strength] = made
