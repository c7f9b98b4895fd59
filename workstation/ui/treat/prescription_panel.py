"""The prescription card: product, weight, dose, supply, capsules, the line as it will print."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.prescription import CombinationState, PrescriptionState
from workstation.ui.flow import FlowLayout
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.bars import CumulativeBar, DoseLadder
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.treat.controls import Record
from workstation.ui.treat.supply_row import SupplyTakenRow
from workstation.ui.widgets import fitting, label, overline
from workstation.ui.widgets.focus import tab_as_laid_out
from workstation.ui.widgets.sized import with_text

ARROW = 38  # what a list takes beside its words


class _Products(QComboBox):
    """The products; one too long for its room is written smaller, never cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentTextChanged.connect(lambda _: self._fit())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A passing wheel never changes the medicine."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room, perhaps another size of the words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        plain = theme.font("body")
        size = fitting(self.currentText(), plain, self.width() - theme.px(ARROW)).pixelSize()
        sheet = "" if size == plain.pixelSize() else f"font-size: {size}px"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)


class PrescriptionPanel(QWidget):
    """Shows a ``PrescriptionState``; every change is a signal with what was typed."""

    product_chosen = Signal(str)
    weight_typed = Signal(str)
    daily_typed = Signal(str)
    daily_stepped = Signal(int)
    supply_typed = Signal(str)
    combination_chosen = Signal(int)
    substitution_set = Signal(bool)

    SHOWN = 3

    def __init__(self, today: date, record: Record, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: PrescriptionState | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        columns = QHBoxLayout()
        columns.setSpacing(18)
        fields = QVBoxLayout()
        fields.addLayout(self._fields())
        fields.addStretch(1)
        columns.addLayout(fields, 53)
        columns.addLayout(self._ways(), 47)
        rows.addLayout(columns)
        rows.addWidget(self._printed())
        self.cumulative = CumulativeBar()
        rows.addWidget(self.cumulative)
        self.taken = SupplyTakenRow(today, record)
        rows.addWidget(self.taken)
        theme.theme_changed.connect(self._print)

    def show_state(self, state: PrescriptionState) -> None:
        """Show another state; fields being typed in keep their text."""
        if state == self._state:
            return
        self._state = state
        self._show_products(state)
        _set(self.weight, state.weight)
        self.weight_note.setText(state.weight_note)
        _role(self.weight_note, "warn" if state.weight_stale else "caption")
        _set(self.daily, state.daily)
        self.per_kg.setText(state.per_kg)
        self.label_range.setText(state.label_range)
        self.problem.setText(state.dose_problem)
        self.problem.setVisible(bool(state.dose_problem))
        self.not_kept.setText(state.not_kept)
        self.not_kept.setVisible(bool(state.not_kept))
        self.ladder.show_state(state.slider)
        _set(self.supply, str(state.supply_days))
        self.supply_note.setText(state.supply_note)
        self.substitution.setChecked(state.substitution)
        self._show_ways(state.combinations)
        self._print()
        told = f"{state.line_name}, {state.line_dose}"
        self.line.setAccessibleName(f"{told}. {state.not_kept}" if state.not_kept else told)
        self.dispense.setText(state.dispense)
        self.cumulative.show_state(state.cumulative)
        self.taken.setVisible(state.taken is not None)
        if state.taken is not None:
            self.taken.show_state(state.taken)

    # -- building

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        with_text(self, lambda: grid.setColumnMinimumWidth(0, theme.px(78)))
        grid.setColumnStretch(2, 1)
        self.product = _Products(self)
        self.product.setAccessibleName(tr("Medicine"))
        self.product.setMinimumContentsLength(24)
        self.product.activated.connect(
            lambda _: self.product_chosen.emit(str(self.product.currentData()))
        )
        grid.addWidget(label(tr("Medicine"), "body2"), 0, 0)
        grid.addWidget(self.product, 0, 1, 1, 2)
        self.weight, weight = _unit_field(tr("Weight"), "kg")
        self.weight_note = Flowing("", "caption")
        self.weight.editingFinished.connect(lambda: self._typed(self.weight, self.weight_typed))
        grid.addWidget(label(tr("Weight"), "body2"), 1, 0)
        grid.addWidget(weight, 1, 1)
        grid.addWidget(self.weight_note, 1, 2)
        self.daily, daily = _unit_field(tr("Daily dose"), "mg")
        self.per_kg = label("", "bodyStrong")
        self.label_range = label("", "caption")
        beside = FlowLayout(spacing=8)
        for part in (self.per_kg, self.label_range):
            part.setMinimumHeight(theme.px(30))  # on the line of the field beside it
        beside.addWidget(self.per_kg)
        beside.addWidget(self.label_range)
        self.daily.editingFinished.connect(lambda: self._typed(self.daily, self.daily_typed))
        grid.addWidget(label(tr("Daily dose"), "body2"), 2, 0)
        grid.addWidget(daily, 2, 1)
        grid.addLayout(beside, 2, 2)
        self.problem = Flowing("", "error")
        self.problem.setVisible(False)
        grid.addWidget(self.problem, 3, 1, 1, 2)
        self.not_kept = Flowing("", "warn")
        self.not_kept.setVisible(False)
        grid.addWidget(self.not_kept, 4, 1, 1, 2)
        self.ladder = DoseLadder()
        self.ladder.stepped.connect(self.daily_stepped)
        grid.addWidget(self.ladder, 5, 1, 1, 2)
        self.supply, supply = _unit_field(tr("Supply"), tr("days"))
        self.supply_note = Flowing("", "caption")
        self.supply.editingFinished.connect(lambda: self._typed(self.supply, self.supply_typed))
        grid.addWidget(label(tr("Supply"), "body2"), 6, 0)
        grid.addWidget(supply, 6, 1)
        grid.addWidget(self.supply_note, 6, 2)
        return grid

    def _ways(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        self.ways_title = overline("")
        column.addWidget(self.ways_title)
        self.ways = QVBoxLayout()
        self.ways.setSpacing(5)
        column.addLayout(self.ways)
        self.substitution = QCheckBox(tr("Substitution permitted"))
        self.substitution.setToolTip(tr("The pharmacy may give another product of the same class"))
        self.substitution.clicked.connect(self.substitution_set)
        column.addWidget(self.substitution)
        column.addStretch()
        return column

    def _printed(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("printed", "true")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(12, 6, 12, 6)
        rows.setSpacing(2)
        self.line = Flowing("", "medicine")
        self.line.setTextFormat(Qt.TextFormat.RichText)
        self.dispense = Flowing("", "body2")
        rows.addWidget(self.line)
        rows.addWidget(self.dispense)
        return frame

    # -- showing

    def _print(self) -> None:
        # Rich text keeps the colour it was written in: another theme writes it anew.
        if self._state is not None:
            self.line.setText(_line(self._state))

    def _show_products(self, state: PrescriptionState) -> None:
        shown = tuple(
            (self.product.itemData(i), self.product.itemText(i))
            for i in range(self.product.count())
        )
        if shown != state.products:
            self.product.clear()
            for id, text in state.products:
                self.product.addItem(text, id)
        self.product.setCurrentIndex(self.product.findData(state.product))

    def _show_ways(self, ways: tuple[CombinationState, ...]) -> None:
        daily = self._state.daily if self._state is not None else ""
        self.ways_title.setText(
            tr("CAPSULES THAT MAKE {daily}\u00a0MG A DAY", daily=daily) if ways else ""
        )
        held = self.focusWidget()
        focused = self.ways.indexOf(held) if held is not None else -1
        while self.ways.count():
            item = self.ways.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        once = [i for i, way in enumerate(ways) if way.once_daily]
        twice = [i for i in range(len(ways)) if i not in once]
        offered = twice[: self.SHOWN - bool(once)] + once[:1]
        chosen = next((i for i, way in enumerate(ways) if way.chosen), None)
        if chosen is not None and chosen not in offered:
            offered[-1:] = [chosen]
        for index in offered:
            way = ways[index]
            card = ChoiceCard(way.title, way.detail, way.count, chosen=way.chosen)
            card.taken.connect(lambda index=index: self.combination_chosen.emit(index))
            self.ways.addWidget(card)
        tab_as_laid_out(self)
        if 0 <= focused < self.ways.count():
            item = self.ways.itemAt(focused)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _typed(self, field: QLineEdit, signal: SignalInstance) -> None:
        if field.isModified():
            field.setModified(False)
            signal.emit(field.text())
            # What was not taken does not stay in the field: it shows what is prescribed.
            state = self._state
            if state is not None:
                taken = {
                    self.weight: state.weight,
                    self.daily: state.daily,
                    self.supply: str(state.supply_days),
                }
                field.setText(taken[field])


def _unit_field(name: str, unit: str) -> tuple[QLineEdit, QFrame]:
    frame = QFrame()
    with_text(frame, lambda: frame.setFixedWidth(theme.px(86)))
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    field = QLineEdit()
    field.setAccessibleName(f"{name}, {unit}")
    field.setTextMargins(0, 0, theme.px(30), 0)
    row.addWidget(field)
    mark = label(unit, "caption", field)
    mark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    inner = QHBoxLayout(field)
    inner.setContentsMargins(0, 0, 9, 0)
    inner.addStretch()
    inner.addWidget(mark)
    frame.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return field, frame


def _set(field: QLineEdit, text: str) -> None:
    if not (field.hasFocus() and field.isModified()) and field.text() != text:
        field.setText(text)


def _role(widget: QLabel, role: str) -> None:
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _line(state: PrescriptionState) -> str:
    # Our own words and numbers only: nothing a patient or a sender wrote stands in this line.
    quiet = theme.colour("text2").name()
    return (
        f"<b>{state.line_name}</b>{state.line_attributes}"
        f"<span style='color:{quiet}'>DOSE</span> <b>{state.line_dose}</b>"
    )
