"""A signed consultation explained again with the content edition it was signed with, years later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from workstation.assets import resource
from workstation.content.catalogue import Catalogue
from workstation.content.editions import Shelf
from workstation.domain.accounts import Permission, User
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.dates import day_in
from workstation.domain.documents import (
    Amendment,
    Document,
    DocumentEnd,
    DocumentKind,
    DocumentState,
    SignedDocument,
)
from workstation.domain.draft import Draft
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.records import RecordsFilter
from workstation.workflow import compose, rule_levels, viewing
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.earlier import earlier_visits
from workstation.workflow.ports import ReadUnit


@dataclass(frozen=True)
class Retold:
    """The appraisal by the older edition. ``exact`` is False when its bytes have changed since."""

    appraisal: Appraisal
    catalogue: Catalogue
    exact: bool

    @property
    def edition(self) -> str:
        """The edition it was told by."""
        return self.catalogue.edition


@dataclass(frozen=True)
class Explained:
    """One signed document with all that its signature rested on, as of that moment.

    ``end`` says why it no longer holds; ``zone`` is the clinic's. ``same`` tells that the document,
    composed anew from the records by that edition, comes out word for word as it was signed; what
    the letterhead, the account or the patient's file got since makes it differ.
    """

    document: SignedDocument
    end: DocumentEnd | None
    signer: User | None
    consultation: Consultation
    draft: Draft
    retold: Retold
    same: bool
    zone: str

    @property
    def appraisal(self) -> Appraisal:
        """What followed from records and rules on the day of signing."""
        return self.retold.appraisal


@dataclass(frozen=True, slots=True)
class Listed:
    """A signed document and the stamp of its content: ``2026.11.23+596e77d3da98``."""

    document: SignedDocument
    stamp: str


@dataclass(frozen=True)
class AsSigned:
    """The records as they were at a signature: later results and visits are left out."""

    consultation: Consultation
    draft: Draft
    past: tuple[PastVisit, ...]
    situation: Situation


def retell(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
    shelf: Shelf,
) -> Retold:
    """Appraise with the stored edition; ``situation`` carries the day of signing.

    A consultation that was never signed is appraised with the content of ``situation``.

    Raises:
        ContentError: ``content.edition.unknown`` when the stored edition is not kept.
    """
    stamp = consultation.content_edition
    if stamp is None:
        appraisal = appraise(consultation, draft, past, situation)
        return Retold(appraisal, situation.catalogue, exact=True)
    kept = shelf.of(stamp)
    then = replace(situation, catalogue=kept.catalogue)
    appraisal = appraise(consultation, draft, past, then)
    return Retold(appraisal, kept.catalogue, kept.exact)


def explain(desk: Desk, session: Session, number: str, folder: Path | None = None) -> Explained:
    """Why the document of that number was signed; the look at it is on the audit trail.

    ``folder`` holds the content with its older editions, the shipped one unless it is given. The
    draft of a consultation is that of its newest signature: a document that was amended is
    explained by the one in its place, and nothing is while an amendment is under way.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``explain.unknown``, ``explain.notice``, ``explain.amended``,
            ``explain.amending``, ``explain.erased``.
        ContentError: ``content.edition.unknown`` when the edition of the signature is not kept.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        document = unit.document_by_number(number)
        if document is None:
            raise Refused("explain.unknown")
        if document.kind is DocumentKind.VOID_NOTICE:
            raise Refused("explain.notice")
        end = unit.document_end(document.id)
        if end is not None and end.state is DocumentState.AMENDED:
            raise Refused("explain.amended")
        if unit.amendment(document.consultation) is not None:
            raise Refused("explain.amending")
        consultation = unit.consultation(document.consultation)
        if consultation is None:
            raise Refused("explain.erased")
        draft = unit.history(document.consultation).draft
        then = as_signed(desk, unit, consultation, draft, document)
        documents = tuple(
            one
            for one in unit.documents(document.consultation)
            if one.signed_at == document.signed_at
        )
        amends = _amendment(unit, document, documents)
        decided = rule_levels.decided_by(unit, document.number)
    viewing.seen(desk, session, document.consultation)
    shelf = Shelf(folder or resource("clinical"), desk.shipped or desk.catalogue, decided)
    retold = retell(then.consultation, then.draft, then.past, then.situation, shelf)
    anew = _composed(desk, then, retold, documents, amends)
    return Explained(
        document=document,
        end=end,
        signer=then.situation.prescriber,
        consultation=then.consultation,
        draft=draft,
        retold=retold,
        same=any(one.content_digest == document.content_digest for one in anew),
        zone=then.situation.clinic.time_zone,
    )


def listed(desk: Desk, session: Session, most: int) -> tuple[Listed, ...]:
    """The newest signed documents that can be explained, with the edition each was signed with.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        rows = unit.records(RecordsFilter("", None, most))
        found = [
            (row.document, unit.consultation(row.document.consultation))
            for row in rows
            if row.state is not DocumentState.AMENDED
            and row.document.kind is not DocumentKind.VOID_NOTICE
        ]
    return tuple(
        Listed(document, seen.content_edition or "") for document, seen in found if seen is not None
    )


def as_signed(
    desk: Desk, unit: ReadUnit, consultation: Consultation, draft: Draft, document: SignedDocument
) -> AsSigned:
    """What a signature rested on: later results, and today's date, do not belong to it."""
    at, issued = document.signed_at, day_of(unit, document)
    known = tuple(
        result
        for result in consultation.results
        if result.collected <= issued and (result.recorded_at is None or result.recorded_at <= at)
    )
    past = unit.past_visits(consultation.patient.id, consultation.submitted_at)
    earlier = earlier_visits(unit, past)
    situation = Situation(
        desk.catalogue,
        unit.user(document.signer),
        unit.clinic(),
        at,
        issued,
        earlier.reasons,
        earlier.entries,
    )
    raised = consultation.raised_at
    then = replace(
        consultation,
        results=known,
        unseen=0,
        raised_at=None if raised is not None and raised > at else raised,
    )
    return AsSigned(then, draft, past, situation)


def day_of(unit: ReadUnit, document: SignedDocument) -> date:
    """The clinic's day on which a document was signed."""
    return day_in(unit.clinic().time_zone, document.signed_at)


def _composed(
    desk: Desk,
    then: AsSigned,
    retold: Retold,
    documents: tuple[SignedDocument, ...],
    amends: Amendment | None,
) -> tuple[Document, ...]:
    """The documents of a signature made anew; none when the records no longer give them all."""
    prescriber = then.situation.prescriber
    if prescriber is None:
        return ()
    try:
        return compose.compose(
            compose.Subject(
                consultation=then.consultation,
                draft=then.draft,
                appraisal=retold.appraisal,
                prescriber=prescriber,
                clinic=then.situation.clinic,
                numbers={one.kind: one.number for one in documents},
                issued=then.situation.today,
                catalogue=retold.catalogue,
                demonstration=desk.store.is_demonstration,
                amends=amends,
            )
        )
    except WorkstationError:
        return ()


def _amendment(
    unit: ReadUnit, document: SignedDocument, documents: tuple[SignedDocument, ...]
) -> Amendment | None:
    """What the documents of a signature took the place of, and why; None for a first signature."""
    made = {one.id for one in documents}
    ends = [
        end
        for end in unit.document_ends(document.consultation)
        if end.state is DocumentState.AMENDED and end.by_document in made
    ]
    if not ends:
        return None
    ended = {end.document for end in ends}
    replaces = tuple(
        (one.kind, one.number, one.signed_at)
        for one in unit.documents(document.consultation)
        if one.id in ended
    )
    first = ends[0]
    return Amendment(
        consultation=document.consultation,
        sitting=0,
        reason_code=first.reason_code,
        reason_text=first.reason_text,
        by=first.by,
        at=first.at,
        cursor=0,
        status="",
        returns_on=None,
        replaces=replaces,
    )
