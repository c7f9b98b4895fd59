"""How one generated person looks: skin, hair, eyes and the shape of head and body."""

import hashlib
from dataclasses import dataclass

import numpy as np

from workstation.demo.people import Person

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Tone:
    """Colours of a skin tone, in roughly linear light."""

    skin: Colour
    blood: Colour  # how red, green and blue fall where skin is inflamed
    pigment: Colour  # the same for brown marks
    lip: Colour
    flush: float
    expose: float  # what the meter of a phone does
    gloss: float


TONES = {
    "light": Tone(
        (0.860, 0.640, 0.520),
        (0.97, 0.58, 0.58),
        (0.72, 0.60, 0.52),
        (0.76, 0.42, 0.40),
        0.17,
        1.03,
        0.9,
    ),
    "medium": Tone(
        (0.700, 0.475, 0.350),
        (0.90, 0.58, 0.55),
        (0.64, 0.54, 0.48),
        (0.60, 0.33, 0.30),
        0.13,
        1.13,
        0.85,
    ),
    "dark": Tone(
        (0.430, 0.270, 0.185),
        (0.82, 0.58, 0.58),
        (0.54, 0.46, 0.42),
        (0.37, 0.20, 0.185),
        0.08,
        1.26,
        0.85,
    ),
    "deep": Tone(
        (0.275, 0.165, 0.112),
        (0.80, 0.60, 0.62),
        (0.50, 0.44, 0.42),
        (0.27, 0.145, 0.135),
        0.06,
        1.32,
        0.80,
    ),
}
HAIR = {
    "black": (0.055, 0.045, 0.042),
    "dark brown": (0.13, 0.09, 0.07),
    "brown": (0.26, 0.165, 0.10),
    "auburn": (0.34, 0.15, 0.08),
    "blond": (0.56, 0.42, 0.25),
    "grey": (0.42, 0.41, 0.40),
}
IRIS = {
    "light": ((0.27, 0.30, 0.27), (0.24, 0.31, 0.38), (0.30, 0.22, 0.12)),
    "medium": ((0.30, 0.20, 0.11), (0.22, 0.14, 0.08), (0.27, 0.26, 0.16)),
    "dark": ((0.17, 0.10, 0.06), (0.14, 0.08, 0.05)),
    "deep": ((0.12, 0.07, 0.045), (0.10, 0.06, 0.04)),
}
CLOTH = (
    (0.36, 0.45, 0.50),
    (0.52, 0.50, 0.46),
    (0.22, 0.26, 0.34),
    (0.44, 0.34, 0.36),
    (0.30, 0.40, 0.34),
    (0.60, 0.60, 0.60),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Proportions around 1, and a few shifts in units of 105 mm."""

    width: float
    jaw: float
    chin: float
    nose: float
    tip: float
    lips: float
    cheek: float
    neck: float
    ridge: float
    eye: float
    tilt: float
    lean: float  # nobody is symmetric


@dataclass(frozen=True, slots=True)
class Look:
    """Everything the drawing needs to know about a person."""

    seed: int
    tone: Tone
    tone_name: str
    skin: Colour
    hair: Colour
    iris: Colour
    cloth: Colour
    style: str  # tied, short, curly, long, veil, shaved
    thinning: float
    masculine: bool
    beard: float
    age: int
    lashes: float
    lid: float
    signs: str  # melasma, rosacea or nothing
    shape: Shape


def seed_of(*parts: object) -> int:
    """A number that is the same on every computer for the same words."""
    digest = hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def look_of(person: Person) -> Look:
    """The look of a person: from the table where it is said, from the person's seed otherwise."""
    seed = seed_of(person.key)
    rng = np.random.default_rng(seed)
    tone = TONES[person.tone]
    warm, level = rng.normal(0, 0.022), rng.normal(0, 0.045)
    r, g, b = tone.skin
    skin = (r * (1 + level), g * (1 + level - warm * 0.5), b * (1 + level - warm * 1.6))
    masculine = person.sex == "male"
    irises = IRIS[person.tone]
    return Look(
        seed=seed,
        tone=tone,
        tone_name=person.tone,
        skin=skin,
        hair=HAIR[person.hair],
        iris=irises[int(rng.integers(len(irises)))],
        cloth=CLOTH[int(rng.integers(len(CLOTH)))],
        style=person.style,
        thinning={"hair_loss": 0.85}.get(person.request, 0.0),
        masculine=masculine,
        beard=person.beard,
        age=2026 - person.born.year,
        lashes=0.30 if person.request == "lashes" else 1.0,
        lid=float(np.clip(rng.normal(0.4, 0.3), 0, 1)),
        signs=person.request if person.request in {"melasma", "rosacea"} else "",
        shape=_shape(rng, masculine, person.build),
    )


def _shape(rng: np.random.Generator, masculine: bool, size: str) -> Shape:
    full = {"slim": -1.0, "medium": 0.0, "broad": 1.0}[size]
    n = rng.normal
    return Shape(
        width=float(np.clip(1.0 + 0.035 * full + n(0, 0.024), 0.92, 1.08)),
        jaw=float((1.12 if masculine else 0.90) + 0.06 * full + n(0, 0.07)),
        chin=float((-0.02 if masculine else 0.025) + n(0, 0.018)),
        nose=float((1.05 if masculine else 0.95) + n(0, 0.09)),
        tip=float(n(0, 0.016)),
        lips=float((0.96 if masculine else 1.08) + n(0, 0.10)),
        cheek=float(1.0 + 0.16 * full + n(0, 0.06)),
        neck=float((1.03 if masculine else 0.84) + 0.06 * full),
        ridge=float((1.10 if masculine else 0.72) + n(0, 0.08)),
        eye=float((0.94 if masculine else 1.04) + n(0, 0.05)),
        tilt=float(n(0.02, 0.02)),
        lean=float(rng.uniform(0.4, 1.2) * rng.choice((-1, 1))),
    )
