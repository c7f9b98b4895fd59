"""The protocol of the monitoring plan: a list, for an own one its days, and what speaks about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from workstation.language import tr
from workstation.presenters.plan_protocol import ProtocolState
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.widgets import label
from workstation.ui.widgets.sized import with_text


class ProtocolRow(QWidget):
    """Renders ``ProtocolState``."""

    chosen = Signal(str)
    days_typed = Signal(str)
    monthly_set = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ProtocolState | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label(tr("Protocol"), "body2"))
        self.options = QComboBox(self)
        self.options.setAccessibleName(tr("Monitoring protocol"))
        self.options.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.options.activated.connect(lambda _: self.chosen.emit(self.options.currentData()))
        row.addWidget(self.options)
        self.days_label = label(tr("Days between draws"), "body2")
        self.days = QLineEdit()
        with_text(self.days, lambda: self.days.setFixedWidth(theme.px(56)))
        self.days.setAccessibleName(tr("Days between draws"))
        self.days.editingFinished.connect(self._typed)
        self.monthly = QCheckBox(tr("Again and again"))
        self.monthly.clicked.connect(self.monthly_set)
        for part in (self.days_label, self.days, self.monthly):
            row.addWidget(part)
        self.note = Flowing("", "caption")
        row.addWidget(self.note, 1)

    def show_state(self, state: ProtocolState) -> None:
        """Show another choice; days being typed stay."""
        if state == self._state:
            return
        self._state = state
        shown = tuple(
            (self.options.itemData(n), self.options.itemText(n))
            for n in range(self.options.count())
        )
        if shown != state.options:
            self.options.clear()
            for id, text in state.options:
                self.options.addItem(text, id)
        self.options.setCurrentIndex(self.options.findData(state.chosen))
        if not self.days.isModified():
            self.days.setText(state.days)
        self.monthly.setChecked(state.monthly)
        for part in (self.days_label, self.days, self.monthly):
            part.setVisible(bool(state.days))
        self.note.setText(state.note)

    def _typed(self) -> None:
        if self.days.isModified() and self._state is not None:
            self.days.setModified(False)
            self.days_typed.emit(self.days.text())
            self.days.setText(self._state.days)
