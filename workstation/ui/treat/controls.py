"""Controls inside a safety line: they start empty and record only what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.facts import FactKind, FactValue
from workstation.language import noted, tr
from workstation.presenters import typed
from workstation.presenters.controls import ControlState
from workstation.ui.flowing import Flowing
from workstation.ui.treat.fields import Field, Segmented
from workstation.ui.widgets import Button

Taken = dict[str, FactValue]
Record = Callable[[ControlState, Taken], str]
HELP = {
    FactKind.DAY: typed.DAY_HELP,
    FactKind.NUMBER: typed.NUMBER_HELP,
    FactKind.WHOLE: noted("Write a whole number."),
}
BEGUN = (FactKind.WHOLE, FactKind.NUMBER, FactKind.DAY)  # a digit begins what they hold
MISSING = noted("Still missing: {label}.")
NOTHING = noted("Nothing was chosen yet.")


class ControlRow(QWidget):
    """The fields of one control with its Record button.

    ``record`` stores what was filled in and returns a sentence when it refused, else "".
    """

    def __init__(
        self,
        state: ControlState,
        today: date,
        record: Record,
        parent: QWidget | None = None,
        *,
        bare: bool = False,
    ) -> None:
        super().__init__(parent)
        self._state, self._record = state, record
        self._told = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 0, 0)
        column.setSpacing(6)
        single = len(state.fields) == 1
        self.fields = tuple(
            Field(f, today, self, bare=bare and single, alone=single) for f in state.fields
        )
        self.button = Button(self, text=tr("Record", sense="to do"), key="\u21b5")
        self.button.clicked.connect(self.submit)
        self.problem = Flowing("", "error", self)
        self.problem.setVisible(False)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._place()
        column.addLayout(self._grid)
        if self._button_below:
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            row.addStretch()
            row.addWidget(self.button)
            column.addLayout(row)
        column.addWidget(self.problem)
        for field in self.fields:
            field.entered.connect(self._line_entered)
            field.chosen.connect(self._chosen)
            field.edited.connect(self._edited)

    def submit(self) -> None:
        """Record what was filled in; what is missing or does not fit is said under the fields."""
        taken: Taken = {}
        for field in self.fields:
            field.mark(False)
        for field in self._shown():
            value = field.value
            if value is not None:
                taken[field.state.name] = value
            elif not field.is_empty:
                self._refuse(field, self._help(field))
                return
        if not taken:
            self._say(tr(NOTHING))
            self.focus_first()
            return
        alone = all(field.state.apart for field in self._shown() if not field.is_empty)
        for field in self._shown():
            if field.state.needed and field.is_empty and not alone:
                self._refuse(field, tr(MISSING, label=field.state.label))
                return
        self._say(self._record(self._state, taken))

    def focus_first(self) -> None:
        """Put the focus into the first empty field, or on Record when all are filled."""
        empty = next((field for field in self._shown() if field.is_empty), None)
        (self.button if empty is None else empty).setFocus(Qt.FocusReason.TabFocusReason)

    def digit(self, number: int) -> bool:
        """Take the n-th choice of a control that asks one thing, or begin a number with it."""
        first = next((field for field in self._shown() if field.is_empty), None)
        if first is not None and first.state.kind in BEGUN and isinstance(first.editor, QLineEdit):
            first.editor.setFocus(Qt.FocusReason.TabFocusReason)
            first.editor.insert(str(number))
            self._edited()
            return True
        editor = self.fields[0].editor if len(self.fields) == 1 else None
        if not isinstance(editor, Segmented) or not 1 <= number <= len(editor.buttons):
            return False
        editor.take(number - 1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next empty field, then records."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            # A line edit has told of its Enter already, and passes the key on as well.
            if not self._told:
                self._entered()
            self._told = False
        else:
            super().keyPressEvent(event)

    # -- inside

    def _place(self) -> None:
        row = column = 0
        for field in self.fields:
            if field.wide:
                row, column = (row + 1, 0) if column else (row, 0)
                self._grid.addWidget(field, row, 0, 1, 2)
                row += 1
                continue
            self._grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignBottom)
            row, column = (row + 1, 0) if column else (row, 1)
        # A segment of a control that asks one thing records by itself: no second press.
        at_once = len(self.fields) == 1 and isinstance(self.fields[0].editor, Segmented)
        self.button.setVisible(not at_once)
        self._button_below = not at_once and not column
        if column:
            side = (
                Qt.AlignmentFlag.AlignLeft if len(self.fields) == 1 else Qt.AlignmentFlag.AlignRight
            )
            self._grid.addWidget(self.button, row, 1, Qt.AlignmentFlag.AlignBottom | side)
        self._show_fields()

    def _shown(self) -> tuple[Field, ...]:
        test = self._test()
        return tuple(f for f in self.fields if not f.state.tests or test in f.state.tests)

    def _test(self) -> str:
        if len(self._state.names) == 1:
            return self._state.names[0]
        chosen = next((f.value for f in self.fields if f.state.name == "test"), None)
        return str(chosen) if chosen is not None else ""

    def _show_fields(self) -> None:
        shown = self._shown()
        for field in self.fields:
            field.setVisible(field in shown)

    def _edited(self) -> None:
        self._show_fields()
        self._say("")
        self.button.set_kind(
            "primary" if any(not f.is_empty for f in self._shown()) else "secondary"
        )

    def _chosen(self) -> None:
        """A pressed segment of a control that asks one thing is the whole answer."""
        if len(self.fields) == 1:
            self.submit()
        elif self.isVisible():
            self._go_on()

    def _line_entered(self) -> None:
        self._told = True
        QTimer.singleShot(0, self, self._forget_told)
        self._entered()

    def _forget_told(self) -> None:
        self._told = False

    def _entered(self) -> None:
        """Enter: on to the next empty field, and from the last one record."""
        shown = self._shown()
        here = self._here(shown)
        typed = 0 <= here < len(shown) and not shown[here].is_empty
        if typed and shown[here].value is None:
            self._refuse(shown[here], self._help(shown[here]))  # at once, where it was typed
            return
        alone = typed and shown[here].state.apart
        if not alone and (
            any(field.is_empty for field in shown[here + 1 :]) or not self._complete()
        ):
            self._go_on()
        else:
            self.submit()

    def _here(self, shown: tuple[Field, ...]) -> int:
        """Place of the field that has the focus; the last one while Record has it."""
        focus = self.focusWidget()
        if focus is None or focus is self.button:
            return len(shown) - 1
        return next((n for n, f in enumerate(shown) if f.isAncestorOf(focus)), -1)

    def _go_on(self) -> None:
        """To the next empty field, else to Record."""
        shown = self._shown()
        here = self._here(shown)
        ahead = (*shown[here + 1 :], *shown[: max(0, here)])
        following = next((field for field in ahead if field.is_empty), None)
        (self.button if following is None else following).setFocus(Qt.FocusReason.TabFocusReason)

    def _complete(self) -> bool:
        """Whether Enter means Record: all that is needed is there, or anything when nothing is."""
        shown = self._shown()
        needed = [f for f in shown if f.state.needed]
        if needed:
            return all(f.value is not None for f in needed)
        return any(not f.is_empty for f in shown)

    @staticmethod
    def _help(field: Field) -> str:
        return f"{field.state.label}: {tr(HELP[field.state.kind])}"

    def _refuse(self, field: Field, sentence: str) -> None:
        field.mark(True)
        self._say(sentence)
        field.setFocus(Qt.FocusReason.TabFocusReason)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.button.setAccessibleDescription(sentence)
