"""Waiting for the desk of a window that signs in by itself."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from workstation.domain.errors import WorkstationError
from workstation.ui.window import Window


def wait_until_open(window: Window, seconds: float = 60.0) -> None:
    """Run the event loop until the desk is open and its work is done.

    Raises:
        WorkstationError: the code signing in failed with, or ``session.slow``.
    """
    failures: list[str] = []
    window.failed.connect(failures.append)
    deadline = QDeadlineTimer(int(seconds * 1000))
    while not failures and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        if window.shell is not None and not window.jobs.busy:
            return
    raise WorkstationError(failures[0] if failures else "session.slow")
