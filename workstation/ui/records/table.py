"""The two lists of Records: one model and one painted delegate per tab, columns shared with the header."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from workstation.presenters.records import DocumentRow
from workstation.presenters.records_trail import EntryRow
from workstation.presenters.records_wording import STATE_CHIPS, STATES
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import paint_chip, paint_row_ground, paint_wrapped, unbroken
from workstation.ui.widgets.pieces import paint_photo

Index = QModelIndex | QPersistentModelIndex
Row = DocumentRow | EntryRow
ROW, HEADER, EDGE, PHOTO, BAR = 47, 32, 16, 34, 12
TOP = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: title and width in logical pixels; 0 takes the rest."""

    name: str
    title: str
    width: int


DOCUMENTS = (
    Column("signed", "Signed", 104),
    Column("patient", "Patient", 214),
    Column("documents", "Documents", 0),
    Column("number", "Number", 116),
    Column("state", "State", 104),
    Column("doctor", "Dr", 30),
)
NARROW = tuple(  # the number carries the kinds below it
    Column(c.name, c.title, 0 if c.name == "number" else c.width)
    for c in DOCUMENTS
    if c.name not in ("documents", "doctor")
)
LEAST = 130  # of the kinds beside the number
TRAIL = (
    Column("time", "Time", 100),
    Column("who", "Who", 120),
    Column("act", "Act", 190),
    Column("about", "About", 0),
    Column("chain", "Chain", 92),
)


def fitting(columns: tuple[Column, ...], width: float) -> tuple[Column, ...]:
    """The columns of a list ``width`` wide: documents in fewer ones where they have no room."""
    fixed = sum(theme.px(c.width) for c in columns) + 2 * EDGE + BAR
    return NARROW if columns is DOCUMENTS and width - fixed < theme.px(LEAST) else columns


def placed(columns: tuple[Column, ...], width: float) -> dict[str, QRectF]:
    """Where each column lies in a row ``width`` wide; the scroll bar's room stays free."""
    columns = fitting(columns, width)
    fixed = sum(theme.px(c.width) for c in columns)
    rest = max(90.0, width - fixed - 2 * EDGE - BAR)
    made: dict[str, QRectF] = {}
    x = float(EDGE)
    for column in columns:
        wide = rest if column.width == 0 else theme.px(column.width)
        made[column.name] = QRectF(x, 0, wide - 8, 0)
        x += wide
    return made


class Header(QWidget):
    """The titles above a list."""

    def __init__(self, columns: tuple[Column, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Newest first")
        theme.theme_changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """One line of titles."""
        return QSize(400, theme.px(HEADER))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the titles over their columns."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface2"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        painter.setFont(theme.font("captionStrong", 600))
        painter.setPen(theme.colour("text2"))
        where = placed(self._columns, self.width())
        for number, column in enumerate(fitting(self._columns, self.width())):
            area = QRectF(where[column.name].x(), 0, where[column.name].width(), self.height() - 1)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, column.title)
            if number == 0:
                x = area.x() + painter.fontMetrics().horizontalAdvance(column.title) + 6
                icons.paint(painter, "arrow-down", QPointF(x, self.height() / 2 - 7), "text2", 14)
        painter.end()


class RowsModel(QAbstractListModel):
    """Rows as the presenter words them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def rowCount(self, parent: Index = TOP) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row for the delegate; its words for assistive technology."""
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        return None

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is listed."""
        return self._rows

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """List other rows."""
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()


class RowDelegate(QStyledItemDelegate):
    """Draws one row of either list; nothing is told by colour alone."""

    def __init__(self, parent: QWidget, face: Callable[[DocumentRow], QImage | None]) -> None:
        super().__init__(parent)
        self._face = face

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows have one height."""
        return QSize(400, theme.row(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        row = index.data(Qt.ItemDataRole.UserRole)
        rect: Any = option.rect
        state: Any = option.state
        widget = self.parent()
        painter.save()
        painter.translate(rect.topLeft())
        width, height = float(rect.width()), float(rect.height())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        paint_row_ground(painter, width, height, selected=selected, hover=hover)
        table = float(widget.width()) if isinstance(widget, QWidget) else width
        if isinstance(row, DocumentRow):
            self._document(painter, row, placed(DOCUMENTS, table), height)
        elif isinstance(row, EntryRow):
            self._entry(painter, row, placed(TRAIL, table), height)
        if selected and isinstance(widget, QWidget) and widget.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 2))
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The whole row in words."""
        row = index.data(Qt.ItemDataRole.UserRole)
        if row is None:
            return False
        QToolTip.showText(event.globalPos(), row.spoken, view)
        return True

    def _document(
        self, painter: QPainter, row: DocumentRow, at: dict[str, QRectF], height: float
    ) -> None:
        _two(painter, at["signed"], height, (row.day, "text", 500), (row.time, "text3", 400))
        x = at["patient"].x()
        side = PHOTO
        photo = QRectF(x, (height - side) / 2 - 0.5, side, side)
        paint_photo(painter, photo, self._face(row), side / 2)
        named = at["patient"].adjusted(side + 8, 0, 0, 0)
        _two(painter, named, height, (row.name, "text", 600), (row.about, "text3", 400))
        if "documents" in at:
            kinds = QRectF(at["documents"].x(), 1, at["documents"].width(), height - 3)
            paint_wrapped(painter, kinds, row.documents, theme.font("body"), "text2", 2)
            _one(painter, at["number"], height, row.number, "text", 500)
            _one(painter, at["doctor"], height, row.doctor, "text2", 600)
        else:
            number, kinds_below = (row.number, "text", 500), (row.documents, "text3", 400)
            _two(painter, at["number"], height, number, kinds_below)
        kind, icon = STATE_CHIPS[row.state]
        top = (height - theme.px(22)) / 2
        paint_chip(painter, QPointF(at["state"].x(), top), kind, STATES[row.state], icon)

    def _entry(
        self, painter: QPainter, row: EntryRow, at: dict[str, QRectF], height: float
    ) -> None:
        _two(painter, at["time"], height, (row.time, "text", 500), (row.day, "text3", 400))
        _one(painter, at["who"], height, row.who, "text", 400)
        x = at["act"].x()
        icons.paint(painter, row.icon, QPointF(x, height / 2 - 8.5), "info", 16)
        _one(painter, at["act"].adjusted(24, 0, 0, 0), height, row.act, "text", 600)
        _one(painter, at["about"], height, row.about, "text2", 400)
        _one(painter, at["chain"], height, row.chain, "text3", 400)


def _fitting(text: str, font: QFont, width: float) -> QFont:
    smaller = QFont(font)
    while QFontMetricsF(smaller).horizontalAdvance(text) > width and smaller.pixelSize() > 11:
        smaller.setPixelSize(smaller.pixelSize() - 1)
    return smaller


def _one(painter: QPainter, area: QRectF, height: float, text: str, role: str, weight: int) -> None:
    """One line; free text too long for it is cut, the tooltip has it whole."""
    font = _fitting(text, theme.font("body", weight), area.width())
    painter.setFont(font)
    painter.setPen(theme.colour(role))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    box = QRectF(area.x(), 0, area.width(), height - 1)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine.value, shown)


def _two(
    painter: QPainter,
    area: QRectF,
    height: float,
    first: tuple[str, str, int],
    second: tuple[str, str, int],
) -> None:
    """Two lines, centred together; a long one is drawn smaller, never cut."""
    fonts = (
        _fitting(first[0], theme.font("body", first[2]), area.width()),
        _fitting(second[0], theme.font("caption", second[2]), area.width()),
    )
    tall = [QFontMetricsF(f).height() for f in fonts]
    y = (height - 1 - sum(tall)) / 2
    for (text, role, _), font, high in zip((first, second), fonts, tall, strict=True):
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        painter.drawText(QPointF(area.x(), y + QFontMetricsF(font).ascent()), unbroken(text))
        y += high
