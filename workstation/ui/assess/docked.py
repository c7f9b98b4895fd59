"""The bar that opens between toolbar and photo for one value to type."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from workstation.ui import form
from workstation.ui.photo.adjust import Docked
from workstation.ui.widgets import Button, label


@form.register
class EntryBar(Docked):
    """Asks for one value: a note, or a known length. Enter takes it, Esc leaves it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 12, 5)
        row.setSpacing(8)
        self._caption = label("", "bodyStrong")
        self.field = QLineEdit()
        self.field.setAccessibleName("Value")
        self._unit = label("", "body2")
        self._problem = label("", "error")
        self.take = Button(text="Done", key="\u21b5")
        leave = Button(text="Cancel", kind="link")
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
        self.field.setFocus()

    def close_entry(self) -> None:
        """Close without taking anything."""
        if self.isVisible() or self._accept is not None:
            self._accept = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
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
        if not problem:
            self.close_entry()
