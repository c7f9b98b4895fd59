"""What can be done with a consultation from the queue: put it off, and set its level by hand."""

from __future__ import annotations

from datetime import date

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation, Status
from workstation.domain.errors import Conflict, Refused
from workstation.domain.ids import ConsultationId
from workstation.domain.triage import LevelChange, TriageLevel
from workstation.workflow import outlook
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import WriteUnit


def defer(desk: Desk, session: Session, id: ConsultationId, until: date) -> None:
    """Put a consultation off until a later day; it comes back by itself.

    Raises:
        Refused: ``queue.defer.day`` unless the day is still to come.
        Conflict: ``consultation.contact.missing`` for a red flag without a contact record,
            ``consultation.held``, ``consultation.gone``, ``consultation.status.move``.
    """
    require(session, Permission.TRIAGE)
    if until <= desk.clock.today():
        raise Refused("queue.defer.day")
    with desk.store.writing(session.user.id, desk.station) as unit:
        token = may_leave(desk, session, unit, id)
        unit.set_status(id, token, Status.DEFERRED, until)
        unit.release(id, token)
        unit.audit("consultation.deferred", id, {"until": until.isoformat()})


def set_level(
    desk: Desk, session: Session, id: ConsultationId, level: TriageLevel, reason: str
) -> None:
    """Set the triage level by hand; lowering asks for a reason, and all of it is audited.

    A red flag is not lowered below URGENT before somebody tried to call: otherwise lowering
    would be the way to close it without a contact.

    Raises:
        Refused: ``queue.level.reason`` when a lower level comes without a reason.
        Conflict: ``consultation.contact.missing``, ``consultation.held``, ``consultation.gone``.
    """
    require(session, Permission.TRIAGE)
    said = reason.strip()
    with desk.store.writing(session.user.id, desk.station) as unit:
        found = free(desk, session, unit, id)
        triage = outlook.as_it_stands(desk, unit, id)[1].triage
        if level == triage.level:
            return
        if level < triage.level and len(said) < desk.catalogue.rulebook.shortest_reason:
            raise Refused("queue.level.reason")
        owed = triage.needs_contact and not found.called
        if owed and level < TriageLevel.URGENT:
            raise Conflict("consultation.contact.missing", consultation=id)
        seen = tuple(flag.code for flag in triage.flags)
        unit.set_level(id, LevelChange(level, seen, said, session.user.id, desk.clock.now()))
        outlook.renew(desk, unit, id)
        unit.audit(
            "consultation.level_set",
            id,
            {"old": triage.level.name, "new": level.name, "reason": said},
        )


def owes_contact(desk: Desk, session: Session, id: ConsultationId) -> bool:
    """Whether a consultation is a red flag that nobody tried to call about.

    Raises:
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        found, appraisal, _ = outlook.as_it_stands(desk, unit, id)
    return appraisal.triage.needs_contact and not found.called


def may_leave(desk: Desk, session: Session, unit: WriteUnit, id: ConsultationId) -> int:
    """The token to move a consultation out of sight with, as it stands now in the store.

    Raises:
        Conflict: ``consultation.contact.missing``, ``consultation.held``, ``consultation.gone``.
    """
    found = free(desk, session, unit, id)
    appraisal = outlook.renew(desk, unit, id)
    if appraisal.triage.needs_contact and not found.called:
        raise Conflict("consultation.contact.missing", consultation=id)
    return found.claim.token if found.claim is not None else 0


def free(desk: Desk, session: Session, unit: WriteUnit, id: ConsultationId) -> Consultation:
    """An open consultation that nobody else holds now.

    Raises:
        Conflict: ``consultation.gone``; ``consultation.held`` while another user has it open.
    """
    found = unit.consultation(id)
    if found is None or found.status in (Status.CLOSED, Status.WITHDRAWN):
        raise Conflict("consultation.gone", consultation=id)
    claim = found.claim
    if claim is not None and claim.until > desk.clock.now() and claim.user != session.user.id:
        raise Conflict("consultation.held", consultation=id)
    return found
