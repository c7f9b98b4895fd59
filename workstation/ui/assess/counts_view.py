"""The table of counts by photo or by zone, painted; a change paints the rows that it changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.domain.lesions import LesionType, ZoneId
from workstation.language import tr
from workstation.presenters.counts import CountsRow, CountsTable
from workstation.ui.photo import glyphs
from workstation.ui.theme import theme

NAME_WIDTH, SMALLEST_COLUMN = 118, 20
NUMBER = 40  # logical pixels within which a number stands
HEAD_GAP, SUM_GAP = 4.0, 6.0  # before a column, and before the sum besides
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CountsView(QWidget):
    """Counts by photo or by zone, one table over the same cells.

    ``chosen`` carries a photo's id and a lesion type (None: the whole photo), ``zone_chosen`` a
    zone and a lesion type. Space or a click on the corner turns from photos to zones and back.
    """

    chosen = Signal(str, object)
    zone_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: CountsTable | None = None
        self._columns: tuple[int, ...] = ()
        self._measured: tuple[float, ...] = ()
        self._measured_key: tuple[object, ...] = ()
        self.by_zone = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind is painted
        theme.theme_changed.connect(self.updateGeometry)

    def show_table(self, table: CountsTable) -> None:
        """Show the counts."""
        if table == self.table:
            return
        before, head, columns = self.table, self._head(), self._columns
        self.table = table
        self._choose_columns()
        self.setAccessibleName(tr("Counts by zone") if self.by_zone else tr("Counts by photo"))
        self.setAccessibleDescription(
            "; ".join(f"{row.name} {row.total}" for row in table.rows if row.total)
            + tr("; counted in all {total}", total=table.total)
        )
        if before is None or len(before.rows) != len(table.rows) or head != self._head():
            self.updateGeometry()
            self.update()
        elif columns != self._columns or self._names(before) != self._names(table):
            self.update()
        else:
            self._update_rows(before, table)

    def _update_rows(self, before: CountsTable, after: CountsTable) -> None:
        """Draw anew the rows that count otherwise: one lesion more is one row and the sums."""
        line, top = self._line(), self._head()
        left = self._numbers_from()
        for n, (old, new) in enumerate(zip(before.rows, after.rows, strict=True)):
            if old is not new and old != new:
                self.update(left, top + n * line, self.width() - left, line)
        self.update(left, top + len(after.rows) * line + 4, self.width() - left, line + 4)

    def _numbers_from(self) -> int:
        """Where the numbers begin, in whole pixels."""
        return max(0, int(self._edges()[0] - NUMBER))

    def turn(self) -> None:
        """Show zones instead of photos, or photos again."""
        table, self.table = self.table, None
        self.by_zone = not self.by_zone
        if table is not None:
            self.show_table(table)
        self.updateGeometry()

    def _choose_columns(self) -> None:
        table = self.table
        if table is None:
            return
        # Photos without any annotation that counts take no column: the sums stay the same.
        names = self._names(table)
        used = [i for i in range(len(names)) if any(self._cells(r)[i] for r in table.rows)]
        self._columns = tuple(used or range(min(3, len(names))))

    def _names(self, table: CountsTable) -> tuple[str, ...]:
        return table.zone_columns if self.by_zone else table.columns

    def _cells(self, row: CountsRow) -> tuple[int, ...]:
        return row.by_zone if self.by_zone else row.cells

    def sizeHint(self) -> QSize:
        """A line for each type, the heading and the sum."""
        rows = len(self.table.rows) if self.table else 8
        return QSize(260, self._line() * (rows + 1) + self._head() + 5)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The heading takes a second line where the names would touch."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is asked for."""
        table = self.table
        if table is None:
            return
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, head, edges = self._line(), self._head(), self._edges()
        asked = event.region()
        if asked.intersects(QRect(0, 0, self.width(), head)):
            self._paint_names(painter, table, edges)
        for n, row in enumerate(table.rows):
            top = head + n * line
            if asked.intersects(QRect(0, top, self.width(), line)):
                self._paint_row(painter, row, top, edges)
        top = head + len(table.rows) * line
        if asked.intersects(QRect(0, top, self.width(), line + 8)):
            self._paint_sums(painter, table, top, edges)
        painter.end()

    def _paint_names(self, painter: QPainter, table: CountsTable, edges: Sequence[float]) -> None:
        line, head = self._line(), self._head()
        painter.setFont(theme.font_px(11, 500))
        painter.setPen(theme.colour("text3"))
        for n, i in enumerate(self._columns):
            # Two lines of names take turns, so that neighbours never touch.
            top = head - line if n % 2 == 0 else 0
            painter.drawText(QRectF(edges[n] - 60, top, 60, line), RIGHT, self._names(table)[i])
        painter.drawText(QRectF(edges[-1] - 40, head - line, 40, line), RIGHT, tr("All"))
        painter.setPen(theme.colour("accent"))
        corner = QRectF(0, head - line, self._first(), line)
        turned = tr("By zone \u21c4") if self.by_zone else tr("By photo \u21c4")
        painter.drawText(corner, Qt.AlignmentFlag.AlignVCenter, turned)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(corner.adjusted(1, 1, -24, -1), 3, 3)

    def _paint_row(
        self, painter: QPainter, row: CountsRow, top: int, edges: Sequence[float]
    ) -> None:
        line = self._line()
        paint_tile(painter, row.type, QRectF(0, top + 1, line - 2, line - 2))
        painter.setFont(theme.font("caption", 500))
        painter.setPen(theme.colour("text"))
        # A long name reaches below the first numbers, so it is drawn with them.
        name = QRectF(line + 4, top, edges[0] - line, line)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, row.name)
        for n, i in enumerate(self._columns):
            number = self._cells(row)[i]
            painter.setPen(theme.colour("text" if number else "text3"))
            area = QRectF(edges[n] - NUMBER, top, NUMBER, line)
            painter.drawText(area, RIGHT, f"{number}" if number else "\u00b7")
        painter.setFont(theme.font("caption", 600))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(edges[-1] - NUMBER, top, NUMBER, line), RIGHT, f"{row.total}")

    def _paint_sums(
        self, painter: QPainter, table: CountsTable, top: int, edges: Sequence[float]
    ) -> None:
        line = self._line()
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(0, top + 2), QPointF(self.width(), top + 2))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("caption", 600))
        y = top + 4
        name = QRectF(0, y, 140, line)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, tr("Counted, 1 to 6"))
        sums = table.zone_counted if self.by_zone else table.counted
        for n, i in enumerate(self._columns):
            painter.drawText(QRectF(edges[n] - NUMBER, y, NUMBER, line), RIGHT, f"{sums[i]}")
        painter.drawText(QRectF(edges[-1] - NUMBER, y, NUMBER, line), RIGHT, f"{table.total}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the photo of a cell."""
        at = event.position()
        place = self.cell_at(at)
        if place is not None and self.by_zone:
            self.zone_chosen.emit(*place)
        elif place is not None:
            self.chosen.emit(*place)
        elif at.x() < self._first() and at.y() < self._head():
            self.turn()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space turns between photos and zones."""
        if event.key() == Qt.Key.Key_Space:
            self.turn()
            return
        super().keyPressEvent(event)

    def cell_at(self, at: QPointF) -> tuple[str | ZoneId, LesionType | None] | None:
        """The photo (or zone) and type under a point."""
        if self.table is None or at.x() <= self._first():
            return None
        row = int((at.y() - self._head()) // self._line())
        for n, edge in enumerate(self._edges()[:-1]):
            if at.x() <= edge + 2:
                kind = self.table.rows[row].type if 0 <= row < len(self.table.rows) else None
                number = self._columns[n]
                return (
                    self.table.zones[number] if self.by_zone else self.table.photos[number]
                ), kind
        return None

    def _line(self) -> int:
        return theme.px(18)

    def _head(self) -> int:
        """Height of the heading: two lines when the names do not fit beside each other."""
        return self._line() if sum(self._natural()) <= self._room() else self._line() * 2 - 4

    def _room(self) -> float:
        return self.width() - self._first()

    def _natural(self) -> tuple[float, ...]:
        """What each column needs for its name and two digits, and the sum's column."""
        if self.table is None:
            return ()
        names = [*(self._names(self.table)[i] for i in self._columns), tr("All")]
        key = (*names, theme.text_scale)
        if key != self._measured_key:
            head = QFontMetricsF(theme.font_px(11, 500))
            digits = QFontMetricsF(theme.font("caption", 600)).horizontalAdvance("00")
            widths = [max(head.horizontalAdvance(name), digits) + HEAD_GAP for name in names]
            widths[-1] += SUM_GAP
            self._measured, self._measured_key = tuple(widths), key
        return self._measured

    def _first(self) -> float:
        return theme.px(NAME_WIDTH)

    def _edges(self) -> list[float]:
        """Right edges of the columns and of the sum."""
        widths = list(self._natural())
        spare = (self._room() - sum(widths)) / max(1, len(widths))
        if spare >= 0:
            more = min(spare, theme.px(12))
            widths = [width + more for width in widths]
        else:
            widths = [max(self._room() / len(widths), SMALLEST_COLUMN)] * len(widths)
        edges = [float(self.width())]
        for width in reversed(widths[1:]):
            edges.insert(0, edges[0] - width)
        return edges


def paint_tile(painter: QPainter, kind: LesionType, tile: QRectF) -> None:
    """A lesion glyph on its dark tile."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.lesion("tile"))
    painter.drawRoundedRect(tile, 3, 3)
    share = 0.22 if kind is LesionType.OPEN_COMEDONE else 0.30
    radius = min(glyphs.radius_of(kind), tile.width() * share)
    # Kept ready drawn: this table is painted with every edit.
    ratio = painter.device().devicePixelRatioF()
    picture = glyphs.stamp(
        kind, reference=False, scale=radius / glyphs.radius_of(kind), ratio=ratio
    )
    half = QPointF(picture.width() / ratio / 2, picture.height() / ratio / 2)
    painter.drawPixmap(tile.center() - half, picture)
