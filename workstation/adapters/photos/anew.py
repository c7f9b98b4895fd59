"""A photo written anew from its pixels: no metadata of the original can come along."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from io import BytesIO

from workstation.domain.lesions import Annotation, Point
from workstation.domain.photo import Photo
from workstation.domain.pixels import Pixels

SPOT_SHARE = 0.03  # of a photo's shorter side: the least that is kept around a lesion
_WIDER = 1.5  # a piece of skin reaches half as far again as the lesion
_CORNERS = 24
_QUALITY = 92


def written_anew(pixels: Pixels, kept: Sequence[Sequence[Point]] | None = None) -> bytes:
    """A plain JPEG; with ``kept`` polygons (photo pixels) everything outside of them is black."""
    from PIL import Image, ImageDraw

    size = (pixels.width, pixels.height)
    image = Image.frombuffer("RGB", size, bytes(pixels.data), "raw", "BGRX", 0, 1)
    if kept is not None:
        mask = Image.new("L", size, 0)
        draw = ImageDraw.Draw(mask)
        for polygon in kept:
            draw.polygon([(p.x, p.y) for p in polygon], fill=255)
        image = Image.composite(image, Image.new("RGB", size), mask)
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def spots(photo: Photo, annotations: Iterable[Annotation]) -> tuple[tuple[Point, ...], ...]:
    """A round piece of a photo around each of its annotations, as polygons.

    A piece reaches half as far again as the lesion, and never less than ``SPOT_SHARE``.
    """
    least = SPOT_SHARE * min(photo.width, photo.height)
    pieces = []
    for one in annotations:
        if one.photo != photo.id:
            continue
        reach = max((math.dist((one.at.x, one.at.y), (p.x, p.y)) for p in one.border), default=0.0)
        radius = max(least, _WIDER * max(reach, one.radius or 0.0))
        turns = (2 * math.pi * n / _CORNERS for n in range(_CORNERS))
        pieces.append(
            tuple(
                Point(one.at.x + radius * math.cos(t), one.at.y + radius * math.sin(t))
                for t in turns
            )
        )
    return tuple(pieces)
