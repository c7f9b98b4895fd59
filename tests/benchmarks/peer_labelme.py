"""Drives labelme in its own environment: run by peers.py, prints JSON of milliseconds.

Arguments: a photo, the number of rounds (0: the start alone). Adding calls what its window calls after the label dialog;
the mouse, the dialog and autosave are left out, so real use is slower.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable

from figures import resident  # beside this file, standard library alone
from labelme._shape import Shape
from labelme.app import MainWindow
from PyQt5 import QtCore, QtWidgets


def main() -> None:
    """Measure start, opening, frames and edits."""
    photo, rounds = sys.argv[1], int(sys.argv[2])
    app = QtWidgets.QApplication(sys.argv[:1])
    window = MainWindow(config_overrides={"auto_save": False})
    window.resize(1280, 900)
    window.show()
    app.processEvents()
    window.repaint()
    found: dict[str, float] = {"painted_at": time.monotonic()}
    if not rounds:
        print(json.dumps(found), flush=True)
        os._exit(0)  # what ending takes is no part of a start
    canvas = window._canvas_widgets.canvas

    def timed(act: Callable[[], object], clock: Callable[[], float] = time.thread_time) -> float:
        spans = []
        for _ in range(rounds):
            start = clock()
            act()
            app.processEvents()
            spans.append((clock() - start) * 1000)
        return statistics.median(spans)

    def opened() -> None:
        window._load_file(photo)
        canvas.repaint()

    before = resident()
    found["open"] = timed(opened, time.perf_counter)
    found["memory"] = resident() - before
    size = canvas.pixmap.size()
    dice = random.Random(7)

    def shape() -> Shape:
        made = Shape(label=dice.choice(("PA", "PU", "CO", "CC")), shape_type="point")
        made.add_point(
            QtCore.QPointF(dice.uniform(0, size.width()), dice.uniform(0, size.height()))
        )
        made.close()
        return made

    def add() -> None:
        made = shape()
        canvas.shapes.append(made)
        canvas.backup_shapes()
        window.add_label(made)
        canvas.repaint()

    for count in (500, 2000):
        window._load_shapes([shape() for _ in range(count)])
        app.processEvents()
        found[f"frame at {count}"] = timed(canvas.repaint)
        found[f"add at {count}"] = timed(add)
        found[f"undo at {count}"] = timed(lambda: (window.undo_shape_edit(), canvas.repaint()))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
