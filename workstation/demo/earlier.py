"""Annotations that the demo clinic's reader makes: on closed visits, and on those of the tour.

They stand for a person's work: most lesions, a little off their centres, some missed. They are
written once from the drawn lesions by ``python -m workstation.demo.earlier`` and kept beside the
photos; the program itself never sees the drawn lesions.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from workstation.assets import resource
from workstation.demo.people import PEOPLE, Person, Visit

TOUR = (
    ("marsh-elena", 2),
    ("nwosu-ifeoma", 1),
    ("lindqvist-astrid", 5),
    ("abernathy-grace", 1),
    ("brandt-samuel", 1),
    ("vega-marisol", 1),
)
"""Visits that the tour reads by clicking: only on the photo that counts each lesion."""
OWNER = {
    "forehead": "front",
    "nose": "front",
    "chin": "front",
    "jaw_neck": "front",
    "left_cheek": "left45",
    "right_cheek": "right45",
    "chest": "chest",
    "upper_back": "upper_back",
    "shoulders": "shoulders",
}
SEEN_SHARE = 0.95
LEAST_VISIBLE = 0.5


@dataclass(frozen=True, slots=True)
class Marked:
    """One annotation: lesion type code and place in upright photo pixels."""

    view: str
    type: str
    x: float
    y: float


def marked(who: Person, visit: Visit) -> tuple[Marked, ...]:
    """What the reader marked on a visit; empty for visits that nobody has read yet."""
    path = resource("demo", "earlier", f"{who.key}-{visit.number}.json")
    if not path.is_file():
        return ()
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Marked(str(v), str(t), float(x), float(y)) for v, t, x, y in rows)


def main() -> None:
    """Write the kept files from the drawn lesions of every closed visit."""
    folder = resource("demo", "earlier")
    folder.mkdir(exist_ok=True)
    for who in PEOPLE:
        for visit in who.visits:
            toured = (who.key, visit.number) in TOUR
            if visit is who.visits[-1] and not toured:
                continue
            truth = json.loads(
                resource("demo", "truth", f"{who.key}-{visit.number}.json").read_text("utf-8")
            )
            rows = _read(truth, random.Random(f"{who.key}-{visit.number}"), once=toured)
            text = ",\n".join(json.dumps(row) for row in rows)
            path = folder / f"{who.key}-{visit.number}.json"
            path.write_text(f"[\n{text}\n]\n", encoding="utf-8")


def _read(truth: dict[str, Any], chance: random.Random, *, once: bool) -> list[list[object]]:
    rows: list[list[object]] = []
    for photo in truth["photos"]:
        for lesion in photo["lesions"]:
            if once and OWNER[lesion["zone"]] != photo["view"]:
                continue
            if lesion["visible"] < LEAST_VISIBLE or chance.random() > SEEN_SHARE:
                continue
            off = max(1.0, float(lesion["radius_px"]) * 0.25)
            x, y = (float(lesion[axis]) + chance.uniform(-off, off) for axis in ("x", "y"))
            rows.append([photo["view"], lesion["type"], round(x, 1), round(y, 1)])
    return rows


if __name__ == "__main__":
    main()
