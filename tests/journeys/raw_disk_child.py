"""A day of a marked patient on a disk that is looked at byte for byte afterwards; killed at its end.

Arguments: the store, a folder beside that disk for what is in clear on purpose, and with the shim a
file for every byte that is written; without it the window is worked at as well. Prints ``worked``
before it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from clinic_day import Clinic, DeskClock
from disk import Disk
from test_canary import FAMILY, NOTE, journey

from workstation import bootstrap, showcase
from workstation.adapters.system import cores

store, beside = Path(sys.argv[1]), Path(sys.argv[2])


def at_the_window() -> None:
    """Sign in, look for the patient, fall over her name on a lane, lock."""
    from PySide6.QtTest import QTest

    from tests.opened import wait_until_open
    from workstation.presenters.jobs import Lane
    from workstation.ui.application import application, build_window
    from workstation.ui.faults import Faults

    application()
    Faults(store / "reports").install()
    window = build_window(store, user=showcase.LOGIN, password=showcase.PASSWORD, demo=True)
    window.show()
    wait_until_open(window, 180)  # on a busy machine, too
    assert window.shell is not None
    page: Any = window.shell.page("queue")
    page.searchField.setText(FAMILY)
    QTest.qWait(300)

    def falls() -> None:
        raise LookupError(NOTE)

    def fell(error: Exception) -> None:
        raise error

    window.jobs.submit(falls, lambda _: None, fell, Lane.WORK)
    QTest.qWait(300)
    window.lock()
    QTest.qWait(100)


cores.none()
if len(sys.argv) > 3:
    Disk().record(Path(sys.argv[3]))
clock = DeskClock()
clinic = Clinic(bootstrap.open_desk(store, showcase.LOGIN, showcase.PASSWORD, clock=clock), clock)
journey(clinic, beside / "sent")
clinic.opened.backups.make(store.parent / "backups", 1, None)
if len(sys.argv) == 3:
    at_the_window()
print("worked", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
