"""Texts on dark plates over the photo: zone labels, chips, lengths. Drawn once, stamped many times."""

from __future__ import annotations

import math
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap, QPolygonF, QRegion

from workstation.domain.lesions import Point, ZoneId
from workstation.presenters.canvas import ZoneLabel
from workstation.ui.photo.view import View
from workstation.ui.theme import theme
from workstation.ui.widgets import wrap_lines

CLEAR = 24.0  # nothing is drawn nearer to the pointer than this
LABEL, CHIP = ("overline", 9.0), ("bodyMedium", 4.0)  # font role and corner of a plate
_KEPT = 500  # stamps and widths; past this all are made anew
_OPACITY, _QUIET = 0.82, 0.92
_BELOW = frozenset({ZoneId.CHIN, ZoneId.JAW_NECK})
_BESIDE = frozenset({ZoneId.LEFT_CHEEK, ZoneId.RIGHT_CHEEK})

K = TypeVar("K")
V = TypeVar("V")

_stamps: dict[tuple[object, ...], QPixmap] = {}
_sizes: dict[tuple[str, str], QSizeF] = {}
_chips: dict[tuple[tuple[str, ...], float], tuple[Plate, ...]] = {}
_boxes: dict[int, tuple[tuple[Point, ...], tuple[float, ...], QRectF]] = {}


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
        size = _size(text, CHIP[0]) + QSizeF(20, 8)
        plates.append(Plate(text, QRectF(QPointF(12, top), size), quiet=False))
        top += size.height() + 6
    _trim(_chips)
    _chips[key] = tuple(plates)
    return plates


def label_plates(labels: Iterable[ZoneLabel], view: View, taken: Sequence[QRectF]) -> list[Plate]:
    """Zone labels beside their outlines, inside the canvas, none upon another."""
    return _LABELLED.of(tuple(labels), view, tuple(taken))


class _Labelled:
    """The last plates, for as long as texts of the same size stand in the same places."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._outlines: tuple[object, ...] = ()
        self._places: tuple[QRectF | None, ...] = ()

    def of(
        self, labels: tuple[ZoneLabel, ...], view: View, taken: tuple[QRectF, ...]
    ) -> list[Plate]:
        sizes = tuple([_size(label.text, LABEL[0]).toTuple() for label in labels])
        photo = (
            view.x,
            view.y,
            view.zoom,
            view.mirrored,
            view.area.toTuple(),
            view.photo.toTuple(),
        )
        key = (sizes, photo, tuple([rect.getRect() for rect in taken]))
        outlines = tuple([label.polygon for label in labels])
        same = len(outlines) == len(self._outlines) and all(map(is_, outlines, self._outlines))
        if not same or key != self._key:
            self._key, self._outlines = key, outlines
            self._places = tuple(_label_places(labels, view, taken))
        return [
            Plate(label.text, QRectF(place), quiet=not label.owned)
            for label, place in zip(labels, self._places, strict=True)
            if place is not None
        ]


_LABELLED = _Labelled()


def _label_places(
    labels: Iterable[ZoneLabel], view: View, taken: Sequence[QRectF]
) -> list[QRectF | None]:
    places: list[QRectF | None] = []
    used = list(taken)
    loose = 0
    for label in labels:
        size = _size(label.text, LABEL[0]) + QSizeF(16, 6)
        if label.polygon:
            at = _beside(label, view, size)
            if at is None:
                places.append(None)
                continue
        else:
            loose += 1
            at = QPointF(
                view.area.width() - size.width() - 12,
                view.area.height() - loose * (size.height() + 6) - 6,
            )
        rect = QRectF(at, size)
        rect.moveLeft(round(min(max(rect.left(), 6.0), view.area.width() - size.width() - 6)))
        rect.moveTop(round(min(max(rect.top(), 6.0), view.area.height() - size.height() - 6)))
        free = _freed(rect, used, view.area.height())
        if free is not None:
            used.append(free)
        places.append(free)
    return places


def _freed(rect: QRectF, used: Sequence[QRectF], height: float) -> QRectF | None:
    """The nearest free place below, else above; None where the canvas has none."""
    for down in (True, False):
        place = QRectF(rect)
        while (hit := next((u for u in used if u.intersects(place)), None)) is not None:
            place.moveTop(hit.bottom() + 4 if down else hit.top() - place.height() - 4)
        if place.top() >= 0 and place.bottom() <= height:
            return place
    return None


def centred(at: QPointF, text: str) -> Plate:
    """A plate in the look of the chips around a point."""
    size = _size(text, CHIP[0]) + QSizeF(18, 6)
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


def _size(text: str, role: str) -> QSizeF:
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


def _beside(label: ZoneLabel, view: View, size: QSizeF) -> QPointF | None:
    box = _box(label.polygon, view)
    if not box.intersects(QRectF(QPointF(0, 0), view.area)):
        return None
    if label.zone in _BESIDE:
        # The label of a cheek stands off the face: the patient's right is the photo's left.
        left = label.zone is ZoneId.RIGHT_CHEEK
        x = box.left() - size.width() + 18 if left else box.right() - 18
        return QPointF(x, box.top() + box.height() * 0.16)
    if label.zone in _BELOW:
        return QPointF(box.center().x() - size.width() / 2, box.bottom() - size.height() / 2)
    return QPointF(box.center().x() - size.width() / 2, box.top() - size.height() / 2)


def _box(polygon: tuple[Point, ...], view: View) -> QRectF:
    """Where a polygon lies on the canvas; kept while neither it nor the photo moves."""
    place = (view.x, view.y, view.zoom, float(view.mirrored), view.photo.width())
    known = _boxes.get(id(polygon))
    if known is not None and known[0] is polygon and known[1] == place:
        return known[2]
    box = outline(polygon, view).boundingRect()
    _trim(_boxes)
    _boxes[id(polygon)] = polygon, place, box
    return box


def _trim(kept: MutableMapping[K, V]) -> None:
    if len(kept) >= _KEPT:
        kept.clear()


def _forget() -> None:
    _stamps.clear()
    _sizes.clear()
    _chips.clear()


theme.theme_changed.connect(_forget)
