"""A photo written anew from its pixels: no metadata of the original can come along."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from workstation.domain.lesions import Point
from workstation.domain.pixels import Pixels

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
