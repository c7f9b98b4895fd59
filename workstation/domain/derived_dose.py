"""Computed facts of the regimen: mg/kg, place in the range, capsules, excipients and the course."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from workstation.domain import dosing
from workstation.domain.dosing import Dispensed, Medicine, Product
from workstation.domain.draft import Regimen
from workstation.domain.facts import Facts, FactValue

EXCIPIENTS = ("soybean_oil", "parabens", "tartrazine")
_ZERO = Decimal(0)


def dose_facts(
    regimen: Regimen | None,
    medicine: Medicine,
    weight: Decimal | None,
    dispensed: tuple[Dispensed, ...],
) -> dict[str, FactValue]:
    """Computed ``dose.*``, ``excipient.*`` and cumulative facts of a drafted regimen."""
    values: dict[str, FactValue] = {"dose.chosen": regimen is not None, "dose.same_mg_swap": False}
    product = _product(regimen, medicine)
    for excipient in EXCIPIENTS:
        values[f"excipient.{excipient}"] = _excipient(excipient, regimen, product)
    if regimen is None:
        values.update({"dose.lower": False, "dose.at_most_half": False})
        return values
    last = max(dispensed, key=lambda supply: supply.on, default=None)
    per_day = 2 if regimen.morning and regimen.evening else 1
    values["dose.daily"] = regimen.daily
    values["dose.product"] = regimen.product
    values["dose.formulation"] = regimen.formulation
    values["dose.per_day"] = per_day
    values["dose.splittable"] = splittable(regimen, medicine)
    values.update(_compared(regimen, last, medicine))
    if weight is not None and weight > _ZERO:
        place = dosing.dose_check(regimen.daily, weight, medicine, regimen.formulation, per_day)
        values["dose.per_kg"] = place.per_kg
        values["dose.band"] = place.place
        values["course.cumulative"] = cumulative(regimen, medicine, weight, dispensed)
    return values


def splittable(regimen: Regimen, medicine: Medicine) -> bool:
    """Whether the daily dose can be made of capsules in two doses."""
    strengths = dosing.strengths_of(medicine, regimen.formulation)
    return any(c.morning and c.evening for c in dosing.combinations(regimen.daily, strengths))


def cumulative(
    regimen: Regimen, medicine: Medicine, weight: Decimal, dispensed: Iterable[Dispensed]
) -> Decimal:
    """mg/kg on ``weight`` (kg) once this supply is taken, exact, in conventional equivalents."""
    given = sum((equivalent(s.daily, s.formulation, medicine) * s.days for s in dispensed), _ZERO)
    supply = equivalent(regimen.daily, regimen.formulation, medicine) * regimen.supply_days
    return (given + supply) / weight


def equivalent(daily: Decimal, formulation: str, medicine: Medicine) -> Decimal:
    """A daily dose in conventional milligrams."""
    factor = medicine.factors.get(formulation)
    return daily if factor is None else daily / factor


def course_facts(
    facts: Facts,
    amounts: tuple[Decimal | None, ...],
    medicine: Medicine,
    *,
    previous: bool,
    last_dose: date | None,
    dispensed: tuple[Dispensed, ...],
    long_course_days: int,
    today: date,
) -> dict[str, FactValue]:
    """Computed ``course.*`` facts; ``dispensed`` are the supplies of this course.

    ``previous`` and ``last_dose`` are what is known of earlier courses, ``amounts`` what each of
    them came to (mg/kg; None while it is not known).
    """
    values: dict[str, FactValue] = {}
    if previous and facts.value("course.previous") is not True:
        values["course.previous"] = True
    if last_dose is not None and facts.value("course.last_dose") != last_dose:
        values["course.last_dose"] = last_dose
    known = [amount for amount in amounts if amount is not None]
    if amounts and "course.cumulative_before" not in facts and len(known) == len(amounts):
        values["course.cumulative_before"] = sum(known, _ZERO)
    if last_dose is not None:
        earliest = dosing.second_course_from(last_dose, medicine)
        start = min((s.on for s in dispensed), default=today)
        values["course.earliest_start"] = earliest
        values["course.pause_over"] = start >= earliest
    taken = sum(s.days for s in dispensed)
    values["course.long_or_repeat"] = previous or taken > long_course_days
    return values


def weight_facts(weight: Decimal | None, dispensed: tuple[Dispensed, ...]) -> dict[str, FactValue]:
    """Weight change since the last supply in percent; nothing moved before the first supply."""
    last = max(dispensed, key=lambda supply: supply.on, default=None)
    if last is None or last.weight <= _ZERO:
        return {"patient.weight_moved": _ZERO}
    if weight is None:
        return {}
    return {"patient.weight_moved": (abs(weight - last.weight) / last.weight).scaleb(2)}


def _product(regimen: Regimen | None, medicine: Medicine) -> Product | None:
    wanted = None if regimen is None else regimen.product
    return next((p for p in medicine.products if p.id == wanted), None)


def _excipient(excipient: str, regimen: Regimen | None, product: Product | None) -> str:
    if regimen is None:
        return "no_product"
    if product is None:
        return "unchecked"
    held = [product.holds(excipient, s) for s in {*regimen.morning, *regimen.evening}]
    if any(h is True for h in held):
        return "present"
    return "absent" if held and all(h is False for h in held) else "unchecked"


def _compared(regimen: Regimen, last: Dispensed | None, medicine: Medicine) -> dict[str, FactValue]:
    if last is None:
        return {"dose.lower": False, "dose.at_most_half": False}
    before = equivalent(last.daily, last.formulation, medicine)
    now = equivalent(regimen.daily, regimen.formulation, medicine)
    swapped = not dosing.same_class(medicine, last.formulation, regimen.formulation)
    return {
        "dose.lower": now < before,
        "dose.at_most_half": now * 2 <= before,
        "dose.same_mg_swap": swapped and regimen.daily == last.daily,
    }
