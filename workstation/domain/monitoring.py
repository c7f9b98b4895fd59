"""The lab-monitoring plan: planned tests by date window, thresholds to actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.domain.dates import DateWindow
from workstation.domain.explain import Source
from workstation.domain.ids import ResultId


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test of the content: LOINC code, specimen, fasting, canonical unit (UCUM)."""

    id: str
    name: str
    loinc: str
    specimen: str
    fasting: bool
    unit: str | None
    lane: str  # pregnancy | lipids | liver | mood | supply | contraception
    source: Source


@dataclass(frozen=True, slots=True)
class ThresholdBand:
    """Values from ``low`` (see ``low_inclusive``) up to the next band give ``action``."""

    test: str
    low: Decimal | None
    low_inclusive: bool
    high: Decimal | None
    high_inclusive: bool
    per_upper_limit: bool
    action: str
    advice: str
    source: Source


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """One point of the plan. ``state``: done, due, missing, planned."""

    test: str
    role: str  # baseline | during | T1 | T2 | monthly | end | post | visit | pick_up
    due: date
    window: DateWindow
    state: str
    result: ResultId | None
    because: str


@dataclass(frozen=True, slots=True)
class MonitoringPlan:
    """All points by date with the protocol they follow."""

    protocol: str
    edition: str
    start: date
    tests: tuple[PlannedTest, ...]
    because: str
    flare: DateWindow | None
    ends: date
