"""First run: one page that makes the records folder, the clinic and the first account."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.presenters.setup import (
    PASSWORD_LENGTH,
    PIN_LENGTH,
    STATES,
    TIME_ZONES,
    ClinicSetup,
    problems,
)
from workstation.presenters.wording import Message
from workstation.ui.widgets import (
    Button,
    Card,
    Emblem,
    PrimaryButton,
    Strip,
    Wrapped,
    label,
    overline,
    rule,
)

# (section, rows of (field, label, columns it takes))
SECTIONS: tuple[tuple[str, tuple[tuple[str, str, int], ...]], ...] = (
    ("Records folder", (("folder", "Empty folder on this computer", 6),)),
    (
        "Clinic",
        (
            ("clinic", "Name on the letterhead", 3),
            ("phone", "Phone", 3),
            ("address_line", "Street and number", 3),
            ("city", "City", 3),
            ("state", "State", 2),
            ("postal_code", "ZIP code", 2),
            ("time_zone", "Time zone", 2),
        ),
    ),
    (
        "You",
        (
            ("name", "Name as printed", 4),
            ("credentials", "Credentials", 2),
            ("licence_state", "Licence state", 2),
            ("licence_number", "Licence number", 2),
            ("npi", "NPI", 2),
        ),
    ),
    (
        "Account",
        (
            ("login", "User name", 6),
            ("password", f"Password, at least {PASSWORD_LENGTH} characters", 3),
            ("password_again", "Password again", 3),
            ("pin", f"PIN for signing, {PIN_LENGTH} digits", 3),
            ("pin_again", "PIN again", 3),
        ),
    ),
)
SECRET = frozenset({"password", "password_again", "pin", "pin_again"})
CHOICES = {"state": STATES, "licence_state": STATES, "time_zone": TIME_ZONES}
EXPLAINED = (
    "The records folder is encrypted with your password. Nobody, the makers of this program "
    "included, can open it without. Keep a copy of the password in a safe place."
)


class SetupPage(QWidget):
    """``submitted`` carries a ``ClinicSetup`` in which nothing is wrong."""

    submitted = Signal(object)
    sign_in_wanted = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._fields: dict[str, QLineEdit | QComboBox] = {}
        self._errors: dict[str, Wrapped] = {}
        self._tried = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 24, 0, 16)
        middle = QHBoxLayout()
        middle.addStretch()
        card = Card()
        card.setFixedWidth(708)
        middle.addWidget(card)
        middle.addStretch()
        outer.addLayout(middle, 1)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 22, 28, 20)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(Emblem(size=32))
        head.addWidget(label("Set up this clinic", "title"), 1)
        column.addLayout(head)
        column.addWidget(Wrapped(EXPLAINED, "body2"))
        column.addWidget(rule())
        self._grid_holder = QWidget()
        self._build()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._grid_holder)
        column.addWidget(scroll, 1)
        self.strip = Strip()
        column.addWidget(self.strip)
        foot = QHBoxLayout()
        self._reason = label("", "body3")
        self.button = PrimaryButton(text="Set up and sign in", key="\u21b5")
        self.button.clicked.connect(self._submit)
        foot.addWidget(self._reason, 1)
        foot.addWidget(self.button)
        column.addLayout(foot)
        self.set_text("folder", str(folder))

    def enter(self) -> None:
        """The page is shown."""
        self._fields["clinic"].setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Secrets do not stay in it."""
        for name in SECRET:
            self.set_text(name, "")

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
        self._grid_holder.setEnabled(not busy)

    def show_problem(self, message: Message) -> None:
        """It did not work."""
        self.show_busy(False)
        self.strip.say("danger", message.title, message.detail)

    def show_errors(self) -> int:
        """Write under each field what is missing; the number of such fields."""
        found = dict(problems(self.setup()))
        for name, line in self._errors.items():
            sentence = found.get(name, "")
            line.setText(sentence)
            line.setVisible(bool(sentence))
            widget = self._fields[name]
            widget.setProperty("error", "true" if sentence else "")
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        entries = "entry" if len(found) == 1 else "entries"
        self._reason.setText(f"{len(found)} {entries} to complete" if found else "")
        return len(found)

    def _build(self) -> None:
        grid = QGridLayout(self._grid_holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        row = 0
        for title, entries in SECTIONS:
            heading = overline(title)
            heading.setContentsMargins(0, 8, 0, 2)
            grid.addWidget(heading, row, 0, 1, 6)
            row += 1
            at = 0
            for name, text, span in entries:
                if at + span > 6:
                    row, at = row + 1, 0
                grid.addWidget(self._entry(name, text), row, at, 1, span)
                at += span
            row += 1
        for n in range(6):
            grid.setColumnStretch(n, 1)

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
            widget.currentIndexChanged.connect(lambda _: self._edited())
        else:
            widget = QLineEdit()
            widget.editingFinished.connect(self._edited)
            widget.returnPressed.connect(self._submit)
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
            choose = Button(text="Choose", icon="folder")
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

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Records folder", self._text("folder"))
        if chosen:
            self.set_text("folder", chosen)
            self._edited()

    def _text(self, name: str) -> str:
        widget = self._fields[name]
        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
        return text if name in SECRET else text.strip()

    def _edited(self) -> None:
        if self._tried:
            self.show_errors()

    def _submit(self) -> None:
        if self.button.busy:
            return
        self._tried = True
        self.strip.clear()
        if self.show_errors():
            first = next(iter(dict(problems(self.setup()))))
            self._fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.submitted.emit(self.setup())
