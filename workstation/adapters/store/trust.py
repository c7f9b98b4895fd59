"""Rows of time stamps on documents, of added authorities and of revoked certificates."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from workstation.adapters.store.columns import AnyRow
from workstation.adapters.store.schema import anchor as a
from workstation.adapters.store.schema import document as d
from workstation.adapters.store.schema import document_stamp as s
from workstation.adapters.store.schema import revocation as r
from workstation.domain.errors import Conflict
from workstation.domain.ids import DocumentId, UserId, VaultAddress
from workstation.domain.trust import Anchor, DocumentStamp, Revocation


def stamps(connection: Connection, id: DocumentId) -> tuple[DocumentStamp, ...]:
    """Time stamps of one document, oldest first."""
    rows = connection.execute(select(s).where(s.c.document == id).order_by(s.c.position))
    return tuple(_stamp(row) for row in rows)


def stamp_by_digest(connection: Connection, pdf_digest: str) -> DocumentStamp | None:
    """The time stamp that made a file with that SHA-256."""
    row = connection.execute(select(s).where(s.c.pdf_digest == pdf_digest)).one_or_none()
    return None if row is None else _stamp(row)


def add_stamp(connection: Connection, stamp: DocumentStamp) -> None:
    """Append a time stamp.

    Raises:
        Conflict: ``document.stamped.already`` when another one came first.
    """
    if len(stamps(connection, stamp.document)) != stamp.position - 1:
        raise Conflict("document.stamped.already")
    values = {
        "document": stamp.document,
        "position": stamp.position,
        "level": stamp.level,
        "time": stamp.time,
        "pdf_digest": stamp.pdf_digest,
        "address": stamp.address,
        "by_user": stamp.by,
        "at": stamp.at,
    }
    connection.execute(insert(s).values(values))


def anchors(connection: Connection) -> tuple[Anchor, ...]:
    """All added authorities, oldest first."""
    return tuple(
        Anchor(
            row.fingerprint,
            row.purpose,
            row.name,
            row.ends,
            bytes.fromhex(row.certificate),
            UserId(row.by_user),
            row.at,
        )
        for row in connection.execute(select(a).order_by(a.c.at, a.c.fingerprint))
    )


def add_anchor(connection: Connection, anchor: Anchor) -> None:
    """Append an authority.

    Raises:
        Conflict: ``trust.anchor.known``.
    """
    known = (a.c.fingerprint == anchor.fingerprint) & (a.c.purpose == anchor.purpose)
    if connection.scalar(select(a.c.fingerprint).where(known)) is not None:
        raise Conflict("trust.anchor.known")
    values = {
        "fingerprint": anchor.fingerprint,
        "purpose": anchor.purpose,
        "name": anchor.name,
        "ends": anchor.ends,
        "certificate": anchor.certificate.hex(),
        "by_user": anchor.by,
        "at": anchor.at,
    }
    connection.execute(insert(a).values(values))


def revocations(connection: Connection) -> tuple[Revocation, ...]:
    """All revoked certificates, oldest first."""
    return tuple(
        Revocation(row.serial, row.since, row.reason, UserId(row.by_user), row.at)
        for row in connection.execute(select(r).order_by(r.c.at, r.c.serial))
    )


def was_signed_with(connection: Connection, serial: str) -> bool:
    """Whether any document was signed with the certificate of that serial."""
    found = connection.scalar(select(d.c.id).where(d.c.certificate == serial).limit(1))
    return found is not None


def add_revocation(connection: Connection, revocation: Revocation) -> None:
    """Append a revocation.

    Raises:
        Conflict: ``trust.revoked.already``.
    """
    if connection.scalar(select(r.c.serial).where(r.c.serial == revocation.serial)) is not None:
        raise Conflict("trust.revoked.already")
    values = {
        "serial": revocation.serial,
        "since": revocation.since,
        "reason": revocation.reason,
        "by_user": revocation.by,
        "at": revocation.at,
    }
    connection.execute(insert(r).values(values))


def _stamp(row: AnyRow) -> DocumentStamp:
    return DocumentStamp(
        document=DocumentId(row.document),
        position=row.position,
        level=row.level,
        time=row.time,
        pdf_digest=row.pdf_digest,
        address=VaultAddress(row.address),
        by=UserId(row.by_user),
        at=row.at,
    )
