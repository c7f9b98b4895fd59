"""A photo as colour channels at working size, blurred at the sizes that lesions have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.domain.pixels import Pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.float32]

LONGEST = 640
"""Longest side at work, px; a face then has about 3.3 px to the millimetre."""
SIGMAS = (1.0, 1.6, 2.5, 4.0, 6.4, 10.0, 16.0, 25.0)
"""Blur of each level, working pixels."""
STEPS = (1, 1, 2, 2, 4, 4, 8, 8)
"""Working pixels per pixel of each level: coarse blurs need few pixels."""


@dataclass(frozen=True)
class Channels:
    """``levels[i]`` is float32 (channel, height, width) blurred by ``SIGMAS[i]`` at ``STEPS[i]``.

    Channels are optical densities: redness = log(R/G), darkness = -log G, yellowness = log(G/B).
    ``factor`` is photo pixels per working pixel.
    """

    factor: float
    size: tuple[int, int]
    levels: tuple[Plane, ...]

    def at(self, level: int, xs: Plane, ys: Plane) -> Plane:
        """Every channel of one level at working places (n,), linearly between pixels: (channel, n)."""
        import numpy as np

        plane, step = self.levels[level], STEPS[level]
        h, w = plane.shape[1:]
        u = np.clip(xs / step - np.float32(0.5), 0, w - 1.001)
        v = np.clip(ys / step - np.float32(0.5), 0, h - 1.001)
        i, j = v.astype(np.intp), u.astype(np.intp)
        dv, du = (v - i).astype(np.float32), (u - j).astype(np.float32)
        top = plane[:, i, j] * (1 - du) + plane[:, i, j + 1] * du
        low = plane[:, i + 1, j] * (1 - du) + plane[:, i + 1, j + 1] * du
        return np.asarray(top * (1 - dv) + low * dv, dtype=np.float32)


def channels(pixels: Pixels) -> Channels:
    """Read a decoded photo at working size."""
    import numpy as np

    rgb, factor = small(pixels)
    density = np.log((rgb.transpose(2, 0, 1) + np.float32(4.0)) * np.float32(1 / 259.0))
    at = np.stack((density[0] - density[1], -density[1], density[1] - density[2]))
    levels, step, reached = [], 1, 0.0
    for sigma, wanted in zip(SIGMAS, STEPS, strict=True):
        while step < wanted:
            at, step = halved(at), step * 2
        at = gaussian(at, max(sigma**2 - reached**2, 0.01) ** 0.5 / step)
        reached = sigma
        levels.append(at)
    return Channels(factor, (rgb.shape[1], rgb.shape[0]), tuple(levels))


def small(pixels: Pixels) -> tuple[Plane, float]:
    """RGB (float32, 0 to 255) with the longest side at ``LONGEST``, and photo px per working px."""
    import numpy as np
    from PIL import Image

    # The pixels may be shared memory: an array is a view of it, which Pillow takes without a copy.
    plane = np.frombuffer(pixels.data, np.uint8).reshape(pixels.height, pixels.width, 4)
    picture = Image.fromarray(plane, "RGBX")  # read as B, G, R, X: turned round when small
    factor = max(pixels.width, pixels.height) / LONGEST
    size = (max(16, round(pixels.width / factor)), max(16, round(pixels.height / factor)))
    if factor >= 2:
        picture = picture.reduce(int(factor))
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(picture, dtype=np.uint8)[..., 2::-1].astype(np.float32), factor


def gaussian(planes: Plane, sigma: float) -> Plane:
    """(channel, height, width) blurred by a Gaussian; the border pixel goes on outside."""
    import numpy as np

    reach = max(1, int(2.5 * sigma + 0.5))
    xs = np.arange(reach + 1, dtype=np.float32)
    weights = np.exp(-(xs**2) / np.float32(2 * sigma**2))
    weights /= weights[0] + 2 * weights[1:].sum()
    for axis in (1, 2):
        room = [(0, 0), (0, 0), (0, 0)]
        room[axis] = (reach, reach)
        padded = np.pad(planes, room, "edge")
        length = planes.shape[axis]
        total = _cut(padded, axis, reach, length) * weights[0]
        pair = np.empty_like(total)
        for k in range(1, reach + 1):
            before = _cut(padded, axis, reach - k, length)
            np.add(before, _cut(padded, axis, reach + k, length), out=pair)
            np.multiply(pair, weights[k], out=pair)
            np.add(total, pair, out=total)
        planes = total
    return planes


def _cut(planes: Plane, axis: int, start: int, length: int) -> Plane:
    stop = start + length
    return planes[:, start:stop] if axis == 1 else planes[:, :, start:stop]


def halved(planes: Plane) -> Plane:
    """Half size by means of four; an odd last row or column is repeated."""
    import numpy as np

    h, w = planes.shape[1:]
    if h % 2 or w % 2:
        planes = np.pad(planes, ((0, 0), (0, h % 2), (0, w % 2)), "edge")
    rows = planes[:, ::2] + planes[:, 1::2]
    mean: Plane = (rows[:, :, ::2] + rows[:, :, 1::2]) * np.float32(0.25)
    return mean
