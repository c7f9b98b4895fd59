"""Where plates stand on the canvas: zone labels beside their outlines, and the way to what is selected.

A label keeps off bars, chips and other labels, and off annotations as long as there is a place near
its outline that covers fewer of them. It moves on when another annotation comes to lie under it, and
stays where it is otherwise; among very many there is no such place, and nothing is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot
from operator import is_

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from workstation.domain.lesions import ZoneId
from workstation.presenters.canvas import ZoneLabel
from workstation.ui.assess.plates import CHIP, LABEL, Plate, outline, room_of
from workstation.ui.photo.view import View

MANY = 150  # annotations
REACH = 9.0  # logical pixels around the middle of an annotation that a label keeps free
_EDGE, _FURTHER = 6.0, 12.0  # from the canvas's edge: labels, and the way to what is out of sight
_BELOW = frozenset({ZoneId.CHIN, ZoneId.JAW_NECK})
_BESIDE = frozenset({ZoneId.LEFT_CHEEK, ZoneId.RIGHT_CHEEK})
# Steps aside of a label that would cover annotations, in its own widths and heights; near ones first.
_ASIDE = sorted(
    ((x * 0.6, y * 1.25) for x in range(-2, 3) for y in range(-3, 4)),
    key=lambda step: (hypot(step[0] * 3, step[1]), step),
)
_ARROWS = (("\u2196", "\u2191", "\u2197"), ("\u2190", "", "\u2192"), ("\u2199", "\u2193", "\u2198"))
Spots = NDArray[np.float64]  # n x 2: middles of annotations on the canvas
NO_SPOTS: Spots = np.empty((0, 2))


def label_plates(
    labels: Iterable[ZoneLabel], view: View, taken: Sequence[QRectF], spots: Spots = NO_SPOTS
) -> list[Plate]:
    """Zone labels beside their outlines, inside the canvas, none upon another."""
    return _LABELLED.of(tuple(labels), view, tuple(taken), spots)


def pointing(text: str, at: QPointF, area: QSizeF, taken: Sequence[QRectF]) -> Plate | None:
    """What is selected at ``at`` outside the canvas: its name at the edge, with an arrow to it."""
    across = (at.x() > area.width()) - (at.x() < 0)
    down = (at.y() > area.height()) - (at.y() < 0)
    said = f"{_ARROWS[down + 1][across + 1]} {text}"
    rect = QRectF(QPointF(0, 0), room_of(said, CHIP[0]) + QSizeF(20, 8))
    rect.moveCenter(QPointF(min(max(at.x(), 0), area.width()), min(max(at.y(), 0), area.height())))
    free = _freed(_inside(rect, area, _FURTHER), taken, area.height())
    return None if free is None else Plate(said, free, quiet=False)


class _Labelled:
    """The last plates, for as long as texts of the same size stand in the same places."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._outlines: tuple[object, ...] = ()
        self._photo: tuple[object, ...] = ()
        self._boxes: tuple[QRectF, ...] = ()
        self._natural: tuple[QRectF | None, ...] = ()
        self._places: tuple[QRectF | None, ...] = ()
        self._aside: tuple[QRectF | None, ...] = ()  # off annotations
        self._seen: tuple[list[int], list[int]] = ([], [])  # how many lay under both

    def of(
        self, labels: tuple[ZoneLabel, ...], view: View, taken: tuple[QRectF, ...], spots: Spots
    ) -> list[Plate]:
        sizes = tuple([room_of(label.text, LABEL[0]).toTuple() for label in labels])
        photo = (
            view.x,
            view.y,
            view.zoom,
            view.mirrored,
            view.area.toTuple(),
            view.photo.toTuple(),
        )
        key = (sizes, tuple([rect.getRect() for rect in taken]))
        outlines = tuple([label.polygon for label in labels])
        same = len(outlines) == len(self._outlines) and all(map(is_, outlines, self._outlines))
        still = same and photo == self._photo
        if not still:
            self._outlines, self._photo = outlines, photo
            self._boxes = tuple([outline(polygon, view).boundingRect() for polygon in outlines])
        if not still or key != self._key:
            self._key = key
            self._natural = tuple(_natural(labels, self._boxes, view.area))
            self._places = tuple(_placed(self._natural, view.area, taken, NO_SPOTS))
            self._aside = ()
        places = self._places if len(spots) > MANY else self._off(spots, view.area, taken)
        return [
            Plate(label.text, QRectF(place), quiet=not label.owned)
            for label, place in zip(labels, places, strict=True)
            if place is not None
        ]

    def _off(
        self, spots: Spots, area: QSizeF, taken: Sequence[QRectF]
    ) -> tuple[QRectF | None, ...]:
        """The places, off annotations."""
        under = _covered(_there(self._places), spots)
        if not any(under):
            return self._places
        if not self._aside or (under, _covered(_there(self._aside), spots)) != self._seen:
            self._aside = tuple(_placed(self._natural, area, taken, spots))
            self._seen = under, _covered(_there(self._aside), spots)
        return self._aside


_LABELLED = _Labelled()


def _there(places: Iterable[QRectF | None]) -> list[QRectF]:
    return [place for place in places if place is not None]


def _natural(
    labels: Iterable[ZoneLabel], boxes: Iterable[QRectF], area: QSizeF
) -> list[QRectF | None]:
    """Where each label would stand if it were alone; None where its zone is out of sight."""
    places: list[QRectF | None] = []
    loose = 0
    for label, box in zip(labels, boxes, strict=True):
        size = room_of(label.text, LABEL[0]) + QSizeF(16, 6)
        if label.polygon:
            at = _beside(label.zone, box, area, size)
        else:
            loose += 1
            at = QPointF(
                area.width() - size.width() - 12,
                area.height() - loose * (size.height() + 6) - 6,
            )
        places.append(None if at is None else _inside(QRectF(at, size), area, _EDGE))
    return places


def _placed(
    natural: Iterable[QRectF | None], area: QSizeF, taken: Sequence[QRectF], spots: Spots
) -> list[QRectF | None]:
    places: list[QRectF | None] = []
    used = list(taken)
    for rect in natural:
        free = None if rect is None else _free(rect, used, area, spots)
        if free is not None:
            used.append(free)
        places.append(free)
    return places


def _free(rect: QRectF, used: Sequence[QRectF], area: QSizeF, spots: Spots) -> QRectF | None:
    """The nearest place that covers no annotation, else the one that covers fewest."""
    first = _freed(rect, used, area.height())
    if first is None or not any(_covered([first], spots)):
        return first
    wide, high = rect.width(), rect.height()
    near = [rect.translated(round(x * wide), round(y * high)) for x, y in _ASIDE]
    near = [
        place
        for place in near
        if _inside(place, area, _EDGE) == place and not any(u.intersects(place) for u in used)
    ]
    places = [*near, first]
    return min(zip(_covered(places, spots), range(len(places)), places, strict=True))[2]


def _freed(rect: QRectF, used: Sequence[QRectF], height: float) -> QRectF | None:
    """The nearest free place below, else above; None where the canvas has none."""
    for down in (True, False):
        place = QRectF(rect)
        while (hit := next((u for u in used if u.intersects(place)), None)) is not None:
            place.moveTop(hit.bottom() + 4 if down else hit.top() - place.height() - 4)
        if place.top() >= 0 and place.bottom() <= height:
            return place
    return None


def _covered(places: Sequence[QRectF], spots: Spots) -> list[int]:
    """How many annotations each place would cover."""
    if not len(spots) or not places:
        return [0] * len(places)
    sides = np.array([place.getCoords() for place in places])
    x, y = spots[:, 0], spots[:, 1]
    left, top, right, bottom = (side[:, None] for side in sides.T)
    inside = (x > left - REACH) & (x < right + REACH) & (y > top - REACH) & (y < bottom + REACH)
    found: list[int] = inside.sum(axis=1).tolist()
    return found


def _inside(rect: QRectF, area: QSizeF, edge: float) -> QRectF:
    """The rectangle moved to whole pixels inside the canvas."""
    moved = QRectF(rect)
    moved.moveLeft(round(min(max(rect.left(), edge), area.width() - rect.width() - edge)))
    moved.moveTop(round(min(max(rect.top(), edge), area.height() - rect.height() - edge)))
    return moved


def _beside(zone: ZoneId, box: QRectF, area: QSizeF, size: QSizeF) -> QPointF | None:
    if not box.intersects(QRectF(QPointF(0, 0), area)):
        return None
    if zone in _BESIDE:
        # The label of a cheek stands off the face: the patient's right is the photo's left.
        left = zone is ZoneId.RIGHT_CHEEK
        x = box.left() - size.width() + 18 if left else box.right() - 18
        return QPointF(x, box.top() + box.height() * 0.16)
    if zone in _BELOW:
        return QPointF(box.center().x() - size.width() / 2, box.bottom() - size.height() / 2)
    return QPointF(box.center().x() - size.width() / 2, box.top() - size.height() / 2)
