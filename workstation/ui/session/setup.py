"""First run: six steps that make the records folder, the clinic, the first account and its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.language import Sentence, tr
from workstation.presenters.setup import PASSWORD_LENGTH, PIN_LENGTH, ClinicSetup, problems
from workstation.presenters.wording import Problem
from workstation.ui import icons
from workstation.ui.recovery_paper import print_key
from workstation.ui.session.languages import LanguageChoice
from workstation.ui.session.setup_steps import (
    CHOICES,
    DOES,
    KEY_STEP,
    RULES,
    RULES_STEP,
    SECRET,
    STEPS,
    Step,
)
from workstation.ui.session.step_list import RIGHT, StepList
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    Card,
    PrimaryButton,
    Strip,
    Wrapped,
    label,
    overline,
    rule,
)

FORM, MARGIN = 708, 28  # the widest the form gets, and what is left free beside it


def _named(entry: Sentence) -> str:
    return tr(entry, password=PASSWORD_LENGTH, pin=PIN_LENGTH)


class SetupPage(QWidget):
    """Six steps. ``submitted`` carries a ``ClinicSetup`` in which nothing is wrong; then
    ``show_key`` shows the recovery key, and ``finished`` says that it was written down.
    """

    submitted = Signal(object)
    finished = Signal()
    language_chosen = Signal(str)
    demonstration_wanted = Signal()
    stopped = Signal(dict)  # texts that may be kept: no secret is among them

    def __init__(
        self, folder: Path, kept: Mapping[str, str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._fields: dict[str, QLineEdit | QComboBox] = {}
        self._errors: dict[str, Wrapped] = {}
        self._touched: set[str] = set()
        self._at = 0
        self._made: ClinicSetup | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.steps = StepList()
        row.addWidget(self.steps)
        row.addStretch(1)
        self._form = self._middle()
        self._width()
        theme.theme_changed.connect(self._width)
        row.addWidget(self._form, 100)
        row.addStretch(1)
        row.addWidget(rule(upright=True))
        row.addWidget(self._does())
        self.set_text("folder", str(folder))
        self.set_text("paper", "Letter")
        for name, text in (kept or {}).items():
            if name in self._fields and name not in SECRET:
                self.set_text(name, text)
        self._touched.clear()
        self.go(0)

    def _middle(self) -> QWidget:
        """The form of the step, between the list of steps and what they do."""
        form = QWidget()
        middle = QVBoxLayout(form)
        middle.setContentsMargins(MARGIN, 26, MARGIN, 20)
        middle.setSpacing(8)
        self._count = label("", "captionStrong")
        self._title = label("", "grade")
        self._title.setProperty("role", "title")
        self._words = Wrapped("", "body2")
        self.languages = LanguageChoice()
        self.languages.chosen.connect(self._speak)
        room = self.languages.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # the title stands at one place in every step
        self.languages.setSizePolicy(room)
        head = QHBoxLayout()
        head.addWidget(self._count, 1)
        head.addWidget(self.languages)
        middle.addLayout(head)
        for part in (self._title, self._words):
            middle.addWidget(part)
        self.stack = QStackedWidget()
        self._accept = QCheckBox(tr("I have read this"))
        self._key = Wrapped("", "panel")
        self._kept = QCheckBox(tr("I have written it down or printed it, and keep it apart"))
        for n, step in enumerate(STEPS):
            self.stack.addWidget(self._page(n, step))
        middle.addWidget(self.stack, 1)
        self.strip = Strip()
        middle.addWidget(self.strip)
        middle.addLayout(self._foot())
        return form

    def _width(self) -> None:
        self._form.setMaximumWidth(theme.px(FORM) + 2 * MARGIN)

    def enter(self) -> None:
        """The page is shown."""
        self._focus_first()

    def leave(self) -> None:
        """Secrets do not stay in it."""
        for name in SECRET:
            self.set_text(name, "")
        board = QGuiApplication.clipboard()
        if self._key.text() and board.text() == self._key.text():
            board.clear()  # the key was copied: it does not stay for whoever pastes next
        self._key.setText("")

    @property
    def at(self) -> int:
        """The step shown, from 0."""
        return self._at

    def go(self, at: int) -> None:
        """Show a step."""
        self._at = at
        step = STEPS[at]
        self.steps.show_step(at)
        self.languages.setVisible(at == 0)
        self.demonstration.setVisible(at == 0)
        self.stack.setCurrentIndex(at)
        self._count.setText(tr("Step {at} of {steps}", at=at + 1, steps=len(STEPS)))
        self._title.setText(tr(step.name))
        self._words.setText(tr(step.words))
        self.back.setVisible(0 < at < KEY_STEP)
        last = {RULES_STEP: tr("Set up the clinic"), KEY_STEP: tr("Open the workstation")}
        following = STEPS[at + 1].name if at + 1 < len(STEPS) else ""
        self.button.show_text(last.get(at, tr("Continue to {following}", following=following)))
        self._judge()
        self._focus_first()

    def set_text(self, field: str, text: str) -> None:
        """Fill one field."""
        widget = self._fields[field]
        if isinstance(widget, QComboBox):
            widget.setCurrentIndex(widget.findText(text))
        else:
            widget.setText(text)

    def setup(self) -> ClinicSetup:
        """What is filled in now."""
        texts = {name: self._text(name) for name in self._fields}
        folder = Path(texts.pop("folder"))
        assert set(texts) == {f.name for f in fields(ClinicSetup)} - {"folder"}
        return ClinicSetup(folder=folder, **texts)

    def show_busy(self, busy: bool) -> None:
        """The folder is being made."""
        self.button.set_busy(busy)
        self.stack.setEnabled(not busy)
        self.back.setEnabled(not busy)

    def show_problem(self, message: Problem) -> None:
        """It did not work."""
        self.show_busy(False)
        self.strip.say("danger", message.title, message.detail)

    def show_key(self, code: str) -> None:
        """The clinic is made: its recovery key, once."""
        self.show_busy(False)
        self._key.setText(code)
        self.go(KEY_STEP)

    def reason(self) -> str:
        """Why the step cannot be left, in words; "" when it can."""
        if self._at == RULES_STEP:
            return "" if self._accept.isChecked() else tr("Read this first")
        if self._at == KEY_STEP:
            return "" if self._kept.isChecked() else tr("Keep the key first")
        names = {name: _named(words) for name, words, _ in STEPS[self._at].entries}
        for name, sentence in problems(self.setup()):
            if name in names:
                return f"{names[name].partition(',')[0]}: {sentence}"
        return ""

    # -- inside

    def _page(self, n: int, step: Step) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        card = Card()
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        row = at = 0
        for name, text, span in step.entries:
            if at + span > 6:
                row, at = row + 1, 0
            grid.addWidget(self._entry(name, _named(text)), row, at, 1, span)
            at += span
        for column_ in range(6):
            grid.setColumnStretch(column_, 1)
        if n == RULES_STEP:
            for line, sentence in enumerate(RULES):
                grid.addWidget(Wrapped(tr(sentence), "body"), line, 0, 1, 6)
            grid.addWidget(self._accept, len(RULES), 0, 1, 6, Qt.AlignmentFlag.AlignLeft)
            grid.setVerticalSpacing(10)
            self._accept.toggled.connect(lambda _: self._judge())
        if n == KEY_STEP:
            self._build_key(grid)
        column.addWidget(card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        return scroll

    def _build_key(self, grid: QGridLayout) -> None:
        words = tr(
            "Who has this key can open the records without any password. Write it on paper and keep it apart from this computer. Without it and without a password nobody can open them."
        )
        copy = Button(text=tr("Copy"), icon="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._key.text()))
        paper = Button(text=tr("Print"), icon="printer")
        paper.clicked.connect(lambda _=False: self._print_key())
        ways = QHBoxLayout()
        ways.setSpacing(8)
        ways.addWidget(copy)
        ways.addWidget(paper)
        ways.addStretch(1)
        grid.setVerticalSpacing(12)
        grid.addWidget(Wrapped(words, "body"), 0, 0, 1, 6)
        grid.addWidget(self._key, 1, 0, 1, 6)
        grid.addLayout(ways, 2, 0, 1, 6)
        grid.addWidget(self._kept, 3, 0, 1, 6, Qt.AlignmentFlag.AlignLeft)
        self._key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._key.setAccessibleName(tr("Recovery key"))
        self._kept.toggled.connect(lambda _: self._judge())

    def _print_key(self) -> None:
        said = print_key(self, self._key.text(), paper=self._text("paper"))
        if said:
            self._reason.setText(said)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(12)
        self.back = Button(text=tr("Back", sense="to go"))
        self.back.clicked.connect(lambda: self.go(self._at - 1))
        self._reason = Wrapped("", "body2")
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = PrimaryButton(text=tr("Continue"), key="\u21b5")
        self.button.clicked.connect(self._submit)
        self.demonstration = Button(text=tr("Open the demonstration"), icon="inbox")
        self.demonstration.setToolTip(tr("A clinic of generated people, nobody real"))
        self.demonstration.clicked.connect(lambda _=False: self.demonstration_wanted.emit())
        foot.addWidget(self.back)
        foot.addWidget(self.demonstration)
        foot.addWidget(self._reason, 1)
        foot.addWidget(self.button)
        return foot

    def _does(self) -> QWidget:
        side = QFrame()
        side.setProperty("bar", "true")
        side.setFixedWidth(theme.px(RIGHT))
        column = QVBoxLayout(side)
        column.setContentsMargins(22, 26, 22, 20)
        column.setSpacing(4)
        column.addWidget(overline(tr("What this does")))
        for icon, name, words in DOES:
            row = QHBoxLayout()
            picture = QLabel()
            icons.dress(picture, icon, "text2", 16)
            row.addWidget(picture)
            row.addWidget(Wrapped(tr(name), "bodyStrong"), 1)
            column.addSpacing(6)
            column.addLayout(row)
            column.addWidget(Wrapped(tr(words), "caption2"))
        column.addStretch(1)
        return side

    def _focus_first(self) -> None:
        entries = STEPS[self._at].entries
        target: QWidget = self._accept if self._at == RULES_STEP else self._kept
        if entries:
            empty = [name for name, *_ in entries if not self._text(name)]
            target = self._fields[empty[0] if empty else entries[0][0]]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _entry(self, name: str, text: str) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(3)
        column.addWidget(label(text, "captionStrong"))
        widget: QLineEdit | QComboBox
        if name in CHOICES:
            widget = QComboBox()
            widget.addItems(list(CHOICES[name]))
            widget.setCurrentIndex(-1)
            widget.currentIndexChanged.connect(lambda _: self._edited(name))
        else:
            widget = QLineEdit()
            widget.editingFinished.connect(lambda: self._edited(name))
            widget.textChanged.connect(lambda _: self._judge())
            if name in SECRET:
                widget.setEchoMode(QLineEdit.EchoMode.Password)
                widget.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            if name in ("pin", "pin_again", "npi"):
                digits = PIN_LENGTH if name != "npi" else 10
                pattern = QRegularExpression(rf"\d{{0,{digits}}}")
                widget.setValidator(QRegularExpressionValidator(pattern, widget))
        widget.setAccessibleName(text)
        self._fields[name] = widget
        if name == "folder":
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(widget, 1)
            choose = Button(text=tr("Choose"), icon="folder")
            choose.clicked.connect(self._choose_folder)
            row.addWidget(choose)
            column.addLayout(row)
        else:
            column.addWidget(widget)
        error = Wrapped("", "error")
        error.hide()
        self._errors[name] = error
        column.addWidget(error)
        column.addStretch()
        return box

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from wherever the focus is, as the button's sign says."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Records folder"), self._text("folder"))
        if chosen:
            self.set_text("folder", chosen)
            self._edited("folder")

    def _text(self, name: str) -> str:
        widget = self._fields[name]
        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
        return text if name in SECRET else text.strip()

    def _edited(self, name: str) -> None:
        """A field was left: what is wrong with it is said below it."""
        self._touched.add(name)
        self._judge()
        self.stopped.emit({n: self._text(n) for n in self._fields if n not in SECRET})

    def _speak(self, code: str) -> None:
        """Another language: what was typed is kept first, as when one stops."""
        self.stopped.emit({n: self._text(n) for n in self._fields if n not in SECRET})
        self.language_chosen.emit(code)

    def _judge(self) -> None:
        found = dict(problems(self.setup()))
        for name, line in self._errors.items():
            sentence = found.get(name, "") if name in self._touched else ""
            line.setText(sentence)
            line.setVisible(bool(sentence))
            widget = self._fields[name]
            if widget.property("error") != ("true" if sentence else ""):
                widget.setProperty("error", "true" if sentence else "")
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        why = self.reason()
        self._reason.setText(why)
        self.button.setEnabled(not why)

    def _submit(self) -> None:
        if self.button.busy or self.reason():
            return
        self.strip.clear()
        if self._at == KEY_STEP:
            self.finished.emit()
        elif self._at == RULES_STEP:
            wrong = problems(self.setup())
            if wrong:  # the folder may have been filled meanwhile
                at = next(
                    n for n, s in enumerate(STEPS) if wrong[0][0] in {e[0] for e in s.entries}
                )
                self._touched.add(wrong[0][0])
                self.go(at)
                return
            self.submitted.emit(self.setup())
        else:
            self.go(self._at + 1)
