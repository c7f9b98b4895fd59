"""Colour and light of the skin at medium resolution: flush, lips, beard, age lines, window light."""

from dataclasses import dataclass

import numpy as np

from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, blur, bump, mix, noise, smooth


@dataclass(slots=True)
class Scene:
    """Maps of one size: place on the body, slope, openness and light."""

    part: str
    x: Array
    y: Array
    z: Array
    nx: Array
    ny: Array
    nz: Array
    ao: Array
    sh: Array

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.x.shape[1], self.x.shape[0]


def albedo(s: Scene, look: Look, rng: np.random.Generator) -> Array:
    """The colour of the skin before light."""
    h = s.size[1]
    flush = np.clip(_flush(s, look, rng), -0.35, 1.3)
    a = np.empty((*s.x.shape, 3), F)
    k = look.tone.flush
    for c, w in enumerate((-0.10, 1.0, 0.95)):
        a[..., c] = look.skin[c] * (1 - k * w * flush)
    a *= (1 + 0.020 * noise(rng, s.size, h / 90) + 0.012 * noise(rng, s.size, h / 260))[..., None]
    a = _freckles(a, s, look)
    if s.part != "head":
        return a

    def around(cx: float, cy: float, sx: float, sy: float) -> Array:
        return bump(np.abs(s.x) - cx, sx) * bump(s.y - cy, sy)

    tired = 0.10 + 0.002 * max(0, look.age - 20)
    a *= (1 - tired * around(0.25, -0.055, 0.12, 0.045) - 0.05 * around(0.25, 0.12, 0.13, 0.05))[
        ..., None
    ]
    if look.masculine and look.age > 15:
        zone = smooth(-0.34, -0.56, s.y) * smooth(-1.0, -0.80, s.y) * smooth(0.0, 0.3, s.z)
        a *= (1 - (0.05 + 0.16 * look.beard) * zone)[..., None]
    if look.signs == "melasma":
        a = _melasma(a, s, look, rng)
    return _mouth(a, s, look)


def light(a: Array, s: Scene, look: Look) -> tuple[Array, Array]:
    """The lit skin and its gloss: window from upper left, ring at the camera, weak fill, warm bounce."""
    shadow = blur(s.sh, s.size[1] / 220)
    open_ = np.clip(s.ao, 0, 1)
    out = np.zeros_like(a)
    for c, (wrap, fold) in enumerate(((0.42, 0.62), (0.26, 0.92), (0.20, 1.0))):
        key, ring, fill = (
            _lambert(s, d, w)
            for d, w in (
                ((-0.45, 0.62, 0.90), wrap),
                ((0, 0.10, 1), wrap * 0.6),
                ((0.85, 0.05, 0.55), wrap),
            )
        )
        dark = shadow ** (0.55 if c == 0 else 0.9)
        lit = 0.68 * key * (0.40 + 0.60 * dark) + 0.38 * ring + 0.20 * fill + 0.07
        out[..., c] = a[..., c] * lit * np.clip(open_, 0.03, 1) ** (fold * 0.75)
    gloss = np.zeros_like(s.x)
    for d, power, amount in (
        ((-0.20, 0.275, 1.175), 38, 0.085),
        ((0.01, 0.05, 1.5), 80, 0.05),
        ((-0.20, 0.275, 1.175), 8, 0.05),
    ):
        gloss += amount * _lambert(s, d, 0) ** power
    young = 1.15 if look.age < 25 else 0.9
    if s.part == "head":
        cheeks = bump(np.abs(s.x) - 0.36, 0.12) * bump(s.y + 0.04, 0.1)
        oil = 0.55 + 0.9 * bump(s.x, 0.22) * smooth(-0.5, -0.1, s.y) + 0.5 * cheeks
    else:
        oil = np.full_like(s.x, 0.5)
    gloss *= young * oil * open_ * (0.35 + 0.65 * shadow) * look.tone.gloss
    out *= (1 - 0.16 * (1 - np.clip(s.nz, 0, 1)) ** 2)[..., None]  # darker at the turning edge
    return out, gloss


def wrinkles(s: Scene, look: Look) -> Array:
    """Depth of age lines, 0..1."""
    depth = max(0.0, min(1.0, (look.age - 30) / 26))
    deep = np.zeros_like(s.x)
    if s.part != "head" or depth <= 0:
        return deep
    ax = np.abs(s.x)
    for k, y0 in enumerate((0.36, 0.43, 0.50)):
        line = s.y - y0 - 0.012 * np.cos(s.x * 9 + k * 2) - 0.01 * np.sin(s.x * 23 + k)
        deep += 0.8 * bump(line, 0.006) * smooth(0.34, 0.2, ax)
    fold_x = 0.125 + 0.13 * np.clip((-0.25 - s.y) / 0.26, 0, 1) ** 1.3
    deep += 1.3 * bump(ax - fold_x, 0.011) * smooth(-0.23, -0.29, s.y) * smooth(-0.54, -0.47, s.y)
    for turn in (-0.45, -0.12, 0.2):
        run = ax - 0.385
        deep += (
            0.7
            * bump(s.y - 0.045 - turn * run, 0.005)
            * smooth(0.0, 0.03, run)
            * smooth(0.12, 0.06, run)
        )
    for drop in (0.0, 0.03):
        deep += (
            0.6
            * bump(s.y + 0.045 + drop + 0.10 * np.abs(ax - 0.24), 0.006)
            * smooth(0.12, 0.07, np.abs(ax - 0.25))
        )
    frown = (
        bump(ax - 0.035 - 0.01 * np.sin(s.y * 9), 0.006)
        * smooth(0.16, 0.2, s.y)
        * smooth(0.32, 0.26, s.y)
    )
    return np.asarray(depth * (deep + 0.9 * frown) * (s.z > 0.1))


def _lambert(s: Scene, direction: tuple[float, float, float], wrap: float) -> Array:
    v = np.array(direction, F) / F(np.linalg.norm(direction))
    return np.asarray(np.clip((s.nx * v[0] + s.ny * v[1] + s.nz * v[2] + wrap) / (1 + wrap), 0, 1))


def _flush(s: Scene, look: Look, rng: np.random.Generator) -> Array:
    p = look.seed % 97

    def slow(fx: float, fy: float, phase: float) -> Array:
        return np.asarray(
            np.sin(fx * s.x + 1.7 * np.sin(fy * s.y + phase))
            * np.cos(fy * 1.3 * s.y + phase * 2 + s.z * 2)
        )

    blotch = (
        0.5 * slow(6, 5, p) + 0.3 * slow(14, 11, p + 2) + 0.2 * noise(rng, s.size, s.size[1] / 40)
    )
    flush = 0.22 * blotch
    if s.part != "head":
        return np.asarray(flush + 0.15)
    ax = np.abs(s.x)
    cheeks = bump(ax - 0.32, 0.17) * bump(s.y + 0.20, 0.16)
    nose = bump(s.x, 0.09) * bump(s.y + 0.24, 0.09)
    flush = flush + 0.50 * cheeks + 0.55 * nose + 0.22 * bump(s.x, 0.14) * bump(s.y + 0.8, 0.1)
    flush = (
        flush
        + 0.45 * smooth(0.60, 0.70, ax) * (np.abs(s.y) < 0.25)
        + 0.20 * bump(ax - 0.25, 0.12) * bump(s.y - 0.03, 0.07)
    )
    if look.signs == "rosacea":
        patch = 0.9 + 0.5 * blotch
        red = (
            bump(ax - 0.29, 0.20) * bump(s.y + 0.17, 0.20)
            + nose * 1.1
            + 0.5 * bump(s.x, 0.2) * bump(s.y - 0.43, 0.12)
        )
        vessel = np.abs(
            np.sin(31 * s.x + 3 * np.sin(17 * s.y + p)) + np.sin(37 * s.y + 2.5 * np.sin(21 * s.x))
        )
        flush = flush + (2.3 * patch + 1.6 * bump(vessel, 0.09)) * red
    return np.asarray(flush)


def _freckles(a: Array, s: Scene, look: Look) -> Array:
    rng = np.random.default_rng(look.seed + 11)
    if s.part != "head" or look.tone_name not in {"light", "medium"} or rng.uniform() > 0.5:
        return a
    where = bump(np.abs(s.x) - 0.24, 0.26) * bump(s.y + 0.10, 0.18)
    spots = np.zeros_like(s.x)
    for _ in range(3):  # several gratings of different turn give spots fixed to the skin
        t, f, q = rng.uniform(0, 3.1), rng.uniform(45, 75), rng.uniform(0, 6, 2)
        u, v = s.x * np.cos(t) + s.y * np.sin(t), s.y * np.cos(t) - s.x * np.sin(t)
        spots += smooth(
            1.25,
            1.9,
            np.sin(u * f + q[0] + 2 * np.sin(v * 9))
            + np.sin(v * f * 0.9 + q[1] + 2 * np.sin(u * 7)),
        )
    weight = np.clip(spots, 0, 1) * where * 0.42
    return mix(a, a * np.array((0.80, 0.68, 0.58), F), weight)


def _melasma(a: Array, s: Scene, look: Look, rng: np.random.Generator) -> Array:
    ax = np.abs(s.x)
    ragged = (
        0.5
        + 0.5 * np.sin(17 * s.x + 3 * np.sin(13 * s.y)) * np.cos(19 * s.y + 2 * np.sin(15 * s.x))
        + 0.25 * noise(rng, s.size, s.size[1] / 60)
    )
    cheek = bump(ax - 0.33, 0.15) * bump(s.y + 0.13, 0.13)
    brow = bump(s.x, 0.26) * bump(s.y - 0.42, 0.10)
    lip = bump(ax - 0.06, 0.12) * bump(s.y + 0.405, 0.035)
    weight = smooth(0.22, 0.80, (cheek + 0.85 * brow + 0.9 * lip) * (0.55 + 0.65 * ragged))
    return mix(a, a * np.array(look.tone.pigment, F) * F(1.02), 0.62 * weight * (s.z > 0.1))


def _mouth(a: Array, s: Scene, look: Look) -> Array:
    ax = np.abs(s.x)
    full = look.shape.lips
    bow = 0.008 * bump(ax - 0.040, 0.040) - 0.007 * bump(s.x, 0.022)
    line = -0.529 + 0.013 * (ax / 0.18) ** 2
    top = line + 0.066 * full + bow - 0.066 * full * (np.clip(ax - 0.05, 0, 1) / 0.14) ** 1.3
    low = line - 0.086 * full + 0.084 * full * (ax / 0.185) ** 2.4
    lip = (
        smooth(-0.004, 0.016, top - s.y)
        * smooth(-0.004, 0.020, s.y - low)
        * smooth(0.196, 0.165, ax)
        * smooth(0.30, 0.42, s.z)
    )
    colour = np.array(look.tone.lip, F) * (
        1 + 0.05 * np.sin(s.x[..., None] * 300 + 2 * np.sin(s.y[..., None] * 60))
    )
    a = mix(a, colour, (0.55 if look.masculine else 0.74) * lip)
    seam = (
        bump(s.y - line - 0.005 * np.cos(s.x * 22), 0.0065)
        * smooth(0.185, 0.14, ax)
        * smooth(0.3, 0.4, s.z)
    )
    a = a * (1 - 0.55 * seam)[..., None]
    n = look.shape.nose
    for side in (-1, 1):
        hole = np.hypot((s.x - side * 0.048 * n) / 0.030, (s.y + 0.318 - 0.2 * (ax - 0.05)) / 0.014)
        a = a * (1 - 0.74 * smooth(1.25, 0.6, hole) * (s.z > 0.6))[..., None]
    return np.asarray(a)
