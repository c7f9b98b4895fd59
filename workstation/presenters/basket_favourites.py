"""Favourite prescriptions of the basket: kept, taken, forgotten; isotretinoin by its dose by weight."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workstation.domain import directions
from workstation.domain.accounts import Permission, may
from workstation.domain.draft import Directed, Regimen
from workstation.domain.kept import KeptRegimen, kept_of, regimen_of
from workstation.language import tr
from workstation.presenters import basket_wording as words
from workstation.presenters import clinical_wording, dose_words, wording
from workstation.presenters.case import CaseFile
from workstation.presenters.jobs import Lane, expected
from workstation.workflow import favourites
from workstation.workflow.favourites import Favourite


class Favourites:
    """The user's and the clinic's; ``take`` puts one into the basket, ``say`` tells what failed."""

    def __init__(
        self,
        case: CaseFile,
        take: Callable[[Directed | Regimen], None],
        say: Callable[[str], None],
        refresh: Callable[[], None],
    ) -> None:
        self._case, self._take = case, take
        self._say, self._refresh = say, refresh
        self._kept: tuple[Favourite, ...] = ()

    def shown(self) -> tuple[tuple[str, bool], ...]:
        """(words, the clinic's) in order."""
        return tuple((self._words(kept), kept.shared) for kept in self._kept)

    def load(self) -> None:
        """Read them; who may not prescribe has none."""
        if may(self._case.session.user, Permission.TREAT):
            self._job(lambda: None)

    def take(self, number: int) -> None:
        """Put the ``number``-th into the basket; isotretinoin by today's weight."""
        if not 0 <= number < len(self._kept):
            return
        item = self._kept[number].item
        if isinstance(item, Directed):
            self._take(item)
            return
        weight = self._weight()
        medicine = self._case.desk.catalogue.medicines[item.medicine]
        regimen = (
            None
            if weight is None
            else regimen_of(item, medicine, weight, self._case.situation().stock)
        )
        if regimen is None:
            self._say(dose_words.weight_note(None, None))
        else:
            self._take(regimen)

    def keep(self, medicine: str, *, shared: bool) -> None:
        """Keep a medicine of the basket as it is, for the user or for the clinic."""
        state, case = self._case.present, self._case
        found = state.draft.directed
        item: Directed | KeptRegimen | None = next(
            (one for one in found if one.medicine == medicine), None
        )
        regimen, weight = state.appraisal.regimen, self._weight()
        if item is None and regimen is not None and regimen.medicine == medicine and weight:
            item = kept_of(regimen, weight)
        if item is not None:
            kept = item
            self._job(lambda: favourites.keep(case.desk, case.session, kept, shared=shared))

    def forget(self, number: int) -> None:
        """Take the ``number``-th away."""
        case = self._case
        if 0 <= number < len(self._kept):
            gone = self._kept[number]
            self._job(lambda: favourites.forget(case.desk, case.session, gone))

    def _weight(self) -> Decimal | None:
        state = self._case.state
        dose = None if state is None else state.appraisal.dose
        if dose is not None:
            return dose.weight
        said = None if state is None else state.appraisal.facts.value("patient.weight")
        known = isinstance(said, (int, Decimal)) and not isinstance(said, bool) and said > 0
        return Decimal(said) if known and isinstance(said, (int, Decimal)) else None

    def _words(self, kept: Favourite) -> str:
        item, catalogue = kept.item, self._case.desk.catalogue
        if isinstance(item, KeptRegimen):
            medicine = catalogue.medicines[item.medicine]
            product = next((p.name for p in medicine.products if p.id == item.product), "")
            share = tr("{per_kg}\u00a0mg/kg a day", per_kg=wording.number(item.per_kg))
            return f"{medicine.name}, {product}, {share}"
        found = directions.resolve(item, catalogue.directed)
        said = "" if found is None else f", {found.frequency.text}"
        return f"{words.item_title(item, found)}{said}"

    def _job(self, change: Callable[[], None]) -> None:
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
            error = expected(error)
            if case.state is not None:
                self._say(clinical_wording.problem(error.code))

        case.jobs.submit(work, done, failed, Lane.STORE)
