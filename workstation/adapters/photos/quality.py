"""Photo quality: measures on a size-normalised copy, and the codes that the thresholds give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from workstation.assets import resource
from workstation.content.tables import read
from workstation.domain.photo import QualityCode, QualityMeasures
from workstation.domain.photo_quality import SizeLimits, size_codes

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of ``resources/intake/photo-quality.toml``; sizes in pixels, shares 0 to 1."""

    size: SizeLimits
    focus_least: float
    light_least: float
    light_most: float
    clipped_most: float
    days_most: int


@cache
def thresholds() -> Thresholds:
    """The thresholds of this edition; raises ContentError when the file is wrong."""
    top = read(resource("intake", "photo-quality.toml"))
    top.whole("schema")
    top.text("edition")
    size, focus, light, age = (top.table(k) for k in ("size", "focus", "light", "age"))
    found = Thresholds(
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


NORMAL_SIDE = 1024  # the thresholds are calibrated for copies of this longest side
_CLIPPED = 250


def measure(image: Image) -> QualityMeasures:
    """Measures of an upright RGB image, taken on a copy whose longest side is ``NORMAL_SIDE``.

    Focus is the variance of the four-neighbour Laplacian of the grey copy (0 to 255); clipped is
    the share of pixels whose three channels all reach the top.
    """
    import numpy as np
    from PIL import Image as Pillow
    from PIL import ImageChops

    longest = max(image.size)
    if longest > NORMAL_SIDE:
        size = (
            max(3, round(image.width * NORMAL_SIDE / longest)),
            max(3, round(image.height * NORMAL_SIDE / longest)),
        )
        image = image.resize(size, Pillow.Resampling.BOX, reducing_gap=None)
    grey = np.asarray(image.convert("L"), dtype=np.int16)  # a Laplacian of bytes fits
    centre = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * centre
    red, green, blue = image.split()
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    clipped = sum(least.histogram()[_CLIPPED:]) / (least.width * least.height)
    return QualityMeasures(
        focus=round(float(laplacian.var()), 3),
        mean_light=round(float(grey.mean()) / 255, 4),
        clipped_share=round(clipped, 5),
    )


def judge(
    width: int,
    height: int,
    measures: QualityMeasures,
    taken_at: datetime | None,
    received: date,
    limits: Thresholds,
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
