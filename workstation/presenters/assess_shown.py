"""What the Assess page shows: photo, marks, outlines, selection and rubric of the open consultation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workstation.content.zones import standard
from workstation.domain.draft import ItemKind, Note
from workstation.domain.errors import WorkstationError
from workstation.domain.facts import Facts
from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import (
    Midline,
    Point,
    Tally,
    ZoneId,
    ZoneOutline,
)
from workstation.domain.photo import Photo, Scale, View
from workstation.domain.visits import was_counted
from workstation.domain.zones import (
    PhotoZones,
    ZoneTemplates,
    outlines_of,
    owners,
    zones_by_photo,
)
from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.assess_state import AssessState, Listed, PhotoAsk, Selected
from workstation.presenters.assess_strip import hung, strip, supplied
from workstation.presenters.canvas import (
    MarkChanges,
    Shown,
    ZoneLabel,
    described,
    diameter,
    reference_line,
    stands_at,
    walk,
    zone_labels,
)
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState
from workstation.presenters.observable import Event, StateEvent
from workstation.presenters.recovery import Recovery
from workstation.presenters.rubric import RubricState, judged, rubric_state
from workstation.presenters.schemes import schemes_shown
from workstation.presenters.severity_signs import EXTENT
from workstation.presenters.tools import (
    TYPE_NAMES,
    VIEW_NAMES,
    ZONE_NAMES,
    ToolState,
)
from workstation.workflow.recall import Recall

ASSESSMENT = "assessment"
FRONTAL = frozenset({View.FRONT, View.CHIN_UP, View.HAIRLINE})
"""Views that show both halves of the face."""
FAILED_FACT = "course.failed"


class AssessShown:
    """Keeps the page's state in step with the open consultation; the verbs are in ``assess``.

    ``changed`` carries the page (None when nothing is open), ``marks`` what to draw anew,
    ``said`` short sentences for a toast.
    """

    def __init__(self, case: CaseFile, templates: ZoneTemplates | None = None) -> None:
        self.case = case
        self.changed: StateEvent[AssessState | None] = StateEvent()
        self.marks: Event[MarkChanges] = Event()
        self.seen: Callable[[], bool] = lambda: True  # False where the photo cannot be shown
        self.said: Event[str] = Event()
        # How the patient is asked for photos; None while nobody can.
        self.ask_patient: Callable[[PhotoAsk], None] | None = None
        self.recovery = Recovery()
        self.tools = ToolState()
        self.selection: tuple[AnnotationId, ...] = ()
        self.state: AssessState | None = None
        self._templates = templates or standard()
        self._photo: PhotoId | None = None
        self._shown = Shown()
        self._linking: AnnotationId | None = None
        self._close: AnnotationId | None = None
        self.open_proposals: Callable[[], int] = lambda: 0
        # An edit of annotations changes none of these.
        self._hung: Recall[tuple[Photo, ...]] = Recall()
        self._zoned: Recall[tuple[tuple[ZoneOutline, ...], dict[PhotoId, PhotoZones]]] = Recall()
        self._owned: Recall[dict[ZoneId, PhotoId]] = Recall()
        self._told: Recall[Facts] = Recall()

    def show(self, photo: PhotoId) -> None:
        """Put a photo on the canvas."""
        if photo == self._photo:
            return
        self._photo = photo
        self._shown.forget()
        self._close = None
        self.selection = ()
        self._render()

    def again(self) -> None:
        """Show the page again: something beside the draft changed."""
        self._render()

    def zone_finder(self) -> Callable[[Point], ZoneId]:
        """Tells the zone of any point of the photo on the canvas."""
        if self._photo is None:
            return lambda _: ZoneId.OTHER
        return self._zones(self._open())[1][self._photo].zone_at

    @property
    def photos(self) -> tuple[Photo, ...]:
        """Supplied photos in hanging order; extra photos of a view follow at the end."""
        state = self.case.state
        if state is None:
            return ()
        sent = state.consultation.photos
        return self._hung.of((sent,), lambda: hung(sent))

    @property
    def photo(self) -> Photo | None:
        """The photo on the canvas."""
        return next((p for p in self.photos if p.id == self._photo), None)

    def neighbours(self) -> tuple[PhotoId, ...]:
        """The photos that N and P would show."""
        ids = [p.id for p in self.photos]
        if self._photo not in ids or len(ids) < 2:
            return ()
        i = ids.index(self._photo)
        found = (ids[(i + 1) % len(ids)], ids[i - 1])
        return tuple(dict.fromkeys(p for p in found if p != self._photo))

    def listed(self) -> tuple[Listed, ...]:
        """The annotations of the photo in zone order, as a list says them."""
        state, photo = self.case.state, self.photo
        if state is None or photo is None:
            return ()
        placed = {p.annotation.id: p for p in state.appraisal.tally.placed}
        ids = walk(state.appraisal.tally, photo.id)
        scale = self._scale(photo.id)
        rows = []
        for number, id_ in enumerate(ids, start=1):
            p = placed[id_]
            size = "\u2013"
            if p.annotation.radius is not None:
                size = diameter(p.annotation, scale) if scale is not None else tr("no scale")
            spoken = described(p.annotation, p.zone, p.counts)
            rows.append(
                Listed(
                    id_,
                    p.annotation.type,
                    tr(TYPE_NAMES[p.annotation.type]),
                    tr(ZONE_NAMES[p.zone]),
                    size,
                    not p.counts,
                    tr("{spoken}, {number} of {ids}", spoken=spoken, number=number, ids=len(ids)),
                )
            )
        return tuple(rows)

    def _open(self) -> CaseState:
        state = self.case.state
        if state is None:
            raise WorkstationError("case.none_open")
        return state

    def _zones(self, state: CaseState) -> tuple[tuple[ZoneOutline, ...], dict[PhotoId, PhotoZones]]:
        photos, drawn = state.consultation.photos, state.draft.outlines
        mirrored = state.draft.mirrored

        def zoned() -> tuple[tuple[ZoneOutline, ...], dict[PhotoId, PhotoZones]]:
            outlines = outlines_of(photos, self._templates, drawn, mirrored)
            return outlines, zones_by_photo(photos, outlines)

        return self._zoned.of((photos, *drawn, None, *sorted(mirrored)), zoned)

    def _owners(
        self, state: CaseState, zones: Mapping[PhotoId, PhotoZones]
    ) -> dict[ZoneId, PhotoId]:
        photos, chosen = state.consultation.photos, state.draft.owners
        return self._owned.of((photos, zones, *chosen), lambda: owners(photos, zones, chosen))

    def _midline(self, state: CaseState, photo: Photo | None) -> Midline | None:
        if photo is None or photo.view not in FRONTAL:
            return None
        item = state.draft.get(ItemKind.MIDLINE, photo.id)
        return item if isinstance(item, Midline) else Midline.middle(photo)

    def _outline(self, zone: ZoneId) -> ZoneOutline | None:
        outlines, _ = self._zones(self._open())
        return next((o for o in outlines if o.photo == self._photo and o.zone is zone), None)

    def _scale(self, photo: PhotoId) -> float | None:
        item = self._open().draft.get(ItemKind.SCALE, photo)
        return item.mm_per_px if isinstance(item, Scale) else None

    def _owner_of(self, id_: AnnotationId) -> PhotoId | None:
        state = self._open()
        placed = next((p for p in state.appraisal.tally.placed if p.annotation.id == id_), None)
        if placed is None:
            return None
        _, zones = self._zones(state)
        return self._owners(state, zones).get(placed.zone)

    def _render(self) -> None:
        state = self.case.state
        if state is None:
            return
        tally, photo = state.appraisal.tally, self.photo
        held = state.draft.get
        self.selection = tuple(i for i in self.selection if held(ItemKind.ANNOTATION, i))
        if self._close is not None and not held(ItemKind.ANNOTATION, self._close):
            self._close = None
        outlines, zones = self._zones(state)
        owner = self._owners(state, zones)
        note = note_of(state)
        delta: MarkChanges | None = None
        labels: tuple[ZoneLabel, ...] = ()
        if photo is not None:
            delta = self._shown.take(photo.id, tally)
            labels = zone_labels(photo, state.consultation.photos, outlines, owner, tally)
        rubric = self._rubric(state)
        self.state = AssessState(
            state.generation,
            photo,
            supplied(self.photos),
            strip(self.photos, rubric, self._photo),
            self.tools,
            labels,
            self.selection,
            self._selected(tally, owner),
            self._chips(),
            rubric,
            note,
            None if photo is None else self._scale(photo.id),
            bool(state.history.past),
            bool(state.history.future),
            self._linking is not None,
            self._midline(state, photo),
            photo is not None and photo.id in state.draft.mirrored,
            self.recovery.shown(state, wording.zone(self.case.clinic.time_zone)),
        )
        if delta is not None and (delta.reset or delta.put or delta.removed):
            self.marks.emit(delta)
        self.changed.emit(self.state)

    def all_marks(self) -> MarkChanges | None:
        """Every mark of the photo shown; None while there is none."""
        return self._shown.all()

    def _rubric(self, state: CaseState) -> RubricState:
        catalogue = self.case.desk.catalogue
        spec, areas = catalogue.facts.get(FAILED_FACT), catalogue.facts.get(EXTENT)
        known, recorded = state.appraisal.facts, state.draft.facts
        facts = known
        if recorded:
            facts = self._told.of((known, *recorded), lambda: known.with_facts(recorded))
        opinions = state.appraisal.opinions
        counted = was_counted(state.draft, state.appraisal.tally)
        return rubric_state(
            judged=judged(state, catalogue.indications),
            photos=self.photos,
            tally=state.appraisal.tally,
            grade=state.appraisal.grade,
            override=state.draft.override,
            facts=facts,
            failed_choices=spec.choices if spec is not None else (),
            past=state.past,
            extent_choices=areas.choices if areas is not None else (),
            extent=opinions.extent,
            schemes=schemes_shown(opinions, catalogue.schemes, facts, counted=counted),
            open_proposals=self.open_proposals(),
            counted=counted,
        )

    def _selected(self, tally: Tally, owner: Mapping[ZoneId, PhotoId]) -> Selected | None:
        if len(self.selection) != 1:
            return None
        placed = next((p for p in tally.placed if p.annotation.id == self.selection[0]), None)
        if placed is None:
            return None
        annotation = placed.annotation
        index, number = stands_at(tally, annotation.photo, annotation.id)
        size = diameter(annotation, self._scale(annotation.photo))
        names = {p.id: VIEW_NAMES[p.view] for p in self.photos}
        at = owner.get(placed.zone)
        detail = tr(
            "{size} \u00b7 annotation {index} of {ids}",
            size=size,
            index=index,
            ids=number,
        )
        return Selected(
            annotation.id,
            f"{TYPE_NAMES[annotation.type]} · {ZONE_NAMES[placed.zone]}",
            detail,
            annotation.note,
            placed.counts,
            annotation.counted_here,
            annotation.same_as is not None,
            str(names.get(at, "")) if at is not None and at != annotation.photo else "",
            annotation.radius is not None,
        )

    def _chips(self) -> tuple[str, ...]:
        state, photo = self.case.state, self.photo
        if state is None or photo is None:
            return ()
        chips = [tr(VIEW_NAMES[photo.view])]
        if photo.taken_at is not None:
            chips[0] += tr(" \u00b7 taken {moment}", moment=wording.moment(photo.taken_at))
        if self._linking is not None:
            chips.append(tr("Click the same lesion here, or Esc"))
        if photo.id in state.draft.mirrored:
            chips.append(tr("Mirror image, shown turned round \u00b7 X takes it back"))
        line = reference_line(state.appraisal.tally, photo.id)
        if line:
            chips.append(line)
        if self._close is not None:
            chips.append(tr("Close to another \u00b7 Del removes it"))
        if len(self.selection) > 1:
            chips.append(
                tr(
                    "{selection} selected \u00b7 1\u20138 re-type \u00b7 Del remove",
                    selection=len(self.selection),
                )
            )
        if self.tools.hidden:
            chips.append(tr("Annotations hidden \u00b7 H shows them"))
        if not self.tools.adjustment.is_neutral:
            chips.append(tr("Adjusted view"))
        return tuple(chips)


def note_of(state: CaseState) -> str:
    """The clinician's own words about the assessment; "" without any."""
    item = state.draft.get(ItemKind.NOTE, ASSESSMENT)
    return item.text if isinstance(item, Note) else ""
