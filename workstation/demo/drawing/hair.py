"""Hair of the head, headscarf and clothes: where they cover and how they catch the light."""

import numpy as np

from workstation.demo.drawing import shapes
from workstation.demo.drawing.looks import Look
from workstation.demo.drawing.raster import Array, F, bump, noise, resize, smooth
from workstation.demo.drawing.skin import Scene


def hair_mask(s: Scene, look: Look, rng: np.random.Generator) -> Array:
    """Share of hair over each pixel of the medium picture."""
    if s.part != "head" or look.style == "veil":
        return np.zeros_like(s.x)
    h = s.size[1]
    p = (s.x, s.y, s.z)
    field = (
        shapes.hair_field(p, look)
        + 0.012 * noise(rng, s.size, h / 70)
        + 0.008 * noise(rng, s.size, h / 300)
    )
    bare = smooth(0.035, 0.005, shapes.ear(p))
    nape = smooth(-0.50, -0.40, s.y + 0.25 * (s.z < -0.2))
    mask = smooth(-0.03, 0.085, field) * (1 - bare) * nape
    if look.thinning:
        mask = mask * (1 - _thin(s, look, rng))
    if look.style == "shaved":
        mask = mask * 0.55
    if look.style == "long":
        behind = np.maximum(smooth(0.12, 0.04, s.z), smooth(-0.55, -0.75, s.y))
        mask = np.maximum(mask, smooth(0.035, 0.0, shapes.locks(p)) * behind)
    return np.asarray(mask)


def cloth_mask(s: Scene, look: Look) -> Array:
    """Share of cloth over each pixel of the medium picture."""
    if s.part == "head":
        neckline = -1.60 - 0.22 * np.exp(-((s.x / 0.36) ** 4)) + 0.10 * np.abs(s.x)
        mask = smooth(0.0, 0.012, neckline - s.y) * (s.y < -1.2)
        if look.style == "long":
            mask = mask * smooth(0.0, 0.035, shapes.locks((s.x, s.y, s.z)))
        if look.style == "veil":
            mask = np.maximum(mask, smooth(0.0, 0.03, shapes.veil((s.x, s.y, s.z))))
        return np.asarray(mask)
    if s.part == "chest":
        return smooth(0, 0.012, -0.86 + 0.10 * np.cos(s.x * 2.6) - s.y)
    return smooth(0, 0.012, -1.50 + 0.04 * np.cos(s.x * 3) - s.y)


def lay_hair(img: Array, s: Scene, mask: Array, look: Look) -> None:
    """Strands run back from the hairline; their brightness is noise along the strand angle."""
    full = (img.shape[1], img.shape[0])
    wide = resize(mask, full)
    sel = wide > 0.004
    if not sel.any():
        return
    x, y, z, nx, ny, nz, ao = (
        resize(a, full)[sel] for a in (s.x, s.y, s.z, s.nx, s.ny, s.nz, s.ao)
    )
    strand = _strands(x, y, z, look)
    hair = np.array(look.hair, F)
    shine = np.exp(-(((ny * 0.62 - nx * 0.35 - 0.52) / 0.22) ** 2)) * np.clip(nz + 0.25, 0, 1)
    shine *= {"short": 0.55, "curly": 0.25, "shaved": 0.1}.get(look.style, 1.0)
    lum = (0.42 + 0.50 * np.clip(nz * 0.55 + ny * 0.5 - nx * 0.25, 0, 1)) * np.clip(ao, 0.25, 1)
    lum = lum * np.clip(1 + 0.20 * strand, 0.35, 1.9)
    glow = shine * (0.15 + 0.10 * np.clip(strand, -1, 2))
    colour = hair * lum[:, None] * 1.15 + glow[:, None] * np.array((1, 0.93, 0.84), F) * (
        0.35 + hair.mean() * 1.6
    )
    w = wide[sel]
    cover = w * np.clip(0.30 + 0.28 * np.maximum(strand, -2) + 1.3 * w, 0, 1)
    if look.thinning:  # single strands stay
        sparse = 0.45 + 0.20 * _strands(x, y, z, look, fine=True)
        cover = smooth(0.80, 1.15, sparse + w) * smooth(0.0, 0.1, w)
    w = cover[:, None]
    img[sel] = img[sel] * (1 - w) + colour * w


def lay_cloth(img: Array, s: Scene, mask: Array, look: Look, rng: np.random.Generator) -> None:
    """Woven cloth with folds."""
    full = (img.shape[1], img.shape[0])
    wide = resize(mask, full)
    m = wide > 0.004
    if not m.any():
        return
    h = full[1]
    fold = noise(rng, full, h / 9) * F(0.5) + noise(rng, full, h / 24) * F(0.3)
    soft = np.clip(0.30 + 0.55 * s.nz + 0.22 * s.ny - 0.15 * s.nx, 0, 1) * np.clip(s.ao, 0.3, 1)
    lum = resize(soft, full) * (1 + F(0.06) * fold)
    if s.part == "head" and look.style == "veil":
        drape = np.sin(
            17 * np.hypot(s.x * 1.1, s.y + 0.1) + 2.0 * np.sin(3 * s.y + 2 * s.x) + 3 * s.z
        )
        lum = lum * (
            1 + F(0.07) * resize(drape * smooth(0.62, 0.9, np.hypot(s.x, s.y + 0.17)), full)
        )
    i, j = np.nonzero(m)
    weave = lum[m] * (1 + F(0.03) * np.sin(j * F(2.2)) * np.sin(i * F(2.2)))
    w = wide[m][:, None]
    img[m] = img[m] * (1 - w) + weave[:, None] * np.array(look.cloth, F) * w


def _thin(s: Scene, look: Look, rng: np.random.Generator) -> Array:
    """Where hair has become sparse: a widened parting, or the crown of a man."""
    if look.masculine:
        where = smooth(0.50, 0.85, s.y) * smooth(0.55, 0.25, np.abs(s.x))
    else:
        where = np.clip(
            bump(s.x - 0.02 * np.sin(9 * s.z), 0.065) + 0.38 * bump(s.x, 0.26), 0, 1
        ) * smooth(0.4, 0.6, s.y)
    ragged = 0.80 + 0.10 * noise(rng, s.size, s.size[1] / 12)
    return np.asarray(np.clip(look.thinning * where * ragged, 0, 0.92))


def _strands(x: Array, y: Array, z: Array, look: Look, fine: bool = False) -> Array:
    rng = np.random.default_rng(look.seed + 9)
    table = rng.standard_normal(8192).astype(F)
    index = np.arange(8192)

    def along(angle: Array, fineness: float, shift: Array | float) -> Array:
        return np.interp((angle * fineness + shift) % 8192, index, table).astype(F)

    if look.style in {"curly", "shaved"}:
        curl = x * 1.0 + 0.045 * np.sin(43 * y + 9 * np.sin(17 * x)) + 0.03 * np.sin(57 * z)
        roll = y * 1.0 + z * 0.7 + 0.045 * np.sin(47 * x + 7 * np.sin(19 * z))
        knots = (
            along(curl, 300, 0) * 0.7
            + along(roll, 260, 900) * 0.7
            + 0.6 * along(curl, 60, 300) * along(roll, 60, 40)
        )
        return np.asarray(knots * 1.25)
    angle = np.arctan2(x, y - 0.30)
    if look.style == "long":
        angle = np.where(
            y < 0.12, 1.3 * np.arctan2(x, z + 0.30) + 0.03 * np.sin(5 * y + 4 * x), angle
        )
    if look.style == "short" and not fine:  # cut hair lies in short tufts
        angle = angle + 0.035 * along(angle, 9, z * 3) + 0.012 * along(angle, 31, 40 + z * 11)
    near = z if look.style != "long" else np.where(y < 0.12, y, z)
    hairs = 0.5 * along(angle, 900, near * 14) + 0.6 * along(angle, 320, 60 + near * 6)
    if fine:
        return np.asarray(1.3 * hairs)
    locks = 0.7 * along(angle, 90, 900 + near * 3) + 0.6 * along(angle, 28, 3000 + near * 1.2)
    return np.asarray(hairs + locks)
