"""Draws the Assess step in every situation of its acceptance list into PNGs, to be looked at.

Run: python tests/ui/render_assess.py FOLDER [what ...]
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.inline_jobs import InlineJobs
from tests.ui import desk_of_pages
from tests.ui.assess_world import annotation, assessing
from tests.ui.desk_of_pages import settle
from workstation import assets
from workstation.domain.draft import ItemKind, Key
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import EIGHT_KEYS, NODULES_CYSTS, LesionType, Point
from workstation.domain.photo import View
from workstation.presenters.tools import Adjustment, Tool
from workstation.ui.application import application
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
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
    for found in page.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        found.setParent(page, found.windowFlags() & ~found.windowType())
        place = page.canvas.mapTo(page, at.toPoint()) + QPoint(28, -60)
        lowest = page.height() - found.sizeHint().height() - 4
        found.move(place.x(), max(4, min(place.y(), lowest)))
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


def without_a_view(page: AssessPage) -> None:
    """Left 45 was not supplied: below the highest grade it is a lower bound."""
    case = page.presenter.case
    marks = case.state.draft.annotations if case.state is not None else ()
    page.presenter.remove([a.id for a in marks if a.type in NODULES_CYSTS])
    state = case.state
    assert state is not None
    kept = tuple(p for p in state.consultation.photos if p.view is not View.LEFT45)
    case.state = replace(state, consultation=replace(state.consultation, photos=kept))
    case.refresh()


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
    "missing": without_a_view,
    "closeup": lambda page: page.canvas.zoom_by(3.2, QPointF(page.canvas.width() * 0.4, 400)),
}


# Counts of comedones, papules and nodules on both sides of every edge of the rubric.
EDGES = (
    *((c, 0, 0) for c in (19, 20, 100, 101)),
    *((0, i, 0) for i in (14, 15, 50, 51)),
    *((t - 14, 14, 0) for t in (29, 30)),
    *((t - 50, 50, 0) for t in (125, 126)),
    *((0, 0, n) for n in (0, 1, 5, 6)),
)
COUNTED = (LesionType.CLOSED_COMEDONE, LesionType.PAPULE, LesionType.NODULE)


def edges(folder: Path) -> None:
    """The head of the rubric panel at every exact edge, side by side on one sheet."""
    world = assessing(views=(View.FRONT, View.LEFT45, View.RIGHT45))
    tools = PageTools(Commands(), InlineJobs(), lambda *_: None, lambda _: None)
    page = AssessPage(world.presenter, tools)
    page.resize(1376, 775)
    page.show()
    world.presenter.record_sign("severity.scarring", False)
    case, tiles = world.made.case, []
    for counts in EDGES:
        put = [
            annotation(f"{kind.value}{n}", "front", kind, (600, 300))
            for kind, number in zip(COUNTED, counts, strict=True)
            for n in range(number)
        ]
        edit = case.put("edge", [(Key.of(ItemKind.ANNOTATION, a.id), a) for a in put])
        settle()
        tiles.append(page.panel.grab(QRect(0, 0, page.panel.width(), 345)))
        if edit is not None:
            case.undo()
    wide, high = tiles[0].width() + 12, tiles[0].height() + 12
    sheet = QPixmap(4 * wide, (len(tiles) + 3) // 4 * high)
    sheet.fill(theme.colour("bg"))
    painter = QPainter(sheet)
    for n, tile in enumerate(tiles):
        painter.drawPixmap(n % 4 * wide + 6, n // 4 * high + 6, tile)
    painter.end()
    sheet.save(str(folder / f"edges-{theme.mode}.png"))
    page.close()


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
    wanted = sys.argv[2:] or [*SITUATIONS, "empty", "tones", "edges"]
    folder.mkdir(parents=True, exist_ok=True)
    application()
    desk_of_pages.PHOTOGRAPHED = tuple(TONES.values())
    modes = [m for m in ("light", "dark") if m in wanted] or ["light", "dark"]
    sizes = [s for s in WINDOWS if str(s[0]) in wanted] or list(WINDOWS)
    for mode in modes:
        if "edges" in wanted:
            theme.set_mode(mode)
            edges(folder)
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
