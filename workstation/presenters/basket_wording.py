"""Sentences of the basket: what a pack is, what a page still lacks and where that is set right."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from workstation.domain import directions
from workstation.domain.directions import DirectedMedicine, DirectedProduct, Resolved
from workstation.domain.draft import Directed
from workstation.language import Sentence, noted, stored, tr
from workstation.presenters import wording

NBSP = "\u00a0"
DESK, INTAKE, SETTINGS = "desk", "intake", "settings"
WHERE = MappingProxyType(
    {
        DESK: noted("Set it in the prescription on this screen."),
        INTAKE: noted(
            "It comes with the patient\u2019s data: ask the patient, then enter it in the record."
        ),
        SETTINGS: noted("It is set in Settings, account or clinic."),
    }
)
# code -> (what it says, where it is set right)
FAULTS: Mapping[str, tuple[Sentence, str]] = MappingProxyType(
    {
        directions.PRODUCT: (noted("The formulary does not hold this product"), DESK),
        directions.STRENGTH: (noted("This product does not come in this strength"), DESK),
        directions.DIRECTIONS: (noted("The directions do not fit the product"), DESK),
        directions.QUANTITY: (noted("Quantity, directions and days do not agree"), DESK),
        directions.PACK: (noted("No packs make this quantity"), DESK),
        directions.DAYS: (noted("The supply is longer than allowed"), DESK),
        directions.REFILL: (noted("More refills than allowed"), DESK),
        directions.TOTAL: (noted("Supply and refills together are longer than allowed"), DESK),
        directions.DAILY: (noted("The daily dose is above the limit"), DESK),
        "RX-ISO-DAYS": (noted("The supply is longer than the REMS allows"), DESK),
        "RX-ISO-REFILL": (noted("The REMS allows no refills"), DESK),
        "RX-NPI-LUHN": (noted("The prescriber\u2019s NPI has a wrong digit"), SETTINGS),
        "RX-MISSING-allergies": (noted("Allergies are not recorded"), DESK),
        "RX-MISSING-strength": (noted("This product does not come in this strength"), DESK),
        "RX-MISSING-sig": (noted("Directions are missing"), DESK),
        "RX-MISSING-drug": (noted("The medicine is missing"), DESK),
        "RX-MISSING-form": (noted("The form of the medicine is missing"), DESK),
        "RX-MISSING-route": (noted("The route is missing"), DESK),
        "RX-MISSING-quantity": (noted("The quantity is missing"), DESK),
        "RX-MISSING-days_supply": (noted("The days of supply are missing"), DESK),
        "RX-MISSING-refills": (noted("The refills are missing"), DESK),
        "RX-MISSING-issue_date": (noted("The date of issue is missing"), DESK),
        "RX-MISSING-patient_name": (noted("The patient\u2019s name is not recorded"), INTAKE),
        "RX-MISSING-patient_address": (noted("The patient\u2019s address is not recorded"), INTAKE),
        "RX-MISSING-patient_dob": (
            noted("The patient\u2019s date of birth is not recorded"),
            INTAKE,
        ),
        "RX-MISSING-prescriber_name": (
            noted("The prescriber\u2019s name is not recorded"),
            SETTINGS,
        ),
        "RX-MISSING-prescriber_address": (
            noted("The clinic\u2019s address is not recorded"),
            SETTINGS,
        ),
        "RX-MISSING-prescriber_phone": (noted("The clinic\u2019s phone is not recorded"), SETTINGS),
        "RX-MISSING-prescriber_license": (
            noted("No license of the patient\u2019s state is recorded"),
            SETTINGS,
        ),
        "RX-MISSING-prescriber_npi": (noted("The prescriber\u2019s NPI is not recorded"), SETTINGS),
    }
)


def fault(code: str) -> tuple[str, str]:
    """(what a code says, where it is set right) of what a page lacks."""
    said, where = FAULTS.get(code, (noted("The directions hold a form that causes errors"), DESK))
    return tr(said), tr(WHERE[where])


def item_title(item: Directed, found: Resolved | None) -> str:
    """``spironolactone 50 mg tablet``; brands carry their own name."""
    if found is None:
        return f"{item.medicine.replace('_', ' ')} {item.strength}"
    first = found.medicine.name.split()[0]
    if item.strength.startswith(first):  # a strength that names its parts says the medicine too
        return f"{item.strength} {found.product.form}"
    name = product_name(found.medicine, found.product)
    return f"{name} {item.strength.replace(' ', NBSP)}"


def product_name(medicine: DirectedMedicine, product: DirectedProduct) -> str:
    """The product as a list shows it: a brand with the medicine it holds."""
    if product.brand and medicine.name.casefold() not in product.name.casefold():
        return f"{product.name} ({medicine.name} {product.form})"
    return product.name


def quantity(item: Directed, found: Resolved) -> str:
    """``30 tablets`` or ``45 g (1 x 45 g)``."""
    unit = found.product.unit
    plural = f"{unit}s" if unit in ("tablet", "capsule") and item.quantity != 1 else unit
    said = f"{wording.number(item.quantity)}{NBSP}{plural}"
    packs = directions.packs_of(item.quantity, found.product.packs)
    if not packs:
        return said
    made = " + ".join(
        f"{n}{NBSP}\u00d7{NBSP}{wording.number(size)}{NBSP}{unit}" for n, size in packs
    )
    return f"{said} ({made})"


def refills(count: int) -> str:
    """``0 (zero)``, or the number."""
    return "0 (zero)" if count == 0 else str(count)


def dispense(item: Directed, found: Resolved) -> str:
    """What the pharmacy hands out, in one line, as it will print."""
    permitted = (
        stored("Generic permitted.")
        if item.substitution_permitted
        else stored("Dispense as written.")
    )
    return stored(
        "Dispense {quantity}. {days}\u00a0days. Refills {refills}. {permitted}",
        quantity=quantity(item, found),
        days=item.days,
        refills=refills(item.refills),
        permitted=permitted,
    )


def supply_limit(medicine: DirectedMedicine) -> str:
    """The limits of supply and refills, said beside the fields."""
    whole = ""
    if medicine.max_total_days < medicine.max_supply_days * (1 + medicine.max_refills):
        whole = tr(", {max_total_days}\u00a0days in all", max_total_days=medicine.max_total_days)
    return tr(
        "at most {max_supply_days}\u00a0days, {max_refills} refills{whole}",
        max_supply_days=medicine.max_supply_days,
        max_refills=medicine.max_refills,
        whole=whole,
    )


def off_label(label: str) -> str:
    """Beside a medicine that is used beside its label."""
    return tr("off-label for {label}", label=label[:1].lower() + label[1:])


def not_a_quantity(packs: tuple[Decimal, ...], unit: str) -> str:
    """The quantity field does not hold packs that are sold."""
    sizes = ", ".join(wording.number(size) for size in packs)
    return tr("No packs make that. Sold in packs of {sizes}\u00a0{unit}.", sizes=sizes, unit=unit)


def not_days(most: int) -> str:
    """The days field does not hold a possible supply."""
    return tr("The supply is 1 to {most}\u00a0days.", most=most)


def not_refills(most: int) -> str:
    """The refills field does not hold a possible number."""
    if most == 0:
        return tr("No refill fits: with one the whole would be longer than allowed.")
    return tr("Refills are 0 to {most} for these days.", most=most)
