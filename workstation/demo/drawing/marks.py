"""Paints one lesion of each type on lit skin."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workstation.demo.drawing.lesions import Lesion
from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, mix, smooth

REACH = {
    "PA": 3.2,
    "PU": 3.2,
    "NO": 3.2,
    "CY": 3.0,
    "SCK": 2.0,
    "SCH": 2.0,
}  # radii around a lesion that it changes


@dataclass(slots=True)
class Spot:
    """The patch of picture around a lesion; `d` is the distance in radii, never a perfect circle."""

    a: Array
    d: Array
    qx: Array
    qy: Array
    blood: Array
    pigment: Array
    rng: np.random.Generator
    raise_: Array | None = None

    def tint(self, weight: Array, colour: Array) -> None:
        """Multiply the patch by a colour where the weight is."""
        self.a = mix(self.a, self.a * colour, weight)

    def cover(self, weight: Array, colour: Array) -> None:
        """Put an opaque colour where the weight is, as bright as the skin there."""
        self.a = mix(self.a, colour, weight)

    def bell(self, width: float, power: float = 2.0) -> Array:
        """1 in the middle, falling at `width` radii."""
        return np.asarray(np.exp(-((self.d / width) ** power)))

    @property
    def brightness(self) -> Array:
        """Mean of the colours."""
        return np.asarray(self.a.mean(-1, keepdims=True))


def paint(
    a: Array, points: Array, lesion: Lesion, look: Look, *, radius: float, gloss: Array
) -> Array:
    """The patch `a` (h, w, 3), which shows the skin `points`, with the lesion on it."""
    p = lesion.point
    q = points - np.array(p, F)
    turn = np.arctan2(q[..., 1], q[..., 0] + 1e-6)
    phase = p[0] * 91 + p[1] * 57
    d = np.sqrt((q**2).sum(-1)) / lesion.radius
    d = d * (
        1
        + 0.08 * np.sin(2 * turn + phase)
        + 0.045 * np.sin(3 * turn + 2 * phase)
        + 0.02 * np.sin(5 * turn + phase)
    )
    rng = np.random.default_rng(look.seed + lesion.id)
    fresh = F(rng.uniform(0.85, 1.1))
    blood = 1 - (1 - np.array(look.tone.blood, F)) * fresh
    r = F(lesion.radius)
    spot = Spot(a, d, q[..., 0] / r, q[..., 1] / r, blood, np.array(look.tone.pigment, F), rng)
    PAINTERS[lesion.type](spot)
    if spot.raise_ is None:
        return spot.a
    return _relief(spot, radius, gloss, lesion.type)


def _relief(s: Spot, radius: float, gloss: Array, kind: str) -> Array:
    """Shade by slope, and gloss on the lit shoulder."""
    assert s.raise_ is not None
    gy, gx = np.gradient(s.raise_)
    slope = (gx * 0.8 + gy * 0.9) * radius
    out = s.a * (1 + 0.30 * np.clip(slope, -1.0, 1.0))[..., None]
    if kind in {"CC", "PA", "PU", "NO", "CY", "SCH", "SCK"}:
        out = out + (np.clip(slope, 0, 1) ** 2 * 0.10 * (0.6 + 0.8 * np.abs(gloss)))[..., None]
    return np.asarray(out)


def _open_comedone(s: Spot) -> None:
    s.tint(0.35 * s.bell(1.3), s.pigment)
    s.cover(0.86 * s.bell(0.66, 4), np.array((0.09, 0.065, 0.05), F))
    s.raise_ = 0.20 * np.exp(-(((s.d - 1) / 0.35) ** 2))


def _closed_comedone(s: Spot) -> None:
    s.a = s.a * (1 + 0.13 * s.bell(0.8))[..., None]
    s.raise_ = 0.62 * s.bell(0.85, 2.2)


def _papule(s: Spot) -> None:
    core = s.bell(1.0, 2.6)
    s.tint(0.85 * core + 0.52 * s.bell(1.65) * (1 - core), s.blood)
    s.raise_ = 0.55 * s.bell(0.95, 2.2)


def _pustule(s: Spot) -> None:
    _papule(s)
    head = s.bell(0.52, 3.5)
    glow = np.clip(s.brightness * 1.55 + 0.14, 0, 0.93)
    s.a = (
        s.a * (1 - 0.82 * head[..., None])
        + np.array((1.0, 0.93, 0.70), F) * glow * 0.82 * head[..., None]
    )
    assert s.raise_ is not None
    s.raise_ = s.raise_ + 0.25 * head


def _nodule(s: Spot) -> None:
    core = s.bell(1.0, 2.6)
    s.tint(0.95 * s.bell(1.05, 3) + 0.62 * s.bell(1.65) * (1 - core), s.blood)
    s.tint(0.38 * s.bell(0.7), np.array((0.86, 0.80, 0.90), F))
    s.raise_ = 0.80 * s.bell(1.1, 2.4)


def _cyst(s: Spot) -> None:
    _nodule(s)
    middle = 0.34 * s.bell(0.46)
    s.a = (
        s.a * (1 - middle[..., None])
        + np.array((0.94, 0.84, 0.68), F) * s.brightness * 1.35 * middle[..., None]
    )
    s.raise_ = 1.1 * s.bell(1.15, 3.0)


def _ice_pick(s: Spot) -> None:
    s.tint(0.55 * s.bell(0.75, 3), np.array((0.55, 0.48, 0.46), F))
    s.raise_ = -0.95 * s.bell(0.8, 3)


def _boxcar(s: Spot) -> None:
    s.tint(0.24 * s.bell(1.0, 4), s.blood)
    s.a = s.a * (1 - 0.07 * s.bell(0.95, 6))[..., None]
    s.raise_ = -0.95 * s.bell(0.95, 8)


def _rolling(s: Spot) -> None:
    s.a = s.a * (1 - 0.06 * s.bell(1.0))[..., None]
    s.raise_ = -0.62 * s.bell(0.95)


def _hypertrophic(s: Spot) -> None:
    s.tint(0.50 * s.bell(1.0, 5), 0.55 * s.blood + 0.45 * np.array((1.02, 0.90, 0.90), F))
    s.raise_ = 0.95 * s.bell(0.95, 5)


def _keloid(s: Spot) -> None:
    long = np.hypot(s.qx * 0.95 + s.qy * 0.25, s.qy * 1.35 - s.qx * 0.2)
    s.d = 0.5 * s.d + 0.5 * long
    s.tint(0.66 * s.bell(1.0, 6), 0.5 * s.blood + 0.5 * s.pigment + F(0.10))
    s.raise_ = 1.25 * s.bell(0.95, 4) + 0.10 * np.sin(s.qx * 5 + 1) * s.bell(0.8, 4)


def _red_mark(s: Spot) -> None:
    s.tint(0.62 * s.bell(0.95, 2.6), s.blood)


def _brown_mark(s: Spot) -> None:
    s.tint(0.85 * s.bell(0.95, 3), s.pigment)


def _excoriation(s: Spot) -> None:
    turn = s.rng.uniform(0, 3.1)
    u = s.qx * np.cos(turn) + s.qy * np.sin(turn)
    v = s.qy * np.cos(turn) - s.qx * np.sin(turn) + 0.12 * np.sin(u * 4)
    s.tint(0.55 * np.exp(-((u / 1.25) ** 4)) * np.exp(-((v / 0.75) ** 2)), s.blood)
    scratch = smooth(0.30, 0.16, np.abs(v)) * smooth(1.0, 0.75, np.abs(u))
    s.cover(0.78 * scratch, s.a.mean((0, 1)) * np.array((0.50, 0.22, 0.18), F))
    s.raise_ = 0.22 * scratch


PAINTERS: dict[str, Callable[[Spot], None]] = {
    "CO": _open_comedone, "CC": _closed_comedone, "PA": _papule, "PU": _pustule, "NO": _nodule, "CY": _cyst,
    "SCI": _ice_pick, "SCB": _boxcar, "SCR": _rolling, "SCH": _hypertrophic, "SCK": _keloid,
    "PIE": _red_mark, "PIH": _brown_mark, "EXC": _excoriation,
}  # fmt: skip
