"""Laboratory and pregnancy test results: append-only, corrected by a newer entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from workstation.domain.facts import Origin
from workstation.domain.ids import ResultId, UserId


class TestSetting(Enum):
    """Where a specimen was taken."""

    __test__ = False

    MEDICAL = "medical"  # laboratory, clinic, office
    HOME = "home"


@dataclass(frozen=True, slots=True)
class LabResult:
    """One result. ``test`` is a test id of the content (``alt``, ``tg``, ``hcg_urine``, ...).

    ``value`` is a number in ``unit`` (UCUM) or one of the test's coded words (``negative``,
    ``positive``, ``equivocal``). ``upper_limit`` is that laboratory's own, in the same unit.
    ``role`` tells a pregnancy test's REMS role (``T1``, ``T2``, ``monthly``, ``end``, ``post``).
    ``corrects`` names the entry that this one replaces.
    """

    id: ResultId
    test: str
    value: Decimal | str
    unit: str | None
    upper_limit: Decimal | None
    collected: date
    setting: TestSetting | None
    fasting: bool | None
    hours_since_alcohol: int | None
    role: str | None
    laboratory: str | None
    origin: Origin
    recorded_by: UserId | None
    recorded_at: datetime
    corrects: ResultId | None
    drawn_minute: int | None = None  # minute of the day at which the specimen was taken


def standing(results: tuple[LabResult, ...]) -> tuple[LabResult, ...]:
    """Results that no later entry corrects, oldest specimen first."""
    replaced = {r.corrects for r in results if r.corrects is not None}
    kept = (r for r in results if r.id not in replaced)
    return tuple(sorted(kept, key=lambda r: (r.collected, r.recorded_at)))
