"""Lines drawn without a mouse: Enter sets a corner at the crosshair, Enter on a corner ends the line.

A lasso selects what it surrounds, a border becomes an annotation, a measure ends with its second
point. Backspace takes the last corner back, Esc drops the line.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from workstation.domain.lesions import Point
from workstation.presenters.tools import Tool
from workstation.ui.assess import extents, overlay
from workstation.ui.assess.surface import Surface

DRAWS = frozenset({Tool.LASSO, Tool.BORDER, Tool.MEASURE})
CLOSES_WITHIN = 8.0  # logical pixels around the first corner in which Enter closes a line
_CORNER = 3.0  # logical pixels from the middle of a corner's mark to its edge
_LEAST = len(("first", "second", "third"))  # corners that surround anything


class Corners:
    """The corners set so far on one canvas, in pixels of the photo."""

    def __init__(self, canvas: Surface) -> None:
        self._canvas = canvas
        self._tool: Tool | None = None
        self._points: list[Point] = []

    @property
    def wanted(self) -> bool:
        """Whether Enter sets a corner with the tool in hand."""
        return self._canvas.tool in DRAWS

    @property
    def busy(self) -> bool:
        """Whether a line is begun with the tool in hand."""
        return bool(self._points) and self._tool is self._canvas.tool

    def put(self, at: Point) -> None:
        """Set a corner, or end the line when ``at`` lies on its first or its last one."""
        if not self.busy:
            self._tool, self._points = self._canvas.tool, [at]
        elif self._tool is Tool.MEASURE:
            if at != self._points[0]:
                self._canvas.tell_measured(self._points[0], at)
                self._points = []
        elif self._on(at, self._points[-1], 0.0) or self._on(at, self._points[0], CLOSES_WITHIN):
            if len(self._points) >= _LEAST:
                self._end()
        else:
            self._points.append(at)
        self._canvas.update()

    def take_back(self) -> bool:
        """Take the last corner back; whether there was one."""
        if not self.busy:
            return False
        self._points.pop()
        self._canvas.update()
        return True

    def drop(self) -> bool:
        """Forget the line; whether there was one."""
        was, self._points = self.busy, []
        return was

    def paint(self, painter: QPainter) -> None:
        """Draw the corners, and the line as it would be with one more at the crosshair."""
        if not self.busy:
            return
        view, here = self._canvas.view, self._canvas.crosshair
        ends = [*self._points, here] if here is not None else self._points
        line = [view.to_widget(point) for point in ends]
        if self._tool is Tool.MEASURE:
            text = self._canvas.ruler_text(ends[0], ends[-1])
            extents.paint_ruler(painter, line[0], line[-1], text)
            return
        if len(line) > 1:
            overlay.paint_line(painter, line, closed=True)
        for at in line[: len(self._points)]:
            reach = QPointF(_CORNER, _CORNER)
            overlay.paint_line(painter, [at - reach, at + reach], closed=False)
            across = QPointF(_CORNER, -_CORNER)
            overlay.paint_line(painter, [at - across, at + across], closed=False)

    def _end(self) -> None:
        canvas, presenter, points = self._canvas, self._canvas.presenter, self._points
        self._points = []
        if presenter is None:
            return
        if self._tool is Tool.BORDER:
            presenter.add_border((*points, points[0]))
        else:
            presenter.select(() if canvas.hidden_marks else canvas.marks.inside(points))

    def _on(self, one: Point, other: Point, reach: float) -> bool:
        step = self._canvas.view.to_widget(one) - self._canvas.view.to_widget(other)
        return QPointF.dotProduct(step, step) <= reach**2 or one == other
