"""Later versions of a consultation: the newest is what is read; every earlier one stays as it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from workstation.adapters.store import consultations, identity, rows, supplies
from workstation.adapters.store.schema import consultation as c
from workstation.adapters.store.schema import consultation_content
from workstation.adapters.store.schema import consultation_version as v
from workstation.domain.consultation import Consultation
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.versions import Difference, Version
from workstation.workflow.ports import Appraised


def versions(connection: Connection, id: ConsultationId) -> tuple[Version, ...]:
    """Versions after the first, oldest first."""
    found = connection.execute(select(v).where(v.c.consultation == id).order_by(v.c.number))
    return tuple(
        Version(
            row.number,
            row.package_digest,
            row.submitted_at,
            row.received_at,
            rows.from_text(row.differences, tuple[Difference, ...]),
            None if row.seen_by is None else UserId(row.seen_by),
            row.seen_at,
        )
        for row in found
    )


def digests(connection: Connection, id: ConsultationId) -> frozenset[str]:
    """The packages of all versions of a consultation."""
    first = connection.scalar(
        select(consultation_content.c.content).where(consultation_content.c.consultation == id)
    )
    later = connection.scalars(select(v.c.package_digest).where(v.c.consultation == id))
    received = [] if first is None else [rows.from_text(first, consultations.Received)]
    return frozenset((*later, *(one.source.package_digest for one in received)))


def add(connection: Connection, new: Consultation, version: Version, appraised: Appraised) -> None:
    """Store the next version of a consultation; its draft, claim and status stay as they are.

    Raises:
        Conflict: ``consultation.version.stale`` when that number is taken.
    """
    last = connection.scalar(select(func.max(v.c.number)).where(v.c.consultation == new.id)) or 1
    if version.number != last + 1:
        raise Conflict("consultation.version.stale", consultation=new.id)
    old = consultations.consultation(connection, new.id)
    connection.execute(
        insert(v).values(
            consultation=new.id,
            number=version.number,
            package_digest=version.package_digest,
            submitted_at=version.submitted_at,
            received_at=version.received_at,
            content=consultations.content_of(new),
            differences=rows.to_text(version.differences),
        )
    )
    held = frozenset() if old is None else frozenset(photo.digest for photo in old.photos)
    fresh = tuple(photo for photo in new.photos if photo.digest not in held)
    identity.see_photos(connection, replace(new, photos=fresh))
    for one in new.results:
        consultations.receive_result(connection, new.patient.id, one)
    known = old.dispensed if old is not None else ()
    for given in new.dispensed:
        if given not in known:
            supplies.add(connection, new.id, new.patient.id, new.submitted_at, given, reported=True)
    connection.execute(
        update(c)
        .where(c.c.id == new.id)
        .values(**consultations.shown_columns(new), **consultations.appraised_columns(appraised))
    )


def mark_seen(
    connection: Connection, id: ConsultationId, user: UserId, at: datetime, up_to: int
) -> int:
    """Keep who saw what differs in the versions up to number ``up_to``; how many that were."""
    changed = connection.execute(
        update(v)
        .where(v.c.consultation == id, v.c.number <= up_to, v.c.seen_by.is_(None))
        .values(seen_by=user, seen_at=at)
    )
    return changed.rowcount
