"""Places of a photo that stand out from the skin around them, and what can be measured there."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

from workstation.adapters.detection.channels import SIGMAS, STEPS, Channels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.float32]

CENTRES = (0, 1, 2, 3, 4, 5)
"""Levels that a lesion's middle is looked for at; its surroundings are two levels coarser."""
KEPT = 50
"""Most candidates of one response at one level: the strongest."""
LEAST = 2.2
"""Weakest response kept, in spreads of that response over the photo."""
_MOST = 500
_RESPONSES = ((0, 1), (1, 1), (1, -1), (2, 1))
_AROUND = 8
_REACH = 2.0
_GROUND = 5
_SKIN_LIKE = ((-0.2, 0.35), (-0.6, 0.5), (-0.2, 0.2))
_TINY = 1e-4


@dataclass(frozen=True)
class Candidates:
    """``x``, ``y`` in working pixels, ``level`` of each, and their ``features`` (n, count)."""

    x: Plane
    y: Plane
    level: NDArray[np.intp]
    features: Plane


def candidates(seen: Channels) -> Candidates:
    """Local peaks of redness, darkness, paleness and yellowness at every lesion size."""
    import numpy as np

    skin = skin_colour(seen)
    clear = _clear(seen, skin)
    spread = np.empty((len(CENTRES), 3), np.float32)
    xs: list[Plane] = []
    ys: list[Plane] = []
    levels: list[NDArray[np.intp]] = []
    for level in CENTRES:
        rises = _rises(seen, level)
        mask = _mask(clear, level, rises.shape[1:])
        spread[level] = _spread(rises, mask)
        for channel, sign in _RESPONSES:
            response = rises[channel] if sign > 0 else -rises[channel]
            least = LEAST * float(spread[level, channel])
            i, j = _peaks(response, mask, least)
            plane = seen.levels[level][channel]
            i, j = _alone(plane if sign > 0 else -plane, i, j, SIGMAS[level] / STEPS[level])
            x, y = _places(i, j, STEPS[level])
            xs.append(x)
            ys.append(y)
            levels.append(np.full(len(x), level, np.intp))
    x, y, at = np.concatenate(xs), np.concatenate(ys), np.concatenate(levels)
    return Candidates(x, y, at, features(seen, skin, spread, x, y, at))


def skin_colour(seen: Channels) -> Plane:
    """The usual redness, darkness and yellowness of the skin on this photo (3,).

    Skin is taken to be what is warm and coloured in the coarsest level; where nothing is, the
    median of the whole photo is.
    """
    import numpy as np

    flat = seen.levels[-1].reshape(3, -1)
    warm = flat[:, (flat[0] > 0.08) & (flat[2] > 0.0) & (flat[0] + flat[2] > 0.18)]
    found: Plane = np.median(warm if warm.shape[1] > 40 else flat, axis=1).astype(np.float32)
    return found


def features(
    seen: Channels, skin: Plane, spread: Plane, x: Plane, y: Plane, level: NDArray[np.intp]
) -> Plane:
    """What a classifier is told of each place, (n, count); the order is that of its weights."""
    import numpy as np

    n = len(x)
    if not n:
        return np.zeros((0, 0), np.float32)
    sampled = np.stack([seen.at(i, x, y) for i in range(len(SIGMAS))])  # level, channel, n
    steps = sampled[: len(CENTRES)] - sampled[2 : len(CENTRES) + 2]
    relative = np.arcsinh(steps / (spread[:, :, None] + np.float32(_TINY)))
    columns = [
        relative.reshape(-1, n),
        steps.reshape(-1, n) * np.float32(8.0),
        sampled[-1] - skin[:, None],
        sampled[-2] - sampled[-1],
        np.repeat(skin[:, None], n, 1),
    ]
    sigma = np.asarray(SIGMAS, np.float32)[level]
    for ratio, coarser in ((2.0, 0), (4.0, 1)):
        around = _ring(seen, x, y, level, sigma * np.float32(ratio), coarser)  # 8, channel, n
        centre = np.take_along_axis(sampled, (level)[None, None, :], 0)[0]
        rise = (centre[None] - around) * np.float32(8.0)
        columns += [rise.mean(0), rise.min(0), rise.max(0), rise.std(0)]
        off = np.abs(around - skin[None, :, None]).max(0)
        columns += [off]
    columns.append(np.eye(len(CENTRES), dtype=np.float32)[level].T)
    return np.ascontiguousarray(np.concatenate(columns).T, dtype=np.float32)


def _ring(
    seen: Channels, x: Plane, y: Plane, level: NDArray[np.intp], radius: Plane, coarser: int
) -> Plane:
    import numpy as np

    found = np.empty((_AROUND, 3, len(x)), np.float32)
    for own in CENTRES:
        chosen = np.flatnonzero(level == own)
        if not len(chosen):
            continue
        for k in range(_AROUND):
            turn = 2 * pi * k / _AROUND
            u = x[chosen] + radius[chosen] * np.float32(cos(turn))
            v = y[chosen] + radius[chosen] * np.float32(sin(turn))
            found[k][:, chosen] = seen.at(own + coarser, u, v)
    return found


def _rises(seen: Channels, level: int) -> Plane:
    """Each channel of a level above its surroundings two levels coarser."""
    import numpy as np

    fine, coarse = seen.levels[level], seen.levels[level + 2]
    times = STEPS[level + 2] // STEPS[level]
    while times > 1:
        coarse, times = _doubled(coarse), times // 2
    h, w = fine.shape[1:]
    rises: Plane = np.subtract(fine, coarse[:, :h, :w])
    return rises


def _doubled(planes: Plane) -> Plane:
    """Twice the size, linearly between pixel centres."""
    import numpy as np

    for axis in (1, 2):
        before = np.concatenate(
            (planes.take([0], axis), planes.take(range(planes.shape[axis] - 1), axis)), axis
        )
        after = np.concatenate(
            (planes.take(range(1, planes.shape[axis]), axis), planes.take([-1], axis)), axis
        )
        shape = list(planes.shape)
        shape[axis] *= 2
        wide = np.empty(shape, np.float32)
        even, odd = [slice(None)] * 3, [slice(None)] * 3
        even[axis], odd[axis] = slice(0, None, 2), slice(1, None, 2)
        mine = planes * np.float32(0.75)
        wide[tuple(even)] = mine + before * np.float32(0.25)
        wide[tuple(odd)] = mine + after * np.float32(0.25)
        planes = wide
    return planes


def _clear(seen: Channels, skin: Plane) -> NDArray[np.bool_]:
    """Where the surroundings have the colour of skin, at the step of level ``_GROUND``."""
    import numpy as np

    off = seen.levels[_GROUND] - skin[:, None, None]
    found: NDArray[np.bool_] = np.ones(off.shape[1:], bool)
    for plane, (low, high) in zip(off, _SKIN_LIKE, strict=True):
        found &= (plane > low) & (plane < high)
    return found


def _mask(clear: NDArray[np.bool_], level: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """``clear`` on the grid of a level."""
    if STEPS[level] == STEPS[_GROUND]:
        return clear
    times = STEPS[_GROUND] // STEPS[level]
    return clear.repeat(times, 0).repeat(times, 1)[: shape[0], : shape[1]]


def _spread(rises: Plane, mask: NDArray[np.bool_]) -> Plane:
    """A robust spread of each channel's rises (3,), from a sample of the skin."""
    import numpy as np

    chosen = mask[::3, ::3]
    sample = np.abs(rises[:, ::3, ::3][:, chosen] if chosen.any() else rises.reshape(3, -1))
    found: Plane = np.median(sample, axis=1).astype(np.float32) * np.float32(1.4826)
    return found


def _peaks(
    response: Plane, mask: NDArray[np.bool_], least: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns on skin of the strongest local maxima above ``least``."""
    import numpy as np

    inner = response[1:-1, 1:-1]
    high = (inner > least) & mask[1:-1, 1:-1]
    h, w = inner.shape
    for di, dj in ((0, 1), (2, 1), (1, 0), (1, 2)):
        high &= inner >= response[di : di + h, dj : dj + w]
    i, j = np.nonzero(high)
    if len(i) > _MOST:
        best = np.argpartition(inner[i, j], -_MOST)[-_MOST:]
        i, j = i[best], j[best]
    return i + 1, j + 1


def _alone(
    plane: Plane, i: NDArray[np.intp], j: NDArray[np.intp], sigma: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The peaks that stand above all their surroundings, strongest first: a lesion, not an edge."""
    import numpy as np

    h, w = plane.shape
    highest = np.full(len(i), -np.inf, np.float32)
    for k in range(_AROUND):
        turn = 2 * pi * k / _AROUND
        v = np.clip(i + round(_REACH * sigma * sin(turn)), 0, h - 1)
        u = np.clip(j + round(_REACH * sigma * cos(turn)), 0, w - 1)
        np.maximum(highest, plane[v, u], out=highest)
    above = plane[i, j] - highest
    order = np.argsort(-above)[:KEPT]
    order = order[above[order] > 0]
    return i[order], j[order]


def _places(i: NDArray[np.intp], j: NDArray[np.intp], step: int) -> tuple[Plane, Plane]:
    """Rows and columns of a level as working pixels."""
    import numpy as np

    half = np.float32(0.5)
    return (j + half) * np.float32(step), (i + half) * np.float32(step)
