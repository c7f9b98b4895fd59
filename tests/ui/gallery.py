"""Every page and every main state of the window: what golden pictures show and the walk looks at.

To look at them, or to renew the golden pictures after they were looked at:

    python tests/ui/gallery.py --to FOLDER [--language es] [--text 1.4] [NAME...]
    python tests/ui/gallery.py --renew [NAME...]
    python tests/ui/gallery.py --readme
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_ACCESSIBILITY", "0")
HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1] / "journeys")]

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from tests.ui import scenes, scenes_alone, scenes_over
from tests.ui.desk_of_pages import settle
from workstation.ui import language
from workstation.ui.application import application
from workstation.ui.theme import theme

SIZES = ((1280, 800), (1440, 900), (2560, 1440))
THEMES = ("light", "dark")
EVERY = tuple((size, mode) for mode in THEMES for size in SIZES)
PICTURES = HERE.parent / "pictures"
REDUCED = {1280: 3, 1440: 2, 2560: 4}  # a golden picture is so many times smaller
QUALITY = 60  # of a golden picture: text stays sharp and skin keeps its colours

SCENES: dict[str, Callable[[], Any]] = {
    "queue": scenes.queue,
    "assess": scenes.assess,
    "ordinary": scenes.ordinary,
    "blank": scenes.blank,
    "recovered": scenes.recovered,
    "marsh": lambda: scenes.person("marsh-elena", "treat", "sign"),
    "first": scenes.first,
    "month": scenes.month,
    "work-up": lambda: scenes.person("nwosu-ifeoma", "assess", "treat", "sign"),
    "alt": lambda: scenes.person("de-souza-caio", "treat", "sign"),
    "red-flag": lambda: scenes.person("becker-jonas", "contact", "treat", "sign"),
    "pregnant": lambda: scenes.person("halvorsen-mia", "contact", "treat"),
    "nurse": scenes.nurse,
    "over": scenes.over,
    "kept": scenes.kept,
    "doubted": scenes.doubted,
    "second-screen": scenes.second_screen,
    "second": scenes.second_reader,
    "doors": scenes_alone.doors,
    "first-run": scenes_alone.first_run,
    "labs": scenes_alone.labs,
    "records": scenes_alone.records,
    "help": scenes_alone.guide,
    "settings": scenes_alone.settings,
    "popups": scenes_over.popups,
    "forms": scenes_over.forms,
    "verbs": scenes_over.verbs,
    "menus": scenes_over.menus,
    "schemes": scenes_over.schemes,
}
# Scenes that are walked and of which no golden pictures are kept.
WALKED = frozenset({"popups", "forms", "verbs", "menus", "schemes"})
# Pictures of the README: its name, the scene with size and theme, the view.
README = {
    "queue": ("queue", (1440, 900), "light", "queue-list"),
    "assess": ("ordinary", (1440, 900), "light", "ordinary-assess"),
    "compare": ("month", (1440, 900), "dark", "month-compare"),
    "treat": ("marsh", (1440, 900), "light", "marsh-treat"),
    "sign": ("first", (1440, 900), "dark", "first-sign"),
}
README_BYTES = 200_000
# What shows something of the machine it runs on, so that its pixels are compared with nothing.
OWN = {"settings-about"}


def shots(
    name: str,
    sizes: tuple[tuple[tuple[int, int], str], ...],
    wanted: tuple[str, ...] = (),
    text: float = 1.0,
) -> Iterator[tuple[str, str, QWidget]]:
    """(picture name, view name, widget to look at) of a scene, in each size and theme.

    The scene is built anew for each, so that a view shows the same pixels whatever else was looked
    at before; its views follow each other in one order, also when only some are ``wanted``.
    """
    application().setCursorFlashTime(0)  # a text cursor that stands still
    theme.set_reduced_motion(True)
    try:
        for size, mode in sizes:
            theme.set_mode(mode)
            theme.set_text_scale(text)
            with SCENES[name]() as scene:
                scene.window.resize(*size)
                settle()
                for view in scene.views:
                    full = f"{name}-{view.name}"
                    widget = view.show()
                    rest(scene.window)
                    if not wanted or any(full.startswith(w) for w in wanted):
                        yield f"{full}-{size[0]}-{mode}", full, widget
                    if isinstance(widget, QDialog):
                        widget.close()
                        scenes.gone(widget)
                    elif widget.windowType() is Qt.WindowType.Popup:
                        widget.close()
    finally:
        theme.set_mode("light")
        theme.set_text_scale(1.0)
        theme.set_reduced_motion(False)


def rest(window: QWidget) -> None:
    """Wait for what is drawn anew shortly after something moved."""
    for _ in range(40):
        waiting = (t.isActive() and t.isSingleShot() for t in window.findChildren(QTimer))
        if not any(waiting):
            break
        QTest.qWait(10)
    settle()


# -- pictures


def shot(widget: QWidget) -> QImage:
    """What shows now."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def reduced(image: QImage) -> QImage:
    """The picture as small as it is kept."""
    by = next((n for width, n in REDUCED.items() if image.width() <= width), 4)
    return image.scaled(
        image.width() // by,
        image.height() // by,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def kept(name: str) -> Path:
    """Where the golden picture of a view, size and theme lies."""
    return PICTURES / f"{name}.webp"


def pillow(image: QImage) -> Image.Image:
    """The same picture for Pillow."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def keep(image: QImage, path: Path) -> None:
    """Write a golden picture."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(_packed(pillow(reduced(image))))


def as_kept(picture: Image.Image) -> Image.Image:
    """The picture with what keeping it costs."""
    with Image.open(io.BytesIO(_packed(picture))) as opened:
        return opened.convert("RGB")


def _packed(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=QUALITY, method=4, use_sharp_yuv=True)
    return made.getvalue()


def write_readme() -> None:
    """Write the pictures of the README, each under ``README_BYTES``."""
    folder = PICTURES / "readme"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (scene, size, mode, view) in README.items():
        for _, full, widget in shots(scene, ((size, mode),), (view,)):
            if full == view:
                read = pillow(shot(widget))
                quality = 90
                path = folder / f"{name}.webp"
                read.save(path, quality=quality, method=6)
                while path.stat().st_size > README_BYTES:
                    quality -= 10
                    read.save(path, quality=quality, method=6)


def main() -> None:
    """Write pictures to look at, or the golden ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument("--to", type=Path, metavar="FOLDER")
    to.add_argument("--renew", action="store_true")
    to.add_argument("--readme", action="store_true")
    parser.add_argument("--language", default="en")
    parser.add_argument("--text", type=float, default=1.0, help="text size, 0.9 to 1.4")
    parser.add_argument("--sizes", nargs="*", help="as 1440-dark")
    parser.add_argument("names", nargs="*", help="beginnings of names of scenes and views")
    given = parser.parse_args()
    application()
    language.use(given.language)
    if given.readme:
        write_readme()
        return
    sizes = tuple(
        (size, mode)
        for size, mode in EVERY
        if not given.sizes or f"{size[0]}-{mode}" in given.sizes
    )
    wanted = tuple(given.names)
    folder = PICTURES if given.renew else given.to
    folder.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        if wanted and not any(w.startswith(scene) or scene.startswith(w) for w in wanted):
            continue
        for name, full, widget in shots(scene, sizes, wanted, given.text):
            if not given.renew:
                shot(widget).save(str(folder / f"{name}.png"))
            elif full not in OWN and scene not in WALKED:
                keep(shot(widget), kept(name))
        print(scene, flush=True)


if __name__ == "__main__":
    main()
