"""The editor of one medicine by directions: its coded parts, its line, what changed since last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workstation.domain import directions
from workstation.domain.directions import DirectedMedicine, Part, Resolved
from workstation.domain.draft import Directed, ItemKind
from workstation.domain.indications import Indication
from workstation.language import noted, tr
from workstation.presenters import basket_wording as words
from workstation.presenters import clinical_wording, wording
from workstation.presenters.basket_state import PARTS, Choices, DirectedState
from workstation.presenters.case_state import CaseState

Formulary = Mapping[str, DirectedMedicine]
LABELS = {
    "product": noted("Product"),
    "strength": noted("Strength"),
    "dose": noted("Dose"),
    "site": noted("Where"),
    "frequency": noted("How often"),
    "duration": noted("How long"),
}


def editor(
    state: CaseState, shown: str, formulary: Formulary, used: Indication | None, problem: str
) -> DirectedState | None:
    """The editor of the medicine ``shown`` for an indication; None when it is none by directions."""
    item = next((i for i in state.draft.directed if i.medicine == shown), None)
    listed = formulary.get(shown)
    if item is None or listed is None:
        return None
    found = directions.resolve(item, formulary)
    product = listed.product(item.product)
    usual = listed.usual("" if used is None else used.id)
    return DirectedState(
        medicine=shown,
        title=words.item_title(item, found),
        choices=_choices(item, listed),
        quantity=wording.number(item.quantity),
        unit=product.unit if product is not None else "",
        counted=product is not None and product.counted,
        days=str(item.days),
        refills=str(item.refills),
        limits=words.supply_limit(listed),
        substitution=item.substitution_permitted,
        line="" if found is None else directions.sentence(item, found),
        attributes=_attributes(item, found),
        dispense="" if found is None else words.dispense(item, found),
        source="" if usual is None else f"{usual.source.citation} ({usual.source.tag.value})",
        changed=_changed(state, item, formulary),
        problem=problem or _fault(item, formulary),
    )


def _changed(state: CaseState, item: Directed, formulary: Formulary) -> str:
    """What differs from the last prescription of the same medicine."""
    before = state.earlier.draft
    last = None if before is None else before.get(ItemKind.DIRECTED, item.medicine)
    if before is None or not isinstance(last, Directed):
        return ""
    on = day_of(state)
    if last == item:
        return tr("same as {on}", on=on)
    parts = []
    listed = formulary[item.medicine]
    for field in PARTS:
        old, new = getattr(last, field), getattr(item, field)
        if old != new:
            parts.append(f"{_named(listed, field, old)} \u2192 {_named(listed, field, new)}")
    for field, unit in (("quantity", ""), ("days", tr(" days")), ("refills", tr(" refills"))):
        old, new = getattr(last, field), getattr(item, field)
        if old != new:
            parts.append(f"{wording.number(old)} \u2192 {wording.number(new)}{unit}")
    return (
        tr("since {on}: {parts}", on=on, parts=", ".join(parts))
        if parts
        else tr("since {on}: substitution", on=on)
    )


def day_of(state: CaseState) -> str:
    """The day of the last visit that prescribed."""
    on = state.earlier.on
    return tr("the last visit") if on is None else clinical_wording.day(on)


def fits(listed: DirectedMedicine, product: str, used: Indication) -> bool:
    """Whether every component of a product may be used for the indication."""
    found = listed.product(product)
    return found is not None and set(found.components) <= set(used.medicines)


def fitting(item: Directed, listed: DirectedMedicine) -> Directed:
    """The item with parts that its product allows, and the quantity that follows."""
    product = listed.product(item.product)
    if product is None:
        return item
    strength = item.strength if item.strength in product.strengths else product.strengths[0]
    doses = tuple(p for p in listed.doses if p.form in ("", product.form))
    dose = item.dose if any(p.id == item.dose for p in doses) else doses[0].id
    made = replace(item, strength=strength, dose=dose)
    found = directions.resolve(made, {listed.id: listed})
    if found is None:
        return made
    if product.counted:
        return directions.with_days(made, found, made.days)
    if not directions.packs_of(made.quantity, product.packs):
        return replace(made, quantity=product.packs[-1])
    return made


def _choices(item: Directed, listed: DirectedMedicine) -> tuple[tuple[str, str, Choices, str], ...]:
    product = listed.product(item.product)
    form = "" if product is None else product.form
    strengths = () if product is None else product.strengths
    parts: dict[str, Choices] = {
        "product": tuple((p.id, words.product_name(listed, p)) for p in listed.products),
        "strength": tuple((s, s) for s in strengths),
        "dose": _part_choices(tuple(p for p in listed.doses if p.form in ("", form))),
        "site": _part_choices(listed.sites),
        "frequency": _part_choices(listed.frequencies),
        "duration": _part_choices(listed.durations),
    }
    return tuple(
        (field, tr(LABELS[field]), choices, getattr(item, field))
        for field, choices in parts.items()
        if len(choices) > 1 or getattr(item, field) not in dict(choices)
    )


def _part_choices(parts: tuple[Part, ...]) -> Choices:
    return tuple((p.id, p.text.lstrip(",; ") or tr("no limit said")) for p in parts)


def _named(listed: DirectedMedicine, field: str, id: str) -> str:
    if field == "strength":
        return id
    if field == "product":
        product = listed.product(id)
        return id if product is None else product.name
    parts = {"dose": listed.doses, "site": listed.sites, "frequency": listed.frequencies}.get(
        field, listed.durations
    )
    text = next((p.text for p in parts if p.id == id), id)
    return text.lstrip(",; ") or tr("no limit said")


def _attributes(item: Directed, found: Resolved | None) -> str:
    if found is None:
        return ""
    return (
        f" \u2014 {item.strength} \u2014 {found.product.form} \u2014 {found.product.route} \u2014 "
    )


def _fault(item: Directed, listed: Formulary) -> str:
    codes = directions.faults(item, listed)
    return f"{words.fault(codes[0])[0]}." if codes else ""
