"""Assisted detection beside the Assess step: proposals of one photo, accepted or refused one by one.

Off at every start of a consultation. A proposal is nothing but a picture until it is accepted; an
accepted one is an ordinary annotation by the clinician that keeps who proposed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from workstation.domain.detections import Detection, DetectorCard, unmarked
from workstation.domain.draft import Item, ItemKind, Key
from workstation.domain.ids import AnnotationId, PhotoId, new_id
from workstation.domain.lesions import (
    NODULES_CYSTS,
    Annotation,
    LesionType,
    MadeBy,
    ZoneId,
)
from workstation.language import tr
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import AssessState
from workstation.presenters.assist_state import (
    LEAST,
    AssistShown,
    Proposed,
    ZoneRow,
    foot,
    is_likely,
    note_of,
    order,
)
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.tools import VIEW_NAMES
from workstation.workflow import detect

OFF = AssistShown()


class AssistPresenter:
    """Holds what was proposed on the photos of the open consultation, and what became of it."""

    def __init__(self, assess: AssessPresenter) -> None:
        self.assess = assess
        self.case = assess.case
        self.changed: Event[AssistShown] = Event()
        self.state = OFF
        self.on = False
        self.least = LEAST
        self._generation = assess.state.generation if assess.state is not None else -1
        self._found: dict[PhotoId, tuple[Detection, ...]] = {}
        self._asked: set[PhotoId] = set()
        self._problem = ""
        self._selected: int | None = None
        self._selected_on: PhotoId | None = None
        self._known: dict[PhotoId, tuple[object, tuple[Detection, ...]]] = {}
        assess.open_proposals = self.open_count
        assess.changed.subscribe(self._assess_changed)

    # -- on and off

    @property
    def available(self) -> bool:
        """Whether this desk has a detector."""
        return self.case.desk.detector is not None

    def toggle(self) -> None:
        """Switch proposals on or off; refused ones stay refused."""
        self.on = not self.on and self.available
        self._selected, self._problem = None, ""
        self._again()

    def set_least(self, likelihood: float) -> None:
        """Show proposals from this likelihood on."""
        self.least = min(max(likelihood, 0.0), 1.0)
        self._again()

    # -- choosing

    def select(self, number: int | None) -> None:
        """Select a proposal of the photo, or none."""
        self._selected = number
        self._selected_on = self.assess.photo.id if self.assess.photo is not None else None
        if number is not None and self.assess.selection:
            self.assess.select(())
        self._render()

    def walk(self, step: int) -> Proposed | None:
        """Select the next (+1) or previous (-1) proposal in zone order; the one now selected."""
        shown = self.state.proposals
        if not shown:
            return None
        numbers = [p.number for p in shown]
        here = self.state.selected
        at = numbers.index(here.number) + step if here is not None else (0 if step > 0 else -1)
        self.select(numbers[at % len(numbers)])
        return self.state.selected

    # -- accepting and refusing

    def accept(self, kind: LesionType | None = None) -> None:
        """Accept the selected proposal, as it is or as another type; the next one is selected."""
        here = self.state.selected
        if here is not None:
            following = self._following(here.number)
            self._take((here,), kind)
            self.select(following)

    def accept_zone(self, zone: ZoneId | None = None) -> None:
        """Accept the likely proposals of a zone, else of the selected proposal's zone."""
        here = self.state.selected
        if zone is None and here is None:
            return
        wanted = zone if zone is not None or here is None else here.zone
        own = here.number if here is not None and zone is None else None
        chosen = [
            p
            for p in self.state.proposals
            if p.zone is wanted and (is_likely(p.likelihood) or p.number == own)
        ]
        self._take(chosen)

    def accept_all(self) -> None:
        """Accept everything shown on this photo."""
        self._take(self.state.proposals)

    def refuse(self) -> None:
        """Refuse the selected proposal; the next one is selected."""
        here = self.state.selected
        if here is not None:
            following = self._following(here.number)
            self._refuse((here,))
            self.select(following)

    def refuse_unlikely(self) -> None:
        """Refuse what is shown grey."""
        self._refuse(p for p in self.state.proposals if not is_likely(p.likelihood))

    def refuse_all(self) -> None:
        """Refuse everything shown on this photo."""
        self._refuse(self.state.proposals)

    # -- counting

    def open_count(self) -> int:
        """Proposals shown and neither accepted nor refused, on all photos looked at."""
        if not self.on:
            return 0
        by_photo = self._by_photo()
        return sum(len(self._open(photo, by_photo.get(photo, ()))) for photo in self._found)

    # -- inside

    def _take(self, chosen: Iterable[Proposed], kind: LesionType | None = None) -> None:
        photo, card = self.assess.photo, self._card()
        found = {d.number: d for d in self._found.get(photo.id, ())} if photo is not None else {}
        puts: list[tuple[Key, Item | None]] = []
        for proposed in chosen:
            detection = found.get(proposed.number)
            if photo is None or card is None or detection is None:
                continue
            type_ = kind or detection.type
            made = Annotation(
                AnnotationId(new_id()),
                photo.id,
                type_,
                detection.at,
                detection.radius if type_ in NODULES_CYSTS else None,
                "",
                self.case.session.user.id,
                self.case.desk.clock.now(),
                MadeBy.ACCEPTED_DETECTION,
                False,
                None,
                proposal=card.proposal(detection),
            )
            puts.append((Key.of(ItemKind.ANNOTATION, made.id), made))
        if puts:
            self.case.put("detection.accept", puts)

    def _refuse(self, chosen: Iterable[Proposed]) -> None:
        photo, card = self.assess.photo, self._card()
        if photo is None or card is None:
            return
        refusals = [card.refusal(photo.id, p.number) for p in chosen]
        if refusals:
            puts: list[tuple[Key, Item | None]] = [
                (Key.of(ItemKind.REFUSAL, r.name), r) for r in refusals
            ]
            self.case.put("detection.refuse", puts)

    def _refused(self, photo: PhotoId) -> frozenset[int]:
        card, state = self._card(), self.case.state
        if card is None or state is None:
            return frozenset()
        return card.refused(photo, state.draft.refusals)

    def _following(self, number: int) -> int | None:
        numbers = [p.number for p in self.state.proposals]
        if len(numbers) < 2 or number not in numbers:
            return None
        return numbers[(numbers.index(number) + 1) % len(numbers)]

    def _card(self) -> DetectorCard | None:
        detector = self.case.desk.detector
        return detector.card if detector is not None else None

    def _by_photo(self) -> dict[PhotoId, tuple[Annotation, ...]]:
        found: dict[PhotoId, list[Annotation]] = {}
        if self.case.state is not None:
            for annotation in self.case.state.draft.annotations:
                found.setdefault(annotation.photo, []).append(annotation)
        return {photo: tuple(here) for photo, here in found.items()}

    def _open(self, photo: PhotoId, here: tuple[Annotation, ...]) -> tuple[Detection, ...]:
        refused = self._refused(photo)
        key = (here, refused, self.least)
        known = self._known.get(photo)
        if known is not None and known[0] == key:
            return known[1]
        free = unmarked(self._found.get(photo, ()), (a.at for a in here), self.least)
        answer = tuple(d for d in free if d.number not in refused)
        self._known[photo] = (key, answer)
        return answer

    def _assess_changed(self, state: AssessState | None) -> None:
        generation = state.generation if state is not None else -1
        if generation != self._generation:
            self._generation = generation
            was, self.on = self.on, False
            self.least, self._problem, self._selected = LEAST, "", None
            for kept in (self._found, self._known, self._asked):
                kept.clear()
            if was and state is not None:
                self._again()
                return
        self._render()

    def _again(self) -> None:
        """Show the page again: the grade says how many proposals stand open."""
        self.assess.again()

    def _want(self, photo: PhotoId) -> None:
        case = self.case.state
        if case is None or photo in self._asked:
            return
        self._asked.add(photo)
        generation = self._generation

        def done(found: tuple[Detection, ...]) -> None:
            if generation == self._generation:
                self._found[photo] = found
                self._again()

        def failed(error: Exception) -> None:
            error = expected(error)
            if generation == self._generation:
                self._asked.discard(photo)
                self._problem, self.on = error.code, False
                self._again()

        desk, session = self.case.desk, self.case.session
        work = partial(detect.propose, desk, session, case.consultation, photo)
        self.case.jobs.submit(work, done, failed, Lane.WORK)

    def _render(self) -> None:
        photo, card = self.assess.photo, self._card()
        if self.on and photo is not None:
            self._want(photo.id)  # may end at once, and may switch this off
        if not self.on or photo is None or card is None or self.case.state is None:
            shown = AssistShown(problem=self._problem)
        else:
            here = self._by_photo().get(photo.id, ())
            proposals = order(self._open(photo.id, here), self.assess.zone_finder())
            if self._selected_on != photo.id:
                self._selected = None
            selected = next((p for p in proposals if p.number == self._selected), None)
            accepted = sum(a.made_by is MadeBy.ACCEPTED_DETECTION for a in here)
            scale = self.assess.state.mm_per_px if self.assess.state is not None else None
            shown = AssistShown(
                on=True,
                busy=photo.id not in self._found,
                view=tr(VIEW_NAMES[photo.view]),
                proposals=proposals,
                selected=selected,
                note=note_of(selected, scale) if selected is not None else (),
                accepted=accepted,
                refused=len(self._refused(photo.id)),
                zones=ZoneRow.of(proposals),
                unlikely=sum(not is_likely(p.likelihood) for p in proposals),
                least=self.least,
                foot=foot(card),
            )
        if shown != self.state or not shown.on:
            self.state = shown
            self.changed.emit(shown)
