"""The record of one try to reach the patient, and the tries so far below it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
)

from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.contact import ContactPresenter, ContactState
from workstation.presenters.contact_lines import REACHED
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Wrapped, label, overline, rule, unbroken
from workstation.ui.widgets.sized import with_text

LARGE = 1.15  # text scale from which the answers need two lines


class TryForm(QObject):
    """Who was called, whether they were reached, what came of it and when the next try is."""

    changed = Signal()

    def __init__(self, presenter: ContactPresenter, record: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.who = QComboBox()
        self.reached = QButtonGroup(self)
        self.outcome = QPlainTextEdit()
        self.again = QComboBox()
        self.problem = Wrapped("", "error")
        self.tries_rows = QVBoxLayout()
        self._build(record)

    @property
    def filled(self) -> bool:
        """Whether anything of a try was entered."""
        return self.reached.checkedButton() is not None or bool(self.outcome.toPlainText().strip())

    def start(self) -> None:
        """The keys go to whether somebody was reached."""
        self.reached.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Record the try as filled in; what lacks is said and gets the focus."""
        chosen = self.reached.checkedButton()
        value = str(chosen.property("value")) if chosen is not None else ""
        again = int(self.again.currentData() or 0) if self.again.isEnabled() else 0
        problem = self._presenter.record(
            str(self.who.currentData() or ""), value, self.outcome.toPlainText(), again
        )
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self.empty()
        elif not value:
            self.start()
        else:
            self.outcome.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, names: tuple[str, ...]) -> None:
        """An empty form with those who can be called."""
        self.who.clear()
        for name in names:
            self.who.addItem(wording.kept(name), name)
        self.empty()

    def empty(self) -> None:
        """Take back what was entered."""
        self.outcome.clear()
        self.again.setCurrentIndex(0)
        self.reached.setExclusive(False)
        for button in self.reached.buttons():
            button.setChecked(False)
        self.reached.setExclusive(True)
        self.again.setEnabled(True)

    def show_tries(self, state: ContactState) -> None:
        """List the tries so far."""
        clear(self.tries_rows)
        if not state.tries:
            self.tries_rows.addWidget(label(tr("Nobody was called yet."), "body3"))
        for number, (at, text) in enumerate(state.tries):
            if number:
                self.tries_rows.addWidget(rule())
            self.tries_rows.addWidget(label(at, "captionStrong"))
            self.tries_rows.addWidget(Wrapped(unbroken(text), "bodyMedium"))

    # -- inside

    def _reached_changed(self) -> None:
        chosen = self.reached.checkedButton()
        self.again.setEnabled(chosen is None or str(chosen.property("value")) != "yes")
        self.problem.setVisible(False)
        self.changed.emit()

    def _place_reached(self) -> None:
        """All in one line, each as wide as its words ask for; in two with large text."""
        buttons = self.reached.buttons()
        columns = 2 if theme.text_scale > LARGE else len(buttons)
        for at, button in enumerate(buttons):
            self._line.addWidget(button, at // columns, at % columns)
            share = len(button.text()) + 4 if columns == len(buttons) else int(at < columns)
            self._line.setColumnStretch(at, share)

    def _build(self, record: QVBoxLayout) -> None:
        record.addWidget(overline(tr("Contact record")))
        card = Card(record.parentWidget())
        rows = QVBoxLayout(card)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(6)
        rows.addWidget(label(tr("Who"), "caption2"))
        self.who.setAccessibleName(tr("Who"))
        rows.addWidget(self.who)
        rows.addSpacing(4)
        rows.addWidget(label(tr("Reached"), "caption2"))
        for value, text in REACHED:
            button = Button(text=tr(text), kind="segment")
            button.setCheckable(True)
            button.clicked.connect(self._reached_changed)
            button.setProperty("value", value)
            button.setAccessibleName(tr("Reached: {text}", text=text))
            self.reached.addButton(button)
        self._line = QGridLayout()
        self._line.setSpacing(6)
        rows.addLayout(self._line)
        with_text(card, self._place_reached)
        rows.addSpacing(4)
        rows.addWidget(label(tr("Outcome"), "caption2"))
        self.outcome.setAccessibleName(tr("Outcome"))
        self.outcome.setTabChangesFocus(True)
        with_text(self.outcome, lambda: self.outcome.setFixedHeight(theme.px(76)))
        rows.addWidget(self.outcome)
        self.outcome.textChanged.connect(self.changed)
        self._build_next_try(rows)
        self.problem.setVisible(False)
        rows.addWidget(self.problem)
        # Where there is room to spare, the fields stay together.
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        record.addWidget(card)
        record.addWidget(overline(tr("Tries so far")))
        tries = Card(record.parentWidget())
        tries.setLayout(self.tries_rows)
        self.tries_rows.setContentsMargins(14, 8, 14, 8)
        record.addWidget(tries)
        record.addStretch()

    def _build_next_try(self, rows: QVBoxLayout) -> None:
        rows.addSpacing(4)
        rows.addWidget(label(tr("Next try"), "caption2"))
        self.again.setAccessibleName(tr("Next try"))
        for minutes in self._presenter.next_tries:
            self.again.addItem(
                tr("in {minutes} minutes", minutes=minutes) if minutes else tr("None planned"),
                minutes,
            )
        after = QHBoxLayout()
        after.setSpacing(10)
        after.addWidget(self.again)
        after.addWidget(label(tr("the clock keeps running"), "caption"), 1)
        rows.addLayout(after)


def clear(rows: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while rows.count():
        item = rows.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
