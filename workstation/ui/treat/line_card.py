"""One line of the safety panel: the fact, the answer with its date, the source, what clears it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.language import noted, tr
from workstation.presenters.clinical_wording import upper_first
from workstation.presenters.contact_lines import CallSheet
from workstation.presenters.grown_old import CODE as CONFIRM
from workstation.presenters.safety import LineState
from workstation.presenters.safety_ways import SAME
from workstation.ui import icons
from workstation.ui.digits import digit_of
from workstation.ui.flowing import Flowing
from workstation.ui.treat.controls import ControlRow, Record
from workstation.ui.widgets import Button, Chip, label, rule, unbroken

LOOKS = {
    "stop": ("danger", "octagon-x", noted("Blocks signing")),
    "hold": ("danger", "octagon-x", noted("Blocks signing")),
    "override": ("warn", "triangle-alert", noted("Needs your reason")),
    "warn": ("warn", "triangle-alert", noted("Needs one key")),
    "info": ("info", "info", noted("Good to know")),
}
OTHER = "other"
INDENT = 28
LONG_CODE = 17  # longer codes stand behind their source instead of beside it


class LineCard(QFrame):
    """One finding. Enter opens it, digits pick a reason, Esc comes back to the line."""

    moved = Signal(int)
    reasoned = Signal(str, str, str)  # code, reason, text
    taken_back = Signal(str)
    removed = Signal(str)  # a medicine

    def __init__(
        self,
        line: LineState,
        today: date,
        record: Record,
        *,
        waiting: bool = False,
        work_up: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.line, self.waiting = line, waiting
        self.work_up = work_up
        look, icon, name = LOOKS["info"] if waiting else LOOKS[line.level]
        word = tr(name)
        if waiting:
            word = tr("Waits for the work-up") if work_up else tr("Of a prescription")
        self.setProperty("line", look)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{word}: {line.title}")
        self.setAccessibleDescription(" ".join((line.detail, *line.reads, line.source)))
        self._today, self._record = today, record
        self._control: ControlRow | None = None
        self._other: QLineEdit | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 9, 12, 9)
        rows.setSpacing(2)
        rows.addLayout(self._head(icon, look))
        for text, role in self._texts():
            rows.addWidget(_indented(self, partial(Flowing, text, role))[0])
        if line.contact is not None:
            rows.addWidget(_indented(self, partial(_call_sheet, line.contact))[0])
        rows.addLayout(self._source())
        self._rows, self._control_at = rows, rows.count()
        if not waiting:
            self._make_control()
        if line.where and not waiting:
            rows.addWidget(_indented(self, partial(Flowing, line.where, "captionStrong"))[0])
        if line.is_open and line.level in ("override", "warn"):
            rows.addWidget(_indented(self, self._reasons)[0])
        for medicine, words in () if waiting else line.removes:
            made_out = partial(Button, text=words, kind="reason", icon="x")
            box, take_out = _indented(self, made_out)
            take_out.setProperty("alignLeft", True)
            take_out.clicked.connect(lambda _=False, id=medicine: self.removed.emit(id))
            rows.addWidget(box)

    @property
    def control(self) -> ControlRow | None:
        """What the line asks; of a line that waits it is hidden, and made when somebody wants it."""
        if self._control is None:
            self._make_control()
        return self._control

    # -- building

    def _make_control(self) -> None:
        if self.line.control is None:
            return
        bare = self.line.code.startswith("ASK-")
        made = partial(ControlRow, self.line.control, self._today, self._record, bare=bare)
        self._controls, self._control = _indented(self, made)
        self._controls.setVisible(not self.waiting)
        self._rows.insertWidget(self._control_at, self._controls)

    def _texts(self) -> list[tuple[str, str]]:
        line = self.line
        texts = [(line.detail, "caption2")] if line.detail else []
        reads = " \u00b7 ".join(line.reads)
        if reads and reads.lower() != line.detail.lower():
            texts.append((reads, "caption2"))
        if line.advice and line.is_open:
            texts.append((line.advice, "caption2"))
        if line.answer and not line.members:
            texts.append((tr("Your reason: {answer}", answer=line.answer), "captionStrong"))
        return texts

    def _head(self, icon: str, role: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        picture = label()
        icons.dress(picture, icon, role, 18)
        picture.setFixedWidth(INDENT - 8)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Flowing(self.line.title, "value"), 1)
        if self.waiting and self.line.waits and self.work_up:
            chip = Chip(kind="info", text=tr("waits for work-up"), icon="clock")
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        elif self.line.answer:
            row.addWidget(
                Chip(kind="ok", text=self._given(), icon="check"), 0, Qt.AlignmentFlag.AlignTop
            )
        return row

    def _given(self) -> str:
        if self.line.code == CONFIRM:
            return tr("All unchanged")
        if self.line.members:
            return tr("Counselled")
        return tr("Seen") if self.line.level == "warn" else tr("Reason given")

    def _source(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(INDENT, 1, 0, 0)
        row.setSpacing(6)
        picture = label()
        icons.dress(picture, "link-2", "text3", 14)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        code = unbroken(self.line.code) if not self.line.members else ""
        long = len(code) > LONG_CODE
        source = unbroken(self.line.source)  # the days in it stay on one line
        cited = f"{source} \u00b7 {code}" if long else source
        row.addWidget(Flowing(cited, "caption"), 1)
        if self.line.answer:
            change = Button(text=tr("Change"), kind="link")
            change.setAccessibleName(tr("Change the answer to: {title}", title=self.line.title))
            change.clicked.connect(lambda: self.taken_back.emit(self.line.code))
            row.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        if code and not long:
            shown = label(code, "caption")
            shown.setToolTip(tr("How far the source was checked: {tag}", tag=self.line.tag.lower()))
            row.addWidget(shown, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _reasons(self, parent: QWidget) -> QWidget:
        box = QWidget(parent)
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(4)
        if self.line.earlier:
            again = Button(text=upper_first(self.line.earlier), key="\u21b5", kind="reason")
            again.setProperty("alignLeft", True)
            again.clicked.connect(self._accept_earlier)
            rows.addWidget(again)
        if self.line.level == "warn":
            button = Button(text=self._given(), key="1")
            button.clicked.connect(lambda: self.reasoned.emit(self.line.code, "", ""))
            rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            return box
        for number, (code, text) in enumerate(self.line.reasons, 1):
            if code == OTHER:
                self._other = QLineEdit()
                self._other.setPlaceholderText(
                    tr("{number}  Other, at least 10 characters", number=number)
                )
                self._other.setAccessibleName(tr("{text}, at least 10 characters", text=text))
                self._other.returnPressed.connect(self._give_other)
                rows.addWidget(self._other)
                continue
            button = Button(text=text, key=str(number), kind="reason")
            button.setProperty("alignLeft", True)
            button.clicked.connect(
                lambda _=False, code=code: self.reasoned.emit(self.line.code, code, "")
            )
            rows.addWidget(button)
        return box

    # -- acting

    def open(self) -> None:
        """Put the focus where the line is answered."""
        if self.line.earlier and self.line.is_open:
            self._accept_earlier()
        elif self.control is not None:
            self._controls.setVisible(True)
            self.control.focus_first()
        elif self.line.is_open and self.line.level == "warn":
            self.reasoned.emit(self.line.code, "", "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter, digits and Esc."""
        key = event.key()
        digit = digit_of(event)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                super().keyPressEvent(event)
            else:
                self.open()
        elif key == Qt.Key.Key_Escape and not self.hasFocus():
            self.setFocus(Qt.FocusReason.TabFocusReason)
        elif digit and not self._typing():
            self._digit(int(digit))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a waiting line shows its control."""
        super().mousePressEvent(event)
        if self.waiting and self.control is not None:
            self._controls.setVisible(True)

    def _typing(self) -> bool:
        return isinstance(self.focusWidget(), QLineEdit) and not self.hasFocus()

    def _digit(self, digit: int) -> None:
        line = self.line
        if not line.is_open:
            return
        if line.level == "warn":
            if digit == 1:
                self.reasoned.emit(line.code, "", "")
        elif line.level == "override":
            if 0 < digit <= len(line.reasons):
                self._give(line.reasons[digit - 1][0])
        elif self.control is not None and not self.waiting:
            self.control.digit(digit)

    def _give(self, code: str) -> None:
        if code == OTHER and self._other is not None:
            self._other.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.reasoned.emit(self.line.code, code, "")

    def _accept_earlier(self) -> None:
        self.reasoned.emit(self.line.code, SAME, "")

    def _give_other(self) -> None:
        if self._other is not None:
            self.reasoned.emit(self.line.code, OTHER, self._other.text())


Part = TypeVar("Part", bound=QWidget)


def _indented(card: QWidget, make: Callable[[QWidget], Part]) -> tuple[QWidget, Part]:
    """A box inside the card, and what ``make`` makes inside the box."""
    box = QWidget(card)
    row = QHBoxLayout(box)
    row.setContentsMargins(INDENT, 0, 0, 0)
    made = make(box)
    row.addWidget(made)
    return box, made


def _call_sheet(state: CallSheet, parent: QWidget) -> QWidget:
    """Ways to reach somebody, the steps of the flags, and the tries so far."""
    box = QWidget(parent)
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, 2, 0, 4)
    rows.setSpacing(4)
    for way in state.ways:
        note = f", {way.note}" if way.note else ""
        rows.addLayout(_pictured(way.icon, f"{way.value}{note}", way.title))
    for title, steps in state.steps:
        rows.addWidget(rule())
        if len(state.steps) > 1:
            rows.addWidget(Flowing(title, "captionStrong"))
        for number, step in enumerate(steps, 1):
            rows.addWidget(Flowing(f"{number}. {step}", "body"))
    if state.tries:
        rows.addWidget(rule())
    for one in state.tries:
        rows.addLayout(_pictured(one.icon, f"{one.text}. {one.outcome}", tr("Try so far")))
    return box


def _pictured(icon: str, text: str, name: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    picture = label()
    icons.dress(picture, icon, "text2", 16)
    picture.setFixedWidth(18)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(label(name, "caption"))
    words = Flowing(text, "bodyStrong")
    words.setAccessibleName(f"{name}: {text}")
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(words)
    row.addLayout(column, 1)
    return row
