"""What goes on beside an open desk, from signing in until it is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QObject, QTimer
from PySide6.QtWidgets import QWidget

from workstation.domain.ids import ConsultationId
from workstation.presenters.notices import NoticesPresenter
from workstation.ui.notices import DesktopNotices
from workstation.ui.preferences import Preferences

if TYPE_CHECKING:
    from workstation.ui.doors import Desktop
    from workstation.ui.shell import Shell

TICK_MS = 1000
KEEPING_MS = 60_000
ASLEEP_S = 90  # no tick for so long


class Attendance(QObject):
    """Its seconds, its copies, its notices, and what its user prefers; one for each desk built.

    ``look`` is called each second, before the desk is asked whether it was used long enough ago,
    then ``look_last``; when the computer slept meanwhile, ``slept`` and then ``look_last``.
    """

    def __init__(
        self,
        window: QWidget,
        desktop: Desktop,
        preferences: Preferences | None,
        *,
        look: Callable[[], None],
        look_last: Callable[[], None],
        slept: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._desktop = window, desktop
        self._preferences = preferences
        self._look, self._look_last, self._slept = look, look_last, slept
        self._notices: DesktopNotices | None = None
        self._seen = 0
        self.tick = QTimer(self)
        self.tick.setInterval(TICK_MS)
        self.tick.timeout.connect(self.second)
        self._keeping = QTimer(self)
        self._keeping.setInterval(KEEPING_MS)
        self._keeping.timeout.connect(self._look_after)

    def begin(self, shell: Shell) -> None:
        """The desk is shown."""
        self._desktop.session.touch()
        self._seen = QDateTime.currentSecsSinceEpoch()
        self.tick.start()
        told = NoticesPresenter(self._desktop.queue, self._open_here)
        self._notices = DesktopNotices(self._window, told)
        keeping = self._desktop.keeping
        if keeping is not None:
            shell.settled.connect(lambda: shell.look_after(keeping))
            self._keeping.start()

    def end(self) -> None:
        """The desk is left: nothing is looked at or told any more, and the shipped keys hold."""
        self.tick.stop()
        self._keeping.stop()
        notices, self._notices = self._notices, None
        if notices is not None:
            notices.end()
        if self._preferences is not None:
            self._preferences.end()
        self.deleteLater()

    def second(self) -> None:
        """One second is over, or as many as the computer slept."""
        now = QDateTime.currentSecsSinceEpoch()
        slept, self._seen = now - self._seen > ASLEEP_S, now
        if slept:
            self._slept()
        else:
            self._look()
            self._desktop.session.tick()
        self._look_last()

    def _open_here(self) -> ConsultationId | None:
        state = self._desktop.case.state
        return state.consultation.id if state is not None else None

    def _look_after(self) -> None:
        if self._desktop.keeping is not None:
            self._desktop.keeping.look()
