"""Draws the Assess step in every situation of its acceptance list into PNGs, to be looked at.

Run: python tests/ui/render_assess.py FOLDER [what ...]
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui import desk_of_pages
from tests.ui.desk_of_pages import settle
from workstation import assets
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import EIGHT_KEYS, LesionType, Point
from workstation.presenters.tools import Adjustment, Tool
from workstation.ui.application import application
from workstation.ui.assess.page import AssessPage
from workstation.ui.theme import theme

WINDOWS = ((1280, 800), (1440, 900), (2560, 1440))
TONES = {
    "light": "marsh-elena",
    "medium": "de-souza-caio",
    "dark": "carter-amara",
    "deep": "nwosu-ifeoma",
}


def visit_of(key: str) -> int:
    """The visit whose photos the worlds open."""
    return 2 if key == "marsh-elena" else 1


def mark_all(page: AssessPage, key: str) -> None:
    """Mark every drawn lesion on the photo it was drawn on."""
    presenter = page.presenter
    row = json.loads(assets.resource("demo", "truth", f"{key}-{visit_of(key)}.json").read_text())
    for photo in row["photos"]:
        presenter.show(next(p.id for p in presenter.photos if p.view.value == photo["view"]))
        for lesion in photo["lesions"]:
            at = Point(float(lesion["x"]), float(lesion["y"]))
            presenter.add(at, LesionType(lesion["type"]))
    presenter.show(presenter.photos[0].id)


def select_nodule(page: AssessPage) -> None:
    """Select one counted nodule, or the first annotation."""
    marks = [page.canvas.marks.get(i) for i in page.canvas.marks.ids]
    found = [m for m in marks if m is not None and not m.reference]
    nodules = [m for m in found if m.type is LesionType.NODULE] or found
    page.presenter.select((nodules[0].id,))


def rows_of_glyphs(page: AssessPage) -> None:
    """Every type in a row on the cheek, counted and as reference, beside unmarked skin."""
    presenter, photo = page.presenter, page.presenter.photo
    assert photo is not None
    for number, kind in enumerate(EIGHT_KEYS):
        x = photo.width * (0.30 + 0.055 * number)
        for share in (0.20, 0.57, 0.64):
            presenter.add(Point(x, photo.height * share), kind)


def loupe(page: AssessPage) -> None:
    """The loupe over the cheek."""
    canvas = page.canvas
    canvas.pointer = QPointF(canvas.width() * 0.42, canvas.height() * 0.6)
    canvas.set_loupe(True)


def lasso(page: AssessPage) -> None:
    """Several annotations chosen at once."""
    page.presenter.use(Tool.LASSO)
    page.presenter.select(tuple(page.canvas.marks.ids[:12]))


def menu(page: AssessPage) -> None:
    """The menu of an annotation, painted into the page where it opens."""
    id_ = page.canvas.marks.ids[4]
    page.presenter.select((id_,))
    at = page.canvas.place_of(AnnotationId(id_))
    assert at is not None
    page.canvas.ask_menu(at, AnnotationId(id_))
    settle()
    for found in page.findChildren(QMenu):
        found.setParent(page, found.windowFlags() & ~found.windowType())
        found.move(page.canvas.mapTo(page, at.toPoint()) + QPoint(28, -60))
        found.show()


def refuse_override(page: AssessPage) -> None:
    """Overridden with a reason: both grades stay in sight."""
    print(page.presenter.override("mild", "other", "Photos flatter the redness here"))


def adjusted(page: AssessPage) -> None:
    """The bar that adjusts the view, redness up."""
    page.presenter.toggle_adjusting()
    page.presenter.adjust(Adjustment(redness=60, local=30))


def second_photo(page: AssessPage) -> None:
    """A photo on which most annotations are references."""
    page.presenter.step_photo(1)
    select_nodule(page)


def note(page: AssessPage) -> None:
    """The bar that takes a note."""
    select_nodule(page)
    page.ask_note(page.presenter.selection[0])


SITUATIONS: dict[str, Callable[[AssessPage], None]] = {
    "marked": select_nodule,
    "second": second_photo,
    "hidden": lambda page: page.presenter.hide(True),
    "loupe": loupe,
    "lasso": lasso,
    "menu": menu,
    "override": refuse_override,
    "adjusted": adjusted,
    "note": note,
    "closeup": lambda page: page.canvas.zoom_by(3.2, QPointF(page.canvas.width() * 0.4, 400)),
}


def shoot(
    folder: Path, key: str, name: str, size: tuple[int, int], act: Callable[[AssessPage], None]
) -> None:
    """One situation of one person at one size, in the theme that is set."""
    with desk_of_pages.desk_of(key) as (window, shell, _):
        window.resize(*size)
        shell.go("assess")
        page = shell.page("assess")
        assert isinstance(page, AssessPage)
        settle()
        if name != "empty":
            mark_all(page, key)
        settle()
        act(page)
        settle()
        QTest.qWait(180)
        window.grab().save(str(folder / f"{name}-{key}-{size[0]}-{theme.mode}.png"))


def main() -> None:
    """Write the PNGs."""
    folder = Path(sys.argv[1])
    wanted = sys.argv[2:] or [*SITUATIONS, "empty", "tones"]
    folder.mkdir(parents=True, exist_ok=True)
    application()
    desk_of_pages.PHOTOGRAPHED = tuple(TONES.values())
    modes = [m for m in ("light", "dark") if m in wanted] or ["light", "dark"]
    sizes = [s for s in WINDOWS if str(s[0]) in wanted] or list(WINDOWS)
    for mode in modes:
        for size in sizes:
            for name, act in SITUATIONS.items():
                if name in wanted:
                    theme.set_mode(mode)
                    shoot(folder, "marsh-elena", name, size, act)
            for name, act, keys in (
                ("empty", lambda _: None, ("marsh-elena",)),
                ("tones", rows_of_glyphs, tuple(TONES.values())),
            ):
                for key in keys if name in wanted else ():
                    theme.set_mode(mode)
                    shoot(folder, key, name, size, act)
            QApplication.processEvents()


if __name__ == "__main__":
    main()
