"""The basket on the Treat step: indication, medicines, coded directions, pharmacy, repeat last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workstation.content.catalogue import Catalogue
from workstation.domain import directions, indications
from workstation.domain.directions import DirectedMedicine, Part, Resolved
from workstation.domain.draft import (
    Directed,
    Draft,
    Item,
    ItemKind,
    Key,
    Pharmacy,
    Regimen,
)
from workstation.domain.errors import WorkstationError
from workstation.domain.indications import Indication
from workstation.domain.safety import Level
from workstation.presenters import basket_wording as words
from workstation.presenters import clinical_wording, typed, wording
from workstation.presenters.case import CaseFile, CaseState
from workstation.presenters.jobs import Lane
from workstation.workflow import favourites
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.favourites import Favourite

PARTS = ("product", "strength", "dose", "site", "frequency", "duration")
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BasketItem:
    """One medicine of the basket; ``level`` is the worst open finding about it ("" none)."""

    medicine: str
    title: str
    detail: str
    open: bool
    level: str


@dataclass(frozen=True, slots=True)
class OfferedState:
    """A medicine that may be added; ``note`` says when the use is off-label."""

    medicine: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class DirectedState:
    """The editor of one medicine by directions; texts are ready to paint.

    ``choices`` are (field, label, choices, chosen) of the coded parts in the order shown; a field
    with one choice is left out. ``packs`` is empty for a counted product.
    """

    medicine: str
    title: str
    choices: tuple[tuple[str, str, Choices, str], ...]
    quantity: str
    unit: str
    counted: bool
    days: str
    refills: str
    limits: str
    substitution: bool
    line: str
    attributes: str
    dispense: str
    source: str
    changed: str
    problem: str


@dataclass(frozen=True, slots=True)
class BasketState:
    """Everything of the basket bar, and the editor of the medicine that is open."""

    indication: str
    indications: Choices
    items: tuple[BasketItem, ...]
    offered: tuple[OfferedState, ...]
    open: str
    directed: DirectedState | None
    pharmacy: tuple[str, str, str]
    pharmacy_known: str
    repeat: str
    problem: str
    favourites: tuple[tuple[str, bool], ...] = ()  # (words, the clinic's), in order


LABELS = {
    "product": "Product",
    "strength": "Strength",
    "dose": "Dose",
    "site": "Where",
    "frequency": "How often",
    "duration": "How long",
}


class Basket:
    """The verbs of the basket on the open consultation; every verb is one undo step."""

    def __init__(
        self,
        case: CaseFile,
        propose: Callable[[CaseState], Regimen | None],
        refresh: Callable[[], None],
    ) -> None:
        """``propose`` makes the first regimen of isotretinoin; ``refresh`` shows the screen again."""
        self._case, self._propose, self._refresh = case, propose, refresh
        self._open = ""
        self._problem = ""
        self._kept: tuple[Favourite, ...] = ()

    def forget(self) -> None:
        """Another consultation was opened."""
        self._open = self._problem = ""

    # -- verbs

    def choose_indication(self, icd10: str) -> None:
        """Take another indication; medicines of the basket stay, and are judged for it."""
        state = self._state()
        found = indications.indication_of(self._catalogue.indications, icd10)
        if found is not None:
            before = state.appraisal.decision
            decision = indications.choose(found, before)
            self._put("indication.chosen", [(Key.of(ItemKind.DECISION), decision)])

    def add(self, medicine: str) -> None:
        """Add a medicine with its usual prescription for the indication, and open it."""
        state = self._state()
        self._open, self._problem = medicine, ""
        if medicine == ISOTRETINOIN:
            regimen = self._propose(state)
            if regimen is None:
                self._problem = clinical_wording.weight_note(None, None)
                self._refresh()
                return
            self._put("medicine.added", [(Key.of(ItemKind.REGIMEN, ISOTRETINOIN), regimen)])
            return
        listed = self._listed.get(medicine)
        usual = None if listed is None else listed.usual(_id(self._indication(state)))
        if usual is not None:
            self._put(
                "medicine.added",
                [(Key.of(ItemKind.DIRECTED, medicine), self._offered_form(usual.directed, state))],
            )

    def take(self, item: Directed) -> None:
        """Add an item as it was kept (a favourite); what it held before is replaced."""
        self._open = item.medicine
        self._put("medicine.added", [(Key.of(ItemKind.DIRECTED, item.medicine), item)])

    def load_favourites(self) -> None:
        """Read the user's and the clinic's favourites."""
        self._favourite_job(lambda: None)

    def take_favourite(self, number: int) -> None:
        """Add the ``number``-th favourite to the basket."""
        if 0 <= number < len(self._kept):
            self.take(self._kept[number].item)

    def keep_favourite(self, medicine: str, *, shared: bool) -> None:
        """Keep a medicine of the basket as it is, for the user or for the clinic."""
        item, case = self._item(medicine), self._case
        if item is not None:
            self._favourite_job(
                lambda: favourites.keep(case.desk, case.session, item, shared=shared)
            )

    def forget_favourite(self, number: int) -> None:
        """Take the ``number``-th favourite away."""
        case = self._case
        if 0 <= number < len(self._kept):
            gone = self._kept[number]
            self._favourite_job(lambda: favourites.forget(case.desk, case.session, gone))

    def remove(self, medicine: str) -> None:
        """Take a medicine out of the basket."""
        kind = ItemKind.REGIMEN if medicine == ISOTRETINOIN else ItemKind.DIRECTED
        if self._open == medicine:
            self._open = ""
        self._put("medicine.removed", [(Key.of(kind, medicine), None)])

    def show(self, medicine: str) -> None:
        """Open the editor of a medicine of the basket."""
        self._open, self._problem = medicine, ""
        self._refresh()

    def change(self, medicine: str, part: str, value: str) -> None:
        """Choose a coded part; what no longer fits follows, and so does a counted quantity."""
        item = self._item(medicine)
        listed = self._listed.get(medicine)
        if item is None or listed is None or part not in PARTS:
            return
        chosen: dict[str, Any] = {part: value}
        self._write("directions.set", _fitting(replace(item, **chosen), listed))

    def set_days(self, medicine: str, text: str) -> None:
        """Set the days of one supply."""
        item, listed, days = self._item(medicine), self._listed.get(medicine), _whole(text)
        if item is None or listed is None:
            return
        if days is None or not 1 <= days <= listed.max_supply_days:
            self._say(words.not_days(listed.max_supply_days))
            return
        found = directions.resolve(item, self._listed)
        refills = min(item.refills, directions.refills_allowed(days, listed))
        made = replace(item, days=days, refills=refills)
        self._write(
            "supply.set", made if found is None else directions.with_days(made, found, days)
        )

    def set_refills(self, medicine: str, text: str) -> None:
        """Set the refills, within what days and medicine allow."""
        item, listed, count = self._item(medicine), self._listed.get(medicine), _whole(text)
        if item is None or listed is None:
            return
        most = directions.refills_allowed(item.days, listed)
        if count is None or not 0 <= count <= most:
            self._say(words.not_refills(most))
            return
        self._write("refills.set", replace(item, refills=count))

    def set_quantity(self, medicine: str, text: str) -> None:
        """Set the amount of a product sold in packs."""
        item, quantity = self._item(medicine), typed.parse_number(text)
        found = None if item is None else directions.resolve(item, self._listed)
        if item is None or found is None:
            return
        packs = found.product.packs
        if quantity is None or quantity <= 0 or not directions.packs_of(quantity, packs):
            self._say(words.not_a_quantity(packs, found.product.unit))
            return
        self._write("quantity.set", replace(item, quantity=quantity))

    def set_substitution(self, medicine: str, permitted: bool) -> None:
        """Permit or forbid a generic."""
        item = self._item(medicine)
        if item is not None:
            self._write("substitution.set", replace(item, substitution_permitted=permitted))

    def set_pharmacy(self, name: str, phone: str, address: str) -> None:
        """Record where the patient has it filled; an empty name takes it away."""
        parts = (name.strip(), phone.strip(), address.strip())
        held = Pharmacy(*parts) if parts[0] else None
        self._put("pharmacy.set", [(Key.of(ItemKind.PHARMACY), held)])

    def repeat_last(self) -> None:
        """Fill the basket with what the last visit prescribed."""
        before = self._state().earlier.draft
        if before is not None:
            self._open = next((item.medicine for item in before.directed), self._open)
            self._put("medicine.repeated", _prescribed(before))

    # -- showing

    def proposal(self, state: CaseState) -> list[tuple[Key, Item | None]]:
        """What arriving puts beside the decision: the patient's own pharmacy."""
        known = state.earlier.pharmacy
        if known is None or state.draft.pharmacy is not None:
            return []
        return [(Key.of(ItemKind.PHARMACY), known)]

    def is_isotretinoin_open(self, state: CaseState) -> bool:
        """Whether the form of capsules is shown: isotretinoin is open, or nothing else is there."""
        return self._shown(state) == ISOTRETINOIN

    def panel(self, state: CaseState) -> BasketState:
        """The basket as shown."""
        shown = self._shown(state)
        indication = self._indication(state)
        decision = state.appraisal.decision
        chosen = "" if decision is None else decision.icd10
        pharmacy = state.draft.pharmacy
        offered = indications.offered(self._catalogue.indications, state.consultation.request)
        listed = tuple((one.icd10, f"{one.label} ({one.icd10})") for one in offered)
        if decision is not None and decision.icd10 and indication is None:
            listed = ((decision.icd10, f"{decision.indication} ({decision.icd10})"), *listed)
        return BasketState(
            indication=chosen or (indication.icd10 if indication is not None else ""),
            indications=listed,
            items=self._items(state, shown),
            offered=self._offers(state, indication),
            open=shown,
            directed=self._editor(state, shown),
            pharmacy=("", "", "")
            if pharmacy is None
            else (pharmacy.name, pharmacy.phone, pharmacy.address),
            pharmacy_known=""
            if pharmacy is None or pharmacy != state.earlier.pharmacy
            else "as at the last visit",
            repeat=self._repeat(state),
            problem="" if self._item(shown) is not None else self._problem,
            favourites=tuple((self._favourite(kept), kept.shared) for kept in self._kept),
        )

    # -- inside

    def _favourite_job(self, change: Callable[[], None]) -> None:
        case = self._case

        def work() -> tuple[Favourite, ...]:
            change()
            return favourites.favourites(case.desk, case.session)

        def done(kept: tuple[Favourite, ...]) -> None:
            if kept != self._kept:
                self._kept = kept
                if case.state is not None:
                    self._refresh()

        def failed(error: Exception) -> None:
            if not isinstance(error, WorkstationError):
                raise error
            if case.state is not None:
                self._say(clinical_wording.problem(error.code))

        case.jobs.submit(work, done, failed, Lane.STORE)

    @property
    def _catalogue(self) -> Catalogue:
        return self._case.desk.catalogue

    @property
    def _listed(self) -> Mapping[str, DirectedMedicine]:
        return self._case.desk.catalogue.directed

    def _state(self) -> CaseState:
        state = self._case.state
        assert state is not None, "verbs are offered on an open consultation only"
        return state

    def _indication(self, state: CaseState) -> Indication | None:
        return indications.settled(
            self._catalogue.indications,
            state.consultation.request,
            state.appraisal.decision,
        )

    def _item(self, medicine: str) -> Directed | None:
        found = self._state().draft.get(ItemKind.DIRECTED, medicine)
        return found if isinstance(found, Directed) else None

    def _put(self, label: str, puts: list[tuple[Key, Item | None]]) -> None:
        self._problem = ""
        if self._case.put(label, puts) is None:
            self._refresh()

    def _write(self, label: str, item: Directed) -> None:
        self._put(label, [(Key.of(ItemKind.DIRECTED, item.medicine), item)])

    def _say(self, problem: str) -> None:
        self._problem = problem
        self._refresh()

    def _shown(self, state: CaseState) -> str:
        held = [item.medicine for item in state.draft.directed]
        if self._open in held or (self._open == ISOTRETINOIN and state.appraisal.course):
            return self._open
        if state.appraisal.course:
            return ISOTRETINOIN
        return held[-1] if held else ""

    def _offered_form(self, item: Directed, state: CaseState) -> Directed:
        """A product whose every component may be used for the indication, the usual one first."""
        used = self._indication(state)
        listed = self._listed[item.medicine]
        if used is None or _fits(listed, item.product, used):
            return item
        other = next((p.id for p in listed.products if _fits(listed, p.id, used)), item.product)
        return _fitting(replace(item, product=other), listed)

    def _items(self, state: CaseState, shown: str) -> tuple[BasketItem, ...]:
        items = []
        if state.appraisal.regimen is not None:
            dose = state.appraisal.dose
            detail = "" if dose is None else f"{wording.number(dose.daily)}{words.NBSP}mg a day"
            items.append(
                BasketItem(
                    ISOTRETINOIN,
                    self._catalogue.medicines[ISOTRETINOIN].name,
                    detail,
                    shown == ISOTRETINOIN,
                    _worst(state, (ISOTRETINOIN,)),
                )
            )
        for item in state.draft.directed:
            found = directions.resolve(item, self._listed)
            parts = () if found is None else found.product.components
            detail = "" if found is None else found.frequency.text
            items.append(
                BasketItem(
                    item.medicine,
                    words.item_title(item, found),
                    detail,
                    shown == item.medicine,
                    _worst(state, parts),
                )
            )
        return tuple(items)

    def _offers(self, state: CaseState, used: Indication | None) -> tuple[OfferedState, ...]:
        if used is None:
            return ()
        held = {item.medicine for item in state.draft.directed}
        offers = []
        if ISOTRETINOIN in used.medicines and state.appraisal.regimen is None:
            name = self._catalogue.medicines[ISOTRETINOIN].name
            offers.append(self._offer(ISOTRETINOIN, name, (ISOTRETINOIN,), used))
        for id, listed in self._listed.items():
            product = next((p for p in listed.products if _fits(listed, p.id, used)), None)
            if product is not None and id not in held:
                offers.append(self._offer(id, listed.name, product.components, used))
        return tuple(sorted(offers, key=lambda o: (bool(o.note), o.title.casefold())))

    def _offer(self, id: str, title: str, parts: tuple[str, ...], used: Indication) -> OfferedState:
        off = any(used.is_off_label(part) for part in parts)
        return OfferedState(id, title, words.off_label(used.label) if off else "")

    def _editor(self, state: CaseState, shown: str) -> DirectedState | None:
        item = next((i for i in state.draft.directed if i.medicine == shown), None)
        listed = self._listed.get(shown)
        if item is None or listed is None:
            return None
        found = directions.resolve(item, self._listed)
        product = listed.product(item.product)
        used = self._indication(state)
        usual = listed.usual(_id(used))
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
            changed=self._changed(state, item),
            problem=self._problem or _fault(item, self._listed),
        )

    def _changed(self, state: CaseState, item: Directed) -> str:
        """What differs from the last prescription of the same medicine."""
        before = state.earlier.draft
        last = None if before is None else before.get(ItemKind.DIRECTED, item.medicine)
        if before is None or not isinstance(last, Directed):
            return ""
        on = _day_of(state)
        if last == item:
            return f"same as {on}"
        parts = []
        listed = self._listed[item.medicine]
        for field in PARTS:
            old, new = getattr(last, field), getattr(item, field)
            if old != new:
                parts.append(f"{_named(listed, field, old)} \u2192 {_named(listed, field, new)}")
        for field, unit in (("quantity", ""), ("days", " days"), ("refills", " refills")):
            old, new = getattr(last, field), getattr(item, field)
            if old != new:
                parts.append(f"{wording.number(old)} \u2192 {wording.number(new)}{unit}")
        return f"since {on}: {', '.join(parts)}" if parts else f"since {on}: substitution"

    def _favourite(self, kept: Favourite) -> str:
        found = directions.resolve(kept.item, self._listed)
        said = "" if found is None else f", {found.frequency.text}"
        return f"{words.item_title(kept.item, found)}{said}"

    def _repeat(self, state: CaseState) -> str:
        before = state.earlier.draft
        if before is None:
            return ""
        puts = _prescribed(before)
        if not puts or all(state.draft.items.get(key) == item for key, item in puts):
            return ""
        return f"Repeat {_day_of(state)}"


def _prescribed(draft: Draft) -> list[tuple[Key, Item | None]]:
    kinds = {ItemKind.REGIMEN.value, ItemKind.DIRECTED.value}
    return [(key, item) for key, item in draft.items.items() if key.kind in kinds]


def _day_of(state: CaseState) -> str:
    on = state.earlier.on
    return "the last visit" if on is None else clinical_wording.day(on)


def _worst(state: CaseState, parts: tuple[str, ...]) -> str:
    levels = [
        f.level for f in state.appraisal.evaluation.findings if f.is_open and f.medicine in parts
    ]
    worst = max(levels, default=Level.OK)
    return "" if worst < Level.WARN else worst.name.lower()


def _fits(listed: DirectedMedicine, product: str, used: Indication) -> bool:
    found = listed.product(product)
    return found is not None and set(found.components) <= set(used.medicines)


def _fitting(item: Directed, listed: DirectedMedicine) -> Directed:
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
        (field, LABELS[field], choices, getattr(item, field))
        for field, choices in parts.items()
        if len(choices) > 1 or getattr(item, field) not in dict(choices)
    )


def _part_choices(parts: tuple[Part, ...]) -> Choices:
    return tuple((p.id, p.text.lstrip(",; ") or "no limit said") for p in parts)


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
    return text.lstrip(",; ") or "no limit said"


def _attributes(item: Directed, found: Resolved | None) -> str:
    if found is None:
        return ""
    return (
        f" \u2014 {item.strength} \u2014 {found.product.form} \u2014 {found.product.route} \u2014 "
    )


def _fault(item: Directed, listed: Mapping[str, DirectedMedicine]) -> str:
    codes = directions.faults(item, listed)
    return f"{words.fault(codes[0])[0]}." if codes else ""


def _id(indication: Indication | None) -> str:
    return "" if indication is None else indication.id


def _whole(text: str) -> int | None:
    number = typed.parse_number(text)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)
