"""The system clock: aware UTC moments, and days in the clinic's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workstation.domain.errors import Refused


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
