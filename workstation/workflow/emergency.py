"""Reading records in an emergency: what was read is on the trail, and somebody else reviews it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from workstation.domain.accounts import Permission, User, may
from workstation.domain.audit import Entry
from workstation.domain.consultation import Consultation
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.ids import ConsultationId, UserId
from workstation.workflow import queue, viewing
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.session import EMERGENCY
from workstation.workflow.viewing import EMERGENCY_READ as READ

REVIEWED = "session.emergency_reviewed"


class Justification(Enum):
    """What a review found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True)
class Access:
    """One emergency access: whose and why, what was read by it, and its review when there is one."""

    seq: int  # of its entry on the trail
    at: datetime
    user: UserId
    name: str
    reason: str
    read: tuple[ConsultationId, ...]
    finding: Justification | None = None
    reviewer: str = ""
    reviewed_at: datetime | None = None


def look(desk: Desk, session: Session, id: ConsultationId) -> Consultation | None:
    """A consultation to read, as ``queue.look``; with emergency access that goes on the trail first.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    if session.emergency:
        viewing.seen(desk, session, id)
    return queue.look(desk, session, id)


def accesses(desk: Desk, session: Session) -> tuple[Access, ...]:
    """Every emergency access of the clinic, newest first.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.AUDIT)
    with desk.store.reading() as unit:
        users = unit.users()
        names = {user.id: user.name for user in users}
        found = [
            access
            for user in users
            for access in _of(user, unit.audit_of(user.id, (EMERGENCY, READ, REVIEWED)), names)
        ]
    return tuple(sorted(found, key=lambda access: -access.seq))


def review(desk: Desk, session: Session, seq: int, finding: Justification) -> None:
    """Record what this user found about an access; it stays so.

    Raises:
        NotAllowed: ``session.permission``; ``emergency.own`` for one's own access, unless nobody
            else of the clinic may review.
        Conflict: ``emergency.reviewed`` when somebody was faster.
        Refused: ``emergency.unknown``.
    """
    require(session, Permission.AUDIT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        entries = [
            entry
            for user in unit.users()
            for entry in unit.audit_of(user.id, (EMERGENCY, REVIEWED))
        ]
        of = next((e for e in entries if (e.seq, e.action) == (seq, EMERGENCY)), None)
        if of is None:
            raise Refused("emergency.unknown")
        if of.subject == session.user.id and _others(unit.users(), session.user):
            raise NotAllowed("emergency.own")
        if any(e.action == REVIEWED and _detail(e).get("entry") == seq for e in entries):
            raise Conflict("emergency.reviewed")
        unit.audit(REVIEWED, of.subject, {"entry": seq, "finding": finding.value})


def _others(users: Iterable[User], user: User) -> bool:
    return any(may(one, Permission.AUDIT) for one in users if one.id != user.id)


def _of(user: User, entries: Iterable[Entry], names: dict[UserId, str]) -> list[Access]:
    """The accesses of one user: what was read belongs to the one opened before it."""
    made: dict[int, Access] = {}
    for entry in entries:
        told = _detail(entry)
        if entry.action == EMERGENCY:
            reason = str(told.get("reason", ""))
            made[entry.seq] = Access(entry.seq, entry.at, user.id, user.name, reason, ())
        elif entry.action == READ and made:
            last = made[max(made)]
            read = dict.fromkeys((*last.read, ConsultationId(str(told.get("consultation", "")))))
            made[last.seq] = replace(last, read=tuple(read))
        elif entry.action == REVIEWED and (of := made.get(told.get("entry", 0))):
            made[of.seq] = replace(
                of,
                finding=Justification(told["finding"]),
                reviewer=names.get(UserId(entry.actor), entry.actor),
                reviewed_at=entry.at,
            )
    return list(made.values())


def _detail(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(entry.detail)
    return told
