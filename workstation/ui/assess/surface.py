"""What gestures and keys need of the canvas they act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Point
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import AssessState
from workstation.presenters.tools import Tool
from workstation.ui.photo.marks import Marks
from workstation.ui.photo.view import View


class Surface(Protocol):
    """A canvas with a view, marks and a presenter."""

    presenter: AssessPresenter | None
    state: AssessState | None
    view: View
    marks: Marks
    letters: Callable[[], bool]
    pointer: QPointF | None
    crosshair: Point | None
    loupe: bool
    ruler: tuple[Point, Point] | None
    more_verbs: Callable[[], dict[str, Callable[[], None]]]
    """What takes actions of the photo over for the time being."""
    pick: Callable[[QPointF], bool]
    """Whether something beside the annotations took a press at a canvas point."""

    def ruler_text(self, first: Point, second: Point) -> str:
        """What a line between two photo points measures."""
        ...

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        ...

    @property
    def hidden_marks(self) -> bool:
        """Whether annotations are hidden."""
        ...

    @property
    def space_held(self) -> bool:
        """Whether the key that pans is down."""
        ...

    @property
    def middle(self) -> QPointF:
        """The middle of the canvas."""
        ...

    def update(self) -> None:
        """Paint again."""
        ...

    def moved(self) -> None:
        """The view moved."""
        ...

    def near(self) -> float:
        """How close another annotation is called close, in photo pixels."""
        ...

    def hit(self, at: QPointF) -> AnnotationId | None:
        """The annotation under a canvas point."""
        ...

    def place_of(self, id_: AnnotationId) -> QPointF | None:
        """Where an annotation is drawn."""
        ...

    def add_at(self, at: QPointF) -> None:
        """Add an annotation at a canvas point."""
        ...

    def zoom_in(self) -> None:
        """One step nearer."""
        ...

    def zoom_out(self) -> None:
        """One step back."""
        ...

    def fit(self) -> None:
        """The whole photo."""
        ...

    def toggle_fit(self) -> None:
        """The whole photo or every pixel of it."""
        ...

    def cancel_gesture(self) -> bool:
        """End a gesture without an edit; whether there was one."""
        ...

    def set_loupe(self, on: bool) -> None:
        """Take or lay down the loupe."""
        ...

    def refresh(self) -> None:
        """Show the state again (cursor, description)."""
        ...

    def ask_menu(self, at: QPointF, hit: AnnotationId | None) -> None:
        """Ask for a menu at a canvas point."""
        ...

    def ask_note(self, id_: AnnotationId) -> None:
        """Ask for the note of an annotation."""
        ...

    def tell_measured(self, first: Point, second: Point) -> None:
        """Tell a measured line."""
        ...
