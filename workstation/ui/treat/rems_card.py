"""The REMS card: folded to one line; unfolded the steps and the checklist with values to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workstation.language import noted, tr
from workstation.presenters.rems_card import (
    CONFIRM,
    TAKE_BACK,
    MonthState,
    RemsCardState,
    RowState,
    StepState,
)
from workstation.ui import icons
from workstation.ui.flow import FlowLayout
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Chip, Wrapped, label, overline, rule
from workstation.ui.widgets.focus import tab_as_laid_out

ACTS = {CONFIRM: noted("Confirm"), TAKE_BACK: noted("Take back")}
TOP = Qt.AlignmentFlag.AlignTop
ACT = 84  # room of the button at the end of a row


class RemsCardView(Card):
    """Renders ``RemsCardState``."""

    confirmed = Signal(str)
    taken_back = Signal(str)
    copied = Signal(str)  # what was copied, in words

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self._state: RemsCardState | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 8, 16, 8)
        rows.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("iPLEDGE", "panel"))
        self.chip = Chip(kind="info", text="", icon="")
        head.addWidget(self.chip)
        self.action = Wrapped("", "bodyStrong")
        head.addWidget(self.action, 1)
        self.fold = Button(text=tr("Checklist"), kind="secondary")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        head.addWidget(self.fold, 0, TOP)
        rows.addLayout(head)
        self.why = Flowing("", "caption")
        rows.addWidget(self.why)
        self.body = QWidget()
        self._rows = QVBoxLayout(self.body)
        self._rows.setContentsMargins(0, 4, 0, 4)
        self._rows.setSpacing(8)
        rows.addWidget(self.body)
        self.body.setVisible(False)

    def show_state(self, state: RemsCardState) -> None:
        """Show another state; the focus stays at the row it was at."""
        if state == self._state:
            return
        self._state = state
        self.chip.show_chip("danger" if state.alarm else "info", state.summary, "")
        self.action.setText(state.action)
        self.why.setText(f"{state.category}, {state.rules}. {state.why}")
        self.fold.setAccessibleName(tr("iPLEDGE checklist, {summary}", summary=state.summary))
        if self.fold.isChecked():
            self._fill()

    # -- inside

    def _unfold(self, on: bool) -> None:
        self.body.setVisible(on)
        self.fold.setText(tr("Fold") if on else tr("Checklist"))
        if on:
            self._fill()

    def _fill(self) -> None:
        state, held = self._state, self.focusWidget()
        wanted = held.property("row") if held is not None else None
        _clear(self._rows)
        if state is None:
            return
        steps = QWidget()
        flow = FlowLayout(steps, spacing=14)
        for step in state.steps:
            flow.addWidget(_step(step))
        self._rows.addWidget(steps)
        for month in state.months:
            self._rows.addWidget(rule())
            head = QHBoxLayout()
            head.setSpacing(10)
            head.addWidget(overline(month.title))
            head.addWidget(label(month.note, "caption"))
            head.addStretch()
            self._rows.addLayout(head)
            self._month(month)
        self._rows.addWidget(rule())
        self._rows.addWidget(Flowing(state.pharmacy, "caption"))
        tab_as_laid_out(self)
        if wanted:
            self._focus(str(wanted))

    def _month(self, month: MonthState) -> None:
        for row in month.rows:
            self._rows.addWidget(self._row(row))

    def _row(self, row: RowState) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        picture = label()
        icons.dress(picture, row.icon, row.role, 16)
        line.addWidget(picture, 0, TOP)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Flowing(row.title, "bodyStrong"))
        column.addWidget(Flowing(f"{row.stands}; {row.when}", "caption"))
        column.addStretch()
        line.addLayout(column, 3)
        if row.fields:
            values = QWidget()
            flow = FlowLayout(values)
            for field in row.fields:
                button = Button(text=field.text, kind="secondary", icon="copy")
                button.setAccessibleName(
                    tr("Copy {label}: {text}", label=field.label, text=field.text)
                )
                button.setToolTip(
                    tr("{label}: copies {copied}", label=field.label, copied=field.copied)
                )
                button.clicked.connect(
                    lambda _=False, field=field: self._copy(field.label, field.copied)
                )
                flow.addWidget(button)
            line.addWidget(values, 2, TOP)
        if row.act:
            act = Button(text=tr(ACTS[row.act]), kind="secondary" if row.act == CONFIRM else "link")
            act.setAccessibleName(f"{ACTS[row.act]}: {row.title}")
            act.setProperty("row", row.key)
            signal = self.confirmed if row.act == CONFIRM else self.taken_back
            act.clicked.connect(lambda _=False, key=row.key: signal.emit(key))
            act.setMinimumWidth(theme.px(ACT))
            line.addWidget(act, 0, TOP)
        else:
            line.addSpacing(theme.px(ACT) + line.spacing())  # the values stay in one column
        return box

    def _copy(self, name: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(tr("{name}: copied", name=name))

    def _focus(self, key: str) -> None:
        for button in self.body.findChildren(Button):
            if button.property("row") == key:
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.fold.setFocus(Qt.FocusReason.OtherFocusReason)


def _step(step: StepState) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    picture = label()
    icons.dress(picture, step.icon, step.role, 14)
    row.addWidget(picture)
    row.addWidget(label(step.title, "captionStrong"))
    row.addWidget(label(step.when, "caption"))
    return box


def _clear(rows: QBoxLayout) -> None:
    while rows.count():
        item = rows.takeAt(0)
        inner = item.layout() if item is not None else None
        if isinstance(inner, QHBoxLayout):
            _clear(inner)
            inner.deleteLater()
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
