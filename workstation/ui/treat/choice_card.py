"""One way out of several, as a card with a ring that fills when it is taken."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.widgets import label, unbroken


class _Ring(QWidget):
    """A ring; filled in the middle when taken."""

    def __init__(self, chosen: bool) -> None:
        super().__init__()
        self._chosen = chosen
        self.setFixedSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent" if self._chosen else "border2"), 1.6))
        painter.drawEllipse(QRectF(1.5, 1.5, 15, 15))
        if self._chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(QRectF(5, 5, 8, 8))
        painter.end()


class ChoiceCard(QFrame):
    """One way out of several; Space or a click takes it."""

    taken = Signal()

    def __init__(
        self,
        title: str,
        detail: str,
        right: str,
        *,
        chosen: bool,
        role: str = "caption",
        parent: QWidget | None = None,
    ) -> None:
        """``role`` is how the detail is written: ``caption``, ``warn`` or ``error``."""
        super().__init__(parent)
        self.setProperty("choice", "chosen" if chosen else "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{title}, {detail}")
        self.setAccessibleDescription(tr("chosen") if chosen else "")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(10)
        row.addWidget(_Ring(chosen))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Flowing(unbroken(title), "bodyStrong"))
        column.addWidget(Flowing(unbroken(detail), role))
        row.addLayout(column, 1)
        row.addWidget(label(right, "caption"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes it."""
        self.taken.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space or Enter takes it."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)
