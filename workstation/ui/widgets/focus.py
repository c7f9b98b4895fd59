"""The focus ring: 2 px with a 2 px gap around the control that has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QSlider,
    QWidget,
)

from workstation.ui.theme import theme

GAP, WIDTH = 2, 2


class FocusRing(QWidget):
    """Drawn over a window around its focused button, slider or label.

    Fields draw their own outline by the style sheet; lists and the canvas show their current row.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the control that is ringed."""
        kinds = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if watched is self._target and event.type() in kinds:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), WIDTH))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _moved(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._target is not None:
            self._target.removeEventFilter(self)
            self._target = None
        ringed = (QAbstractButton, QSlider, QLabel)
        if (
            isinstance(now, ringed)
            and not isinstance(now, QAbstractItemView)
            and now.window() is self.parentWidget()
        ):
            self._target = now
            now.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        target, window = self._target, self.parentWidget()
        if target is None or window is None or not target.isVisible():
            self.hide()
            return
        rim = GAP + WIDTH
        corner = target.mapTo(window, QPoint(0, 0))
        whole = QRect(corner, target.size()).adjusted(-rim, -rim, rim, rim)
        self.setGeometry(whole.intersected(window.rect()))
        self.raise_()
        self.show()
