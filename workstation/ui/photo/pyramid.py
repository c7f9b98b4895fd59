"""A photo as a stack of halved pictures, so that any zoom draws from few pixels."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from workstation.presenters.pictures import Pixels
from workstation.presenters.tools import Adjustment

SMALLEST = 400  # pixels of the longer side below which nothing is halved
_MIDDLE = 128


class Pyramid:
    """One photo at full, half, quarter ... size; pictures are made for the screen when first drawn.

    Built on a worker thread (images only); ``level`` is for the UI thread.
    """

    def __init__(self, levels: tuple[QImage, ...], pixels: Pixels | None) -> None:
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


def of_image(image: QImage) -> Pyramid:
    """The pyramid of an image, for pictures that were not decoded here."""
    return Pyramid(_halved(image.convertToFormat(QImage.Format.Format_RGB32)), None)


def cost(pyramid: Pyramid) -> int:
    """Bytes that a pyramid holds."""
    return pyramid.size


def adjusted(image: QImage, adjustment: Adjustment) -> QImage:
    """A copy with brightness, contrast and redness changed; for the visible part only.

    Redness stretches the difference of red from the mean of green and blue, which is what
    inflamed skin changes most.
    """
    import numpy as np

    source = image.convertToFormat(QImage.Format.Format_RGB32)
    h, w = source.height(), source.width()
    pixels = np.frombuffer(source.constBits(), np.uint8).reshape(h, source.bytesPerLine() // 4, 4)
    a = pixels[:, :w, :3].astype(np.float32)
    if adjustment.redness:
        excess = a[..., 2] - (a[..., 0] + a[..., 1]) / 2
        # Only what is redder than most of the picture moves: the wall behind keeps its grey.
        shift = np.maximum(excess - np.median(excess[::8, ::8]), 0) * (adjustment.redness / 100)
        a[..., 2] += shift
        a[..., :2] -= shift[..., None] / 2
    if adjustment.contrast:
        a = (a - _MIDDLE) * (1 + adjustment.contrast / 100) + _MIDDLE
    if adjustment.brightness:
        a += adjustment.brightness * 1.28
    out = np.full((h, w, 4), 255, np.uint8)
    out[..., :3] = np.clip(a, 0, 255).astype(np.uint8)
    return QImage(out.data, w, h, w * 4, QImage.Format.Format_RGB32).copy()


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
