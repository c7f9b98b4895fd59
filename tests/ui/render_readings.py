"""Draws the second reading and the agreement page into PNGs, to be looked at.

Run: python tests/ui/render_readings.py FOLDER
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.ui.assess_world import Assessing
from tests.ui.desk_of_pages import settle
from tests.ui.reading_world import reading
from workstation import assets
from workstation.domain.lesions import LesionType, Point
from workstation.presenters.assess import AssessPresenter
from workstation.ui.application import application
from workstation.ui.theme import theme

WINDOWS = ((1280, 800), (1440, 900), (2560, 1440))
PERSON, VISIT = "marsh-elena", 2


def lesions(view: str) -> list[tuple[Point, LesionType]]:
    """What was drawn on one photo of the demonstration."""
    truth = json.loads(assets.resource("demo", "truth", f"{PERSON}-{VISIT}.json").read_text())
    rows = truth["photos"] if isinstance(truth, dict) else truth
    found = next(r for r in rows if r["view"] == view)["lesions"]
    return [(Point(float(r["x"]), float(r["y"])), LesionType(r["type"])) for r in found]


def mark(presenter: AssessPresenter, *, leave_out: int, shift: float = 0.0) -> None:
    """Mark the front photo, every ``leave_out``-th lesion missed, slightly off."""
    for number, (at, kind) in enumerate(lesions("front")):
        if number % leave_out:
            presenter.add(Point(at.x + shift, at.y - shift), kind)


def first_read(world: Assessing) -> None:
    """What the first reader saw."""
    mark(world.presenter, leave_out=5)


def main() -> None:
    """Write one PNG per page, size and theme."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    application()
    for mode in ("light", "dark"):
        for size in WINDOWS:
            with reading(PERSON, draw=first_read, size=size) as made:
                theme.set_mode(mode)
                made.begin()
                mark(made.page.presenter, leave_out=4, shift=9)
                settle()
                made.window.grab().save(str(folder / f"reading-{size[0]}-{mode}.png"))
                made.case.finish()
                made.shell.entrance.agreement(made.first.made.id)
                settle()
                made.agreement._walk(1)
                settle()
                made.window.grab().save(str(folder / f"agreement-{size[0]}-{mode}.png"))
                print(size, mode, made.agreement.presenter.state.legend)


if __name__ == "__main__":
    main()
