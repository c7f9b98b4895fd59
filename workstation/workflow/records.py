"""Reading records: signed documents, their versions, and the audit trail with its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission, may
from workstation.domain.audit import Entry, first_break
from workstation.domain.documents import DocumentEnd, DocumentKind, SignedDocument
from workstation.domain.ids import UserId
from workstation.domain.records import RecordRow, RecordsFilter
from workstation.workflow.desk import Desk, Session, require

NEWEST = 1000  # audit entries shown; all are checked


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """Documents with counts by state; ``zone`` is the clinic's."""

    rows: tuple[RecordRow, ...]
    counts: dict[str, int]
    zone: str
    entries: int  # in the audit trail


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One document of a kind, newest first, with why it no longer holds."""

    document: SignedDocument
    end: DocumentEnd | None
    doctor: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The newest entries, newest first, each with its actor's name, and the check of the chain."""

    entries: tuple[tuple[Entry, str], ...]
    count: int
    first_break: int | None
    first_at: datetime | None
    checked_at: datetime
    zone: str


def page(desk: Desk, session: Session, wanted: RecordsFilter) -> RecordsPage:
    """Signed documents, newest first."""
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        head = unit.audit_head()
        return RecordsPage(
            unit.records(wanted),
            unit.record_counts(),
            unit.clinic().time_zone,
            head.seq if head is not None else 0,
        )


def versions(desk: Desk, session: Session, document: SignedDocument) -> tuple[DocumentVersion, ...]:
    """All documents of the same kind of a consultation and their void notices, newest first."""
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        ends = {end.document: end for end in unit.document_ends(document.consultation)}
        same = [one for one in unit.documents(document.consultation) if one.kind is document.kind]
        notices = {
            end.by_document for end in ends.values() if any(end.document == one.id for one in same)
        }
        found = same + [
            one
            for one in unit.documents(document.consultation)
            if one.kind is DocumentKind.VOID_NOTICE and one.id in notices and one not in same
        ]
        users = {one.signer: unit.user(one.signer) for one in found}
    made = [
        DocumentVersion(one, ends.get(one.id), user.initials if (user := users[one.signer]) else "")
        for one in found
    ]
    placed = sorted(enumerate(made), key=lambda at: (at[1].document.signed_at, at[0]), reverse=True)
    return tuple(version for _, version in placed)


def may_read_trail(session: Session) -> bool:
    """Whether this role may see the audit trail."""
    return may(session.user, Permission.AUDIT)


def trail(desk: Desk, session: Session) -> Trail:
    """The newest entries, and whether every entry follows from the one before."""
    require(session, Permission.AUDIT)
    entries: list[Entry] = []
    with desk.store.reading() as unit:
        after = 0
        while batch := unit.audit_entries(after, 10_000):
            entries += batch
            after = batch[-1].seq
        names: dict[str, str] = {}
        newest = entries[-NEWEST:][::-1]
        for entry in newest:
            if entry.actor not in names:
                user = unit.user(UserId(entry.actor))  # nobody's, when it is "system"
                names[entry.actor] = user.name if user is not None else entry.actor
        zone = unit.clinic().time_zone
    return Trail(
        tuple((entry, names[entry.actor]) for entry in newest),
        len(entries),
        first_break(entries),
        entries[0].at if entries else None,
        desk.clock.now(),
        zone,
    )
