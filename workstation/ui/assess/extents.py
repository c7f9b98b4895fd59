"""What is drawn to scale over the photo: discs and borders of lesions, the midline, the ruler."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from workstation.domain.lesions import LesionType, Midline, Point
from workstation.presenters.canvas import Mark
from workstation.ui.assess import overlay, plates
from workstation.ui.photo import glyphs
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

GRIP = 5.0
REACH = 11.0  # of a grip of the midline
_LINE = 1.6
_RULER_CLEAR = 26.0


def paint_extents(
    painter: QPainter, marks: Iterable[Mark], view: View, shift: QPointF | None = None
) -> None:
    """Draw the disc or border of each mark that has one, moved by ``shift`` on the canvas."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shift is not None:
        painter.translate(shift)
    for mark in marks:
        painter.setOpacity(glyphs.REFERENCE_OPACITY if mark.reference else 1.0)
        for pen in _pens(mark.type):
            painter.setPen(pen)
            if mark.border:
                painter.drawPolygon(QPolygonF([view.to_widget(p) for p in mark.border]))
            elif mark.radius is not None:
                across = mark.radius * view.zoom
                painter.drawEllipse(view.to_widget(Point(mark.x, mark.y)), across, across)
    painter.restore()


def paint_disc(painter: QPainter, kind: LesionType, at: QPointF, radius: float, text: str) -> None:
    """Draw a disc while its size is being drawn, with what it measures."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in _pens(kind):
        painter.setPen(pen)
        painter.drawEllipse(at, radius, radius)
    _plate(painter, QPointF(at.x(), at.y() - radius - _RULER_CLEAR), text)


def grips(line: Midline, view: View) -> dict[str, QPointF]:
    """Where a midline is taken hold of: its ends, kept in sight, and its middle."""
    ends = {"top": view.to_widget(line.top), "bottom": view.to_widget(line.bottom)}
    whole = (ends["top"] + ends["bottom"]) / 2
    room = QRectF(0, 0, view.area.width(), view.area.height()).adjusted(10, 10, -10, -10)
    held = {
        name: QPointF(
            min(max(p.x(), room.left()), room.right()), min(max(p.y(), room.top()), room.bottom())
        )
        for name, p in ends.items()
    }
    return {"whole": whole, **held}


def paint_midline(painter: QPainter, line: Midline, view: View, *, held: bool) -> None:
    """Draw the midline: long dashes of white on a dark line; grips with the Select tool."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ends = (view.to_widget(line.top), view.to_widget(line.bottom))
    dark, white = QColor(theme.lesion("casing")), QColor(theme.lesion("SC"))
    dark.setAlphaF(0.45)
    white.setAlphaF(0.75)
    dashes = QPen(white, 1.2)
    dashes.setDashPattern([10, 4, 2, 4])
    for pen in (QPen(dark, 2.4), dashes):
        painter.setPen(pen)
        painter.drawLine(*ends)
    if held:
        white.setAlphaF(1.0)
        painter.setPen(QPen(dark, 1.4))
        painter.setBrush(white)
        for place in grips(line, view).values():
            painter.drawEllipse(place, GRIP, GRIP)
    painter.restore()


def paint_plain_midline(painter: QPainter, line: Midline, view: View) -> None:
    """Draw the midline fast, while the photo moves."""
    white = QColor(theme.lesion("SC"))
    white.setAlphaF(0.6)
    painter.setPen(QPen(white, 1))
    painter.drawLine(view.to_widget(line.top), view.to_widget(line.bottom))


def paint_ruler(painter: QPainter, first: QPointF, second: QPointF, text: str) -> None:
    """Draw a measured line with its length beside it, never upon it."""
    painter.save()
    overlay.paint_line(painter, [first, second], closed=False)
    along = second - first
    far = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1.0)
    across = QPointF(-along.y() / far, along.x() / far)
    for end in (first, second):
        overlay.paint_line(painter, [end - across * 6, end + across * 6], closed=False)
    side = across if across.y() < 0 or (across.y() == 0 and across.x() > 0) else -across
    _plate(painter, (first + second) / 2 + side * _RULER_CLEAR, text)
    painter.restore()


def paint_moved(
    painter: QPainter, polygon: Sequence[Point], corner: int, at: QPointF, view: View
) -> None:
    """Draw an outline as it would be with one corner at ``at``."""
    corners = [view.to_widget(p) for p in polygon]
    corners[corner] = at
    overlay.paint_line(painter, corners, closed=True)


def _pens(kind: LesionType) -> tuple[QPen, QPen]:
    casing = QColor(theme.lesion("casing"))
    casing.setAlphaF(glyphs.CASING_OPACITY)
    return QPen(casing, _LINE + 2 * glyphs.CASING), QPen(glyphs.colour_of(kind), _LINE)


def _plate(painter: QPainter, at: QPointF, text: str) -> None:
    plates.paint_plates(painter, [plates.centred(at, text)], plates.CHIP)
