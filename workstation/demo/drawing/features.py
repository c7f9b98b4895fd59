"""Eyes, brows, lashes, stubble and fine body hair: small things drawn at full resolution."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from workstation.demo.drawing.camera import Camera, Traced, surface, window
from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, bump, mix, smooth
from workstation.demo.drawing.shapes import ear

EYE_X, EYE_Y, EYE_W = 0.247, 0.050, 0.122


class Ink:
    """Strokes collected on one mask and pressed on the picture together."""

    def __init__(self, cam: Camera) -> None:
        """Start with an empty mask of the photo's size."""
        self.cam = cam
        self.mask = Image.new("L", (cam.w, cam.h), 0)
        self._pen = ImageDraw.Draw(self.mask)

    def strokes(self, points: Array, width: Array, strength: Array) -> None:
        """Draw n lines of k object points: points is (n, k, 3)."""
        u, v, _ = self.cam.project(points)
        wide = np.maximum(1, np.rint(width * self.cam.scale / 760)).astype(int)
        lines = np.stack([u, v], -1).reshape(len(points), -1).tolist()
        for line, w, s in zip(lines, wide.tolist(), strength.astype(int).tolist(), strict=True):
            self._pen.line(line, fill=s, width=w, joint="curve")

    def pixels(self, lines: Array, strength: Array) -> None:
        """Draw n thin lines given in pixels: (n, 4)."""
        for line, s in zip(lines.tolist(), strength.astype(int).tolist(), strict=True):
            self._pen.line(line, fill=s, width=1)

    def press(self, img: Array, colour: Array, soft: float = 0.55) -> None:
        """Put the ink on the picture, dimmer where the skin is dim."""
        a = np.asarray(self.mask.filter(ImageFilter.GaussianBlur(soft)))
        m = a > 1
        w = (a[m].astype(F) / 255)[:, None]
        old = img[m]
        img[m] = old * (1 - w) + colour * w * np.clip(
            old.mean(-1, keepdims=True) * 1.3 + 0.25, 0, 1
        )


def eyes(img: Array, cam: Camera, seen: Traced, look: Look) -> None:
    """Paint both eyes where they face the camera."""
    skin = surface("head", look)
    for side in (-1, 1):
        if (np.array((side * 0.42, 0, 0.9), F) @ cam.turn.T)[2] < 0.20:
            continue
        height = _eye_height(look, side)
        u, v, scale = (float(q) for q in cam.project(skin.lift_one(side * 0.245, height)[0]))
        got = window(cam, seen, u, v, 0.22 * scale)
        if got is not None:
            img[got[0]] = _eye(img[got[0]], got[1], look, side=side, scale=scale)


def _eye_height(look: Look, side: int) -> float:
    return EYE_Y + 0.005 - 0.010 * look.shape.lean * side


def _lids(dx: Array, look: Look) -> tuple[Array, Array]:
    f = np.clip(1 - (dx / EYE_W) ** 2, 0, 1)
    slant = (0.06 + look.shape.tilt * 2) * dx
    droop = 1 - 0.20 * max(0.0, min(1.0, (look.age - 35) / 20))
    up = slant + 0.049 * look.shape.eye * droop * f**0.8 * (1 - 0.25 * dx / EYE_W)
    low = slant - 0.034 * look.shape.eye * f**0.9 * (1 + 0.30 * dx / EYE_W)
    return up, low


def _eye(a: Array, points: Array, look: Look, *, side: int, scale: float) -> Array:
    height = _eye_height(look, side)
    dx = (points[..., 0] - side * EYE_X) * side
    dy = points[..., 1] - height
    front = (points[..., 2] > 0.30) & (np.abs(dx) < EYE_W)
    up, low = _lids(dx, look)
    soft = 1.2 / scale
    opening = smooth(-soft, soft, up - dy) * smooth(-soft, soft, dy - low) * front
    lit = np.clip(0.80 - 0.35 * (dx / EYE_W) ** 2 - 0.55 * smooth(0.026, 0.0, up - dy), 0.2, 1)
    corner = bump(dx + EYE_W, 0.03)[..., None] * np.array((0, 1, 1), F)
    white = np.array((0.84, 0.80, 0.78), F) * lit[..., None] * (1 - 0.10 * corner)
    r = np.sqrt((dx - 0.004) ** 2 + (dy - 0.010) ** 2)
    turn = np.arctan2(dy - 0.01, dx)
    rays = (
        np.sin(turn * 23 + 3 * np.sin(turn * 7)) * 0.16
        + 0.5 * smooth(0.02, 0.05, r)
        - 0.75 * smooth(0.046, 0.056, r)
    )
    iris = np.array(look.iris, F) * (1 + rays)[..., None] * lit[..., None] * 1.05
    e = mix(white, iris, smooth(0.0575, 0.0545, r))
    e = mix(e, 0.02, smooth(0.0235, 0.0210, r))
    e = mix(e, 0.95, smooth(0.011, 0.007, np.hypot(dx * side + 0.020, dy - 0.032)))
    a = mix(a, e, opening)
    rim = bump(dy - low, 0.006) * front
    a = a * (1 - 0.22 * rim[..., None] * np.array((0.3, 1, 1), F))
    near = smooth(EYE_W * 1.06, EYE_W * 0.9, np.abs(dx)) * (points[..., 2] > 0.30)
    a = a * (1 - (0.45 + 0.37 * look.lashes) * bump(dy - up - 0.004, 0.0075) * near)[..., None]
    fold = 0.022 + 0.020 * look.lid
    a = a * (1 - 0.28 * bump(dy - up - fold - 0.012 * dx / EYE_W, 0.0085) * near)[..., None]
    bag = 0.06 + 0.10 * max(0.0, min(1.0, (look.age - 30) / 22))
    return np.asarray(a * (1 - bag * bump(dy - low + 0.040, 0.012) * near)[..., None])


def face_hairs(img: Array, cam: Camera, look: Look) -> None:
    """Brows, lashes and stubble."""
    rng = np.random.default_rng(look.seed + 5)
    ink = Ink(cam)
    for side in (-1, 1):
        if (np.array((side * 0.35, 0.1, 0.93), F) @ cam.turn.T)[2] >= 0.10:
            _brow(ink, rng, side, look)
            _lashes(ink, rng, side, look)
    if look.masculine and look.age > 15:
        _stubble(ink, rng, look)
    ink.press(img, np.array(look.hair, F) * F(0.55))


def _brow(ink: Ink, rng: np.random.Generator, side: int, look: Look) -> None:
    n = 780 if look.masculine else 560
    t = rng.uniform(0, 1, n)
    lift = 0.0 if look.masculine else 0.012
    arch = 0.200 + lift + 0.055 * np.sin(np.minimum(1, t * 1.15) * 2.1) - 0.050 * t**2.6
    thick = (
        (0.034 if look.masculine else 0.024)
        * (1 - 0.75 * t**2.2)
        * (0.75 + 0.25 * np.minimum(1, t * 6))
    )
    off = rng.uniform(-1, 1, n) * thick
    turn = (
        1.25 - 1.15 * np.minimum(1, t * 1.6) + rng.normal(0, 0.16, n) - 0.5 * off / 0.03 * (t > 0.3)
    )
    length = rng.uniform(0.030, 0.052, n)
    start, _ = surface("head", look).lift(
        (side * (0.105 + 0.275 * t)).astype(F), (arch + off).astype(F)
    )
    dx, dy = np.cos(turn) * length * side, np.sin(turn) * length
    end = start + np.stack([dx, dy, -0.10 * np.abs(dx) * (1 + 2 * t) + 0.004], -1)
    start = start + np.array((0, 0, 0.003), F)
    light = 1.0 if ink.cam.h > 1400 else 0.92
    ink.strokes(
        np.stack([start, end], 1), rng.uniform(1.0, 1.9, n), rng.uniform(105, 235, n) * light
    )


def _lashes(ink: Ink, rng: np.random.Generator, side: int, look: Look) -> None:
    n = max(8, int(64 * look.lashes))
    t = rng.uniform(-0.95, 1, n)
    up, _ = _lids(t * EYE_W, look)
    y = _eye_height(look, side) + up + 0.003
    start, _ = surface("head", look).lift((side * (EYE_X + t * EYE_W)).astype(F), y.astype(F))
    long = (0.75 if look.masculine else 1.0) * (0.55 + 0.45 * look.lashes)
    length = rng.uniform(0.018, 0.030, n) * (1 + 0.3 * t) * long
    bend = np.stack([side * 0.5 * (t + 0.15) * length, 0.35 * length, 0.8 * length], -1)
    tip = np.stack([side * 0.8 * (t + 0.2) * length, 0.95 * length, 1.1 * length], -1)
    ink.strokes(
        np.stack([start, start + bend, start + tip], 1), np.ones(n), rng.uniform(120, 220, n)
    )


def _stubble(ink: Ink, rng: np.random.Generator, look: Look) -> None:
    n = int(2500 + 9000 * look.beard)
    x, y = rng.uniform(-0.48, 0.48, n), rng.uniform(-0.94, -0.34, n)
    lips = (np.abs(x) < 0.21) & (y > -0.63) & (y < -0.46)
    cheek = (np.abs(x) < 0.30) & (np.abs(x) > 0.12) & (y > -0.40)
    high = y > -0.36 - 0.25 * np.clip(0.44 - np.abs(x), 0, 1)
    keep = ~(lips | cheek | (high & (np.abs(x) > 0.13)))
    start, normal = surface("head", look).lift(x[keep].astype(F), y[keep].astype(F))
    ok = (normal[:, 2] > 0.25) & ((normal @ ink.cam.turn.T)[:, 2] > 0.1)
    start = start[ok]
    n = len(start)
    end = start + np.stack(
        [rng.normal(0, 0.004, n), np.full(n, -0.008 - 0.008 * look.beard), np.full(n, 0.002)], -1
    )
    ink.strokes(
        np.stack([start, end], 1), np.full(n, 0.8), rng.uniform(40, 80 + 70 * look.beard, n)
    )


def body_hairs(img: Array, cam: Camera, seen: Traced, look: Look) -> None:
    """Fine hairs of the trunk."""
    rng = np.random.default_rng(look.seed + 5)
    places = np.argwhere(seen.hit & (seen.normal[..., 2] > 0.2))
    n = 2200 if look.masculine else 900
    h, w = seen.hit.shape
    ij = places[rng.integers(0, len(places), n)]
    u = (ij[:, 1] + rng.uniform(0, 1, n)) * cam.w / w
    v = (ij[:, 0] + rng.uniform(0, 1, n)) * cam.h / h
    length = cam.scale / 105 * rng.uniform(1.5, 4, n)
    turn = 1.9 + 0.5 * np.sin(u / cam.w * 5) + rng.normal(0, 0.3, n)
    ink = Ink(cam)
    ink.pixels(
        np.stack([u, v, u + length * np.cos(turn), v + length * np.sin(turn)], -1),
        rng.uniform(14, 36, n),
    )
    ink.press(img, np.array(look.hair, F) * F(0.5), 0.6)


def stray_hairs(img: Array, cam: Camera, seen: Traced, look: Look, field: Array) -> None:
    """Single hairs over the hairline; `field` is the hair field at the traced points."""
    band = (
        seen.hit
        & (np.abs(field - 0.02) < 0.035)
        & (seen.point[..., 1] > 0)
        & (seen.normal[..., 2] > 0.05)
    )
    p = seen.point
    band &= ear((p[..., 0], p[..., 1], p[..., 2])) > 0.07
    places = np.argwhere(band)
    if not len(places):
        return
    rng = np.random.default_rng(look.seed + 6)
    short = {"shaved": 0.25, "short": 0.45, "curly": 0.4}.get(look.style, 1.0)
    n = int(2200 * (1 - 0.6 * look.thinning))
    i, j = places[rng.integers(0, len(places), n)].T
    p = seen.point[i, j] + rng.normal(0, 0.006, (n, 3))
    way = np.stack([p[:, 0] * 0.75, 0.62 * np.maximum(0.1, p[:, 1] + 0.1), np.full(n, -0.55)], -1)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    if look.style in {"short", "curly", "shaved"}:
        way = way + rng.normal(0, 0.5, (n, 3))
    length = rng.uniform(0.05, 0.16, (n, 1)) * short
    out = seen.normal[i, j] @ cam.turn
    points = np.stack(
        [
            p - way * length * 0.35 + out * 0.004,
            p + way * length * 0.3 + out * 0.018,
            p + way * length + out * 0.012,
        ],
        1,
    )
    ink = Ink(cam)
    ink.strokes(
        points, rng.uniform(0.7, 1.3, n), rng.uniform(50, 150, n) * math.sqrt(min(1, short * 2))
    )
    ink.press(img, np.array(look.hair, F) * F(0.85))
