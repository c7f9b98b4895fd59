"""Entries of a calendar over whole days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry from ``first`` to ``last``, both inside; ``uid`` stays when it is written again."""

    uid: str
    title: str
    description: str
    first: date
    last: date
