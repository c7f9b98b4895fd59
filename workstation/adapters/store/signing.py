"""Signed documents, their numbers, and the one step that ends a sitting.

A consultation is signed once a sitting: a work-up ends a sitting and the consultation comes back;
a prescription closes it. Each kind of document exists at most once a sitting, which the database
enforces too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from workstation.adapters.store import consultations, endings, queue, rows, supplies
from workstation.adapters.store.documents import document_of, row_of
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import document as d
from workstation.adapters.store.schema import document_number, number_series
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, DocumentId, PatientId
from workstation.workflow.ports import SigningOutcome

MESSAGES = "ME"
SERIES = {
    DocumentKind.PRESCRIPTION: "RX",
    DocumentKind.PRESCRIPTION_DIRECTED: "RX",
    DocumentKind.MONITORING_PLAN: "MP",
    DocumentKind.RECORD: "CR",
    DocumentKind.REFERRAL: "RF",
    DocumentKind.DECLINE_LETTER: "DL",
    DocumentKind.STOP_LETTER: "SL",
    DocumentKind.END_LETTER: "EL",
    DocumentKind.VOID_NOTICE: "VN",
    DocumentKind.HANDOUT: "PH",
    DocumentKind.GUARDIAN_PLAN: "PG",
    DocumentKind.PHOTO_SHEET: "PS",
}


def documents(connection: Connection, id: ConsultationId) -> tuple[SignedDocument, ...]:
    """Signed documents of one consultation, oldest sitting first, in the order of their kinds."""
    found = connection.execute(select(d).where(d.c.consultation == id).order_by(d.c.sitting)).all()
    order = {kind.value: at for at, kind in enumerate(DocumentKind)}
    placed = sorted(found, key=lambda row: (row.sitting, order[row.kind]))
    return tuple(document_of(row) for row in placed)


def document_by_digest(connection: Connection, pdf_digest: str) -> SignedDocument | None:
    """The signed document whose file has that SHA-256."""
    row = connection.execute(select(d).where(d.c.pdf_digest == pdf_digest)).one_or_none()
    return None if row is None else document_of(row)


def document(connection: Connection, id: DocumentId) -> SignedDocument | None:
    """One signed document."""
    row = connection.execute(select(d).where(d.c.id == id)).one_or_none()
    return None if row is None else document_of(row)


def document_by_number(connection: Connection, number: str) -> SignedDocument | None:
    """The signed document of that number."""
    row = connection.execute(select(d).where(d.c.number == number)).one_or_none()
    return None if row is None else document_of(row)


def reserve_number(connection: Connection, id: ConsultationId, kind: str, year: int) -> str:
    """The number of this consultation's ``kind`` of document in this sitting: ``RX-2026-0418``.

    Reserved at first use and never given to another; within a series and year they run up.

    Raises:
        Conflict: ``consultation.gone``.
    """
    sitting = connection.scalar(select(c.c.sitting).where(c.c.id == id))
    if sitting is None:
        raise Conflict("consultation.gone", consultation=id)
    kept = document_number
    known = connection.scalar(
        select(kept.c.number).where(
            kept.c.consultation == id, kept.c.sitting == sitting, kept.c.kind == kind
        )
    )
    if known is not None:
        return str(known)
    number = next_number(connection, SERIES[DocumentKind(kind)], year)
    connection.execute(
        insert(kept).values(consultation=id, sitting=sitting, kind=kind, number=number)
    )
    return number


def next_number(connection: Connection, series: str, year: int) -> str:
    """The next number of a series and year, never given before."""
    of_year = (number_series.c.series == series, number_series.c.year == year)
    last = connection.scalar(select(number_series.c.last).where(*of_year))
    if last is None:
        connection.execute(insert(number_series).values(series=series, year=year, last=1))
    else:
        connection.execute(update(number_series).where(*of_year).values(last=last + 1))
    return f"{series}-{year}-{(last or 0) + 1:04d}"


def skip_numbers(connection: Connection, least: int) -> dict[str, int]:
    """Raise the last number of every series to the next full ``least`` and one more ``least``."""
    passed: dict[str, int] = {}
    for row in connection.execute(select(number_series)).all():
        last = (row.last // least + 2) * least
        connection.execute(
            update(number_series)
            .where(number_series.c.series == row.series, number_series.c.year == row.year)
            .values(last=last)
        )
        passed[f"{row.series}-{row.year}"] = last
    return passed


def finish(
    connection: Connection,
    id: ConsultationId,
    token: int,
    revision: int,
    signed: Sequence[SignedDocument],
    outcome: SigningOutcome,
    now: datetime,
) -> None:
    """Store the documents, the outcome and the new status; release the claim.

    Raises:
        Conflict: ``consultation.signed.already``, ``consultation.claim.lost``,
            ``consultation.revision.stale``, ``consultation.status.move``,
            ``consultation.documents.none``, ``consultation.documents.foreign``,
            ``consultation.contact.missing``.
    """
    _refuse_second_signature(connection, id, signed)
    row = queue.held(connection, id, token)
    if row.revision != revision:
        raise Conflict("consultation.revision.stale", consultation=id, revision=row.revision)
    if not signed:
        raise Conflict("consultation.documents.none", consultation=id)
    kinds = {document.kind for document in signed}
    if len(kinds) != len(signed) or any(document.consultation != id for document in signed):
        raise Conflict("consultation.documents.foreign", consultation=id)
    consultations.check_move(id, Status(row.status), outcome.status)
    consultations.check_contact(connection, id, outcome.status)
    connection.execute(insert(d), [row_of(document, row.sitting) for document in signed])
    endings.amend(connection, id, signed)
    if outcome.dispensed is not None:
        supplies.add(
            connection,
            id,
            PatientId(row.patient),
            row.submitted_at,
            outcome.dispensed,
            reported=False,
            prescription=next(
                (one.id for one in signed if one.kind is DocumentKind.PRESCRIPTION), None
            ),
        )
    connection.execute(
        update(c)
        .where(c.c.id == id)
        .values(
            status=outcome.status.value,
            is_open=outcome.status not in queue.CLOSED,
            returns_on=outcome.returns_on,
            sitting=row.sitting + 1,
            revision=revision + 1,
            finished_at=max((document.signed_at for document in signed), default=now),
            grade=outcome.grade,
            counts=rows.to_text(outcome.counts),
            daily=outcome.daily,
            weight=outcome.weight,
            content_edition=outcome.content_edition,
            **queue.no_claim(),
        )
    )


def _refuse_second_signature(
    connection: Connection, id: ConsultationId, signed: Sequence[SignedDocument]
) -> None:
    sitting = connection.scalar(select(c.c.sitting).where(c.c.id == id))
    status = connection.scalar(select(c.c.status).where(c.c.id == id))
    same = or_(
        d.c.id.in_([document.id for document in signed]),
        d.c.number.in_([document.number for document in signed]),
        d.c.pdf_digest.in_([document.pdf_digest for document in signed]),
        (d.c.consultation == id) & (d.c.sitting == sitting),
    )
    stored = connection.scalar(select(d.c.id).where(same).limit(1))
    if stored is not None or status == Status.CLOSED.value:
        raise Conflict("consultation.signed.already", consultation=id)
