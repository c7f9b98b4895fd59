"""The card over the photo that takes one value to type."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from workstation.language import tr
from workstation.ui.assess import plates
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, label

WIDE, MARGIN = 560, 12  # logical pixels


class EntryBar(QWidget):
    """Asks for one value: a note, a known length, a diameter. Enter takes it, Esc leaves it.

    It lies over the photo and keeps its distance from the lesion it speaks of.
    """

    opened = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 12, 8)
        row.setSpacing(8)
        self._caption = label("", "bodyStrong", self)
        self.field = QLineEdit(self)
        self.field.setAccessibleName(tr("Value"))
        self._unit = label("", "body2", self)
        self._problem = label("", "error", self)
        self.take = Button(self, text=tr("Done"), key="\u21b5")
        leave = Button(self, text=tr("Cancel"), kind="link")
        widgets: tuple[QWidget | QLabel, ...] = (
            self._caption,
            self.field,
            self._unit,
            self._problem,
            self.take,
            leave,
        )
        for widget in widgets:
            row.addWidget(widget, 1 if widget is self.field else 0)
        self.take.clicked.connect(self._take)
        self.field.returnPressed.connect(self._take)
        leave.clicked.connect(self.close_entry)
        self._accept: Callable[[str], str] | None = None
        self.hide()

    def ask(
        self, caption: str, value: str, accept: Callable[[str], str], *, unit: str = ""
    ) -> None:
        """Open with a value; ``accept`` returns a sentence when it cannot be taken, else ""."""
        self._caption.setText(caption)
        self._unit.setText(unit)
        self._problem.setText("")
        self.field.setText(value)
        self.field.setAccessibleName(caption)
        self.field.selectAll()
        self._accept = accept
        self.show()
        self.raise_()
        self.opened.emit()
        self.field.setFocus()

    def place(self, room: QRect, spoken: QPointF | None) -> None:
        """Take a place in ``room``: at its foot, else at its head, clear of a lesion."""
        self._caption.show()
        needed = self.sizeHint()
        wide = min(max(needed.width() + 160, WIDE), room.width() - 2 * MARGIN)
        size = QSize(wide, needed.height())
        # Where both have no room, the field itself says what is asked for.
        narrow = wide < needed.width()
        self._caption.setVisible(not narrow)
        self.field.setPlaceholderText(self._caption.text() if narrow else "")
        left = room.left() + (room.width() - size.width()) // 2
        foot = QRect(QPoint(left, room.bottom() - size.height() - MARGIN), size)
        head = QRect(QPoint(left, room.top() + MARGIN), size)
        clear = plates.clear_of(QRectF(foot), spoken)
        self.setGeometry(foot if clear else head)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of a card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def close_entry(self) -> None:
        """Close without taking anything."""
        if self.isVisible() or self._accept is not None:
            self._accept = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_entry()
            return
        super().keyPressEvent(event)

    def _take(self) -> None:
        if self._accept is None:
            return
        problem = self._accept(self.field.text())
        self._problem.setText(problem)
        self.opened.emit()
        if not problem:
            self.close_entry()
