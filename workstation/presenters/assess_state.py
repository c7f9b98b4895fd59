"""The Assess page as it stands: strip, selection, list, chips and rubric in one value."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import LesionType, Midline
from workstation.domain.photo import Photo, View
from workstation.presenters.canvas import ZoneLabel
from workstation.presenters.rubric import RubricState
from workstation.presenters.tools import ToolState


@dataclass(frozen=True, slots=True)
class PhotoAsk:
    """A photo to ask the patient for: which view, and what was wrong with the one that came."""

    view: View
    name: str
    reasons: tuple[str, ...]  # sentences; empty when the view was not supplied


@dataclass(frozen=True, slots=True)
class StripItem:
    """One place of the photo strip: a photo, or a view that was not supplied."""

    name: str
    photo: PhotoId | None
    badge: int
    chip: str
    tooltip: str
    current: bool
    ask: PhotoAsk | None = None  # what "Ask photo" would ask for this place


@dataclass(frozen=True, slots=True)
class Selected:
    """What the note beside a single selected annotation says."""

    id: AnnotationId
    title: str
    detail: str
    note: str
    counts: bool
    counted_here: bool
    linked: bool
    owner: str  # the photo that counts its zone, "" when it is this one
    sized: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One annotation of the photo in the mirrored list."""

    id: AnnotationId
    type: LesionType
    text: str
    zone: str
    size: str
    reference: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """Work of a sitting that ended without closing: what there is, and what that sitting did."""

    text: str
    compared: str  # "" until asked for


@dataclass(frozen=True)
class AssessState:
    """The page as it stands."""

    generation: int
    photo: Photo | None
    supplied: str
    strip: tuple[StripItem, ...]
    tools: ToolState
    labels: tuple[ZoneLabel, ...]
    selection: tuple[AnnotationId, ...]
    selected: Selected | None
    chips: tuple[str, ...]
    rubric: RubricState
    note: str
    mm_per_px: float | None
    can_undo: bool
    can_redo: bool
    linking: bool
    midline: Midline | None = None  # on a frontal photo, as dragged or in its middle
    mirrored: bool = False
    recovered: Recovered | None = None
