"""One-line bands across the queue: who must be called, what is new, what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QWidget

from workstation.ui import form, icons
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Wrapped, label

TITLE_SHARE = 0.4  # of the width; a longer title stands above its words


@form.register
class Band(QWidget):
    """A coloured line with icon, bold words, more words and one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = "info"
        self._run: Callable[[], None] = lambda: None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 5, 12, 5)
        row.setSpacing(8)
        self._icon = QLabel()
        self._title = label("", "bodyStrong")
        self._detail = Wrapped()
        self._button = Button()
        self._button.clicked.connect(self._pressed)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(8)
        self._words.addWidget(self._title)
        self._words.addWidget(self._detail, 1)
        row.addWidget(self._icon)
        row.addLayout(self._words, 1)
        row.addWidget(self._button)
        theme.theme_changed.connect(self._colour)
        self.hide()

    @property
    def text(self) -> str:
        """All it says."""
        return f"{self._title.text()} {self._detail.text()}".strip()

    def say(
        self,
        level: str,
        icon: str,
        title: str,
        detail: str,
        button: tuple[str, str, Callable[[], None]],
    ) -> None:
        """Show it; ``button`` is text, icon and what it does."""
        self._level = level
        icons.dress(self._icon, icon, level, 18)
        self._title.setText(title)
        self._detail.setText(detail)
        text, glyph, self._run = button
        self._button.show_text(text)
        self._button.set_glyph(glyph)
        self._button.set_kind("danger" if level == "danger" else "secondary")
        self.setAccessibleName(self.text)
        self._colour()
        self._arrange()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long title leaves the words below it the whole width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        long = self._title.sizeHint().width() > TITLE_SHARE * self.width()
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._words.setDirection(below if long and self._detail.text() else beside)
        self._words.setSpacing(2 if long else 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill and hairlines."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(f"{self._level}Bg"))
        line = theme.colour(f"{self._level}Bd")
        painter.fillRect(0, 0, self.width(), 1, line)
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        painter.end()

    def _pressed(self) -> None:
        self._run()

    def _colour(self) -> None:
        self._title.setStyleSheet(f"color: {theme.colour(self._level).name()}")
        self._title.setAlignment(Qt.AlignmentFlag.AlignVCenter)
