"""The prescription panel: product, weight, dose with its range, capsules, supply, printed line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workstation.domain.dosing import Combination, Medicine, Product, dose_range
from workstation.domain.draft import Regimen
from workstation.domain.facts import FactSpec
from workstation.domain.stock import ALL_MARKETED, Stock
from workstation.presenters import clinical_wording as words
from workstation.presenters import dose_words
from workstation.presenters.supply_words import TakenState, taken_state
from workstation.workflow.appraisal import Appraisal


@dataclass(frozen=True, slots=True)
class CombinationState:
    """One way to make the dose; ``count`` is what is dispensed (``30 + 30``)."""

    title: str
    detail: str
    count: str
    chosen: bool
    once_daily: bool = False


@dataclass(frozen=True, slots=True)
class SliderState:
    """The dose ladder in mg/kg a day: scale ends, label range, ceiling and where we are."""

    low: float
    high: float
    label_from: float
    label_to: float
    value: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class CumulativeState:
    """The cumulative bar in mg: before, this supply, target band, scale end, and the words."""

    before: float
    supply: float
    target_low: float
    target_high: float
    end: float
    supply_text: str
    target_text: str
    low_text: str
    high_text: str
    reached_text: str
    earlier: float = 0.0  # of earlier courses, on today's weight: beside this one, never in it
    earlier_text: str = ""


@dataclass(frozen=True, slots=True)
class PrescriptionState:
    """Everything the panel shows; texts are ready to paint."""

    products: tuple[tuple[str, str], ...]
    product: str
    weight: str
    weight_note: str
    weight_stale: bool
    daily: str
    per_kg: str
    label_range: str
    dose_problem: str
    slider: SliderState | None
    supply_days: int
    supply_note: str
    combinations: tuple[CombinationState, ...]
    line_name: str
    line_attributes: str
    line_dose: str
    dispense: str
    cumulative: CumulativeState | None
    substitution: bool
    not_kept: str = ""  # strengths of the regimen that the clinic does not keep, in words
    taken: TakenState | None = None  # how earlier supplies of the course count


def product_label(medicine: Medicine, product: Product) -> str:
    """``ISOtretinoin capsule, conventional`` for a generic; brands carry their name."""
    return dose_words.product(medicine.name, medicine.form, product.name, product.formulation)


def panel(
    appraisal: Appraisal,
    medicine: Medicine,
    *,
    weight: Decimal | None,
    weight_on: date | None,
    today: date,
    weight_days: int,
    problem: str,
    registry: Mapping[str, FactSpec],
    stock: Stock = ALL_MARKETED,
) -> PrescriptionState:
    """The panel of a drafted regimen (or of none yet)."""
    regimen, dose = appraisal.regimen, appraisal.dose
    product = _product(medicine, regimen) if regimen is not None else None
    missing = (
        stock.not_kept(regimen, product) if regimen is not None and product is not None else ()
    )
    stale = weight_on is not None and (today - weight_on).days > weight_days
    return PrescriptionState(
        products=tuple((p.id, product_label(medicine, p)) for p in medicine.products),
        product=regimen.product if regimen is not None else "",
        weight=words.number(weight) if weight is not None else "",
        weight_note=dose_words.weight_note(weight, weight_on),
        weight_stale=stale or weight is None,
        daily=words.number(regimen.daily) if regimen is not None else "",
        per_kg=dose_words.per_kg(dose.per_kg) if dose is not None else "",
        label_range=dose_words.label_range(dose.range) if dose is not None else "",
        dose_problem=problem,
        slider=_slider(appraisal, medicine),
        supply_days=regimen.supply_days if regimen is not None else medicine.max_supply_days,
        supply_note=dose_words.supply_note(medicine, _left(appraisal)),
        combinations=_ways(appraisal, dose_words.not_kept(missing)),
        line_name=medicine.name,
        line_attributes=dose_words.line_attributes(medicine),
        line_dose=dose_words.directions(regimen, product) if regimen is not None else "",
        dispense=dose_words.dispense(
            dose, medicine, appraisal.rems.last_pick_up if appraisal.rems is not None else None
        )
        if dose is not None
        else "",
        cumulative=_cumulative(appraisal, regimen, medicine, weight),
        substitution=regimen.substitution_permitted if regimen is not None else True,
        not_kept=dose_words.not_kept(missing),
        taken=taken_state(appraisal.supplies, registry),
    )


def _left(appraisal: Appraisal) -> int | None:
    """Days that reach the target, where this supply holds more."""
    regimen, ledger = appraisal.regimen, appraisal.ledger
    if regimen is None or ledger is None or not ledger.days_left:
        return None
    return ledger.days_left if ledger.days_left < regimen.supply_days else None


def _product(medicine: Medicine, regimen: Regimen) -> Product | None:
    return next((p for p in medicine.products if p.id == regimen.product), None)


def _ways(appraisal: Appraisal, not_kept: str) -> tuple[CombinationState, ...]:
    """What is offered; after it the chosen one, where it takes strengths that are not kept."""
    regimen = appraisal.regimen
    offered = tuple(_combination(c, regimen) for c in appraisal.combinations)
    if regimen is None or not not_kept:
        return offered
    chosen = _combination(Combination(regimen.morning, regimen.evening), regimen)
    detail = f"{chosen.detail} \u00b7 {not_kept}" if chosen.once_daily else not_kept
    return (*offered, replace(chosen, detail=detail))


def _combination(combination: Combination, regimen: Regimen | None) -> CombinationState:
    chosen = (
        regimen is not None
        and regimen.morning == combination.morning
        and regimen.evening == combination.evening
    )
    days = regimen.supply_days if regimen is not None else 0
    return CombinationState(
        dose_words.combination(combination.morning, combination.evening),
        dose_words.combination_note(
            combination.once_daily, combination.morning, combination.evening
        ),
        dose_words.combination_count((*combination.morning, *combination.evening), days),
        chosen,
        combination.once_daily,
    )


def _slider(appraisal: Appraisal, medicine: Medicine) -> SliderState | None:
    regimen, dose = appraisal.regimen, appraisal.dose
    if regimen is None or dose is None:
        return None
    limits = dose_range(medicine, regimen.formulation)
    start, goal = float(limits.start), float(limits.goal)
    low, high = start / 5, goal * 1.2
    marks = (low, float(limits.low_note), start, goal, high)
    return SliderState(
        low,
        high,
        start,
        goal,
        min(max(float(dose.per_kg), low), high),
        tuple((mark, words.number(Decimal(str(round(mark, 2))))) for mark in marks),
    )


def _cumulative(
    appraisal: Appraisal, regimen: Regimen | None, medicine: Medicine, weight: Decimal | None
) -> CumulativeState | None:
    ledger, said = appraisal.ledger, appraisal.facts.value("course.cumulative_before")
    known = isinstance(said, (int, Decimal)) and not isinstance(said, bool)
    earlier = Decimal(said) if known and isinstance(said, (int, Decimal)) else Decimal(0)
    if ledger is None or regimen is None or weight is None:
        return None
    supply = regimen.daily * regimen.supply_days
    return CumulativeState(
        before=float(ledger.given),
        supply=float(supply),
        target_low=float(ledger.target_low),
        target_high=float(ledger.target_high),
        end=float(medicine.target_above * weight) * 0.85,
        supply_text=dose_words.supply_text(ledger.given, supply, weight),
        target_text=dose_words.target_text(ledger),
        low_text=dose_words.per_kg_plain(medicine.target_low),
        high_text=dose_words.per_kg_plain(medicine.target_high),
        reached_text=dose_words.target_reached(ledger),
        earlier=float(earlier * weight),
        earlier_text=dose_words.earlier_courses(earlier),
    )
