"""Small helpers on float pictures: soft steps, enlarging, noise, blur and growing past an edge."""

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Array: TypeAlias = npt.NDArray[Any]
F = np.float32


def smooth(low: float, high: float, x: Array | float) -> Array:
    """A soft step from 0 at `low` to 1 at `high` (falling when `low` is the greater)."""
    t = np.clip((np.asarray(x) - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def bump(x: Array, width: float) -> Array:
    """A bell of height 1 around zero."""
    return np.asarray(np.exp(-((x / width) ** 2)))


def resize(a: Array, wh: tuple[int, int]) -> Array:
    """Enlarge a float array (h, w) to wh = (w, h); Pillow keeps 32-bit floats."""
    if a.shape == (wh[1], wh[0]):
        return a.astype(F)
    image = Image.fromarray(np.ascontiguousarray(a, F))
    return np.array(image.resize(wh, Image.Resampling.BICUBIC))


def crop_resize(a: Array, box: tuple[float, float, float, float], wh: tuple[int, int]) -> Array:
    """The part of `a` inside `box` (its own pixels), enlarged to wh = (w, h)."""
    image = Image.fromarray(np.ascontiguousarray(a, F))
    return np.asarray(image.resize(wh, Image.Resampling.BICUBIC, box=box))


def noise(rng: np.random.Generator, wh: tuple[int, int], cell: float) -> Array:
    """Smooth noise of about unit spread whose grain is `cell` pixels."""
    w, h = wh
    shape = (max(3, math.ceil(h / cell) + 3), max(3, math.ceil(w / cell) + 3))
    return np.asarray(resize(rng.standard_normal(shape, dtype=F), wh) * F(1.55))


def blur(a: Array, radius: float) -> Array:
    """Gaussian blur of values in 0..1 (8 bits are enough for masks)."""
    image = Image.fromarray((np.clip(a, 0, 1) * 255).astype("uint8"))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), F) / 255


def erode(mask: Array, times: int) -> Array:
    """Take `times` pixels off the edge of a mask."""
    for _ in range(times):
        smaller = mask.copy()
        for shift in (-1, 1):
            for axis in (0, 1):
                smaller &= np.roll(mask, shift, axis)
        mask = smaller
    return mask


def grow(a: Array, hit: Array, times: int = 6) -> Array:
    """Continue values past the silhouette so that enlarging does not pull the background in."""
    a, known = a.copy(), hit.copy()
    for _ in range(times):
        total, count = np.zeros_like(a), np.zeros(known.shape, F)
        for shift, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
            near = np.roll(known, shift, axis)
            total += np.roll(a, shift, axis) * (near[..., None] if a.ndim == 3 else near)
            count += near
        new = ~known & (count > 0)
        mean = (
            total / np.maximum(count, 1)[..., None] if a.ndim == 3 else total / np.maximum(count, 1)
        )
        a[new] = mean[new]
        known |= new
    return a


def mix(a: Array, b: Array | float, weight: Array) -> Array:
    """Blend pictures (h, w, 3) by a weight (h, w)."""
    w = weight[..., None]
    return np.asarray(a * (1 - w) + b * w)
