"""The Compare page as it stands: two panes, what differs, trends and the short way, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workstation.domain.alignment import Transform
from workstation.domain.consultation import Consultation
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import LesionType
from workstation.domain.photo import Photo
from workstation.presenters.followup_trends import Trends
from workstation.presenters.tools import Adjustment


class Mode(Enum):
    """How the two photos share the canvas."""

    SIDE_BY_SIDE = "side"
    SWIPE = "swipe"


class Fate(Enum):
    """What became of a lesion between the two visits."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Placed:
    """One annotation on a pane, in pixels of that pane's photo."""

    id: AnnotationId
    x: float
    y: float
    type: LesionType
    fate: Fate


@dataclass(frozen=True)
class PaneState:
    """One of the two photos. ``missing`` says in words why there is none."""

    consultation: Consultation
    photo: Photo | None
    title: str
    when: str
    count: str  # what the corner of the pane shows
    spoken: str
    missing: str
    marks: tuple[Placed, ...]
    mirrored: bool


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One type under the photos: ``6 → 2``; empty texts where nobody counted."""

    type: LesionType
    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of annotations of both photos."""

    text: str
    older: bool  # whether it lies on the older photo
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of this month; ``icon`` is ok, info, warn or unknown; ``was`` the old value."""

    label: str
    value: str
    was: str
    icon: str


@dataclass(frozen=True, slots=True)
class ShortWayState:
    """The card of the next supply. ``open`` when last month may be repeated in one step."""

    open: bool
    title: str
    chip: str
    lines: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it means, for the two cards at the top."""

    title: str
    number: str
    words: str
    better: bool


@dataclass(frozen=True, slots=True)
class Aligning:
    """Clicking three pairs: how many points there are, and what to click next."""

    older: tuple[tuple[float, float], ...]
    newer: tuple[tuple[float, float], ...]
    prompt: str


@dataclass(frozen=True)
class FollowupState:
    """The page. ``older`` and ``newer`` are the left and the right pane."""

    generation: int
    loading: bool
    older: PaneState | None
    newer: PaneState
    view_name: str
    view_line: str
    across: Transform
    aligned: bool
    aligning: Aligning | None
    mode: Mode
    synced: bool
    hidden: bool
    ghosts: bool
    adjusting: bool
    adjustment: Adjustment
    line: str  # in the toolbar: how the photos are laid upon each other
    fates: str
    visible_title: str
    visible: tuple[DifferenceRow, ...]
    graded_title: str
    graded: tuple[DifferenceRow, ...]
    listed: tuple[Listed, ...]
    figures: tuple[Figure, ...]
    trends: Trends | None
    answers_on: str
    answers: tuple[AnswerLine, ...]
    short_way: ShortWayState | None
    problem: str
