"""The dose ladder and the cumulative bar, painted from their states."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.language import tr
from workstation.presenters.prescription import CumulativeState, SliderState
from workstation.ui.theme import theme

LEFT = Qt.AlignmentFlag.AlignLeft


class DoseLadder(QWidget):
    """The dose on a mg/kg scale with the labelled range; arrows step to makeable doses."""

    stepped = Signal(int)
    chosen = Signal(float)  # mg/kg a day asked for by the pointer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: SliderState | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Daily dose in mg/kg"))

    def show_state(self, state: SliderState | None) -> None:
        """Show another dose (None: nothing is drawn)."""
        self._state = state
        if state is not None:
            self.setAccessibleDescription(tr("{value:g} mg/kg a day", value=state.value))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the track and its numbers."""
        return QSize(300, theme.px(40))

    def minimumSizeHint(self) -> QSize:
        """The numbers are never cut."""
        return QSize(200, theme.px(40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click asks for the dose under the pointer."""
        if self._state is not None and event.button() == Qt.MouseButton.LeftButton:
            share = (event.position().x() - 9) / max(1, self.width() - 18)
            span = self._state.high - self._state.low
            self.chosen.emit(self._state.low + min(1.0, max(0.0, share)) * span)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, range, numbers and knob."""
        state = self._state
        if state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = 14.0

        def x(value: float) -> float:
            return 9 + (value - state.low) / (state.high - state.low) * (self.width() - 18)

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(9, middle - 3, self.width() - 18, 6), 3, 3)
        painter.setBrush(theme.colour("okBg"))
        painter.setPen(QPen(theme.colour("ok"), 1))
        painter.drawRoundedRect(
            QRectF(x(state.label_from), middle - 4, x(state.label_to) - x(state.label_from), 8),
            2,
            2,
        )
        painter.setFont(theme.font("overline", 400))
        painter.setPen(theme.colour("text3"))
        metrics = QFontMetricsF(painter.font())
        end = -10.0
        for value, text in state.ticks:
            wide = metrics.horizontalAdvance(text)
            left = min(max(0.0, x(value) - wide / 2), self.width() - wide)
            if left > end + 4:
                painter.drawText(QPointF(left, middle + 12 + metrics.ascent()), text)
                end = left + wide
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(QPointF(x(state.value), middle), 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawEllipse(QPointF(x(state.value), middle), 11, 11)
        painter.end()


class CumulativeBar(QWidget):
    """What was taken, this supply, and the target band, to one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: CumulativeState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Cumulative dose"))

    def show_state(self, state: CumulativeState | None) -> None:
        """Show other numbers (None: nothing is drawn)."""
        self._state = state
        if state is not None:
            self.setAccessibleDescription(f"{state.supply_text}, {state.target_text}")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the bar and its two rows of words."""
        return QSize(500, theme.px(54))

    def minimumSizeHint(self) -> QSize:
        """Never lower than its words."""
        return QSize(360, theme.px(54))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, doses, band and words."""
        state = self._state
        if state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = theme.px(17)
        bar = QRectF(0, row + 1, self.width(), 16)
        end = max(state.end, state.target_high, state.before + state.supply)

        def x(mg: float) -> float:
            return mg / end * self.width() if end else 0.0

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(bar, 4, 4)
        band = QRectF(
            x(state.target_low), bar.top(), x(state.target_high) - x(state.target_low), bar.height()
        )
        painter.setBrush(theme.colour("okBg"))
        painter.drawRect(band)
        taken = theme.colour("accent")
        taken.setAlphaF(0.45)
        if state.before:
            painter.setBrush(taken)
            painter.drawRoundedRect(QRectF(0, bar.top(), x(state.before), bar.height()), 4, 4)
        if state.earlier:
            faint = theme.colour("accent")
            faint.setAlphaF(0.3)
            painter.setBrush(faint)
            painter.drawRect(QRectF(0, bar.top() - 4, min(x(state.earlier), self.width()), 2.5))
        painter.setBrush(theme.colour("accent"))
        supply = QRectF(x(state.before), bar.top(), max(3.0, x(state.supply)), bar.height())
        painter.drawRoundedRect(supply, 4, 4)
        # The target is an outline over everything: a dose inside it stays visible.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("ok"), 1.4))
        painter.drawRect(band)
        self._words(painter, state, bar, supply, band)
        painter.end()

    def _words(
        self,
        painter: QPainter,
        state: CumulativeState,
        bar: QRectF,
        supply: QRectF,
        band: QRectF,
    ) -> None:
        painter.setFont(theme.font("overline"))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(theme.colour("text3"))
        title = tr("CUMULATIVE DOSE")
        painter.drawText(QPointF(0, metrics.ascent()), title)
        if state.earlier_text:
            after = metrics.horizontalAdvance(title) + 12
            painter.setFont(theme.font("overline", 400))
            painter.drawText(QPointF(after, metrics.ascent()), state.earlier_text)
            painter.setFont(theme.font("overline"))
        wide = metrics.horizontalAdvance(state.supply_text)
        below: tuple[str, ...] = (state.reached_text,)
        painter.setPen(theme.colour("text"))
        if supply.right() + 6 + wide + 8 < band.left():
            at = QRectF(supply.right() + 6, bar.top(), wide + 2, bar.height())
            painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | LEFT, state.supply_text)
        else:
            both = " \u00b7 ".join(t for t in (state.supply_text, state.reached_text) if t)
            below = (both, state.supply_text)
        painter.setPen(theme.colour("ok"))
        target = metrics.horizontalAdvance(state.target_text)
        left = min(band.left(), self.width() - target)
        painter.drawText(QPointF(left, metrics.ascent()), state.target_text)
        self._scale(painter, state, bar, band, below)

    def _scale(
        self,
        painter: QPainter,
        state: CumulativeState,
        bar: QRectF,
        band: QRectF,
        below: tuple[str, ...],
    ) -> None:
        """The scale's numbers, and the first of ``below`` that fits before them."""
        painter.setFont(theme.font("overline", 400))
        painter.setPen(theme.colour("text3"))
        metrics = QFontMetricsF(painter.font())
        base = bar.bottom() + 3 + metrics.ascent()
        painter.drawText(QPointF(0, base), "0")
        low, high = map(metrics.horizontalAdvance, (state.low_text, state.high_text))
        right = min(band.right() - high / 2, self.width() - high)
        left = min(band.left() - low / 2, right - low - 10)
        painter.drawText(QPointF(right, base), state.high_text)
        painter.drawText(QPointF(left, base), state.low_text)
        room = left - 30 - 10
        fits = (text for text in below if metrics.horizontalAdvance(text) <= room)
        painter.drawText(QPointF(30, base), next(fits, ""))
        self.setToolTip(below[0])
