"""The camera of each standard view, and the tracing of a shape into depth, slope and shade."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from workstation.demo.drawing import shapes
from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, crop_resize, erode, grow, resize

DISTANCE = 6.0  # a phone held about 60 cm away
FAR = DISTANCE + 1.2


@dataclass(frozen=True, slots=True)
class Framing:
    """Body part, yaw (+ shows the patient's left side), pitch (+ is chin up), centre, half height."""

    part: str
    yaw: float
    pitch: float
    x: float
    y: float
    half: float


VIEWS = {
    "front": Framing("head", 0, 0, 0, -0.13, 1.31),
    "left45": Framing("head", 45, 0, 0.02, -0.15, 1.29),
    "right45": Framing("head", -45, 0, -0.02, -0.15, 1.29),
    "chin_up": Framing("head", 0, 30, 0, -0.46, 1.04),
    "hairline": Framing("head", 0, -20, 0, 0.40, 0.80),
    "chest": Framing("chest", 0, 0, 0, -0.18, 1.22),
    "upper_back": Framing("back", 0, 0, 0, -0.52, 1.44),
    "shoulders": Framing("back", 0, -14, 0, -0.30, 1.12),
}


class Camera:
    """Projects points of a person's body to pixels of an upright w x h photo."""

    def __init__(self, framing: Framing, w: int, h: int) -> None:
        """Set up the view of `framing` in a photo of w x h pixels."""
        self.part = framing.part
        self.turn = _turn(framing.yaw, framing.pitch)
        self.centre = (framing.x, framing.y)
        self.w, self.h = w, h
        self.scale = h / 2 / framing.half  # pixels per unit at z = 0

    def project(self, p: Array) -> tuple[Array, Array, Array]:
        """Object points (..., 3) to pixel x, pixel y and pixels per unit there."""
        q = np.asarray(p, F) @ self.turn.T
        k = DISTANCE / (DISTANCE - q[..., 2])
        x = self.w / 2 + (q[..., 0] - self.centre[0]) * k * self.scale
        return x, self.h / 2 - (q[..., 1] - self.centre[1]) * k * self.scale, k * self.scale


@dataclass(slots=True)
class Traced:
    """What each pixel of a small picture sees."""

    hit: Array
    point: Array
    normal: Array  # in the camera's axes
    open: Array  # 1 in the open, less in folds
    lit: Array  # 1 in the light of the window, less in shadow
    depth: Array
    edge: Array  # distance of the ray to the body in pixels: the soft silhouette


Distance = Callable[[Array], Array]


def trace(cam: Camera, look: Look, w: int, h: int) -> Traced:
    """Trace coarse to fine: each level starts where the level below ended, so few steps are needed."""
    start = np.full(w * h, DISTANCE - 1.35, F)
    low = None
    if h >= 240:
        low = trace(cam, look, w // 2, h // 2)
        near = low.depth.copy()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                near = np.minimum(near, np.roll(low.depth, (dy, dx), (0, 1)))
        rows, columns = np.arange(h) * (h // 2) // h, np.arange(w) * (w // 2) // w
        start = near[rows][:, columns].ravel() - F(0.02)
    bodies = _distance(cam.part, look)
    rays, origin = _rays(cam, w, h)
    key = np.array((-0.45, 0.62, 0.90), F)
    key = (key / np.linalg.norm(key)) @ cam.turn
    shade = key if h < 480 or low is None else None  # light is soft: worked out below the top level
    pixel = DISTANCE / (cam.scale * h / cam.h) / DISTANCE
    chunks = max(1, w * h // 9000)
    parts = [
        _march(bodies, (origin, d), t, shade, pixel)
        for d, t in zip(np.array_split(rays, chunks), np.array_split(start, chunks), strict=True)
    ]
    hit, point, normal, ao, sh, depth, edge = (
        np.concatenate(column).reshape((h, w) + column[0].shape[1:])
        for column in zip(*parts, strict=True)
    )
    sure = erode(hit, 1)
    normal, point = grow(normal @ cam.turn.T, sure, 2), grow(point, sure, 2)
    if shade is None and low is not None:
        ao, sh = (resize(grow(a, erode(low.hit, 1), 5), (w, h)) for a in (low.open, low.lit))
    return Traced(hit, point, normal, ao, sh, depth, edge)


def _turn(yaw: float, pitch: float) -> Array:
    a, b = math.radians(yaw), math.radians(pitch)
    ry = np.array([[math.cos(a), 0, -math.sin(a)], [0, 1, 0], [math.sin(a), 0, math.cos(a)]])
    rx = np.array([[1, 0, 0], [0, math.cos(b), math.sin(b)], [0, -math.sin(b), math.cos(b)]])
    return np.asarray((rx @ ry).astype(F))


def _distance(part: str, look: Look) -> Distance:
    if part == "head":
        return lambda p: shapes.head((p[:, 0], p[:, 1], p[:, 2]), look).astype(F)
    return lambda p: shapes.torso((p[:, 0], p[:, 1], p[:, 2]), look, part == "back").astype(F)


def _rays(cam: Camera, w: int, h: int) -> tuple[Array, Array]:
    s = cam.scale * h / cam.h
    px, py = np.meshgrid(
        (np.arange(w, dtype=F) + 0.5 - w / 2) / s, (h / 2 - np.arange(h, dtype=F) - 0.5) / s
    )
    d = np.stack([px, py, np.full_like(px, -DISTANCE)], -1).reshape(-1, 3).astype(F)
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    return d @ cam.turn, np.array([*cam.centre, DISTANCE], F) @ cam.turn


def _march(
    body: Distance, lines: tuple[Array, Array], start: Array, key: Array | None, pixel: float
) -> tuple[Array, ...]:
    origin, rays = lines
    n = len(rays)
    t = start.copy()
    live = np.nonzero(t < FAR)[0]
    hit = np.zeros(n, bool)
    closest = np.full(n, 9.0, F)
    for _ in range(110):
        dist = body(origin + rays[live] * t[live, None])
        closest[live] = np.minimum(closest[live], dist)
        t[live] += dist * F(0.85)
        done = dist < 0.0018
        hit[live[done]] = True
        live = live[~done & (t[live] < FAR)]
        if not len(live):
            break
    hit[live] = (t[live] < DISTANCE + 0.9) & (
        closest[live] < pixel * 0.8
    )  # grazing rays out of steps
    t[~hit] = 99
    at = np.nonzero(hit)[0]
    points = origin + rays[at] * t[at, None]
    normals, ao, sh = _shade(body, points, key)

    def full(v: Array, fill: float = 0.0) -> Array:
        a = np.full((n, *v.shape[1:]), fill, F)
        a[at] = v
        return a

    edge = np.where(hit, F(-0.5), closest / F(pixel))
    return hit, full(points), full(normals), full(ao, 1), full(sh, 1), t, edge


def _shade(body: Distance, p: Array, key: Array | None) -> tuple[Array, Array, Array]:
    e = F(0.005)
    n = np.zeros_like(p)
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        v = np.array(corner, F)
        n += v[None] * body(p + e * v)[:, None]
    n /= np.linalg.norm(n, axis=1, keepdims=True) + F(1e-9)
    ao: Array = np.ones(len(p), F)
    sh = np.ones(len(p), F)
    if key is None:
        return n, ao, sh
    ao = np.zeros(len(p), F)
    for weight, reach in ((0.5, 0.05), (0.3, 0.14), (0.2, 0.32)):
        ao = ao + weight * body(p + n * F(reach)) / F(reach)
    far = np.full(len(p), 0.05, F)
    for _ in range(9):
        dist = body(p + n * F(0.012) + key * far[:, None])
        sh = np.minimum(sh, np.clip(0.5 + 5 * dist / far, 0, 1))
        far += np.clip(dist, 0.03, 0.18)
    return n, np.clip(ao, 0, 1.05), sh


class Surface:
    """Depth of a body part seen straight on, kept: gives z and slope for any x, y."""

    W, H = 300, 400

    def __init__(self, part: str, look: Look) -> None:
        """Trace the part once."""
        view = {"head": "front", "chest": "chest", "back": "upper_back"}[part]
        self.cam = Camera(VIEWS[view], self.W, self.H)
        self.seen = trace(self.cam, look, self.W, self.H)

    def lift(self, x: Array, y: Array) -> tuple[Array, Array]:
        """(x, y) as seen from the front to points on the skin and their normals."""
        z = np.full(np.shape(x), 0.5, F)
        for _ in range(3):  # undo the perspective step by step
            u, v, _s = self.cam.project(np.stack([x, y, z], -1))
            i = np.clip(v, 1, self.H - 2).astype(int)
            j = np.clip(u, 1, self.W - 2).astype(int)
            z = np.where(self.seen.hit[i, j], self.seen.point[i, j, 2], z)
        return np.stack([x, y, z], -1).astype(F), self.seen.normal[i, j]

    def lift_one(self, x: float, y: float) -> tuple[Array, Array]:
        """The same for one place."""
        p, n = self.lift(np.array([x], F), np.array([y], F))
        return p[0], n[0]


@lru_cache(maxsize=6)
def surface(part: str, look: Look) -> Surface:
    """The kept surface of a person's head, chest or back."""
    return Surface(part, look)


def window(
    cam: Camera, seen: Traced, x: float, y: float, radius: float
) -> tuple[tuple[slice, slice], Array] | None:
    """Full-size pixels around (x, y) and the skin point (h, w, 3) that each of them shows."""
    x0, x1 = int(max(0, x - radius)), int(min(cam.w, x + radius + 1))
    y0, y1 = int(max(0, y - radius)), int(min(cam.h, y + radius + 1))
    if x1 - x0 < 3 or y1 - y0 < 3:
        return None
    h, w = seen.hit.shape
    sx, sy = w / cam.w, h / cam.h
    box = (x0 * sx, y0 * sy, x1 * sx, y1 * sy)
    points = [crop_resize(seen.point[..., i], box, (x1 - x0, y1 - y0)) for i in range(3)]
    return (slice(y0, y1), slice(x0, x1)), np.stack(points, -1)
