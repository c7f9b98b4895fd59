"""The window is painted before the heavy libraries are imported, and little is imported to say hello."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "sqlalchemy",
    "alembic",
    "numpy",
    "PIL",
    "reportlab",
    "pyhanko",
    "cryptography",
    "pypdfium2",
)
# All that the first frame may cost, and all that the sign-in page may: a module that is added to
# either makes every start slower.
BEFORE_FIRST_FRAME = {
    *("adapters", "adapters.system", "adapters.system.folders", "adapters.system.logs", "log"),
    *("adapters.system.cores", "assets", "cli_window", "domain", "domain.errors", "language"),
    *("presenters", "presenters.jobs", "presenters.moments", "stores", "ui", "ui.ahead"),
    *("ui.application", "ui.ground", "ui.layouts", "ui.overrides", "ui.window", "__main__"),
}
BEFORE_SIGN_IN = {
    *("adapters", "adapters.system", "adapters.system.clinic_file", "adapters.system.folders"),
    "adapters.system.passwords",
    *("adapters.system.recovery", "adapters.system.store_file", "adapters.system.wraps"),
    *("adapters.system.cores", "adapters.system.logs", "log"),
    *("assets", "cli_window", "domain", "domain.errors", "domain.ids", "language", "presenters"),
    *(
        "presenters.jobs",
        "presenters.moments",
        "stores",
        "ui",
        "ui.accessible",
        "ui.ahead",
        "ui.application",
    ),
    *("ui.faults", "ui.form", "ui.icons", "ui.jobs", "ui.language", "ui.layouts", "ui.session"),
    *("ui.restyle", "ui.sweeping"),
    *("ui.session.corner", "ui.session.languages", "ui.session.sign_in", "ui.theme", "ui.widgets"),
    *(
        "ui.widgets.buttons",
        "ui.widgets.enter",
        "ui.widgets.fields",
        "ui.widgets.focus",
        "ui.widgets.messages",
    ),
    *(
        "ui.widgets.painting",
        "ui.widgets.pieces",
        "ui.widgets.tips",
        "ui.overrides",
        "ui.window",
        "ui.ground",
    ),
    "__main__",
}
WINDOW = """
import os, sys
from workstation.__main__ import main
from workstation.ui.window import Window

drawn = Window.paintEvent

def paint(self, event):
    drawn(self, event)
    first = [f"first:{name}" for name in sys.modules]
    self.begun.connect(lambda: (print(*first, *sys.modules, flush=True), os._exit(0)))

Window.paintEvent = paint
sys.argv = ["workstation", "--store", sys.argv[1]]
main()
"""

AT_ONCE = """
import os, sys
from workstation.__main__ import main
from workstation.ui.window import Window

begun = Window.begin

def begin(self):
    begun(self)
    self.opened.connect(lambda: (print(*sys.modules, flush=True), os._exit(0)))
    self.failed.connect(lambda code: (print(code, file=sys.stderr, flush=True), os._exit(1)))
    self.sign_in(*sys.argv_of_mine)

Window.begin = begin
sys.argv_of_mine, sys.argv = sys.argv[2:], ["workstation", "--store", sys.argv[1]]
main()
"""
# What a lane finds of Qt's classes when it begins to import what names them.
ON_LANES = """
import importlib.abc, sys, threading
from PySide6 import QtCore, QtGui, QtWidgets

class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        on_a_lane = threading.current_thread() is not threading.main_thread()
        if on_a_lane and name.startswith(("workstation.ui", "PySide6")):
            parts = (QtCore, QtGui, QtWidgets)
            unmade = [n for part in parts for n in dir(part) if n not in vars(part)]
            print("lane:" + name, *("unmade:" + n for n in unmade), flush=True)
        return None

sys.meta_path.insert(0, Watch())

from workstation.ui import ahead

arrived, parts, some = threading.Event(), ahead.window_parts, ahead.QtClasses.make_some

def asked():
    arrived.set()
    parts()

# The lane is there first, and the window then makes one class a turn.
ahead.window_parts = asked
ahead.QtClasses.make_some = lambda classes, _=None: arrived.is_set() and some(classes, 0)
"""
OF_DOCUMENTS = {"pyhanko", "pyhanko_certvalidator", "aiohttp", "reportlab", "uharfbuzz"}


def imported(code: str, *arguments: str) -> set[str]:
    """Top packages that a fresh interpreter holds after ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds a store of the demonstration, made as the program makes it."""
    folder = tmp_path_factory.mktemp("store") / "records"
    from datetime import UTC, datetime

    from workstation import bootstrap, showcase

    user = showcase.demo_user(datetime(2026, 11, 23, tzinfo=UTC))
    bootstrap.create_clinic(
        folder, kind="demonstration", clinic=showcase.CLINIC, user=user,
        password=showcase.PASSWORD, pin=showcase.PIN, cheap_for_tests=True,
    ).close()  # fmt: skip
    return folder


def top(names: set[str]) -> set[str]:
    """Top packages of module names."""
    return {name.partition(".")[0] for name in names}


def test_nothing_but_frame_and_sign_in_page_is_imported_before_them(store: Path) -> None:
    found = imported(WINDOW, str(store))
    first = {name[6:] for name in found if name.startswith("first:")}
    own = {name.partition(".")[2] for name in first if name.startswith("workstation.")}
    assert own <= BEFORE_FIRST_FRAME, sorted(own - BEFORE_FIRST_FRAME)
    found = {name for name in found if not name.startswith("first:")}
    own = {name.partition(".")[2] for name in found if name.startswith("workstation.")}
    assert own <= BEFORE_SIGN_IN, sorted(own - BEFORE_SIGN_IN)
    assert {"ui.session.sign_in", "__main__"} <= own
    assert top(found).isdisjoint(HEAVY), top(found).intersection(HEAVY)


def test_who_signs_in_at_once_waits_for_no_library_of_documents(store: Path) -> None:
    from workstation import showcase

    found = top(imported(AT_ONCE, str(store), showcase.LOGIN, showcase.PASSWORD))
    assert {"sqlalchemy", "sqlcipher3"} <= found
    assert found.isdisjoint(OF_DOCUMENTS), found.intersection(OF_DOCUMENTS)


def test_no_lane_imports_the_desk_before_the_window_has_made_every_class_of_qt(store: Path) -> None:
    """Two threads that make the same class of Qt bring the program down."""
    from workstation import showcase

    found = imported(ON_LANES + AT_ONCE, str(store), showcase.LOGIN, showcase.PASSWORD)
    assert "lane:workstation.ui.shell" in found  # the desk comes on a lane
    assert not sorted(name for name in found if name.startswith("unmade:"))


def test_the_first_run_page_is_painted_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    found = top(imported(WINDOW, str(tmp_path / "records")))
    assert "PySide6" in found
    assert found.isdisjoint(HEAVY), found.intersection(HEAVY)


def test_qt_reads_no_source_of_what_is_imported_after_it() -> None:
    found = imported(
        "import linecache\n"
        "import workstation.ui, workstation.ui.actions\n"
        "print(*(path.replace(' ', '_') for path in linecache.cache))"
    )
    assert not [path for path in found if path.endswith("actions.py")]


def test_the_version_is_said_without_window_or_store() -> None:
    found = imported(
        "import sys\n"
        "from workstation import cli\n"
        "try:\n    cli.run(['--version'])\n"
        "except SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    assert found.isdisjoint((*HEAVY, "PySide6")), found


def test_a_decode_child_imports_nothing_of_the_store_or_the_window() -> None:
    found = imported(
        "import sys\n"
        "from workstation.adapters.photos import decode_child, picture\n"
        "picture.prepare()\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    assert found.isdisjoint({"sqlalchemy", "cryptography", "PySide6", "reportlab", "pyhanko"}), (
        found
    )
