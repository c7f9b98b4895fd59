"""Who looked at whose photos and answers without opening the consultation is on the trail too."""

from __future__ import annotations

from datetime import timedelta

from workstation.domain.accounts import Permission
from workstation.domain.ids import ConsultationId
from workstation.workflow.desk import Desk, Session, require

VIEWED = "consultation.viewed"
EMERGENCY_READ = "session.emergency_read"
ONE_LOOK = timedelta(hours=1)
"""Somebody who goes up and down a list looks once; the trail is for those who read it."""


def seen(desk: Desk, session: Session, id: ConsultationId) -> None:
    """Note that this user is shown a consultation: once in ``ONE_LOOK``, by emergency access always.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    if not session.emergency and _noted(desk, session, id):
        return
    with desk.store.writing(session.user.id, desk.station) as unit:
        if session.emergency:
            unit.audit(EMERGENCY_READ, session.user.id, {"consultation": id})
        else:
            unit.audit(VIEWED, id, {})


def _noted(desk: Desk, session: Session, id: ConsultationId) -> bool:
    since = desk.clock.now() - ONE_LOOK
    with desk.store.reading() as unit:
        entries = unit.audit_of(id, (VIEWED,))
    return any(entry.actor == session.user.id and entry.at > since for entry in entries)
