"""Annotations that the demo clinic's earlier reader made on visits that are already closed.

They stand for a person's work: most lesions, a little off their centres, some missed. They are
written once from the drawn lesions by ``python -m workstation.demo.earlier`` and kept beside the
photos; the program itself never sees the drawn lesions.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from workstation.assets import resource
from workstation.demo.people import PEOPLE, Person, Visit

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
    """What the earlier reader marked on a closed visit; empty for open ones."""
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
        for visit in who.visits[:-1]:
            truth = json.loads(
                resource("demo", "truth", f"{who.key}-{visit.number}.json").read_text("utf-8")
            )
            rows = _read(truth, random.Random(f"{who.key}-{visit.number}"))
            text = ",\n".join(json.dumps(row) for row in rows)
            path = folder / f"{who.key}-{visit.number}.json"
            path.write_text(f"[\n{text}\n]\n", encoding="utf-8")


def _read(truth: dict[str, list[dict[str, object]]], chance: random.Random) -> list[list[object]]:
    rows: list[list[object]] = []
    for photo in truth["photos"]:
        lesions = photo["lesions"]
        assert isinstance(lesions, list)
        for lesion in lesions:
            if lesion["visible"] < LEAST_VISIBLE or chance.random() > SEEN_SHARE:
                continue
            off = max(1.0, float(lesion["radius_px"]) * 0.25)
            x, y = (float(lesion[axis]) + chance.uniform(-off, off) for axis in ("x", "y"))
            rows.append([photo["view"], lesion["type"], round(x, 1), round(y, 1)])
    return rows


if __name__ == "__main__":
    main()
