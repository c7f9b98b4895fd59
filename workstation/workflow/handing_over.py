"""Records out of the house: a consultation with its photos and documents, the queue, the audit trail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from workstation.domain.accounts import Permission
from workstation.domain.audit import Entry
from workstation.domain.consultation import Consultation, QueueRow, Status
from workstation.domain.documents import DocumentEnd, SignedDocument
from workstation.domain.draft import Draft
from workstation.domain.errors import Conflict
from workstation.domain.exchange import AnnotationSet
from workstation.domain.ids import ConsultationId
from workstation.domain.orders import MedicationOrder
from workstation.domain.photo import View
from workstation.workflow import orders
from workstation.workflow.appraisal import counted_of
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import QueueFilter

_MOST = 100_000
_BATCH = 1000


@dataclass(frozen=True)
class HandedOver:
    """A consultation with (view, media type, bytes) of its photos and its signed documents.

    ``medications`` are the products of the prescriptions that hold. ``being_amended`` says that the draft is no longer what was signed: nothing prescribed is told
    from it.
    """

    consultation: Consultation
    draft: Draft
    photos: tuple[tuple[View, str, bytes], ...]
    documents: tuple[tuple[SignedDocument, bytes], ...]
    ends: tuple[DocumentEnd, ...]
    medications: tuple[MedicationOrder, ...] = ()
    being_amended: bool = False


def consultation(desk: Desk, session: Session, id: ConsultationId, purpose: str) -> HandedOver:
    """Everything of one consultation; audited with what it is for (a code word).

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.EXPORT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        found = unit.consultation(id)
        if found is None:
            raise Conflict("consultation.gone")
        draft = unit.history(id).draft
        documents, ends = unit.documents(id), unit.document_ends(id)
        being_amended = unit.amendment(id) is not None
        ended = {end.document for end in ends}
        holding = tuple(one for one in documents if one.id not in ended)
        ordered = () if being_amended else orders.medications(desk, unit, found, draft, holding)
        unit.audit("consultation.exported", id, {"purpose": purpose, "photos": len(found.photos)})
    return HandedOver(
        found,
        draft,
        tuple((p.view, p.media_type, desk.vault.get(p.original)) for p in found.photos),
        tuple((d, desk.vault.get(d.address)) for d in documents),
        ends,
        ordered,
        being_amended,
    )


def drawn(desk: Desk, given: HandedOver) -> tuple[AnnotationSet, str]:
    """What was drawn on the photos, and the name of who drew most of it (empty: nobody did)."""
    found, draft = given.consultation, given.draft
    zones = {p.annotation.id: p.zone for p in counted_of(found, draft).placed}
    authors = Counter(annotation.author for annotation in draft.annotations)
    name = ""
    if authors:
        with desk.store.reading() as unit:
            user = unit.user(authors.most_common(1)[0][0])
        name = "" if user is None else user.name
    return AnnotationSet.of(draft, found.photos, zones), name


def of_patient(desk: Desk, session: Session, record: str) -> tuple[ConsultationId, ...]:
    """All consultations of the patient with that record number, oldest first.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.EXPORT)
    wanted = QueueFilter(scope="all", statuses=frozenset(Status), text=record, limit=_MOST)
    with desk.store.reading() as unit:
        rows = unit.queue(wanted, session.user.id, desk.clock.now())
    mine = (row for row in rows if row.external_id == record)
    return tuple(row.id for row in sorted(mine, key=lambda row: row.submitted_at))


def queue(desk: Desk, session: Session) -> tuple[QueueRow, ...]:
    """What waits, in service order; audited."""
    require(session, Permission.EXPORT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        rows = unit.queue(QueueFilter(scope="all", limit=_MOST), session.user.id, desk.clock.now())
        unit.audit("queue.exported", "", {"rows": len(rows)})
    return rows


def audit_trail(desk: Desk, session: Session) -> tuple[Entry, ...]:
    """Every entry of the audit trail; that it was exported is the next one."""
    require(session, Permission.AUDIT)
    entries: list[Entry] = []
    with desk.store.writing(session.user.id, desk.station) as unit:
        after = 0
        while batch := unit.audit_entries(after, _BATCH):
            entries += batch
            after = batch[-1].seq
        unit.audit("audit.exported", "", {"entries": len(entries)})
    return tuple(entries)
