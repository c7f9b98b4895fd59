"""Photos with their annotations on paper: shapes that differ without colour, cased in white."""

from __future__ import annotations

import io
import math

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader

from workstation.adapters.documents import fonts
from workstation.adapters.documents.pen import INK, MUTED, RULE, SMALL, Pen, leading
from workstation.adapters.documents.row import Row, gap
from workstation.domain.documents import AnnotatedPhoto, Legend, PhotoRow
from workstation.domain.lesions import LesionType

CASING = 1.1  # points of white on each side of a stroke
STROKE = 1.0
BETWEEN = 12.0  # points between photos side by side
NOT_COUNTED: Color = HexColor(0x6B7682)
WHITE: Color = HexColor(0xFFFFFF)
_RADII = {LesionType.NODULE: 5.0, LesionType.CYST: 5.0, LesionType.OPEN_COMEDONE: 2.4}
_RADIUS = 3.5
_POLYGONS = {  # sides, turn in degrees
    LesionType.PAPULE: (3, 90.0),
    LesionType.NODULE: (6, 0.0),
    LesionType.CYST: (4, 0.0),
}
_CROSSED = "SCAR"  # every kind of scar
_SQUARES = frozenset({LesionType.DARK_MARK, LesionType.ERYTHEMA_MARK})


def rows(block: PhotoRow, room: float) -> list[Row]:
    """Photos as large as the page allows, each with its title and its marks where they were set."""
    count = len(block.photos)
    column = (room - BETWEEN * (count - 1)) / count
    sizes = [_size(photo, column) for photo in block.photos]
    head = leading(SMALL) + 4

    def draw(pen: Pen, left: float, top: float) -> None:
        for number, (photo, (wide, high)) in enumerate(zip(block.photos, sizes, strict=True)):
            x, below = left + number * (column + BETWEEN), top - head
            pen.text(x, top, photo.title.upper(), SMALL, "semibold", MUTED)
            pen.canvas.drawImage(ImageReader(io.BytesIO(photo.jpeg)), x, below - high, wide, high)
            pen.outline(x, below, wide, high, RULE)
            for across, down, code, counted in photo.marks:
                at = x + across * wide, below - down * high
                mark(pen, *at, LesionType(code), INK if counted else NOT_COUNTED)

    return [gap(8), Row(head + max(high for _, high in sizes), draw), gap(6)]


def _size(photo: AnnotatedPhoto, column: float) -> tuple[float, float]:
    """(width, height) of a photo in its column, in points."""
    wide = min(column, photo.tallest * photo.width / photo.height)
    return wide, wide * photo.height / photo.width


def legend(block: Legend, room: float) -> list[Row]:
    """Glyph, name and count of each type, in columns."""
    cell = room / block.columns
    made: list[Row] = []
    for start in range(0, len(block.items), block.columns):
        items = block.items[start : start + block.columns]

        def draw(
            pen: Pen,
            left: float,
            top: float,
            items: tuple[tuple[str, str, int], ...] = items,
        ) -> None:
            for at, (code, name, count) in enumerate(items):
                x = left + at * cell
                mark(pen, x + 6, top - leading(SMALL) / 2, LesionType(code), INK)
                wide = pen.text(x + 15, top, name, SMALL)
                pen.text(x + 15 + wide + 5, top, str(count), SMALL, "semibold")

        for _, name, count in items:
            fonts.width(f"{name} {count}", "regular", SMALL)  # refuses what cannot be drawn
        made.append(Row(leading(SMALL) + 2, draw))
    return [*made, gap(4)]


def mark(pen: Pen, x: float, y: float, kind: LesionType, colour: Color) -> None:
    """One glyph: first its casing, then its stroke."""
    _stroke(pen, x, y, kind, WHITE, STROKE + 2 * CASING)
    _stroke(pen, x, y, kind, colour, STROKE)


def _stroke(pen: Pen, x: float, y: float, kind: LesionType, colour: Color, wide: float) -> None:
    canvas, r = pen.canvas, _RADII.get(kind, _RADIUS)
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(wide)
    if kind is LesionType.OPEN_COMEDONE:
        canvas.circle(x, y, r + (wide - STROKE) / 2, stroke=0, fill=1)
    elif kind is LesionType.CLOSED_COMEDONE:
        canvas.circle(x, y, r, stroke=1, fill=0)
    elif kind is LesionType.PUSTULE:
        canvas.circle(x, y, r, stroke=1, fill=0)
        canvas.circle(x, y, r * 0.36, stroke=0, fill=1)
    elif kind in _POLYGONS:
        _polygon(pen, x, y, r, *_POLYGONS[kind])
    elif kind in _SQUARES:
        canvas.rect(x - r * 0.86, y - r * 0.86, 1.72 * r, 1.72 * r, stroke=1, fill=0)
    elif kind.name.startswith(_CROSSED):
        d = r * 0.78
        canvas.line(x - d, y - d, x + d, y + d)
        canvas.line(x - d, y + d, x + d, y - d)
    elif kind is LesionType.EXCORIATION:
        d = r * 0.7
        canvas.line(x - d, y - d * 0.4, x + d * 0.4, y + d)
        canvas.line(x - d * 0.4, y - d, x + d, y + d * 0.4)
    else:
        canvas.line(x - r * 0.8, y, x + r * 0.8, y)
        canvas.line(x, y - r * 0.8, x, y + r * 0.8)


def _polygon(pen: Pen, x: float, y: float, r: float, sides: int, turn: float) -> None:
    path = pen.canvas.beginPath()
    for i in range(sides):
        angle = math.radians(turn + 360 * i / sides)
        go = path.lineTo if i else path.moveTo
        go(x + r * math.cos(angle), y + r * math.sin(angle))
    path.close()
    pen.canvas.drawPath(path, stroke=1, fill=0)
