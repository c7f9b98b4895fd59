"""Texts on dark plates over the photo: zone labels, chips, lengths. Drawn once, stamped many times.

Where the labels of zones stand is in ``placing``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap, QPolygonF, QRegion

from workstation.domain.lesions import Point
from workstation.ui.photo.view import View
from workstation.ui.theme import theme
from workstation.ui.widgets import wrap_lines

CLEAR = 24.0  # nothing is drawn nearer to the pointer than this
LABEL, CHIP = ("overline", 9.0), ("bodyMedium", 4.0)  # font role and corner of a plate
_KEPT = 500  # stamps and widths; past this all are made anew
_OPACITY, _QUIET = 0.82, 0.92

K = TypeVar("K")
V = TypeVar("V")

_stamps: dict[tuple[object, ...], QPixmap] = {}
_sizes: dict[tuple[str, str], QSizeF] = {}
_chips: dict[tuple[tuple[str, ...], float], tuple[Plate, ...]] = {}


@dataclass(frozen=True, slots=True)
class Plate:
    """Text on a dark plate, with its place on the canvas."""

    text: str
    rect: QRectF
    quiet: bool


def clear_of(rect: QRectF, pointer: QPointF | None) -> bool:
    """Whether a rectangle keeps its distance from the pointer."""
    if pointer is None:
        return True
    return not rect.adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR).contains(pointer)


def chip_plates(texts: Sequence[str], width: float) -> list[Plate]:
    """The chips at the top left, one below the other; what is too long takes more lines."""
    key = (tuple(texts), width)
    known = _chips.get(key)
    if known is not None:
        return list(known)
    plates = []
    top = 12.0
    font = theme.font(CHIP[0])
    for whole in texts:
        text = "\n".join(wrap_lines(whole, font, max(width - 44, 60)))
        size = room_of(text, CHIP[0]) + QSizeF(20, 8)
        plates.append(Plate(text, QRectF(QPointF(12, top), size), quiet=False))
        top += size.height() + 6
    _trim(_chips)
    _chips[key] = tuple(plates)
    return plates


def centred(at: QPointF, text: str) -> Plate:
    """A plate in the look of the chips around a point."""
    size = room_of(text, CHIP[0]) + QSizeF(18, 6)
    corner = QPointF(round(at.x() - size.width() / 2), round(at.y() - size.height() / 2))
    return Plate(text, QRectF(corner, size), quiet=False)


def outline(polygon: Iterable[Point], view: View) -> QPolygonF:
    """A zone's outline on the canvas."""
    return QPolygonF([view.to_widget(p) for p in polygon])


def paint_plates(
    painter: QPainter,
    plates: Iterable[Plate],
    look: tuple[str, float],
    asked: QRegion | None = None,
) -> None:
    """Draw text plates; of a part that is ``asked`` for those that reach into it."""
    ratio = painter.device().devicePixelRatioF()
    for plate in plates:
        if asked is None or asked.intersects(plate.rect.toAlignedRect()):
            painter.drawPixmap(plate.rect.topLeft(), _stamp(plate, look, ratio))


def _stamp(plate: Plate, look: tuple[str, float], ratio: float) -> QPixmap:
    size = plate.rect.size()
    key = (plate.text, plate.quiet, size.width(), size.height(), look, ratio)
    known = _stamps.get(key)
    if known is None:
        _trim(_stamps)
        known = _stamps[key] = _draw(plate, look, ratio)
    return known


def _draw(plate: Plate, look: tuple[str, float], ratio: float) -> QPixmap:
    role, radius = look
    size = plate.rect.size()
    picture = QPixmap((size * ratio).toSize())
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(role))
    painter.setOpacity(_QUIET if plate.quiet else 1.0)
    back = QColor(theme.fixed("light", "text"))
    back.setAlphaF(_OPACITY)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    rect = QRectF(QPointF(0, 0), size)
    corner = min(radius, size.height() / 2)
    painter.drawRoundedRect(rect, corner, corner)
    painter.setPen(theme.fixed("light", "surface"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, plate.text)
    painter.end()
    return picture


def room_of(text: str, role: str) -> QSizeF:
    """Room of a text in whole pixels, so that a stamped plate is as sharp as a drawn one."""
    key = (text, role)
    known = _sizes.get(key)
    if known is None:
        metrics, lines = QFontMetricsF(theme.font(role)), text.split("\n")
        wide = max(metrics.horizontalAdvance(line) for line in lines)
        high = metrics.height() + metrics.lineSpacing() * (len(lines) - 1)
        size = QSizeF(math.ceil(wide), math.ceil(high))
        _trim(_sizes)
        known = _sizes[key] = size
    return known


def _trim(kept: MutableMapping[K, V]) -> None:
    if len(kept) >= _KEPT:
        kept.clear()


def _forget() -> None:
    _stamps.clear()
    _sizes.clear()
    _chips.clear()


theme.theme_changed.connect(_forget)
