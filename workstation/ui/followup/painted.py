"""Painting of the comparison: where each photo lies, what is drawn over it, swipe and flicker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QWidget

from workstation.domain.lesions import LesionType, Point
from workstation.language import tr
from workstation.presenters.followup_state import Fate, FollowupState, Mode, PaneState
from workstation.presenters.followup_words import LOADING
from workstation.ui.followup import panes
from workstation.ui.photo import draw, glyphs
from workstation.ui.photo.pyramid import Pyramid
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

OLDER, NEWER = "older", "newer"
SIDES = (OLDER, NEWER)
GAP = 2.0  # between the photos


@dataclass
class Shown:
    """What one side has at hand."""

    pyramid: Pyramid | None = None
    problem: str = ""


class PaintedPair(QWidget):
    """What the comparison shows and how it is painted; gestures and keys are in ``canvas``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: FollowupState | None = None
        self.crosshair: Point | None = None  # in the common space
        self.pointer: tuple[str, QPointF] | None = None
        self.divider = 0.5
        self.flicker = False
        self._turn = False
        self._shown = {side: Shown() for side in SIDES}
        self._views = {side: View(QSizeF(0, 0), QSizeF(1, 1)) for side in SIDES}
        self._space = QSizeF(0, 0)
        self._moving = False
        self._drag: tuple[str, QPointF] | None = None

    def rect_of(self, side: str) -> QRectF:
        """Where a side's pane lies on the widget."""
        whole = QRectF(self.rect())
        if self._mode is Mode.SWIPE:
            return whole
        half = (whole.width() - GAP) / 2
        left = 0.0 if side == OLDER else half + GAP
        return QRectF(left, 0, half, whole.height())

    def place(self, side: str) -> QTransform:
        """From a side's photo to its pane: pixels to logical widget pixels of the pane."""
        return self._to_space(side) * panes.on_screen(self._views[side])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint one frame."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.fixed("light", "canvas"))
        state = self.state
        if state is None or state.loading:
            panes.paint_words(painter, QSizeF(self.size()), tr(LOADING))
        elif self.flicker:
            self._paint_flicker(painter)
        elif state.mode is Mode.SWIPE:
            self._paint_swipe(painter)
        else:
            for side in SIDES:
                self._paint_side(painter, side, self.rect_of(side))
            middle = QRectF(self.rect_of(OLDER).right(), 0, GAP, self.height())
            painter.fillRect(middle, theme.fixed("light", "surface"))
        if state is not None and (state.problem or state.aligning is not None):
            words = state.problem or (state.aligning.prompt if state.aligning else "")
            panes.paint_prompt(painter, QSizeF(self.size()), words)
        painter.end()

    def _paint_flicker(self, painter: QPainter) -> None:
        whole = QRectF(self.rect())
        if self._mode is Mode.SWIPE:
            self._paint_side(painter, OLDER if self._turn else NEWER, whole)
            return
        # The place of the newer photo shows both in turn; the other half keeps the older at rest.
        self._paint_side(painter, OLDER, self.rect_of(OLDER))
        self._paint_side(painter, OLDER if self._turn else NEWER, self.rect_of(NEWER))

    def _paint_swipe(self, painter: QPainter) -> None:
        cut = self.divider * self.width()
        for side, left, wide in ((OLDER, 0.0, cut), (NEWER, cut, self.width() - cut)):
            if wide >= 1:
                painter.save()
                painter.setClipRect(QRectF(left, 0, wide, self.height()))
                self._paint_side(painter, side, QRectF(self.rect()), header=False)
                painter.restore()
        for side, left, wide in ((OLDER, 0.0, cut), (NEWER, cut, self.width() - cut)):
            pane = self._pane(side)
            if pane is not None and wide > 150:
                painter.save()
                painter.translate(left, 0)
                panes.paint_header(painter, QSizeF(wide, self.height()), pane)
                painter.restore()
        line = QRectF(cut - GAP / 2, 0, GAP, self.height())
        painter.fillRect(line, theme.fixed("light", "surface"))
        painter.setBrush(theme.fixed("light", "surface"))
        painter.setPen(theme.fixed("light", "border2"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(QRectF(cut - 5, self.height() / 2 - 18, 10, 36), 5, 5)

    def _paint_side(
        self, painter: QPainter, side: str, rect: QRectF, *, header: bool = True
    ) -> None:
        state, pane = self.state, self._pane(side)
        if state is None or pane is None:
            return
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.translate(rect.topLeft())
        shown, size = self._shown[side], rect.size()
        if pane.photo is None:
            panes.paint_words(painter, size, pane.missing, icon="image-off")
        elif shown.pyramid is None:
            panes.paint_words(painter, size, shown.problem or tr("Opening the photo"))
        else:
            panes.paint_photo(
                painter,
                size,
                shown.pyramid,
                pane.photo.width,
                self.place(side),
                state.adjustment,
                self.devicePixelRatioF(),
                smooth=not self._moving,
            )
        if pane.photo is not None and not state.hidden:
            panes.paint_marks(
                painter,
                self._marks(side, state, pane),
                scale=self._glyph_scale,
                ratio=self.devicePixelRatioF(),
                size=size,
            )
        self._paint_over(painter, side, state)
        if header:
            panes.paint_header(painter, size, pane)
        painter.restore()

    def _paint_over(self, painter: QPainter, side: str, state: FollowupState) -> None:
        if state.aligning is not None:
            places = state.aligning.older if side == OLDER else state.aligning.newer
            place = self.place(side)
            panes.paint_points(painter, [place.map(QPointF(x, y)) for x, y in places])
        spot = self._spot()
        if spot is not None:
            draw.paint_crosshair(painter, self._views[side].to_widget(spot))

    def _marks(
        self, side: str, state: FollowupState, pane: PaneState
    ) -> Iterator[tuple[LesionType, QPointF, str]]:
        place = self.place(side)
        counted = bool(pane.count)
        for mark in pane.marks:
            look = panes.look_of(mark.fate, newer=side == NEWER, counted=counted)
            yield mark.type, place.map(QPointF(mark.x, mark.y)), look
        if side == NEWER and state.ghosts and state.older is not None:
            # The lesions of the older visit, laid where they were.
            over = self._to_space(OLDER) * panes.on_screen(self._views[NEWER])
            for mark in state.older.marks:
                if mark.fate is Fate.GONE or not counted:
                    look = "gone" if counted else "ghost"
                    yield mark.type, over.map(QPointF(mark.x, mark.y)), look

    # -- inside

    @property
    def _mode(self) -> Mode:
        return self.state.mode if self.state is not None else Mode.SIDE_BY_SIDE

    @property
    def _glyph_scale(self) -> float:
        view = self._views[NEWER]
        return glyphs.scale_on(view)

    def _pane(self, side: str) -> PaneState | None:
        if self.state is None:
            return None
        return self.state.older if side == OLDER else self.state.newer

    def _to_space(self, side: str) -> QTransform:
        state = self.state
        if state is None:
            return QTransform()
        newer = state.newer
        turn = QTransform()
        lead = newer if newer is not None and newer.photo is not None else state.older
        if lead is not None and lead.mirrored:
            turn = panes.mirror(self._space.width())
        return turn if side == NEWER else panes.as_matrix(state.across) * turn

    def _spot(self) -> Point | None:
        """Where both panes draw the crosshair, in the common space."""
        if self.pointer is not None and self._drag is None:
            side, at = self.pointer
            return self._views[side].to_photo(at)
        return self.crosshair if self.hasFocus() else None
