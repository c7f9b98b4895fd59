"""The tour: drives the real window through the main job by keys and clicks, and leaves the evidence.

Only visible widgets receive events; no presenter and no workflow function is called. What came of
it is read back by a second process from the reopened store and the PDF files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SIZE = (1440, 900)


def main(arguments: Sequence[str]) -> int:
    """``OUT [THEME [WxH]]``, or ``--read-back STORE OUT``; the exit status."""
    if arguments and arguments[0] == "--read-back":
        from workstation.tour.read_back import read_back

        return read_back(Path(arguments[1]), Path(arguments[2]))
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, _, height = (arguments[2] if len(arguments) > 2 else "x").partition("x")
    return run(out, theme=theme, size=(int(width), int(height)) if height else SIZE)


def run(out: Path, *, theme: str, size: tuple[int, int]) -> int:
    """Make a fresh demonstration clinic, drive it, read it back; 0 when every step came out."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The window system first: without it nothing else needs to be made.
    from workstation import showcase
    from workstation.adapters.system.clock import SystemClock
    from workstation.cli_parts import of_file, sentence
    from workstation.tour.driver import Driver
    from workstation.ui import application

    application.application()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(sentence(of_file(error)), file=sys.stderr)
        return 1
    for old in (*out.glob("*.png"), *out.glob("*.pdf"), out / "tour.json"):
        old.unlink(missing_ok=True)
    place = Path(tempfile.mkdtemp(prefix="derm-tour-"))
    store = place / "store"
    try:
        clock = SystemClock(showcase.CLINIC.time_zone)
        showcase.prepare(store, clock=clock, first=None, tell=print)
        driver = Driver(store, out, theme, size)
        failure = driver.drive()
        driver.write(failure)
        if failure:
            print(f"The tour failed: {failure}", file=sys.stderr)
            return 1
        program = [
            sys.executable,
            *(() if getattr(sys, "frozen", False) else ("-m", "workstation")),
        ]
        again = [*program, "--read-back", str(store), str(out)]
        done = subprocess.run(again, check=False)
        if done.returncode == 0:
            print(f"Tour complete: {len(driver.steps)} steps, evidence in {out}")
            print(driver.pace.sentence())
        return done.returncode
    finally:
        shutil.rmtree(place, ignore_errors=True)
