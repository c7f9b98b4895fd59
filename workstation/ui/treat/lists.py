"""Lists of the prescription card: they never change under a passing mouse wheel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget


class CalmList(QComboBox):
    """A list of (value, text); ``picked`` carries the value that somebody took."""

    picked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, letters: int = 12) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumContentsLength(letters)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda _: self.picked.emit(str(self.currentData())))
        self._shown: tuple[tuple[str, str], ...] = ()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A passing wheel never changes what is prescribed."""
        event.ignore()

    def show_choices(self, choices: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Show these choices with one of them taken; none when it is not among them."""
        if choices != self._shown:
            self._shown = choices
            self.clear()
            for value, text in choices:
                self.addItem(text, value)
        self.setCurrentIndex(self.findData(chosen))
        self.setToolTip(self.currentText())
