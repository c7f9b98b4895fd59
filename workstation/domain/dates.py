"""Calendar arithmetic: whole days, months clipped to the month end, windows of days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where the time comes from; the only source of *now* in the program."""

    def now(self) -> datetime:
        """Aware moment in UTC."""
        ...

    def today(self) -> date:
        """The clinic's calendar day."""
        ...


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The computer's clock was set: it showed ``after`` where it should have shown ``before``."""

    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class DateWindow:
    """Days from ``first`` to ``last``, both inside; ``last`` is never before ``first``."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a window ends before it starts")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.last - self.first).days + 1


def day_in(zone: str, moment: datetime) -> date:
    """The calendar day of an aware moment in an IANA time zone, as people there write it.

    Raises:
        ZoneInfoNotFoundError: the zone is not in the tz database.
    """
    return moment.astimezone(ZoneInfo(zone)).date()


def add_days(day: date, days: int) -> date:
    """``day`` moved by whole days."""
    return day + timedelta(days=days)


def add_months(day: date, months: int) -> date:
    """``day`` moved by calendar months, clipped to the end of the month reached."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def age_years(born: date, on: date) -> int:
    """Whole years of age; a 29 February birthday counts on 1 March in common years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_months(born: date, on: date) -> int:
    """Whole calendar months of age beyond the last birthday (0 to 11)."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return months % 12
