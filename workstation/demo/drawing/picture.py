"""Puts a photo together: traced body, skin, lesions, hair, cloth, wall and the camera's own faults."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from workstation.demo.drawing import features, hair, marks, shapes
from workstation.demo.drawing.camera import VIEWS, Camera, Framing, Traced, trace, window
from workstation.demo.drawing.lesions import Lesion, Sighting, sightings
from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, grow, noise, resize, smooth
from workstation.demo.drawing.shapes import MM
from workstation.demo.drawing.skin import Scene, albedo, light, wrinkles

TRACE_ROWS, SCENE_ROWS = 600, 960
WALLS = (
    (0.70, 0.725, 0.74),
    (0.74, 0.73, 0.71),
    (0.66, 0.70, 0.70),
    (0.76, 0.74, 0.70),
    (0.62, 0.66, 0.70),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo to draw: size is the upright (width, height) that is drawn."""

    view: str
    size: tuple[int, int]
    seed: int
    fault: str = ""  # blurred, dark, small


def draw(
    shot: Shot, look: Look, lesions: tuple[Lesion, ...]
) -> tuple[Image.Image, list[Sighting], float]:
    """The upright picture, the lesions it really shows, and its pixels per millimetre."""
    rng = np.random.default_rng(shot.seed)
    cam = Camera(_aim(VIEWS[shot.view], rng), *shot.size)
    seen = _traced(cam, look)
    scene, mask = _scene(cam, seen)
    colour, gloss = light(albedo(scene, look, rng), scene, look)
    lines = wrinkles(scene, look)
    colour *= (1 - 0.13 * lines + 0.05 * np.roll(lines, 3, 0))[..., None]
    hairs = hair.hair_mask(scene, look, rng)
    cloth = hair.cloth_mask(scene, look)
    img = np.stack([resize(colour[..., c], shot.size) for c in range(3)], -1)
    grit = _pores(img, resize(gloss, shot.size), cam, look, rng)
    softness = {"blurred": _blur_radius(cam.h), "dark": 1.6, "small": 3.2}.get(shot.fault, 0.0)
    found = sightings(cam, seen, lesions, np.maximum(hairs, cloth), softness * 0.8)
    for sighting in found:
        _put((img, grit), cam, seen, sighting, look)
    if cam.part == "head":
        features.eyes(img, cam, seen, look)
        features.face_hairs(img, cam, look)
        hair.lay_hair(img, scene, hairs, look)
        if look.style != "veil":
            p = seen.point
            features.stray_hairs(
                img, cam, seen, look, shapes.hair_field((p[..., 0], p[..., 1], p[..., 2]), look)
            )
    else:
        features.body_hairs(img, cam, seen, look)
    hair.lay_cloth(img, scene, cloth, look, rng)
    picture = _develop(img, resize(mask, shot.size), look, shot, rng)
    return picture, found, _scale(cam, seen)


def _aim(framing: Framing, rng: np.random.Generator) -> Framing:
    """Nobody holds the phone quite straight."""
    return replace(
        framing,
        yaw=framing.yaw + float(rng.normal(0, 2.2)),
        pitch=framing.pitch + float(rng.normal(0, 1.8)),
        x=framing.x + float(rng.normal(0, 0.025)),
        y=framing.y + float(rng.normal(0, 0.025)),
        half=framing.half * float(rng.uniform(0.95, 1.04)),
    )


def _small(cam: Camera, rows: int) -> tuple[int, int]:
    h = min(rows, cam.h)
    return round(h * cam.w / cam.h), h


def _traced(cam: Camera, look: Look) -> Traced:
    rows = TRACE_ROWS if cam.h >= cam.w else round(TRACE_ROWS * 0.8)
    seen = trace(cam, look, *_small(cam, rows))
    normal = seen.normal
    normal[..., 2] += (
        np.clip(0.34 - normal[..., 2], 0, 1) * seen.hit
    )  # grazing edges: no black outline
    wide = grow(normal, seen.hit)
    seen.normal = (
        sum((np.roll(wide, s, a) for s, a in ((1, 0), (-1, 0), (1, 1), (-1, 1))), wide) / 5
    )
    return seen


def _scene(cam: Camera, seen: Traced) -> tuple[Scene, Array]:
    size = _small(cam, SCENE_ROWS)
    point, ao, sh = (grow(a, seen.hit) for a in (seen.point, seen.open, seen.lit))
    x, y, z = (resize(point[..., i], size) for i in range(3))
    nx, ny, nz = (resize(seen.normal[..., i], size) for i in range(3))
    length = np.sqrt(nx * nx + ny * ny + nz * nz + F(1e-9))
    mask = smooth(0.95, 0.05, resize(_softened(np.clip(seen.edge, -0.5, 2.0)), size))
    return Scene(
        cam.part, x, y, z, nx / length, ny / length, nz / length, resize(ao, size), resize(sh, size)
    ), mask


def _softened(a: Array) -> Array:
    """Each value with a share of its neighbours."""
    for axis in (0, 1):
        a = (2 * a + np.roll(a, 1, axis) + np.roll(a, -1, axis)) / 4
    return a


def _pores(img: Array, gloss: Array, cam: Camera, look: Look, rng: np.random.Generator) -> Array:
    """Pores and fine lines: one height map, lit from upper left; works on the picture in place."""
    px = cam.scale / MM
    h, w = gloss.shape
    deep = np.zeros((h, w), F)
    age = 1 + max(0, look.age - 30) / 60
    for mm, amount in ((0.45, 0.55), (0.85, 0.8), (1.7, 0.55), (4.0, 0.30 * age)):
        if mm * px >= 1.1:
            n = noise(rng, (w, h), mm * px)
            deep += F(amount) * (np.minimum(n, 0.55) if mm < 1 else n)  # clipped tops leave pits
    gx, gy = np.zeros_like(deep), np.zeros_like(deep)
    step = max(1, round(px * 0.22))
    gx[:, step:-step] = deep[:, 2 * step :] - deep[:, : -2 * step]
    gy[step:-step] = deep[2 * step :] - deep[: -2 * step]
    slope = (gx * F(0.75) + gy * F(0.85)) * F(0.5)
    grain = F(1.0 if look.age > 17 else 0.8)
    texture = 1 + grain * (F(0.024) * slope + F(0.011) * np.minimum(deep, 0) + F(0.004) * deep)
    gloss *= np.clip(1 + grain * (F(0.17) * slope + F(0.12) * deep), 0.2, 2.0)
    for c, tint in enumerate((1, 0.97, 0.93)):
        img[..., c] = img[..., c] * texture + gloss * F(tint)
    return slope


def _put(
    pictures: tuple[Array, Array], cam: Camera, seen: Traced, sighting: Sighting, look: Look
) -> None:
    img, grit = pictures
    reach = marks.REACH.get(sighting.lesion.type, 2.2)
    got = window(cam, seen, sighting.x, sighting.y, sighting.radius * reach + 3)
    if got is not None:
        where, points = got
        img[where] = marks.paint(
            img[where], points, sighting.lesion, look, radius=sighting.radius, gloss=grit[where]
        )


def _blur_radius(height: int) -> float:
    return height / 230


def _develop(
    img: Array, mask: Array, look: Look, shot: Shot, rng: np.random.Generator
) -> Image.Image:
    """Wall behind, exposure, soft shoulder of the film, then the fault."""
    w, h = shot.size
    yy, xx = np.meshgrid(
        np.linspace(-1, 1, 96, dtype=F), np.linspace(-1, 1, 72, dtype=F), indexing="ij"
    )
    exposure = (
        look.tone.expose * float(rng.uniform(0.94, 1.03)) * (0.30 if shot.fault == "dark" else 1.0)
    )
    wall = resize(1.05 - 0.10 * ((xx + 0.25) ** 2 + (yy + 0.3) ** 2), shot.size)
    lens = resize(exposure * (1 - 0.05 * (xx**2 + yy**2) ** 1.5), shot.size)
    warmth = float(rng.normal(0, 0.015))
    grain = rng.standard_normal((h, w), dtype=F) * F(0.012 if shot.fault == "dark" else 0.003)
    table = np.arange(6001, dtype=F) / 4000
    table = np.clip(table * (1 + table * 0.10) / (1 + 0.16 * table), 0, 1) ** 0.93 * 255
    curve = table.astype("uint8")
    base = WALLS[look.seed % len(WALLS)]
    res = np.empty((h, w, 3), "uint8")
    for c, balance in enumerate((1 + warmth, 1.0, 1 - warmth)):
        level = img[..., c] * mask + wall * (1 - mask) * F(base[c] / look.tone.expose)
        res[..., c] = curve[
            np.clip((level * F(balance) * lens + grain) * 4000, 0, 6000).astype("uint16")
        ]
    picture = Image.fromarray(res)
    if shot.fault == "blurred":
        picture = picture.filter(ImageFilter.GaussianBlur(_blur_radius(h)))
    return picture


def _scale(cam: Camera, seen: Traced) -> float:
    """Pixels per millimetre at the body's own distance."""
    rows, columns = seen.hit.shape
    middle = (slice(rows // 3, 2 * rows // 3), slice(columns // 3, 2 * columns // 3))
    points = seen.point[middle][seen.hit[middle]]
    return round(float(np.median(cam.project(points)[2])) / MM, 4)
