"""The Contact page: clock, ways to reach the patient, the steps, and the record of each try."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.presenters.contact import (
    NOT_POSSIBLE,
    REACHED,
    ContactPresenter,
    ContactState,
    Way,
)
from workstation.ui import form, icons
from workstation.ui.page import PageTools, Primary
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Chip, Wrapped, label, overline, rule

TICK_MS = 10_000


class ClockRing(QWidget):
    """How much of the target time has passed; the tick at 75 % is where others are alerted."""

    def __init__(self) -> None:
        super().__init__()
        self._state: ContactState | None = None
        self.setFixedSize(92, 92)

    def show_state(self, state: ContactState) -> None:
        """Show another moment."""
        self._state = state
        self.setAccessibleName(f"{state.passed} {state.target}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw ring, share and words."""
        state = self._state
        if state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(6, 6, 80, 80)
        painter.setPen(QPen(theme.colour("dangerBd"), 7))
        painter.drawEllipse(ring)
        painter.setPen(
            QPen(theme.colour("danger"), 7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        )
        painter.drawArc(ring, 90 * 16, -round(360 * 16 * state.share))
        painter.setPen(QPen(theme.colour("text"), 2))
        painter.drawLine(0, 46, 13, 46)  # three quarters of the way round
        painter.setFont(theme.font("panel"))
        painter.drawText(QRectF(0, 24, 92, 26), Qt.AlignmentFlag.AlignCenter, state.passed)
        painter.setFont(theme.font("overline", 400))
        painter.setPen(theme.colour("text3"))
        painter.drawText(QRectF(0, 48, 92, 20), Qt.AlignmentFlag.AlignCenter, state.target)
        painter.end()


class ContactPage(QWidget):
    """Renders ``ContactState``; recording a try is its one act."""

    changed = Signal()

    flagRow: QHBoxLayout
    flagWords: QVBoxLayout
    flagHead: QHBoxLayout
    reach: QVBoxLayout
    steps: QVBoxLayout
    record: QVBoxLayout

    def __init__(self, presenter: ContactPresenter, tools: PageTools) -> None:
        super().__init__()
        self._presenter, self._tools = presenter, tools
        self._state: ContactState | None = None
        self._built = -1
        form.load(self, "contact")
        self.setObjectName("page")
        self.ring = ClockRing()
        self.flagRow.insertWidget(0, self.ring)
        self.level = Chip(kind="emergent", text="Emergent")
        self.codes = label("", "caption")
        self.flagHead.addWidget(self.level)
        self.flagHead.addWidget(self.codes)
        self.flagHead.addStretch()
        self.title = Wrapped("", "danger")
        self.words = Wrapped("", "body2")
        self.escalation = Wrapped("", "caption")
        for row in (self.title, self.words, self.escalation):
            self.flagWords.addWidget(row)
        self.flagRow.setStretch(1, 1)
        self._build_record()
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(presenter.tick)
        self._subscription = presenter.changed.subscribe(self.render_state)

    # -- page

    def enter(self) -> None:
        """Show the flags; the focus is where the try is recorded."""
        state = self._presenter.state
        if state is not None:
            self.render_state(state)
        self._clock.start()
        self.reached.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """The clock rests."""
        self._clock.stop()

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of this page."""
        return (("Tab", "next field"), ("Ctrl \u21b5", "save this try, then go on"))

    def primary(self) -> Primary | None:
        """Save the try; with one recorded, go on."""
        recorded = self._state is not None and self._state.recorded
        text = "Continue to Assess" if recorded else "Save this try"
        return Primary(text, "Ctrl+Return", True, "")

    def activate_primary(self) -> None:
        """Save what was filled in, or go on when a contact is on record."""
        if self._state is not None and self._state.recorded and not self._filled():
            self._tools.go("assess")
        else:
            self.save()

    def step_chip(self) -> tuple[str, str] | None:
        """Whether a contact is on record."""
        state = self._presenter.state
        if state is None:
            return None
        return ("ok", "Recorded") if state.recorded else ("danger", "Contact first")

    # -- acts

    def save(self) -> None:
        """Record the try as filled in."""
        chosen = self.reached.checkedButton()
        value = str(chosen.property("value")) if chosen is not None else ""
        problem = self._presenter.record(self.who.currentText(), value, self.outcome.toPlainText())
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self.outcome.clear()
            self.reached.setExclusive(False)
            for button in self.reached.buttons():
                button.setChecked(False)
            self.reached.setExclusive(True)

    def _filled(self) -> bool:
        return self.reached.checkedButton() is not None or bool(self.outcome.toPlainText().strip())

    # -- showing

    def render_state(self, state: ContactState) -> None:
        """Show a state."""
        self._state = state
        self.ring.show_state(state)
        kind = "emergent" if state.level == "Emergent" else "urgent"
        self.level.show_chip(kind, state.level)
        self.codes.setText(state.codes)
        self.title.setText(state.title)
        self.words.setText(state.words)
        self.words.setVisible(bool(state.words))
        self.escalation.setText(state.escalation)
        if self._built != state.generation:
            self._built = state.generation
            self._show_ways(state.ways)
            self._show_steps(state)
            self.who.clear()
            self.who.addItems(list(state.who))
        self._show_tries(state)
        self.changed.emit()

    def _show_ways(self, ways: tuple[Way, ...]) -> None:
        _clear(self.reach)
        self.reach.addWidget(overline("Reach the patient"))
        for way in ways:
            card = Card()
            row = QHBoxLayout(card)
            row.setContentsMargins(14, 9, 12, 9)
            row.setSpacing(12)
            picture = label()
            icons.dress(picture, way.icon, "danger" if way.icon == "siren" else "text2", 20)
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            column.setSpacing(1)
            column.addWidget(overline(way.label))
            column.addWidget(Wrapped(way.value, "panel"))
            column.addWidget(Wrapped(way.detail, "caption"))
            row.addLayout(column, 1)
            if way.copies:
                button = Button(text="Copy")
                button.setAccessibleName(f"Copy {way.label}")
                button.clicked.connect(
                    lambda _=False, text=way.value: QGuiApplication.clipboard().setText(text)
                )
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self.reach.addWidget(card)
        self.reach.addStretch()

    def _show_steps(self, state: ContactState) -> None:
        _clear(self.steps)
        self.steps.addWidget(overline("Steps"))
        card = Card()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(9)
        for number, text in enumerate(state.steps, 1):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(
                Chip(kind="emergent", text=str(number), icon=""), 0, Qt.AlignmentFlag.AlignTop
            )
            row.addWidget(Wrapped(text, "bodyMedium"), 1)
            rows.addLayout(row)
        self.steps.addWidget(card)
        if state.answers:
            self.steps.addWidget(overline("What was answered"))
            box = Card()
            grid = QVBoxLayout(box)
            grid.setContentsMargins(14, 10, 14, 10)
            grid.setSpacing(5)
            for question, answer in state.answers:
                row = QHBoxLayout()
                row.addWidget(Wrapped(question, "body2"), 1)
                row.addWidget(Wrapped(answer, "bodyStrong"), 1)
                grid.addLayout(row)
            self.steps.addWidget(box)
        note = QFrame()
        note.setProperty("card", "info")
        row = QHBoxLayout(note)
        picture = label()
        icons.dress(picture, "info", "info", 18)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Wrapped(NOT_POSSIBLE, "captionStrong"), 1)
        self.steps.addWidget(note)
        self.steps.addStretch()

    def _build_record(self) -> None:
        self.record.addWidget(overline("Contact record"))
        card = Card()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(6)
        rows.addWidget(label("Who", "caption"))
        self.who = QComboBox()
        self.who.setAccessibleName("Who")
        rows.addWidget(self.who)
        rows.addWidget(label("Reached", "caption"))
        self.reached = QButtonGroup(self)
        line = QHBoxLayout()
        line.setSpacing(4)
        for value, text in REACHED:
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("value", value)
            button.setAccessibleName(f"Reached: {text}")
            self.reached.addButton(button)
            line.addWidget(button, 1)
        rows.addLayout(line)
        rows.addWidget(label("Outcome", "caption"))
        self.outcome = QPlainTextEdit()
        self.outcome.setAccessibleName("Outcome")
        self.outcome.setTabChangesFocus(True)
        self.outcome.setFixedHeight(theme.px(76))
        rows.addWidget(self.outcome)
        self.problem = Wrapped("", "error")
        self.problem.setVisible(False)
        rows.addWidget(self.problem)
        self.record.addWidget(card)
        self.record.addWidget(overline("Tries so far"))
        self.tries = Card()
        self.tries_rows = QVBoxLayout(self.tries)
        self.tries_rows.setContentsMargins(14, 8, 14, 8)
        self.record.addWidget(self.tries)
        self.record.addStretch()

    def _show_tries(self, state: ContactState) -> None:
        _clear(self.tries_rows)
        if not state.tries:
            self.tries_rows.addWidget(label("Nobody was called yet.", "body3"))
        for number, (at, text) in enumerate(state.tries):
            if number:
                self.tries_rows.addWidget(rule())
            self.tries_rows.addWidget(label(at, "captionStrong"))
            self.tries_rows.addWidget(Wrapped(text, "bodyMedium"))


def _clear(rows: QVBoxLayout) -> None:
    while rows.count():
        item = rows.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
