"""The table of counts by photo or by zone, painted; a change paints the rows that it changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
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
        self._names_wide: dict[tuple[str, float], int] = {}
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
        """Draw anew the cells that count otherwise: one lesion more is one cell and the sums."""
        line, edges = self._line(), self._edges()
        columns = [int(edge - NUMBER) for edge in edges]
        rows = [
            (self._cells(old), self._cells(new), old.total != new.total)
            for old, new in zip(before.rows, after.rows, strict=True)
        ]
        was_sums, sums = self._sums(before), self._sums(after)
        rows.append((was_sums, sums, before.total != after.total))
        top = self._head()
        for n, (was, now, other) in enumerate(rows):
            tall = line + 4 if n == len(before.rows) else line  # sums stand a little lower
            if was != now:
                for at, i in zip(columns, self._columns, strict=False):
                    if was[i] != now[i]:
                        self.update(at, top + n * line, NUMBER + 1, tall)
            if other:
                self.update(columns[-1], top + n * line, NUMBER + 1, tall)

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
        columns = zip(*[self._cells(row) for row in table.rows], strict=True)
        used = [i for i, numbers in enumerate(columns) if any(numbers)]
        self._columns = tuple(used or range(min(3, len(names))))

    def _names(self, table: CountsTable) -> tuple[str, ...]:
        return table.zone_columns if self.by_zone else table.columns

    def _cells(self, row: CountsRow) -> tuple[int, ...]:
        return row.by_zone if self.by_zone else row.cells

    def _sums(self, table: CountsTable) -> tuple[int, ...]:
        return table.zone_counted if self.by_zone else table.counted

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
        asked = event.region()
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, head, edges = self._line(), self._head(), self._edges()
        if asked.intersects(QRect(0, 0, self.width(), head)):
            self._paint_names(painter, table, edges)
        for n, row in enumerate(table.rows):
            top = head + n * line
            if asked.intersects(QRect(0, top, self.width(), line)):
                self._paint_row(painter, row, top, edges, asked)
        top = head + len(table.rows) * line
        if asked.intersects(QRect(0, top, self.width(), line + 8)):
            self._paint_sums(painter, table, top, edges, asked)
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
        self, painter: QPainter, row: CountsRow, top: int, edges: Sequence[float], asked: QRegion
    ) -> None:
        line = self._line()
        # A long name reaches below the first numbers: then it is drawn with them.
        name = QRectF(line + 4, top, edges[0] - line, line)
        if asked.intersects(QRect(0, top, line + 6 + self._wide(row.name), line)):
            paint_tile(painter, row.type, QRectF(0, top + 1, line - 2, line - 2))
            painter.setFont(theme.font("caption", 500))
            painter.setPen(theme.colour("text"))
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, row.name)
        cells, font = self._cells(row), theme.font("caption", 500)
        numbers = [(edges[n], cells[i]) for n, i in enumerate(self._columns)]
        for edge, number in numbers:
            ink = "text" if number else "text3"
            text = f"{number}" if number else "\u00b7"
            _paint_number(painter, edge, (top, line), text, asked, font, ink)
        font = theme.font("caption", 600)
        _paint_number(painter, edges[-1], (top, line), f"{row.total}", asked, font, "text")

    def _paint_sums(
        self,
        painter: QPainter,
        table: CountsTable,
        top: int,
        edges: Sequence[float],
        asked: QRegion,
    ) -> None:
        line, y, font = self._line(), top + 4, theme.font("caption", 600)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(0, top + 2), QPointF(self.width(), top + 2))
        if asked.intersects(QRect(0, y, 141, line)):
            painter.setPen(theme.colour("text"))
            painter.setFont(font)
            name = QRectF(0, y, 140, line)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, tr("Counted, 1 to 6"))
        sums = self._sums(table)
        for n, i in enumerate(self._columns):
            _paint_number(painter, edges[n], (y, line), f"{sums[i]}", asked, font, "text")
        _paint_number(painter, edges[-1], (y, line), f"{table.total}", asked, font, "text")

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

    def _wide(self, name: str) -> int:
        """The width of a row's name."""
        key = (name, theme.text_scale)
        known = self._names_wide.get(key)
        if known is None:
            metrics = QFontMetricsF(theme.font("caption", 500))
            known = self._names_wide[key] = math.ceil(metrics.horizontalAdvance(name))
        return known

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


def _paint_number(
    painter: QPainter,
    edge: float,
    row: tuple[int, int],
    text: str,
    asked: QRegion,
    font: QFont,
    ink: str,
) -> None:
    """One number that ends at ``edge`` in a row (top, height), if any of its place is asked for."""
    area = QRectF(edge - NUMBER, row[0], NUMBER, row[1])
    if asked.intersects(area.toAlignedRect()):
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        painter.drawText(area, RIGHT, text)


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
