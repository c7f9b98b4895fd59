"""The strip over the photo that offers recovered work: keep it, or see what it was."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.assess_state import Recovered
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Wrapped


class RecoveryStrip(QWidget):
    """Shows ``Recovered``; its signals carry the answer."""

    kept = Signal()
    compare = Signal()
    undo = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Recovered work"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 12, 6)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(1)
        self._text = Wrapped("", "bodyStrong", self)
        self._compared = Wrapped("", "caption", self)
        words.addWidget(self._text)
        words.addWidget(self._compared)
        row.addLayout(words, 1)
        self.before = Button(self, text=tr("Go back to before"), kind="link")
        self.comparing = Button(self, text=tr("Compare with before"), kind="link")
        self.keep = Button(self, text=tr("Keep"))
        for button, signal in (
            (self.before, self.undo),
            (self.comparing, self.compare),
            (self.keep, self.kept),
        ):
            button.clicked.connect(lambda _=False, s=signal: s.emit())
            row.addWidget(button)
        self.hide()

    def show_recovered(self, recovered: Recovered | None) -> None:
        """Show what was recovered, or nothing."""
        if recovered is not None:
            self._text.setText(recovered.text)
            self._compared.setText(recovered.compared)
            self._compared.setVisible(bool(recovered.compared))
            self.before.setVisible(bool(recovered.compared))
            self.comparing.setVisible(not recovered.compared)
        self.setVisible(recovered is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of a notice that informs."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("infoBg"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
