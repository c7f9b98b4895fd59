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
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from workstation.ui import application

class Paints(QObject):
    seen = 0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            Paints.seen += 1
        return False

app = application.application()
watch = Paints()
app.installEventFilter(watch)
window = application.build_window(Path(sys.argv[1]), demo=sys.argv[2] == "demo")
window.show()
for _ in range(50):
    app.processEvents()
    if Paints.seen and window.isVisible():
        break
assert Paints.seen, "nothing was painted"
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


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


def store_file_only(folder: Path) -> None:
    """A folder that holds a store of the demonstration, made as the program makes it."""
    from datetime import UTC, datetime

    from workstation import bootstrap, showcase

    user = showcase.demo_user(datetime(2026, 11, 23, tzinfo=UTC))
    bootstrap.create_clinic(
        folder, kind="demonstration", clinic=showcase.CLINIC, user=user,
        password=showcase.PASSWORD, pin=showcase.PIN, cheap_for_tests=True,
    ).close()  # fmt: skip


@pytest.mark.parametrize("kind", ["own", "demo"])
def test_the_first_page_is_painted_before_anything_heavy_is_imported(
    tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "records"
    if kind == "demo":
        store_file_only(folder)
    found = imported(WINDOW, str(folder), kind)
    assert "PySide6" in found
    assert found.isdisjoint(HEAVY), found.intersection(HEAVY)


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
