"""The list of a first run's steps, with where one is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workstation.language import tr
from workstation.ui import icons
from workstation.ui.session.setup_steps import STEPS, Step
from workstation.ui.theme import theme

LEFT, RIGHT = 300, 280


class StepList(QWidget):
    """The dark column at the left: the six steps, which are done and where we are."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self.setFixedWidth(theme.px(LEFT))
        self.setAccessibleName(tr("Steps"))

    def show_step(self, at: int) -> None:
        """Step ``at`` (from 0) is the current one."""
        self._at = at
        self.setAccessibleDescription(
            tr("Step {at} of {steps}: {name}", at=at + 1, steps=len(STEPS), name=STEPS[at].name)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Numbers in circles, a check where a step is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("rail"))
        white, quiet = theme.fixed("light", "surface"), theme.colour("railText")
        painter.setPen(white)
        painter.setFont(theme.font("panel"))
        painter.drawText(QPointF(28, theme.px(52)), tr("Dermatology Workstation"))
        painter.setPen(quiet)
        painter.setFont(theme.font("caption"))
        painter.drawText(QPointF(28, theme.px(72)), tr("First start on this computer"))
        y = theme.px(116)
        for n, step in enumerate(STEPS):
            self._paint_step(painter, n, step, y)
            y += theme.px(50)
        painter.setPen(quiet)
        painter.setFont(theme.font("caption"))
        room = QRectF(28, self.height() - theme.px(64), self.width() - 44, theme.px(48))
        words = tr("You can stop at any step: what you typed is kept, passwords and PIN apart.")
        painter.drawText(room, Qt.TextFlag.TextWordWrap, words)
        painter.end()

    def _paint_step(self, painter: QPainter, n: int, step: Step, y: int) -> None:
        white, quiet = theme.fixed("light", "surface"), theme.colour("railText")
        circle = QRectF(28, y, 24, 24)
        accent = theme.fixed("dark", "accent")
        done, now = n < self._at, n == self._at
        painter.setPen(accent if done or now else quiet)
        painter.setBrush(accent if now else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if done:
            icons.paint(painter, "check", QPointF(33, y + 5), accent.name(), 14)
        else:
            painter.setPen(theme.fixed("dark", "onAccent") if now else quiet)
            painter.setFont(theme.font("captionStrong", 700))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(n + 1))
        painter.setPen(white if now or done else quiet)
        painter.setFont(theme.font("value"))
        painter.drawText(QPointF(64, y + theme.px(12)), tr(step.name))
        painter.setPen(quiet)
        painter.setFont(theme.font("caption"))
        painter.drawText(QPointF(64, y + theme.px(29)), tr(step.about))
