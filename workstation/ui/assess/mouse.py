"""Gestures on the photo: add, select, drag, lasso, measure, pan; each ends in at most one edit."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from math import hypot

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Midline, Point, ZoneId
from workstation.presenters.tools import SIZED, Tool
from workstation.ui.assess import extents, overlay
from workstation.ui.assess.surface import Surface

DRAG_AFTER = 3.0  # logical pixels before a press becomes a drag
LASSO_STEP = 3.0
SIZE_AFTER = 6.0  # before a press that placed a nodule becomes the drawing of its size


class Doing(Enum):
    """What the pressed button is doing."""

    NOTHING = "nothing"
    PAN = "pan"
    PRESSED_MARK = "pressed_mark"
    DRAG_MARK = "drag_mark"
    DRAG_CORNER = "drag_corner"
    DRAG_MIDLINE = "drag_midline"
    PLACED = "placed"
    SIZE = "size"
    LASSO = "lasso"
    BORDER = "border"
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
        self._grip = ""
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

    @property
    def measuring(self) -> bool:
        """Whether a line is being measured."""
        return self._doing is Doing.MEASURE

    @property
    def midline(self) -> Midline | None:
        """The midline as it would be, while it is dragged."""
        state = self._canvas.state
        if self._doing is not Doing.DRAG_MIDLINE or state is None or state.midline is None:
            return None
        line, view = state.midline, self._canvas.view
        to = view.to_photo(self._last)
        if self._grip == "whole":
            step = to.x - (line.top.x + line.bottom.x) / 2
            return replace(
                line,
                top=Point(line.top.x + step, line.top.y),
                bottom=Point(line.bottom.x + step, line.bottom.y),
            )
        return replace(line, top=to) if self._grip == "top" else replace(line, bottom=to)

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
        elif self._doing is Doing.PLACED and self._far(at, SIZE_AFTER):
            self._doing = Doing.SIZE
        elif self._doing in (Doing.DRAG_CORNER, Doing.MEASURE):
            self._line = [self._line[0], at]
        elif (
            self._doing in (Doing.LASSO, Doing.BORDER) and _apart(self._line[-1], at) >= LASSO_STEP
        ):
            self._line.append(at)

    def release(self, event: QMouseEvent) -> None:
        """The button went up: the gesture becomes its one edit."""
        canvas, presenter, doing = self._canvas, self._canvas.presenter, self._doing
        at, line = event.position(), self._line
        if presenter is not None:
            view = canvas.view
            if doing is Doing.DRAG_MARK and self.dragged:
                step = view.step(self.offset)
                dragged = self.dragged
                self.cancel()
                presenter.move(dragged, *step)
            elif doing is Doing.DRAG_CORNER and self._corner is not None and self._far(at, 1):
                presenter.move_corner(*self._corner, view.to_photo(at))
            elif doing is Doing.DRAG_MIDLINE and self._far(at, 1):
                presenter.move_midline(self._grip, view.to_photo(at))
            elif doing is Doing.SIZE:
                presenter.size_added(2 * _apart(at, self._start) / view.zoom)
            elif doing is Doing.BORDER:
                presenter.add_border(view.to_photo(p) for p in line)
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
        """Draw what the gesture would make of it."""
        canvas, line = self._canvas, self._line
        if self._doing is Doing.MEASURE and len(line) > 1:
            ends = [canvas.view.to_photo(p) for p in line]
            extents.paint_ruler(painter, line[0], line[1], canvas.ruler_text(ends[0], ends[1]))
        elif self._doing is Doing.DRAG_CORNER and len(line) > 1:
            self._paint_corner(painter, line[1])
        elif self._doing in (Doing.LASSO, Doing.BORDER) and len(line) > 1:
            overlay.paint_line(painter, line, closed=True)
        elif self._doing is Doing.SIZE and canvas.presenter is not None:
            radius = _apart(self._last, self._start)
            across = (canvas.view.to_photo(p) for p in (self._start, self._last))
            first, second = across
            double = Point(2 * second.x - first.x, 2 * second.y - first.y)
            text = canvas.ruler_text(first, double)
            kind = canvas.presenter.tools.type
            extents.paint_disc(painter, kind, self._start, radius, text)
        line_held = self.midline
        if line_held is not None:
            extents.paint_midline(painter, line_held, canvas.view, held=True)

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
        if tool in (Tool.MEASURE, Tool.BORDER):
            if canvas.view.holds(at):
                self._doing = Doing.MEASURE if tool is Tool.MEASURE else Doing.BORDER
                self._line = [at]
            return
        hit = canvas.hit(at)
        force = tool is Tool.MARK and shift
        if hit is None and not force and canvas.pick(at):
            return
        if hit is not None and not force:
            self._press_mark(hit, extend=shift or control, double=double)
        elif tool is Tool.MARK or double:
            # Added on the press: the count moves in the same input event as the finger.
            canvas.add_at(at)
            if presenter.tools.type in SIZED and canvas.view.holds(at):
                self._doing = Doing.PLACED
        elif self._press_midline(at):
            pass
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

    def _press_midline(self, at: QPointF) -> bool:
        state = self._canvas.state
        if state is None or state.midline is None or not state.tools.zones or state.tools.hidden:
            return False
        for name, place in extents.grips(state.midline, self._canvas.view).items():
            if _apart(place, at) < extents.REACH:
                self._doing, self._grip = Doing.DRAG_MIDLINE, name
                return True
        return False

    def _paint_corner(self, painter: QPainter, at: QPointF) -> None:
        state = self._canvas.state
        if self._corner is None or state is None:
            return
        zone, number = self._corner
        for label in state.labels:
            if label.zone is zone and number < len(label.polygon):
                extents.paint_moved(painter, label.polygon, number, at, self._canvas.view)

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
