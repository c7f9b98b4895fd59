"""Medicines prescribed by directions: coded parts, the sentence they make, quantity, days, refills.

A medicine whose dose is not worked out from body weight is prescribed by choosing coded parts (dose,
place, how often, how long) of the formulary. Everything here is arithmetic over those parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from workstation.domain.dates import add_days
from workstation.domain.draft import Directed
from workstation.domain.explain import Source
from workstation.domain.units import plain

MILLIGRAMS = " mg"
PRODUCT, STRENGTH, DIRECTIONS, QUANTITY, PACK, DAYS, REFILL, TOTAL, DAILY = (
    "RX-MEDICINE-PRODUCT",
    "RX-MEDICINE-STRENGTH",
    "RX-MEDICINE-DIRECTIONS",
    "RX-QTY-MISMATCH",
    "RX-QTY-PACK",
    "RX-MEDICINE-DAYS",
    "RX-MEDICINE-REFILL",
    "RX-MEDICINE-TOTAL",
    "RX-MEDICINE-DAILY",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One coded part of directions. ``units`` are product units of one dose; ``times`` doses a day.

    Both are None where nothing is counted: an amount of cream, a place, a length of time. ``form``
    limits a dose to products of that form ("": any).
    """

    id: str
    text: str
    units: Decimal | None = None
    times: Decimal | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class DirectedProduct:
    """One product: ``components`` are the medicines whose rules are asked for it.

    ``counts_as`` are the answers of *Medicines now* that somebody who uses it would give;
    ``properties`` what allergies and illnesses are compared with. ``packs`` are the sizes sold in
    ``unit`` (g, mL, tablet); a counted product has none and is dispensed by the unit.
    """

    id: str
    name: str
    brand: bool
    form: str
    route: str
    strengths: tuple[str, ...]
    unit: str
    packs: tuple[Decimal, ...]
    components: tuple[str, ...]
    counts_as: tuple[str, ...]
    properties: tuple[str, ...]
    source: Source

    @property
    def counted(self) -> bool:
        """Whether the quantity follows from doses and days."""
        return not self.packs


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual prescription for one indication; the form is filled with it."""

    indication: str
    directed: Directed
    source: Source


@dataclass(frozen=True, slots=True)
class DirectedMedicine:
    """A medicine of the formulary with its products, coded parts and limits (days, refills)."""

    id: str
    name: str  # tall-man where the list says so
    verb: str
    products: tuple[DirectedProduct, ...]
    doses: tuple[Part, ...]
    sites: tuple[Part, ...]
    frequencies: tuple[Part, ...]
    durations: tuple[Part, ...]
    usuals: tuple[Usual, ...]
    max_supply_days: int
    max_refills: int
    max_total_days: int  # with all refills
    max_daily: Decimal | None  # mg a day of a counted product
    advice: str  # what stands at the end of the directions
    source: Source

    def product(self, id: str) -> DirectedProduct | None:
        """The product with that id."""
        for product in self.products:
            if product.id == id:
                return product
        return None

    def usual(self, indication: str) -> Usual | None:
        """The usual prescription for an indication; the first one when it names none."""
        named = next((u for u in self.usuals if u.indication == indication), None)
        return named or next(iter(self.usuals), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every prescription that is not under a REMS; days from the date of issue."""

    first_fill_days: int
    waived_share: Decimal  # of the times a rule fires; above it the rule is listed
    source: Source

    def last_fill(self, issued: date) -> date:
        """The last day on which the first supply may be dispensed."""
        return add_days(issued, self.first_fill_days)

    def often_waived(self, waived: int, fired: int) -> bool:
        """Whether a rule is reasoned away so often that somebody should look at it."""
        return waived > self.waived_share * fired


@dataclass(frozen=True, slots=True)
class Resolved:
    """A directed item with its parts looked up; ``per_day`` is units a day, None if not counted."""

    medicine: DirectedMedicine
    product: DirectedProduct
    dose: Part
    site: Part
    frequency: Part
    duration: Part
    per_day: Decimal | None


def resolve(item: Directed, medicines: Mapping[str, DirectedMedicine]) -> Resolved | None:
    """The parts of an item; None when the formulary does not hold one of them."""
    medicine = medicines.get(item.medicine)
    product = None if medicine is None else medicine.product(item.product)
    if medicine is None or product is None:
        return None
    dose, site = _part(medicine.doses, item.dose), _part(medicine.sites, item.site)
    often, long = (
        _part(medicine.frequencies, item.frequency),
        _part(medicine.durations, item.duration),
    )
    if dose is None or site is None or often is None or long is None:
        return None
    if dose.form not in ("", product.form):
        return None
    counted = product.counted and dose.units is not None and often.times is not None
    per_day = dose.units * often.times if counted and dose.units and often.times else None
    return Resolved(medicine, product, dose, site, often, long, per_day)


def sentence(item: Directed, found: Resolved) -> str:
    """The whole instruction to the patient in plain English, with its full stop."""
    amount = found.dose.text
    milligrams = dose_amount(item, found)
    if milligrams:
        amount = f"{amount} ({milligrams})"
    words = (found.medicine.verb, amount, found.site.text, found.frequency.text)
    said = " ".join(word for word in words if word)
    for more in (found.duration.text, found.medicine.advice):
        if more:
            said = f"{said}{'' if more.startswith((',', ';')) else ' '}{more}"
    return f"{said}."


def dose_words(item: Directed, found: Resolved) -> str:
    """The dose line: ``50 mg once daily``, or the amount where milligrams say nothing."""
    amount = dose_amount(item, found)
    if not amount:
        return found.dose.text
    return f"{amount} {found.frequency.text}"


def dose_amount(item: Directed, found: Resolved) -> str:
    """Milligrams of one dose of a counted product, or ""."""
    milligrams, units = _milligrams(item.strength), found.dose.units
    if milligrams is None or units is None:
        return ""
    whole, _, rest = plain(milligrams * units).partition(".")
    return f"{int(whole):,}{'.' + rest if rest else ''}{MILLIGRAMS}"


def daily_amount(item: Directed, found: Resolved) -> Decimal | None:
    """Milligrams a day of a counted product; None where the strength is no single amount."""
    milligrams = _milligrams(item.strength)
    return None if milligrams is None or found.per_day is None else milligrams * found.per_day


def needed(found: Resolved, days: int) -> Decimal | None:
    """Units for ``days``, a started unit counts whole; None for a product sold in packs."""
    if found.per_day is None:
        return None
    return (found.per_day * days).to_integral_value(rounding=ROUND_CEILING)


def packs_of(quantity: Decimal, packs: tuple[Decimal, ...]) -> tuple[tuple[int, Decimal], ...]:
    """``quantity`` as (count, size) of the fewest packs, large ones first; empty when it cannot be."""
    ways: dict[Decimal, tuple[Decimal, ...]] = {Decimal(0): ()}
    frontier = [Decimal(0)]
    while frontier and quantity not in ways:
        reached: dict[Decimal, tuple[Decimal, ...]] = {}
        for total in frontier:
            for size in sorted(packs, reverse=True):
                after = total + size
                if size > 0 and after <= quantity and after not in ways:
                    reached.setdefault(after, (*ways[total], size))
        ways.update(reached)
        frontier = list(reached)
    made = ways.get(quantity, ())
    return tuple((made.count(size), size) for size in sorted(set(made), reverse=True))


def with_days(item: Directed, found: Resolved, days: int) -> Directed:
    """The item for ``days``; a counted product's quantity follows."""
    quantity = needed(found, days)
    return replace(item, days=days, quantity=item.quantity if quantity is None else quantity)


def faults(
    item: Directed, medicines: Mapping[str, DirectedMedicine], found: Resolved | None = None
) -> tuple[str, ...]:
    """Codes of what the formulary's rules forbid about an item; empty when it may be written.

    ``found`` are its parts where they were looked up already.
    """
    medicine = medicines.get(item.medicine)
    product = None if medicine is None else medicine.product(item.product)
    if medicine is None or product is None:
        return (PRODUCT,)
    found = found or resolve(item, medicines)
    codes = []
    if item.strength not in product.strengths:
        codes.append(STRENGTH)
    if found is None:
        codes.append(DIRECTIONS)
    else:
        codes.extend(_quantity(item, found))
        daily = daily_amount(item, found)
        if medicine.max_daily is not None and (daily is None or daily > medicine.max_daily):
            codes.append(DAILY)
    if not 1 <= item.days <= medicine.max_supply_days:
        codes.append(DAYS)
    if not 0 <= item.refills <= medicine.max_refills:
        codes.append(REFILL)
    elif item.days * (1 + item.refills) > medicine.max_total_days:
        codes.append(TOTAL)
    return tuple(codes)


def refills_allowed(days: int, medicine: DirectedMedicine) -> int:
    """The most refills that ``days`` a supply leave within the medicine's whole length."""
    if days < 1:
        return 0
    return max(0, min(medicine.max_refills, medicine.max_total_days // days - 1))


def components_of(
    items: tuple[Directed, ...], medicines: Mapping[str, DirectedMedicine]
) -> tuple[str, ...]:
    """Medicines whose rules are asked for the items, each once, in the order of the basket."""
    named = (
        c for item in items for product in _product(item, medicines) for c in product.components
    )
    return tuple(dict.fromkeys(named))


def taken_with(
    items: tuple[Directed, ...], medicines: Mapping[str, DirectedMedicine]
) -> tuple[str, ...]:
    """What the basket adds to the medicines somebody takes, as answers of *Medicines now*."""
    named = (
        c for item in items for product in _product(item, medicines) for c in product.counts_as
    )
    return tuple(dict.fromkeys(named))


def properties_of(
    items: tuple[Directed, ...], medicines: Mapping[str, DirectedMedicine]
) -> tuple[str, ...]:
    """Properties of the chosen products that allergies and illnesses are compared with."""
    named = (
        c for item in items for product in _product(item, medicines) for c in product.properties
    )
    return tuple(dict.fromkeys(named))


def _product(
    item: Directed, medicines: Mapping[str, DirectedMedicine]
) -> tuple[DirectedProduct, ...]:
    medicine = medicines.get(item.medicine)
    product = None if medicine is None else medicine.product(item.product)
    return () if product is None else (product,)


def _milligrams(strength: str) -> Decimal | None:
    number = strength.removesuffix(MILLIGRAMS).replace(",", "")
    single = strength.endswith(MILLIGRAMS) and number.replace(".", "", 1).isdigit()
    return Decimal(number) if single else None


def _quantity(item: Directed, found: Resolved) -> tuple[str, ...]:
    if found.product.counted:
        wanted = needed(found, item.days)
        return () if wanted is not None and wanted == item.quantity else (QUANTITY,)
    return () if item.quantity > 0 and packs_of(item.quantity, found.product.packs) else (PACK,)


def _part(parts: tuple[Part, ...], id: str) -> Part | None:
    for part in parts:
        if part.id == id:
            return part
    return None
