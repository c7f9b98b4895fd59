"""The window as a process of its own, on the day of the clinic: what assistive technology meets.

Run: python tests/journeys/desk_on_screen.py STORE
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from clinic_day import DeskClock
from PySide6.QtCore import QTimer

from workstation import bootstrap
from workstation.ui.application import StoreDoors, application
from workstation.ui.doors import Desktop
from workstation.ui.jobs import ThreadJobs
from workstation.ui.pages import makers
from workstation.ui.window import Window


class ClockedDoors(StoreDoors):
    """Opens the store on the day of the test."""

    def open(self, login: str, password: str, jobs: ThreadJobs) -> Desktop:
        opened = bootstrap.open_desk(self.folder, login, password, clock=DeskClock())
        made = bootstrap.presenters(opened, jobs)
        return Desktop(
            made.session,
            made.queue,
            made.case,
            made.banner,
            makers(made),
            opened.close,
            made.settings,
        )


def main() -> int:
    """Show it until it is closed."""
    app = application()
    window = Window(ClockedDoors(Path(sys.argv[1]), demo=True))
    window.resize(1440, 900)
    window.show()
    # No window manager runs there that would give the keyboard to the one window.
    QTimer.singleShot(500, window, window.activateWindow)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
