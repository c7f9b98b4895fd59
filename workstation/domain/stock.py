"""Strengths that a clinic keeps of each product: what is proposed and offered is made of these.

A stock list never forbids: a regimen with other marketed strengths stays as it was chosen, is
checked and signed as any other, and is told apart in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workstation.domain import dosing
from workstation.domain.capsules import Combination
from workstation.domain.dosing import Dispensed, Medicine, Product
from workstation.domain.draft import Regimen

_TOO_MUCH = frozenset({"above_goal", "above_ceiling"})


@dataclass(frozen=True, slots=True)
class Stock:
    """Kept strengths (mg) by the product's id; a product without an entry is kept whole."""

    kept: tuple[tuple[str, tuple[Decimal, ...]], ...] = ()

    def of(self, product: Product) -> tuple[Decimal, ...]:
        """Kept strengths of a product, smallest first; never none.

        An entry of which nothing is marketed (any longer) counts as no entry.
        """
        listed = dict(self.kept).get(product.id, ())
        return tuple(s for s in product.strengths if s in listed) or product.strengths

    def not_kept(self, regimen: Regimen, product: Product) -> tuple[Decimal, ...]:
        """Strengths in a regimen that are not kept, smallest first."""
        return tuple(sorted({*regimen.morning, *regimen.evening} - set(self.of(product))))


ALL_MARKETED = Stock()


def listed(text: str) -> Stock | None:
    """A stock list as it is kept: a JSON object of lists, ``{"generic": ["10", "20"]}``.

    None for anything else, also for a product without any strength.
    """
    try:
        told = json.loads(text)
        if not isinstance(told, dict):
            return None
        kept = tuple((id, _strengths(some)) for id, some in sorted(told.items()))
    except (ValueError, TypeError, InvalidOperation, RecursionError):
        return None
    return Stock(kept) if kept else ALL_MARKETED


def written(stock: Stock) -> str:
    """As ``listed`` reads it."""
    return json.dumps({id: [str(s) for s in some] for id, some in sorted(stock.kept)})


def proposed_daily(
    weight: Decimal,
    medicine: Medicine,
    product: Product,
    past: tuple[Dispensed, ...],
    stock: Stock,
) -> Decimal:
    """As ``dosing.proposed_daily``, with the kept strengths of ``product``.

    A stock of large capsules alone never lifts what is proposed above the label's goal: where it
    would, all marketed strengths count.

    Raises:
        WorkstationError: as ``dosing.proposed_daily``.
    """
    kept = stock.of(product)
    daily = dosing.proposed_daily(weight, medicine, product.formulation, past, stock=kept)
    whole = dosing.proposed_daily(
        weight, medicine, product.formulation, past, stock=product.strengths
    )
    if daily <= whole:
        return daily
    place = dosing.dose_check(daily, weight, medicine, product.formulation, 2).place
    return whole if place in _TOO_MUCH else daily


def ways(daily: Decimal, product: Product, stock: Stock) -> tuple[Combination, ...]:
    """Ways to make ``daily`` mg of kept strengths; of all marketed where those cannot make it."""
    return dosing.combinations(daily, stock.of(product)) or dosing.combinations(
        daily, product.strengths
    )


def _strengths(listed: object) -> tuple[Decimal, ...]:
    if not isinstance(listed, list) or not listed or not all(isinstance(s, str) for s in listed):
        raise TypeError
    found = tuple(Decimal(s) for s in listed)
    if not all(s.is_finite() and s > 0 for s in found):
        raise ValueError
    return tuple(sorted(set(found)))
