"""Supplies as they were used up to a last dose."""

from __future__ import annotations

from datetime import date

from workstation.domain.plan import shortened
from workstation.domain.rems_record import Supplied

TAKEN = (
    Supplied(date(2026, 1, 1), 30), Supplied(date(2026, 1, 31), 30), Supplied(date(2026, 3, 2), 30),
)  # fmt: skip


def test_the_newest_supply_ends_with_the_last_dose_and_later_ones_fall_away() -> None:
    first, second, _ = TAKEN
    assert shortened(TAKEN, date(2026, 2, 9)) == (first, Supplied(second.on, 10))
    assert shortened(TAKEN, date(2026, 1, 31)) == (first, Supplied(second.on, 1))
    assert shortened(TAKEN, date(2026, 1, 30)) == (first,)
    assert shortened(TAKEN, date(2025, 12, 31)) == ()
