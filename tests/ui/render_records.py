"""Draws the Records page of a small real clinic into PNGs, to be looked at.

Run: python tests/ui/render_records.py FOLDER [text scale]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1] / "journeys")]

from clinic_day import Clinic, DeskClock, make_clinic
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.inline_jobs import InlineJobs
from workstation import bootstrap, showcase
from workstation.ui.application import application
from workstation.ui.queue.page import QueuePage
from workstation.ui.records.page import RecordsPage
from workstation.ui.shell import Shell
from workstation.ui.theme import theme
from workstation.workflow import void

SIZES = ((1280, 800), (1440, 900), (2560, 1440))


def worked(folder: Path) -> Clinic:
    """A clinic with a current, an amended and a void prescription."""
    store = folder / "store"
    if not store.exists():
        make_clinic(store, folder / "packed")
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store, copy)
    clock = DeskClock()
    opened = bootstrap.open_desk(copy, "demo.dermatologist", showcase.PASSWORD, clock=clock)
    clinic = Clinic(opened, clock)
    for family in ("Nguyễn", "Al-Hashimi"):
        hand = clinic.take(family)
        hand.prescribe()
        documents = hand.sign().documents
        clock.later(minutes=20)
    shown = void.preview_void(
        clinic.desk, clinic.session, documents[0].id, void.EndReason("stopped_by_prescriber")
    )
    void.void(clinic.desk, clinic.session, shown, showcase.PIN)
    return clinic


def settle() -> None:
    """Let layouts come to rest."""
    for _ in range(15):
        QApplication.processEvents()


def window_of(clinic: Clinic) -> tuple[QMainWindow, Shell]:
    """The shell with queue and records on that clinic."""
    application()
    made = bootstrap.presenters(clinic.opened, InlineJobs())
    window = QMainWindow()
    pages = {
        "queue": partial(QueuePage, made.queue),
        "records": partial(RecordsPage, made.records),
    }
    shell = Shell(made.session, made.queue, made.case, made.banner, pages)
    shell.begin()
    window.setCentralWidget(shell)
    return window, shell


def main() -> None:
    """Write one PNG per tab, size and theme."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    clinic = worked(Path(tempfile.gettempdir()) / "records-world")
    if len(sys.argv) > 2:
        theme.set_text_scale(float(sys.argv[2]))
    window, shell = window_of(clinic)
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        for size in SIZES:
            window.resize(*size)
            window.show()
            shell.resume()
            shell.go("records")
            page = shell.page("records")
            page._presenter.show_tab("documents")
            settle()
            window.grab().save(str(folder / f"records-{size[0]}-{mode}.png"))
            page._presenter.show_tab("trail")
            settle()
            window.grab().save(str(folder / f"trail-{size[0]}-{mode}.png"))
    page._presenter.show_tab("documents")
    page._presenter.select(page._presenter.state.rows[0].key)
    page.void()
    settle()
    from workstation.ui.correct_dialog import CorrectDialog

    dialog = page.findChild(CorrectDialog)
    dialog.grab().save(str(folder / "void-dialog.png"))
    dialog.reject()
    window.close()
    clinic.opened.close()


if __name__ == "__main__":
    main()
