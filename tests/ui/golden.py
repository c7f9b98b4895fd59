"""Whether a picture still looks as the golden one that was looked at and kept."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import PySide6
from PIL import Image
from PySide6.QtGui import QImage

from tests.ui.gallery import as_kept, kept, pillow, reduced

# A pixel counts as another one when a channel is so far off.
OFF = 56
# So many other pixels in a square of so many pixels are something that moved.
SQUARE, MANY = 12, 14


def stable() -> str:
    """Why pixels are not compared here; "" where they are."""
    if sys.version_info[:2] != (3, 11) or PySide6.__version__ != "6.11.3":
        return "golden pictures are of Python 3.11 and PySide6 6.11.3"
    return ""


def _array(picture: Image.Image) -> np.ndarray:
    """Height × width × 3."""
    return np.asarray(picture.convert("RGB")).astype(np.int16)


def differs(image: QImage, name: str, out: Path | None = None) -> str:
    """Where a picture differs from its golden one; "" nowhere. What differs is kept in ``out``."""
    path = kept(name)
    if not path.is_file():
        return f"{name}: there is no golden picture; python tests/ui/gallery.py --renew"
    with Image.open(path) as opened:
        golden = _array(opened)
    shown = pillow(reduced(image))
    now = _array(shown)
    if now.shape != golden.shape:
        return f"{name}: {now.shape[1]}x{now.shape[0]} was {golden.shape[1]}x{golden.shape[0]}"
    # The golden one lost a little when it was kept. The same picture kept the same way is the same;
    # one that shivers a little loses something else, but is near as it is.
    off = [np.abs(one - golden).max(axis=2) for one in (now, _array(as_kept(shown)))]
    other = (np.minimum(*off) > OFF).astype(np.int32)
    high, wide = (n - n % SQUARE for n in other.shape)
    squares = other[:high, :wide].reshape(high // SQUARE, SQUARE, wide // SQUARE, SQUARE)
    counted = squares.sum(axis=(1, 3))
    if counted.max() < MANY:
        return ""
    row, column = np.unravel_index(int(counted.argmax()), counted.shape)
    if out is not None:
        reduced(image).save(str(out / f"{name}.png"))
    return (
        f"{name}: {int((counted >= MANY).sum())} squares differ, most at "
        f"{int(column) * SQUARE},{int(row) * SQUARE} of the reduced picture"
    )
