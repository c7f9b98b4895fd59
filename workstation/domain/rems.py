"""iPLEDGE REMS as a mirror: category, tests, windows and states; never the RMA itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from workstation.domain.dates import DateWindow
from workstation.domain.explain import Source


class Category(Enum):
    """Can, or cannot, get pregnant; set by the prescriber, never inferred from name or photo."""

    CAN = "CGP"
    CANNOT = "CNGP"


@dataclass(frozen=True, slots=True)
class RemsRules:
    """One rule set with its numbers (days) from the content."""

    id: str
    edition: str
    window_can_days: int
    window_cannot_days: int | None
    t1_t2_days: int
    contraception_days: int
    first_fill_lockout_days: int | None
    monthly_counselling_cannot: bool
    post_test_days: int
    post_months: int
    breast_feeding_days: int
    menses_first_day: int
    menses_last_day: int
    source: Source


@dataclass(frozen=True, slots=True)
class RemsStep:
    """One step with its state: done, due, waiting, blocked; ``window`` when dates bind it."""

    id: str
    title: str
    state: str
    window: DateWindow | None
    done_on: date | None
    detail: str


@dataclass(frozen=True, slots=True)
class RemsTimeline:
    """Where a patient stands: category, state name, steps, and the last pick-up day."""

    rules: str
    category: Category | None
    state: str
    steps: tuple[RemsStep, ...]
    earliest_confirmation: date | None
    confirmation_because: str
    last_pick_up: date | None
    next_action: str
    next_action_on: date | None
