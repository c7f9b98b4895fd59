"""Earlier visits of a patient as the one that is open sees them: grade, counts, dose, documents."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from workstation.adapters.store import rows, supplies
from workstation.adapters.store.accounts import clinic_zone
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import document, document_end
from workstation.domain.consultation import PastVisit, Status
from workstation.domain.documents import DocumentKind
from workstation.domain.ids import ConsultationId, DocumentId, PatientId


def past_visits(connection: Connection, who: PatientId, before: datetime) -> tuple[PastVisit, ...]:
    """Closed consultations of a patient submitted before a moment, oldest first."""
    found = connection.execute(
        select(c)
        .where(
            c.c.patient == who,
            c.c.submitted_at < before,
            c.c.status == Status.CLOSED.value,
            c.c.finished_at.is_not(None),
        )
        .order_by(c.c.submitted_at, c.c.id)
    ).all()
    if not found:
        return ()
    zone = ZoneInfo(clinic_zone(connection))
    signed: dict[str, list[DocumentId]] = {row.id: [] for row in found}
    withdrawn: set[str] = set()  # consultations whose prescription is void, with none in its place
    for owner, id, kind, state in connection.execute(
        select(document.c.consultation, document.c.id, document.c.kind, document_end.c.state)
        .outerjoin(document_end, document_end.c.document == document.c.id)
        .where(document.c.consultation.in_(list(signed)))
        .order_by(document.c.sitting, document.c.number)
    ):
        signed[owner].append(DocumentId(id))
        if kind == DocumentKind.PRESCRIPTION.value:
            (withdrawn.add if state is not None else withdrawn.discard)(owner)
    answered = supplies.answered_at(connection, list(signed))
    return tuple(
        PastVisit(
            consultation=ConsultationId(row.id),
            visit=row.visit,
            on=row.finished_at.astimezone(zone).date(),
            grade=row.grade,
            counts=rows.from_text(row.counts or "[]", tuple[tuple[str, int], ...]),
            daily=None if row.id in withdrawn else row.daily,
            weight=row.weight,
            documents=tuple(signed[row.id]),
            answered=answered.get(row.id, ()),
            withdrawn=row.id in withdrawn,
        )
        for row in found
    )
