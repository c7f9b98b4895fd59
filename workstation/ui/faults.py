"""What happens when the program itself is wrong: keep the work, report without patient data."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from workstation import __version__, log

REPORTS_KEPT = 20
AGAIN = 10.0  # seconds without the same fault after which it is told anew
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


class Faults(QObject):
    """Catches what nobody caught, on any thread. ``happened`` carries the report's number.

    Drafts need nothing here: every finished edit is durable already. A report names types, files,
    lines and functions; never messages or values, because they may hold patient data.
    """

    happened = Signal(str)
    _elsewhere = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._before: Callable[..., object] = sys.excepthook
        self._last: dict[str, float] = {}
        self._elsewhere.connect(self.happened, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Begin to catch."""
        self._before = sys.excepthook
        sys.excepthook = self._caught
        threading.excepthook = self._caught_on_thread
        if not sys.flags.dev_mode:
            qInstallMessageHandler(_qt_said)

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _caught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._tell(error)

    def _caught_on_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            self._tell(given.exc_value)

    def _tell(self, error: BaseException) -> None:
        """Report it and say so; what comes again and again is told once.

        Showing the notice may meet the same fault: told each time, the window would do nothing else.
        """
        where, now = log.places(error), monotonic()
        before = self._last.get(where)
        self._last[where] = now
        if before is None or now - before > AGAIN:
            self._elsewhere.emit(self.report(error))

    def report(self, error: BaseException) -> str:
        """Write a report; its number ("" when it could not be written)."""
        from uuid import uuid4

        number = uuid4().hex[:8]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"fault-{number}.txt"
            path.write_text(described(error), encoding="utf-8")
            self._prune()
        except OSError:
            number = ""
        log.note("fault.reported", level=logging.ERROR, error=error, report=number)
        return number

    def _prune(self) -> None:
        kept = sorted(self._folder.glob("fault-*.txt"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-REPORTS_KEPT]:
            old.unlink(missing_ok=True)


def described(error: BaseException) -> str:
    """An error by types and places only."""
    whose = f"Dermatology Workstation {__version__}, Python {sys.version.split()[0]}"
    return f"{whose}\n{log.places(error)}\n"


def _qt_said(kind: QtMsgType, context: QMessageLogContext, _: str) -> None:
    """Qt quotes what it could not show or read; who complains is enough to look it up."""
    level = _LEVELS.get(kind, logging.ERROR)
    log.note("qt.said", level=level, category=context.category or "default")
