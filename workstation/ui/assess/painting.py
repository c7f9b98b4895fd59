"""Painting of the photo canvas: photo, outlines, annotations and what lies over them."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QImage,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Point
from workstation.domain.photo import Photo
from workstation.language import tr
from workstation.presenters.assess_state import AssessState, Listed
from workstation.presenters.canvas import length
from workstation.presenters.tools import Adjustment, Tool
from workstation.ui.assess import extents, overlay, placing, plates
from workstation.ui.assess.mouse import Gestures
from workstation.ui.assess.readings import Readings
from workstation.ui.assess.resting import Resting, draw_marks
from workstation.ui.photo import draw, glyphs
from workstation.ui.photo.marks import Marks
from workstation.ui.photo.pyramid import Pyramid
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

CROWD, CROWDED = 120, 0.8  # glyphs shrink when many are in sight
LOUPE_POWER = 4.0


class PaintedCanvas(QWidget):
    """What a canvas shows and how it is painted; gestures and keys are in ``canvas``."""

    gestures: Gestures

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: AssessState | None = None
        # Each paints over the photo and tells where nothing else may stand.
        self.layers: list[Callable[[QPainter], QRectF | None]] = []
        self.bars: list[QWidget] = []  # that may lie over the photo
        self.marks = Marks()
        self.resting = Resting(self.marks)
        self.view = View(QSizeF(0, 0), QSizeF(self.size()))
        self.pyramid: Pyramid | None = None
        self.pointer: QPointF | None = None
        self.crosshair: Point | None = None
        self.loupe = False
        self.loupe_power = LOUPE_POWER
        self.problem = ""
        self._photo: Photo | None = None
        self._moving = False
        self._arriving = False  # the first frame of another photo leaves the dashes to the next
        self._blink = frozenset[AnnotationId]()
        self._outlines: QPixmap | None = None
        self._outlines_key: tuple[object, ...] = ()
        self._adjusted: tuple[QRectF, QImage] | None = None
        self._adjusted_key: tuple[object, ...] = ()
        self._at_rest: QPixmap | None = None  # the photo alone
        self._at_rest_key: tuple[object, ...] = ()
        self.ruler: tuple[Point, Point] | None = None
        self.readings = Readings()
        self._kept: list[QRectF] = []  # where layers let nothing else stand

    @property
    def hidden_marks(self) -> bool:
        """Whether annotations are hidden now."""
        return self.state is not None and self.state.tools.hidden

    @property
    def glyph_scale(self) -> float:
        """Size of the glyphs against 100 %."""
        scale = glyphs.scale_on(self.view) * theme.marker_scale
        return scale * CROWDED if len(self.marks) > CROWD else scale

    def listed(self) -> tuple[Listed, ...]:
        """The annotations of the photo as a list says them."""
        return ()

    def choose(self, ids: tuple[AnnotationId, ...]) -> None:
        """Select annotations, as a screen reader does."""

    def ruler_text(self, first: Point, second: Point) -> str:
        """What a line between two photo points measures."""
        scale = self.state.mm_per_px if self.state is not None else None
        return length(hypot(second.x - first.x, second.y - first.y), scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint one frame."""
        painter = QPainter(self)
        state, photo, pyramid = self.state, self._photo, self.pyramid
        if state is None or photo is None or pyramid is None:
            self._at_rest = None
            painter.fillRect(event.rect(), theme.fixed("light", "canvas"))
        elif self._moving or self._arriving:
            painter.fillRect(event.rect(), theme.fixed("light", "canvas"))
            self._paint_moving(painter, state, pyramid, photo)
        elif state.tools.hidden:
            painter.drawPixmap(0, 0, self._photo_at_rest(state, pyramid, photo))
        else:
            painter.drawPixmap(0, 0, self._all_at_rest(state, pyramid, photo))
        if state is not None and photo is not None:
            if pyramid is None:
                self._paint_waiting(painter, self.problem or tr("Opening the photo"))
            if not state.tools.hidden:
                if pyramid is None and not self.problem:
                    self._paint_plain(painter, state)
                for id_ in self.gestures.dragged:
                    self._paint_dragged(painter, id_, self.glyph_scale)
            kept = [] if state.tools.hidden else [paint(painter) for paint in self.layers]
            self._kept = [rect for rect in kept if rect is not None]
            self._paint_over(painter, state, event.region())
        elif state is not None:
            self._paint_waiting(painter, tr("No photos were supplied"))
        painter.end()

    def _paint_waiting(self, painter: QPainter, text: str) -> None:
        painter.setFont(theme.font("body"))
        painter.setPen(theme.fixed("dark", "text2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_moving(
        self, painter: QPainter, state: AssessState, pyramid: Pyramid, photo: Photo
    ) -> None:
        """A frame of a gesture: fast, the rest is drawn anew when it comes to rest."""
        self._at_rest = None
        self.resting.forget()
        adjustment, smooth = state.tools.adjustment, not self._moving
        if adjustment.is_neutral:
            draw.paint_photo(painter, pyramid, photo.width, self.view, adjustment, smooth=smooth)
        else:
            part = self._adjusted_part(adjustment, pyramid, photo, smooth=smooth)
            if part is not None:
                painter.drawImage(*part)
        if not state.tools.hidden:
            self._paint_plain(painter, state)

    def _paint_plain(self, painter: QPainter, state: AssessState) -> None:
        """Outlines without dashes, and the marks in sight."""
        if state.tools.zones:
            overlay.paint_plain_outlines(painter, state.labels, self.view)
            if state.midline is not None and self.gestures.midline is None:
                extents.paint_plain_midline(painter, state.midline, self.view)
        area = QRectF(QPointF(0, 0), self.view.area)
        draw_marks(painter, self.marks, self.view, area, self.glyph_scale)

    def _adjusted_part(
        self, adjustment: Adjustment, pyramid: Pyramid, photo: Photo, *, smooth: bool
    ) -> tuple[QRectF, QImage] | None:
        """Adjusting costs more than a frame has: done once for each place and setting."""
        key = (*self._place(), id(pyramid), adjustment, smooth)
        if self._adjusted is None or self._adjusted_key != key:
            self._adjusted_key = key
            self._adjusted = draw.adjusted_part(
                pyramid, photo.width, self.view, adjustment, smooth=smooth
            )
        return self._adjusted

    def _photo_at_rest(self, state: AssessState, pyramid: Pyramid, photo: Photo) -> QPixmap:
        """The photo where it rests, scaled smoothly once: edits paint over it many times."""
        adjustment = state.tools.adjustment
        key = (*self._place(), id(pyramid), adjustment)
        if self._at_rest is None or self._at_rest_key != key:
            layer = QPixmap((QSizeF(self.size()) * self.view.ratio).toSize())
            layer.setDevicePixelRatio(self.view.ratio)
            layer.fill(theme.fixed("light", "canvas"))
            inner = QPainter(layer)
            if adjustment.is_neutral:
                self._adjusted = None
                draw.paint_photo(inner, pyramid, photo.width, self.view, adjustment, smooth=True)
            else:
                part = self._adjusted_part(adjustment, pyramid, photo, smooth=True)
                if part is not None:
                    inner.drawImage(*part)
            inner.end()
            self._at_rest, self._at_rest_key = layer, key
        return self._at_rest

    def _all_at_rest(self, state: AssessState, pyramid: Pyramid, photo: Photo) -> QPixmap:
        below = [self._photo_at_rest(state, pyramid, photo)]
        if state.tools.zones:
            below.append(self._outlines_at_rest(state))
        key = tuple(layer.cacheKey() for layer in below)
        return self.resting.picture(tuple(below), self.view, self.glyph_scale, key)

    def _outlines_at_rest(self, state: AssessState) -> QPixmap:
        """Dashes cost more than everything else: drawn once, kept until something moves."""
        line = None if self.gestures.midline is not None else state.midline
        corners = state.tools.tool is Tool.SELECT
        key = (*self._place(), corners, line, tuple((z.polygon, z.owned) for z in state.labels))
        if self._outlines is None or self._outlines_key != key:
            layer = QPixmap((QSizeF(self.size()) * self.view.ratio).toSize())
            layer.setDevicePixelRatio(self.view.ratio)
            layer.fill(Qt.GlobalColor.transparent)
            inner = QPainter(layer)
            overlay.paint_outlines(inner, state.labels, self.view, corners=corners)
            if line is not None:
                extents.paint_midline(inner, line, self.view, held=corners)
            inner.end()
            self._outlines, self._outlines_key = layer, key
        return self._outlines

    def _place(self) -> tuple[float, ...]:
        view = self.view
        size = (self.width(), self.height())
        return (view.x, view.y, view.zoom, view.ratio, *size, float(view.mirrored))

    def _paint_dragged(self, painter: QPainter, id_: AnnotationId, scale: float) -> None:
        mark = self.marks.get(id_)
        if mark is None:
            return
        at = self.view.to_widget(Point(mark.x, mark.y)) + self.gestures.offset
        radius = glyphs.radius_of(mark.type) * scale
        extents.paint_extents(painter, (mark,), self.view, self.gestures.offset)
        glyphs.paint(painter, mark.type, at, radius)
        glyphs.paint_selected(painter, at, radius)

    def _paint_over(self, painter: QPainter, state: AssessState, asked: QRegion) -> None:
        pointer = self._pointer()
        selected_at = None if state.tools.hidden else self._paint_rings(painter, state)
        taken = [*self._bars(), *self._kept]
        away = note = None
        if selected_at is not None and not QRectF(self.rect()).contains(selected_at):
            away, selected_at = self._way_to(state, selected_at, taken), None
        elif selected_at is not None:
            note = self._note_place(state, selected_at, pointer, taken)
        taken += [] if note is None else [note]
        places = (pointer, selected_at)
        read = self.readings.now(state, self.view, taken, places, self.marks, away)
        self.readings.keep(read)
        labels, chips = read
        if note is not None and state.selected is not None:
            if selected_at is not None:
                mark = self.marks.get(state.selected.id)
                around = 0.0 if mark is None else glyphs.radius_of(mark.type) * self.glyph_scale
                upon = [p.rect for p in (*labels, *chips)]
                overlay.paint_note_line(painter, selected_at, around + glyphs.RING_GAP, note, upon)
            overlay.paint_note(painter, state.selected, note)
        plates.paint_plates(painter, labels, plates.LABEL, asked)
        plates.paint_plates(painter, chips if away is None else (*chips, away), plates.CHIP, asked)
        if self.crosshair is not None and self.hasFocus():
            draw.paint_crosshair(painter, self.view.to_widget(self.crosshair))
        if self.ruler is not None and not self.gestures.measuring:
            first, second = (self.view.to_widget(p) for p in self.ruler)
            extents.paint_ruler(painter, first, second, self.ruler_text(*self.ruler))
        self.gestures.paint(painter)
        if self.loupe and self.pointer is not None:
            self._paint_loupe(painter, self.pointer)

    def repaint_changed(self) -> None:
        """Paint again where labels and chips are others; annotations were told of before.

        For a state that is ``readings.alike`` the last one.
        """
        state = self.state
        still = not (self._moving or self._arriving or self.gestures.busy or self.loupe)
        if state is None or self.pyramid is None or self._blink or not still:
            self.update()
            return
        taken = [*self._bars(), *self._kept]
        read = self.readings.now(state, self.view, taken, (self._pointer(), None), self.marks)
        for rect in self.readings.changed(read):
            self.update(rect)

    def _pointer(self) -> QPointF | None:
        """Where the pointer is looked at: nothing is drawn near it."""
        return self.pointer if self.underMouse() or self.loupe else None

    def _paint_rings(self, painter: QPainter, state: AssessState) -> QPointF | None:
        """Ring what is selected; where the last of it lies."""
        last: QPointF | None = None
        for id_ in (*state.selection, *self._blink):
            mark = self.marks.get(id_)
            if mark is not None and id_ not in self.gestures.dragged:
                last = self.view.to_widget(Point(mark.x, mark.y))
                glyphs.paint_selected(painter, last, glyphs.radius_of(mark.type) * self.glyph_scale)
        return last

    def _bars(self) -> list[QRectF]:
        """Where bars lie over the photo."""
        return [QRectF(w.geometry()) for w in self.bars if w.isVisible()]

    def _note_place(
        self, state: AssessState, at: QPointF, pointer: QPointF | None, taken: list[QRectF]
    ) -> QRectF | None:
        selected = state.selected
        if selected is None or self.marks.get(selected.id) is None or self.gestures.busy:
            return None
        size = overlay.note_size(selected)
        return overlay.note_rect(at, self.view.area, pointer, size, taken)

    def _way_to(self, state: AssessState, at: QPointF, taken: list[QRectF]) -> plates.Plate | None:
        """What stands at the edge for a selected annotation out of sight."""
        if state.selected is None or self.gestures.busy:
            return None
        chips = [chip.rect for chip in plates.chip_plates(state.chips, self.view.area.width())]
        return placing.pointing(state.selected.title, at, self.view.area, [*taken, *chips])

    def _paint_loupe(self, painter: QPainter, at: QPointF) -> None:
        pyramid, photo = self.pyramid, self._photo
        if pyramid is None or photo is None:
            return
        share = pyramid.width / photo.width
        zoom = self.view.zoom * self.loupe_power
        picture, divisor = pyramid.level(zoom * self.view.ratio / share)
        half = overlay.LOUPE_RADIUS / zoom * share / divisor
        middle = self.view.to_photo(at)
        x, y = middle.x * share / divisor, middle.y * share / divisor
        source = QRectF(x - half, y - half, 2 * half, 2 * half)
        overlay.paint_loupe(
            painter, at, picture, source, self.loupe_power, mirrored=self.view.mirrored
        )
