"""Correcting what was signed: the dialog says on its button what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.ui.flowing import Flowing
from workstation.ui.widgets import Button, FocusRing, label

OTHER = "other"
PIN_LENGTH = 6


class CorrectDialog(QDialog):
    """A coded reason, words where it is none of them, and the PIN where something is signed."""

    def __init__(
        self,
        parent: QWidget,
        *,
        title: str,
        text: str,
        reasons: Mapping[str, str],
        do: str,
        keep: str,
        with_pin: bool,
        run: Callable[[str, str, str, Callable[[str], None]], None],
    ) -> None:
        super().__init__(parent)
        self._ring = FocusRing(self)
        self._run = run
        self.setWindowTitle(do)
        self.setMinimumWidth(440)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(Flowing(title, "panel"))
        rows.addWidget(Flowing(text, "body2"))
        rows.addWidget(label(tr("Reason"), "caption"))
        self.reason = QComboBox()
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.addItem(tr("Choose a reason"), "")
        for code, words in reasons.items():
            self.reason.addItem(words, code)
        rows.addWidget(self.reason)
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("In words, stays in the clinic"))
        self.words.setAccessibleName(tr("Reason in words"))
        rows.addWidget(self.words)
        self.pin = QLineEdit()
        self.pin.setAccessibleName("PIN")
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(PIN_LENGTH)
        self.pin.setPlaceholderText(tr("PIN, 6 digits"))
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.pin.setVisible(with_pin)
        rows.addWidget(self.pin)
        self.note = Flowing("", "error")
        rows.addWidget(self.note)
        foot = QHBoxLayout()
        foot.addStretch()
        self.keep = Button(text=keep)
        self.keep.clicked.connect(self.reject)
        self.do = Button(text=do, kind="danger" if with_pin else "primary")
        # Enter in a field goes on, and says what is missing: it never throws away what was typed.
        self.do.setDefault(True)
        self.do.clicked.connect(self._go)
        foot.addWidget(self.keep)
        foot.addWidget(self.do)
        rows.addLayout(foot)
        self._with_pin = with_pin
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        code = str(self.reason.currentData() or "")
        if not code:
            self._say(tr("Choose a reason."))
            self.reason.setFocus()
        elif code == OTHER and len(self.words.text().strip()) < 10:
            self._say(tr("Say in at least 10 characters why."))
            self.words.setFocus()
        elif self._with_pin and len(self.pin.text()) != PIN_LENGTH:
            self._say(tr("Type all 6 digits of the PIN."))
            self.pin.setFocus()
        else:
            self.do.setEnabled(False)
            self._run(code, self.words.text().strip(), self.pin.text(), self._done)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its lines need at this width, whatever the screen's scale."""
        super().showEvent(event)
        self._grow()

    def _say(self, words: str) -> None:
        """Say what is missing; the dialog grows for it, so that no line above is cut."""
        self.note.setText(words)
        self._grow()

    def _grow(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _done(self, refused: str) -> None:
        self.pin.clear()
        if refused:
            self.do.setEnabled(True)
            self._say(refused)
            return
        self.accept()
