"""Painted parts of the rubric panel: criterion bars and their legend."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.language import noted, tr
from workstation.presenters.criteria import Bar
from workstation.ui.theme import theme
from workstation.ui.widgets import chip_size, paint_chip, tips
from workstation.ui.widgets.lines import fitting

LEVEL_COLOURS = ("sunken", "sev1", "sev2", "sev3")
GAP = 2.0
BLEED, BELOW = 4.0, 2.0  # of the needle above and below the bands: clear of the cut values
LEGEND = ((1, noted("Mild")), (2, noted("Moderate")), (3, noted("Severe")))


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
    """One criterion: title, count, chip, bands to scale with cut values, needle at the count.

    All but number and needle is one picture, drawn once for each chip: a lesion more paints those
    two where they were and where they are.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar: Bar | None = None
        self._still: QPixmap | None = None
        self._still_key: tuple[object, ...] = ()
        self._chip: tuple[str, float] = ("", 0.0)  # a chip and its width
        self._figures, self._measure = _figures()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.theme_changed.connect(self._dress)

    def show_bar(self, bar: Bar) -> None:
        """Show a criterion."""
        before = self.bar
        if bar == before:
            return
        self.bar = bar
        self.setAccessibleName(bar.spoken)
        if before is None or before.segments != bar.segments:
            self.setAccessibleDescription(". ".join(s.tooltip for s in bar.segments))
        key = self._key(bar)
        if before is None or key != self._still_key:
            self.update()
        else:
            track = self._track()
            for one in (before, bar):
                self.update(_needle_at(one, track).adjusted(-2, -1, 2, 1).toAlignedRect())
                self.update(self._number_at(one).adjusted(-2, 0, 2, 0).toAlignedRect())

    def sizeHint(self) -> QSize:
        """Title line, bar, cut values."""
        return QSize(260, theme.px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        bar = self.bar
        if bar is None:
            return
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn_still(bar))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._figures)
        painter.setPen(theme.colour("text" if bar.chip else "text3"))
        painter.drawText(self._number_at(bar), Qt.AlignmentFlag.AlignVCenter, f"{bar.count:,}")
        if bar.chip:
            needle = _needle_at(bar, self._track())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface"))
            painter.drawRect(needle.adjusted(-1, 0, 1, 0))
            painter.setBrush(theme.colour("text"))
            painter.drawRect(needle.adjusted(0.5, 0, -0.5, 0))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Edge rules and sources under the pointer."""
        return tips.told(self, event, self.hover) or super().event(event)

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

    def _key(self, bar: Bar) -> tuple[object, ...]:
        """What the picture shows, and where the number leaves room for the subtitle."""
        room = (self.width(), self.height(), self.devicePixelRatioF(), len(f"{bar.count:,}"))
        words = (bar.title, bar.subtitle, bar.chip, bar.level)
        return (*room, *words, bar.segments, bar.cuts)

    def _drawn_still(self, bar: Bar) -> QPixmap:
        """Everything but number and needle."""
        key = self._key(bar)
        if self._still is None or self._still_key != key:
            self._still_key = key
            ratio = self.devicePixelRatioF()
            self._still = QPixmap((QSizeF(self.size()) * ratio).toSize())
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(theme.colour("surface"))
            painter = QPainter(self._still)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_head(painter, bar)
            self._paint_bands(painter, bar, self._track())
            painter.end()
        return self._still

    @staticmethod
    def _paint_bands(painter: QPainter, bar: Bar, track: QRectF) -> None:
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

    def _dress(self) -> None:
        self._still, self._chip = None, ("", 0.0)
        self._figures, self._measure = _figures()
        self.updateGeometry()

    def _track(self) -> QRectF:
        return QRectF(0, theme.px(26), self.width() - 0.5, 9)

    def _number_at(self, bar: Bar) -> QRectF:
        """Where the number stands: before the chip, at the right."""
        if bar.chip != self._chip[0]:
            self._chip = bar.chip, chip_size(bar.chip, "").width() if bar.chip else 0.0
        right = self.width() - self._chip[1]
        width = self._measure.horizontalAdvance(f"{bar.count:,}")
        return QRectF(right - width - 9, 0, width + 1, theme.px(22))

    def _paint_head(self, painter: QPainter, bar: Bar) -> None:
        line = theme.px(22)
        if bar.chip:
            chip = chip_size(bar.chip, "")
            at = QPointF(self.width() - chip.width(), (line - chip.height()) / 2)
            paint_chip(painter, at, "sev" if bar.level == 3 else "neutral", bar.chip, "")
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("bodyStrong"))
        taken = QFontMetricsF(painter.font()).horizontalAdvance(bar.title)
        painter.drawText(QRectF(0, 0, taken + 2, line), Qt.AlignmentFlag.AlignVCenter, bar.title)
        painter.setFont(theme.font("caption"))
        subtitle = QFontMetricsF(painter.font()).horizontalAdvance(bar.subtitle)
        # A subtitle that does not fit is left to the tooltip: nothing is cut.
        if taken + 8 + subtitle + 10 <= self._number_at(bar).left():
            painter.setPen(theme.colour("text3"))
            place = QRectF(taken + 8, 0, subtitle + 2, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, bar.subtitle)


def _figures() -> tuple[QFont, QFontMetricsF]:
    font = theme.font("medicine", 700)
    return font, QFontMetricsF(font)


def _needle_at(bar: Bar, track: QRectF) -> QRectF:
    x = min(max(track.left() + bar.needle * track.width(), 2.5), track.right() - 2)
    return QRectF(x - 2, track.top() - BLEED, 4, track.height() + BLEED + BELOW)


class Legend(QWidget):
    """What the colours and the hatching mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_gap(self, text: str) -> None:
        """Name the scheme that fills the gaps."""
        if text == self._gap and self.accessibleName():
            return
        self._gap = text
        self.setAccessibleName(tr("Legend: mild, moderate, severe; hatched: {text}", text=text))
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(260, theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = 0.5, self.height() / 2
        entries = [(level, tr(word), False) for level, word in LEGEND]
        if self._gap:
            entries.append((2, self._gap, True))
        # Closer together first, then smaller: no word is cut in any language.
        joints, words = len(entries) - 1, "".join(word for _, word, _ in entries)
        plain = theme.font("caption")
        room = self.width() - 2 - 14 * len(entries)
        apart = (room - QFontMetricsF(plain).horizontalAdvance(words)) / joints
        apart = min(12.0, max(5.0, apart))
        painter.setFont(fitting(words, plain, room - apart * joints))
        metrics = QFontMetricsF(painter.font())
        for level, word, hatched in entries:
            paint_band(painter, QRectF(x, middle - 4.5, 9, 9), level, hatched=hatched, radius=1)
            painter.setPen(theme.colour("text2"))
            width = metrics.horizontalAdvance(word)
            area = QRectF(x + 14, 0, width + 2, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, word)
            x += 14 + width + apart
        painter.end()
