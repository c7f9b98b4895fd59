"""A row of the severity panel that records an answer: a first line, and lines below it where it is long."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from workstation.ui.theme import theme
from workstation.ui.widgets.enter import PaintedButton


class AnswerRow(PaintedButton):
    """``recorded`` carries the fact's name and its value (None: taken back)."""

    recorded = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._pressed)
        theme.theme_changed.connect(self.updateGeometry)

    def hasHeightForWidth(self) -> bool:
        """A long detail goes on more lines."""
        return True

    def sizeHint(self) -> QSize:
        """By the width at hand."""
        return QSize(260, self.heightForWidth(max(self.width(), 240)))

    def resizeEvent(self, event: object) -> None:
        """The number of lines may change."""
        self.updateGeometry()

    @abstractmethod
    def menu(self) -> QMenu:
        """The values to pick from."""

    @abstractmethod
    def _pressed(self) -> None:
        """It was clicked."""

    def _open_menu(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def _shown(self, high: int) -> None:
        """Other words are shown; ``high`` is the height before. A layout is asked for only then."""
        if self.heightForWidth(self.width()) != high:
            self.updateGeometry()
        self.update()

    def _draw_below(self, painter: QPainter, lines: Sequence[str], left: float) -> None:
        y = theme.px(22)
        for text in lines:
            area = QRectF(left, y, self.width() - left, theme.px(16))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
            y += theme.px(16)
