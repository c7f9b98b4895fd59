"""Gestures on the photo: add, select, drag, lasso, measure, pan; each ends in at most one edit."""

from __future__ import annotations

from enum import Enum
from math import hypot

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import ZoneId
from workstation.presenters.tools import Tool
from workstation.ui.assess import overlay
from workstation.ui.assess.surface import Surface

DRAG_AFTER = 3.0  # logical pixels before a press becomes a drag
LASSO_STEP = 3.0


class Doing(Enum):
    """What the pressed button is doing."""

    NOTHING = "nothing"
    PAN = "pan"
    PRESSED_MARK = "pressed_mark"
    DRAG_MARK = "drag_mark"
    DRAG_CORNER = "drag_corner"
    LASSO = "lasso"
    MEASURE = "measure"


class Gestures:
    """The state of the pointer on one canvas."""

    def __init__(self, canvas: Surface) -> None:
        self._canvas = canvas
        self._doing = Doing.NOTHING
        self._start = QPointF()
        self._last = QPointF()
        self._line: list[QPointF] = []
        self._corner: tuple[ZoneId, int] | None = None
        self.dragged: tuple[AnnotationId, ...] = ()
        self.offset = QPointF(0, 0)

    @property
    def busy(self) -> bool:
        """Whether a gesture goes on."""
        return self._doing is not Doing.NOTHING

    @property
    def panning(self) -> bool:
        """Whether the photo is being moved."""
        return self._doing is Doing.PAN

    # -- events

    def press(self, event: QMouseEvent, *, double: bool = False) -> None:
        """A button went down on the canvas."""
        canvas, at = self._canvas, event.position()
        presenter = canvas.presenter
        self._start = self._last = at
        if presenter is None or canvas.state is None or canvas.state.photo is None:
            return
        button = event.button()
        if button == Qt.MouseButton.MiddleButton or canvas.space_held:
            self._doing = Doing.PAN
        elif button == Qt.MouseButton.RightButton:
            self._menu(event)
        elif button == Qt.MouseButton.LeftButton:
            self._left(event, double=double)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved, perhaps with a button down."""
        at = event.position()
        step = at - self._last
        self._last = at
        if self._doing is Doing.PAN:
            self._canvas.view.pan(step.x(), step.y())
            self._canvas.moved()
        elif self._doing is Doing.PRESSED_MARK and self._far(at, DRAG_AFTER):
            self._begin_drag()
            self._drag(event)
        elif self._doing is Doing.DRAG_MARK:
            self._drag(event)
        elif self._doing in (Doing.DRAG_CORNER, Doing.MEASURE):
            self._line = [self._line[0], at]
        elif self._doing is Doing.LASSO and _apart(self._line[-1], at) >= LASSO_STEP:
            self._line.append(at)

    def release(self, event: QMouseEvent) -> None:
        """The button went up: the gesture becomes its one edit."""
        canvas, presenter, doing = self._canvas, self._canvas.presenter, self._doing
        at, line = event.position(), self._line
        if presenter is not None:
            view = canvas.view
            if doing is Doing.DRAG_MARK and self.dragged:
                step = (self.offset.x() / view.zoom, self.offset.y() / view.zoom)
                dragged = self.dragged
                self.cancel()
                presenter.move(dragged, *step)
            elif doing is Doing.DRAG_CORNER and self._corner is not None and self._far(at, 1):
                presenter.move_corner(*self._corner, view.to_photo(at))
            elif doing is Doing.LASSO:
                ids = canvas.marks.inside([view.to_photo(p) for p in line])
                presenter.select(() if canvas.hidden_marks else ids)
            elif doing is Doing.MEASURE and self._far(at, DRAG_AFTER):
                canvas.tell_measured(view.to_photo(line[0]), view.to_photo(at))
        self.cancel()

    def cancel(self) -> bool:
        """End the gesture without an edit; whether there was one."""
        was = self.busy
        self._doing = Doing.NOTHING
        self._line = []
        self._corner = None
        self.dragged = ()
        self.offset = QPointF(0, 0)
        if was:
            self._canvas.update()
        return was

    def menu_by_key(self) -> None:
        """Open the menu at the selection, else at the crosshair, else in the middle."""
        canvas = self._canvas
        state = canvas.state
        if state is None or state.photo is None:
            return
        chosen = state.selection[0] if state.selection else None
        at = canvas.place_of(chosen) if chosen is not None else None
        if at is None:
            at = canvas.view.to_widget(canvas.crosshair or canvas.view.to_photo(canvas.middle))
        self._canvas.ask_menu(at, chosen)

    def paint(self, painter: QPainter) -> None:
        """Draw the line of a lasso, a measure or a dragged corner."""
        if self._doing in (Doing.MEASURE, Doing.DRAG_CORNER) and len(self._line) > 1:
            overlay.paint_line(painter, self._line, closed=False)
        elif self._doing is Doing.LASSO and len(self._line) > 1:
            overlay.paint_line(painter, self._line, closed=True)

    # -- inside

    def _left(self, event: QMouseEvent, *, double: bool) -> None:
        canvas, presenter, at = self._canvas, self._canvas.presenter, event.position()
        if presenter is None:
            return
        tool = canvas.tool
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if tool is Tool.LASSO:
            self._doing, self._line = Doing.LASSO, [at]
            return
        if tool is Tool.MEASURE:
            self._doing, self._line = Doing.MEASURE, [at]
            return
        hit = canvas.hit(at)
        force = tool is Tool.MARK and shift
        if hit is not None and not force:
            self._press_mark(hit, extend=shift or control, double=double)
        elif tool is Tool.MARK or double:
            # Added on the press: the count moves in the same input event as the finger.
            canvas.add_at(at)
        elif not self._press_corner(at):
            presenter.drop()
            self._doing = Doing.PAN

    def _press_mark(self, hit: AnnotationId, *, extend: bool, double: bool) -> None:
        canvas, presenter = self._canvas, self._canvas.presenter
        if presenter is None or canvas.state is None:
            return
        if double:
            presenter.select((hit,))
            canvas.ask_note(hit)
            return
        linking = canvas.state.linking
        if extend and not linking:
            presenter.toggle_selected(hit)
        elif hit not in canvas.state.selection or linking:
            presenter.select((hit,))
        if not linking:
            self._doing = Doing.PRESSED_MARK

    def _press_corner(self, at: QPointF) -> bool:
        state = self._canvas.state
        if state is None or not state.tools.zones or state.tools.hidden:
            return False
        best, reach = None, overlay.CORNER_REACH
        for label in state.labels:
            for number, corner in enumerate(label.polygon):
                away = _apart(self._canvas.view.to_widget(corner), at)
                if away < reach:
                    best, reach = (label.zone, number), away
        if best is None:
            return False
        self._doing, self._corner, self._line = Doing.DRAG_CORNER, best, [at]
        return True

    def _begin_drag(self) -> None:
        state = self._canvas.state
        self._doing = Doing.DRAG_MARK
        self.dragged = state.selection if state is not None else ()

    def _drag(self, event: QMouseEvent) -> None:
        self.offset = event.position() - self._start
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if abs(self.offset.x()) >= abs(self.offset.y()):
                self.offset.setY(0)
            else:
                self.offset.setX(0)

    def _menu(self, event: QMouseEvent) -> None:
        canvas, presenter = self._canvas, self._canvas.presenter
        hit = canvas.hit(event.position())
        if presenter is None or canvas.state is None:
            return
        if hit is not None and hit not in canvas.state.selection:
            presenter.select((hit,))
        self._canvas.ask_menu(event.position(), hit)

    def _far(self, at: QPointF, limit: float) -> bool:
        return _apart(at, self._start) >= limit


def _apart(a: QPointF, b: QPointF) -> float:
    return hypot(a.x() - b.x(), a.y() - b.y())
