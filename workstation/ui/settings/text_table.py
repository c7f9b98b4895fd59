"""A table of texts that are read whole: rows grow with what the columns leave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workstation.language import Sentence, tr
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import wrap_lines

CELL = 8  # beside the text of a cell, at each side
LEAST, AROUND = 34, 12  # height of a row of one line, and what stands above and below its lines


class Cell(NamedTuple):
    """A text with its colour, an icon before it, and what it says when pointed at."""

    text: str
    role: str = ""
    icon: str = ""
    strong: bool = False
    tip: str = ""


class TextTable(QTableWidget):
    """One row selected at a time, by arrows; ``widths`` fixes columns, ``stretched`` share the rest."""

    def __init__(
        self,
        name: str,
        heads: Sequence[Sentence],
        *,
        stretched: Sequence[int],
        widths: Mapping[int, int],
    ) -> None:
        super().__init__(0, len(heads))
        self._widths, self._wrapped = widths, (*stretched, *widths)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels([tr(head) for head in heads])
        self.verticalHeader().hide()
        self.setProperty("rows", True)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        mode = QHeaderView.ResizeMode
        for at in range(len(heads)):
            head.setSectionResizeMode(
                at,
                mode.Stretch
                if at in stretched
                else mode.Fixed
                if at in widths
                else mode.ResizeToContents,
            )
        # Rows follow the columns once all have their width, not at each of them.
        self._measuring = QTimer(self)
        self._measuring.setSingleShot(True)
        self._measuring.setInterval(0)
        self._measuring.timeout.connect(self._heights)
        head.sectionResized.connect(lambda *_: self._measuring.start())

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show other rows."""
        self.setRowCount(0)
        self.setRowCount(len(rows))
        strong = theme.font("bodyStrong")
        for at, row in enumerate(rows):
            for n, cell in enumerate(row):
                item = QTableWidgetItem(cell.text)
                if cell.strong:
                    item.setFont(strong)
                if cell.icon:
                    item.setIcon(icons.icon(cell.icon, cell.role or "text2", 14))
                if cell.role:
                    item.setForeground(theme.colour(cell.role))
                if cell.tip:
                    item.setToolTip(cell.tip)
                self.setItem(at, n, item)
        for column, width in self._widths.items():
            self.setColumnWidth(column, theme.px(width))
        self._measuring.start()

    def give(self, column: int, width: int) -> None:
        """A width of its own for a column that shares what is left; 0 lets it share again."""
        mode = QHeaderView.ResizeMode
        head = self.horizontalHeader()
        head.setSectionResizeMode(column, mode.Fixed if width else mode.Stretch)
        if width:
            self.setColumnWidth(column, width)

    def _heights(self) -> None:
        self.setUpdatesEnabled(False)
        least = theme.row(LEAST)
        wide = [self.columnWidth(n) - 2 * CELL for n in range(self.columnCount())]
        high = QFontMetrics(theme.font("body")).lineSpacing()
        font, strong = theme.font("body"), theme.font("bodyStrong")
        for at in range(self.rowCount()):
            lines = 1
            for n in self._wrapped:
                item = self.item(at, n)
                if item is not None and not self.isColumnHidden(n):
                    bold = item.font().weight() == strong.weight()
                    shown = wrap_lines(item.text(), strong if bold else font, wide[n])
                    lines = max(lines, len(shown))
            self.setRowHeight(at, max(least, lines * high + AROUND))
        self.setUpdatesEnabled(True)
