"""The monitoring plan as a plain table: the same points, and where their days are typed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from workstation.language import noted, tr
from workstation.presenters import typed, wording
from workstation.presenters.plan import RowState
from workstation.ui.theme import theme

HEADINGS = (noted("What"), noted("Day"), noted("Allowed"), noted("State"), noted("Why"))
DAY, ALLOWED, STATE = 1, 2, 3
MARGINS = 20  # of a cell, both sides
WIDEST = "00-Www-0000"  # no day is wider
FRAME = 26  # of the line it is typed in: border, margins, the cursor
PLAIN = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled


class PlanTable(QTableWidget):
    """Enter, F2 or typing on a day opens it; ``typed_day`` carries (key, text as typed).

    An empty day gives the point back to the rules.
    """

    typed_day = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADINGS), parent)
        self._rows: tuple[RowState, ...] = ()
        self.setHorizontalHeaderLabels([tr(heading) for heading in HEADINGS])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setItemDelegate(_WholeDelegate(self))
        self.setItemDelegateForColumn(DAY, _DayDelegate(self))
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for words in (0, ALLOWED, len(HEADINGS) - 1):
            header.setSectionResizeMode(words, QHeaderView.ResizeMode.Stretch)
        # A rule is read whole: rows grow with what the columns leave it.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        again = QTimer(self)
        again.setSingleShot(True)
        again.timeout.connect(self.resizeRowsToContents)
        header.sectionResized.connect(lambda *_: again.start())
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(tr("Monitoring plan, table. Enter on a day changes it"))
        self.setMinimumHeight(220)
        theme.theme_changed.connect(self._dress)

    def show_rows(self, rows: tuple[RowState, ...]) -> None:
        """Show the points; the current row stays with its point."""
        if rows == self._rows:
            return
        here = self._rows[self.currentRow()].key if 0 <= self.currentRow() < len(self._rows) else ""
        self._rows = rows
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            shown = (row.what, wording.day(row.on), row.when, row.state, row.why)
            for column, text in enumerate(shown):
                item = QTableWidgetItem(text)
                can = column == DAY and row.allowed is not None
                item.setFlags(PLAIN | Qt.ItemFlag.ItemIsEditable if can else PLAIN)
                if column == DAY:
                    item.setToolTip(row.rule)
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}. {row.rule}")
                self.setItem(number, column, item)
            if row.key == here:
                self.setCurrentCell(number, max(self.currentColumn(), DAY))
        if self.currentRow() < 0 and rows:
            first = next((n for n, row in enumerate(rows) if row.allowed is not None), 0)
            self.setCurrentCell(first, DAY)
        self._dress()

    def key_at(self, row: int) -> str:
        """The point's key of a row."""
        return self._rows[row].key

    def _dress(self) -> None:
        for number, row in enumerate(self._rows):
            item = self.item(number, DAY)
            if item is not None:
                item.setForeground(theme.colour("accent" if row.allowed is not None else "text3"))
                item.setFont(theme.font("body", 600 if row.chosen else 400))


class _WholeDelegate(QStyledItemDelegate):
    """Words over as many lines as their column asks for: Qt forgets the margins of the style."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As Qt says, and tall enough for every line."""
        hint = super().sizeHint(option, index)
        table = self.parent()
        if isinstance(table, QTableWidget) and index.column() != STATE:
            words = QRect(0, 0, table.columnWidth(index.column()) - MARGINS, 4096)
            flags = Qt.TextFlag.TextWordWrap.value
            tall = table.fontMetrics().boundingRect(words, flags, str(index.data() or "")).height()
            hint.setHeight(max(hint.height(), tall + 4))
        return hint


class _DayDelegate(QStyledItemDelegate):
    """A line to type a day in; what is not a day stays open with the help beside it."""

    def __init__(self, table: PlanTable) -> None:
        super().__init__(table)
        self._table = table

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """The line."""
        line = QLineEdit(parent)
        line.setAccessibleName(tr("Day"))
        line.setToolTip(tr(typed.DAY_HELP))
        return line

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Over the cell, and wide enough for the whole day with the frame of a field."""
        super().updateEditorGeometry(editor, option, index)
        place = editor.geometry()
        whole = editor.fontMetrics().horizontalAdvance(WIDEST) + FRAME
        place.setWidth(max(place.width(), whole))
        editor.setGeometry(place)

    def setModelData(
        self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Hand the text on; the table shows what became of it when the plan comes back."""
        if isinstance(editor, QLineEdit) and editor.isModified():
            self._table.typed_day.emit(self._table.key_at(index.row()), editor.text())
