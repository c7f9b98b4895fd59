"""The monitoring plan as a painted timeline: lanes, bands, today, and three shapes of points."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.plan import LaneState, PlanState, PointState
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import tips

LABELS = 140
HEAD = 24
FOOT = 24
LANE = 28  # six lanes beside a prescription on the reference screen
TALLEST = 64
LOWEST = 27
RADIUS = 6.0
REACH = 13.0  # pixels around a point that take hold of it


class Timeline(QWidget):
    """Draws a plan; the table beside it holds the same points for keyboards and readers.

    ``moved`` carries (key, day as 2026-12-15) when a point was dragged to another allowed day.
    """

    moved = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: PlanState | None = None
        self._held: PointState | None = None  # the point being dragged
        self._over: date | None = None  # and the day it stands over
        self._room: tuple[tuple[LaneState, ...], float, float] | None = None  # lanes, text, width
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Monitoring plan, timeline"))

    def show_state(self, state: PlanState | None) -> None:
        """Show another plan."""
        self._state = state
        self._let_go()
        if state is not None:
            self.setAccessibleDescription(state.title)
            # Lanes far apart are hard to read across; a tall window keeps its room below.
            tallest = theme.px(HEAD + FOOT) + len(state.lanes) * theme.px(TALLEST)
            self.setMaximumHeight(tallest)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All lanes at a readable height; where there is room they stand further apart."""
        lanes = len(self._state.lanes) if self._state is not None else 0
        return QSize(600, theme.px(HEAD + FOOT) + lanes * theme.px(LANE))

    def minimumSizeHint(self) -> QSize:
        """All lanes at their lowest readable height."""
        lanes = len(self._state.lanes) if self._state is not None else 0
        return QSize(420, theme.px(HEAD + FOOT) + lanes * theme.px(LOWEST))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bands, lanes, points, today and days."""
        state = self._state
        if state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._bands(painter, state)
        for number, lane in enumerate(state.lanes):
            self._bar(painter, lane, number)
        self._today(painter, state)
        for number, lane in enumerate(state.lanes):
            self._points(painter, state, lane, number)
        self._days(painter, state)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Tell the point under the pointer in words."""
        return tips.told(self, event, self._at) or super().event(event)

    # -- dragging

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a point that may be moved."""
        point = self._point_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            if point.allowed is not None:
                self._held, self._over = point, point.on
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self.update()
            else:
                QToolTip.showText(event.globalPosition().toPoint(), point.rule, self)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Snap to the days that are allowed; beyond them say the rule."""
        held = self._held
        if held is None or held.allowed is None:
            point = self._point_at(event.position())
            can = point is not None and point.allowed is not None
            self.setCursor(Qt.CursorShape.OpenHandCursor if can else Qt.CursorShape.ArrowCursor)
            return
        wanted = self.day_at(event.position().x())
        self._over = min(max(wanted, held.allowed.first), held.allowed.last)
        said = wording.day(self._over)
        if wanted != self._over:
            said = f"{said}\n{held.rule}"
        QToolTip.showText(event.globalPosition().toPoint(), said, self)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the point on the day it stands over."""
        held, over = self._held, self._over
        self._let_go()
        if held is not None and over is not None and over != held.on:
            self.moved.emit(held.key, over.isoformat())
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts a held point back."""
        if event.key() == Qt.Key.Key_Escape and self._held is not None:
            self._let_go()
            return
        super().keyPressEvent(event)

    def _let_go(self) -> None:
        self._held = self._over = None
        self.unsetCursor()
        self.update()

    # -- geometry

    def day_at(self, x: float) -> date:
        """The day nearest to a horizontal place."""
        state = self._state
        assert state is not None
        span = max(1, (state.last - state.first).days)
        left, right = self._beside() + 10, self.width() - 34.0
        return state.first + timedelta(days=round((x - left) / (right - left) * span))

    def place(self, day: date) -> float:
        """Horizontal place of a day."""
        state = self._state
        assert state is not None
        span = max(1, (state.last - state.first).days)
        left, right = self._beside() + 10, self.width() - 34.0
        return left + (day - state.first).days / span * (right - left)

    def _beside(self) -> float:
        """Room of the lanes' names, which are never cut; asked for each place that is drawn."""
        lanes = self._state.lanes if self._state is not None else ()
        known = self._room
        if known is None or known[0] is not lanes or known[1] != theme.text_scale:
            letters = QFontMetricsF(theme.font("caption", 500))
            widest = max((letters.horizontalAdvance(lane.title) for lane in lanes), default=0.0)
            room = max(float(theme.px(LABELS)), 26 + widest + 6)
            known = self._room = (lanes, theme.text_scale, room)
        return known[2]

    def _height(self) -> float:
        lanes = len(self._state.lanes) if self._state is not None else 1
        return (self.height() - theme.px(HEAD) - theme.px(FOOT)) / max(1, lanes)

    def _y(self, number: int) -> float:
        return theme.px(HEAD) + (number + 0.5) * self._height()

    def _at(self, place: QPointF) -> str:
        point = self._point_at(place)
        if point is None:
            return ""
        return "\n".join(t for t in (point.text, wording.day(point.on), point.rule) if t)

    def _point_at(self, place: QPointF) -> PointState | None:
        """The nearest point within reach."""
        state = self._state
        if state is None:
            return None
        near = [
            ((place - QPointF(self.place(point.on), self._y(number))).manhattanLength(), point)
            for number, lane in enumerate(state.lanes)
            for point in lane.points
        ]
        reach, point = min(near, key=lambda pair: pair[0], default=(REACH, None))
        return point if reach < REACH else None

    def _stands(self, point: PointState) -> date:
        held = self._held is not None and self._held.key == point.key
        return self._over if held and self._over is not None else point.on

    # -- drawing

    def _bands(self, painter: QPainter, state: PlanState) -> None:
        top, bottom = float(theme.px(HEAD)), self.height() - float(theme.px(FOOT))
        painter.setFont(theme.font("overline", 500))
        metrics = QFontMetricsF(painter.font())
        taken = -100.0
        for title, first, last, kind in state.bands:
            left, right = self.place(first), self.place(last)
            fill = {"quiet": "sunken", "flare": "warnBg"}.get(kind)
            if fill is not None:
                painter.fillRect(QRectF(left, top, right - left, bottom - top), theme.colour(fill))
            painter.setPen(theme.colour("warn" if kind == "flare" else "text3"))
            wide = metrics.horizontalAdvance(title)
            at = min(max(self._beside(), (left + right) / 2 - wide / 2), self.width() - wide - 2)
            if at > taken:
                painter.drawText(QPointF(at, top - 8), title)
                taken = at + wide + 8

    def _bar(self, painter: QPainter, lane: LaneState, number: int) -> None:
        y = self._y(number)
        icons.paint(painter, lane.icon, QPointF(2, y - 8), "text2", 16)
        painter.setFont(theme.font("caption", 500))
        painter.setPen(theme.colour("text"))
        painter.drawText(
            QRectF(26, y - 12, self._beside() - 26, 24), Qt.AlignmentFlag.AlignVCenter, lane.title
        )
        painter.setPen(QPen(theme.colour("border"), 1))
        line = y + self._height() / 2
        painter.drawLine(QPointF(self._beside(), line), QPointF(self.width(), line))
        if lane.band is not None:
            bar = QRectF(
                self.place(lane.band.first),
                y - 8,
                self.place(lane.band.last) - self.place(lane.band.first),
                16,
            )
            painter.setPen(QPen(theme.colour("okBd"), 1))
            painter.setBrush(theme.colour("okBg"))
            painter.drawRoundedRect(bar, 8, 8)
        for point in lane.points:
            if point.window.days > 1 and point.state != "done" and lane.id != "supply":
                wide = max(22.0, self.place(point.window.last) - self.place(point.window.first))
                left = (self.place(point.window.first) + self.place(point.window.last) - wide) / 2
                painter.setPen(QPen(theme.colour("infoBd"), 1))
                painter.setBrush(theme.colour("infoBg"))
                painter.drawRoundedRect(QRectF(left, y - 8, wide, 16), 8, 8)

    def _points(self, painter: QPainter, state: PlanState, lane: LaneState, number: int) -> None:
        y = self._y(number)
        if lane.band is not None:
            left, right = self.place(lane.band.first), self.place(lane.band.last)
            self._band_text(painter, QRectF(left, y - 8, right - left, 16), state, lane.band_text)
        for point in lane.points:
            at = QPointF(self.place(self._stands(point)), y)
            if self._held is not None and self._held.key == point.key:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accentBg"))
                painter.drawEllipse(at, RADIUS + 6, RADIUS + 6)
            self.glyph(painter, at, point.state)
        if lane.note and lane.points:
            painter.setFont(theme.font("overline", 400))
            painter.setPen(theme.colour("text2"))
            left = max(self.place(point.on) for point in lane.points) + 24
            wide = QFontMetricsF(painter.font()).horizontalAdvance(lane.note)
            if left + wide <= self.width():
                painter.drawText(
                    QRectF(left, y - 10, wide + 2, 20), Qt.AlignmentFlag.AlignVCenter, lane.note
                )

    def _band_text(self, painter: QPainter, bar: QRectF, state: PlanState, text: str) -> None:
        painter.setFont(theme.font("overline", 600))
        painter.setPen(theme.colour("ok"))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
        left = max(bar.left(), self.place(state.today)) + 10  # clear of the line of today
        if left + wide + 6 > bar.right():
            left = bar.left() + 10
        if left + wide < bar.right():
            at = QRectF(left, bar.top(), wide + 2, bar.height())
            painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, text)

    @staticmethod
    def glyph(painter: QPainter, at: QPointF, state: str) -> None:
        """Done is a filled disc with a tick, missing a square with a stroke, planned a ring."""
        if state == "done":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("ok"))
            painter.drawEllipse(at, RADIUS + 1, RADIUS + 1)
            painter.setPen(QPen(theme.colour("surface"), 1.6))
            painter.drawLine(at + QPointF(-3, 0.3), at + QPointF(-0.8, 2.6))
            painter.drawLine(at + QPointF(-0.8, 2.6), at + QPointF(3.2, -2.4))
        elif state == "missing":
            painter.setBrush(theme.colour("surface"))
            painter.setPen(QPen(theme.colour("danger"), 2))
            painter.drawRoundedRect(
                QRectF(at.x() - RADIUS, at.y() - RADIUS, RADIUS * 2, RADIUS * 2), 2.5, 2.5
            )
            painter.drawLine(at + QPointF(0, -3), at + QPointF(0, 0.5))
            painter.drawPoint(at + QPointF(0, 3))
        else:
            painter.setBrush(theme.colour("surface"))
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawEllipse(at, RADIUS, RADIUS)

    def _today(self, painter: QPainter, state: PlanState) -> None:
        x = self.place(state.today)
        painter.setPen(QPen(theme.colour("text"), 1.5))
        painter.drawLine(QPointF(x, theme.px(HEAD) - 3), QPointF(x, self.height() - theme.px(FOOT)))

    def _days(self, painter: QPainter, state: PlanState) -> None:
        base = self.height() - 6.0
        strong = theme.font("overline", 700)
        metrics = QFontMetricsF(strong)
        half = metrics.horizontalAdvance(tr("today")) / 2
        middle = self.place(state.today)
        painter.setFont(strong)
        painter.setPen(theme.colour("text"))
        painter.drawText(QPointF(middle - half, base), tr("today"))
        painter.setFont(theme.font("overline", 400))
        painter.setPen(theme.colour("text3"))
        end = -100.0
        for day, text in state.ticks:
            wide = metrics.horizontalAdvance(text)
            left = min(self.place(day) - wide / 2, self.width() - wide - 1)
            clear = left > middle + half + 6 or left + wide < middle - half - 6
            if clear and left > end + 8:
                painter.drawText(QPointF(left, base), text)
                end = left + wide


class Legend(QWidget):
    """What the shapes of the timeline mean."""

    ENTRIES = (
        ("done", noted("done")),
        ("missing", noted("missing")),
        ("planned", noted("planned")),
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Legend: done, missing, planned"))

    def sizeHint(self) -> QSize:
        """Room for the three entries and the draw window."""
        metrics = QFontMetricsF(theme.font("overline", 400))
        words = sum(metrics.horizontalAdvance(str(text)) + 25 for _, text in self.ENTRIES)
        return QSize(round(words + metrics.horizontalAdvance(tr("draw window")) + 36), theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the entries."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(theme.font("overline", 400))
        x, y = 8.0, self.height() / 2
        for state, text in self.ENTRIES:
            Timeline.glyph(painter, QPointF(x, y), state)
            x = self._word(painter, metrics, x + 11, str(text)) + 14
        painter.setPen(QPen(theme.colour("infoBd"), 1))
        painter.setBrush(theme.colour("infoBg"))
        painter.drawRoundedRect(QRectF(x - 4, y - 6, 22, 12), 6, 6)
        self._word(painter, metrics, x + 24, tr("draw window"))
        painter.end()

    def _word(self, painter: QPainter, metrics: QFontMetricsF, x: float, text: str) -> float:
        painter.setFont(theme.font("overline", 400))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QPointF(x, (self.height() + metrics.ascent()) / 2 - 1), text)
        return x + metrics.horizontalAdvance(text)
