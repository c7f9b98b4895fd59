"""Doses: mg and mg/kg, capsule combinations, the ledger over visits and the course target."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from workstation.domain.capsules import (
    Combination,
    combinations,
    nearest_balanced,
    nearest_possible,
    next_possible,
)
from workstation.domain.dates import add_days, add_months
from workstation.domain.draft import Regimen
from workstation.domain.errors import WorkstationError
from workstation.domain.explain import Source
from workstation.domain.units import rounded

CONVENTIONAL = "conventional"
_ZERO = Decimal(0)
__all__ = [  # one front door for doses
    "Combination",
    "combinations",
    "nearest_possible",
    "next_possible",
]


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
    strength_excipients: tuple[
        tuple[Decimal, tuple[str, ...]], ...
    ] = ()  # of single strengths only
    excipients_checked: tuple[str, ...] = ()  # whose presence or absence the label was read for

    def holds(self, excipient: str, strength: Decimal) -> bool | None:
        """Whether capsules of ``strength`` mg hold an excipient; None when nobody checked."""
        if excipient in self.excipients:
            return True
        if excipient in dict(self.strength_excipients).get(strength, ()):
            return True
        return False if excipient in self.excipients_checked else None


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
class ResponseBucket:
    """What patients can expect from one day of treatment to another (``last_day`` None: open)."""

    label: str
    first_day: int
    last_day: int | None
    expect: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
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
    equivalents: tuple[tuple[str, Decimal], ...]  # (formulation, its mg per conventional mg)
    pause_days: int  # before a second course
    pause_months: int
    reweigh_share: Decimal  # of body weight
    response: tuple[ResponseBucket, ...]

    @cached_property
    def factors(self) -> dict[str, Decimal]:
        """Milligrams of a formulation that stand for one conventional milligram."""
        return dict(self.equivalents)

    @cached_property
    def strengths(self) -> dict[str, tuple[Decimal, ...]]:
        """All marketed strengths (mg) by formulation, smallest first."""
        found: dict[str, set[Decimal]] = {}
        for product in self.products:
            found.setdefault(product.formulation, set()).update(product.strengths)
        return {formulation: tuple(sorted(some)) for formulation, some in found.items()}


@dataclass(frozen=True, slots=True)
class Dispensed:
    """One supply: daily mg, days (interruptions not counted), weight then (kg).

    ``capsules`` a day where they are known; ``handed_over`` when a record of the pharmacy says so,
    and not only a prescription. Neither makes it another supply.
    """

    on: date
    daily: Decimal
    days: int
    formulation: str
    weight: Decimal
    capsules: int | None = field(default=None, compare=False)
    handed_over: bool = field(default=False, compare=False)


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


@dataclass(frozen=True, slots=True)
class DoseCheck:
    """A dose against its label range, without a verdict.

    ``per_kg`` is rounded to 2 decimals for display; the comparisons used the exact quotient.
    ``place``: low (under the low note), usual, above_goal, above_ceiling.
    """

    per_kg: Decimal
    place: str
    once_daily: bool
    range: DoseRange


def strengths_of(medicine: Medicine, formulation: str) -> tuple[Decimal, ...]:
    """All marketed strengths of one product class (mg), smallest first."""
    return medicine.strengths.get(formulation, ())


def dose_range(medicine: Medicine, formulation: str) -> DoseRange:
    """The label range of a product class.

    Raises:
        WorkstationError: ``dose.formulation.unknown``.
    """
    for found in medicine.ranges:
        if found.formulation == formulation:
            return found
    raise WorkstationError("dose.formulation.unknown", formulation=formulation)


def per_kg(daily: Decimal, weight: Decimal) -> Decimal:
    """mg/kg a day to 2 decimals, halves upwards; ``weight`` in kg.

    Raises:
        WorkstationError: ``dose.weight.missing`` when the weight is not above zero.
    """
    return rounded(daily / _known(weight), 2)


def proposed_daily(
    weight: Decimal,
    medicine: Medicine,
    formulation: str,
    past: tuple[Dispensed, ...] = (),
    *,
    stock: tuple[Decimal, ...] = (),
) -> Decimal:
    """The daily dose (mg) to start the form with.

    A first supply, or one in another product class, starts at the label's start dose rounded to the
    nearest dose that two capsule doses can make (the lower of two); later ones repeat the last.
    ``stock`` limits the strengths (mg) to those kept; empty means all that are marketed. ``weight``
    is in kg.

    Raises:
        WorkstationError: ``dose.weight.missing`` when the weight is not above zero,
            ``dose.formulation.unknown`` when no strength of it is made.
    """
    if past:
        last = max(past, key=lambda supply: supply.on)
        if last.formulation == formulation:
            return last.daily
    start = dose_range(medicine, formulation).start * _known(weight)
    nearest = nearest_balanced(start, stock or strengths_of(medicine, formulation))
    if nearest is None:
        raise WorkstationError("dose.formulation.unknown", formulation=formulation)
    return nearest


def dose_check(
    daily: Decimal,
    weight: Decimal,
    medicine: Medicine,
    formulation: str,
    doses_per_day: int,
) -> DoseCheck:
    """Where a daily dose (mg, for ``weight`` in kg) lies in its range; edges belong to the milder side.

    Raises:
        WorkstationError: ``dose.weight.missing``, ``dose.formulation.unknown``.
    """
    limits = dose_range(medicine, formulation)
    kilograms = _known(weight)
    if daily > limits.ceiling * kilograms:
        place = "above_ceiling"
    elif daily > limits.goal * kilograms:
        place = "above_goal"
    elif daily < limits.low_note * kilograms:
        place = "low"
    else:
        place = "usual"
    return DoseCheck(per_kg(daily, weight), place, doses_per_day == 1, limits)


def plan_dose(regimen: Regimen, medicine: Medicine, weight: Decimal, weight_on: date) -> DosePlan:
    """The regimen worked out for one supply; ``dispense`` counts capsules, smallest strength first."""
    capsules = (*regimen.morning, *regimen.evening)
    dispense = tuple(
        (strength, capsules.count(strength) * regimen.supply_days)
        for strength in sorted(set(capsules))
    )
    return DosePlan(
        daily=regimen.daily,
        per_kg=per_kg(regimen.daily, weight),
        weight=weight,
        weight_on=weight_on,
        supply_days=regimen.supply_days,
        dispense=dispense,
        range=dose_range(medicine, regimen.formulation),
    )


def ledger(
    dispensed: tuple[Dispensed, ...],
    weight: Decimal,
    medicine: Medicine,
    next_daily: Decimal,
    as_of: date,
    *,
    target: Decimal | None = None,
    next_formulation: str = CONVENTIONAL,
) -> Ledger:
    """What was taken and how far it is to the target (mg/kg; the lower one unless given).

    Micronized supplies count as their conventional equivalent and mark the ledger as estimated.
    mg fields are rounded to whole milligrams, mg/kg to one decimal; ``days_left`` rounds up and
    works on the exact numbers. The target day counts ``as_of`` as the first day at ``next_daily``.
    """
    kilograms = _known(weight)
    doses = [(_equivalent(s.daily, s.formulation, medicine) * s.days, s) for s in dispensed]
    given = sum([dose for dose, _ in doses], _ZERO)
    by_visit = sum([dose / _known(s.weight) for dose, s in doses], _ZERO)
    wanted = (medicine.target_low if target is None else target) * kilograms
    remaining = max(_ZERO, wanted - given)
    daily = _equivalent(next_daily, next_formulation, medicine)
    days = None
    if daily > 0:
        days = int((remaining / daily).to_integral_value(rounding=ROUND_CEILING))
    return Ledger(
        given=rounded(given, 0),
        given_per_kg=rounded(given / kilograms, 1),
        given_per_kg_by_visit=rounded(by_visit, 1),
        target_low=rounded(medicine.target_low * kilograms, 0),
        target_high=rounded(medicine.target_high * kilograms, 0),
        remaining=rounded(remaining, 0),
        days_left=days,
        target_reached_on=None if days is None else add_days(as_of, max(0, days - 1)),
        estimated=any(s.formulation in medicine.factors for s in dispensed),
    )


def supply_for(days_left: int | None, most: int) -> int:
    """Days of a supply to propose: no more capsules than reach the target.

    ``most`` days while the target is further away, not known, or reached: whoever goes on beyond
    the target decides by themselves how far.
    """
    return min(days_left, most) if days_left else most


def expected_supplies(days_left: int | None, supply_days: int) -> int:
    """Supplies still to plan for: at least one, as many as reach the target at the planned dose."""
    if not days_left:
        return 1
    return -(-days_left // supply_days)


def second_course_from(last_dose: date, medicine: Medicine) -> date:
    """First day of a new course: the later of the two pauses the label has stated."""
    return max(pauses(last_dose, medicine))


def pauses(last_dose: date, medicine: Medicine) -> tuple[date, date]:
    """First day after each pause the label has stated: the one in days, the one in months."""
    return (
        add_days(last_dose, medicine.pause_days),
        add_months(last_dose, medicine.pause_months),
    )


def weight_moved(before: Decimal, now: Decimal, medicine: Medicine) -> bool:
    """Whether weight changed by more than the share that asks for a second weighing."""
    return abs(now - before) > medicine.reweigh_share * _known(before)


def same_class(medicine: Medicine, first: str, second: str) -> bool:
    """Whether two formulations hold the same dose per mg and may stand for one another."""
    return medicine.factors.get(first) == medicine.factors.get(second)


def bucket_of(medicine: Medicine, day: int) -> ResponseBucket | None:
    """What to expect on the ``day``-th day of treatment (1 = first); None before it."""
    for bucket in medicine.response:
        if bucket.first_day <= day and (bucket.last_day is None or day <= bucket.last_day):
            return bucket
    return None


def _equivalent(daily: Decimal, formulation: str, medicine: Medicine) -> Decimal:
    factor = medicine.factors.get(formulation)
    return daily if factor is None else daily / factor


def _known(weight: Decimal) -> Decimal:
    if weight <= 0:
        raise WorkstationError("dose.weight.missing")
    return weight
