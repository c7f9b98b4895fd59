"""The grade card: word, cause, what keeps it a lower bound, and the clinician's own grade."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.rubric import OVERRIDE_REASONS, GradeCard
from workstation.ui.assess.steady import SteadyText
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Wrapped, label
from workstation.ui.widgets.sized import on_its_line

HEAD_GAP = 8
GROUND = "sevBg"  # of the card, as the style sheet has it


class GradeView(Card):
    """Shows a ``GradeCard``. ``take`` sets an override and returns why it cannot, "" when it can."""

    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, kind="sev")
        self.take: Callable[[str, str, str], str] = lambda *_: ""
        self._card: GradeCard | None = None
        self._offered: tuple[object, ...] = ()
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(HEAD_GAP)
        self.word = label("", "grade", self)
        self.rubric = label("", "caption", self)
        self.open = Button(self, text=tr("Override"))
        self.open.clicked.connect(self._open_form)
        head.addWidget(self.word)
        head.addWidget(self.rubric, 0, Qt.AlignmentFlag.AlignVCenter)
        on_its_line(self.word, self.rubric)
        head.addStretch(1)
        head.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.own = SteadyText("bodyStrong", "text", self, ground=GROUND)
        self.cause = SteadyText("captionStrong", "text2", self, ground=GROUND)
        self.missing = SteadyText("bodyStrong", "text", self, ground=GROUND)
        for part in (self.own, self.cause, self.missing):
            column.addWidget(part)
        self.form = OverrideForm(self)
        self.form.taken.connect(self._taken)
        self.form.closed.connect(self._close_form)
        self.form.dropped.connect(self._drop)
        column.addWidget(self.form)
        self.form.hide()

    def show_card(self, card: GradeCard, grades: tuple[tuple[str, str], ...]) -> None:
        """Show a result."""
        if card == self._card:
            return
        before = None if self._card is None else (self._card.heading, self._card.override is None)
        self._card = card
        self.word.setText(card.heading)
        self.rubric.setText("" if card.override else card.rubric)
        self.open.show_text(tr("Change") if card.override else tr("Override"))
        own = ""
        if card.override is not None:
            own = tr(
                "Rubric says {word} ({rubric}). Reason: {reason}",
                word=card.word.lower(),
                rubric=card.rubric,
                reason=card.override.reason,
            )
        for part, text in (
            (self.own, own),
            (self.cause, card.cause),
            (self.missing, card.missing),
        ):
            part.setText(text)
            part.setVisible(bool(text))
        offered = (grades, card.override is not None)
        if offered != self._offered:
            self._offered = offered
            self.form.offer(grades, has_override=card.override is not None)
        self.setAccessibleName(card.spoken)
        if (card.heading, card.override is None) != before:
            self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rubric's id gives way to a long grade; it stays in the tooltip."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """A grade too long for its line is written smaller, then on two lines: nothing is cut."""
        rim = self.column.contentsMargins()
        room = self.width() - rim.left() - rim.right() - 2 * HEAD_GAP
        aside = 0 if self.open.isHidden() else self.open.sizeHint().width()
        room -= aside
        text = self.word.text()
        large, small = (
            QFontMetricsF(theme.font(role)).horizontalAdvance(text) for role in ("grade", "title")
        )
        role = "grade" if large <= room else "gradeSmall"
        if self.word.property("role") != role:
            self.word.setProperty("role", role)
            self.word.style().unpolish(self.word)
            self.word.style().polish(self.word)
        self.word.setWordWrap(role != "grade" and small > room)
        need = self.word.sizeHint().width() + self.rubric.sizeHint().width()
        need += aside + 46
        self.rubric.setVisible(need <= self.width() and bool(self.rubric.text()))
        self.word.setToolTip(self.rubric.text())

    @property
    def spoken(self) -> str:
        """The card as text."""
        return self._card.spoken if self._card is not None else ""

    def _open_form(self) -> None:
        override = self._card.override if self._card is not None else None
        self.form.start(
            override.grade if override else "",
            override.reason_code if override else "",
        )
        self.form.setVisible(True)
        self.open.hide()
        self.form.grade.setFocus()

    def _taken(self) -> None:
        form = self.form
        problem = self.take(form.chosen_grade, form.chosen_reason, form.text.text())
        form.show_problem(problem)
        if not problem:
            self._close_form()

    def _drop(self) -> None:
        self._close_form()
        self.dropped.emit()

    def _close_form(self) -> None:
        self.form.hide()
        self.open.show()
        self.open.setFocus()


class OverrideForm(QFrame):
    """Grade, coded reason, and text for "other"."""

    taken = Signal()
    closed = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        self.grade = QComboBox(self)
        self.grade.setAccessibleName(tr("Your grade"))
        self.reason = QComboBox(self)
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.addItem(tr("Choose the reason"), "")
        for code, words in OVERRIDE_REASONS:
            self.reason.addItem(tr(words), code)
        self.text = QLineEdit(self)
        self.text.setAccessibleName(tr("Reason in words"))
        self.text.setPlaceholderText(tr("In words; needed for Other"))
        self.problem = Wrapped("", "error", self)
        self.problem.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        take = Button(self, text=tr("Set grade"), key="\u21b5")
        leave = Button(self, text=tr("Cancel"), kind="link")
        self._drop = Button(self, text=tr("Use the rubric\u2019s grade"), kind="link")
        take.clicked.connect(self.taken)
        self.text.returnPressed.connect(self.taken)
        leave.clicked.connect(self.closed)
        self._drop.clicked.connect(self.dropped)
        for button in (take, leave, self._drop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for part in (self.grade, self.reason, self.text, self.problem):
            column.addWidget(part)
        column.addLayout(buttons)

    @property
    def chosen_grade(self) -> str:
        """The grade's id, "" before one is chosen."""
        return str(self.grade.currentData() or "")

    @property
    def chosen_reason(self) -> str:
        """The reason's code, "" before one is chosen."""
        return str(self.reason.currentData() or "")

    def offer(self, grades: tuple[tuple[str, str], ...], *, has_override: bool) -> None:
        """Offer grades; nothing is chosen beforehand."""
        before = self.chosen_grade
        self.grade.clear()
        self.grade.addItem(tr("Choose your grade"), "")
        for id_, word in grades:
            self.grade.addItem(word, id_)
        self.grade.setCurrentIndex(max(0, self.grade.findData(before)))
        self._drop.setVisible(has_override)

    def start(self, grade: str, reason: str) -> None:
        """Begin with what was set before."""
        self.grade.setCurrentIndex(max(0, self.grade.findData(grade)))
        self.reason.setCurrentIndex(max(0, self.reason.findData(reason)))
        self.text.clear()
        self.show_problem("")

    def show_problem(self, problem: str) -> None:
        """Say what is missing."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, Enter takes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)
