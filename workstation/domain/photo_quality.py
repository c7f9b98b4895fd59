"""Photo quality codes: what size, measures, age and missing views give, and which codes refuse a photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workstation.domain.photo import QualityCode, QualityMeasures, View

FACE_VIEWS = (View.FRONT.value, View.LEFT45.value, View.RIGHT45.value)
REFUSING = frozenset({QualityCode.RESOLUTION, QualityCode.FOCUS, QualityCode.VIEWS})


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Least and preferred size in pixels, whichever way the photo is turned."""

    least_long: int
    least_short: int
    preferred_long: int
    preferred_short: int


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """What a photo is judged by: sizes in pixels; light and clipped are shares from 0 to 1; days."""

    size: SizeLimits
    focus_least: float
    light_least: float
    light_most: float
    clipped_most: float
    days_most: int


def size_codes(width: int, height: int, limits: SizeLimits) -> tuple[QualityCode, ...]:
    """What the pixel size of an upright photo gives."""
    long, short = max(width, height), min(width, height)
    if long < limits.least_long or short < limits.least_short:
        return (QualityCode.RESOLUTION,)
    if long < limits.preferred_long or short < limits.preferred_short:
        return (QualityCode.BELOW_PREFERRED,)
    return ()


def judge(
    width: int,
    height: int,
    measures: QualityMeasures,
    taken_at: datetime | None,
    received: date,
    limits: PhotoLimits,
) -> tuple[QualityCode, ...]:
    """Codes of one photo, in the order of ``QualityCode``; sizes are upright full-size pixels."""
    found = list(size_codes(width, height, limits.size))
    if measures.focus < limits.focus_least:
        found.append(QualityCode.FOCUS)
    lit = limits.light_least <= measures.mean_light <= limits.light_most
    if not lit or measures.clipped_share >= limits.clipped_most:
        found.append(QualityCode.LIGHT)
    if taken_at is not None and (received - taken_at.date()).days > limits.days_most:
        found.append(QualityCode.OLD)
    return tuple(found)


def view_codes(views: tuple[str, ...], required: tuple[str, ...]) -> tuple[QualityCode, ...]:
    """``PQ-VIEWS`` when a required view is missing."""
    return () if set(required) <= set(views) else (QualityCode.VIEWS,)


def acceptable(codes: tuple[QualityCode, ...]) -> bool:
    """Whether no code asks for other photos; notes do not."""
    return not set(codes) & REFUSING
