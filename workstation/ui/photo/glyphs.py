"""Lesion glyphs as small pictures: one per type, state, size and pixel ratio, drawn once."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from workstation.domain.lesions import SCARS, LesionType
from workstation.presenters.tools import DARK_MARKS
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

REFERENCE_OPACITY = 0.45
CASING_OPACITY = 0.84
CASING = 1.3  # logical pixels on each side of the coloured stroke
DOT_CASING = 1.5
RING_GAP = 7.0  # of the selected ring beyond the radius
RING = 1.5

RADII = {
    LesionType.OPEN_COMEDONE: 6.0,
    LesionType.CLOSED_COMEDONE: 7.0,
    LesionType.PAPULE: 9.0,
    LesionType.PUSTULE: 9.0,
    LesionType.NODULE: 13.0,
    LesionType.CYST: 13.0,
    LesionType.EXCORIATION: 8.0,
    LesionType.OTHER: 8.0,
}
SCAR_RADIUS = DARK_RADIUS = 8.0

WHOLE = 1200.0  # logical pixels of a photo's longer side from which on glyphs are whole
SMALL, STEPS = 0.7, 20  # the least share, and in how many steps of one it grows

_stamps: dict[tuple[LesionType, bool, float, float], QPixmap] = {}


def radius_of(kind: LesionType) -> float:
    """The radius of a type's glyph at 100 %, in logical pixels."""
    if kind in SCARS:
        return SCAR_RADIUS
    if kind in DARK_MARKS:
        return DARK_RADIUS
    return RADII[kind]


def scale_on(view: View) -> float:
    """Size of glyphs against 100 %: smaller on a photo shown small, so that they hide less skin."""
    longer = max(view.photo.width(), view.photo.height()) * view.zoom
    return round(min(1.0, max(SMALL, longer / WHOLE)) * STEPS) / STEPS


def colour_of(kind: LesionType) -> QColor:
    """The colour of a type; types without a key share that of the nearest one with a key."""
    if kind in SCARS:
        return theme.lesion(LesionType.SCAR.value)
    if kind in (LesionType.EXCORIATION, LesionType.OTHER):
        return theme.lesion(LesionType.SCAR.value)
    return theme.lesion(kind.value)


def stamp(kind: LesionType, *, reference: bool, scale: float, ratio: float) -> QPixmap:
    """The glyph at ``scale`` times its size, casing included; its middle is the lesion."""
    key = (kind, reference, scale, ratio)
    known = _stamps.get(key)
    if known is None:
        known = _draw(kind, radius_of(kind) * scale, ratio, reference=reference)
        _stamps[key] = known
    return known


def paint(painter: QPainter, kind: LesionType, at: QPointF, radius: float) -> None:
    """Draw a type's glyph around ``at``: first the dark casing, then the colour."""
    stroke = max(1.6, 0.24 * radius)
    casing = QColor(theme.lesion("casing"))
    casing.setAlphaF(CASING_OPACITY)
    colour = colour_of(kind)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(at)
    if kind is LesionType.OPEN_COMEDONE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(casing)
        painter.drawEllipse(QPointF(0, 0), radius + DOT_CASING, radius + DOT_CASING)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(0, 0), radius, radius)
    else:
        _shape(painter, kind, radius, QPen(casing, stroke + 2 * CASING), CASING)
        _shape(painter, kind, radius, QPen(colour, stroke), 0.0)
    painter.restore()


def paint_selected(painter: QPainter, at: QPointF, radius: float) -> None:
    """The ring of a selected annotation: white with dark hairlines on both sides."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dark = QColor(theme.lesion("casing"))
    dark.setAlphaF(CASING_OPACITY)
    around = radius + RING_GAP
    painter.setPen(QPen(dark, RING + 2))
    painter.drawEllipse(at, around, around)
    painter.setPen(QPen(QColor(theme.lesion("SC")), RING))
    painter.drawEllipse(at, around, around)
    painter.restore()


def _draw(kind: LesionType, radius: float, ratio: float, *, reference: bool) -> QPixmap:
    half = math.ceil(radius + max(1.6, 0.24 * radius) / 2 + CASING + 2)
    side = round(2 * half * ratio)
    picture = QPixmap(side, side)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    middle = QPointF(side / ratio / 2, side / ratio / 2)
    if reference:
        # Opacity is laid on the finished glyph: on the strokes it would show where they cross.
        painter.setOpacity(REFERENCE_OPACITY)
        whole = _draw(kind, radius, ratio, reference=False)
        painter.drawPixmap(QPointF(0, 0), whole)
    else:
        paint(painter, kind, middle, radius)
    painter.end()
    return picture


def _shape(painter: QPainter, kind: LesionType, r: float, pen: QPen, grown: float) -> None:
    """One stroke of a type's outline; ``grown`` is the casing's share of filled parts."""
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = QPointF(0, 0)
    if kind is LesionType.CLOSED_COMEDONE:
        painter.drawEllipse(middle, r, r)
    elif kind is LesionType.PAPULE:
        painter.drawPolygon(_regular(3, r * 1.12, -90, r * 0.14))
    elif kind is LesionType.PUSTULE:
        painter.drawEllipse(middle, r, r)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.color())
        painter.drawEllipse(middle, r * 0.36 + grown, r * 0.36 + grown)
    elif kind is LesionType.NODULE:
        painter.drawPolygon(_regular(6, r, 0))
    elif kind is LesionType.CYST:
        painter.drawPolygon(_regular(4, r * 1.08, 0))
    elif kind in SCARS:
        d = r * 0.78
        painter.drawLine(QPointF(-d, -d), QPointF(d, d))
        painter.drawLine(QPointF(-d, d), QPointF(d, -d))
    elif kind in DARK_MARKS:
        d = r * 0.86
        painter.drawRect(QRectF(-d, -d, 2 * d, 2 * d))
    elif kind is LesionType.EXCORIATION:
        d = r * 0.7
        painter.drawLine(QPointF(-d, d * 0.4), QPointF(d * 0.4, -d))
        painter.drawLine(QPointF(-d * 0.4, d), QPointF(d, -d * 0.4))
    else:
        painter.drawLine(QPointF(-r * 0.8, 0), QPointF(r * 0.8, 0))
        painter.drawLine(QPointF(0, -r * 0.8), QPointF(0, r * 0.8))


def _regular(sides: int, r: float, turn: float, down: float = 0.0) -> QPolygonF:
    return QPolygonF(
        [
            QPointF(
                r * math.cos(math.radians(turn + 360 * i / sides)),
                down + r * math.sin(math.radians(turn + 360 * i / sides)),
            )
            for i in range(sides)
        ]
    )
