"""Schemes beside the count rubric: rows that tell a result, and rows the clinician picks one in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QActionGroup, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.schemes import Pick, SchemeRow, SchemesShown
from workstation.ui import icons
from workstation.ui.assess.answer_row import AnswerRow
from workstation.ui.theme import theme
from workstation.ui.widgets import Wrapped, wrap_lines

ARROW = 18  # room for the arrow of a row that can be picked in


class SchemeLine(AnswerRow):
    """One scheme: name and result on the first line, what it rests on below.

    A row with picks opens a menu. A computed row takes no focus and no click.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: SchemeRow | None = None

    def show_row(self, row: SchemeRow) -> None:
        """Show a row."""
        if row == self.row:
            return
        high = self.heightForWidth(self.width())
        self.row = row
        picks = bool(row.picks)
        self.setEnabled(picks)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if picks else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(row.spoken)
        self.setToolTip(row.spoken)
        self._shown(high)

    def heightForWidth(self, width: int) -> int:
        """The first line, and the lines of the detail."""
        lines = len(self._lines(width))
        return max(24, theme.px(24) + theme.px(16) * lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        row = self.row
        if row is None:
            return
        painter = QPainter(self)
        line, right = theme.px(24), self.width()
        if row.picks:
            icons.paint(painter, "chevron-down", QPointF(right - 14, (line - 14) / 2), "text2", 14)
            right -= ARROW
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(0, 0, right, line), Qt.AlignmentFlag.AlignVCenter, row.title)
        painter.setFont(theme.font("bodyStrong"))
        painter.setPen(theme.colour("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, 0, right, line), flags, self._value(right))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        self._draw_below(painter, self._lines(self.width()), 0)
        painter.end()

    def menu(self) -> QMenu:
        """The values to pick from; a scheme with several sites has a menu for each."""
        menu = QMenu(self)
        row = self.row
        if row is None:
            return menu
        if len(row.picks) == 1:
            self._fill(menu, row.picks[0])
        else:
            for pick in row.picks:
                self._fill(menu.addMenu(pick.title), pick)
        return menu

    def _fill(self, menu: QMenu, pick: Pick) -> None:
        group = QActionGroup(menu)
        for value, words, chosen in pick.choices:
            entry = menu.addAction(words)
            entry.setCheckable(True)
            entry.setChecked(chosen)
            group.addAction(entry)
            entry.triggered.connect(partial(self._picked, pick.fact, value))
        menu.addSeparator()
        menu.addAction(tr("Not picked")).triggered.connect(partial(self._picked, pick.fact, None))

    def _picked(self, fact: str, value: int | None, _on: bool = False) -> None:
        self.recorded.emit(fact, value)

    def _pressed(self) -> None:
        if self.row is not None and self.row.picks:
            self._open_menu()

    def _value(self, width: int) -> str:
        """The result, shortened where the room is short; the tooltip has it whole."""
        if self.row is None:
            return ""
        title = QFontMetricsF(theme.font("body")).horizontalAdvance(self.row.title)
        metrics = QFontMetricsF(theme.font("bodyStrong"))
        return metrics.elidedText(self.row.value, Qt.TextElideMode.ElideRight, width - title - 12)

    def _lines(self, width: int) -> list[str]:
        if self.row is None or not self.row.detail:
            return []
        return list(wrap_lines(self.row.detail, theme.font("caption"), width))


class SchemesView(QWidget):
    """All schemes, with the sentence that two of them disagree."""

    recorded = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.disagree = Wrapped("", "caption", self)
        self.disagree.hide()
        self.column.addWidget(self.disagree)
        self.lines: list[SchemeLine] = []

    def show_schemes(self, shown: SchemesShown) -> None:
        """Show the rows of a state."""
        self.disagree.setText(shown.disagree)
        self.disagree.setVisible(bool(shown.disagree))
        while len(self.lines) < len(shown.rows):
            line = SchemeLine()
            line.recorded.connect(self.recorded)
            self.lines.append(line)
            self.column.addWidget(line)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(shown.rows))
            if number < len(shown.rows):
                line.show_row(shown.rows[number])
