"""The small form above the list: ask for photos, defer, set the level, record a contact. Esc closes it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.triage import TriageLevel
from workstation.language import noted, tr
from workstation.presenters import contact_lines, wording
from workstation.presenters.queue_verbs import ASK, CONTACT, DEFER, LEVEL, QueueVerbs, VerbState
from workstation.ui.flow import FlowLayout
from workstation.ui.panels import CLOSES
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Wrapped, label
from workstation.ui.widgets.focus import tab_as_laid_out

LINES = 8
REASON = noted("Reason; needed to lower the level, kept in the audit trail")


class VerbForm(QFrame):
    """Renders ``VerbState``; ``closed`` says that the list may have the focus again."""

    closed = Signal()

    def __init__(self, verbs: QueueVerbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verbs = verbs
        self._state: VerbState | None = None
        self.setProperty("card", "info")
        self.setProperty("panel", True)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(16, 10, 16, 12)
        self._rows.setSpacing(8)
        self._toggles: dict[str, Button] = {}
        self.text: QPlainTextEdit | None = None
        self.field: QLineEdit | None = None
        self._who: QComboBox | None = None
        self._reached = ""
        self.problem = Wrapped("", "error")
        self._told = verbs.changed.subscribe(self.render_state)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._verbs.cancel()
        else:
            super().keyPressEvent(event)

    def render_state(self, state: VerbState | None) -> None:
        """Show another form, or the same with what changed."""
        before, self._state = self._state, state
        if state is None:
            self.hide()
            if before is not None:
                self.closed.emit()
            return
        again = before is not None and (before.kind, before.id) == (state.kind, state.id)
        if not again:
            self._build(state)
            tab_as_laid_out(self)
            self.show()
            self._focus()
        elif before is not None and (before.views, before.language) != (
            state.views,
            state.language,
        ):
            self._redraft(state)
        self.problem.setText(state.problem)
        self.problem.setVisible(bool(state.problem))

    def _redraft(self, state: VerbState) -> None:
        """The message anew in the same field: the keys stay where they are, Ctrl+Z brings it back."""
        for view, _, on in state.views:
            self._toggles[view].setChecked(on)
        for code, _ in state.languages:
            self._toggles[code].setChecked(code == state.language)
        if self.text is not None and self.text.toPlainText() != state.text:
            cursor = self.text.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(state.text)

    # -- building

    def _build(self, state: VerbState) -> None:
        self.problem.setParent(None)
        _clear(self._rows)
        self.text, self.field, self._who, self._reached = None, None, None, ""
        if state.refused:
            self._rows.addWidget(Wrapped(state.refused, "bodyStrong"))
        elif state.kind == ASK:
            self._build_ask(state)
        elif state.kind == DEFER:
            self._build_defer(state)
        elif state.kind == LEVEL:
            self._build_level(state)
        elif state.kind == CONTACT:
            self._build_contact(state)
        self._rows.addWidget(self.problem)
        self._rows.insertLayout(0, self._head(state))

    def _head(self, state: VerbState) -> QHBoxLayout:
        """Made last, so that Tab and F6 come to what is asked before they come to Close."""
        head = QHBoxLayout()
        head.addWidget(label(state.title, "panel"))
        head.addStretch()
        close = Button(text=tr("Close"), kind="link", key="Esc")
        close.clicked.connect(self._verbs.cancel)
        close.setProperty(CLOSES, True)
        head.addWidget(close)
        return head

    def _build_ask(self, state: VerbState) -> None:
        holder, row = _flow()
        for view, words, on in state.views:
            button = _toggle(words, on=on)
            button.setAccessibleName(tr("Ask for {words}", words=words))
            button.clicked.connect(partial(self._view, view))
            self._toggles[view] = button
            row.addWidget(button)
        self._rows.addWidget(holder)
        self.text = QPlainTextEdit(state.text)
        self.text.setAccessibleName(tr("Message to the patient"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(LINES * self.text.fontMetrics().lineSpacing() + theme.px(16))
        self._rows.addWidget(self.text)
        foot = QHBoxLayout()
        for code, words in state.languages:
            button = _toggle(words, on=code == state.language)
            button.setAccessibleName(tr("Language: {words}", words=words))
            button.clicked.connect(partial(self._language, code))
            self._toggles[code] = button
            foot.addWidget(button)
        foot.addStretch()
        send = Button(text=tr("Send to the patient"), icon="message-square")
        send.clicked.connect(self._send)
        foot.addWidget(send)
        self._rows.addLayout(foot)

    def _build_defer(self, state: VerbState) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(tr("Until"), "bodyMedium"))
        self.field = QLineEdit()
        self.field.setPlaceholderText("dd-Mmm-yyyy")
        self.field.setAccessibleName(tr("Until"))
        self.field.setFixedWidth(theme.px(132))
        self.field.returnPressed.connect(self._defer)
        row.addWidget(self.field)
        done = Button(text=tr("Defer"), icon="clock")
        done.clicked.connect(self._defer)
        row.addWidget(done)
        for words, day in state.days:
            button = Button(text=words, kind="segment")
            button.setToolTip(wording.day(day))
            button.clicked.connect(partial(self._defer_to, day.isoformat()))
            row.addWidget(button)
        row.addStretch()
        self._rows.addLayout(row)

    def _build_level(self, state: VerbState) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr(REASON))
        self.field.setAccessibleName(tr("Reason"))
        for level, words, now in state.levels:
            button = _toggle(words, on=now)
            button.setAccessibleName(tr("Level {words}", words=words))
            button.clicked.connect(partial(self._level, level))
            row.addWidget(button)
        row.addWidget(self.field, 1)
        self._rows.addLayout(row)

    def _build_contact(self, state: VerbState) -> None:
        for way in state.ways:
            said = " \u00b7 ".join(part for part in (way.value, way.detail) if part)
            self._rows.addWidget(Wrapped(f"{way.label}: {said}", "bodyStrong"))
        holder, row = _flow()
        self._who = QComboBox()
        self._who.setAccessibleName(tr("Who was called"))
        for who in state.who:
            self._who.addItem(wording.kept(who), who)
        row.addWidget(self._who)
        for code, words in contact_lines.REACHED:
            button = _toggle(tr(words), on=False)
            button.setAccessibleName(tr("Reached: {words}", words=tr(words)))
            button.clicked.connect(partial(self._choose_reached, code))
            self._toggles[code] = button
            row.addWidget(button)
        self._rows.addWidget(holder)
        foot = QHBoxLayout()
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What was said or agreed"))
        self.field.setAccessibleName(tr("Outcome"))
        self.field.returnPressed.connect(self._record)
        foot.addWidget(self.field, 1)
        record = Button(text=tr("Record the contact"), icon="phone-call")
        record.clicked.connect(self._record)
        foot.addWidget(record)
        self._rows.addLayout(foot)

    # -- acting

    def _choose_reached(self, code: str, _: bool = False) -> None:
        self._reached = code
        for other, _words in contact_lines.REACHED:
            self._toggles[other].setChecked(other == code)

    def _record(self) -> None:
        if self.field is not None and self._who is not None:
            who = str(self._who.currentData())
            self._verbs.record_contact(who, self._reached, self.field.text())

    def _focus(self) -> None:
        target = self._who or self.field or self.text or self.findChild(Button)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _view(self, view: str, _: bool = False) -> None:
        self._verbs.toggle_view(view, self._typed())

    def _language(self, code: str, _: bool = False) -> None:
        self._verbs.choose_language(code, self._typed())

    def _typed(self) -> str | None:
        return None if self.text is None else self.text.toPlainText()

    def _send(self) -> None:
        if self.text is not None:
            self._verbs.send(self.text.toPlainText())

    def _defer(self) -> None:
        if self.field is not None:
            self._verbs.defer_until(self.field.text())

    def _defer_to(self, day: str, _: bool = False) -> None:
        self._verbs.defer_until(day)

    def _level(self, level: TriageLevel, _: bool = False) -> None:
        self._verbs.set_level(level, self.field.text() if self.field is not None else "")


def _toggle(text: str, *, on: bool) -> Button:
    button = Button(text=text, kind="segment")
    button.setCheckable(True)
    button.setChecked(on)
    return button


def _flow() -> tuple[QWidget, FlowLayout]:
    holder = QWidget()
    policy = holder.sizePolicy()
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder, FlowLayout(holder)


def _clear(rows: QLayout) -> None:
    while rows.count():
        item = rows.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()  # a layout may still owe it a show, which would make it a window
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)
            inner.deleteLater()
