"""Photos of a consultation: view, size, scale and quality; never pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from workstation.domain.ids import PhotoId, VaultAddress


class View(Enum):
    """Standard views in hanging order; left and right are the patient's."""

    __hash__ = object.__hash__  # members are single, and counting asks for it often

    FRONT = "front"
    LEFT45 = "left45"
    RIGHT45 = "right45"
    CHIN_UP = "chin_up"
    HAIRLINE = "hairline"
    CHEST = "chest"
    UPPER_BACK = "upper_back"
    SHOULDERS = "shoulders"
    OTHER = "other"


class QualityCode(Enum):
    """Photo quality codes of triage; they qualify the grade and never block signing."""

    RESOLUTION = "PQ-RES"
    BELOW_PREFERRED = "PQ-BELOW-PREFERRED"
    FOCUS = "PQ-FOCUS"
    LIGHT = "PQ-LIGHT"
    OLD = "PQ-OLD"
    VIEWS = "PQ-VIEWS"
    SCALE = "PQ-SCALE"


@dataclass(frozen=True, slots=True)
class QualityMeasures:
    """What was measured on a size-normalised copy at intake."""

    focus: float  # variance of the Laplacian
    mean_light: float  # 0 to 1
    clipped_share: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo. Sizes are upright full-size pixels; ``digest`` is SHA-256 of the original bytes."""

    id: PhotoId
    view: View
    media_type: str
    width: int
    height: int
    digest: str
    original: VaultAddress
    preview: VaultAddress
    thumbnail: VaultAddress
    taken_at: datetime | None
    measures: QualityMeasures
    quality: tuple[QualityCode, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres per pixel of one photo, set by the clinician on a known length."""

    photo: PhotoId
    mm_per_px: float
    how: str
