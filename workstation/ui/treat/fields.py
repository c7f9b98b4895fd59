"""Fields of the safety lines: each starts empty and gives a value only once one was chosen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.facts import FactKind, FactValue
from workstation.language import tr
from workstation.presenters import typed
from workstation.presenters.controls import FieldState
from workstation.ui.digits import digit_of
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.treat.several import Several
from workstation.ui.widgets import Button, label
from workstation.ui.widgets.day_edit import DayEdit
from workstation.ui.widgets.sized import with_text

SEGMENTS = 4  # more choices than this become a list
LARGE = 1.15  # text scale from which a day needs a row of its own
SEGMENT_LETTERS = 30  # and so do longer ones: segments are never cut
EVEN_LETTERS = 42  # the longest, as often as there are segments
HALF_LETTERS = 18  # the same where another field stands beside


_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Choice(QComboBox):
    """A list that starts at "Choose" and never changes under a passing mouse wheel."""

    def __init__(self, choices: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(tr("Choose"))
        for value, text in choices:
            self.addItem(text, value)
        self.setCurrentIndex(-1)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the panel instead."""
        event.ignore()


class Segmented(QWidget):
    """A few choices side by side; none is taken until one is pressed."""

    chosen = Signal()

    def __init__(
        self,
        choices: tuple[tuple[str, str], ...],
        parent: QWidget | None = None,
        *,
        upright: bool = False,
        keys: bool = False,
    ) -> None:
        """``upright`` puts them below one another; ``keys`` shows the digit of each."""
        super().__init__(parent)
        row = QVBoxLayout(self) if upright else QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values = tuple(value for value, _ in choices)
        self.buttons: list[Button] = []
        for number, (_, text) in enumerate(choices):
            key = str(number + 1) if keys else ""
            button = Button(self, text=text, kind="segment", key=key)
            button.setCheckable(True)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, number=number: self.take(number))
            button.installEventFilter(self)
            row.addWidget(button, 1)
            self.buttons.append(button)
        self.setFocusProxy(self.buttons[0])

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(value, words) of each segment in order."""
        return tuple(
            (value, button.text()) for value, button in zip(self._values, self.buttons, strict=True)
        )

    @property
    def value(self) -> str | None:
        """The value taken, or None."""
        return next(
            (v for v, b in zip(self._values, self.buttons, strict=True) if b.isChecked()), None
        )

    def take(self, number: int) -> None:
        """Take the choice with that place."""
        for other, button in enumerate(self.buttons):
            button.setChecked(other == number)
        self.chosen.emit()

    def setAccessibleName(self, name: str) -> None:
        """Each segment is read out with what is asked."""
        super().setAccessibleName(name)
        for button in self.buttons:
            button.setAccessibleName(f"{name}: {button.text()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move between segments, Space presses one, digits take one by its place."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        here = self.buttons.index(watched) if watched in self.buttons else 0
        digit = digit_of(event)
        if event.key() in _STEPS:
            step = _STEPS[Qt.Key(event.key())]
            self.buttons[(here + step) % len(self.buttons)].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if digit:
            if 1 <= int(digit) <= len(self.buttons):
                self.take(int(digit) - 1)
            return True
        return super().eventFilter(watched, event)


class Field(QWidget):
    """One field with its label; ``value`` is None while nothing valid is chosen."""

    entered = Signal()  # Enter in the field
    chosen = Signal()  # a segment was pressed
    edited = Signal()

    def __init__(
        self,
        state: FieldState,
        today: date,
        parent: QWidget | None = None,
        *,
        bare: bool = False,
        alone: bool = False,
    ) -> None:
        """``bare`` leaves the label out: the line's own title asks already.

        ``alone`` says that the control asks nothing else, so that choices may take more room.
        """
        super().__init__(parent)
        self.state, self._alone = state, alone
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        name = f"{state.label}, {state.unit}" if state.unit else state.label
        self.title: QLabel = Flowing(state.label, "caption", self)
        self.title.setVisible(not bare)
        column.addWidget(self.title)
        self.editor = self._editor(state, today, alone=alone)
        self.editor.setAccessibleName(name)
        if state.question:
            self.editor.setAccessibleDescription(state.question)
        self.title.setBuddy(self.editor)
        column.addWidget(self.editor)
        self.setFocusProxy(self.editor)

    @property
    def wide(self) -> bool:
        """Whether the field needs a row of its own."""
        if isinstance(self.editor, Segmented):
            buttons = self.editor.buttons
            even = max(len(button.text()) for button in buttons) * len(buttons)
            return self._alone or len(buttons) > 2 or even > HALF_LETTERS
        if isinstance(self.editor, DayEdit) and theme.text_scale > LARGE:
            return True
        return self.state.kind in (FactKind.CHOICES, FactKind.TEXT) or isinstance(
            self.editor, Choice
        )

    @property
    def value(self) -> FactValue | None:
        """What was chosen, or None."""
        editor = self.editor
        if isinstance(editor, Several):
            return editor.value
        if isinstance(editor, (Choice, Segmented)):
            taken = editor.currentData() if isinstance(editor, Choice) else editor.value
            if taken is None:
                return None
            return taken == "yes" if self.state.kind is FactKind.YES_NO else str(taken)
        if isinstance(editor, DayEdit):
            return editor.day
        assert isinstance(editor, QLineEdit)
        return _typed(editor.text(), self.state.kind)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed or chosen at all."""
        if isinstance(self.editor, QLineEdit):
            return not self.editor.text().strip()
        return self.value is None

    def mark(self, wrong: bool) -> None:
        """Outline the field as one that does not fit, or take the outline away."""
        self.editor.setProperty("error", "true" if wrong else "")
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def _editor(self, state: FieldState, today: date, *, alone: bool) -> QWidget:
        if state.kind is FactKind.CHOICES:
            several = Several(state.choices, self)
            several.changed.connect(self.edited)
            return several
        if state.kind in (FactKind.YES_NO, FactKind.CHOICE):
            lengths = [len(text) for _, text in state.choices]
            even = max(lengths, default=0) * len(lengths)  # segments are equally wide
            long = sum(lengths) > SEGMENT_LETTERS or even > EVEN_LETTERS
            if len(state.choices) <= SEGMENTS and (alone or not long):
                segments = Segmented(state.choices, self, upright=long, keys=alone)
                segments.chosen.connect(self.edited)
                segments.chosen.connect(self.chosen)
                return segments
            choice = Choice(state.choices, self)
            choice.currentIndexChanged.connect(self.edited)
            return choice
        line = DayEdit(today, self) if state.kind is FactKind.DAY else QLineEdit(self)
        line.returnPressed.connect(self.entered)
        line.textEdited.connect(self.edited)
        if state.kind is FactKind.TEXT:
            line.setPlaceholderText(tr("In words"))
        with_text(line, lambda: line.setMinimumWidth(theme.px(90)))
        if state.unit:
            _unit(line, state.unit)
        return line


def _unit(line: QLineEdit, unit: str) -> None:
    """The unit inside the field, right of the number."""
    mark = label(unit, "caption", line)
    inner = QHBoxLayout(line)
    inner.setContentsMargins(0, 0, 9, 0)
    inner.addStretch()
    inner.addWidget(mark)
    line.setTextMargins(0, 0, mark.sizeHint().width() + 12, 0)


def _typed(text: str, kind: FactKind) -> FactValue | None:
    if kind is FactKind.TEXT:
        return text.strip() or None
    number = typed.parse_number(text)
    if number is None:
        return None
    if kind is FactKind.WHOLE:
        return int(number) if number == number.to_integral_value() else None
    return Decimal(number)
