"""Columns of a list: where each lies in a row, and the header that names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui import form, icons
from workstation.ui.theme import theme
from workstation.ui.widgets.lines import fitting

HEADER = 32
GAP = 6  # between a title and the next


@dataclass(frozen=True, slots=True)
class Column:
    """Left end and width in logical pixels."""

    x: float
    width: float

    def area(self, height: float, *, gap: float = 0.0, top: float = 3.0) -> QRectF:
        """Its room in a row ``height`` high; ``gap`` stays free at the right."""
        return QRectF(self.x, top, self.width - gap, height - 2 * top - 1)


# The columns of a list so many pixels wide, in reading order.
Columns = Callable[[float], Mapping[str, Column]]


@form.register
class ListHeader(QWidget):
    """Titles over the columns of a list; an arrow stands beside the first, which sorts it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: Columns = lambda _: {}
        self._titles: Mapping[str, str] = {}
        self._aligned: Mapping[str, Qt.AlignmentFlag] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def show_titles(
        self,
        titles: Mapping[str, str],
        columns: Columns,
        sorted_by: str,
        aligned: Mapping[str, Qt.AlignmentFlag] | None = None,
    ) -> None:
        """Name the columns. ``sorted_by`` says in words how the list is sorted."""
        self._titles, self._columns = titles, columns
        self._aligned = aligned or {}
        self.setAccessibleName(sorted_by)
        self.update()

    def sizeHint(self) -> QSize:
        """One line of titles."""
        return QSize(400, theme.px(HEADER))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the titles over their columns."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface2"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        plain = theme.font("captionStrong", 600)
        painter.setPen(theme.colour("text2"))
        for number, (name, column) in enumerate(self._columns(self.width()).items()):
            area = QRectF(column.x, 0, column.width, self.height() - 1)
            painter.setFont(fitting(self._titles[name], plain, column.width - GAP))
            align = self._aligned.get(name, Qt.AlignmentFlag.AlignLeft)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | align, self._titles[name])
            if number == 0:
                x = column.x + painter.fontMetrics().horizontalAdvance(self._titles[name]) + 6
                icons.paint(painter, "arrow-down", QPointF(x, self.height() / 2 - 7), "text2", 14)
        painter.end()
