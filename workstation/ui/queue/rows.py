"""The list of consultations: a model over worded rows and one painted delegate per row."""

from __future__ import annotations

from collections.abc import Callable
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
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QHelpEvent, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from workstation.domain.triage import TriageLevel
from workstation.presenters import wording
from workstation.presenters.queue_rows import RowView
from workstation.ui import form, icons
from workstation.ui.queue.columns import ROW, Column, columns
from workstation.ui.theme import theme
from workstation.ui.widgets import paint_chip, paint_wrapped, unbroken, wrap_lines
from workstation.ui.widgets.pieces import paint_photo

Index = QModelIndex | QPersistentModelIndex
PHOTO = 34
TOP = QModelIndex()
LEVEL_CHIPS = {
    TriageLevel.EMERGENT: "emergent",
    TriageLevel.URGENT: "urgent",
    TriageLevel.PRIORITY: "warn",
    TriageLevel.ROUTINE: "routine",
}
BARS = {TriageLevel.EMERGENT: "danger"}


class QueueModel(QAbstractListModel):
    """Rows as the presenter words them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RowView, ...] = ()

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

    def row(self, index: int) -> RowView | None:
        """The row at a position."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def position(self, id: str) -> int:
        """Where a consultation stands, -1 when it is not listed."""
        return next((n for n, row in enumerate(self._rows) if row.id == id), -1)

    def show_rows(self, rows: tuple[RowView, ...]) -> None:
        """Show rows; the same consultations in the same order are updated in place."""
        if tuple(r.id for r in rows) == tuple(r.id for r in self._rows):
            if rows != self._rows:
                self._rows = rows
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


class RowDelegate(QStyledItemDelegate):
    """Draws one row: icon and word, never colour alone; names are never cut."""

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
        self._ground(painter, QRectF(0, 0, width, height), view, selected, hover)
        table = widget.width() if isinstance(widget, QWidget) else rect.width()
        placed = columns(table)
        area = {n: QRectF(c.x, 3, c.width, height - 7) for n, c in placed.items()}
        chip_top = (height - theme.px(22)) / 2
        paint_chip(
            painter,
            QPointF(placed["triage"].x, chip_top),
            LEVEL_CHIPS[view.level],
            wording.TRIAGE[view.level],
        )
        late = view.level is TriageLevel.EMERGENT or bool(view.late)
        red = late and view.level >= TriageLevel.URGENT
        self._two(
            painter,
            area["waiting"],
            (view.waiting, "text", 600 if late or red else 400),
            (
                view.left,
                "danger" if red else "warn" if view.late else "text3",
                600 if view.late or red else 400,
            ),
        )
        self._patient(painter, placed["patient"], height, view)
        self._two(painter, area["request"], (view.request, "text", 400), (view.stage, "text3", 400))
        self._stands_out(painter, placed["stands_out"], height, view)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("warn" if view.photos_missing else "text"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area["photos"], right, view.photos)
        self._two(
            painter,
            area["severity"],
            (view.row.severity, "text", 500),
            (view.row.severity_source, "text3", 400),
        )
        self._doctor(painter, area["doctor"], view)
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
        """The whole sentence of what stands out, and the names of missing photos."""
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, RowView):
            return False
        said = [row.row.stands_out]
        if row.row.views_missing:
            said.append("Photos not supplied: " + ", ".join(row.row.views_missing))
        QToolTip.showText(event.globalPos(), "\n".join(said), view)
        return True

    def _ground(
        self, painter: QPainter, rect: QRectF, view: RowView, selected: bool, hover: bool
    ) -> None:
        fill = "surface"
        if selected:
            fill = "accentBg"
        elif view.level is TriageLevel.EMERGENT:
            fill = "dangerBg"
        elif hover:
            fill = "surface2"
        painter.fillRect(rect, theme.colour(fill))
        painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), theme.colour("border"))
        bar = "accent" if selected else BARS.get(view.level)
        if bar:
            painter.fillRect(QRectF(0, 0, 3, rect.height() - 1), theme.colour(bar))

    def _two(
        self,
        painter: QPainter,
        rect: QRectF,
        first: tuple[str, str, int],
        second: tuple[str, str, int],
    ) -> None:
        """Two lines, centred together; the one that does not fit is drawn smaller, not cut."""
        fonts = (
            _fitting(first[0], theme.font("body", first[2]), rect.width()),
            _fitting(second[0], theme.font("caption", second[2]), rect.width()),
        )
        heights = [QFontMetricsF(f).height() for f in fonts]
        if not second[0]:
            heights[1] = 0
        y = rect.top() + (rect.height() - sum(heights)) / 2
        for (text, role, _), font, tall in zip((first, second), fonts, heights, strict=True):
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            painter.drawText(QPointF(rect.left(), y + QFontMetricsF(font).ascent()), text)
            y += tall

    def _patient(self, painter: QPainter, column: Column, height: float, view: RowView) -> None:
        side = PHOTO
        photo = QRectF(column.x, (height - side) / 2 - 0.5, side, side)
        paint_photo(painter, photo, self._face(view.id), side / 2)
        x = column.x + side + 8
        rect = QRectF(x, 3, column.width - side - 12, height - 7)
        name, about = unbroken(view.name), view.about
        if QFontMetricsF(theme.font("bodyStrong")).horizontalAdvance(name) > rect.width():
            # A long name takes both lines: the family name alone, then the rest.
            name = unbroken(f"{view.row.family.upper()},")
            about = unbroken(f"{view.row.given} \u00b7 {about}")
            smallest = _fitting(name, theme.font("bodyStrong"), rect.width())
            if QFontMetricsF(smallest).horizontalAdvance(name) > rect.width():
                self._three(painter, rect, name, about)
                return
        self._two(painter, rect, (name, "text", 600), (about, "text3", 400))

    def _three(self, painter: QPainter, rect: QRectF, name: str, about: str) -> None:
        """A family name too long for a line even at the smallest size goes over two."""
        strong, plain = theme.font_px(11, 600), theme.font_px(11, 400)
        metrics = QFontMetricsF(strong)
        cut = len(name)
        while cut > 1 and metrics.horizontalAdvance(name[:cut]) > rect.width():
            cut -= 1
        lines = (
            (name[:cut], strong, "text"),
            (name[cut:], strong, "text"),
            (about, plain, "text3"),
        )
        step = metrics.height()
        y = rect.center().y() - step * 1.5 + metrics.ascent()
        for text, font, role in lines:
            painter.setFont(_fitting(text, font, rect.width()))
            painter.setPen(theme.colour(role))
            painter.drawText(QPointF(rect.left(), y), text)
            y += step

    def _stands_out(self, painter: QPainter, column: Column, height: float, view: RowView) -> None:
        top = height / 2 - 8.5
        icons.paint(painter, view.stands_out_icon, QPointF(column.x, top), view.stands_out_role, 16)
        rect = QRectF(column.x + 23, 1, column.width - 23, height - 3)
        strong = view.row.stands_out_level == "stop"
        roles = {"stop": "text", "warn": "text"}
        role = roles.get(view.row.stands_out_level, "text2")
        for size, lines in ((13, 2), (12, 2), (11, 3)):
            font = theme.font_px(size, 600 if strong else 400)
            fits = QFontMetricsF(font).height() * lines <= rect.height() + 1

            if fits and len(wrap_lines(view.row.stands_out, font, rect.width())) <= lines:
                break
        paint_wrapped(painter, rect, view.row.stands_out, font, role, lines)

    def _doctor(self, painter: QPainter, rect: QRectF, view: RowView) -> None:
        text = view.row.claimed_initials
        if not text:
            return
        side = theme.px(24)
        box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2 + 0.5, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accentBg" if view.mine else "sunken"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("accent" if view.mine else "text2"))
        painter.setFont(theme.font("overline"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


@form.register
class QueueList(QListView):
    """The list itself; ``focused`` tells when nothing may move under the keys."""

    focused = Signal(bool)
    peeked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space peeks while held; no search by typing: letters are commands here."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.peeked.emit(True)
            return
        if event.text() and event.text().isprintable():
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space ends the peek."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.peeked.emit(False)
            return
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Rows stand still from now on."""
        super().focusInEvent(event)
        self.focused.emit(True)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Rows may be put in order again, unless only a menu opened."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focused.emit(False)
        self.viewport().update()


def _fitting(text: str, font: QFont, width: float) -> QFont:
    smaller = QFont(font)
    while QFontMetricsF(smaller).horizontalAdvance(text) > width and smaller.pixelSize() > 11:
        smaller.setPixelSize(smaller.pixelSize() - 1)
    return smaller
