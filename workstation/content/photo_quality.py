"""What photos are judged by, from the intake content."""

from __future__ import annotations

from functools import cache

from workstation.assets import resource
from workstation.content.tables import read
from workstation.domain.photo_quality import PhotoLimits, SizeLimits


@cache
def photo_limits() -> PhotoLimits:
    """The limits of this edition; raises ContentError when the file is wrong."""
    top = read(resource("intake", "photo-quality.toml"))
    top.whole("schema")
    top.text("edition")
    size, focus, light, age = (top.table(k) for k in ("size", "focus", "light", "age"))
    found = PhotoLimits(
        size=SizeLimits(
            least_long=size.whole("least_long"),
            least_short=size.whole("least_short"),
            preferred_long=size.whole("preferred_long"),
            preferred_short=size.whole("preferred_short"),
        ),
        focus_least=float(focus.decimal("least")),
        light_least=float(light.decimal("least")),
        light_most=float(light.decimal("most")),
        clipped_most=float(light.decimal("clipped_most")),
        days_most=age.whole("days_most"),
    )
    for table in (size, focus, light, age):
        table.text("source")
        table.text("tag")
        table.done()
    top.done()
    return found
