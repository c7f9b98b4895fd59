"""Laying one photo over another: three pairs of points give the map from the older to the newer."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Point
from workstation.domain.photo import Photo

PAIRS = 3
LEAST_TURN = 1e-9
FLATTEST = 0.02  # area over longest side squared: below it three points lie nearly on one line


@dataclass(frozen=True, slots=True)
class Alignment:
    """Three places shown on both photos, clicked by a person: (older, newer), in upright pixels."""

    photo: PhotoId
    older: PhotoId
    pairs: tuple[tuple[Point, Point], ...]

    @staticmethod
    def name(photo: PhotoId, older: PhotoId) -> str:
        """The name of its draft item."""
        return f"{photo}:{older}"


@dataclass(frozen=True, slots=True)
class Transform:
    """An affine map of the plane: ``x' = a x + b y + e``, ``y' = c x + d y + f``."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def apply(self, at: Point) -> Point:
        """Where a point comes to lie."""
        return Point(
            self.a * at.x + self.b * at.y + self.e,
            self.c * at.x + self.d * at.y + self.f,
        )

    @property
    def scale(self) -> float:
        """How much lengths grow, in the mean over all directions of area."""
        return float(abs(self.a * self.d - self.b * self.c) ** 0.5)


def same_place(older: Photo, newer: Photo, *, flipped: bool = False) -> Transform:
    """Without clicked points: the same share of width and height; the other way round when
    exactly one of the photos is a mirror image (``flipped``)."""
    across, down = newer.width / older.width, newer.height / older.height
    if flipped:
        return Transform(-across, 0.0, 0.0, down, float(newer.width), 0.0)
    return Transform(across, 0.0, 0.0, down, 0.0, 0.0)


def fitted(pairs: tuple[tuple[Point, Point], ...]) -> Transform | None:
    """The affine map through three pairs; where they lie nearly on a line, the best similarity.

    None with fewer than three pairs, or when the points of one photo lie upon each other.
    """
    if len(pairs) < PAIRS:
        return None
    first = pairs[:PAIRS]
    if _flat([p for p, _ in first]) or _flat([q for _, q in first]):
        return _similarity(first)
    (p0, q0), (p1, q1), (p2, q2) = first
    ux, uy, vx, vy = p1.x - p0.x, p1.y - p0.y, p2.x - p0.x, p2.y - p0.y
    det = ux * vy - vx * uy
    sx, sy, tx, ty = q1.x - q0.x, q1.y - q0.y, q2.x - q0.x, q2.y - q0.y
    a, b = (sx * vy - tx * uy) / det, (tx * ux - sx * vx) / det
    c, d = (sy * vy - ty * uy) / det, (ty * ux - sy * vx) / det
    return Transform(a, b, c, d, q0.x - a * p0.x - b * p0.y, q0.y - c * p0.x - d * p0.y)


def transform_of(alignment: Alignment | None, older: Photo, newer: Photo) -> Transform:
    """The map in force between two photos."""
    found = fitted(alignment.pairs) if alignment is not None else None
    return found if found is not None else same_place(older, newer)


def _flat(points: list[Point]) -> bool:
    p, q, r = points
    area = abs((q.x - p.x) * (r.y - p.y) - (r.x - p.x) * (q.y - p.y))
    longest = max(hypot(u.x - v.x, u.y - v.y) for u, v in ((p, q), (q, r), (r, p)))
    return longest == 0 or area <= FLATTEST * longest * longest


def _similarity(pairs: tuple[tuple[Point, Point], ...]) -> Transform | None:
    """Least squares over turn, scale and shift."""
    n = len(pairs)
    px, py = sum(p.x for p, _ in pairs) / n, sum(p.y for p, _ in pairs) / n
    qx, qy = sum(q.x for _, q in pairs) / n, sum(q.y for _, q in pairs) / n
    spread = along = across = 0.0
    for p, q in pairs:
        x, y, u, v = p.x - px, p.y - py, q.x - qx, q.y - qy
        spread += x * x + y * y
        along += x * u + y * v
        across += x * v - y * u
    if spread <= LEAST_TURN or hypot(along, across) <= LEAST_TURN:
        return None
    a, c = along / spread, across / spread
    return Transform(a, -c, c, a, qx - a * px + c * py, qy - c * px - a * py)
