"""Who looked at whose photos and answers without opening the consultation is on the trail too."""

from __future__ import annotations

from datetime import timedelta

from workstation.domain.accounts import Permission
from workstation.domain.ids import ConsultationId
from workstation.workflow.desk import Desk, Session, require

VIEWED = "consultation.viewed"
ONE_LOOK = timedelta(hours=1)
"""Somebody who goes up and down a list looks once; the trail is for those who read it."""


def seen(desk: Desk, session: Session, id: ConsultationId) -> None:
    """Note that this user was shown a consultation, once in ``ONE_LOOK``.

    Emergency access is noted each time, and before anything is shown (``emergency.look``).

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    if session.emergency:
        return
    since = desk.clock.now() - ONE_LOOK
    with desk.store.writing(session.user.id, desk.station) as unit:
        noted = any(
            entry.actor == session.user.id and entry.at > since
            for entry in unit.audit_of(id, (VIEWED,))
        )
        if not noted:
            unit.audit(VIEWED, id, {})
