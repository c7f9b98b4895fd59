"""Painted parts of the rubric panel: criterion bars, legend, counts by photo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workstation.domain.lesions import LesionType, ZoneId
from workstation.language import noted, tr
from workstation.presenters.counts import CountsRow, CountsTable
from workstation.presenters.criteria import Bar
from workstation.ui.photo import glyphs
from workstation.ui.theme import theme
from workstation.ui.widgets import chip_size, paint_chip

LEVEL_COLOURS = ("sunken", "sev1", "sev2", "sev3")
GAP = 2.0
LEGEND = ((1, noted("Mild")), (2, noted("Moderate")), (3, noted("Severe")))
NAME_WIDTH, SMALLEST_COLUMN = 118, 20
HEAD_GAP, SUM_GAP = 4.0, 6.0  # before a column, and before the sum besides


def paint_band(
    painter: QPainter, rect: QRectF, level: int, *, hatched: bool, radius: float = 2.0
) -> None:
    """Fill one band in its severity colour; hatched where the article gives no number."""
    colour = theme.colour(LEVEL_COLOURS[level])
    painter.setPen(QPen(theme.colour("sevLine"), 1) if level <= 1 else Qt.PenStyle.NoPen)
    if not hatched:
        painter.setBrush(colour)
        painter.drawRoundedRect(rect, radius, radius)
        return
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setClipRect(rect)
    painter.setPen(QPen(colour, 2.2))
    x = rect.left() - rect.height()
    while x < rect.right() + rect.height():
        painter.drawLine(
            QPointF(x, rect.bottom() + 1), QPointF(x + rect.height() + 2, rect.top() - 1)
        )
        x += 4.6
    painter.restore()


class CriterionBar(QWidget):
    """One criterion: title, count, chip, bands to scale with cut values, needle at the count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar: Bar | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def show_bar(self, bar: Bar) -> None:
        """Show a criterion."""
        if bar != self.bar:
            self.bar = bar
            self.setAccessibleName(bar.spoken)
            self.setAccessibleDescription(". ".join(s.tooltip for s in bar.segments))
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Title line, bar, cut values."""
        return QSize(260, theme.px(50))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw it."""
        bar = self.bar
        if bar is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter, bar)
        track = self._track()
        for segment in bar.segments:
            rect = QRectF(
                track.left() + segment.start * track.width() + (GAP / 2 if segment.start else 0.5),
                track.top(),
                (segment.end - segment.start) * track.width() - GAP,
                track.height(),
            )
            paint_band(painter, rect, segment.level, hatched=segment.hatched)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        for cut in bar.cuts:
            x = track.left() + cut.at * track.width()
            area = QRectF(x - 20, track.bottom() + 1, 40, theme.px(14))
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter, cut.text)
        x = min(track.left() + bar.needle * track.width(), track.right() - 2)
        needle = QRectF(x - 2, track.top() - 4, 4, track.height() + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(needle.adjusted(-1, 0, 1, 0))
        painter.setBrush(theme.colour("text"))
        painter.drawRect(needle.adjusted(0.5, 0, -0.5, 0))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Edge rules and sources under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.bar:
            text = self.hover(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def hover(self, at: QPointF) -> str:
        """What the tooltip says at a place: the edge rule of a cut, else the band, else sources."""
        bar, track = self.bar, self._track()
        if bar is None:
            return ""
        for cut in bar.cuts:
            if (
                abs(at.x() - track.left() - cut.at * track.width()) <= 9
                and at.y() >= track.top() - 4
            ):
                return cut.tooltip
        share = (at.x() - track.left()) / track.width()
        if at.y() >= track.top() - 4:
            for segment in bar.segments:
                if segment.start <= share <= segment.end:
                    return segment.tooltip
        return f"{bar.title}: {bar.subtitle}. {bar.sources}"

    def _track(self) -> QRectF:
        return QRectF(0, theme.px(26), self.width() - 0.5, 9)

    def _paint_head(self, painter: QPainter, bar: Bar) -> None:
        line = theme.px(22)
        kind = "sev" if bar.level == 3 else "neutral"
        chip = chip_size(bar.chip, "")
        right = self.width() - chip.width()
        paint_chip(painter, QPointF(right, (line - chip.height()) / 2), kind, bar.chip, "")
        painter.setFont(theme.font("medicine", 700))
        painter.setPen(theme.colour("text"))
        number = f"{bar.count:,}"
        width = QFontMetricsF(painter.font()).horizontalAdvance(number)
        painter.drawText(
            QRectF(right - width - 9, 0, width + 1, line), Qt.AlignmentFlag.AlignVCenter, number
        )
        painter.setFont(theme.font("bodyStrong"))
        taken = QFontMetricsF(painter.font()).horizontalAdvance(bar.title)
        painter.drawText(QRectF(0, 0, taken + 2, line), Qt.AlignmentFlag.AlignVCenter, bar.title)
        painter.setFont(theme.font("caption"))
        subtitle = QFontMetricsF(painter.font()).horizontalAdvance(bar.subtitle)
        # A subtitle that does not fit is left to the tooltip: nothing is cut.
        if taken + 8 + subtitle + 10 <= right - width - 9:
            painter.setPen(theme.colour("text3"))
            place = QRectF(taken + 8, 0, subtitle + 2, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, bar.subtitle)


class Legend(QWidget):
    """What the colours and the hatching mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_gap(self, text: str) -> None:
        """Name the scheme that fills the gaps."""
        self._gap = text
        self.setAccessibleName(tr("Legend: mild, moderate, severe; hatched: {text}", text=text))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """One line."""
        return QSize(260, theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        metrics = QFontMetricsF(painter.font())
        x, middle = 0.5, self.height() / 2
        entries = [(level, tr(word), False) for level, word in LEGEND]
        if self._gap:
            entries.append((2, self._gap, True))
        for level, word, hatched in entries:
            paint_band(painter, QRectF(x, middle - 4.5, 9, 9), level, hatched=hatched, radius=1)
            painter.setPen(theme.colour("text2"))
            width = metrics.horizontalAdvance(word)
            area = QRectF(x + 14, 0, width + 2, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, word)
            x += 14 + width + 12
        painter.end()


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
        self.by_zone = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.theme_changed.connect(self.updateGeometry)

    def show_table(self, table: CountsTable) -> None:
        """Show the counts."""
        if table == self.table:
            return
        rows = self.table.rows if self.table else ()
        head = self._head()
        self.table = table
        self._choose_columns()
        self.setAccessibleName(tr("Counts by zone") if self.by_zone else tr("Counts by photo"))
        self.setAccessibleDescription(
            "; ".join(f"{row.name} {row.total}" for row in table.rows if row.total)
            + tr("; counted in all {total}", total=table.total)
        )
        if len(rows) != len(table.rows) or head != self._head():
            self.updateGeometry()
        self.update()

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

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A line for each type, the heading and the sum."""
        rows = len(self.table.rows) if self.table else 8
        return QSize(260, self._line() * (rows + 1) + self._head() + 5)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """The heading takes a second line where the names would touch."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw it."""
        table = self.table
        if table is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self._line()
        head = self._head()
        edges = self._edges()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font_px(11, 500))
        painter.setPen(theme.colour("text3"))
        for n, i in enumerate(self._columns):
            # Two lines of names take turns, so that neighbours never touch.
            top = head - line if n % 2 == 0 else 0
            text = self._names(table)[i]
            painter.drawText(QRectF(edges[n] - 60, top, 60, line), right, text)
        painter.drawText(QRectF(edges[-1] - 40, head - line, 40, line), right, tr("All"))
        painter.setPen(theme.colour("accent"))
        corner = QRectF(0, head - line, self._first(), line)
        turned = tr("By zone \u21c4") if self.by_zone else tr("By photo \u21c4")
        painter.drawText(corner, Qt.AlignmentFlag.AlignVCenter, turned)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(corner.adjusted(1, 1, -24, -1), 3, 3)
        y = float(head)
        for row in table.rows:
            self._paint_glyph(painter, row.type, QRectF(0, y + 1, line - 2, line - 2))
            painter.setFont(theme.font("caption", 500))
            painter.setPen(theme.colour("text"))
            name = QRectF(line + 4, y, edges[0] - line, line)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, row.name)
            for n, i in enumerate(self._columns):
                number = self._cells(row)[i]
                painter.setPen(theme.colour("text" if number else "text3"))
                area = QRectF(edges[n] - 40, y, 40, line)
                painter.drawText(area, right, f"{number}" if number else "\u00b7")
            painter.setFont(theme.font("caption", 600))
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(edges[-1] - 40, y, 40, line), right, f"{row.total}")
            y += line
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(0, y + 2), QPointF(self.width(), y + 2))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("caption", 600))
        y += 4
        painter.drawText(
            QRectF(0, y, 140, line), Qt.AlignmentFlag.AlignVCenter, tr("Counted, 1 to 6")
        )
        for n, i in enumerate(self._columns):
            area = QRectF(edges[n] - 40, y, 40, line)
            sums = table.zone_counted if self.by_zone else table.counted
            painter.drawText(area, right, f"{sums[i]}")
        painter.drawText(QRectF(edges[-1] - 40, y, 40, line), right, f"{table.total}")
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Go to the photo of a cell."""
        at = event.position()
        place = self.cell_at(at)
        if place is not None and self.by_zone:
            self.zone_chosen.emit(*place)
        elif place is not None:
            self.chosen.emit(*place)
        elif at.x() < self._first() and at.y() < self._head():
            self.turn()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
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

    def _natural(self) -> list[float]:
        """What each column needs for its name and two digits, and the sum's column."""
        if self.table is None:
            return []
        names = [*(self._names(self.table)[i] for i in self._columns), tr("All")]
        head = QFontMetricsF(theme.font_px(11, 500))
        digits = QFontMetricsF(theme.font("caption", 600)).horizontalAdvance("00")
        widths = [max(head.horizontalAdvance(name), digits) + HEAD_GAP for name in names]
        widths[-1] += SUM_GAP
        return widths

    def _first(self) -> float:
        return theme.px(NAME_WIDTH)

    def _edges(self) -> list[float]:
        """Right edges of the columns and of the sum."""
        widths = self._natural()
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

    @staticmethod
    def _paint_glyph(painter: QPainter, kind: LesionType, tile: QRectF) -> None:
        paint_tile(painter, kind, tile)


def paint_tile(painter: QPainter, kind: LesionType, tile: QRectF) -> None:
    """A lesion glyph on its dark tile."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(QColor(theme.lesion("tile"))))
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
