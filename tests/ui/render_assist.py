"""Draws the Assess step with proposals on light and deep skin into PNGs, to be looked at.

Run: python tests/ui/render_assist.py FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from tests.inline_jobs import InlineJobs
from tests.ui.assess_world import Assessing, assessing
from workstation.adapters.detection.classical import ClassicalDetector
from workstation.ui.application import application
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.theme import theme

# Content of the window without rail, banner, step bar and status bar.
WINDOWS = {"1280": (1216, 675), "1440": (1376, 775), "2560": (2496, 1315)}


def with_detector(world: Assessing) -> Assessing:
    """The same world, its desk with the detector that ships."""
    object.__setattr__(world.made.desk, "detector", ClassicalDetector())
    return world


def page_of(world: Assessing, size: tuple[int, int]) -> AssessPage:
    """The page alone, of a size."""
    tools = PageTools(Commands(), InlineJobs(), lambda t, _: None, lambda _: None)
    page = AssessPage(world.presenter, tools)
    page.resize(*size)
    page.show()
    page.enter()
    return page


def main() -> None:
    """Write one PNG per person, size and theme."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app: QApplication = application()
    for key, view in (("marsh-elena", 1), ("nwosu-ifeoma", 0)):
        for mode in ("light", "dark"):
            theme.set_mode(mode)
            for name, size in WINDOWS.items():
                world = with_detector(assessing(key))
                page = page_of(world, size)
                for _ in range(view):
                    world.presenter.step_photo(1)
                assist = page.assist.presenter
                assist.toggle()
                assist.walk(1)
                assist.accept()
                assist.walk(1)
                for _ in range(6):
                    app.processEvents()
                page.grab().save(str(folder / f"assist-{key}-{name}-{mode}.png"))
                print(key, name, mode, assist.state.line)
                page.close()


if __name__ == "__main__":
    main()
