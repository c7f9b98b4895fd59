"""Triage: level, codes that fired and the clock that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from workstation.domain.explain import Source


class TriageLevel(IntEnum):
    """ROUTINE < PRIORITY < URGENT < EMERGENT; the highest wins."""

    ROUTINE = 0
    PRIORITY = 1
    URGENT = 2
    EMERGENT = 3


@dataclass(frozen=True, slots=True)
class TriageFlag:
    """One code that fired, with the sentence shown and what to do."""

    code: str
    level: TriageLevel
    title: str
    steps: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Targets:
    """Waiting-time targets of one level."""

    first_look: timedelta
    decision: timedelta


@dataclass(frozen=True, slots=True)
class Triage:
    """Level with all fired flags, highest first, and the first-look deadline."""

    level: TriageLevel
    flags: tuple[TriageFlag, ...]
    deadline: datetime
    target: timedelta

    @property
    def needs_contact(self) -> bool:
        """EMERGENT and URGENT are not closed without a contact record."""
        return self.level >= TriageLevel.URGENT
