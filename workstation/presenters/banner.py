"""The patient banner: who the open consultation is about, the same on every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal

from workstation.domain.consultation import Consultation
from workstation.domain.facts import Facts
from workstation.domain.ids import ConsultationId, PhotoId, ResultId
from workstation.language import noted, tr
from workstation.presenters import script_words, wording
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.jobs import Lane
from workstation.presenters.observable import Event
from workstation.workflow import assess

WEIGHT, WEIGHED = "patient.weight", "patient.weight_on"
CATEGORY, POTENTIAL = "pregnancy.category", "pregnancy.potential"
PREGNANT = "pregnancy.now"
MINOR, GUARDIAN = "patient.minor", "consent.guardian_on"
CHIPS = 2
NO_ALLERGIES = noted("No known drug allergies")


@dataclass(frozen=True, slots=True)
class Banner:
    """Worded values; ``warn`` in a pair marks a value that is not recorded."""

    generation: int
    name: str
    title: str
    born: str
    sex: str
    identifier: str
    weight: str
    weight_on: str
    weight_missing: bool
    allergies: str
    allergies_missing: bool
    chips: tuple[tuple[str, str], ...]  # (chip kind, word)
    consultation: str  # line beside the steps
    photo: bytes
    mixed: str = ""  # which letters of the name are of another script, and what to do


class BannerPresenter:
    """Follows the open consultation; ``state`` is None while there is none.

    ``similar`` tells whose name of today's list is like that of a consultation ("" nobody's).
    """

    def __init__(self, case: CaseFile) -> None:
        self.case = case
        self.changed: Event[Banner | None] = Event()
        self.state: Banner | None = None
        self._photo: bytes = b""
        self._photo_of = -1
        self.similar: Callable[[ConsultationId], str] = lambda _: ""
        self._like: tuple[int, str] = (-1, "")
        self._known: tuple[int, frozenset[ResultId]] = (-1, frozenset())  # results at opening
        case.changed.subscribe(self._case_changed)

    def _case_changed(self, change: CaseChange) -> None:
        if change.happened is Happened.CLOSED:
            self._photo, self._photo_of = b"", -1
            self._set(None)
        elif change.state is not None and change.happened in (
            Happened.OPENED,
            Happened.EDITED,
            Happened.RESULT,
        ):
            self._show(change.state, self._photo_for(change))

    def _photo_for(self, change: CaseChange) -> bytes:
        state = change.state
        if state is None or state.generation == self._photo_of:
            return self._photo
        self._photo, self._photo_of = b"", state.generation
        face = state.consultation.face
        if face is not None:
            self._load(state.consultation, face.id, state.generation)
        return self._photo

    def _load(self, consultation: Consultation, photo: PhotoId, generation: int) -> None:
        def done(content: bytes) -> None:
            if generation == self._photo_of and self.case.state is not None:
                self._photo = content
                self._show(self.case.state, content)

        self.case.jobs.submit(
            lambda: assess.thumbnail(self.case.desk, consultation, photo),
            done,
            lambda _: done(b""),
            Lane.READ,
            "banner",
        )

    def _show(self, state: CaseState, photo: bytes) -> None:
        zone = wording.zone(self.case.clinic.time_zone)
        shown = banner(state, self.case.desk.clock.today(), photo, zone)
        if self._like[0] != state.generation:  # until it is closed, whatever the list does
            self._like = state.generation, self.similar(state.consultation.id)
        if self._like[1]:
            like = ("warn", tr("Similar name: {like}", like=self._like[1]))
            shown = replace(shown, chips=(like, *shown.chips))
        news = self._news(state)
        if news is not None:
            chip = ("info", tr("New result {time}", time=wording.clock(news, zone)))
            shown = replace(shown, chips=(chip, *shown.chips))
        mixed = script_words.of_patient(state.consultation.patient)
        if mixed is not None:
            chip = ("warn", script_words.short(mixed.scripts))
            shown = replace(shown, chips=(chip, *shown.chips), mixed=script_words.whole(mixed))
        self._set(shown)

    def _news(self, state: CaseState) -> datetime | None:
        """When the newest result came in that somebody else recorded since this was opened."""
        results = state.consultation.results
        if self._known[0] != state.generation:
            self._known = state.generation, frozenset(one.id for one in results)
        me = self.case.session.user.id
        new = [r for r in results if r.id not in self._known[1] and r.recorded_by != me]
        return max((r.recorded_at for r in new), default=None)

    def _set(self, state: Banner | None) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


def banner(state: CaseState, today: date, photo: bytes = b"", zone: tzinfo | None = None) -> Banner:
    """The banner of an open consultation; ``zone`` is the clinic's, for the day it came in."""
    found = state.consultation
    patient, facts = found.patient, state.appraisal.facts
    weight, weighed_on = _weight(facts)
    allergies = patient.allergies
    request, stage = wording.request(found.request, found.visit)
    return Banner(
        generation=state.generation,
        name=patient.display_name,
        title=f"({patient.title})" if patient.title else "",
        born=f"{wording.day(patient.born)}  ({wording.age(patient.born, today)})",
        sex=tr(wording.SEX[patient.sex][0]),
        identifier=wording.groups_of_three(patient.external_id),
        weight=tr(wording.NOT_KNOWN) if weight is None else wording.amount(weight, "kg"),
        weight_on="" if weighed_on is None else wording.day(weighed_on),
        weight_missing=weight is None,
        allergies=_allergies(allergies),
        allergies_missing=allergies is None,
        chips=_chips(facts, doubted=any(one.is_open for one in found.doubts)),
        consultation=f"{request} {stage}".strip()
        + tr(" \u00b7 received {moment}", moment=wording.moment(found.received_at, zone)),
        photo=photo,
    )


def _weight(facts: Facts) -> tuple[Decimal | None, date | None]:
    fact = facts.get(WEIGHT)
    if fact is None or isinstance(fact.value, bool) or not isinstance(fact.value, int | Decimal):
        return None, None
    weighed = facts.value(WEIGHED)
    return Decimal(fact.value), weighed if isinstance(weighed, date) else fact.as_of


def _allergies(allergies: tuple[str, ...] | None) -> str:
    if allergies is None:
        return tr(wording.NOT_RECORDED)
    return ", ".join(allergies) if allergies else tr(NO_ALLERGIES)


def _chips(facts: Facts, *, doubted: bool) -> tuple[tuple[str, str], ...]:
    chips: list[tuple[str, str]] = [("danger", tr("Who is this?"))] if doubted else []
    category, potential = facts.value(CATEGORY), facts.value(POTENTIAL)
    if facts.value(PREGNANT) in (True, "yes"):
        chips.append(("danger", tr("Pregnant")))
    elif category == "CGP" or (category is None and potential == "yes"):
        chips.append(("warn", tr("Can become pregnant")))
    if facts.value(MINOR) is True:
        consent = isinstance(facts.value(GUARDIAN), date)
        chips.append(
            ("info", tr("Minor, consent on file"))
            if consent
            else ("warn", tr("Minor, consent not on file"))
        )
    return tuple(chips[:CHIPS])
