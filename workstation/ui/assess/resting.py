"""What rests under the edits, as one picture: photo, outlines and annotations.

Thousands of glyphs and a photo scaled smoothly cost more than a frame has. So the picture is kept;
an annotation that was added, moved, re-typed or removed costs the square that it lies in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPixmap, QPolygonF

from workstation.domain.lesions import Point
from workstation.presenters.canvas import Mark, MarkChanges
from workstation.ui.assess import extents
from workstation.ui.photo import glyphs
from workstation.ui.photo.marks import TYPES, Marks
from workstation.ui.photo.view import View

MOST_REPAIRS = 40  # squares; past this all is drawn anew
MARGIN = 24.0  # logical pixels: more than half of the largest glyph


class Resting:
    """Keeps the picture of ``marks``; told of every change set before the marks take it."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._picture: QPixmap | None = None
        self._key: tuple[object, ...] = ()
        self._changed: list[Mark] = []

    @property
    def kept(self) -> bool:
        """Whether there is a picture to be repaired."""
        return self._picture is not None

    def forget(self) -> None:
        """Draw all anew next time."""
        self._picture = None
        self._changed.clear()

    def take(self, changes: MarkChanges) -> None:
        """Note what a change set will change."""
        if changes.reset or len(changes.put) + len(changes.removed) > MOST_REPAIRS:
            self.forget()
            return
        for id_ in changes.removed:
            self._note(self._marks.get(id_))
        for mark in changes.put:
            self._note(self._marks.get(mark.id))
            self._note(mark)
        if len(self._changed) > MOST_REPAIRS:
            self.forget()

    def squares(self, view: View, scale: float) -> list[QRect]:
        """Where on the canvas the marks changed since the picture was last asked for."""
        return [_square(mark, view, scale).toAlignedRect() for mark in self._changed]

    def picture(
        self, below: tuple[QPixmap, ...], view: View, scale: float, key: tuple[object, ...]
    ) -> QPixmap:
        """The marks over the pictures ``below``, the first of which covers the canvas.

        ``key`` tells where the photo lies and what is below, ``scale`` how large glyphs are.
        """
        key = (*key, scale)
        if self._picture is None or self._key != key:
            self._picture, self._key = below[0].copy(), key
            painter = QPainter(self._picture)
            for layer in below[1:]:
                painter.drawPixmap(0, 0, layer)
            draw_marks(painter, self._marks, view, QRectF(QPointF(0, 0), view.area), scale)
            painter.end()
        elif self._changed:
            painter = QPainter(self._picture)
            for mark in self._changed:
                self._repair(painter, below, view, _square(mark, view, scale), scale)
            painter.end()
        self._changed.clear()
        return self._picture

    def _note(self, mark: Mark | None) -> None:
        if mark is not None:
            self._changed.append(mark)

    def _repair(
        self,
        painter: QPainter,
        below: tuple[QPixmap, ...],
        view: View,
        square: QRectF,
        scale: float,
    ) -> None:
        painter.save()
        painter.setClipRect(square)
        for layer in below:
            painter.drawPixmap(0, 0, layer)
        draw_marks(painter, self._marks, view, square, scale)
        painter.restore()


def draw_marks(painter: QPainter, marks: Marks, view: View, area: QRectF, scale: float) -> None:
    """Draw the marks whose glyphs may show in a part of the canvas."""
    near = area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    ends = (view.to_photo(near.topLeft()), view.to_photo(near.bottomRight()))
    left, right = sorted(p.x for p in ends)
    top, bottom = sorted(p.y for p in ends)
    if marks.extended:
        extents.paint_extents(painter, _reaching(marks.extended, view, area), view)
    rows = marks.within(left, top, right, bottom)
    if not len(rows):
        return
    # Kinds of one code lie together, so the stamp and its middle change a few times only.
    code, half_x, half_y, picture = -1, 0.0, 0.0, QPixmap()
    draw = painter.drawPixmap
    drawn = marks.drawn(rows, view.across, (view.zoom, view.y))
    for kind, x, y in zip(*drawn, strict=True):
        if kind != code:
            code = kind
            picture = glyphs.stamp(
                TYPES[kind % 100], reference=kind >= 100, scale=scale, ratio=view.ratio
            )
            half_x = picture.width() / view.ratio / 2
            half_y = picture.height() / view.ratio / 2
        draw(QPointF(x - half_x, y - half_y), picture)


def _reaching(extended: Iterable[Mark], view: View, area: QRectF) -> list[Mark]:
    return [mark for mark in extended if _extent(mark, view).intersects(area)]


def _extent(mark: Mark, view: View) -> QRectF:
    """Where the disc or border of a mark is drawn, its line included."""
    if mark.border:
        box = QPolygonF([view.to_widget(p) for p in mark.border]).boundingRect()
    else:
        at, across = view.to_widget(Point(mark.x, mark.y)), (mark.radius or 0.0) * view.zoom
        box = QRectF(at.x() - across, at.y() - across, 2 * across, 2 * across)
    return box.adjusted(-4, -4, 4, 4)


def _square(mark: Mark, view: View, scale: float) -> QRectF:
    """Everything that a mark has on the canvas, in whole pixels of the screen."""
    at, half = view.to_widget(Point(mark.x, mark.y)), glyphs.radius_of(mark.type) * scale + 6
    whole = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
    if mark.border or mark.radius is not None:
        whole = whole.united(_extent(mark, view))
    left, top = (math.floor(v * view.ratio) for v in (whole.left(), whole.top()))
    right, bottom = (math.ceil(v * view.ratio) for v in (whole.right(), whole.bottom()))
    return QRectF(QPointF(left, top) / view.ratio, QSizeF(right - left, bottom - top) / view.ratio)
