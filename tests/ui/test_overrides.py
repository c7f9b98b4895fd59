"""An error in a method that Qt calls never ends the program, however deep in Qt it is raised."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from types import FunctionType

import pytest
from PySide6.QtCore import QMetaMethod

from workstation import ui

PROGRAM = """
import sys
from PySide6.QtCore import QAbstractListModel, QSize
from PySide6.QtWidgets import QApplication, QListView, QWidget
from workstation import ui

class Painted(QWidget):
    def event(self, event):
        return super().event(event)
    def paintEvent(self, event):
        max([])
    def resizeEvent(self, event):
        1 / 0
    def sizeHint(self):
        return QSize(-1 // 0, 1)

class Rows(QAbstractListModel):
    def rowCount(self, parent=None):
        return 1
    def data(self, index, role=0):
        return int("no number")

sys.excepthook = lambda kind, error, trace: print(kind.__name__, flush=True)
app = QApplication([])
shown = Painted()
shown.resize(80, 60)
shown.show()
app.processEvents()
for use in (shown.repaint, lambda: shown.resize(90, 60), shown.adjustSize, shown.grab):
    try:
        use()
    except ZeroDivisionError:
        print("the caller is told", flush=True)
listed, rows = QListView(), Rows()
try:
    listed.setModel(rows)
    listed.sizeHintForRow(0)
except ValueError:
    print("the caller is told", flush=True)
print("still there", flush=True)
"""


@pytest.fixture(scope="module")
def said() -> subprocess.CompletedProcess[str]:
    """What the program above says, in a process of its own: the fault ended the whole process."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )


def test_the_program_goes_on(said: subprocess.CompletedProcess[str]) -> None:
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[-1] == "still there"


def test_an_event_is_told_where_it_failed_and_a_question_to_who_asked(
    said: subprocess.CompletedProcess[str],
) -> None:
    lines = said.stdout.splitlines()
    assert lines.count("ValueError") >= 3, "each painting: shown, repainted, grabbed"
    assert "ZeroDivisionError" in lines and "the caller is told" in lines


def test_every_method_that_qt_calls_of_ours_is_guarded() -> None:
    """All but slots, whose arguments signals count, and methods that Qt itself never calls."""
    unguarded = set()
    for found in pkgutil.walk_packages(ui.__path__, "workstation.ui."):
        for kind in vars(importlib.import_module(found.name)).values():
            if not (isinstance(kind, type) and kind.__module__ == found.name):
                continue
            for name, given in vars(kind).items():
                of_qt = [b for b in kind.__mro__ if b.__module__.startswith("PySide6")]
                bases = [b for b in of_qt if name in vars(b)]
                if name.startswith("__") or not isinstance(given, FunctionType) or not bases:
                    continue
                if not hasattr(given, "__wrapped__") and name not in _slots(bases[0]):
                    unguarded.add(name)
    assert unguarded == {"setAccessibleName"}


def _slots(kind: type) -> set[str]:
    known = getattr(kind, "staticMetaObject", None)
    methods = [known.method(i) for i in range(known.methodCount())] if known is not None else []
    slots = [m for m in methods if m.methodType() is QMetaMethod.MethodType.Slot]
    return {bytes(slot.name().data()).decode() for slot in slots}
