"""Proposals on the photo: white corner brackets with the type's number, and the selected one's note."""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from workstation.presenters.assist_state import AssistShown, Proposed, is_likely
from workstation.presenters.tools import row_of
from workstation.ui.assess import overlay, placing, plates
from workstation.ui.photo import glyphs
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

SMALLEST = 9.0  # half a bracket, logical pixels
ROOM = 1.15  # brackets stand this many radii off the middle
HIT = 12.0
_QUIET = 0.62


def half(proposed: Proposed, view: View) -> float:
    """Half the side of a proposal's brackets on the canvas."""
    return max(proposed.radius * ROOM * view.zoom, SMALLEST)


def hit(shown: AssistShown, view: View, at: QPointF) -> Proposed | None:
    """The proposal under a canvas point: the nearest whose brackets hold it."""
    found: list[tuple[float, Proposed]] = []
    for proposed in shown.proposals:
        middle = view.to_widget(proposed.at)
        away = hypot(middle.x() - at.x(), middle.y() - at.y())
        if away <= max(half(proposed, view), HIT):
            found.append((away, proposed))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def paint(painter: QPainter, shown: AssistShown, view: View) -> QRectF | None:
    """Draw every proposal, the likely ones last, and the note of the selected one; its place."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    seen = QRectF(QPointF(0, 0), view.area).adjusted(-60, -60, 60, 60)
    chosen = shown.selected
    for proposed in sorted(shown.proposals, key=lambda p: p.likelihood):
        at = view.to_widget(proposed.at)
        if seen.contains(at):
            _brackets(painter, at, half(proposed, view), quiet=not is_likely(proposed.likelihood))
    for proposed in shown.proposals:
        at = view.to_widget(proposed.at)
        if seen.contains(at):
            _number(painter, at, half(proposed, view), proposed)
    if chosen is not None:
        at, side = view.to_widget(chosen.at), half(chosen, view) + 5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.lesion("casing")), 4))
        frame = QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side)
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(QPen(theme.fixed("dark", "accent"), 2))
        painter.drawRoundedRect(frame, 4, 4)
        if QRectF(QPointF(0, 0), view.area).contains(at):
            return _note(painter, shown.note, at, side, view)
        away = placing.pointing(shown.note[0], at, view.area, ())
        if away is not None:
            plates.paint_plates(painter, (away,), plates.CHIP)
            return away.rect
    return None


def _brackets(painter: QPainter, at: QPointF, side: float, *, quiet: bool) -> None:
    ink = QColor(theme.fixed("dark", "text3") if quiet else theme.lesion("SC"))
    dark = QColor(theme.lesion("casing"))
    dark.setAlphaF(0.75)
    arm = max(4.0, side * 0.45)
    for colour, width in ((dark, 4.0), (ink, 1.8)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap if width < 3 else Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for sx in (-1, 1):
            for sy in (-1, 1):
                corner = QPointF(at.x() + sx * side, at.y() + sy * side)
                painter.drawLine(corner, corner - QPointF(sx * arm, 0))
                painter.drawLine(corner, corner - QPointF(0, sy * arm))


def _number(painter: QPainter, at: QPointF, side: float, proposed: Proposed) -> None:
    font = theme.font("overline", 700)
    text = f"{proposed.key or '?'}"
    metrics = QFontMetricsF(font)
    size = QSizeF(max(metrics.horizontalAdvance(text) + 6, 13), metrics.height())
    plate = QRectF(QPointF(at.x() + side - 3, at.y() - side - size.height() + 4), size)
    back = QColor(theme.lesion("casing"))
    back.setAlphaF(0.86)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(font)
    likely = is_likely(proposed.likelihood)
    ink = glyphs.colour_of(row_of(proposed.type)) if likely else theme.fixed("dark", "text2")
    painter.setPen(QColor(ink))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def _note(
    painter: QPainter, lines: tuple[str, ...], at: QPointF, side: float, view: View
) -> QRectF:
    fonts = [theme.font("bodyStrong"), *(theme.font("caption") for _ in lines[1:])]
    widths = [QFontMetricsF(f).horizontalAdvance(t) for f, t in zip(fonts, lines, strict=True)]
    step = theme.px(overlay.NOTE_LINE)
    size = QSizeF(max(widths) + 26, step * len(lines) + 14)
    rect = overlay.note_rect(at, view.area, None, size)
    overlay.paint_note_line(painter, at, side, rect)
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(rect, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for i, (font, text) in enumerate(zip(fonts, lines, strict=True)):
        painter.setFont(font)
        painter.setPen(theme.colour("text" if i == 0 else "text2"))
        area = QRectF(rect.left() + 13, rect.top() + 7 + i * step, rect.width() - 26, step)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
    return rect
