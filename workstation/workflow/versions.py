"""News of an open consultation: a later version came while somebody works on it."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation
from workstation.domain.ids import ConsultationId
from workstation.domain.versions import Version
from workstation.workflow.desk import Desk, Session, held, require


@dataclass(frozen=True, slots=True)
class News:
    """The consultation as its sender has it now, and every version after the first."""

    consultation: Consultation
    versions: tuple[Version, ...]


def news(desk: Desk, session: Session, id: ConsultationId, token: int, known: int) -> News | None:
    """What came after ``known`` later versions; ``None`` when nothing did.

    Raises:
        Conflict: ``consultation.claim.lost``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        versions = unit.versions(id)
        if len(versions) <= known:
            return None
        return News(held(session, unit.consultation(id), token), versions)


def seen(desk: Desk, session: Session, id: ConsultationId, up_to: int) -> int:
    """Record that this user saw what differs in the versions up to ``up_to``; how many those were.

    One that came since it was shown is not seen by this.
    """
    require(session, Permission.ANNOTATE)
    with desk.store.writing(session.user.id, desk.station) as unit:
        number = unit.mark_versions_seen(id, desk.clock.now(), up_to)
        if number:
            unit.audit("consultation.update.seen", id, {"versions": number})
    return number
