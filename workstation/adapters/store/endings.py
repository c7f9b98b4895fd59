"""Documents that no longer hold: void by a notice, or amended by what is signed after reopening.

A void notice is a sitting of its own. An amendment is a further sitting of a consultation that was
finished: it goes on from the draft it was signed with, and until it is signed the old documents
hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from workstation.adapters.store import drafts, queue, rows
from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.documents import row_of
from workstation.adapters.store.schema import amendment as a
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import document as d
from workstation.adapters.store.schema import document_end as e
from workstation.adapters.store.schema import item
from workstation.domain.consultation import Claim, Status, TreatmentEnd
from workstation.domain.documents import (
    Amendment,
    DocumentEnd,
    DocumentKind,
    DocumentState,
    SignedDocument,
)
from workstation.domain.draft import DecisionDetail, DecisionKind, ItemKind
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, DocumentId, UserId

_ENDED_BY = {
    DocumentKind.STOP_LETTER: DecisionKind.STOP_TREATMENT,
    DocumentKind.END_LETTER: DecisionKind.END_COURSE,
}
_FINISHED = (Status.CLOSED.value, Status.WAITING_FOR_WORK_UP.value)
_LETTERS = (  # made once: it is asked each time a consultation is read
    select(d.c.kind, item.c.name, item.c.content)
    .join(c, c.c.id == d.c.consultation)
    .join(item, item.c.consultation == d.c.consultation)
    .outerjoin(e, e.c.document == d.c.id)
    .where(
        c.c.patient == bindparam("who"),
        c.c.id != bindparam("id"),
        c.c.submitted_at <= bindparam("until"),
        d.c.kind.in_([kind.value for kind in _ENDED_BY]),
        item.c.kind == ItemKind.DETAIL.value,
        e.c.document.is_(None),
    )
    .order_by(d.c.signed_at, d.c.number)
)


def ends(connection: Connection, id: ConsultationId) -> tuple[DocumentEnd, ...]:
    """What became of the documents of a consultation that no longer hold, oldest first."""
    found = connection.execute(
        select(e).join(d, d.c.id == e.c.document).where(d.c.consultation == id).order_by(e.c.at)
    )
    return tuple(_end(row) for row in found)


def end_of(connection: Connection, id: DocumentId) -> DocumentEnd | None:
    """Why one document no longer holds; None while it does."""
    row = connection.execute(select(e).where(e.c.document == id)).one_or_none()
    return None if row is None else _end(row)


def treatment_ended(
    connection: Connection, id: str, patient: str, submitted_at: datetime
) -> tuple[TreatmentEnd, ...]:
    """What the standing letters of a patient's earlier consultations ended, oldest first.

    A letter that is void ends nothing; one that was amended is stood for by the new one.
    """
    asked = {"who": patient, "id": id, "until": submitted_at}
    found = connection.execute(_LETTERS, asked).all()
    ended = []
    for kind, name, text in found:
        by = _ENDED_BY[DocumentKind(kind)]
        detail = rows.item_from_text(text) if name == by.value else None
        if isinstance(detail, DecisionDetail) and detail.last_dose is not None:
            ended.append(TreatmentEnd(detail.last_dose, by is DecisionKind.END_COURSE))
    return tuple(dict.fromkeys(ended))


def void(connection: Connection, notice: SignedDocument, end: DocumentEnd) -> None:
    """Store a void notice and mark the document it names, once.

    Raises:
        Conflict: ``document.ended.already``, ``document.unknown``, ``consultation.documents.foreign``.
    """
    named = connection.execute(
        select(d.c.consultation, d.c.kind).where(d.c.id == end.document)
    ).one_or_none()
    if named is None:
        raise Conflict("document.unknown")
    if (
        named.consultation != notice.consultation
        or named.kind == DocumentKind.VOID_NOTICE.value
        or notice.kind is not DocumentKind.VOID_NOTICE
        or end.by_document != notice.id
    ):
        raise Conflict("consultation.documents.foreign", consultation=notice.consultation)
    if end_of(connection, end.document) is not None:
        raise Conflict("document.ended.already")
    sitting = connection.scalar(select(c.c.sitting).where(c.c.id == notice.consultation))
    connection.execute(insert(d).values(**row_of(notice, sitting or 0)))
    _insert(connection, (end,))
    # What was reserved for this sitting is the notice's; a draft at work gets the next one.
    connection.execute(
        update(c).where(c.c.id == notice.consultation).values(sitting=(sitting or 0) + 1)
    )


def amendment(connection: Connection, id: ConsultationId) -> Amendment | None:
    """The amendment that is being made of a consultation, with what it replaces."""
    row = connection.execute(select(a).where(a.c.consultation == id)).one_or_none()
    if row is None:
        return None
    replaced = connection.execute(_of_sitting(id, row.sitting)).all()
    return Amendment(
        consultation=id,
        sitting=row.sitting,
        reason_code=row.reason_code,
        reason_text=row.reason_text,
        by=UserId(row.by_user),
        at=row.at,
        cursor=row.edit_cursor,
        status=row.status,
        returns_on=row.returns_on,
        replaces=tuple((DocumentKind(r.kind), r.number, r.signed_at) for r in replaced),
    )


def reopen(
    connection: Connection,
    id: ConsultationId,
    user: UserId,
    station: str,
    reason: tuple[str, str],
    now: datetime,
    until: datetime,
) -> Claim:
    """Open a finished consultation again for ``user``, who holds it; ``reason`` is (code, text).

    Raises:
        Conflict: ``consultation.gone``, ``amend.open.already``, ``amend.not_finished``,
            ``amend.later_visit`` when a later visit of the patient was signed.
    """
    row = connection.execute(select(c).where(c.c.id == id)).one_or_none()
    if row is None:
        raise Conflict("consultation.gone", consultation=id)
    if connection.scalar(select(a.c.consultation).where(a.c.consultation == id)) is not None:
        raise Conflict("amend.open.already", consultation=id)
    last = connection.scalar(
        select(func.max(d.c.sitting)).where(
            d.c.consultation == id, d.c.kind != DocumentKind.VOID_NOTICE.value
        )
    )
    if row.status not in _FINISHED or last is None:
        raise Conflict("amend.not_finished", consultation=id)
    later = select(c.c.id).where(
        c.c.patient == row.patient,
        c.c.submitted_at > row.submitted_at,
        c.c.finished_at.is_not(None),
    )
    if connection.scalar(later.limit(1)) is not None:
        raise Conflict("amend.later_visit", consultation=id)
    code, text = reason
    connection.execute(
        insert(a).values(
            consultation=id,
            sitting=last,
            reason_code=code,
            reason_text=text,
            by_user=user,
            at=now,
            edit_cursor=row.edit_cursor,
            status=row.status,
            returns_on=row.returns_on,
        )
    )
    connection.execute(
        update(c)
        .where(c.c.id == id)
        .values(status=Status.IN_REVIEW.value, is_open=True, returns_on=None)
    )
    claim = queue.claim(connection, id, user, station, now, until)
    if claim is None:
        raise Conflict("consultation.claim.lost", consultation=id)
    return claim


def give_up(connection: Connection, id: ConsultationId, token: int) -> None:
    """End an amendment without a signature: draft and status as they were when it was signed.

    Raises:
        Conflict: ``consultation.claim.lost``, ``amend.none``.
    """
    row = queue.held(connection, id, token)
    opened = amendment(connection, id)
    if opened is None:
        raise Conflict("amend.none", consultation=id)
    drafts.return_to(connection, id, token, row.revision, opened.cursor)
    connection.execute(delete(a).where(a.c.consultation == id))
    status = Status(opened.status)
    connection.execute(
        update(c)
        .where(c.c.id == id)
        .values(
            status=status.value,
            is_open=status not in queue.CLOSED,
            returns_on=opened.returns_on,
            **queue.no_claim(),
        )
    )


def amend(connection: Connection, id: ConsultationId, signed: Sequence[SignedDocument]) -> None:
    """Mark what an open amendment replaces by what was just signed; nothing without one.

    A kind that is no longer made (no prescription after all) is replaced by the new record.
    """
    opened = amendment(connection, id)
    if opened is None:
        return
    new = {document.kind: document for document in signed}
    standing = new.get(DocumentKind.RECORD, signed[0])
    old = connection.execute(
        _of_sitting(id, opened.sitting)
        .outerjoin(e, e.c.document == d.c.id)
        .where(e.c.document.is_(None))
    ).all()
    _insert(
        connection,
        tuple(
            DocumentEnd(
                DocumentId(row.id),
                DocumentState.AMENDED,
                new.get(DocumentKind(row.kind), standing).id,
                opened.reason_code,
                opened.reason_text,
                standing.signer,
                standing.signed_at,
            )
            for row in old
        ),
    )
    connection.execute(delete(a).where(a.c.consultation == id))


def _of_sitting(id: ConsultationId, sitting: int) -> Select[tuple[object, ...]]:
    return select(d.c.id, d.c.kind, d.c.number, d.c.signed_at).where(
        d.c.consultation == id,
        d.c.sitting == sitting,
        d.c.kind != DocumentKind.VOID_NOTICE.value,
    )


def _insert(connection: Connection, new: Sequence[DocumentEnd]) -> None:
    if new:
        connection.execute(
            insert(e),
            [
                {
                    "document": end.document,
                    "state": end.state.value,
                    "by_document": end.by_document,
                    "reason_code": end.reason_code,
                    "reason_text": end.reason_text,
                    "by_user": end.by,
                    "at": end.at,
                }
                for end in new
            ],
        )


def _end(row: AnyRow) -> DocumentEnd:
    return DocumentEnd(
        document=DocumentId(row.document),
        state=DocumentState(row.state),
        by_document=DocumentId(row.by_document),
        reason_code=row.reason_code,
        reason_text=row.reason_text,
        by=UserId(row.by_user),
        at=row.at,
    )
