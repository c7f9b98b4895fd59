"""Lesion types, annotations in upright photo pixels, zones and what is counted where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from workstation.domain.ids import AnnotationId, PhotoId, UserId
from workstation.domain.photo import Photo, View


class LesionType(Enum):
    """Lesion types of severity.md; ``value`` is the code stored and exported."""

    # Members are single: their identity serves, and counting thousands asks for it often.
    __hash__ = object.__hash__

    OPEN_COMEDONE = "CO"
    CLOSED_COMEDONE = "CC"
    PAPULE = "PA"
    PUSTULE = "PU"
    NODULE = "NO"
    CYST = "CY"
    SCAR = "SC"
    SCAR_ICE_PICK = "SCI"
    SCAR_BOXCAR = "SCB"
    SCAR_ROLLING = "SCR"
    SCAR_HYPERTROPHIC = "SCH"
    SCAR_KELOID = "SCK"
    DARK_MARK = "PIH"
    ERYTHEMA_MARK = "PIE"
    EXCORIATION = "EXC"
    OTHER = "OTH"


EIGHT_KEYS: tuple[LesionType, ...] = (
    LesionType.OPEN_COMEDONE,
    LesionType.CLOSED_COMEDONE,
    LesionType.PAPULE,
    LesionType.PUSTULE,
    LesionType.NODULE,
    LesionType.CYST,
    LesionType.SCAR,
    LesionType.DARK_MARK,
)
COMEDONES = frozenset({LesionType.OPEN_COMEDONE, LesionType.CLOSED_COMEDONE})
INFLAMMATORY = frozenset({LesionType.PAPULE, LesionType.PUSTULE})
NODULES_CYSTS = frozenset({LesionType.NODULE, LesionType.CYST})
COUNTED = COMEDONES | INFLAMMATORY | NODULES_CYSTS
SCARS = frozenset(
    {
        LesionType.SCAR,
        LesionType.SCAR_ICE_PICK,
        LesionType.SCAR_BOXCAR,
        LesionType.SCAR_ROLLING,
        LesionType.SCAR_HYPERTROPHIC,
        LesionType.SCAR_KELOID,
    }
)


class ZoneId(Enum):
    """Counting zones in membership order; outside all is ``OTHER``, which counts too."""

    # Members are single: their identity serves, and counting thousands asks for it often.
    __hash__ = object.__hash__

    FOREHEAD = "forehead"
    RIGHT_CHEEK = "right_cheek"
    LEFT_CHEEK = "left_cheek"
    NOSE = "nose"
    CHIN = "chin"
    JAW_NECK = "jaw_neck"
    CHEST = "chest"
    UPPER_BACK = "upper_back"
    SHOULDERS = "shoulders"
    OTHER = "other"


DEFAULT_OWNER: dict[ZoneId, View] = {
    ZoneId.FOREHEAD: View.FRONT,
    ZoneId.NOSE: View.FRONT,
    ZoneId.CHIN: View.FRONT,
    ZoneId.JAW_NECK: View.FRONT,
    ZoneId.LEFT_CHEEK: View.LEFT45,
    ZoneId.RIGHT_CHEEK: View.RIGHT45,
    ZoneId.CHEST: View.CHEST,
    ZoneId.UPPER_BACK: View.UPPER_BACK,
    ZoneId.SHOULDERS: View.SHOULDERS,
}
FACE_ZONES = (
    ZoneId.FOREHEAD,
    ZoneId.RIGHT_CHEEK,
    ZoneId.LEFT_CHEEK,
    ZoneId.NOSE,
    ZoneId.CHIN,
    ZoneId.JAW_NECK,
)


@dataclass(frozen=True, slots=True)
class Point:
    """Pixels of the upright full-size photo; origin top-left corner, pixel centres at .5."""

    x: float
    y: float


class MadeBy(Enum):
    """An annotation is made by a person; a detection is proposed by an algorithm."""

    CLINICIAN = "clinician"
    ACCEPTED_DETECTION = "accepted_detection"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which detector proposed an annotation, as what, and how likely it called it (0 to 1)."""

    detector: str
    version: str
    type: LesionType
    likelihood: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """One lesion marked on one photo.

    ``radius`` (px) is None for a point. ``counted_here`` makes an annotation outside its zone's
    owner photo count ("not visible on the owner photo"); ``same_as`` links it to its twin.
    ``border`` is what was drawn around it by hand, empty when nothing was; ``at`` then lies in its
    middle, and the zone and every count go by ``at`` alone. ``proposal`` is kept when a detection
    was accepted: the author is the person who accepted it.
    """

    id: AnnotationId
    photo: PhotoId
    type: LesionType
    at: Point
    radius: float | None
    note: str
    author: UserId
    made_at: datetime
    made_by: MadeBy
    counted_here: bool
    same_as: AnnotationId | None
    border: tuple[Point, ...] = ()
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A proposal that the clinician refused: the ``number``-th of one detector on one photo."""

    photo: PhotoId
    detector: str
    version: str
    number: int

    @property
    def name(self) -> str:
        """Under which a draft keeps it."""
        return f"{self.photo}:{self.number}"


@dataclass(frozen=True, slots=True)
class ZoneOwner:
    """The photo on which a zone counts, where the clinician chose another than the usual one."""

    zone: ZoneId
    photo: PhotoId


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The photo is a mirror image, as some front cameras take it.

    It is shown turned round. Coordinates stay those of its pixels, in which left and right are
    exchanged.
    """

    photo: PhotoId


@dataclass(frozen=True, slots=True)
class ZoneOutline:
    """A zone's polygon on one photo, from the view's template until dragged."""

    photo: PhotoId
    zone: ZoneId
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Midline:
    """The line that halves the face on one frontal photo, from its top to its bottom end."""

    photo: PhotoId
    top: Point
    bottom: Point

    @staticmethod
    def middle(photo: Photo) -> Midline:
        """The usual midline: upright through the middle of the photo, until it is dragged."""
        across = photo.width / 2
        return Midline(photo.id, Point(across, 0), Point(across, photo.height))


@dataclass(frozen=True, slots=True)
class Placed:
    """An annotation with its zone and whether it counts on its photo."""

    annotation: Annotation
    zone: ZoneId
    counts: bool


Cell = tuple[PhotoId, ZoneId, LesionType]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted; every total is a sum over ``cells``, so the table always adds up.

    ``cells``: ((photo, zone, type), count) of annotations that count, in order of photo, zone and
    type. ``unlinked``: reference annotations of counted types that are neither linked nor counted,
    by zone. ``annotated``: as ``cells``, of all annotations, whether or not they count.
    """

    placed: tuple[Placed, ...]
    cells: tuple[tuple[Cell, int], ...]
    unlinked: tuple[tuple[ZoneId, int], ...]
    annotated: tuple[tuple[Cell, int], ...] = ()

    def count(self, types: frozenset[LesionType]) -> int:
        """Number counted of ``types`` over all photos and zones."""
        return sum([n for (_, _, kind), n in self.cells if kind in types])

    @property
    def comedones(self) -> int:
        """C = open + closed comedones."""
        return self.count(COMEDONES)

    @property
    def inflammatory(self) -> int:
        """I = papules + pustules."""
        return self.count(INFLAMMATORY)

    @property
    def nodules_cysts(self) -> int:
        """N = nodules + cysts."""
        return self.count(NODULES_CYSTS)

    @property
    def total(self) -> int:
        """T = C + I + N."""
        return self.count(COUNTED)

    @property
    def references(self) -> int:
        """Reference annotations not counted anywhere."""
        return sum(n for _, n in self.unlinked)


def typed_by_size(annotation: Annotation, mm_per_px: float | None, nodule_mm: int) -> Annotation:
    """The annotation, a papule where it was called a nodule and measured below ``nodule_mm``.

    Without a size or a scale the clinician's type stands.
    """
    if annotation.type is not LesionType.NODULE or annotation.radius is None or mm_per_px is None:
        return annotation
    if annotation.radius * 2 * mm_per_px >= nodule_mm:
        return annotation
    return replace(annotation, type=LesionType.PAPULE)
