"""The basket on the Treat step: indication, medicines, coded directions, pharmacy, repeat last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workstation.content.catalogue import Catalogue
from workstation.domain import directions, indications
from workstation.domain.directions import DirectedMedicine
from workstation.domain.draft import Directed, Draft, Item, ItemKind, Key, Pharmacy, Regimen
from workstation.domain.indications import Indication
from workstation.domain.safety import Level
from workstation.language import of_content, tr
from workstation.presenters import basket_wording as words
from workstation.presenters import dose_words, typed, wording
from workstation.presenters.basket_editor import day_of, editor, fits, fitting
from workstation.presenters.basket_favourites import Favourites
from workstation.presenters.basket_state import PARTS, BasketItem, BasketState, OfferedState
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState
from workstation.workflow.appraisal import ISOTRETINOIN


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
        self.favourites = Favourites(case, self.take, self._say, refresh)

    def forget(self) -> None:
        """Another consultation was opened."""
        self._open = self._problem = ""

    # -- verbs

    def choose_indication(self, icd10: str) -> None:
        """Take another indication; medicines of the basket stay, and are judged for it."""
        state = self._case.present
        found = indications.indication_of(self._catalogue.indications, icd10)
        if found is not None:
            before = state.appraisal.decision
            decision = indications.choose(found, before)
            self._put("indication.chosen", [(Key.of(ItemKind.DECISION), decision)])

    def add(self, medicine: str) -> None:
        """Add a medicine with its usual prescription for the indication, and open it."""
        state = self._case.present
        self._open, self._problem = medicine, ""
        if medicine == ISOTRETINOIN:
            regimen = self._propose(state)
            if regimen is None:
                self._problem = dose_words.weight_note(None, None)
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

    def take(self, item: Directed | Regimen) -> None:
        """Add an item as it was kept (a favourite); what it held before is replaced."""
        self._open = item.medicine
        kind = ItemKind.REGIMEN if isinstance(item, Regimen) else ItemKind.DIRECTED
        self._put("medicine.added", [(Key.of(kind, item.medicine), item)])

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
        self._write("directions.set", fitting(replace(item, **chosen), listed))

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
        before = self._case.present.earlier.draft
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
        listed = tuple((one.icd10, f"{of_content(one.label)} ({one.icd10})") for one in offered)
        if decision is not None and decision.icd10 and indication is None:
            listed = (
                (decision.icd10, f"{of_content(decision.indication)} ({decision.icd10})"),
                *listed,
            )
        return BasketState(
            indication=chosen or (indication.icd10 if indication is not None else ""),
            indications=listed,
            items=self._items(state, shown),
            offered=self._offers(state, indication),
            open=shown,
            directed=editor(state, shown, self._listed, indication, self._problem),
            pharmacy=("", "", "")
            if pharmacy is None
            else (pharmacy.name, pharmacy.phone, pharmacy.address),
            pharmacy_known=""
            if pharmacy is None or pharmacy != state.earlier.pharmacy
            else tr("as at the last visit"),
            repeat=self._repeat(state),
            problem="" if self._item(shown) is not None else self._problem,
            favourites=self.favourites.shown(),
        )

    # -- inside

    @property
    def _catalogue(self) -> Catalogue:
        return self._case.desk.catalogue

    @property
    def _listed(self) -> Mapping[str, DirectedMedicine]:
        return self._case.desk.catalogue.directed

    def _indication(self, state: CaseState) -> Indication | None:
        return indications.settled(
            self._catalogue.indications,
            state.consultation.request,
            state.appraisal.decision,
        )

    def _item(self, medicine: str) -> Directed | None:
        found = self._case.present.draft.get(ItemKind.DIRECTED, medicine)
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
        if used is None or fits(listed, item.product, used):
            return item
        other = next((p.id for p in listed.products if fits(listed, p.id, used)), item.product)
        return fitting(replace(item, product=other), listed)

    def _items(self, state: CaseState, shown: str) -> tuple[BasketItem, ...]:
        items = []
        if state.appraisal.regimen is not None:
            dose = state.appraisal.dose
            detail = (
                ""
                if dose is None
                else tr("{daily}\u00a0mg a day", daily=wording.number(dose.daily))
            )
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
            product = next((p for p in listed.products if fits(listed, p.id, used)), None)
            if product is not None and id not in held:
                offers.append(self._offer(id, listed.name, product.components, used))
        return tuple(sorted(offers, key=lambda o: (bool(o.note), o.title.casefold())))

    def _offer(self, id: str, title: str, parts: tuple[str, ...], used: Indication) -> OfferedState:
        off = any(used.is_off_label(part) for part in parts)
        return OfferedState(id, title, words.off_label(of_content(used.label)) if off else "")

    def _repeat(self, state: CaseState) -> str:
        before = state.earlier.draft
        if before is None:
            return ""
        puts = _prescribed(before)
        if not puts or all(state.draft.items.get(key) == item for key, item in puts):
            return ""
        return tr("Repeat {day_of}", day_of=day_of(state))


def _prescribed(draft: Draft) -> list[tuple[Key, Item | None]]:
    kinds = {ItemKind.REGIMEN.value, ItemKind.DIRECTED.value}
    return [(key, item) for key, item in draft.items.items() if key.kind in kinds]


def _worst(state: CaseState, parts: tuple[str, ...]) -> str:
    levels = [
        f.level for f in state.appraisal.evaluation.findings if f.is_open and f.medicine in parts
    ]
    worst = max(levels, default=Level.OK)
    return "" if worst < Level.WARN else worst.name.lower()


def _id(indication: Indication | None) -> str:
    return "" if indication is None else indication.id


def _whole(text: str) -> int | None:
    number = typed.parse_number(text)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)
