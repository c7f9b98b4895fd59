"""Size limits of photos from the intake content."""

from __future__ import annotations

from functools import cache

from workstation.assets import resource
from workstation.content.tables import read
from workstation.domain.photo_quality import SizeLimits


@cache
def photo_limits() -> SizeLimits:
    """Least and preferred sizes; raises ContentError when the file is wrong."""
    size = read(resource("intake", "photo-quality.toml")).table("size")
    return SizeLimits(
        least_long=size.whole("least_long"),
        least_short=size.whole("least_short"),
        preferred_long=size.whole("preferred_long"),
        preferred_short=size.whole("preferred_short"),
    )
