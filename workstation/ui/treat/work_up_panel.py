"""The work-up: lab order, enrolment and consent, the earliest second test, bridge treatment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.work_up import OrderState, SecondTestState, StepState, WorkUpState
from workstation.ui import icons
from workstation.ui.flowing import Flowing
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.treat.controls import ControlRow, Record
from workstation.ui.treat.second_test import SecondTestChart
from workstation.ui.widgets import Button, Card, label, rule
from workstation.ui.widgets.focus import tab_as_laid_out
from workstation.ui.widgets.sized import on_its_line


class StepRow(QWidget):
    """One line of the enrolment list; an open one can be recorded in place."""

    def __init__(
        self, step: StepState, today: date, record: Record, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.step = step
        self._today, self._record = today, record
        self._control: ControlRow | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        head = _line("circle-check" if step.done else "circle", step.title, step.detail, step.done)
        rows.addLayout(head)
        self._rows = rows
        if step.control is None:
            return
        self.button = Button(self, text=tr("Record", sense="to do"), kind="link")
        self.button.setAccessibleName(tr("Record: {title}", title=step.title))
        self.button.clicked.connect(self.open)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def control(self) -> ControlRow | None:
        """What the step asks, hidden at first; made when somebody wants it."""
        if self._control is None and self.step.control is not None:
            made = ControlRow(self.step.control, self._today, self._record, self)
            made.setContentsMargins(26, 0, 0, 4)
            made.setVisible(False)
            self._rows.addWidget(made)
            self._control = made
        return self._control

    def open(self) -> None:
        """Show what is asked, and put the focus there; a second press hides it."""
        if self.control is None:
            return
        self.control.setVisible(self.control.isHidden())
        if self.control.isVisible():
            self.control.focus_first()


class WorkUpPanel(QWidget):
    """Shows what a work-up orders and what it waits for; contains no isotretinoin."""

    bridge_chosen = Signal(str)

    def __init__(
        self, today: Callable[[], date], record: Record, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today, self._record = today, record
        self._state: WorkUpState | None = None
        self.steps: tuple[StepRow, ...] = ()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(12)
        orders, self._orders, _ = _listed(
            self, tr("Lab order"), tr("LOINC and ICD-10 print on the order")
        )
        steps, self._steps, self._progress = _listed(self, tr("Enrolment and consent"), "")
        steps.setProperty("panel", True)
        top.addWidget(orders, 1)
        top.addWidget(steps, 1)
        rows.addLayout(top)
        self._second = self._second_card()
        rows.addWidget(self._second)
        rows.addWidget(self._bridge_card())
        rows.addStretch(1)

    def show_state(self, state: WorkUpState) -> None:
        """Show another work-up; what did not change keeps its half-typed answer."""
        before = self._state
        if state == before:
            return
        self._state = state
        if before is None or before.orders != state.orders:
            _clear(self._orders)
            _fill(
                self._orders, [_order(order, self._orders.parentWidget()) for order in state.orders]
            )
        self._progress.setText(state.progress)
        if before is None or before.steps != state.steps:
            self._show_steps(state.steps)
        self._show_second(state.second)
        if before is None or (before.bridges, before.bridge) != (state.bridges, state.bridge):
            self._show_bridges(state)
        tab_as_laid_out(self)

    # -- building

    def _second_card(self) -> QFrame:
        card = Card(self)
        rows = QVBoxLayout(card)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(10)
        title = label(tr("Earliest second test"), "panel")
        head.addWidget(title)
        self._day = label("", "panel")
        self._day.setProperty("tone", "accent")
        head.addWidget(self._day)
        self._because = Flowing("", "caption")
        head.addWidget(self._because, 1)
        on_its_line(title, self._because)
        rows.addLayout(head)
        self._assumed = Flowing("", "warn")
        rows.addWidget(self._assumed)
        self.chart = SecondTestChart()
        rows.addWidget(self.chart)
        return card

    def _bridge_card(self) -> QFrame:
        card = Card(self)
        card.setProperty("panel", True)
        rows = QVBoxLayout(card)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        title = label(tr("Bridge treatment"), "panel")
        until = label(tr("until the work-up is complete; may be none"), "caption")
        on_its_line(title, until)
        head.addWidget(title)
        head.addWidget(until)
        head.addStretch()
        rows.addLayout(head)
        self._bridges = QHBoxLayout()
        self._bridges.setSpacing(8)
        rows.addLayout(self._bridges)
        return card

    # -- showing

    def _show_steps(self, steps: tuple[StepState, ...]) -> None:
        kept = {row.step: row for row in self.steps}
        card = self._steps.parentWidget()
        rows = [
            kept.get(step) or StepRow(step, self._today(), self._record, card) for step in steps
        ]
        _clear(self._steps, keep=rows)
        self.steps = tuple(rows)
        _fill(self._steps, rows)

    def _show_second(self, second: SecondTestState | None) -> None:
        self._second.setVisible(second is not None)
        if second is None:
            return
        self._day.setText(second.shown)
        self._because.setText(second.because)
        self._assumed.setText(second.assumed)
        self._assumed.setVisible(bool(second.assumed))
        self.chart.show_state(second)

    def _show_bridges(self, state: WorkUpState) -> None:
        held = self.focusWidget()
        focused = self._bridges.indexOf(held) if held is not None else -1
        _clear(self._bridges)
        for id, title, detail in state.bridges:
            card = ChoiceCard(title, detail, "", chosen=id == state.bridge, parent=self)
            card.taken.connect(lambda id=id: self.bridge_chosen.emit(id))
            self._bridges.addWidget(card, 1)
        item = self._bridges.itemAt(focused) if focused >= 0 else None
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)


def _listed(parent: QWidget, title: str, note: str) -> tuple[QFrame, QVBoxLayout, Flowing]:
    card = Card(parent)
    rows = QVBoxLayout(card)
    rows.setContentsMargins(16, 12, 16, 12)
    rows.setSpacing(8)
    head = QHBoxLayout()
    head.setSpacing(8)
    name = label(title, "panel")
    head.addWidget(name)
    said = Flowing(note, "caption")
    on_its_line(name, said)
    said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    head.addWidget(said, 1)
    rows.addLayout(head)
    inner = QVBoxLayout()
    inner.setSpacing(6)
    rows.addLayout(inner)
    rows.addStretch()
    return card, inner, said


def _order(order: OrderState, parent: QWidget | None) -> QWidget:
    box = QWidget(parent)
    row = _line(
        "circle-check" if order.done else "flask-conical", order.title, order.detail, order.done
    )
    row.setContentsMargins(0, 0, 0, 0)
    box.setLayout(row)
    return box


def _line(icon: str, title: str, detail: str, done: bool) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    picture = label()
    icons.dress(picture, icon, "ok" if done else "text2", 16)
    picture.setAccessibleName("done" if done else "open")
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(Flowing(title, "bodyStrong"))
    if detail:
        column.addWidget(Flowing(detail, "caption"))
    row.addLayout(column, 1)
    return row


def _fill(rows: QVBoxLayout, widgets: list[QWidget] | list[StepRow]) -> None:
    for number, widget in enumerate(widgets):
        if number:
            rows.addWidget(rule())
        rows.addWidget(widget)


def _clear(rows: QLayout, keep: list[StepRow] | None = None) -> None:
    while rows.count():
        item = rows.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None and widget not in (keep or []):
            widget.hide()  # a layout may still owe it a show, which would make it a window
            widget.setParent(None)
            widget.deleteLater()
