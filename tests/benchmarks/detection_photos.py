"""Drawn photos with their truth for the detector: those it was fitted on, and others it never saw.

The demonstration's own photos are for fitting. Photos for judging are drawn anew, of people whose
seeds begin with ``unseen``; drawing one takes some 15 seconds of a core, so they are kept in a
folder: python tests/benchmarks/detection_photos.py --photos DIR [--people 5]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workstation.assets import resource
from workstation.demo.drawing.lesions import lesions_at
from workstation.demo.drawing.looks import look_of, seed_of
from workstation.demo.drawing.picture import Shot, draw
from workstation.demo.people import PEOPLE, Person, Visit
from workstation.domain.pixels import Pixels

TONES = ("light", "medium", "dark", "deep")
VIEWS = ("front", "left45", "right45", "chest")
SIZE = (600, 800)
BODIES = (
    28  # people of the table whose bodies are borrowed; those added later would change every seed
)


@dataclass(frozen=True)
class Truth:
    """One lesion as drawn: type code, middle and radius in photo pixels."""

    type: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Known:
    """One drawn photo with every lesion that it shows."""

    name: str
    person: str
    tone: str
    view: str
    pixels: Pixels
    lesions: tuple[Truth, ...]


def pixels_of(image: Image.Image) -> Pixels:
    """BGRX pixels as the decoder gives them."""
    plain = image.convert("RGB")
    return Pixels(plain.width, plain.height, plain.tobytes("raw", "BGRX"))


def fitting() -> Iterator[Known]:
    """The demonstration's photos that this computer can open without a decode child."""
    tones = {person.key: person.tone for person in PEOPLE}
    for file in sorted(resource("demo", "truth").glob("*.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        for photo in truth["photos"]:
            path = resource("demo", "photos") / photo["file"]
            if path.suffix == ".heic" or not path.is_file():
                continue
            image = ImageOps.exif_transpose(Image.open(path))
            found = tuple(
                Truth(r["type"], r["x"], r["y"], r["radius_px"]) for r in photo["lesions"]
            )
            yield Known(
                photo["file"], truth["person"], tones[truth["person"]], photo["view"],
                pixels_of(image), found,
            )  # fmt: skip


def unseen(folder: Path) -> Iterator[Known]:
    """The photos drawn for judging."""
    for file in sorted(folder.glob("unseen-*.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        image = Image.open(file.with_suffix(".jpg"))
        found = tuple(Truth(r["type"], r["x"], r["y"], r["r"]) for r in truth["lesions"])
        person = file.stem.rsplit("-", 1)[0]
        yield Known(file.stem, person, truth["tone"], truth["view"], pixels_of(image), found)


def person_of(number: int, tone: str) -> Person:
    """A person whom nobody fitted on: body from the table, everything else from an own seed."""
    key = f"unseen-{tone}-{number}"
    rng = np.random.default_rng(seed_of(key, "who"))
    like = PEOPLE[int(rng.integers(BODIES))]

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    face = (
        ("CO", some(4, 14)), ("CC", some(4, 14)), ("PA", some(5, 18)), ("PU", some(3, 12)),
        ("NO", some(0, 4)), ("CY", some(0, 3)), ("SCI", some(0, 5)), ("SCB", some(0, 4)),
        ("PIH", some(1, 9)), ("PIE", some(0, 6)), ("EXC", some(0, 3)),
    )  # fmt: skip
    trunk = (
        ("CO", some(2, 8)), ("PA", some(4, 15)), ("PU", some(2, 9)), ("NO", some(0, 3)),
        ("PIH", some(0, 6)),
    )  # fmt: skip
    sex = str(rng.choice(["female", "male"]))
    style = str(rng.choice(["tied", "short", "curly", "long"]))
    fair = str(rng.choice(["black", "dark brown", "brown", "auburn", "blond"]))
    return replace(
        like,
        key=key,
        tone=tone,
        sex=sex,
        sex_at_birth=sex,
        style=style,
        hair="black" if tone in ("dark", "deep") else fair,
        beard=0.0 if sex == "female" else float(rng.choice([0, 0.3])),
        request="acne",
        visits=(Visit(1, date(2026, 11, 20), face, trunk, VIEWS, (), ()),),
        build=str(rng.choice(["slim", "medium", "broad"])),
    )


def draw_one(number: int, tone: str, view: str, folder: Path) -> None:
    """Draw one photo into the folder, unless it is there."""
    who = person_of(number, tone)
    path = folder / f"{who.key}-{view}.json"
    if path.exists():
        return
    shot = Shot(view, SIZE, seed_of(who.key, 1, view), "")
    picture, found, scale = draw(shot, look_of(who), lesions_at(who, 1))
    picture.save(path.with_suffix(".jpg"), quality=85)
    rows = [{"type": s.lesion.type, "x": s.x, "y": s.y, "r": s.radius} for s in found]
    truth = {"tone": tone, "view": view, "px_per_mm": scale, "lesions": rows}
    path.write_text(json.dumps(truth), encoding="utf-8")


def main() -> None:
    """Draw what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
    parser.add_argument("--people", type=int, default=5, help="people of each skin tone")
    chosen = parser.parse_args()
    chosen.photos.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.people):
        for tone in TONES:
            for view in VIEWS:
                draw_one(number, tone, view, chosen.photos)
                print(tone, number, view, flush=True)


if __name__ == "__main__":
    main()
