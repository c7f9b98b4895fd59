"""The Labs table: a model over stored rows, columns, header, and one painted delegate per row."""

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
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workstation.presenters.labs import Row, RowView
from workstation.ui import form, icons
from workstation.ui.theme import theme
from workstation.ui.widgets import paint_chip, paint_row_ground, unbroken
from workstation.ui.widgets.pieces import paint_photo

Index = QModelIndex | QPersistentModelIndex
ROW, HEADER, PHOTO = 47, 32, 30
EDGE, SCROLL_BAR = 16, 12
NARROW = 760
TOP = QModelIndex()
TITLES = (
    ("state", "State"),
    ("patient", "Patient"),
    ("tests", "Test"),
    ("value", "Last value"),
    ("trend", "Trend"),
    ("day", "Due or drawn"),
)
# name: (least, share of the spare width)
WIDTHS = {"state": 116, "patient": 176, "tests": 118, "value": 126, "trend": 66, "day": 116}
SHARES = {"patient": 0.3, "tests": 0.35, "value": 0.2, "trend": 0.05, "day": 0.1}


@dataclass(frozen=True, slots=True)
class Column:
    """Left end and width in logical pixels."""

    x: float
    width: float


def columns(width: float) -> dict[str, Column]:
    """The columns of a table ``width`` wide; a narrow one goes without the trend."""
    room = width - EDGE - SCROLL_BAR
    shown = [name for name, _ in TITLES if name != "trend" or room >= NARROW * theme.text_scale]
    least = {name: float(theme.px(WIDTHS[name])) for name in shown}
    spare = room - sum(least.values())
    placed: dict[str, Column] = {}
    x = float(EDGE)
    for name in shown:
        wide = least[name]
        if spare >= 0:
            wide += spare * SHARES.get(name, 0)
        else:
            wide *= room / sum(least.values())
        placed[name] = Column(x, wide)
        x += wide
    return placed


@form.register
class LabsHeader(QWidget):
    """The titles above the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sorted by state, then date")
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
        placed = columns(self.width())
        for name, title in TITLES:
            column = placed.get(name)
            if column is None:
                continue
            area = QRectF(column.x, 0, column.width, self.height() - 1)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, title)
            if name == "state":
                x = column.x + painter.fontMetrics().horizontalAdvance(title) + 6
                icons.paint(painter, "arrow-down", QPointF(x, self.height() / 2 - 7), "text2", 14)
        painter.end()


class LabsModel(QAbstractListModel):
    """Rows as stored; their words are asked for when they are first shown."""

    def __init__(self, view: Callable[[Row], RowView], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._rows: tuple[Row, ...] = ()

    def rowCount(self, parent: Index = TOP) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row for the delegate; its words for assistive technology."""
        if not 0 <= index.row() < len(self._rows):
            return None
        if role == Qt.ItemDataRole.UserRole:
            return self._view(self._rows[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._view(self._rows[index.row()]).spoken
        return None

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show rows."""
        if rows is self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


class LabsDelegate(QStyledItemDelegate):
    """Draws one row: icon and word, never colour alone."""

    def __init__(self, parent: QWidget, face: Callable[[str], QImage | None]) -> None:
        super().__init__(parent)
        self._face = face

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows have one height."""
        return QSize(400, theme.row(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        view = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(view, RowView):
            return
        rect: Any = option.rect
        state: Any = option.state
        widget = self.parent()
        painter.save()
        painter.translate(rect.topLeft())
        width, height = float(rect.width()), float(rect.height())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        paint_row_ground(painter, width, height, selected=selected, hover=hover)
        table = widget.width() if isinstance(widget, QWidget) else rect.width()
        placed = columns(table)
        area = {n: QRectF(c.x, 3, c.width - 10, height - 7) for n, c in placed.items()}
        words, icon, kind = view.chip
        top = (height - theme.px(22)) / 2
        paint_chip(painter, QPointF(placed["state"].x, top), kind, words, icon)
        self._patient(painter, area["patient"], view)
        self._two(painter, area["tests"], (view.tests, "text", 400), ("", "text3", 400), wrap=True)
        strong = 400 if view.value == "none" else 600
        self._two(painter, area["value"], (view.value, "text", strong), (view.note, "text2", 400))
        if "trend" in area:
            self._trend(painter, area["trend"], view.trend)
        late = 600 if view.day_role == "danger" else 400
        self._two(
            painter, area["day"], (view.day, "text", 400), (view.day_note, view.day_role, late)
        )
        if selected and isinstance(widget, QWidget) and widget.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 2))
        painter.restore()

    def _patient(self, painter: QPainter, rect: QRectF, view: RowView) -> None:
        side = float(PHOTO)
        photo = QRectF(rect.left(), rect.center().y() - side / 2, side, side)
        paint_photo(painter, photo, self._face(view.face) if view.face else None, side / 2)
        words = rect.adjusted(side + 8, 0, 0, 0)
        smallest = _fitting(view.name, theme.font("body", 600), words.width())
        if QFontMetricsF(smallest).horizontalAdvance(view.name) > words.width():
            # Too long for a line even at the smallest size: over as many as it needs, never cut.
            painter.setFont(smallest)
            painter.setPen(theme.colour("text"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWrapAnywhere.value
            painter.drawText(words, flags, view.name)
            return
        self._two(painter, words, (view.name, "text", 600), (view.about, "text3", 400))

    def _two(
        self,
        painter: QPainter,
        rect: QRectF,
        first: tuple[str, str, int],
        second: tuple[str, str, int],
        *,
        wrap: bool = False,
    ) -> None:
        """Two lines, centred together; what does not fit is drawn smaller or wrapped, not cut."""
        strong = theme.font("body", first[2])
        if wrap and QFontMetricsF(strong).horizontalAdvance(first[0]) > rect.width():
            painter.setFont(theme.font("caption", first[2]))
            painter.setPen(theme.colour(first[1]))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap.value
            painter.drawText(rect, flags, first[0])
            return
        fonts = (
            _fitting(first[0], strong, rect.width()),
            _fitting(second[0], theme.font("caption", second[2]), rect.width()),
        )
        heights = [QFontMetricsF(font).height() for font in fonts]
        if not second[0]:
            heights[1] = 0
        y = rect.top() + (rect.height() - sum(heights)) / 2
        for (text, role, _), font, tall in zip((first, second), fonts, heights, strict=True):
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            painter.drawText(QPointF(rect.left(), y + QFontMetricsF(font).ascent()), unbroken(text))
            y += tall

    def _trend(self, painter: QPainter, rect: QRectF, values: tuple[float, ...]) -> None:
        if not values:
            painter.setPen(theme.colour("text3"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "\u2013")
            return
        low, high = min(values), max(values)
        span = (high - low) or 1.0
        inner = rect.adjusted(2, 10, -6, -10)
        step = inner.width() / (len(values) - 1)
        line = QPolygonF(
            [
                QPointF(inner.left() + n * step, inner.bottom() - (v - low) / span * inner.height())
                for n, v in enumerate(values)
            ]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("text2"), 1.6))
        painter.drawPolyline(line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawEllipse(line.last(), 3.2, 3.2)


@form.register
class LabsList(QListView):
    """The table itself; ``focused`` tells that hints change."""

    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No search by typing: letters are commands here."""
        if event.text() and event.text().isprintable():
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell."""
        super().focusInEvent(event)
        self.focused.emit(True)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell."""
        super().focusOutEvent(event)
        self.focused.emit(False)
        self.viewport().update()


def _fitting(text: str, font: QFont, width: float) -> QFont:
    smaller = QFont(font)
    while QFontMetricsF(smaller).horizontalAdvance(text) > width and smaller.pixelSize() > 10:
        smaller.setPixelSize(smaller.pixelSize() - 1)
    return smaller
