"""Works out what the Compare page shows of two visits: pure, from what has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import hypot

from workstation.content.catalogue import Catalogue
from workstation.domain.alignment import Transform
from workstation.domain.consultation import Consultation
from workstation.domain.dates import day_in
from workstation.domain.dosing import Medicine
from workstation.domain.dosing import ledger as ledger_of
from workstation.domain.facts import Facts
from workstation.domain.lesions import COUNTED, EIGHT_KEYS, Annotation, ZoneId
from workstation.domain.photo import Photo, View
from workstation.domain.safety import Level
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
from workstation.language import plural, tr
from workstation.presenters import followup_words as words
from workstation.presenters import wording
from workstation.presenters.case_state import CaseState
from workstation.presenters.criteria import NOT_COUNTED
from workstation.presenters.followup_state import (
    AnswerLine,
    DifferenceRow,
    Fate,
    Figure,
    FollowupState,
    Listed,
    Mode,
    PaneState,
    Placed,
    ShortWayState,
)
from workstation.presenters.followup_trends import trends
from workstation.presenters.supply_words import taken_state
from workstation.presenters.tools import TYPE_NAMES, VIEW_NAMES, ZONE_NAMES, Adjustment
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.followup import EarlierVisit, Open, ShortWay

NEAR_SHARE = 0.02  # of the photo's diagonal: lesions this close after alignment are one
COMPARED = tuple(k for k in EIGHT_KEYS if k in COUNTED)


@dataclass(frozen=True)
class Looked:
    """What is looked at."""

    state: CaseState
    earlier: tuple[EarlierVisit, ...]
    index: int
    view: View
    views: tuple[View, ...]
    across: Transform
    aligned: bool
    today: date
    zone: str  # IANA name of the clinic's time zone
    catalogue: Catalogue
    way: ShortWay | None

    @property
    def medicine(self) -> Medicine:
        """The medicine of the course."""
        return self.catalogue.medicines[ISOTRETINOIN]

    @property
    def older(self) -> EarlierVisit | None:
        """The visit of the left pane."""
        return self.earlier[self.index] if self.earlier else None

    @property
    def start(self) -> date | None:
        """The day of the first supply."""
        taken = taken_of(self.state.appraisal.supplies)
        return min((d.on for d in taken), default=None)

    def day_of(self, consultation: Consultation) -> date:
        """The clinic's day on which a consultation was sent."""
        return day_in(self.zone, consultation.submitted_at)

    @property
    def sent(self) -> date:
        """The day this visit's photos were sent."""
        return self.day_of(self.state.consultation)

    @property
    def counted(self) -> bool:
        """Whether anything was annotated at this visit: before that, a zero would be a guess."""
        return bool(self.state.draft.annotations)


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


def answers(looked: Looked) -> tuple[AnswerLine, ...]:
    """This month's answers in full; what was not answered says so, and nothing is filled in."""
    state, registry = looked.state, looked.catalogue.facts
    facts = state.appraisal.facts
    before = _facts_before(looked)
    cannot = facts.value("pregnancy.category") == "CNGP"
    lines = []
    for label, names in words.ANSWERS:
        if cannot and label in words.ONLY_CAN:
            continue
        known = [n for n in names if n in facts]
        lacking = [n for n in names if n not in facts and n not in words.MAY_LACK]
        alone = len(names) == 1
        parts = [words.answer(registry[n], facts.value(n), alone=alone) for n in known]
        parts += [words.unanswered(registry[n], alone=alone) for n in lacking]
        was = [
            words.answer(registry[n], before.value(n), alone=alone)
            for n in known
            if n in before
            and before.value(n) != facts.value(n)
            and not isinstance(before.value(n), date)
        ]
        icon = "unknown" if lacking else _icon(looked, known)
        value = wording_list(parts)
        lines.append(AnswerLine(tr(label), value, wording_list(was), icon))
    return (*lines, *_supply(looked))


def _supply(looked: Looked) -> tuple[AnswerLine, ...]:
    """How the last supply counts, from these answers."""
    found = taken_state(looked.state.appraisal.supplies, looked.catalogue.facts)
    if found is None:
        return ()
    return (AnswerLine(tr("Supply"), found.lines[0], "", "unknown" if found.doubtful else "ok"),)


def wording_list(parts: list[str]) -> str:
    """Parts as one sentence without a stop."""
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _facts_before(looked: Looked) -> Facts:
    last = looked.earlier[-1] if looked.earlier else None
    return Facts((*last.consultation.facts, *last.draft.facts)) if last is not None else Facts()


def _icon(looked: Looked, names: list[str]) -> str:
    level = Level.OK
    for finding in looked.state.appraisal.evaluation.findings:
        if any(read.name in names for read in finding.reads):
            level = max(level, finding.level)
    if level > Level.INFO:
        return "warn"
    return "info" if level is Level.INFO else "ok"


def short_way(looked: Looked) -> ShortWayState | None:
    """The card of the next supply."""
    way, registry = looked.way, looked.catalogue.facts
    if way is None:
        return None
    if not isinstance(way, Open):
        why = dict.fromkeys(words.why(w, registry) for w in way.why)
        return ShortWayState(False, tr("Not like last month"), tr("look closely"), (), tuple(why))
    regimen = way.trial.regimen
    lines = [words.repeated(regimen, looked.medicine)] if regimen is not None else []
    ledger = way.trial.ledger
    if (
        regimen is not None
        and ledger is not None
        and ledger.days_left == regimen.supply_days < looked.medicine.max_supply_days
    ):
        lines.append(tr(words.LAST_DAYS))
    if ledger is not None and ledger.target_reached_on is not None and ledger.remaining > 0:
        target = wording.amount(looked.medicine.target_low, "mg/kg")
        lines.append(
            tr(
                "Reaches {target} on {day}.",
                target=target,
                day=wording.day(ledger.target_reached_on),
            )
        )
    elif ledger is not None and ledger.remaining <= 0:
        target = wording.amount(looked.medicine.target_low, "mg/kg")
        lines.append(
            tr("The lower target of {target} is reached: is another month needed?", target=target)
        )
    lines += [f"{words.change(c, registry)}." for c in way.changed]
    if way.accepted:
        given = plural(len(way.accepted), "{n} reason", "{n} reasons")
        lines.append(tr("{given} of last month given again: the facts are the same.", given=given))
    return ShortWayState(
        True, tr("Repeat last, nothing changed"), tr("fast path"), tuple(lines), ()
    )
