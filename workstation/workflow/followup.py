"""The follow-up: earlier visits with their photos and counts, and the short way through a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from workstation.content.zones import standard
from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation, PastVisit, RequestKind
from workstation.domain.counting import tally
from workstation.domain.documents import SignedDocument
from workstation.domain.dosing import supply_for
from workstation.domain.draft import (
    DecisionKind,
    Draft,
    Item,
    ItemKind,
    Key,
    Reason,
    Regimen,
)
from workstation.domain.ids import ConsultationId, PhotoId
from workstation.domain.lesions import Annotation, Tally
from workstation.domain.photo import Photo, View
from workstation.domain.unchanged import Changed, Why, against, answers_changed
from workstation.domain.zones import outlines_of
from workstation.workflow.appraisal import ISOTRETINOIN, Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session, require

FOLLOW_UPS = frozenset({RequestKind.ISOTRETINOIN_MONTH, RequestKind.ISOTRETINOIN_END})


@dataclass(frozen=True)
class EarlierVisit:
    """A closed visit with what is needed to set it beside this one."""

    visit: PastVisit
    consultation: Consultation
    draft: Draft
    tally: Tally

    def photo(self, view: View) -> Photo | None:
        """The first photo of a view."""
        return next((p for p in self.consultation.photos if p.view is view), None)

    def on(self, photo: PhotoId) -> tuple[Annotation, ...]:
        """Annotations of one photo."""
        return tuple(a for a in self.draft.annotations if a.photo == photo)


@dataclass(frozen=True)
class Open:
    """The short way may be offered: ``puts`` repeats last month as one undo step.

    ``changed`` are answers that differ and ask for nothing; ``accepted`` are reasons of last month
    that hold for the very same facts and are given again.
    """

    puts: tuple[tuple[Key, Item | None], ...]
    changed: tuple[Changed, ...]
    accepted: tuple[Reason, ...]
    trial: Appraisal


@dataclass(frozen=True)
class Not:
    """The short way is closed: everything that speaks against it."""

    why: tuple[Why, ...]
    changed: tuple[Changed, ...]


ShortWay = Open | Not


def is_follow_up(consultation: Consultation, past: Iterable[PastVisit]) -> bool:
    """Whether the first step of a consultation is to compare."""
    return consultation.request in FOLLOW_UPS and any(True for _ in past)


def earlier_visits(
    desk: Desk, session: Session, past: tuple[PastVisit, ...]
) -> tuple[EarlierVisit, ...]:
    """The closed visits with photos, drafts and counts, oldest first; none that is gone."""
    require(session, Permission.VIEW)
    found = []
    with desk.store.reading() as unit:
        for visit in past:
            consultation = unit.consultation(visit.consultation)
            if consultation is not None:
                draft = unit.history(visit.consultation).draft
                found.append(
                    EarlierVisit(visit, consultation, draft, _counted(consultation, draft))
                )
    return tuple(found)


def documents_of(
    desk: Desk, session: Session, past: tuple[PastVisit, ...]
) -> dict[ConsultationId, tuple[SignedDocument, ...]]:
    """The signed documents of closed visits."""
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        return {v.consultation: unit.documents(v.consultation) for v in past}


def short_way(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    earlier: tuple[EarlierVisit, ...],
    situation: Situation,
) -> ShortWay:
    """Whether last month's prescription may be repeated in one step; pure.

    Everything is appraised as if it had been: with last month's decision and regimen, and with
    those reasons of last month whose facts are the very same.
    """
    last = earlier[-1] if earlier else None
    regimen = last.draft.regimen(ISOTRETINOIN) if last is not None else None
    decision = last.draft.decision if last is not None else None
    if last is None or regimen is None or decision is None or last.visit.daily is None:
        return Not((Why("no_earlier"),), ())
    refused = []
    if consultation.request is not RequestKind.ISOTRETINOIN_MONTH:
        refused.append(Why("course_end"))
    if draft.decision is not None and draft.decision.kind is not DecisionKind.PRESCRIBE:
        refused.append(Why("other_decision"))
    puts: list[tuple[Key, Item | None]] = [
        (Key.of(ItemKind.DECISION), draft.decision or decision),
        (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), regimen),
    ]
    trial = appraise(consultation, _with(draft, puts, situation), past, situation)
    if trial.facts.value("visit.first") is not False:
        return Not((Why("no_earlier"),), ())  # last month was of a course that has ended
    shorter = _shorter(regimen, trial)
    if shorter != regimen:
        puts[-1] = (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), shorter)
        trial = appraise(consultation, _with(draft, puts, situation), past, situation)
    if draft.regimen(ISOTRETINOIN) not in (None, regimen, shorter):
        refused.append(Why("other_regimen"))
    accepted = _accepted(trial, last.draft.reasons, situation)
    if accepted:
        puts += [(Key.of(ItemKind.REASON, r.finding), r) for r in accepted]
        trial = appraise(consultation, _with(draft, puts, situation), past, situation)
    before = _appraised_then(last, past, situation)
    registry = situation.catalogue.facts
    seen = (before.facts, trial.facts, before.evaluation, trial.evaluation, registry)
    changed = answers_changed(*seen)
    why = [*refused, *against(*seen, situation.catalogue.follow_up)]
    if trial.triage.needs_contact:
        why.append(Why("contact"))
    if not why and not trial.gate.is_open:
        why.append(Why("gate"))
    if why:
        return Not(tuple(why), changed)
    return Open(tuple(puts), changed, accepted, trial)


def _shorter(regimen: Regimen, trial: Appraisal) -> Regimen:
    """Last month's regimen with no more days than reach the target."""
    left = None if trial.ledger is None else trial.ledger.days_left
    return replace(regimen, supply_days=supply_for(left, regimen.supply_days))


def _accepted(
    trial: Appraisal, reasons: tuple[Reason, ...], situation: Situation
) -> tuple[Reason, ...]:
    """Reasons of last month for findings that are open now on the same facts, given again today."""
    given = {(r.finding, r.facts_digest): r for r in reasons}
    prescriber = situation.prescriber
    if prescriber is None:
        return ()
    return tuple(
        replace(given[f.code, f.facts_digest], by=prescriber.id, on=situation.today)
        for f in trial.evaluation.open
        if (f.code, f.facts_digest) in given
    )


def _with(draft: Draft, puts: Iterable[tuple[Key, Item | None]], situation: Situation) -> Draft:
    by = situation.prescriber
    assert by is not None, "the short way is asked by a signed-in user"
    return draft.apply(draft.put("followup.repeated", puts, by.id, situation.now))


def _appraised_then(
    last: EarlierVisit, past: tuple[PastVisit, ...], situation: Situation
) -> Appraisal:
    """Last month's visit by today's rules, on its own day, from what was known then."""
    on = last.visit.on
    then = replace(
        last.consultation,
        results=tuple(r for r in last.consultation.results if r.collected <= on),
    )
    moment = datetime.combine(on, time(12), situation.now.tzinfo)
    before = tuple(v for v in past if v.on < on)
    return appraise(then, last.draft, before, replace(situation, now=moment, today=on))


def _counted(consultation: Consultation, draft: Draft) -> Tally:
    photos = consultation.photos
    outlines = outlines_of(photos, standard(), draft.outlines, draft.mirrored)
    return tally(photos, draft.annotations, outlines, draft.owners)
