"""Frame and edit times of the photo canvas, printed; run by hand: ``python tests/benchmarks/canvas.py``.

Frames are measured at 868 x 668 logical pixels, scale 1, on the offscreen platform.
"""

from __future__ import annotations

import os
import random
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
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks.figures import Figure, tell
from tests.ui.assess_world import Assessing, assessing
from workstation.domain.draft import ItemKind, Key
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import EIGHT_KEYS, Annotation, MadeBy, Point
from workstation.domain.photo import View
from workstation.presenters.pictures import Pixels
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.photo.pyramid import build
from workstation.ui.theme import theme

SIZES = {"12 MP": (3000, 4000), "24 MP": (4000, 6000), "48 MP": (6000, 8000)}
COUNTS = (0, 500, 2000, 10_000)
# ms of the window's own thread; a click among 10,000 has no goal of its own, so that of a frame.
FRAME, GESTURE = 16.0, 20.0


def times(repeat: int, act: Callable[[], object]) -> tuple[float, float]:
    """Median wall time, and median processor time of this thread, in milliseconds.

    The second does not grow when other programs hold the processor.
    """
    wall, own = [], []
    for _ in range(repeat):
        start, cpu = perf_counter(), thread_time()
        act()
        wall.append((perf_counter() - start) * 1000)
        own.append((thread_time() - cpu) * 1000)
    return statistics.median(wall), statistics.median(own)


def many(world: Assessing, count: int, size: tuple[int, int]) -> list[tuple[Key, Annotation]]:
    """Annotations strewn over a photo."""
    rng = random.Random(7)
    user, now = world.made.session.user.id, world.made.clock.now()
    return [
        (
            Key.of(ItemKind.ANNOTATION, f"a{i}"),
            Annotation(
                AnnotationId(f"a{i}"),
                world.presenter.photos[0].id,
                rng.choice(EIGHT_KEYS),
                Point(rng.uniform(0, size[0]), rng.uniform(0, size[1])),
                None,
                "",
                user,
                now,
                MadeBy.CLINICIAN,
                False,
                None,
            ),
        )
        for i in range(count)
    ]


def gesture(canvas: PhotoCanvas, step: float) -> None:
    """One frame of a pan."""
    canvas.view.pan(step, step / 2)
    canvas.moved()
    canvas.repaint()


def zoom(canvas: PhotoCanvas, turn: list[int]) -> None:
    """One frame of zooming in and out."""
    turn[0] += 1
    canvas.zoom_by(1.25 if turn[0] % 12 < 6 else 0.8, QPointF(430, 330))
    canvas.repaint()


def press(canvas: PhotoCanvas, spots: Iterator[int]) -> None:
    """One click that adds."""
    n = next(spots)
    at = QPointF(250 + n * 13 % 380, 40 + n * 29 % 590).toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)


def click(canvas: PhotoCanvas, spots: Iterator[int]) -> None:
    """One click that adds, and a frame of the whole canvas."""
    press(canvas, spots)
    canvas.repaint()


def main() -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication([])
    theme.set_mode("light")
    theme.apply(app)
    for name, size in SIZES.items():
        noise = np.random.default_rng(3).integers(90, 200, (size[1], size[0], 4), np.uint8)
        start = perf_counter()
        pyramid = build(Pixels(size[0], size[1], noise.tobytes()))
        print(f"{name}: pyramid {(perf_counter() - start) * 1000:.0f} ms, {pyramid.size >> 20} MiB")
        for count in COUNTS:
            world = assessing(views=(View.FRONT, View.LEFT45, View.RIGHT45), size=size)
            canvas = PhotoCanvas()
            canvas.resize(868, 668)
            canvas.attach(world.presenter)
            canvas.render_state(world.presenter.state)
            if count:
                world.made.case.put("many", many(world, count, size))
            canvas.show_picture(pyramid)
            canvas.show()
            canvas.setFocus()
            for _ in range(3):
                app.processEvents()
                canvas.repaint()
            fit = times(30, canvas.repaint)

            turn = [0]
            zoomed = times(36, partial(zoom, canvas, turn))
            canvas.view.zoom_to(1.0, QPointF(430, 330))
            pan = times(30, partial(gesture, canvas, 3))
            canvas.fit()
            canvas._settle()
            line = f"  {count:6} annotations: fit {fit[0]:5.1f} (own {fit[1]:5.1f})"
            line += f"  zoom {zoomed[0]:5.1f} ({zoomed[1]:5.1f})  pan at 100 % {pan[0]:5.1f} ({pan[1]:5.1f})"
            at = f"at {count:,}"
            if count:
                clicked = partial(click, canvas, iter(range(10_000)))
                whole = times(20, clicked)
                line += f"  click to frame {whole[0]:5.1f} ({whole[1]:5.1f})"
                limit = FRAME if count < COUNTS[-1] else GESTURE
                tell(Figure(f"{name}, click to frame {at}", whole[1], "ms", limit, "goal"))
            print(line, flush=True)
            for what, took in (("zoom", zoomed), ("pan", pan), ("frame at fit", fit)):
                said = f"{name}, {what} {at}"
                tell(Figure(said, took[1], "ms", GESTURE, "goal, 50 frames/s"))
            canvas.close()


if __name__ == "__main__":
    main()
