"""The right panel of Labs: who, the form for one result, its band, the gate in words, earlier values."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.language import pairs, tr
from workstation.presenters import labs_wording as words
from workstation.presenters.labs_entry import EntryState
from workstation.ui import icons
from workstation.ui.flowing import Flowing
from workstation.ui.labs.band_bar import BandBar
from workstation.ui.making import make
from workstation.ui.widgets import Button, Card, PhotoCircle, label, overline

ICONS = {"ok": "circle-check", "warn": "triangle-alert", "danger": "octagon-x", "info": "info"}
EARLIER = 6


class EntryPanel(QWidget):
    """Renders ``EntryState``; ``typed`` carries (field, text) of what was filled in."""

    typed = Signal(str, str)
    saved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: EntryState | None = None
        self._filling = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(scroll.viewport())
        # As wide as the panel, whatever its fields would like.
        inside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(16, 12, 16, 8)
        self._rows.setSpacing(8)
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)
        self._inside = inside
        make(self, self._parts(outer))

    def _parts(self, outer: QVBoxLayout) -> Iterator[None]:
        self._head()
        yield
        self._form()
        yield
        self.bar_title = overline(tr("This value in its bands"))
        self._rows.addWidget(self.bar_title)
        self.bar = BandBar()
        self._rows.addWidget(self.bar)
        self._verdict()
        self._before()
        self._rows.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 4, 16, 12)
        foot.setSpacing(4)
        self.problem = Flowing("", "warn")
        self.reads = True  # whoever enters here also reads
        self.save = Button(text=tr("Save and read"), kind="primary", key="Ctrl \u21b5")
        self.save.clicked.connect(lambda _=False: self.saved.emit())
        foot.addWidget(self.problem)
        foot.addWidget(self.save)
        self._never = Flowing(tr(words.SAVED_NEVER_CHANGED), "caption")
        foot.addWidget(self._never)
        outer.addLayout(foot)

    # -- building

    def _head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.photo = PhotoCircle(size=44)
        self.name = label("", "panel")
        self.about = label("", "caption")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.name)
        lines.addWidget(self.about)
        row.addWidget(self.photo)
        row.addLayout(lines, 1)
        self._rows.addLayout(row)
        self.title = label(tr("Enter a result"), "panel")
        self._rows.addWidget(self.title)

    def _form(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        self.test = self._choice("test", tr("Test"))
        self.value = self._line("value", tr("Value"))
        self.word = self._choice("value", tr("Result"), pairs(words.WORDS))
        self.unit = self._choice("unit", tr("Unit"))
        self.limit = self._line("limit", tr("Upper limit of this laboratory"))
        self.drawn = self._line("drawn", tr("Drawn on"))
        self.drawn.setPlaceholderText("dd-Mmm-yyyy")
        self.time = self._line("time", tr("At"))
        self.time.setPlaceholderText("08:15")
        self.laboratory = self._line("laboratory", tr("Laboratory"))
        self.fasting = self._choice("fasting", tr("Fasting"), pairs(words.FASTING))
        self.setting = self._choice("setting", tr("Specimen taken"), pairs(words.SETTINGS))
        places = (
            (tr("Test"), self.test, 0, 0, 6),
            (tr("Value"), self.value, 2, 0, 2),
            (tr("Result"), self.word, 2, 0, 6),
            (tr("Unit"), self.unit, 2, 2, 2),
            (tr("Lab\u2019s upper limit"), self.limit, 2, 4, 2),
            (tr("Drawn on"), self.drawn, 4, 0, 3),
            (tr("At"), self.time, 4, 3, 3),
            (tr("Laboratory"), self.laboratory, 6, 0, 6),
            (tr("Fasting"), self.fasting, 8, 0, 6),
            (tr("Specimen taken"), self.setting, 8, 0, 6),
        )
        self._named: dict[QWidget, QLabel] = {}
        for text, field, row, column, span in places:
            title = label(text, "caption2")
            title.setContentsMargins(0, 6 if row else 0, 0, 0)
            title.setBuddy(field)
            self._named[field] = title
            grid.addWidget(title, row, column, 1, span)
            grid.addWidget(field, row + 1, column, 1, span)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self._rows.addLayout(grid)

    def _line(self, field: str, name: str) -> QLineEdit:
        line = QLineEdit(self._inside)
        line.setAccessibleName(name)
        line.setMinimumWidth(40)
        line.textEdited.connect(lambda text: self._typed(field, text))
        return line

    def _choice(
        self, field: str, name: str, choices: tuple[tuple[str, str], ...] = ()
    ) -> QComboBox:
        box = QComboBox(self._inside)
        box.setAccessibleName(name)
        box.setPlaceholderText(tr("Choose"))
        box.setMinimumContentsLength(4)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for value, text in choices:
            box.addItem(text, value)
        box.setCurrentIndex(-1)
        box.activated.connect(lambda at: self._typed(field, str(box.itemData(at))))
        return box

    def _verdict(self) -> None:
        self.card = Card(self._inside, kind="info")
        row = QHBoxLayout(self.card)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        self.sign = QLabel()
        lines = QVBoxLayout()
        lines.setSpacing(3)
        self.verdict = Flowing("", "bodyStrong")
        self.because = Flowing("", "caption2")
        self.goes = Flowing("", "caption2")
        for part in (self.verdict, self.because, self.goes):
            lines.addWidget(part)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        self._rows.addWidget(self.card)

    def _before(self) -> None:
        self.before = overline(tr("Before"))
        self._rows.addWidget(self.before)
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        self._earlier: list[tuple[QLabel, QLabel, QLabel]] = []
        for number in range(EARLIER):
            parts = (label("", "body2"), label("", "bodyStrong"), label("", "caption"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(parts[0], number, 0)
            grid.addWidget(parts[1], number, 1, right)
            grid.addWidget(parts[2], number, 2, right)
            self._earlier.append(parts)
        grid.setColumnStretch(0, 1)
        self._rows.addLayout(grid)

    # -- showing

    def show_state(self, state: EntryState, refusal: str, note: str, only: str = "") -> None:
        """Show a form; what is being typed keeps its cursor. ``only`` says why nothing is entered."""
        fresh = self._state is None or self._state.row != state.row
        self._state = state
        self._filling = True
        self.name.setText(state.title)
        self.about.setText(state.about)
        self.title.setText(
            tr("Result to read") if state.corrects is not None else tr("Enter a result")
        )
        if fresh or self.test.count() != len(state.tests):
            self.test.clear()
            for value, text in state.tests:
                self.test.addItem(text, value)
        self.test.setCurrentIndex(self.test.findData(state.test))
        self.unit.clear()
        for unit in state.units:
            self.unit.addItem(unit.replace("[", "").replace("]", ""), unit)
        self.unit.setCurrentIndex(self.unit.findData(state.unit))
        for line, text in (
            (self.value, state.value),
            (self.limit, state.limit),
            (self.drawn, state.drawn),
            (self.time, state.time),
            (self.laboratory, state.laboratory),
        ):
            if line.text() != text:
                line.setText(text)
        for box, chosen in (
            (self.word, state.value),
            (self.fasting, state.fasting),
            (self.setting, state.setting),
        ):
            box.setCurrentIndex(box.findData(chosen))
        number = not state.is_word
        for field, there in (
            (self.value, number),
            (self.word, state.is_word),
            (self.unit, number),
            (self.limit, number),
            (self.fasting, state.needs_fasting),
            (self.setting, state.is_word),
        ):
            field.setVisible(there)
            self._named[field].setVisible(there)
        self._filling = False
        self.bar.show_bands(state.segments, state.needle, state.needle_text)
        self.bar_title.setVisible(bool(state.segments))
        self._show_verdict(state)
        self._show_earlier(state)
        typed = state.touched or state.is_unchanged or bool(only)
        self._show_entering(enters=not only, stored=state.is_unchanged)
        self.problem.setText(note or (refusal if typed else ""))
        self.problem.setVisible(bool(note or (refusal and typed)))
        self.save.show_text(self._verb(state))
        self.save.setEnabled(not refusal)
        self.save.setToolTip(refusal)

    def _verb(self, state: EntryState) -> str:
        """What saving does: whoever treats has read what they enter, others have not."""
        if state.is_unchanged:
            return tr("Mark as read")
        if state.corrects is not None:
            return tr("Save correction and read") if self.reads else tr("Save correction")
        return tr("Save and read") if self.reads else tr("Save result")

    def _show_entering(self, *, enters: bool, stored: bool) -> None:
        """Who only reads sees a stored value, and no empty form."""
        for field, name in self._named.items():
            field.setEnabled(enters)
            if not enters and not stored:
                field.hide()
                name.hide()
        self.title.setVisible(enters or stored)
        self.card.setVisible(enters or stored)
        self.save.setVisible(enters)
        self._never.setVisible(enters)

    def focus_value(self) -> None:
        """Put the cursor where the value is typed."""
        field: QWidget = (
            self.word if self._state is not None and self._state.is_word else self.value
        )
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(field, QLineEdit):
            field.selectAll()

    def show_face(self, image: QImage | None) -> None:
        """The patient's photo beside the name."""
        self.photo.show_photo(image)

    def _show_verdict(self, state: EntryState) -> None:
        self.card.set_kind("quiet" if state.kind == "ok" else state.kind)
        icons.dress(self.sign, ICONS.get(state.kind, "info"), state.kind, 18)
        self.verdict.setText(state.verdict)
        self.verdict.setVisible(bool(state.verdict))
        self.because.setText(state.because)
        self.goes.setText(state.goes)
        self.goes.setVisible(bool(state.goes))
        said = " ".join(part for part in (state.verdict, state.because, state.goes) if part)
        self.card.setAccessibleName(said)

    def _show_earlier(self, state: EntryState) -> None:
        self.before.setVisible(bool(state.earlier))
        for number, parts in enumerate(self._earlier):
            there = number < len(state.earlier)
            for part in parts:
                part.setVisible(there)
            if there:
                one = state.earlier[number]
                for part, text in zip(parts, (one.on, one.value, one.times), strict=True):
                    part.setText(text)

    def _typed(self, field: str, text: str) -> None:
        if not self._filling:
            self.typed.emit(field, text)
