"""Doses in words: mg/kg, capsules, supplies, the line that is printed, and what cannot be made."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from workstation.domain import explain
from workstation.domain.dosing import DosePlan, DoseRange, Ledger, Medicine, Product
from workstation.domain.draft import Regimen
from workstation.language import noted, plural, stored, tr
from workstation.presenters import wording

NBSP = "\u00a0"
KILOGRAMS_PER_POUND = Decimal("0.45359237")
CLASSES = {
    "conventional": noted("conventional"),
    "lidose": noted("lidose"),
    "micronized": noted("micronized LD"),
}


def product(medicine: str, form: str, name: str, formulation: str) -> str:
    """The medicine list's entry of a product."""
    shown = CLASSES.get(formulation, formulation)
    if name.lower().startswith(("generic", "isotretinoin")):
        return f"{medicine} {form}, {shown}"
    return f"{medicine} {form}, {shown}: {name}"


def weight_note(weight: Decimal | None, on: date | None) -> str:
    """When the weight was measured."""
    if weight is None:
        return tr("Weight is missing, so no dose can be worked out. Enter the weight.")
    pounds = wording.number((weight / KILOGRAMS_PER_POUND).quantize(Decimal(1)))
    said = tr("measured {day}", day=wording.day(on)) if on is not None else tr("date not known")
    return tr("{pounds}\u00a0lb, {said}", pounds=pounds, said=said)


def weight_moves(before: Decimal, now: Decimal) -> str:
    """A weight that moved more than the content's share since the last supply."""
    return tr(
        "{now}\u00a0kg is far from {before}\u00a0kg at the last visit. Weigh again, or enter the same weight once more to confirm it.",
        now=wording.number(now),
        before=wording.number(before),
    )


def per_kg(value: Decimal) -> str:
    """``= 0.48 mg/kg a day``."""
    return tr("= {value}\u00a0mg/kg a day", value=wording.number(value))


def per_kg_plain(value: Decimal) -> str:
    """``120 mg/kg``."""
    return f"{wording.number(value)}{NBSP}mg/kg"


def label_range(limits: DoseRange) -> str:
    """The labelled range in words."""
    return tr(
        "label {start} to {goal}",
        start=wording.number(limits.start),
        goal=wording.number(limits.goal),
    )


def supply_note(medicine: Medicine, left: int | None = None) -> str:
    """Refills and the supply limit; ``left`` days reach the target where the supply holds more."""
    refills = tr("0 (zero)") if medicine.max_refills == 0 else str(medicine.max_refills)
    said = tr(
        "refills {refills} \u00b7 REMS limit {max_supply_days}\u00a0days",
        refills=refills,
        max_supply_days=medicine.max_supply_days,
    )
    return (
        said
        if left is None
        else tr("{said} \u00b7 {left}\u00a0days reach the target", said=said, left=left)
    )


def line_attributes(medicine: Medicine) -> str:
    """What stands between the name and the dose."""
    return f" \u2014 {medicine.form} \u2014 {medicine.route} \u2014 "


def directions(regimen: Regimen, product: Product | None) -> str:
    """``10 mg every morning and 20 mg every evening, with food``: as it will print."""
    doses = []
    for capsules, when in (
        (regimen.morning, stored("every morning")),
        (regimen.evening, stored("every evening")),
    ):
        if capsules:
            doses.append(
                stored(
                    "{dose}\u00a0mg {when}",
                    dose=wording.number(sum(capsules, Decimal(0))),
                    when=when,
                )
            )
    food = stored(", with food") if product is None or product.with_food else ""
    return stored(" and ").join(doses) + food


def dispense(dose: DosePlan, medicine: Medicine, last_pick_up: date | None) -> str:
    """What the pharmacy hands out, in one line, as it will print."""
    parts = [
        stored("{count} capsules of {mg}\u00a0mg", count=count, mg=wording.number(mg))
        for mg, count in dose.dispense
    ]
    refills = "0 (zero)" if medicine.max_refills == 0 else str(medicine.max_refills)
    text = stored(
        "Dispense {parts}. {supply_days}\u00a0days. Refills {refills}.",
        parts=stored(" and ").join(parts),
        supply_days=dose.supply_days,
        refills=refills,
    )
    return (
        text
        if last_pick_up is None
        else stored("{text} Last pick-up {day}.", text=text, day=explain.day_text(last_pick_up))
    )


def combination(morning: tuple[Decimal, ...], evening: tuple[Decimal, ...]) -> str:
    """``10 mg morning, 20 mg evening``."""
    parts = [
        f"{_capsules(capsules)} {when}"
        for capsules, when in ((morning, tr("morning")), (evening, tr("evening")))
        if capsules
    ]
    return (
        ", ".join(parts)
        if len(parts) > 1
        else tr("{capsules} once daily", capsules=_capsules(morning or evening))
    )


def combination_note(once: bool, morning: tuple[Decimal, ...], evening: tuple[Decimal, ...]) -> str:
    """What is special about a way to make the dose."""
    if once:
        return tr("needs a reason: ISO-ONCE")
    one = len(set((*morning, *evening))) == 1
    return tr("two doses, one strength") if one else tr("two doses, as the label says")


def combination_count(capsules: tuple[Decimal, ...], days: int) -> str:
    """Capsules to dispense by strength: ``30 + 30``."""
    counts = Counter(capsules)
    return " + ".join(str(counts[strength] * days) for strength in sorted(counts))


def supply_text(before: Decimal, supply: Decimal, weight: Decimal) -> str:
    """This supply in mg and mg/kg, and what came before."""
    share = wording.number((supply / weight).quantize(Decimal("0.1")))
    text = tr(
        "{supply}\u00a0mg this supply ({share}\u00a0mg/kg)",
        supply=wording.number(supply),
        share=share,
    )
    return (
        tr("{before}\u00a0mg before, {text}", before=wording.number(before), text=text)
        if before
        else text
    )


def target_text(ledger: Ledger) -> str:
    """The target band in mg."""
    return tr(
        "target {target_low} to {target_high}\u00a0mg",
        target_low=wording.number(ledger.target_low),
        target_high=wording.number(ledger.target_high),
    )


def earlier_courses(per_kg: Decimal) -> str:
    """What earlier courses came to; "" where there was none."""
    return tr("earlier courses {dose}", dose=per_kg_plain(per_kg)) if per_kg > 0 else ""


def target_reached(ledger: Ledger) -> str:
    """When the lower target is reached at this dose, or that it is."""
    if ledger.remaining <= 0:
        return tr("lower target reached")
    on = ledger.target_reached_on
    return "" if on is None else tr("reached on {day} at this dose", day=wording.day(on))


def no_capsules(daily: Decimal, nearest: tuple[Decimal, ...]) -> str:
    """An impossible dose with the nearest possible ones."""
    ways = tr(" or ").join(f"{wording.number(n)}{NBSP}mg" for n in nearest)
    return tr(
        "No capsules make {daily}\u00a0mg. Nearest: {ways}.", daily=wording.number(daily), ways=ways
    )


def not_of_kept(daily: Decimal, nearest: tuple[Decimal, ...]) -> str:
    """A dose that only strengths make that are not kept, with the nearest of those that are."""
    return tr(
        "The strengths kept here do not make {daily}\u00a0mg. Nearest: {ways}. Enter {daily}\u00a0mg once more to prescribe it all the same.",
        daily=wording.number(daily),
        ways=tr(" or ").join(f"{wording.number(n)}{NBSP}mg" for n in nearest),
    )


def not_kept(strengths: tuple[Decimal, ...]) -> str:
    """Which strengths of a regimen the clinic does not keep; "" for none."""
    if not strengths:
        return ""
    listed = tr(" and ").join(f"{wording.number(s)}{NBSP}mg" for s in strengths)
    return plural(
        len(strengths), "{listed} is not kept here.", "{listed} are not kept here.", listed=listed
    )


def not_a_dose(text: str) -> str:
    """The daily dose field does not hold a dose."""
    return tr("\u201c{text}\u201d is not a dose. Enter milligrams a day.", text=text[:12])


def not_a_weight(text: str) -> str:
    """The weight field does not hold a weight."""
    return tr("\u201c{text}\u201d is not a weight. Enter kilograms.", text=text[:12])


def not_a_supply(limit: int) -> str:
    """The supply field does not hold a possible number of days."""
    return tr("The supply is 1 to {limit}\u00a0days.", limit=limit)


def _capsules(capsules: tuple[Decimal, ...]) -> str:
    counts = Counter(capsules)
    return " + ".join(
        f"{wording.number(mg)}{NBSP}mg"
        if n == 1
        else f"{n}{NBSP}\u00d7{NBSP}{wording.number(mg)}{NBSP}mg"
        for mg, n in sorted(counts.items())
    )
