"""What sign-in and lock pages share: the clock in the corner, Caps Lock notice, card width."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from workstation.language import tr
from workstation.ui.widgets import PasswordField, Strip

CARD = 440
TICK_MS = 1000


class Corner:
    """Keeps date and time of a page up to date while it is shown."""

    def __init__(
        self,
        page: QWidget,
        date_label: QLabel,
        time_label: QLabel,
        clock_line: Callable[[], tuple[str, str]],
    ) -> None:
        self._date, self._time, self._clock_line = date_label, time_label, clock_line
        self._timer = QTimer(page)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.show)

    def start(self) -> None:
        """Show the time from now on."""
        self.show()
        self._timer.start()

    def stop(self) -> None:
        """The page is gone."""
        self._timer.stop()

    def show(self) -> None:
        """Show the time once."""
        day, time = self._clock_line()
        self._date.setText(day)
        self._time.setText(time)


def watch_caps(field: PasswordField, strip: Strip) -> None:
    """Say when Caps Lock is on."""
    strip.clear()

    def told(on: bool) -> None:
        if on:
            strip.say("warn", tr("Caps Lock is on"), icon="circle-alert")
        else:
            strip.clear()

    field.caps_lock.connect(told)
