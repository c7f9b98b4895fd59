"""Below the decision row: reason, dates and what is missing on the left, the message on the right."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.decision_cards import DecisionCardState, MessageState
from workstation.ui import icons
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.treat.fields import Segmented
from workstation.ui.widgets import Button, Card, Chip, Wrapped, label, rule
from workstation.ui.widgets.day_edit import DayEdit
from workstation.ui.widgets.focus import tab_as_laid_out

KEPT = noted("A minor: these words stay on the record and out of the letter.")
TEXT_LINES = 3
MESSAGE_LINES = 14


class _Editor(QPlainTextEdit):
    """Text that is taken over when the field is left."""

    left = Signal(str)

    def __init__(self, name: str, lines: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(lines * self.fontMetrics().lineSpacing() + theme.px(16))
        if lines == TEXT_LINES:
            self.setMaximumHeight((lines + 2) * self.fontMetrics().lineSpacing() + theme.px(16))

    def show_text(self, text: str) -> None:
        """Show a text; what is being typed is left alone."""
        if text != self.toPlainText() and not self.hasFocus():
            self.setPlainText(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving takes the text over."""
        super().focusOutEvent(event)
        self.left.emit(self.toPlainText())


class DecisionPanel(QWidget):
    """Renders ``DecisionCardState``; nothing here orders a medicine."""

    reason_chosen = Signal(str)
    text_typed = Signal(str)
    ticked = Signal(bool)
    last_dose_typed = Signal(object)
    message_typed = Signal(str)
    message_drafted = Signal(str, str)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DecisionCardState | None = None
        self._all_reasons = False
        rows = QHBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        left, self._left = _card(self)
        self._build_left(today)
        right, self._right = _card(self)
        self._build_message()
        rows.addWidget(left, 1)
        rows.addWidget(right, 1)

    # -- building

    def _build_left(self, today: date) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        self.title = label("", "panel")
        head.addWidget(self.title)
        head.addStretch()
        self.still = Chip(kind="warn", text="")
        head.addWidget(self.still)
        self._left.addLayout(head)
        self.documents = Flowing("", "caption2")
        self._left.addWidget(self.documents)
        self._missing = QVBoxLayout()
        self._missing.setSpacing(5)
        self._left.addLayout(self._missing)
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(5)
        self._left.addLayout(self._reasons)
        self._dose = QWidget(self._left.parentWidget())
        line = QHBoxLayout(self._dose)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(label(tr("Last day with a capsule"), "bodyMedium"))
        self.last_dose = DayEdit(today, self._dose)
        self.last_dose.setAccessibleName(tr("Last day with a capsule"))
        self.last_dose.editingFinished.connect(
            lambda: self.last_dose_typed.emit(self.last_dose.day)
        )
        line.addWidget(self.last_dose)
        line.addStretch()
        self._left.addWidget(self._dose)
        self._dates = QGridLayout()
        self._dates.setHorizontalSpacing(14)
        self._dates.setVerticalSpacing(4)
        self._dates.setColumnStretch(1, 1)
        self._left.addLayout(self._dates)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(4)
        self._left.addLayout(self._steps)
        self._text_label = label("", "caption2")
        self._left.addWidget(self._text_label)
        self.text = _Editor("", TEXT_LINES, self._left.parentWidget())
        self.text.left.connect(self.text_typed)
        self._left.addWidget(self.text)
        self.tick = QCheckBox(tr("A guardian may read this: print it in the letter"))
        self.tick.clicked.connect(self.ticked)
        self._left.addWidget(self.tick)
        self.kept = Flowing(tr(KEPT), "caption")
        self._left.addWidget(self.kept)
        self._left.addStretch(1)

    def _build_message(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(tr("Message"), "panel"))
        self.edited = Chip(kind="info", text=tr("Edited"), icon="pencil")
        head.addStretch()
        head.addWidget(self.edited)
        self.anew = Button(text=tr("Draft anew"), kind="link")
        self.anew.clicked.connect(self._redraft)
        head.addWidget(self.anew)
        self._right.addLayout(head)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(6)
        self._right.addLayout(self._choices)
        self.languages: Segmented | None = None
        self.audiences: Segmented | None = None
        self.left_out = Flowing("", "warn")
        self._right.addWidget(self.left_out)
        self.message = _Editor(tr("Message"), MESSAGE_LINES, self._right.parentWidget())
        self.message.left.connect(self.message_typed)
        self._right.addWidget(self.message, 1)
        self._sent = QVBoxLayout()
        self._sent.setSpacing(4)
        self._right.addLayout(self._sent)

    # -- showing

    def show_state(self, state: DecisionCardState) -> None:
        """Show another card; half-typed text stays."""
        before = self._state
        if state == before:
            return
        self._state = state
        fresh = before is None or before.kind is not state.kind
        self.title.setText(state.title)
        self.still.setVisible(bool(state.still))
        self.still.show_chip("warn", state.still.rstrip("."))
        self.documents.setText(state.documents)
        if fresh or before is None or before.missing != state.missing:
            self._show_missing(state)
        if fresh or before is None or before.reasons != state.reasons:
            self._show_reasons(state)
        self._dose.setVisible(state.asks_last_dose)
        if state.last_dose is not None and not self.last_dose.hasFocus():
            self.last_dose.setText(wording.day(state.last_dose))
        self._show_dates(state.dates)
        _fill(self._steps, [_step(n, text) for n, text in enumerate(state.steps, 1)])
        self._text_label.setText(state.text_label)
        self.text.setAccessibleName(state.text_label)
        if fresh:
            self._all_reasons = False
            self.text.clearFocus()
            self.message.clearFocus()
        self.text.show_text(state.text)
        self.tick.setVisible(state.tick is not None)
        self.tick.setChecked(state.tick is True)
        self.kept.setVisible(state.tick is False)
        self._show_message(state.message, fresh=fresh)
        tab_as_laid_out(self)
        if fresh or before is None or before.sent != state.sent:
            _fill(self._sent, [_sent(at, what) for at, what in state.sent])

    def _show_missing(self, state: DecisionCardState) -> None:
        rows: list[QWidget] = [
            _line("camera" if what == "photo" else "circle", text, "warn")
            for what, text in state.missing
        ]
        if state.nothing:
            rows = [_line("circle-check", state.nothing, "ok")]
        _fill(self._missing, rows)

    def _show_reasons(self, state: DecisionCardState) -> None:
        held = self.focusWidget()
        at = self._reasons.indexOf(held) if held is not None else -1
        made: list[QWidget] = []
        taken = [reason for reason in state.reasons if reason.chosen]
        offered = state.reasons if self._all_reasons or not taken else tuple(taken)
        for reason in sorted(offered, key=lambda r: not r.proposed):
            detail = tr("a red flag leads here") if reason.proposed else reason.when
            card = ChoiceCard(reason.label, detail, "", chosen=reason.chosen)
            card.taken.connect(lambda id=reason.id: self._take(id))
            made.append(card)
        if len(offered) < len(state.reasons):
            more = Button(text=tr("Another reason"), kind="link")
            more.clicked.connect(self._show_all)
            made.append(more)
        _fill(self._reasons, made)
        tab_as_laid_out(self)
        if 0 <= at < len(made):
            made[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _take(self, reason: str) -> None:
        self._all_reasons = False
        self.reason_chosen.emit(reason)
        if self._state is not None:
            self._show_reasons(self._state)
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_all(self) -> None:
        self._all_reasons = True
        if self._state is not None:
            self._show_reasons(self._state)
            item = self._reasons.itemAt(0)
            first = item.widget() if item is not None else None
            if first is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_dates(self, dates: tuple[tuple[str, str], ...]) -> None:
        _clear(self._dates)
        for row, (what, day) in enumerate(dates):
            self._dates.addWidget(Flowing(what, "caption2"), row, 0)
            self._dates.addWidget(label(day, "captionStrong"), row, 1)

    def _show_message(self, state: MessageState, *, fresh: bool) -> None:
        wanted = (state.languages, state.audiences)
        shown = (
            self.languages.choices if self.languages is not None else (),
            self.audiences.choices if self.audiences is not None else (),
        )
        if wanted != shown:
            _clear(self._choices)
            self.languages = Segmented(state.languages)
            self.languages.setAccessibleName(tr("Language"))
            self.languages.chosen.connect(self._redraft)
            self._choices.addWidget(self.languages)
            self.audiences = Segmented(state.audiences)
            self.audiences.setAccessibleName(tr("Reader"))
            self.audiences.chosen.connect(self._redraft)
            self._choices.addWidget(self.audiences)
        for chosen, value in ((self.languages, state.language), (self.audiences, state.audience)):
            if chosen is not None:
                for (code, _), button in zip(chosen.choices, chosen.buttons, strict=True):
                    button.setChecked(code == value)
        self.edited.setVisible(state.edited)
        self.anew.setVisible(state.edited)
        self.left_out.setText(state.note)
        self.left_out.setVisible(bool(state.note))
        self.message.setEnabled(bool(state.text) or not fresh)
        self.message.show_text(state.text)

    def _redraft(self) -> None:
        state = self._state
        if state is None or self.languages is None or self.audiences is None:
            return
        language = self.languages.value or state.message.language
        audience = self.audiences.value or state.message.audience
        self.message_drafted.emit(language, audience)


def _card(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    card = Card(parent)
    card.setProperty("panel", True)
    rows = QVBoxLayout(card)
    rows.setContentsMargins(16, 12, 16, 12)
    rows.setSpacing(8)
    return card, rows


def _line(icon: str, text: str, role: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    picture = label()
    icons.dress(picture, icon, role, 16)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Flowing(text, "bodyMedium"), 1)
    return box


def _step(number: int, text: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Chip(kind="danger", text=str(number), icon=""), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Flowing(text, "bodyMedium"), 1)
    return box


def _sent(at: str, what: str) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(rule())
    column.addWidget(label(at, "captionStrong"))
    column.addWidget(Wrapped(what, "caption"))
    return box


def _fill(rows: QVBoxLayout, widgets: list[QWidget]) -> None:
    _clear(rows)
    for widget in widgets:
        rows.addWidget(widget)


def _clear(rows: QLayout) -> None:
    while rows.count():
        item = rows.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()  # a layout may still owe it a show, which would make it a window
            widget.setParent(None)
            widget.deleteLater()
