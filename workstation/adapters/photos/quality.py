"""Measures of photo quality, taken on a size-normalised copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workstation.domain.photo import QualityMeasures

if TYPE_CHECKING:
    from PIL.Image import Image


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
