"""What the computer says about being locked or put to sleep, where Qt can hear it.

Linux: logind on the system bus. Elsewhere Qt has no such signal; there the window notices
by the clock that the computer has slept, and locks when it wakes (``Window._second``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import SLOT, QObject, Slot

SERVICE = "org.freedesktop.login1"
MANAGER, SESSION = f"{SERVICE}.Manager", f"{SERVICE}.Session"


class SystemLock(QObject):
    """Calls ``lock`` when the session is locked or the computer is about to sleep."""

    def __init__(self, lock: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = lock
        self.listening = sys.platform.startswith("linux") and self._listen()

    def _listen(self) -> bool:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a build of Qt without it
            return False
        bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return False
        heard = [
            bus.connect(SERVICE, "", whose, name, self, SLOT(slot).encode())
            for whose, name, slot in (
                (MANAGER, "PrepareForSleep", "sleeping(bool)"),
                (SESSION, "Lock", "locked()"),
            )
        ]
        return any(heard)

    @Slot(bool)
    def sleeping(self, begins: bool) -> None:
        """The computer goes to sleep (True) or wakes (False)."""
        if begins:
            self._lock()

    @Slot()
    def locked(self) -> None:
        """The session was locked."""
        self._lock()
