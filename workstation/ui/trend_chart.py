"""One chart of a course: lines with labels at their ends, limits, and what the article expects."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.followup_trends import Trend, Trends, spread
from workstation.ui.theme import theme
from workstation.ui.widgets import tips

LEAST_LEFT, LEAST_RIGHT = 34, 60  # room for numbers and for labels at the ends
FOOT, HEAD = 17, 6
NAMES = 18  # above the plot: what the course is expected to bring, clear of every line
PLOT, LOW_PLOT, LEVEL = 92, 50, 17
DOT = 3.2


def scale_of(trend: Trend) -> tuple[float, float, tuple[float, ...]]:
    """Lowest and highest value drawn, and the round numbers between that get a line.

    ValueError for a trend without lines: there is nothing to measure.
    """
    if trend.levels:
        values = [value for value, _ in trend.levels]
        return min(values) - 0.4, max(values) + 0.4, tuple(values)
    values = [v for line in trend.lines for _, v in line.points]
    values += [limit.value for limit in trend.limits]
    low = 0.0 if trend.from_zero else min(values)
    high = max(values)
    step = _round_step((high - low) / 2 or max(abs(high), 1.0) / 4)
    bottom = step * (low // step) if not trend.from_zero else 0.0
    top = bottom
    while top < high:
        top += step
    if top == bottom:
        top = bottom + step
    count = round((top - bottom) / step)
    return bottom, top, tuple(bottom + step * i for i in range(count + 1))


def _round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 1.0
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough - 1e-9)


def _margins(trends: Trends | None) -> tuple[float, float]:
    """Room left and right of every plot: the same for all, so that days lie below each other."""
    charts = trends.charts if trends is not None else ()
    plain, strong = (QFontMetricsF(theme.font(role)) for role in ("caption", "overline"))
    left = [plain.horizontalAdvance(word) for c in charts for _, word in c.levels]
    right = [strong.horizontalAdvance(x.end) for c in charts if not c.levels for x in c.lines]
    right += [strong.horizontalAdvance(limit.name) for c in charts for limit in c.limits]
    return (
        max(theme.px(LEAST_LEFT), *(w + 8 for w in left), 0),
        max(theme.px(LEAST_RIGHT), *(w + 12 for w in right), 0),
    )


class TrendChart(QWidget):
    """Draws one trend over the common axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trends: Trends | None = None
        self._trend: Trend | None = None
        self._sides: tuple[float, tuple[float, float]] | None = None  # measured at which text size
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def show_trend(self, trends: Trends, trend: Trend) -> None:
        """Show a trend."""
        self._trends, self._trend, self._sides = trends, trend, None
        self.setAccessibleName(trend.title)
        bands = [b.detail for b in trends.bands] if trend.banded else []
        limits = [tr("limit {name}", name=limit.name) for limit in trend.limits]
        self.setAccessibleDescription(". ".join((trend.spoken, *limits, *bands)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its plot with the axis below."""
        trend = self._trend
        tall = PLOT if trend is not None and trend.banded else LOW_PLOT
        if trend is not None and trend.levels:
            tall = max(tall, LEVEL * len(trend.levels))
        return QSize(260, theme.px(tall + FOOT + HEAD + self._names()))

    def end_labels(self) -> list[tuple[str, str, QRectF]]:
        """(text, colour token, place) of the labels at the ends of lines and limits."""
        trend, trends = self._trend, self._trends
        if trend is None or trends is None:
            return []
        high = QFontMetricsF(theme.font("overline")).height() - 2
        area = self._area()
        named: list[tuple[str, str, float]] = [
            (line.end, line.colour, self._y(line.points[-1][1])) for line in trend.lines
        ]
        named += [(limit.name, "danger", self._y(limit.value)) for limit in trend.limits]
        if trend.levels:
            named = []
        places = spread([y for _, _, y in named], high + 2, area.top() + 2, area.bottom() - 3)
        x = area.right() + 8
        return [
            (text, colour, QRectF(x, y - high / 2, self.width() - x, high))
            for (text, colour, _), y in zip(named, places, strict=True)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bands, grid, limits, lines and labels."""
        trend, trends = self._trend, self._trends
        if trend is None or trends is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if trend.banded:
            self._paint_bands(painter, trends)
        self._paint_ticks(painter, trends)
        if trend.missing:
            painter.setPen(theme.colour("text2"))
            painter.drawText(self._area(), Qt.AlignmentFlag.AlignCenter, trend.missing)
        else:
            self._paint_values(painter, trend)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Values and what is expected, under the pointer."""
        return tips.told(self, event, self.hover) or super().event(event)

    def hover(self, at: QPointF) -> str:
        """What the tooltip says at a place."""
        trend, trends = self._trend, self._trends
        if trend is None or trends is None:
            return ""
        for line in trend.lines:
            for day, value in line.points:
                spot = QPointF(self._x(day), self._y(value))
                if (spot - at).manhattanLength() < 12:
                    named = dict(trend.levels).get(value) or wording.number(value)
                    return tr("Day {day}: {named}", day=day, named=named)
        day_at = (at.x() - self._area().left()) / max(1.0, self._area().width()) * trends.days
        bands = trends.bands if trend.banded else ()
        return next((b.detail for b in bands if b.first <= day_at <= b.last), "")

    # -- inside

    def _area(self) -> QRectF:
        scale = theme.text_scale
        if self._sides is None or self._sides[0] != scale:
            self._sides = (scale, _margins(self._trends))
        left, right = self._sides[1]
        return QRectF(
            left,
            theme.px(HEAD + self._names()),
            max(20, self.width() - left - right),
            max(10, self.height() - theme.px(FOOT + HEAD + self._names())),
        )

    def _names(self) -> int:
        return NAMES if self._trend is not None and self._trend.banded else 0

    def _x(self, day: int) -> float:
        area, trends = self._area(), self._trends
        return area.left() + area.width() * day / max(1, trends.days if trends else 1)

    def _y(self, value: float) -> float:
        if self._trend is None:
            return 0.0
        low, high, _ = scale_of(self._trend)
        area = self._area()
        return area.bottom() - area.height() * (value - low) / (high - low)

    def _paint_bands(self, painter: QPainter, trends: Trends) -> None:
        area = self._area()
        font = theme.font("caption")
        painter.setFont(font)
        for number, band in enumerate(trends.bands):
            rect = QRectF(
                QPointF(self._x(band.first), area.top() - theme.px(NAMES) - 2),
                QPointF(self._x(band.last), area.bottom()),
            )
            painter.fillRect(rect, theme.colour("infoBg" if number % 2 == 0 else "surface2"))
            words = (band.label, band.short)
            metrics = QFontMetricsF(font)
            fits = [w for w in words if metrics.horizontalAdvance(w) <= rect.width() - 4]
            if fits:
                painter.setPen(theme.colour("text2"))
                line = QRectF(rect.left(), rect.top() + 1, rect.width(), theme.px(14))
                painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, fits[0])

    def _paint_values(self, painter: QPainter, trend: Trend) -> None:
        self._paint_grid(painter, trend)
        area = self._area()
        for limit in trend.limits:
            pen = QPen(theme.colour("danger"), 1.2)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            y = self._y(limit.value)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        for line in trend.lines:
            self._paint_line(painter, line.points, line.colour)
        painter.setFont(theme.font("overline"))
        for text, colour, place in self.end_labels():
            painter.setPen(theme.colour(colour))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip.value
            painter.drawText(place, flags, text)

    def _paint_grid(self, painter: QPainter, trend: Trend) -> None:
        area = self._area()
        _, _, ticks = scale_of(trend)
        words = dict(trend.levels)
        painter.setFont(theme.font("caption"))
        for value in ticks:
            y = self._y(value)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("text2"))
            number = QRectF(0, y - theme.px(8), area.left() - 6, theme.px(16))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(number, flags, words.get(value) or wording.number(round(value, 4)))

    def _paint_ticks(self, painter: QPainter, trends: Trends) -> None:
        area = self._area()
        font = theme.font("caption")
        painter.setFont(font)
        painter.setPen(theme.colour("text2"))
        metrics = QFontMetricsF(font)
        free = float("inf")  # from the right: the newest visit always has its label
        for day, text in reversed(trends.ticks):
            wide = metrics.horizontalAdvance(text)
            left = max(self._x(day) - wide / 2, area.left() - 3)
            if left + wide + 4 > free:
                continue
            free = left
            place = QRectF(free, area.bottom() + 2, wide + 2, theme.px(15))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_line(
        self, painter: QPainter, points: tuple[tuple[int, float], ...], colour: str
    ) -> None:
        spots = [QPointF(self._x(day), self._y(value)) for day, value in points]
        painter.setPen(QPen(theme.colour(colour), 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(spots)
        painter.setPen(QPen(theme.colour("surface"), 1))
        painter.setBrush(theme.colour(colour))
        for spot in spots:
            painter.drawEllipse(spot, DOT, DOT)
