"""What the computer says about being locked or put to sleep, where Qt can hear it.

Linux: logind on the system bus. It is asked to wait with sleeping until the desk is covered and
painted so. Elsewhere Qt has no such signal; there the window notices by the clock that the computer
has slept, and locks when it wakes (``Window._second``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, QTimer, Slot

from workstation.language import tr

SERVICE = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
MANAGER, SESSION = f"{SERVICE}.Manager", f"{SERVICE}.Session"
INHIBIT = f"{MANAGER}.Inhibit"
COVERED_MS = 200  # from the cover to a frame on the screen, with room


class SystemLock(QObject):
    """Calls ``lock`` when the session is locked or the computer is about to sleep."""

    def __init__(self, lock: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = lock
        self._bus: Any = None
        self._asking: Any = None  # the question that is on its way
        self._held: Any = None  # while this is open, the computer waits with sleeping
        self.listening = sys.platform.startswith("linux") and self._listen()
        if self.listening:
            self._hold()

    @property
    def is_holding(self) -> bool:
        """Whether the computer waits for us before it sleeps."""
        return self._held is not None

    def _listen(self) -> bool:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a build of Qt without it
            return False
        bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return False
        self._bus = bus
        heard = [
            # Text: bytes are refused when it runs.
            bus.connect(SERVICE, "", whose, name, self, SLOT(slot))  # type: ignore[call-overload]  # the stubs want bytes
            for whose, name, slot in (
                (MANAGER, "PrepareForSleep", "sleeping(bool)"),
                (SESSION, "Lock", "locked()"),
            )
        ]
        return any(heard)

    def _hold(self) -> None:
        """Ask to be waited for; a computer that does not is covered when it wakes at the latest."""
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        asked = QDBusMessage.createMethodCall(SERVICE, PATH, *INHIBIT.rsplit(".", 1))
        asked.setArguments(
            ["sleep", tr("Dermatology Workstation"), tr("Covers patient data"), "delay"]
        )
        self._asking = QDBusPendingCallWatcher(self._bus.asyncCall(asked), self)
        self._asking.finished.connect(self._answered)

    def _answered(self, watcher: Any) -> None:
        given = watcher.reply().arguments() if not watcher.isError() else []
        self._held = given[0] if given else None
        self._asking = None
        watcher.deleteLater()  # its message holds what was given, too

    def _let_go(self) -> None:
        self._held = None  # closes it: the computer goes on to sleep

    @Slot(bool)
    def sleeping(self, begins: bool) -> None:
        """The computer goes to sleep (True) or wakes (False)."""
        if begins:
            self._lock()
            QTimer.singleShot(COVERED_MS, self._let_go)
        else:
            self._hold()

    @Slot()
    def locked(self) -> None:
        """The session was locked."""
        self._lock()
