"""The marks of one photo in arrays: culling and hit tests cost the same for one as for thousands."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

import numpy as np
from numpy.typing import NDArray

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import LesionType, Point
from workstation.presenters.canvas import Mark, MarkChanges
from workstation.ui.photo.glyphs import radius_of

TYPES = tuple(LesionType)
_NUMBER = {kind: i for i, kind in enumerate(TYPES)}
_RADII = [radius_of(kind) for kind in TYPES]
_LARGEST = max(_RADII)
# Counted types lie on top of scars and dark marks, references below everything.
_GROW = 256


class Marks:
    """Rows of (x, y, type, reference) in photo pixels, by annotation."""

    def __init__(self) -> None:
        self._xy: NDArray[np.float64] = np.empty((_GROW, 2))
        self._kind: NDArray[np.int16] = np.empty(_GROW, np.int16)
        self._code: NDArray[np.int16] = np.empty(_GROW, np.int16)  # negative: drawn first
        self._ids: list[AnnotationId] = []
        self._row: dict[AnnotationId, int] = {}
        self._marks: dict[AnnotationId, Mark] = {}
        self._extended: dict[AnnotationId, Mark] = {}
        self.version = 0  # another one after each change

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._row

    @property
    def ids(self) -> tuple[AnnotationId, ...]:
        """All marks, in no particular order."""
        return tuple(self._ids)

    def get(self, id_: AnnotationId) -> Mark | None:
        """One mark."""
        return self._marks.get(id_)

    @property
    def extended(self) -> tuple[Mark, ...]:
        """Marks that are more than a point: discs and borders."""
        return tuple(self._extended.values())

    def apply(self, changes: MarkChanges) -> None:
        """Take a change set."""
        self.version += 1
        if changes.reset:
            self._ids.clear()
            self._row.clear()
            self._marks.clear()
            self._extended.clear()
        for id_ in changes.removed:
            self._remove(id_)
        for mark in changes.put:
            self._put(mark)

    def within(self, left: float, top: float, right: float, bottom: float) -> NDArray[np.intp]:
        """Rows inside a rectangle of the photo."""
        xy = self._xy[: len(self)]
        seen = (xy[:, 0] >= left) & (xy[:, 0] <= right) & (xy[:, 1] >= top) & (xy[:, 1] <= bottom)
        return np.flatnonzero(seen)

    def spots(self, across: tuple[float, float], down: tuple[float, float]) -> NDArray[np.float64]:
        """Widget positions of all marks, n x 2; ``across`` and ``down`` as for ``drawn``."""
        return self._xy[: len(self)] * (across[0], down[0]) + (across[1], down[1])

    def drawn(
        self, rows: NDArray[np.intp], across: tuple[float, float], down: tuple[float, float]
    ) -> tuple[list[int], list[float], list[float]]:
        """Kind codes (type number, plus 100 for references) and widget positions, back to front.

        ``across`` and ``down`` are the factor and offset that turn photo pixels into widget points.
        """
        code = self._code[rows]
        order = code.argsort(kind="stable")
        xy = self._xy[rows[order]]
        x, y = xy[:, 0] * across[0] + across[1], xy[:, 1] * down[0] + down[1]
        return (-code[order]).tolist(), x.tolist(), y.tolist()

    def hit(self, at: Point, zoom: float, scale: float, least: float) -> AnnotationId | None:
        """The nearest mark whose glyph (or ``least`` logical pixels around it) holds the point."""
        if not self._ids:
            return None
        xy = self._xy[: len(self)]
        most = max(_LARGEST * scale, least) / zoom
        rows = np.flatnonzero((np.abs(xy[:, 0] - at.x) <= most) & (np.abs(xy[:, 1] - at.y) <= most))
        found: tuple[float, int] | None = None
        for row in rows.tolist():
            x, y = xy[row].tolist()
            away = hypot(x - at.x, y - at.y) * zoom
            if away <= max(_RADII[self._kind[row]] * scale, least):
                found = min(found, (away, row)) if found is not None else (away, row)
        return self._ids[found[1]] if found is not None else None

    def inside(self, polygon: Iterable[Point]) -> tuple[AnnotationId, ...]:
        """Marks inside a lasso, even-odd."""
        corners = np.array([(p.x, p.y) for p in polygon])
        if len(corners) < 3 or not self._ids:
            return ()
        x, y = self._xy[: len(self), 0], self._xy[: len(self), 1]
        found = np.zeros(len(self), np.bool_)
        ends = np.roll(corners, 1, axis=0)
        for (x1, y1), (x2, y2) in zip(corners, ends, strict=True):
            if y1 == y2:
                continue
            crosses = (y1 > y) != (y2 > y)
            found ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
        return tuple(self._ids[i] for i in np.flatnonzero(found))

    def _put(self, mark: Mark) -> None:
        row = self._row.get(mark.id)
        if row is None:
            row = len(self._ids)
            if row == len(self._xy):
                self._xy = np.concatenate([self._xy, np.empty_like(self._xy)])
                self._kind = np.concatenate([self._kind, np.empty_like(self._kind)])
                self._code = np.concatenate([self._code, np.empty_like(self._code)])
            self._ids.append(mark.id)
            self._row[mark.id] = row
        self._xy[row] = (mark.x, mark.y)
        self._kind[row] = number = _NUMBER[mark.type]
        self._code[row] = -(number + (100 if mark.reference else 0))
        self._marks[mark.id] = mark
        if mark.radius is not None or mark.border:
            self._extended[mark.id] = mark
        else:
            self._extended.pop(mark.id, None)

    def _remove(self, id_: AnnotationId) -> None:
        row = self._row.pop(id_, None)
        if row is None:
            return
        del self._marks[id_]
        self._extended.pop(id_, None)
        last = len(self._ids) - 1
        if row != last:
            moved = self._ids[last]
            self._ids[row] = moved
            self._row[moved] = row
            self._xy[row] = self._xy[last]
            self._kind[row] = self._kind[last]
            self._code[row] = self._code[last]
        self._ids.pop()
