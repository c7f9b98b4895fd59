"""The photo's annotations as a list: the same selection, for reading and for assistive technology."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workstation.domain.ids import AnnotationId
from workstation.language import tr
from workstation.presenters.assess_state import Listed
from workstation.ui.assess.counts_view import paint_tile
from workstation.ui.theme import theme
from workstation.ui.widgets import plain_tip

Index = QModelIndex | QPersistentModelIndex
ROW = 31


class AnnotationModel(QAbstractListModel):
    """Rows of ``Listed``."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Listed, ...] = ()

    def show_rows(self, rows: tuple[Listed, ...]) -> None:
        """Show other annotations."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def row_of(self, id_: AnnotationId) -> int:
        """Where an annotation stands; -1 when it does not."""
        return next((i for i, row in enumerate(self.rows) if row.id == id_), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row says."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.text}, {row.zone}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return plain_tip(row.spoken) if role == Qt.ItemDataRole.ToolTipRole else row.spoken
        if role == Qt.ItemDataRole.UserRole:
            return row
        return None


class AnnotationRows(QStyledItemDelegate):
    """Paints one row: glyph on its tile, type, zone, size."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # Qt's
        """One line."""
        return QSize(200, theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw it."""
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, Listed):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(theme.colour("accent" if chosen else "border"), 1))
        painter.setBrush(theme.colour("accentBg" if chosen else "surface"))
        painter.drawRoundedRect(rect, 5, 5)
        side = rect.height() - 8
        paint_tile(
            painter,
            row.type,
            QRectF(
                rect.topLeft() + QPointF(6, 4),
                QPointF(rect.left() + 6 + side, rect.top() + 4 + side),
            ),
        )
        painter.setFont(theme.font("bodyMedium"))
        painter.setPen(theme.colour("text3" if row.reference else "text"))
        text = rect.adjusted(side + 14, 0, -8, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, row.text)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(text, right, row.size)
        zone = tr("{zone} (reference)", zone=row.zone) if row.reference else row.zone
        size = QFontMetricsF(painter.font()).horizontalAdvance(row.size)
        painter.drawText(text.adjusted(0, 0, -max(theme.px(48), size + 12), 0), right, zone)
        painter.restore()
