"""Days and times of day in words; apart from all other words, because the first page says the time."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from workstation.language import noted

HYPHEN = "\u2011"  # does not break
NO_BREAK = "\u00a0"
MONTHS = (
    noted("Jan"),
    noted("Feb"),
    noted("Mar"),
    noted("Apr"),
    noted("May"),
    noted("Jun"),
    noted("Jul"),
    noted("Aug"),
    noted("Sep"),
    noted("Oct"),
    noted("Nov"),
    noted("Dec"),
)


def day(when: date) -> str:
    """``22-Nov-2026`` with hyphens that do not break."""
    return f"{when.day:02d}{HYPHEN}{MONTHS[when.month - 1]}{HYPHEN}{when.year:04d}"


def clock(when: datetime, zone: tzinfo | None = None) -> str:
    """``13:42`` in 24 h; ``zone`` converts an aware moment first."""
    local = when.astimezone(zone) if zone is not None else when
    return f"{local.hour:02d}:{local.minute:02d}"


def clock_seconds(when: datetime, zone: tzinfo | None = None) -> str:
    """``13:42:08``."""
    local = when.astimezone(zone) if zone is not None else when
    return f"{clock(local)}:{local.second:02d}"


def moment(when: datetime, zone: tzinfo | None = None) -> str:
    """``22-Nov-2026 13:42``."""
    local = when.astimezone(zone) if zone is not None else when
    return f"{day(local.date())}{NO_BREAK}{clock(local)}"
