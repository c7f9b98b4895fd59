"""The ruler of the photo: a line, its length once there is a scale, and the field that sets it."""

from __future__ import annotations

from math import hypot

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Point
from workstation.language import plural, tr
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.tools import Tool
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.docked import EntryBar

LONGEST_MM = 1000


class Ruler:
    """Measures on one canvas; millimetres only after a known length was given on that photo."""

    def __init__(self, canvas: PhotoCanvas, entry: EntryBar, presenter: AssessPresenter) -> None:
        self._canvas = canvas
        self._entry = entry
        self._presenter = presenter
        self._start: Point | None = None

    @property
    def started(self) -> bool:
        """Whether a first end was chosen by menu."""
        return self._start is not None

    @property
    def line(self) -> tuple[Point, Point] | None:
        """The line measured last on this photo."""
        return self._canvas.ruler

    def start(self, at: Point) -> None:
        """Choose the first end."""
        self._start = at

    def end(self, at: Point) -> None:
        """Choose the second end: the same as a line drawn with the Measure tool."""
        if self._start is not None:
            first, self._start = self._start, None
            self._canvas.tell_measured(first, at)

    def measured(self, first: Point, second: Point) -> None:
        """A line was drawn: the size of the one selected lesion, or the scale when there is none."""
        state = self._presenter.state
        if state is None:
            return
        if state.mm_per_px is None:
            self.ask_scale()
        elif len(state.selection) == 1:
            across = hypot(second.x - first.x, second.y - first.y)
            self._presenter.set_diameter(state.selection, across)

    def ask_scale(self) -> None:
        """Ask how long the line is."""
        line = self.line
        if line is None:
            return

        def accept(text: str) -> str:
            millimetres = typed_length(text)
            if isinstance(millimetres, str):
                return millimetres
            self._presenter.set_scale(*line, millimetres)
            self._presenter.use(Tool.MARK)
            return ""

        self._entry.ask(
            tr("Length of this line"), "", accept, unit=tr("mm sets the photo\u2019s scale")
        )

    def ask_size(self, ids: tuple[AnnotationId, ...]) -> None:
        """Ask for the diameter of annotations in millimetres."""
        state = self._presenter.state
        if state is None or state.mm_per_px is None:
            return
        scale = state.mm_per_px

        def accept(text: str) -> str:
            millimetres = typed_length(text)
            if isinstance(millimetres, str):
                return millimetres
            self._presenter.set_diameter(ids, millimetres / scale)
            return ""

        title = (
            tr("Diameter")
            if len(ids) == 1
            else tr("Diameter of {lesions}", lesions=plural(len(ids), "{n} lesion", "{n} lesions"))
        )
        self._entry.ask(title, "", accept, unit="mm")


def typed_length(text: str) -> float | str:
    """Millimetres as typed, or the sentence that says why they cannot be taken."""
    try:
        millimetres = float(text.replace(",", "."))
    except ValueError:
        return tr("Type the length as a number.")
    if not 0 < millimetres < LONGEST_MM:
        return tr("Type a length between 0 and {longest_mm:,} mm.", longest_mm=LONGEST_MM)
    return millimetres
