"""Head and torso as signed-distance shapes: x to the camera's right, y up, z to the camera, 1 = 105 mm."""

from collections.abc import Sequence

import numpy as np

from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, smooth

Point = Sequence[Array]
Triple = tuple[float, float, float]
MM = 105.0  # millimetres per unit
HAIRLINE = (
    (-0.60, -0.34, -0.20, -0.05, 0.12, 0.30, 0.48, 0.62, 0.72, 0.95),
    (-0.60, -0.34, -0.10, 0.02, 0.14, 0.20, 0.30, 0.43, 0.58, 0.98),
)

SCARF = (
    (-0.95, -0.78, -0.60, -0.40, -0.10, 0.15, 0.35, 0.50, 0.60, 0.70, 0.95),
    (0.24, 0.10, 0.04, 0.05, 0.11, 0.20, 0.31, 0.42, 0.50, 0.60, 0.98),
)


def ball(p: Point, c: Triple, r: Triple) -> Array:
    """An ellipsoid."""
    x, y, z = (p[0] - c[0]) / r[0], (p[1] - c[1]) / r[1], (p[2] - c[2]) / r[2]
    k0 = np.sqrt(x * x + y * y + z * z)
    k1 = np.sqrt((x / r[0]) ** 2 + (y / r[1]) ** 2 + (z / r[2]) ** 2)
    return np.asarray(k0 * (k0 - 1) / np.maximum(k1, 1e-6))


def rod(p: Point, a: Triple, b: Triple, ra: float, rb: float) -> Array:
    """A capsule from a to b whose radius runs from ra to rb."""
    d = [b[i] - a[i] for i in range(3)]
    q = [p[i] - a[i] for i in range(3)]
    t = np.clip((q[0] * d[0] + q[1] * d[1] + q[2] * d[2]) / sum(v * v for v in d), 0, 1)
    far = (q[0] - d[0] * t) ** 2 + (q[1] - d[1] * t) ** 2 + (q[2] - d[2] * t) ** 2
    return np.asarray(np.sqrt(far) - (ra + (rb - ra) * t))


def join(a: Array, b: Array, k: float) -> Array:
    """A soft union."""
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return np.asarray(b + (a - b) * h - k * h * (1 - h))


def cut(a: Array, b: Array, k: float) -> Array:
    """`a` without `b`, softly."""
    return -join(-a, b, k)


def hair_field(p: Point, look: Look) -> Array:
    """Above zero inside the hair: behind a line that runs forehead, temple, sideburn, nape."""
    ax = np.abs(p[0])
    line = np.interp(p[1] - 0.06 * np.abs(ax - 0.34), *HAIRLINE).astype(F)
    if look.thinning and look.masculine:  # temples go back first
        line = line - F(0.16 * look.thinning) * np.exp(-(((ax - 0.30) / 0.16) ** 2)) * smooth(
            0.3, 0.5, p[1]
        )
    return np.asarray(line - p[2])


def ear(p: Point) -> Array:
    """Both ears."""
    m = (np.abs(p[0]), p[1], p[2])
    e = ball(m, (0.69, -0.01, -0.06), (0.055, 0.185, 0.105))
    return cut(e, ball(m, (0.745, 0.0, -0.02), (0.04, 0.115, 0.06)), 0.03)


def veil(p: Point) -> Array:
    """Above zero where a headscarf covers: round the face, in front of the ears, under the chin."""
    return np.asarray(np.interp(p[1], *SCARF).astype(F) + smooth(-0.80, -0.98, p[1]) - p[2])


def locks(p: Point) -> Array:
    """Long hair that falls behind the ears to the shoulders."""
    m = (np.abs(p[0]), p[1], p[2])
    side = rod(m, (0.60, 0.15, -0.26), (0.50, -2.05, 0.06), 0.20, 0.15)
    back = ball(p, (0.0, -0.55, -0.52), (0.62, 0.95, 0.22))
    return join(side, back, 0.2)


def head(p: Point, look: Look) -> Array:
    """Head, hair, neck and shoulders."""
    s = look.shape
    x = p[0] + F(s.lean) * (0.012 * np.sin(2.3 * p[1] + 0.6) + 0.008 * np.cos(5 * p[1]))
    q = (x, p[1], p[2])
    m = (np.sqrt(x * x + F(4e-4)), p[1], p[2])  # mirrored without a crease in the middle
    d = _features(_skull(q, m, look), q, m, look)
    hidden = veil(q) if look.style == "veil" else hair_field(q, look)
    thick = {"shaved": 0.004, "short": 0.035, "veil": 0.075, "curly": 0.085}.get(look.style, 0.045)
    ears = ear(q)
    room = 1.0 if look.style == "veil" else smooth(-0.02, 0.14, ears)  # hair leaves the ears free
    high = 0.02 * smooth(0.3, 0.9, q[1]) * (thick > 0.01)
    d = d - (thick * room + high) * smooth(-0.03, 0.22, hidden)
    if look.style in {"short", "curly"}:  # tufts
        f, size = (17.0, 0.012) if look.style == "short" else (27.0, 0.016)
        tuft = np.sin(f * x + 2 * q[2]) * np.sin(f * q[1] + x) * np.sin(f * q[2])
        d = d - size * tuft * smooth(0.02, 0.2, hidden)
    if look.style != "veil":
        d = join(d, ears, 0.035)
    if look.style == "long":
        d = join(d, locks(q), 0.05)
    return join(d, _neck(q, m, look), 0.07)


def _skull(q: Point, m: Point, look: Look) -> Array:
    s = look.shape
    w = s.width
    d = ball(q, (0, 0.27, -0.16), (0.70 * (0.5 + w / 2), 0.76, 0.86))
    d = join(d, ball(q, (0, -0.16, 0.06), (0.565 * w, 0.82, 0.64)), 0.12)
    d = join(
        d, ball(m, (0.27 * w, -0.46, 0.06), (0.215 * s.jaw, 0.30, 0.34)), 0.18
    )  # angle of the jaw
    d = join(d, ball(q, (0, -0.72 + s.chin, 0.30), (0.255 * s.jaw, 0.24, 0.30)), 0.16)
    d = join(d, ball(q, (0, -0.86 + s.chin, 0.46), (0.150 * s.jaw, 0.10, 0.12)), 0.13)  # chin
    d = join(d, ball(m, (0.385 * w, -0.09, 0.37), (0.165, 0.11, 0.17)), 0.17)  # cheekbone
    d = join(d, ball(m, (0.26, -0.34, 0.42), (0.20 * s.cheek, 0.22 * s.cheek, 0.17)), 0.14)
    return join(d, ball(m, (0.21, 0.215, 0.545), (0.20, 0.055, 0.09 * s.ridge)), 0.12)


def _features(d: Array, q: Point, m: Point, look: Look) -> Array:
    s = look.shape
    m2 = (m[0], m[1] + 0.010 * s.lean * np.clip(q[0] * 8, -1, 1), m[2])
    n = s.nose
    d = cut(d, ball(m2, (0.245, 0.085, 0.735), (0.135, 0.085, 0.135)), 0.11)  # eye socket
    d = join(
        d, ball(m2, (0.245, 0.055, 0.515), (0.128, 0.105, 0.118)), 0.035
    )  # globe under the lids
    d = join(d, rod(q, (0, 0.17, 0.585), (0, -0.20, 0.80), 0.052, 0.062 * n), 0.085)  # bridge
    d = join(d, ball(q, (0, -0.235 + s.tip, 0.83), (0.082 * n, 0.072, 0.082)), 0.06)
    d = join(d, ball(m, (0.090 * n, -0.262, 0.735), (0.056 * n, 0.052, 0.075)), 0.04)  # wings
    d = cut(d, ball(m, (0.046 * n, -0.318, 0.795), (0.028 * n, 0.020, 0.045)), 0.02)  # nostrils
    d = join(d, ball(q, (0, -0.47, 0.575), (0.23, 0.13, 0.13)), 0.09)  # muzzle
    d = join(d, ball(q, (0, -0.492, 0.668), (0.165, 0.034 * s.lips, 0.050 * s.lips)), 0.045)
    d = join(d, ball(q, (0, -0.566, 0.660), (0.135, 0.042 * s.lips, 0.056 * s.lips)), 0.045)
    d = cut(d, rod(m, (0, -0.527, 0.772), (0.175, -0.512, 0.672), 0.010, 0.004), 0.024)
    d = cut(d, rod(q, (0, -0.345, 0.765), (0, -0.435, 0.755), 0.016, 0.02), 0.03)  # philtrum
    return cut(d, ball(q, (0, -0.665, 0.70), (0.12, 0.03, 0.06)), 0.08)


def _neck(q: Point, m: Point, look: Look) -> Array:
    k = look.shape.neck
    if look.style == "veil":
        d = rod(q, (0, -0.78, -0.10), (0, -1.60, -0.12), 0.44, 0.80)
    else:
        d = rod(q, (0, -0.70, -0.16), (0, -1.55, -0.26), 0.325 * k, 0.375 * k)
        d = join(d, rod(m, (0.31 * k, -0.55, -0.20), (0.07, -1.50, 0.06), 0.07, 0.045), 0.12)
    t = rod(m, (0.10, -1.50, -0.36), (1.15, -1.66, -0.36), 0.25, 0.27)
    t = join(t, ball(q, (0, -2.35, -0.30), (1.15, 0.80, 0.42)), 0.25)
    t = join(t, rod(m, (0.08, -1.535, 0.045), (0.95, -1.47, -0.16), 0.042, 0.04), 0.09)
    t = cut(t, ball(q, (0, -1.54, 0.17), (0.075, 0.055, 0.08)), 0.08)
    return join(d, t, 0.22)


def torso(p: Point, look: Look, behind: bool) -> Array:
    """Shoulders, arms and the front or the back of the trunk."""
    k = 1.0 + (look.shape.neck - 0.95) * 0.45
    x = p[0] / k + 0.01 * np.sin(2 * p[1])
    q = (x, p[1], p[2])
    m = (np.sqrt(x * x + F(0.004)), p[1], p[2])
    n = look.shape.neck
    t = ball(q, (0, -1.15, -0.05), (1.02, 1.55, 0.50))
    t = join(
        t, rod(m, (0.1, 0.30, -0.08), (1.10, 0.02, -0.05), 0.20, 0.27), 0.28
    )  # to the shoulder
    t = join(t, ball(m, (1.16, -0.10, -0.05), (0.27, 0.33, 0.29)), 0.16)
    t = join(t, rod(m, (1.22, -0.20, -0.05), (1.30, -1.7, -0.10), 0.22, 0.19), 0.10)
    t = join(t, rod(q, (0, 0.15, -0.05), (0, 1.2, -0.02), 0.36 * n, 0.34 * n), 0.18)
    return (_back(t, q, m) if behind else _chest(t, q, m)) * F(min(1.0, k))


def _chest(t: Array, q: Point, m: Point) -> Array:
    t = join(t, ball(m, (0.44, -0.60, 0.24), (0.46, 0.36, 0.15)), 0.38)
    t = join(t, rod(m, (0.10, 0.060, 0.365), (1.02, 0.20, 0.10), 0.036, 0.04), 0.15)  # clavicles
    t = cut(t, ball(q, (0, 0.10, 0.46), (0.075, 0.06, 0.09)), 0.10)
    return join(t, rod(m, (0.20, 0.80, 0.02), (0.07, 0.12, 0.32), 0.07, 0.045), 0.14)


def _back(t: Array, q: Point, m: Point) -> Array:
    t = cut(t, rod(q, (0, 0.20, 0.55), (0, -1.9, 0.59), 0.03, 0.05), 0.22)  # spine
    t = join(t, ball(m, (0.50, -0.45, 0.22), (0.34, 0.46, 0.15)), 0.34)  # shoulder blades
    t = join(t, rod(m, (0.34, -0.10, 0.30), (0.92, 0.0, 0.16), 0.03, 0.03), 0.24)
    t = join(t, ball(m, (0.20, -1.2, 0.33), (0.16, 0.80, 0.11)), 0.26)
    return join(t, rod(q, (0, 0.20, 0.27), (0, 0.30, 0.25), 0.05, 0.04), 0.18)
