"""The system clock: aware UTC moments, and days in the clinic's own time zone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workstation.domain.dates import Clock, ClockJump
from workstation.domain.errors import Refused

_FORWARDS = timedelta(hours=24)


class SystemClock:
    """The computer's clock; the one place where the present moment is read.

    Args:
        zone: IANA name of the clinic's time zone (``America/Denver``).

    Raises:
        Refused: ``clock.zone.unknown`` when the zone is not in the tz database.
    """

    def __init__(self, zone: str) -> None:
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Refused("clock.zone.unknown") from error

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The clinic's calendar day."""
        return self.now().astimezone(self._zone).date()


def since_boot() -> float:
    """Seconds that really passed, sleep counted, from some moment of this computer's run."""
    clock: int
    if sys.platform == "linux":
        clock = time.CLOCK_BOOTTIME
    elif sys.platform == "darwin":
        clock = time.CLOCK_MONOTONIC  # runs in sleep there, unlike ``monotonic``
    else:
        return time.monotonic()
    return time.clock_gettime(clock)


class ClockWatch:
    """Notices a clock that is set forward by more than 24 hours while the program runs.

    Args:
        steady: seconds that cannot be set, with which the clock is compared.
    """

    def __init__(self, clock: Clock, steady: Callable[[], float] = since_boot) -> None:
        self._clock, self._steady = clock, steady
        self._lock = threading.Lock()
        self.settle()

    def settle(self) -> None:
        """Take the clock for right from now on."""
        with self._lock:
            self._then = (self._clock.now(), self._steady())

    def jump(self) -> ClockJump | None:
        """How the clock was set since it was last taken for right; None when it goes as it should."""
        with self._lock:
            then, steady = self._then
        expected = then + timedelta(seconds=self._steady() - steady)
        now = self._clock.now()
        return ClockJump(expected, now) if now - expected > _FORWARDS else None
