"""A red flag that nobody called about escalates once: recorded, with every prescriber alerted.

Each running desk looks by itself. The first that finds a flag past its share of the target records
the escalation; every desk with a prescriber signed in records that this one was shown it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import Status
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.triage import TriageLevel, escalates_at
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import QueueFilter, ReadUnit

ESCALATED, ALERTED = "consultation.escalated", "consultation.alerted"
LEVELS = frozenset({int(TriageLevel.URGENT), int(TriageLevel.EMERGENT)})
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Escalated:
    """An escalated consultation, since when, and the prescribers whose desk has shown it."""

    consultation: ConsultationId
    since: datetime
    names: tuple[str, ...]


def escalate(desk: Desk, session: Session) -> tuple[Escalated, ...]:
    """Record what escalates now, and that this user is alerted; all that stand escalated."""
    require(session, Permission.VIEW)
    prescribes = may(session.user, Permission.SIGN)
    with desk.store.reading() as unit:
        due = _due(desk, unit, session.user.id)
        told = {id: _told(unit, id) for id in due}
    for id in due:
        entries, users = told[id]
        if entries and (not prescribes or session.user.id in users):
            continue
        with desk.store.writing(session.user.id, desk.station) as writing:
            found = writing.consultation(id)
            if found is None or found.called or found.status in ENDED:
                continue
            entries, users = _told(writing, id)
            if not entries:
                share = desk.catalogue.triage.escalate_at
                writing.audit(ESCALATED, id, {"share": str(share), "due": due[id].isoformat()})
            if prescribes and session.user.id not in users:
                writing.audit(ALERTED, id, {})
    with desk.store.reading() as unit:
        return tuple(_escalated(unit, id) for id in due if _told(unit, id)[0])


def _due(desk: Desk, unit: ReadUnit, user: UserId) -> dict[ConsultationId, datetime]:
    """Red flags past their share of the target that nobody called about, worst first."""
    now, rules = desk.clock.now(), desk.catalogue.triage
    found = {}
    for row in unit.queue(QueueFilter(scope="all", levels=LEVELS), user, now):
        at = escalates_at(rules, TriageLevel(row.level), row.deadline)
        if at > now:
            continue
        consultation = unit.consultation(row.id)
        if consultation is not None and not consultation.called:
            found[row.id] = at
    return found


def _told(unit: ReadUnit, id: ConsultationId) -> tuple[bool, tuple[str, ...]]:
    """(whether the escalation is recorded, users alerted in the order they were)."""
    entries = unit.audit_of(id, (ESCALATED, ALERTED))
    return any(e.action == ESCALATED for e in entries), tuple(
        dict.fromkeys(e.actor for e in entries if e.action == ALERTED)
    )


def _escalated(unit: ReadUnit, id: ConsultationId) -> Escalated:
    entries = unit.audit_of(id, (ESCALATED, ALERTED))
    users = (unit.user(UserId(user)) for user in _told(unit, id)[1])
    return Escalated(id, entries[0].at, tuple(user.name for user in users if user is not None))
