"""Wrapped text that changes with every edit and moves nothing while its number of lines stays."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui.theme import theme
from workstation.ui.widgets import wrap_lines


class SteadyText(QWidget):
    """Painted, because a label asks for a new layout of everything around it with each text."""

    def __init__(self, role: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._colour, self._text = role, colour, ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.theme_changed.connect(self.updateGeometry)

    def text(self) -> str:
        """The text."""
        return self._text

    def setText(self, text: str) -> None:  # as a label's
        """Show another text."""
        if text == self._text:
            return
        high = self.heightForWidth(self.width())
        self._text = text
        self.setAccessibleName(text)
        if self.heightForWidth(self.width()) != high:
            self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """As many lines as the text takes."""
        return self._line() * len(self._lines(width))

    def sizeHint(self) -> QSize:
        """By the width at hand."""
        return QSize(260, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        """One line: the height that is needed follows from the width it gets."""
        return QSize(40, self._line())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        painter = QPainter(self)
        painter.setFont(theme.font(self._role))
        painter.setPen(theme.colour(self._colour))
        line = self._line()
        for n, text in enumerate(self._lines(self.width())):
            area = QRectF(0, n * line, self.width(), line)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _line(self) -> int:
        return round(QFontMetricsF(theme.font(self._role)).lineSpacing() + 0.49)

    def _lines(self, width: int) -> tuple[str, ...]:
        return wrap_lines(self._text, theme.font(self._role), width) if self._text else ()
