"""The ring that shows how much of the time to reach the patient has passed."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workstation.presenters.contact import ContactState
from workstation.ui.theme import theme

SIDE = 92


class ClockRing(QWidget):
    """How much of the target time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self._state: ContactState | None = None
        self._resize()
        theme.theme_changed.connect(self._resize)

    def _resize(self) -> None:
        self.setFixedSize(theme.px(SIDE), theme.px(SIDE))

    def show_state(self, state: ContactState) -> None:
        """Show another moment."""
        self._state = state
        self.setAccessibleName(f"{state.passed} {state.target}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ring, share and words."""
        state = self._state
        if state is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(self.width())
        ring = QRectF(6, 6, side - 12, side - 12)
        painter.setPen(QPen(theme.colour("dangerBd"), 7))
        painter.drawEllipse(ring)
        painter.setPen(
            QPen(theme.colour("danger"), 7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        )
        painter.drawArc(ring, 90 * 16, -round(360 * 16 * state.share))
        # The tick where every prescriber is alerted.
        painter.setPen(QPen(theme.colour("text"), 2))
        turn = math.radians(90 - 360 * state.tick)
        middle, radius = ring.center(), ring.width() / 2
        across = QPointF(math.cos(turn), -math.sin(turn))
        painter.drawLine(middle + across * (radius - 8), middle + across * (radius + 5))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("panel"))
        area = QRectF(0, side * 0.26, side, side * 0.28)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, state.passed)
        painter.setFont(theme.font("overline", 500))
        painter.setPen(theme.colour("text3"))
        area = QRectF(0, side * 0.52, side, side * 0.22)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, state.target)
        painter.end()
