"""Strip, tools, canvas and panel of the Assess page with less on them: for readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Point
from workstation.language import noted, tr
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import AssessState
from workstation.ui.assess.page import AssessPage
from workstation.ui.page import PageTools

LEFT_OUT = ("canvas.assist", "canvas.mirror", "canvas.ask_photo", "canvas.compare")


class ReadingBody(AssessPage):
    """The Assess page over a reading: no proposals, no questions, no other consultation."""

    whole = False
    not_here = noted("Not part of a second reading.")

    def __init__(
        self, presenter: AssessPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(presenter, replace(tools, go=lambda _: self.refuse()), parent)

    def _parts(self) -> Iterator[None]:
        yield from super()._parts()
        # Proposals would be a third reader, and one that both readings share.
        self.canvas.more_verbs = self.verbs
        self.canvas.pick = lambda _: False
        self.toolbar.leave_out(LEFT_OUT)
        self.panel.grade.open.setFixedWidth(0)

    def refuse(self) -> None:
        """Say that this is not done here."""
        self.tools.toast(tr(self.not_here), ())

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What some keys of the photo do here."""
        return dict.fromkeys((*LEFT_OUT, "canvas.accept_zone", "canvas.accept_all"), self.refuse)

    def _render(self, state: AssessState | None) -> None:
        super()._render(state)
        self.trim()

    def trim(self) -> None:
        """Leave out what belongs to the consultation and not to the photos."""
        panel = self.panel
        for part in (panel.signs, panel.schemes_section, panel.past, panel.note_section):
            part.hide()
        panel.grade.open.hide()


class SeenBody(ReadingBody):
    """The Assess page to look at: gestures move the view and nothing else."""

    not_here = noted("Nothing can be changed here: these are finished readings.")

    def _parts(self) -> Iterator[None]:
        yield from super()._parts()
        self.palette_.hide()
        self.toolbar.leave_out(("canvas.mark", "canvas.border", "canvas.lasso", "undo", "redo"))

    def _menu(self, place: QPointF, hit: AnnotationId | None, at: Point) -> None:
        """There is nothing to choose."""
