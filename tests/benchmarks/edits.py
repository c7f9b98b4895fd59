"""Adding, moving and removing a lesion on the whole Assess page, printed with the limit.

Run: python tests/benchmarks/edits.py [ANNOTATIONS]...   (none: 2,000 and 10,000, beside 50)
Each act goes in by mouse or key at the window and ends when counts, rubric, strip and photo are
painted again and the journal's entry is handed over. The photo has 24 megapixels; the offscreen
platform; storing is left to its own lane, as in the program, and is over before the next act.

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
from tests.benchmarks.figures import Figure, tell
from tests.ui.assess_world import Assessing, assessing
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import LesionType
from workstation.domain.photo import View
from workstation.presenters.jobs import Jobs
from workstation.presenters.pictures import Pixels
from workstation.presenters.tools import Tool
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.jobs import ThreadJobs
from workstation.ui.page import PageTools
from workstation.ui.photo.pyramid import build
from workstation.ui.theme import theme

SIZE = (4000, 6000)
LIMIT = 16.0
FEW, COUNTS = 50, (2_000, 10_000)
TIMES_OF_FEW = 2.0
COPIED = "states are immutable: the lists of annotations and counts are copied whole at each edit"
REPEAT = 3 if os.environ.get("CI") else 15


def paint(_: object) -> None:
    """Everything that asked to be painted, now."""
    QApplication.processEvents()


def add(page: AssessPage, spots: Iterator[int]) -> None:
    """A click that adds a lesion, painted."""
    n = next(spots)
    at = QPoint(250 + n * 13 % 380, 40 + n * 29 % 560)
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    paint(page)


def rested(jobs: Jobs) -> None:
    """Wait until all is stored and told, so that no act pays for the one before."""
    while isinstance(jobs, ThreadJobs) and jobs.busy:
        QApplication.processEvents()


def timed(
    jobs: Jobs,
    act: Callable[[], object],
    before: Callable[[], object] = lambda: None,
    repeat: int = REPEAT,
) -> tuple[float, float, float]:
    """Least processor time of this thread, median of it, and least wall time, in milliseconds."""
    wall, own = [], []
    for _ in range(repeat):
        before()
        rested(jobs)
        start, cpu = perf_counter(), thread_time()
        act()
        wall.append((perf_counter() - start) * 1000)
        own.append((thread_time() - cpu) * 1000)
    return min(own), statistics.median(own), min(wall)


def opened(count: int) -> tuple[Assessing, AssessPage]:
    """The page at the reference size with ``count`` annotations on its photo."""
    world = assessing(views=(View.FRONT, View.LEFT45, View.RIGHT45), size=SIZE)
    jobs = ThreadJobs(QApplication.instance())
    world.made.case.jobs = jobs
    tools = PageTools(Commands(), jobs, lambda *_: None, lambda _: None)
    page = AssessPage(world.presenter, tools)
    page.resize(1376, 775)
    page.show()
    page.enter()
    noise = np.random.default_rng(3).integers(90, 200, (SIZE[1], SIZE[0], 4), np.uint8)
    world.made.case.put("many", many(world, count, SIZE))
    page.canvas.show_picture(build(Pixels(*SIZE, noise.tobytes())))
    page.canvas.setFocus()
    rested(jobs)
    for _ in range(4):
        paint(page)
    page.canvas._settle()
    paint(page)
    return world, page


def closed(page: AssessPage) -> None:
    """Close the page and end its lanes."""
    rested(page.tools.jobs)
    page.close()
    if isinstance(page.tools.jobs, ThreadJobs):
        page.tools.jobs.shutdown()


def measure(app: QApplication, count: int, few: float | None) -> float:
    """Tell the figures at ``count``; what adding takes, to be compared with that at ``FEW``."""
    world, page = opened(count)
    canvas, presenter, jobs = page.canvas, page.presenter, page.tools.jobs
    print(f"{count:,} annotations, {canvas.width()} x {canvas.height()} canvas")
    spots = iter(range(10_000))

    def say(what: str, figures: tuple[float, float, float]) -> float:
        least, median, wall = figures
        against = f"goal; median {median:.1f}, by the clock {wall:.1f}"
        tell(Figure(f"{count:,} annotations: {what}", least, "ms", LIMIT, against))
        return least

    added = say("add by a click", timed(jobs, partial(add, page, spots)))
    if few is not None:
        said = f"{count:,} annotations: add by a click, beside {FEW}"
        against = f"2 x that at {FEW}"
        tell(Figure(said, added, "ms", few * TIMES_OF_FEW, against, why=COPIED))
    presenter.use(Tool.SELECT)
    presenter.walk(1)
    paint(app)

    def nudge() -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Right)
        paint(app)

    say("move by an arrow key", timed(jobs, nudge))
    ids = iter([a.id for a in world.annotations])

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

    say("move: dropped after a drag", timed(jobs, drop, carry))
    gone = iter([a.id for a in world.annotations][::-1])

    def choose(among: Iterator[AnnotationId]) -> None:
        presenter.select((next(among),))
        paint(app)

    def press(key: Qt.Key) -> None:
        QTest.keyClick(canvas, key)
        paint(app)

    say("remove by a key", timed(jobs, partial(press, Qt.Key.Key_Delete), partial(choose, gone)))
    retyped = iter([a.id for a in world.annotations if a.type is not LesionType.NODULE])
    say("re-type by a key", timed(jobs, partial(press, Qt.Key.Key_5), partial(choose, retyped)))

    def undo() -> None:
        presenter.undo()
        paint(app)

    say("undo", timed(jobs, undo))
    closed(page)
    return added


def main() -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication([])
    theme.set_mode("light")
    theme.apply(app)
    few = measure(app, FEW, None)
    for count in [int(word) for word in sys.argv[1:]] or COUNTS:
        measure(app, count, few)


if __name__ == "__main__":
    main()
