"""The chart of the earliest second pregnancy test: what leads to the day, on one scale."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.work_up import ALLOWED, BAND, POINT, REFUSED, BarState, SecondTestState
from workstation.ui.theme import theme

LABELS, HEAD, ROW, BAR = 152, 24, 34, 24
EDGE = 18  # room right of the last day


class SecondTestChart(QWidget):
    """Paints a ``SecondTestState``; the same in words is its accessible description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: SecondTestState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Earliest second test, chart"))

    def show_state(self, state: SecondTestState | None) -> None:
        """Show another chart."""
        self._state = state
        if state is not None:
            self.setAccessibleDescription(
                ". ".join(f"{bar.title} {bar.text}".strip() for bar in state.bars)
            )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All rows at their height."""
        return QSize(560, theme.px(HEAD) + len(self._rows()) * theme.px(ROW) + 2)

    def minimumSizeHint(self) -> QSize:
        """Rows keep their height; days come closer."""
        return QSize(420, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw days, rows, bars, today and the day itself."""
        state = self._state
        if state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._days(painter, state)
        for number, bars in enumerate(self._rows()):
            self._row(painter, bars, number)
        top, bottom = theme.px(HEAD) - 4, self.height() - 1
        painter.setPen(QPen(theme.colour("text"), 1.5))
        painter.drawLine(QPointF(self._x(state.today), top), QPointF(self._x(state.today), bottom))
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawLine(QPointF(self._x(state.day), top), QPointF(self._x(state.day), bottom))
        for number, bars in enumerate(self._rows()):
            for bar in bars:
                self._text(painter, bar, number)
        painter.end()

    # -- geometry

    def _rows(self) -> tuple[tuple[BarState, ...], ...]:
        """Bars by row: one without a title belongs to the row above."""
        rows: list[list[BarState]] = []
        for bar in self._state.bars if self._state is not None else ():
            if bar.title or not rows:
                rows.append([bar])
            else:
                rows[-1].append(bar)
        return tuple(map(tuple, rows))

    def _x(self, day: date) -> float:
        state = self._state
        assert state is not None
        span = max(1, (state.last - state.first).days)
        left, right = float(theme.px(LABELS)) + 14, float(self.width() - EDGE)
        return left + (day - state.first).days / span * (right - left)

    def _middle(self, number: int) -> float:
        return theme.px(HEAD) + (number + 0.5) * theme.px(ROW)

    def _box(self, bar: BarState, number: int) -> QRectF:
        assert bar.window is not None
        left = self._x(bar.window.first)
        # A window's last day is inside it, so the box ends where the next day begins.
        last = bar.window.last + timedelta(days=bar.look not in (REFUSED, BAND))
        wide = max(8.0, self._x(last) - left)
        high = theme.px(BAR)
        return QRectF(left, self._middle(number) - high / 2, wide, high)

    # -- drawing

    def _days(self, painter: QPainter, state: SecondTestState) -> None:
        painter.setFont(theme.font("overline", 500))
        metrics = QFontMetricsF(painter.font())
        taken: list[tuple[float, float]] = []
        step = max(1, round((state.last - state.first).days / 6))
        regular = tuple(
            state.first + timedelta(days=n) for n in range(0, (state.last - state.first).days, step)
        )
        for day in (state.day, state.today, *regular):
            words = wording.day(day)[:-5]
            wide = metrics.horizontalAdvance(words)
            left = self._x(day) - wide / 2
            left = min(max(left, float(theme.px(LABELS))), self.width() - wide)
            if any(left < end + 8 and left + wide > start - 8 for start, end in taken):
                continue
            taken.append((left, left + wide))
            painter.setPen(theme.colour("accent" if day == state.day else "text2"))
            painter.drawText(QPointF(left, metrics.ascent() + 1), words)
            painter.setPen(QPen(theme.colour("border"), 1))
            x = self._x(day)
            painter.drawLine(QPointF(x, theme.px(HEAD) - 4), QPointF(x, self.height() - 1))

    def _row(self, painter: QPainter, bars: tuple[BarState, ...], number: int) -> None:
        painter.setFont(theme.font("caption", 500))
        painter.setPen(theme.colour("text"))
        place = QRectF(0, self._middle(number) - 12, theme.px(LABELS), 24)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, bars[0].title)
        painter.setPen(QPen(theme.colour("border"), 1))
        line = self._middle(number) + theme.px(ROW) / 2
        painter.drawLine(QPointF(theme.px(LABELS), line), QPointF(self.width(), line))
        for bar in bars:
            self._bar(painter, bar, number)

    def _bar(self, painter: QPainter, bar: BarState, number: int) -> None:
        if bar.window is None:
            return
        if bar.look == POINT:
            y = self._middle(number) + 4
            painter.setPen(QPen(theme.colour("text2"), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(
                QPointF(self._x(bar.window.first), y), QPointF(self._x(bar.window.last), y)
            )
            painter.setBrush(theme.colour("surface"))
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawEllipse(QPointF(self._x(bar.window.first), y), 5.5, 5.5)
            return
        fill, outline = {
            BAND: ("okBg", "okBd"),
            ALLOWED: ("accentBg", "accent"),
            REFUSED: ("surface", "text3"),
        }.get(bar.look, ("infoBg", "infoBd"))
        box = self._box(bar, number)
        painter.setBrush(theme.colour(fill))
        painter.setPen(QPen(theme.colour(outline), 1))
        painter.drawRoundedRect(box, 4, 4)
        if bar.look == REFUSED:
            painter.setBrush(QBrush(theme.colour("text3"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(box, 4, 4)

    def _text(self, painter: QPainter, bar: BarState, number: int) -> None:
        painter.setFont(theme.font("overline", 600))
        metrics = QFontMetricsF(painter.font())
        wide = metrics.horizontalAdvance(bar.text)
        y = self._middle(number)
        base = y + metrics.capHeight() / 2
        if bar.window is None:
            painter.setFont(theme.font("overline", 500))
            painter.setPen(theme.colour("text2"))
            painter.drawText(QPointF(float(theme.px(LABELS)) + 24, base), bar.text)
            return
        if bar.look == POINT:
            painter.setPen(theme.colour("text2"))
            left = self._x(bar.window.first) + 14
            painter.drawText(QPointF(left, y - 2), bar.text)
            return
        box = self._box(bar, number)
        left = box.left() + 8
        if wide + 16 > box.width():  # beside the box: right of it, else left of it
            left = box.right() + 6
            if left + wide > self.width():
                left = box.left() - 6 - wide
        elif bar.look == REFUSED:
            left = box.center().x() - wide / 2
            painter.fillRect(QRectF(left - 5, y - 8, wide + 10, 16), theme.colour("surface"))
        role = {BAND: "ok", ALLOWED: "accent", REFUSED: "text2"}.get(bar.look, "info")
        painter.setPen(theme.colour(role))
        painter.drawText(QPointF(left, base), bar.text)
