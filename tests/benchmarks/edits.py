"""Adding, moving and removing a lesion on the whole Assess page, printed with the limit.

Run by hand: ``python tests/benchmarks/edits.py [annotations]`` (default 2,000). Each act goes in by
mouse or key at the window and ends when counts, rubric, strip and photo are painted again. The photo
has 24 megapixels; the offscreen platform; storing is left to its own lane, as in the program.

The figure judged is the least processor time of the window's thread over the repeats: on a busy
machine the wall clock measures the neighbours.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks.canvas import many
from tests.ui.assess_world import Assessing, assessing
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import LesionType
from workstation.domain.photo import View
from workstation.presenters.jobs import InlineJobs
from workstation.presenters.pictures import Pixels
from workstation.presenters.tools import Tool
from workstation.ui.actions import Commands
from workstation.ui.assess.page import AssessPage
from workstation.ui.page import PageTools
from workstation.ui.photo.pyramid import build
from workstation.ui.theme import theme

SIZE = (4000, 6000)
LIMIT = 16.0
REPEAT = 15


def paint(app: QApplication) -> None:
    """Everything that asked to be painted, now."""
    app.processEvents()


def timed(
    act: Callable[[], object], before: Callable[[], object] = lambda: None
) -> tuple[float, float, float]:
    """Least processor time of this thread, median of it, and least wall time, in milliseconds."""
    wall, own = [], []
    for _ in range(REPEAT):
        before()
        start, cpu = perf_counter(), thread_time()
        act()
        wall.append((perf_counter() - start) * 1000)
        own.append((thread_time() - cpu) * 1000)
    return min(own), statistics.median(own), min(wall)


def say(what: str, figures: tuple[float, float, float]) -> None:
    """One line: figure, limit, ratio, verdict."""
    least, median, wall = figures
    verdict = "within" if least <= LIMIT else "OVER"
    print(
        f"{what:34} {least:6.1f} ms  limit {LIMIT:4.0f}  {least / LIMIT:5.2f}  {verdict:6}"
        f"  (median {median:.1f}, wall {wall:.1f})",
        flush=True,
    )


def opened(count: int) -> tuple[Assessing, AssessPage]:
    """The page at the reference size with ``count`` annotations on its photo."""
    world = assessing(views=(View.FRONT, View.LEFT45, View.RIGHT45), size=SIZE)
    tools = PageTools(Commands(), InlineJobs(), lambda *_: None, lambda _: None)
    page = AssessPage(world.presenter, tools)
    page.resize(1376, 775)
    page.show()
    page.enter()
    noise = np.random.default_rng(3).integers(90, 200, (SIZE[1], SIZE[0], 4), np.uint8)
    world.made.case.put("many", many(world, count, SIZE))
    page.canvas.show_picture(build(Pixels(*SIZE, noise.tobytes())))
    page.canvas.setFocus()
    return world, page


def main() -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication([])
    theme.set_mode("light")
    theme.apply(app)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    world, page = opened(count)
    canvas, presenter = page.canvas, page.presenter
    for _ in range(4):
        paint(app)
    canvas._settle()
    print(f"{count} annotations, {canvas.width()} x {canvas.height()} canvas")
    spots = iter(range(10_000))

    def add() -> None:
        n = next(spots)
        at = QPoint(250 + n * 13 % 380, 40 + n * 29 % 560)
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
        paint(app)

    say("add by a click", timed(add))
    presenter.use(Tool.SELECT)
    presenter.walk(1)
    paint(app)

    def nudge() -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Right)
        paint(app)

    say("move by an arrow key", timed(nudge))
    ids = iter([a.id for a in world.annotations][:200])

    held = [QPoint()]

    def carry() -> None:
        start = canvas.place_of(next(ids))
        assert start is not None
        held[0] = start.toPoint() + QPoint(9, 6)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start.toPoint())
        QTest.mouseMove(canvas, held[0])
        paint(app)

    def drop() -> None:
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=held[0])
        paint(app)

    say("move: dropped after a drag", timed(drop, carry))
    gone = iter([a.id for a in world.annotations][300:600])

    def choose(among: Iterator[AnnotationId]) -> None:
        presenter.select((next(among),))
        paint(app)

    def press(key: Qt.Key) -> None:
        QTest.keyClick(canvas, key)
        paint(app)

    say("remove by a key", timed(partial(press, Qt.Key.Key_Delete), partial(choose, gone)))
    retyped = iter([a.id for a in world.annotations if a.type is LesionType.PAPULE][20:100])
    say("re-type by a key", timed(partial(press, Qt.Key.Key_5), partial(choose, retyped)))

    def undo() -> None:
        presenter.undo()
        paint(app)

    say("undo", timed(undo))
    page.close()


if __name__ == "__main__":
    main()
