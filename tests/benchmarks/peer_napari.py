"""Drives napari in its own environment: run by peers.py, prints JSON of milliseconds.

Arguments: a photo, the number of rounds (0: the start alone). Without a graphics card its frames are drawn in software
and read back, so they are an upper bound.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

import napari
import numpy as np
from figures import resident  # beside this file, standard library alone
from qtpy.QtWidgets import QApplication


def main() -> None:
    """Measure start, opening, frames and edits."""
    photo, rounds = sys.argv[1], int(sys.argv[2])
    viewer = napari.Viewer(show=True)
    viewer.window.resize(1280, 900)
    app = QApplication.instance()
    app.processEvents()
    found: dict[str, float] = {"painted_at": time.monotonic()}
    if not rounds:
        print(json.dumps(found), flush=True)
        os._exit(0)  # what ending takes is no part of a start

    def frame() -> None:
        viewer.screenshot(canvas_only=True, flash=False)

    def timed(act: Callable[[], object], clock: Callable[[], float] = time.thread_time) -> float:
        spans = []
        for _ in range(rounds):
            start = clock()
            act()
            app.processEvents()
            spans.append((clock() - start) * 1000)
        return statistics.median(spans)

    def opened() -> None:
        viewer.layers.clear()
        viewer.open(photo, plugin="napari")
        frame()

    before = resident()
    found["open"] = timed(opened, time.perf_counter)
    found["memory"] = resident() - before
    height, width = viewer.layers[0].data.shape[:2]
    dice = np.random.default_rng(7)
    for count in (500, 2000):
        places = dice.uniform((0, 0), (height, width), (count, 2))
        points = viewer.add_points(places, size=30)
        frame()
        found[f"frame at {count}"] = timed(frame)

        def add(points: object = points) -> None:
            points.add(dice.uniform((0, 0), (height, width), (1, 2)))
            frame()

        found[f"add at {count}"] = timed(add)
        viewer.layers.remove(points)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
