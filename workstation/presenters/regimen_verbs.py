"""The verbs of an isotretinoin regimen: product, dose, capsules, days, substitution and weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workstation.domain import dosing, supply_taken
from workstation.domain import stock as stocks
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import Edit, Item, ItemKind, Key, Regimen
from workstation.domain.facts import FactValue
from workstation.presenters import dose_words, typed
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState
from workstation.presenters.recording import Recording
from workstation.workflow.appraisal import ISOTRETINOIN

WEIGHT, WEIGHED = "patient.weight", "patient.weight_on"


class RegimenVerbs:
    """Every verb is one undo step; ``problem`` is the sentence about the last one refused."""

    def __init__(self, case: CaseFile, recording: Recording, refresh: Callable[[], None]) -> None:
        self._case, self._recording, self._refresh = case, recording, refresh
        self.problem = ""
        self._doubted: Decimal | None = None  # a weight far from the last, typed once
        self._beyond: Decimal | None = None  # a dose that the kept strengths cannot make, likewise

    def forget(self) -> None:
        """Another consultation was opened."""
        self.problem, self._doubted, self._beyond = "", None, None

    def first(self, state: CaseState) -> Regimen | None:
        """What the form starts with; None without a weight."""
        return self._proposed_regimen(state, weight_of(state)[0])

    def set_product(self, product: str) -> None:
        """Take another product; the dose is kept when its strengths can make it."""
        state = self._case.present
        found = next((p for p in self._medicine.products if p.id == product), None)
        regimen = state.appraisal.regimen
        if found is None:
            return
        weight = weight_of(state)[0]
        if regimen is None and weight is None:
            return
        daily = (
            regimen.daily
            if regimen is not None and regimen.formulation == found.formulation
            else stocks.proposed_daily(
                weight or Decimal(1), self._medicine, found, _of_course(state), self._stock
            )
        )
        self._set_regimen("product.chosen", self._regimen(found, daily, regimen))

    def set_daily(self, text: str) -> None:
        """Set the daily dose in mg; an impossible one is said with the nearest possible."""
        state = self._case.present
        regimen = state.appraisal.regimen
        daily = typed.parse_number(text)
        if regimen is None:
            return
        if daily is None or daily <= 0:
            self._say(dose_words.not_a_dose(text))
            return
        self._set_dose(regimen, daily)

    def nudge_daily(self, steps: int) -> None:
        """Move the dose to the next (or previous) one that capsules can make."""
        state = self._case.present
        regimen = state.appraisal.regimen
        if regimen is None:
            return
        kept = self._stock.of(self._product(regimen))
        daily = dosing.next_possible(regimen.daily, kept, up=steps > 0)
        if daily is not None:
            self._set_dose(regimen, daily)

    def set_per_kg(self, wanted: float) -> None:
        """Take the makeable dose nearest to ``wanted`` mg/kg a day (the ladder was clicked)."""
        state = self._case.present
        regimen, weight = state.appraisal.regimen, weight_of(state)[0]
        if regimen is None or weight is None:
            return
        target = (Decimal(str(wanted)) * weight).quantize(Decimal(1))
        possible = dosing.nearest_possible(target, self._stock.of(self._product(regimen)))
        if possible:
            self._set_dose(regimen, min(possible, key=lambda dose: abs(dose - target)))

    def choose_combination(self, index: int) -> None:
        """Take the ``index``-th way to make the dose."""
        state = self._case.present
        regimen = state.appraisal.regimen
        if regimen is None or not 0 <= index < len(state.appraisal.combinations):
            return
        combination = state.appraisal.combinations[index]
        self._set_regimen(
            "combination.chosen",
            replace(regimen, morning=combination.morning, evening=combination.evening),
        )

    def set_supply_days(self, text: str) -> None:
        """Set the days of supply; more than the limit is said and not taken."""
        regimen = self._case.present.appraisal.regimen
        days = typed.parse_number(text)
        if regimen is None:
            return
        if days is None or days != int(days) or not 0 < days <= self._medicine.max_supply_days:
            self._say(dose_words.not_a_supply(self._medicine.max_supply_days))
            return
        self._set_regimen("supply.set", replace(regimen, supply_days=int(days)))

    def set_substitution(self, permitted: bool) -> None:
        """Permit or forbid substitution by the pharmacy."""
        regimen = self._case.present.appraisal.regimen
        if regimen is not None:
            self._set_regimen(
                "substitution.set", replace(regimen, substitution_permitted=permitted)
            )

    def set_weight(self, text: str) -> None:
        """Record today's weight in kg."""
        weight = typed.parse_number(text)
        if weight is None or weight <= 0:
            self._say(dose_words.not_a_weight(text))
            return
        last = max(_of_course(self._case.present), key=lambda d: d.on, default=None)
        moved = last is not None and dosing.weight_moved(last.weight, weight, self._medicine)
        if last is not None and moved and weight != self._doubted:
            self._doubted = weight
            self._say(dose_words.weight_moves(last.weight, weight))
            return
        self._doubted = None
        self.record_weight(weight, self._case.desk.clock.today())

    def record_weight(self, weight: Decimal, measured: date) -> str:
        """Record a weight in kg with the day it was measured; the first one brings a dose."""
        values: dict[str, FactValue] = {WEIGHT: weight, WEIGHED: measured}
        refused = (
            dose_words.not_a_weight(str(weight)) if weight <= 0 else self._recording.unfit(values)
        )
        if refused:
            return refused
        state = self._case.present
        extra: list[tuple[Key, Item | None]] = []
        if state.appraisal.regimen is None and state.appraisal.course:
            extra.append(
                (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), self._proposed_regimen(state, weight))
            )
        self.problem = ""
        self._recording.put_facts(values, measured, extra)
        return ""

    # -- inside

    @property
    def _medicine(self) -> dosing.Medicine:
        return self._case.desk.catalogue.medicines[ISOTRETINOIN]

    def _proposed_regimen(self, state: CaseState, weight: Decimal | None) -> Regimen | None:
        medicine = self._medicine
        if weight is None or not medicine.products:
            return None
        past = _of_course(state)
        formulation = max(past, key=lambda d: d.on).formulation if past else dosing.CONVENTIONAL
        product = next(p for p in medicine.products if p.formulation == formulation)
        daily = stocks.proposed_daily(weight, medicine, product, past, self._stock)
        made = self._regimen(product, daily, None)
        taken = supply_taken.taken(state.appraisal.supplies)
        found = dosing.ledger(
            taken,
            weight,
            medicine,
            daily,
            self._case.desk.clock.today(),
            next_formulation=formulation,
        )
        days = dosing.supply_for(found.days_left, medicine.max_supply_days)
        return None if made is None else replace(made, supply_days=days)

    def _regimen(
        self, product: dosing.Product, daily: Decimal, before: Regimen | None
    ) -> Regimen | None:
        ways = stocks.ways(daily, product, self._stock)
        if not ways:
            return None
        days = before.supply_days if before is not None else self._medicine.max_supply_days
        return Regimen(
            ISOTRETINOIN,
            product.id,
            product.formulation,
            ways[0].morning,
            ways[0].evening,
            days,
            before.substitution_permitted if before is not None else True,
        )

    @property
    def _stock(self) -> stocks.Stock:
        return self._case.situation().stock

    def _product(self, regimen: Regimen) -> dosing.Product:
        return next(p for p in self._medicine.products if p.id == regimen.product)

    def _set_dose(self, regimen: Regimen, daily: Decimal) -> None:
        product = self._product(regimen)
        kept = self._stock.of(product)
        ways = dosing.combinations(daily, kept)
        if not ways and daily != self._beyond:
            nearest = dosing.nearest_possible(daily, kept)
            made = bool(dosing.combinations(daily, product.strengths))
            self._beyond = daily if made else None
            say = dose_words.not_of_kept if made else dose_words.no_capsules
            self._say(say(daily, nearest))
            return
        ways = ways or dosing.combinations(daily, product.strengths)
        self._set_regimen(
            "dose.set", replace(regimen, morning=ways[0].morning, evening=ways[0].evening)
        )

    def _set_regimen(self, label: str, regimen: Regimen | None) -> Edit | None:
        self.problem, self._beyond = "", None
        if regimen is None:
            return None
        return self._case.put_one(label, ItemKind.REGIMEN, ISOTRETINOIN, regimen)

    def _say(self, problem: str) -> None:
        self.problem = problem
        self._refresh()


def _of_course(state: CaseState) -> tuple[Dispensed, ...]:
    """The supplies of this course as they were given out: a new one goes on from none of them."""
    return tuple(one.supply for one in state.appraisal.supplies)


def weight_of(state: CaseState) -> tuple[Decimal | None, date | None]:
    """The weight in kg that holds, and its day."""
    fact = state.appraisal.facts.get(WEIGHT)
    if fact is None or not isinstance(fact.value, (int, Decimal)):
        return None, None
    return Decimal(fact.value), fact.as_of
