"""Chips and zone labels over the photo: which can be read now, and where an edit changed them.

One lesion more changes the number in one label. Then the squares of the annotations and the places
of such labels are all that is painted; anything else that a state changes paints the whole canvas.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF

from workstation.presenters.assess_state import AssessState
from workstation.ui.assess import placing, plates
from workstation.ui.photo.marks import Marks
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

_Placed = tuple[str, bool, tuple[float, float, float, float]]


class Readings:
    """The plates of one canvas: worked out for a state, and remembered as they were drawn."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._state: AssessState | None = None
        self._found: tuple[list[plates.Plate], list[plates.Plate]] = ([], [])
        self._drawn: frozenset[_Placed] = frozenset()

    def now(
        self,
        state: AssessState,
        view: View,
        taken: Sequence[QRectF],
        places: Sequence[QPointF | None],
        marks: Marks,
        away: plates.Plate | None = None,
    ) -> tuple[list[plates.Plate], list[plates.Plate]]:
        """(labels, chips) that keep off what is ``taken`` and off the ``places`` looked at.

        Labels stand beside ``away``, the way to what is selected out of sight, and keep off
        ``marks`` where they can.
        """
        where = [(at.x(), at.y()) for at in places if at is not None]
        beside = () if away is None else (away.rect,)
        lying = (view.x, view.y, view.zoom, view.mirrored, *view.area.toTuple(), theme.text_scale)
        rects = (*(rect.getRect() for rect in taken), None, *(rect.getRect() for rect in beside))
        key = (*lying, marks.version, *where, None, *rects)
        if state is self._state and key == self._key:
            return self._found
        chips = plates.chip_plates(state.chips, view.area.width())
        labels: list[plates.Plate] = []
        if not state.tools.hidden and state.tools.zones:
            spots = marks.spots(view.across, (view.zoom, view.y))
            labels = placing.label_plates(
                state.labels, view, [*(c.rect for c in chips), *beside], spots
            )
        free = [[p for p in some if _free(p, taken, where)] for some in (labels, chips)]
        self._state, self._key, self._found = state, key, (free[0], free[1])
        return self._found

    def keep(self, drawn: tuple[list[plates.Plate], list[plates.Plate]]) -> None:
        """These stand on the canvas now."""
        self._drawn = _placed(drawn)

    def changed(self, wanted: tuple[list[plates.Plate], list[plates.Plate]]) -> list[QRect]:
        """Where the canvas shows others than ``wanted``."""
        differing = self._drawn ^ _placed(wanted)
        return [QRectF(*rect).toAlignedRect() for _, _, rect in differing]


def alike(before: AssessState | None, after: AssessState | None) -> bool:
    """Whether two states differ on the canvas in marks and in words of plates at most."""
    if before is None or after is None or before is after:
        return False
    if before.photo is None or after.photo is None or before.photo.id != after.photo.id:
        return False
    if before.selection or after.selection or after.linking:
        return False
    same = (
        before.tools == after.tools
        and before.mirrored == after.mirrored
        and before.midline == after.midline
        and before.mm_per_px == after.mm_per_px
        and not after.tools.hidden
    )
    if not same or len(before.labels) != len(after.labels):
        return False
    return all(
        old.polygon is new.polygon and old.owned == new.owned and old.zone is new.zone
        for old, new in zip(before.labels, after.labels, strict=True)
    )


def _placed(found: tuple[list[plates.Plate], list[plates.Plate]]) -> frozenset[_Placed]:
    return frozenset((p.text, p.quiet, _box(p.rect)) for some in found for p in some)


def _box(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.x(), rect.y(), rect.width(), rect.height()


def _free(
    plate: plates.Plate, taken: Sequence[QRectF], places: Sequence[tuple[float, float]]
) -> bool:
    """Whether a plate can be read whole and keeps off the places that are looked at."""
    if places:
        left, top, wide, high = _box(plate.rect)
        left, top = left - plates.CLEAR, top - plates.CLEAR
        right, bottom = left + wide + 2 * plates.CLEAR, top + high + 2 * plates.CLEAR
        if any(left <= x <= right and top <= y <= bottom for x, y in places):
            return False
    return not any(plate.rect.intersects(rect) for rect in taken)
