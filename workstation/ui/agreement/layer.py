"""The second reading over the first: pairs joined, and rings of two kinds for what one saw alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from workstation.presenters.agreement import AgreementShown, Seen
from workstation.ui.photo import glyphs
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

AROUND = 6.0  # between a glyph and its frame
_DASH = (3.0, 2.0)


def paint(painter: QPainter, shown: AgreementShown, view: View, scale: float) -> None:
    """Draw the second reading's glyphs, the lines of pairs, and the frames; the chosen one last.

    The first reading's own glyphs are the canvas's.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for one, other in shown.pairs:
        first, second = view.to_widget(one.at), view.to_widget(other.at)
        _line(painter, first, second)
        radius = glyphs.radius_of(other.type) * scale
        glyphs.paint(painter, other.type, second, radius * 0.7)
        if one.type is not other.type:
            _plate(painter, second, radius, "\u2260")
    for seen in shown.alone:
        _alone(painter, seen, view, scale)
    if shown.chosen is not None and shown.chosen in shown.alone:
        at = view.to_widget(shown.chosen.annotation.at)
        radius = glyphs.radius_of(shown.chosen.annotation.type) * scale + AROUND
        glyphs.paint_selected(painter, at, radius + 1)
    painter.restore()


def _alone(painter: QPainter, seen: Seen, view: View, scale: float) -> None:
    at = view.to_widget(seen.annotation.at)
    radius = glyphs.radius_of(seen.annotation.type) * scale
    if not seen.first:
        glyphs.paint(painter, seen.annotation.type, at, radius)
    frame = radius + AROUND
    box = QRectF(at.x() - frame, at.y() - frame, 2 * frame, 2 * frame)
    dark = QColor(theme.lesion("casing"))
    for colour, width in ((dark, 4.0), (_ink(first=seen.first), 2.0)):
        pen = QPen(colour, width)
        if width < 3 and not seen.first:
            pen.setDashPattern(list(_DASH))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Shape tells the readers apart, not the colour alone.
        if seen.first:
            painter.drawEllipse(box)
        else:
            painter.drawRect(box)
    _plate(painter, at, frame, "1" if seen.first else "2")


def _ink(*, first: bool) -> QColor:
    return QColor(theme.lesion("SC")) if first else QColor(theme.fixed("dark", "accent"))


def _line(painter: QPainter, first: QPointF, second: QPointF) -> None:
    for colour, width in ((QColor(theme.lesion("casing")), 3.5), (theme.lesion("SC"), 1.5)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(first, second)


def _plate(painter: QPainter, at: QPointF, side: float, text: str) -> None:
    font = theme.font("overline", 700)
    metrics = QFontMetricsF(font)
    wide = max(metrics.horizontalAdvance(text) + 6, 14.0)
    plate = QRectF(at.x() + side - 4, at.y() - side - metrics.height() + 4, wide, metrics.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.lesion("casing")))
    painter.drawRoundedRect(plate, 3, 3)
    painter.setFont(font)
    painter.setPen(QColor(theme.lesion("SC")))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
