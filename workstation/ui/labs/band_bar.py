"""The bands of a test with the value standing in them while it is typed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.language import tr
from workstation.presenters.labs_entry import Segment
from workstation.ui.theme import theme

ABOVE, BAR, BELOW = 20, 22, 18


class BandBar(QWidget):
    """One segment per band, cut values below, the needle with its value above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: tuple[Segment, ...] = ()
        self._needle: float | None = None
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Bands of this test"))

    def show_bands(self, segments: tuple[Segment, ...], needle: float | None, text: str) -> None:
        """Show bands and where the value stands (0 to 1), None without one."""
        self._segments, self._needle, self._text = segments, needle, text
        said = [
            tr("{text} to {cut}", text=one.text, cut=one.cut) if one.cut else one.text
            for one in segments
        ]
        where = tr("Value {text}. ", text=text) if text else ""
        self.setAccessibleDescription(where + ", ".join(said))
        self.setVisible(bool(segments))
        self.update()

    def sizeHint(self) -> QSize:
        """Needle, bar and cut values."""
        return QSize(300, theme.px(ABOVE + BAR + BELOW))

    def minimumSizeHint(self) -> QSize:
        """As wide as the words need at least."""
        return QSize(160, theme.px(ABOVE + BAR + BELOW))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if not self._segments:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, tall = float(theme.px(ABOVE)), float(theme.px(BAR))
        step = self.width() / len(self._segments)
        for number, one in enumerate(self._segments):
            box = QRectF(number * step + 0.5, top, step - 2, tall)
            kind = one.kind if one.kind in ("ok", "warn", "danger", "info") else "info"
            painter.setPen(QPen(theme.colour(f"{kind}Bd"), 1))
            painter.setBrush(theme.colour(f"{kind}Bg"))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(theme.colour(kind))
            font = theme.font("overline", 500)
            while QFontMetricsF(font).horizontalAdvance(one.text) > box.width() - 4:
                if font.pixelSize() <= 9:
                    break
                font.setPixelSize(font.pixelSize() - 1)
            painter.setFont(font)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, one.text)
            if one.cut:
                painter.setFont(theme.font("overline", 400))
                painter.setPen(theme.colour("text2"))
                at = QRectF(box.right() - 30, top + tall + 1, 62, float(theme.px(BELOW)) - 1)
                painter.drawText(at, Qt.AlignmentFlag.AlignCenter, one.cut)
        if self._needle is not None:
            self._draw_needle(painter, top, tall)
        painter.end()

    def _draw_needle(self, painter: QPainter, top: float, tall: float) -> None:
        x = min(max((self._needle or 0.0) * self.width(), 2.0), self.width() - 2.0)
        # Above the bar and at its foot, so that the word between can be read.
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, top - 4), QPointF(x + 5, top - 4), QPointF(x, top + 4)])
        )
        painter.drawRect(QRectF(x - 1.5, top + tall - 4, 3, 6))
        font = theme.font("captionStrong", 700)
        painter.setFont(font)
        wide = QFontMetricsF(font).horizontalAdvance(self._text)
        left = min(max(x - wide / 2, 0.0), self.width() - wide)
        painter.setPen(theme.colour("text"))
        painter.drawText(QPointF(left, top - 6), self._text)
