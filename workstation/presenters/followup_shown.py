"""Works out what the Compare page shows of two visits: pure, from what has been read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import hypot

from workstation.domain.consultation import Consultation
from workstation.domain.dosing import ledger as ledger_of
from workstation.domain.lesions import COUNTED, EIGHT_KEYS, Annotation, ZoneId
from workstation.domain.photo import Photo, View
from workstation.domain.supply_taken import taken as taken_of
from workstation.domain.visits import (
    Comparison,
    CountByType,
    differences,
    graded,
    match,
    share_changed,
    total,
    visible,
)
from workstation.language import tr
from workstation.presenters import followup_words as words
from workstation.presenters import wording
from workstation.presenters.criteria import NOT_COUNTED
from workstation.presenters.followup_looked import Looked
from workstation.presenters.followup_month import answers, short_way
from workstation.presenters.followup_state import (
    DifferenceRow,
    Fate,
    Figure,
    FollowupState,
    Listed,
    Mode,
    PaneState,
    Placed,
)
from workstation.presenters.followup_trends import trends
from workstation.presenters.tools import TYPE_NAMES, VIEW_NAMES, ZONE_NAMES, Adjustment
from workstation.workflow.followup import Open

NEAR_SHARE = 0.02  # of the photo's diagonal: lesions this close after alignment are one
COMPARED = tuple(k for k in EIGHT_KEYS if k in COUNTED)


def photo_of(consultation: Consultation, view: View) -> Photo | None:
    """The first photo of a view."""
    return next((p for p in consultation.photos if p.view is view), None)


def page(looked: Looked) -> FollowupState:
    """The page as far as it follows from the two visits; the switches are the presenter's."""
    state, older = looked.state, looked.older
    newer_photo = photo_of(state.consultation, looked.view)
    older_photo = older.photo(looked.view) if older is not None else None
    marked = _on(state.draft.annotations, newer_photo)
    before = older.on(older_photo.id) if older is not None and older_photo is not None else ()
    compared = _compared(looked, before, marked, newer_photo)
    view_name = VIEW_NAMES[looked.view]
    seen_before, seen_now = visible(before), visible(marked)
    counts = _counts(looked, seen_before if older_photo else None, newer_photo, seen_now)
    both = {p.view for p in state.consultation.photos}
    both &= {p.view for p in older.consultation.photos} if older is not None else set()
    at = looked.views.index(looked.view) + 1 if looked.view in looked.views else 1
    return FollowupState(
        generation=state.generation,
        loading=False,
        older=_older_pane(looked, older_photo, compared, counts[0]),
        newer=_newer_pane(looked, newer_photo, compared, counts[1]),
        view_name=tr(view_name),
        view_line=words.view_line(at, len(looked.views), len(both)),
        across=looked.across,
        aligned=looked.aligned,
        aligning=None,
        mode=Mode.SIDE_BY_SIDE,
        synced=True,
        hidden=False,
        ghosts=True,
        adjusting=False,
        adjustment=Adjustment(),
        line="",
        fates=words.fates(len(compared.same), len(compared.new), len(compared.gone))
        if looked.counted and older_photo and newer_photo
        else "",
        visible_title=tr("Visible on {view_name}", view_name=view_name),
        visible=_rows(
            seen_before if older_photo else None,
            seen_now if newer_photo and looked.counted else None,
        ),
        graded_title=tr("Graded, all views"),
        graded=_rows(
            graded(older.tally) if older is not None else None,
            graded(state.appraisal.tally) if looked.counted else None,
        ),
        listed=_listed(looked, compared, marked, before),
        figures=_figures(looked, seen_before if older_photo else None, newer_photo, seen_now),
        trends=trends(
            state.consultation,
            looked.earlier,
            state.appraisal,
            looked.catalogue,
            looked.medicine,
            looked.today,
            counted=looked.counted,
        ),
        answers_on=tr("asked {day}", day=wording.day(looked.sent)),
        answers=answers(looked),
        short_way=short_way(looked),
        problem="",
    )


def _on(annotations: tuple[Annotation, ...], photo: Photo | None) -> tuple[Annotation, ...]:
    return tuple(a for a in annotations if photo is not None and a.photo == photo.id)


def _compared(
    looked: Looked,
    before: tuple[Annotation, ...],
    marked: tuple[Annotation, ...],
    newer: Photo | None,
) -> Comparison:
    reach = NEAR_SHARE * hypot(newer.width, newer.height) if newer is not None else 0.0
    return match(before, marked, looked.across, reach)


def _counts(
    looked: Looked, before: CountByType | None, newer: Photo | None, now: CountByType
) -> tuple[str, str]:
    left = "" if before is None else str(total(before))
    if newer is None:
        return left, ""
    return left, str(total(now)) if looked.counted else ""


def _older_pane(
    looked: Looked, photo: Photo | None, compared: Comparison, count: str
) -> PaneState | None:
    older = looked.older
    if older is None:
        return None
    on = looked.day_of(older.consultation)
    treated = looked.start is not None and looked.start <= on
    title = words.pane_title(older.consultation.visit, treated=treated)
    marks = [_placed(m.older, Fate.SAME) for m in compared.same]
    fate = Fate.GONE if looked.counted else Fate.SAME
    marks += [_placed(a, fate) for a in compared.gone]
    return _pane(looked, older.consultation, photo, title, on, count, marks, older.draft.mirrored)


def _newer_pane(looked: Looked, photo: Photo | None, compared: Comparison, count: str) -> PaneState:
    state = looked.state
    title = words.pane_title(state.consultation.visit, treated=True)
    marks = [_placed(m.newer, Fate.SAME) for m in compared.same]
    marks += [_placed(a, Fate.NEW) for a in compared.new]
    mirrored = state.draft.mirrored
    return _pane(looked, state.consultation, photo, title, looked.sent, count, marks, mirrored)


def _pane(
    looked: Looked,
    consultation: Consultation,
    photo: Photo | None,
    title: str,
    on: date,
    count: str,
    marks: list[Placed],
    mirrored: frozenset[str],
) -> PaneState:
    view = VIEW_NAMES[looked.view]
    when = words.pane_when(on, looked.start)
    lesions = tr("{count} lesions", count=count) if count else tr(NOT_COUNTED).lower()
    missing = words.missing(tr(view), on) if photo is None else ""
    return PaneState(
        consultation,
        photo,
        title,
        when,
        count,
        f"{title}, {when}: {missing or lesions}",
        missing,
        tuple(marks),
        photo is not None and photo.id in mirrored,
    )


def _placed(annotation: Annotation, fate: Fate) -> Placed:
    return Placed(annotation.id, annotation.at.x, annotation.at.y, annotation.type, fate)


def _rows(before: CountByType | None, now: CountByType | None) -> tuple[DifferenceRow, ...]:
    found = differences(before or (), now or (), COMPARED)
    return tuple(
        DifferenceRow(
            row.type,
            tr(TYPE_NAMES[row.type]),
            words.DASH if before is None else str(row.before),
            words.DASH if now is None else str(row.now),
        )
        for row in found
        if row.type in COUNTED
    )


def _listed(
    looked: Looked,
    compared: Comparison,
    marked: tuple[Annotation, ...],
    before: tuple[Annotation, ...],
) -> tuple[Listed, ...]:
    zones = {p.annotation.id: p.zone for p in looked.state.appraisal.tally.placed}
    if looked.older is not None:
        zones |= {p.annotation.id: p.zone for p in looked.older.tally.placed}
    twins = {m.newer.id for m in compared.same}
    was = {m.older.id for m in compared.same}
    rows = [
        _line(a, zones.get(a.id), "same" if a.id in twins else "new", older=False) for a in marked
    ]
    if looked.counted:
        rows += [_line(a, zones.get(a.id), "gone", older=True) for a in before if a.id not in was]
    else:
        rows += [_line(a, zones.get(a.id), tr("last visit"), older=True) for a in before]
    return tuple(rows)


def _line(annotation: Annotation, zone: ZoneId | None, fate: str, *, older: bool) -> Listed:
    where = tr(ZONE_NAMES[zone]).lower() if zone is not None else tr("elsewhere")
    text = f"{TYPE_NAMES[annotation.type]}, {where}: {fate}"
    return Listed(text, older, annotation.at.x, annotation.at.y)


def _figures(
    looked: Looked, before: CountByType | None, newer: Photo | None, now: CountByType
) -> tuple[Figure, ...]:
    title = tr("Visible on {view_names}", view_names=VIEW_NAMES[looked.view])
    if newer is None or not looked.counted:
        last = (
            tr("{total} last time", total=total(before))
            if before is not None
            else tr("no photo last time")
        )
        lesions = Figure(title, words.DASH, tr("not counted yet, {last}", last=last), better=False)
    elif before is None:
        lesions = Figure(title, str(total(now)), tr("no photo to compare"), better=False)
    else:
        was, count = total(before), total(now)
        share = share_changed(was, count)
        lesions = Figure(title, str(count), words.down(was, count, share), better=count < was)
    return (lesions, _cumulative(looked))


def _cumulative(looked: Looked) -> Figure:
    way = looked.way
    appraisal = way.trial if isinstance(way, Open) else looked.state.appraisal
    ledger, of = appraisal.ledger, words.of_target(looked.medicine)
    if ledger is not None:
        given: Decimal | None = ledger.given_per_kg
    else:
        given = _taken_per_kg(looked)
    if given is None:
        return Figure(tr("Cumulative"), words.DASH, tr("not known, {of}", of=of), better=False)
    shown = wording.amount(given.quantize(Decimal(1)), "mg/kg")
    return Figure(tr("Cumulative"), shown, of, better=False)


def _taken_per_kg(looked: Looked) -> Decimal | None:
    """What was taken so far on today's weight, before any dose is drafted."""
    appraisal = looked.state.appraisal
    weight, taken = appraisal.facts.value("patient.weight"), taken_of(appraisal.supplies)
    if isinstance(weight, bool) or not isinstance(weight, (int, Decimal)) or weight <= 0:
        return None
    kilograms, nothing = Decimal(weight), Decimal(0)
    return ledger_of(taken, kilograms, looked.medicine, nothing, looked.today).given_per_kg
