"""How long this user's consultations of today took, from being claimed to being signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Connection, func, select

from workstation.adapters.store.schema import audit, document
from workstation.domain.ids import UserId

CLAIMED = "consultation.claimed"


def signed_since(connection: Connection, user: UserId, midnight: datetime) -> dict[str, datetime]:
    """When each consultation was last signed by this user since ``midnight``."""
    found = connection.execute(
        select(document.c.consultation, func.max(document.c.signed_at))
        .where(document.c.signer == user, document.c.signed_at >= midnight)
        .group_by(document.c.consultation)
    )
    return {consultation: at for consultation, at in found}


def median_taken(
    connection: Connection, user: UserId, midnight: datetime, signed: dict[str, datetime]
) -> timedelta | None:
    """The median time from the last claim to the signature of ``signed``; None when none is told."""
    if not signed:
        return None
    claims = connection.execute(
        select(audit.c.subject, audit.c.at)
        .where(
            audit.c.subject.in_(signed),
            audit.c.action == CLAIMED,
            audit.c.actor == user,
            audit.c.at >= midnight,
        )
        .order_by(audit.c.seq)
    )
    taken: dict[str, float] = {}  # seconds
    for consultation, at in claims:
        until = signed.get(consultation)
        if until is not None and at <= until:
            taken[consultation] = (until - at).total_seconds()
    return timedelta(seconds=median(taken.values())) if taken else None
