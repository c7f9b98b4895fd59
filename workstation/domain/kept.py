"""What may be kept as a favourite of isotretinoin: the product and the dose by weight, never in mg."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workstation.domain import dosing
from workstation.domain.dosing import Medicine
from workstation.domain.draft import Regimen
from workstation.domain.stock import ALL_MARKETED, Stock


@dataclass(frozen=True, slots=True)
class KeptRegimen:
    """A dose in mg/kg a day of one product, for so many days: milligrams follow each weight."""

    medicine: str
    product: str
    per_kg: Decimal
    days: int
    substitution_permitted: bool


def kept_of(regimen: Regimen, weight: Decimal) -> KeptRegimen:
    """What is kept of a regimen for somebody of ``weight`` kg."""
    return KeptRegimen(
        regimen.medicine,
        regimen.product,
        dosing.per_kg(regimen.daily, weight),
        regimen.supply_days,
        regimen.substitution_permitted,
    )


def regimen_of(
    kept: KeptRegimen, medicine: Medicine, weight: Decimal, stock: Stock = ALL_MARKETED
) -> Regimen | None:
    """The kept dose for ``weight`` kg: the nearest that capsules make, never above what was kept.

    The strengths of ``stock`` make it, or all that are marketed where every dose of the stock is
    above it. The lowest makeable dose stands where even that is above it; None for a product that
    is gone.
    """
    product = next((p for p in medicine.products if p.id == kept.product), None)
    if product is None:
        return None
    wanted = kept.per_kg * weight
    strengths = stock.of(product)
    if strengths[0] > wanted:
        strengths = product.strengths
    possible = dosing.nearest_possible(wanted.quantize(Decimal(1)), strengths)
    daily = max((d for d in possible if d <= wanted), default=min(possible, default=None))
    ways = () if daily is None else dosing.combinations(daily, strengths)
    if not ways:
        return None
    return Regimen(
        kept.medicine,
        product.id,
        product.formulation,
        ways[0].morning,
        ways[0].evening,
        kept.days,
        kept.substitution_permitted,
    )


def is_kept(row: object, medicines: Mapping[str, Medicine]) -> KeptRegimen | None:
    """A stored row as what is kept, while the formulary still allows it."""
    names = {"medicine", "product", "per_kg", "days", "substitution_permitted"}
    if not isinstance(row, dict) or set(row) != names:
        return None
    medicine = medicines.get(str(row["medicine"]))
    share = str(row["per_kg"])
    if medicine is None or not share.replace(".", "", 1).isdecimal():
        return None
    per_kg, days = Decimal(share), row["days"]
    product = next((p for p in medicine.products if p.id == row["product"]), None)
    if product is None or type(days) is not int or not 1 <= days <= medicine.max_supply_days:
        return None
    limit = dosing.dose_range(medicine, product.formulation).ceiling
    allowed = isinstance(row["substitution_permitted"], bool) and 0 < per_kg <= limit
    if not allowed:
        return None
    return KeptRegimen(medicine.id, product.id, per_kg, days, row["substitution_permitted"])
