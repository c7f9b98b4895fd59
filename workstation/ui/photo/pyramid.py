"""A photo as a stack of halved pictures, so that any zoom draws from few pixels."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from workstation.presenters.pictures import Pixels
from workstation.presenters.tools import Adjustment

SMALLEST = 400  # pixels of the longer side below which nothing is halved
_MIDDLE = 128
_AROUND = 20  # screen pixels that count as the skin around
_LOCAL = 2.5
_SKIN = 14  # levels of red above the mean of green and blue
_REDNESS = 1.6


class Pyramid:
    """One photo at full, half, quarter ... size; pictures are made for the screen when first drawn.

    Built on a worker thread (images only); ``level`` is for the UI thread.
    """

    def __init__(self, levels: tuple[QImage, ...], pixels: Pixels) -> None:
        self.levels = levels
        # The largest image reads these bytes in place: they must live as long as it does.
        self._pixels = pixels
        self._pictures: dict[int, QPixmap] = {}

    @property
    def width(self) -> int:
        """Width of the largest level."""
        return self.levels[0].width()

    @property
    def height(self) -> int:
        """Height of the largest level."""
        return self.levels[0].height()

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(level.sizeInBytes() for level in self.levels)

    def level(self, scale: float) -> tuple[QPixmap, int]:
        """The smallest picture that still has a pixel for each drawn one, and its divisor.

        ``scale`` is drawn device pixels per pixel of the largest level.
        """
        number = 0
        while number + 1 < len(self.levels) and scale * (2 << number) <= 1.0:
            number += 1
        picture = self._pictures.get(number)
        if picture is None:
            picture = QPixmap.fromImage(
                self.levels[number], Qt.ImageConversionFlag.NoFormatConversion
            )
            self._pictures[number] = picture
        return picture, 1 << number


def build(pixels: Pixels) -> Pyramid:
    """The pyramid of decoded BGRX pixels; safe on any thread."""
    stride = pixels.width * 4
    image = QImage(pixels.data, pixels.width, pixels.height, stride, QImage.Format.Format_RGB32)
    return Pyramid(_halved(image), pixels)


def cost(pyramid: Pyramid) -> int:
    """Bytes that a pyramid holds."""
    return pyramid.size


def adjusted(image: QImage, adjustment: Adjustment) -> QImage:
    """A copy with brightness, contrast, redness and pigment changed; for the visible part only.

    Redness stretches the difference of red from the mean of green and blue, which is what
    inflamed skin changes most. Pigment darkens what is darker than most of the picture in red
    light, which melanin takes up and blood lets through. Local contrast stretches the difference
    from the skin around.
    """
    import numpy as np

    source = image.convertToFormat(QImage.Format.Format_RGB32)
    h, w = source.height(), source.width()
    pixels = np.frombuffer(source.constBits(), np.uint8).reshape(h, source.bytesPerLine() // 4, 4)
    a = pixels[:, :w, :3].astype(np.float32)
    if adjustment.redness:
        excess = a[..., 2] - (a[..., 0] + a[..., 1]) / 2
        # Only what is redder than most of the skin moves: the wall behind keeps its grey.
        usual = _median(excess[::8, ::8], excess[::8, ::8])
        shift = np.maximum(excess - usual, 0) * (adjustment.redness / 100 * _REDNESS)
        a[..., 2] += shift
        a[..., :2] -= shift[..., None] / 2
    if adjustment.pigment:
        red = a[..., 2]
        excess = (red - (a[..., 0] + a[..., 1]) / 2)[::8, ::8]
        dark = np.maximum(_median(red[::8, ::8], excess) - red, 0)
        a -= dark[..., None] * (adjustment.pigment / 100)
    if adjustment.local:
        a += (a - _around(source)) * (adjustment.local / 100 * _LOCAL)
    if adjustment.contrast:
        a = (a - _MIDDLE) * (1 + adjustment.contrast / 100) + _MIDDLE
    if adjustment.brightness:
        a += adjustment.brightness * 1.28
    out = np.full((h, w, 4), 255, np.uint8)
    out[..., :3] = np.clip(a, 0, 255).astype(np.uint8)
    return QImage(out.data, w, h, w * 4, QImage.Format.Format_RGB32).copy()


def _median(values: Any, excess: Any) -> float:
    """The middle value on skin, which is what is redder than grey; of all when there is none."""
    import numpy as np

    skin = values[excess > _SKIN]
    return float(np.median(skin if skin.size else values))


def _around(source: QImage) -> Any:
    """The picture as seen from afar, by which local contrast is measured."""
    import numpy as np

    w, h = source.width(), source.height()
    small = QSize(max(2, w // _AROUND), max(2, h // _AROUND))
    smooth, whole = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
    far = source.scaled(small, whole, smooth).scaled(source.size(), whole, smooth)
    far = far.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(far.constBits(), np.uint8).reshape(h, far.bytesPerLine() // 4, 4)
    return pixels[:, :w, :3].astype(np.float32)


def _halved(image: QImage) -> tuple[QImage, ...]:
    levels = [image]
    while max(levels[-1].width(), levels[-1].height()) // 2 >= SMALLEST:
        last = levels[-1]
        half = QSize((last.width() + 1) // 2, (last.height() + 1) // 2)
        levels.append(
            last.scaled(
                half,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ).convertToFormat(QImage.Format.Format_RGB32)
        )
    return tuple(levels)
