"""The editor of a medicine by directions: coded parts, quantity, days, refills, the printed line."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.basket_state import DirectedState
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.lists import CalmList
from workstation.ui.widgets import label
from workstation.ui.widgets.sized import with_text


class DirectedPanel(QWidget):
    """Shows a ``DirectedState``; every change is a signal that names the medicine."""

    part_chosen = Signal(str, str, str)
    days_typed = Signal(str, str)
    refills_typed = Signal(str, str)
    quantity_typed = Signal(str, str)
    substitution_set = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DirectedState | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        self.parts = QGridLayout()
        self.parts.setHorizontalSpacing(10)
        self.parts.setVerticalSpacing(7)
        with_text(self, lambda: self.parts.setColumnMinimumWidth(0, theme.px(78)))
        self.parts.setColumnStretch(1, 1)
        self.parts.setColumnStretch(3, 1)
        rows.addLayout(self.parts)
        self._lists: dict[str, CalmList] = {}
        rows.addLayout(self._numbers())
        self.problem = Flowing("", "error")
        rows.addWidget(self.problem)
        rows.addWidget(self._printed())
        self.source = Flowing("", "caption")
        rows.addWidget(self.source)

    def _print(self) -> None:
        # Rich text keeps the colour it was written in: another theme writes it anew.
        if self._state is not None:
            self.line.setText(_line(self._state))

    def show_state(self, state: DirectedState) -> None:
        """Show another state; fields being typed in keep their text."""
        if state == self._state:
            return
        before, self._state = self._state, state
        shape = [(field, name) for field, name, _, _ in state.choices]
        held = None if before is None else [(field, name) for field, name, _, _ in before.choices]
        if shape != held or before is None or before.medicine != state.medicine:
            self._build(state)
        for field, _, choices, chosen in state.choices:
            self._lists[field].show_choices(choices, chosen)
        _set(self.quantity, state.quantity)
        self.quantity.setReadOnly(state.counted)
        self.quantity.setToolTip(tr("Follows from dose and days") if state.counted else "")
        self.unit.setText(state.unit if not state.counted else f"{state.unit}s")
        _set(self.days, state.days)
        _set(self.refills, state.refills)
        self.limits.setText(state.limits)
        self.substitution.setChecked(state.substitution)
        self.problem.setText(state.problem)
        self.problem.setVisible(bool(state.problem))
        self._print()
        self.line.setAccessibleName(f"{state.title}. {state.line}")
        self.dispense.setText(state.dispense)
        self.changed.setText(state.changed)
        self.changed.setVisible(bool(state.changed))
        self.source.setText(
            tr("Usual prescription: {source}", source=state.source) if state.source else ""
        )

    def _build(self, state: DirectedState) -> None:
        while self.parts.count():
            held = self.parts.takeAt(0)
            widget = held.widget() if held is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._lists = {}
        for number, (field, name, _, _) in enumerate(state.choices):
            box = CalmList(name)
            box.picked.connect(lambda value, field=field: self._picked(field, value))
            self._lists[field] = box
            row, column = divmod(number, 2)
            self.parts.addWidget(label(name, "body2"), row, column * 2)
            self.parts.addWidget(box, row, column * 2 + 1)

    def _numbers(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.days, self.refills, self.quantity = QLineEdit(), QLineEdit(), QLineEdit()
        self.unit = label("", "caption")
        pairs = (
            (tr("Quantity"), self.quantity, self.unit),
            (tr("Days"), self.days, None),
            (tr("Refills"), self.refills, None),
        )
        for name, field, after in pairs:
            field.setAccessibleName(name)
            with_text(field, partial(_short, field))
            row.addWidget(label(name, "body2"))
            row.addWidget(field)
            if after is not None:
                row.addWidget(after)
        row.addStretch()
        column.addLayout(row)
        self.substitution = QCheckBox(tr("Generic may be substituted"))
        self.substitution.clicked.connect(self._substituted)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.substitution)
        self.limits = Flowing("", "caption")
        below.addWidget(self.limits, 1)
        column.addLayout(below)
        self.days.editingFinished.connect(lambda: self._typed(self.days, "days"))
        self.refills.editingFinished.connect(lambda: self._typed(self.refills, "refills"))
        self.quantity.editingFinished.connect(lambda: self._typed(self.quantity, "quantity"))
        return column

    def _printed(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("printed", "true")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(3)
        self.line = Flowing("", "medicine")
        self.line.setTextFormat(Qt.TextFormat.RichText)
        self.dispense = Flowing("", "body2")
        self.changed = Flowing("", "caption")
        for part in (self.line, self.dispense, self.changed):
            rows.addWidget(part)
        return frame

    def _picked(self, field: str, value: str) -> None:
        if self._state is not None:
            self.part_chosen.emit(self._state.medicine, field, value)

    def _substituted(self, permitted: bool) -> None:
        if self._state is not None:
            self.substitution_set.emit(self._state.medicine, permitted)

    def _typed(self, field: QLineEdit, name: str) -> None:
        state = self._state
        if state is None or not field.isModified():
            return
        field.setModified(False)
        signals = {
            "days": self.days_typed,
            "refills": self.refills_typed,
            "quantity": self.quantity_typed,
        }
        signals[name].emit(state.medicine, field.text())
        now = self._state
        if now is not None:  # what was not taken does not stay in the field
            field.setText({"days": now.days, "refills": now.refills}.get(name, now.quantity))


def _set(field: QLineEdit, text: str) -> None:
    if not (field.hasFocus() and field.isModified()) and field.text() != text:
        field.setText(text)


def _line(state: DirectedState) -> str:
    # Words of the formulary only: nothing a patient or a sender wrote stands in this line.
    quiet = theme.colour("text2").name()
    return f"<b>{state.title}</b> <span style='color:{quiet}'>\u2014</span> {state.line}"


def _short(field: QLineEdit) -> None:
    """Room for a few figures."""
    field.setFixedWidth(theme.px(58))
