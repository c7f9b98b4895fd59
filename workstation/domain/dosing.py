"""Doses: mg and mg/kg, capsule combinations, the ledger over visits and the course target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.domain.explain import Source


@dataclass(frozen=True, slots=True)
class Product:
    """A marketed product: formulation, capsule strengths (mg), excipients, food."""

    id: str
    name: str
    formulation: str  # conventional | lidose | micronized
    strengths: tuple[Decimal, ...]
    with_food: bool
    excipients: tuple[str, ...]
    rxnorm: tuple[tuple[str, str], ...]  # (strength as text, RxNorm code)
    source: Source


@dataclass(frozen=True, slots=True)
class DoseRange:
    """Label range of one formulation, mg/kg a day."""

    formulation: str
    start: Decimal
    goal: Decimal
    ceiling: Decimal
    low_note: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine of the formulary with what its prescription line needs."""

    id: str
    name: str  # tall-man where the list says so: ISOtretinoin
    form: str
    route: str
    rems: bool
    max_supply_days: int
    max_refills: int
    products: tuple[Product, ...]
    ranges: tuple[DoseRange, ...]
    target_low: Decimal  # cumulative mg/kg
    target_high: Decimal
    target_above: Decimal
    pack_multiple: int
    source: Source


@dataclass(frozen=True, slots=True)
class Combination:
    """Capsules that make a daily dose exactly; one entry per capsule, mg."""

    morning: tuple[Decimal, ...]
    evening: tuple[Decimal, ...]

    @property
    def daily(self) -> Decimal:
        """Milligrams a day."""
        return sum((*self.morning, *self.evening), Decimal(0))

    @property
    def capsules(self) -> int:
        """Capsules a day."""
        return len(self.morning) + len(self.evening)


@dataclass(frozen=True, slots=True)
class Dispensed:
    """One supply really taken: daily mg, days (interruptions not counted), weight then (kg)."""

    on: date
    daily: Decimal
    days: int
    formulation: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """Cumulative dose. ``given`` mg (conventional equivalent); mg/kg on the latest weight.

    ``given_per_kg_by_visit`` is the sum of each supply's mg over that visit's weight. ``days_left``
    is at ``next_daily``; None without a dose. ``target_reached_on`` counts from ``as_of``.
    """

    given: Decimal
    given_per_kg: Decimal
    given_per_kg_by_visit: Decimal
    target_low: Decimal
    target_high: Decimal
    remaining: Decimal
    days_left: int | None
    target_reached_on: date | None
    estimated: bool  # a micronized supply was converted: LD-EQUIV-ESTIMATE


@dataclass(frozen=True, slots=True)
class DosePlan:
    """A regimen worked out: mg/kg, capsules to dispense by strength, the printed line's parts."""

    daily: Decimal
    per_kg: Decimal
    weight: Decimal
    weight_on: date
    supply_days: int
    dispense: tuple[tuple[Decimal, int], ...]  # (strength mg, capsules)
    range: DoseRange
