"""Which lesions a person has at each visit, where on the skin, and how far a photo shows them."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from workstation.demo.drawing.camera import Camera, Traced, surface
from workstation.demo.drawing.looks import Look, look_of, seed_of
from workstation.demo.drawing.raster import Array, F
from workstation.demo.drawing.shapes import MM
from workstation.demo.people import Person

DIAMETERS = {  # millimetres
    "CO": (1.1, 1.9), "CC": (1.5, 2.5), "PA": (2.6, 4.6), "PU": (2.9, 4.8), "NO": (6.2, 9.5), "CY": (8.5, 12.0),
    "SCI": (1.3, 1.9), "SCB": (2.2, 3.9), "SCR": (4.6, 7.5), "SCH": (4.5, 7.5), "SCK": (8.0, 13.0),
    "PIE": (2.6, 4.8), "PIH": (3.2, 6.0), "EXC": (2.8, 5.0),
}  # fmt: skip
LASTING = ("SCI", "SCB", "SCR", "SCH", "SCK")
STAYING = {
    "NO": 0.6,
    "CY": 0.6,
    "CO": 0.5,
    "CC": 0.5,
    "PIH": 0.9,
    "PIE": 0.7,
    "PA": 0.15,
    "PU": 0.0,
    "EXC": 0.0,
}
FACE = {  # x0, y0, x1, y1 in units, seen from the front; x to the patient's left
    "forehead": (-0.36, 0.33, 0.36, 0.60), "right_cheek": (-0.49, -0.42, -0.18, 0.00),
    "left_cheek": (0.18, -0.42, 0.49, 0.00), "nose": (-0.075, -0.26, 0.075, 0.02),
    "chin": (-0.20, -0.80, 0.20, -0.64), "jaw_neck": (-0.43, -0.72, 0.43, -0.50),
}  # fmt: skip
TRUNK = {
    "chest": (-0.66, -0.62, 0.66, -0.02),
    "upper_back": (-0.60, -0.95, 0.60, 0.08),
    "shoulders": (0.62, -0.32, 1.12, 0.12),
}
WEIGHTS: dict[str, tuple[float, ...]] = {  # forehead, right cheek, left cheek, nose, chin, jaw and neck
    "CO": (4, 2, 2, 6, 4, 0.3), "CC": (5, 4, 4, 0.5, 4, 1), "PA": (3, 5, 5, 0.7, 3.5, 2.5), "PU": (2.5, 5, 5, 0.6, 4, 2),
    "NO": (0.6, 5, 5, 0, 2.2, 3), "CY": (0.2, 5, 5, 0, 0.6, 3), "SC": (0.8, 6, 6, 0.3, 0.3, 0.5), "PI": (1.5, 5, 5, 0.3, 2.5, 2.5),
    "EX": (2, 4, 4, 0.3, 3, 1), "SCH": (0, 0.4, 0.4, 0, 1.5, 5), "SCK": (0, 0, 0, 0, 0.5, 5),
}  # fmt: skip

SPREADS: dict[str, dict[str, tuple[float, ...]]] = {  # as WEIGHTS; types that a spread does not name keep theirs
    "": {},
    # Comedones keep to forehead, nose and chin; pustules and nodules to the cheeks.
    "t_zone": {
        "CO": (4, 0, 0, 6, 4, 0), "CC": (5, 0, 0, 0.5, 4, 0), "PA": (3, 5, 5, 0.7, 3, 1),
        "PU": (0, 5, 5, 0, 0, 0), "NO": (0, 5, 5, 0, 0, 0),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lesion:
    """One lesion on the skin of a person."""

    id: int
    type: str
    zone: str
    part: str
    point: tuple[float, float, float]
    normal: tuple[float, float, float]
    radius: float  # units

    @property
    def diameter_mm(self) -> float:
        """Diameter on the skin."""
        return round(2 * self.radius * MM, 1)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A lesion as one photo shows it, in upright full-size pixels."""

    lesion: Lesion
    x: float
    y: float
    radius: float
    fraction: float


@lru_cache(maxsize=64)
def lesions_at(person: Person, number: int) -> tuple[Lesion, ...]:
    """The lesions a person has at a visit; the ones that stay keep their number and place."""
    look = look_of(person)
    visit = person.visit(number)
    before = lesions_at(person, number - 1) if number > 1 else ()
    rng = np.random.default_rng(seed_of(person.key, "lesions", number))
    kept: list[Lesion] = []
    room = {"face": dict(visit.face), "trunk": dict(visit.trunk)}
    for old in before:
        left = room["face" if old.part == "head" else "trunk"]
        if left.get(old.type, 0) > 0 and (old.type in LASTING or rng.uniform() < STAYING[old.type]):
            left[old.type] -= 1
            kept.append(_aged(old, rng))
    healed = [
        o for o in before if o.type in {"PA", "PU", "NO", "CY"} and all(k.id != o.id for k in kept)
    ]
    weights = WEIGHTS | SPREADS[person.spread]
    last = max([100 * number, *(o.id for o in before)])
    maker = _Maker(look, rng, weights, kept, healed, last)
    order = sorted(DIAMETERS, key=lambda t: -DIAMETERS[t][1])
    for place, left in room.items():
        for kind in order:
            for _ in range(left.get(kind, 0)):
                maker.add(place, kind, visit.trunk_zones)
    return tuple(kept)


def sightings(
    cam: Camera, seen: Traced, lesions: tuple[Lesion, ...], covered: Array, softness: float
) -> list[Sighting]:
    """The lesions of this body part that face the camera, are in frame, uncovered and large enough to see."""
    found = []
    h, w = seen.hit.shape
    for lesion in lesions:
        if lesion.part != cam.part:
            continue
        points = _disc(lesion)
        u, v, s = cam.project(points)
        x, y, radius = float(u[0]), float(v[0]), float(lesion.radius * s[0])
        inside = (u > 1) & (v > 1) & (u < cam.w - 1) & (v < cam.h - 1)
        i = np.clip(v * h / cam.h, 0, h - 1).astype(int)
        j = np.clip(u * w / cam.w, 0, w - 1).astype(int)
        ci = np.clip(v * covered.shape[0] / cam.h, 0, covered.shape[0] - 1).astype(int)
        cj = np.clip(u * covered.shape[1] / cam.w, 0, covered.shape[1] - 1).astype(int)
        same = np.linalg.norm(seen.point[i, j] - points, axis=1) < 0.06 + 0.3 * lesion.radius
        ok = (
            inside
            & seen.hit[i, j]
            & same
            & (covered[ci, cj] < 0.35)
            & (seen.normal[i, j, 2] > 0.25)
        )
        fraction = float(ok.mean())
        facing = float((np.array(lesion.normal, F) @ cam.turn.T)[2])
        if ok[0] and fraction >= 0.55 and facing > 0.42 and radius > max(1.25, softness):
            found.append(Sighting(lesion, x, y, radius, round(fraction, 2)))
    return found


def _disc(lesion: Lesion) -> Array:
    """The middle and twelve places of the lesion."""
    n = np.array(lesion.normal, F)
    a = np.cross(n, np.array((0.3, 1, 0.2), F))
    a /= np.linalg.norm(a)
    b = np.cross(n, a)
    ring = [(0.0, 0.0)] + [
        (r * math.cos(t), r * math.sin(t)) for r in (0.5, 0.9) for t in np.arange(6) * math.pi / 3
    ]
    return np.array(lesion.point, F) + np.array(
        [(c * a + d * b) * lesion.radius for c, d in ring], F
    )


def _aged(old: Lesion, rng: np.random.Generator) -> Lesion:
    if old.type in LASTING:
        return old
    return replace(old, radius=old.radius * float(rng.uniform(0.86, 1.0)))


@dataclass(slots=True)
class _Maker:
    look: Look
    rng: np.random.Generator
    weights_of: dict[str, tuple[float, ...]]
    kept: list[Lesion]
    healed: list[Lesion]
    last: int

    def add(self, place: str, kind: str, trunk_zones: tuple[str, ...]) -> None:
        """Add one lesion, on the site of a healed one where it is a mark or a scar."""
        low, high = DIAMETERS[kind]
        if kind in {"CO", "CC"} and place == "trunk":
            low, high = low * 1.3, high * 1.25
        radius = float(self.rng.uniform(low, high)) / 2 / MM
        head = place == "face"
        sites = [o for o in self.healed if (o.part == "head") == head]
        if kind[:2] in {"PI", "SC"} and sites and kind not in {"SCH", "SCK"}:
            site = sites[0]
            self.healed.remove(site)
            if self._free(site.part, np.array(site.point), radius):
                self._keep(replace(site, type=kind, radius=radius))
                return
        for _ in range(400):
            zone, x, y = self._face_place(kind) if head else self._trunk_place(trunk_zones)
            part = "head" if head else "chest" if zone == "chest" else "back"
            if self._fits(zone, x, y):
                point, normal = surface(part, self.look).lift_one(x, y)
                if normal[2] > 0.2 and self._free(part, point, radius):
                    p, n = tuple(map(float, point)), tuple(map(float, normal))
                    self._keep(
                        Lesion(0, kind, zone, part, (p[0], p[1], p[2]), (n[0], n[1], n[2]), radius)
                    )
                    return

    def _keep(self, lesion: Lesion) -> None:
        self.last += 1
        self.kept.append(replace(lesion, id=self.last))

    def _face_place(self, kind: str) -> tuple[str, float, float]:
        of = self.weights_of
        weights = np.array(of.get(kind, of.get(kind[:2], of["PA"])), float)
        zone = list(FACE)[int(self.rng.choice(6, p=weights / weights.sum()))]
        return zone, *self._within(FACE[zone])

    def _trunk_place(self, zones: tuple[str, ...]) -> tuple[str, float, float]:
        share = np.array([{"chest": 1.0, "upper_back": 1.6, "shoulders": 0.7}[z] for z in zones])
        zone = zones[int(self.rng.choice(len(zones), p=share / share.sum()))]
        x, y = self._within(TRUNK[zone])
        if zone == "shoulders" and self.rng.uniform() < 0.5:
            x = -x
        return zone, x, y

    def _within(self, box: tuple[float, float, float, float]) -> tuple[float, float]:
        return float(self.rng.uniform(box[0], box[2])), float(self.rng.uniform(box[1], box[3]))

    @staticmethod
    def _fits(zone: str, x: float, y: float) -> bool:
        if zone == "jaw_neck":
            return 0.24 <= abs(x) <= 0.45 and y < -0.28 - 0.6 * abs(x)
        if zone == "forehead":
            return y <= 0.60 - 0.9 * x * x
        if zone.endswith("cheek"):
            return abs(x) - 0.16 >= (y + 0.42) * 0.05 and y <= -0.035 - 0.18 * (abs(x) - 0.2)
        return True

    def _free(self, part: str, point: Array, radius: float) -> bool:
        return all(
            math.dist(point, o.point) >= max(0.05, 1.3 * (radius + o.radius))
            for o in self.kept
            if o.part == part
        )
