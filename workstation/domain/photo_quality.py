"""Photo quality codes that need no pixels: size, missing views, and which codes refuse a photo."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.photo import QualityCode, View

FACE_VIEWS = (View.FRONT.value, View.LEFT45.value, View.RIGHT45.value)
REFUSING = frozenset({QualityCode.RESOLUTION, QualityCode.FOCUS, QualityCode.VIEWS})


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Least and preferred size in pixels, whichever way the photo is turned."""

    least_long: int
    least_short: int
    preferred_long: int
    preferred_short: int


def size_codes(width: int, height: int, limits: SizeLimits) -> tuple[QualityCode, ...]:
    """What the pixel size of an upright photo gives."""
    long, short = max(width, height), min(width, height)
    if long < limits.least_long or short < limits.least_short:
        return (QualityCode.RESOLUTION,)
    if long < limits.preferred_long or short < limits.preferred_short:
        return (QualityCode.BELOW_PREFERRED,)
    return ()


def view_codes(views: tuple[str, ...], required: tuple[str, ...]) -> tuple[QualityCode, ...]:
    """``PQ-VIEWS`` when a required view is missing."""
    return () if set(required) <= set(views) else (QualityCode.VIEWS,)


def acceptable(codes: tuple[QualityCode, ...]) -> bool:
    """Whether no code asks for other photos; notes do not."""
    return not set(codes) & REFUSING
