"""The canvas of the comparison: both photos on one widget, moved together or each alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.domain.lesions import Point
from workstation.language import tr
from workstation.presenters.followup_state import FollowupState, Mode
from workstation.ui import form
from workstation.ui.followup.painted import NEWER, OLDER, SIDES, PaintedPair, Shown
from workstation.ui.held_keys import HeldKeys
from workstation.ui.photo.pyramid import Pyramid
from workstation.ui.photo.view import STEP, View
from workstation.ui.theme import theme

GRIP = 10.0  # how near the divider is taken hold of
SMOOTH_AFTER_MS = 140
FLICKER_MS = 450
DIVIDER_STEP = 0.02
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@form.register
class CompareCanvas(PaintedPair):
    """Shows two photos of one view. Both are laid into one space, the pixels of the newer photo: the
    older by its transform, so that the same place of both panes is the same place of the skin.

    ``clicked`` tells a place of a photo while aligning (older or not, point), ``needs_full`` asks
    for all pixels of a side, ``viewed`` tells any change of zoom or place, ``held`` whether H is
    held down.
    """

    clicked = Signal(object, bool)
    needs_full = Signal(str)
    viewed = Signal()
    held = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.letters: Callable[[], bool] = lambda: True
        self._keys_down = HeldKeys(self)
        self._space_of: tuple[str, ...] = ()
        self._still = QTimer(self, singleShot=True, interval=SMOOTH_AFTER_MS)
        self._still.timeout.connect(self._settle)
        self._flicking = QTimer(self, interval=FLICKER_MS)
        self._flicking.timeout.connect(self._flick)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Held letters must never raise the system's accent menu.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(tr("Photos of two visits"))
        theme.theme_changed.connect(self.update)

    # -- what is shown

    def render_state(self, state: FollowupState | None) -> None:
        """Show another state; another view or visit of this side of the course is fitted anew."""
        before, self.state = self.state, state
        if state is None:
            self._space_of = ()
            self.crosshair = None
            self.update()
            return
        older = state.older.photo if state.older is not None else None
        newer = state.newer.photo if state.newer is not None else None
        lead = newer or older
        self._space = QSizeF(lead.width, lead.height) if lead is not None else QSizeF(0, 0)
        key = (str(state.generation), lead.id if lead is not None else "")
        if key != self._space_of:
            self._space_of = key
            self.crosshair = None
            self._lay_out(fresh=True)
        elif before is None or before.mode is not state.mode:
            self._lay_out(fresh=False)
        if state.synced and (before is None or not before.synced):
            self._follow(NEWER)
        self._describe(state)
        self._set_cursor()
        self.update()

    def show_picture(self, side: str, pyramid: Pyramid | None, problem: str = "") -> None:
        """Show decoded pixels of a side, or why there are none."""
        self._shown[side] = Shown(pyramid, problem)
        self._ask_full()
        self.update()

    def picture(self, side: str) -> Pyramid | None:
        """The pixels shown on a side."""
        return self._shown[side].pyramid

    def view(self, side: str = NEWER) -> View:
        """Zoom and place of a side."""
        return self._views[side]

    # -- moving

    def zoom_by(self, factor: float, at: tuple[str, QPointF] | None = None) -> None:
        """Zoom at a point of a pane (default: where the pointer is, else the middle)."""
        side, point = at or self.pointer or (NEWER, self.rect_of(NEWER).center())
        if at is None and self.pointer is None:
            point = QPointF(self._views[side].area.width() / 2, self._views[side].area.height() / 2)
        view = self._views[side]
        view.zoom_to(view.zoom * factor, point)
        self._moved(side)

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom_by(STEP)

    def zoom_out(self) -> None:
        """One step back."""
        self.zoom_by(1 / STEP)

    def fit(self) -> None:
        """Both whole photos."""
        for side in SIDES:
            self._views[side].fit()
        self._moved(NEWER)

    def toggle_fit(self) -> None:
        """The whole photos, or one device pixel for each pixel of the newer at the pointer."""
        view = self._views[NEWER]
        if view.fitted:
            self.zoom_by(1 / view.ratio / view.zoom)
        else:
            self.fit()

    def pan(self, side: str, dx: float, dy: float) -> None:
        """Move a side (both while synced) by logical pixels."""
        self._views[side].pan(dx, dy)
        self._moved(side)

    def show_place(self, at: Point, *, older: bool) -> None:
        """Put the crosshair on a place of a photo and bring it into sight."""
        spot = self._to_space(OLDER if older else NEWER).map(QPointF(at.x, at.y))
        self.crosshair = Point(spot.x(), spot.y())
        for side in SIDES:
            if self._views[side].show(self.crosshair, 60):
                self._moved(side)
        self.update()

    def set_flicker(self, on: bool) -> None:
        """Show the two photos in turn at one place while on; steadily the older without motion."""
        if on == self.flicker:
            return
        self.flicker, self._turn = on, on
        if on and not theme.reduced_motion:
            self._flicking.start()
        else:
            self._flicking.stop()
        self.update()

    def move_divider(self, to: float) -> None:
        """Put the divider of swipe at a share of the width."""
        self.divider = min(max(to, 0.0), 1.0)
        self.update()

    def step_crosshair(self, dx: float, dy: float) -> None:
        """Move the crosshair by logical pixels; it begins in the middle."""
        view = self._views[NEWER]
        here = self.crosshair
        if here is None:
            middle = QPointF(view.area.width() / 2, view.area.height() / 2)
            self.crosshair = view.to_photo(middle)
        else:
            x, y = here.x + dx / view.zoom, here.y + dy / view.zoom
            self.crosshair = Point(
                min(max(x, 0.0), self._space.width()), min(max(y, 0.0), self._space.height())
            )
        if view.show(self.crosshair, 40):
            self._moved(NEWER)
        self.update()

    def click_crosshair(self) -> None:
        """Take the crosshair's place as the next point of an alignment."""
        state = self.state
        if state is None or state.aligning is None or self.crosshair is None:
            return
        older = len(state.aligning.older) == len(state.aligning.newer)
        self._tell(OLDER if older else NEWER, QPointF(self.crosshair.x, self.crosshair.y))

    def let_go(self) -> None:
        """End every hold and gesture."""
        self.set_flicker(False)
        self._drag = None

    # -- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the divider, place a point of the alignment, or begin to pan."""
        at = event.position()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._mode is Mode.SWIPE and abs(at.x() - self.divider * self.width()) <= GRIP:
            self._drag = ("divider", at)
            return
        side = self._side_at(at)
        state = self.state
        left = event.button() is Qt.MouseButton.LeftButton
        if left and state is not None and state.aligning is not None:
            within = at - self.rect_of(side).topLeft()
            spot = self._views[side].to_photo(within)
            self._tell(side, QPointF(spot.x, spot.y))
            return
        self._drag = (side, at)
        self._set_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held; the crosshair of both panes follows the pointer."""
        at = event.position()
        side = self._side_at(at)
        self.pointer = (side, at - self.rect_of(side).topLeft())
        if self._drag is not None:
            held, last = self._drag
            self._drag = (held, at)
            if held == "divider":
                self.move_divider(at.x() / max(1, self.width()))
            else:
                self.pan(held, at.x() - last.x(), at.y() - last.y())
        self._set_cursor()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._drag = None
        self._set_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between the whole photo and every pixel of it."""
        if self.state is not None and self.state.aligning is None:
            self.toggle_fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        turns = event.angleDelta().y() / 120
        if turns:
            side = self._side_at(event.position())
            self.zoom_by(STEP**turns, (side, event.position() - self.rect_of(side).topLeft()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the crosshair, or the divider of swipe; F is held; others go on."""
        if not self._arrow(event) and not self._hold(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End of a held key."""
        if not self._hold(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Held keys end with the focus: their release may never come."""
        self.held.emit(False)
        self.let_go()
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Losing the window ends every hold."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.held.emit(False)
            self.let_go()
        super().changeEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self.pointer = None
        self.update()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the photos in place."""
        self._lay_out(fresh=False)
        self.viewed.emit()

    # -- inside

    def _side_at(self, at: QPointF) -> str:
        if self._mode is Mode.SWIPE:
            return OLDER if at.x() < self.divider * self.width() else NEWER
        return OLDER if self.rect_of(OLDER).right() >= at.x() else NEWER

    def _tell(self, side: str, spot: QPointF) -> None:
        back, possible = self._to_space(side).inverted()
        pane = self._pane(side)
        if possible and pane is not None and pane.photo is not None:
            at = back.map(spot)
            if 0 <= at.x() <= pane.photo.width and 0 <= at.y() <= pane.photo.height:
                self.clicked.emit(Point(at.x(), at.y()), side == OLDER)

    def _lay_out(self, *, fresh: bool) -> None:
        for side in SIDES:
            view, area = self._views[side], self.rect_of(side).size()
            view.ratio = self.devicePixelRatioF()
            if fresh:
                view.photo, view.area = self._space, area
                view.fit()
            else:
                view.resize(area)
        if self.state is None or self.state.synced:
            self._follow(NEWER)
        self._ask_full()

    def _follow(self, lead: str) -> None:
        """While synced the other side takes zoom and place of the one that moved."""
        from_, other = self._views[lead], self._views[OLDER if lead == NEWER else NEWER]
        other.photo, other.area = from_.photo, from_.area
        other.zoom, other.x, other.y, other.fitted = from_.zoom, from_.x, from_.y, from_.fitted

    def _moved(self, side: str) -> None:
        if self.state is None or self.state.synced or self._mode is Mode.SWIPE:
            self._follow(side)
        self._moving = True
        self._still.start()
        self._ask_full()
        self.viewed.emit()
        self.update()

    def _ask_full(self) -> None:
        for side in SIDES:
            pane, pyramid = self._pane(side), self._shown[side].pyramid
            if pane is None or pane.photo is None or pyramid is None:
                continue
            if pyramid.width >= pane.photo.width:
                continue
            grown = abs(self.place(side).determinant()) ** 0.5
            if grown * self.devicePixelRatioF() * pane.photo.width > pyramid.width:
                self.needs_full.emit(side)

    def _settle(self) -> None:
        self._moving = False
        self.update()

    def _flick(self) -> None:
        self._turn = not self._turn
        self.update()

    def _arrow(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        fast = modifiers == Qt.KeyboardModifier.ShiftModifier
        if event.key() not in _ARROWS or not (fast or modifiers == Qt.KeyboardModifier.NoModifier):
            return False
        dx, dy = _ARROWS[Qt.Key(event.key())]
        if self._mode is Mode.SWIPE and dx:
            self.move_divider(self.divider + dx * DIVIDER_STEP * (5 if fast else 1))
        else:
            step = 20 if fast else 2
            self.step_crosshair(dx * step, dy * step)
        return True

    def _hold(self, event: QKeyEvent, *, down: bool) -> bool:
        if event.key() not in (Qt.Key.Key_F, Qt.Key.Key_H) or not self.letters():
            return False
        if event.modifiers() != Qt.KeyboardModifier.NoModifier and down:
            return False
        act = self.set_flicker if event.key() == Qt.Key.Key_F else self.held.emit
        if down:
            if not self._keys_down.goes_on(event):
                act(True)
        elif not event.isAutoRepeat():
            self._keys_down.released(event, partial(act, False))
        return True

    def _set_cursor(self) -> None:
        shape = Qt.CursorShape.OpenHandCursor
        if self.state is not None and self.state.aligning is not None:
            shape = Qt.CursorShape.CrossCursor
        elif self._drag is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def _describe(self, state: FollowupState) -> None:
        parts = [p.spoken for p in (state.older, state.newer) if p is not None]
        parts += [t for t in (state.fates, state.line) if t]
        self.setAccessibleDescription(". ".join(parts))
