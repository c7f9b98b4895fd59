"""What colleagues have open, and giving it back to the queue when they cannot do it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import Status
from workstation.domain.errors import Refused
from workstation.domain.ids import ConsultationId, UserId
from workstation.workflow import work_up
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import QueueFilter

SHORTEST_REASON = 10
_EVERY = 1_000_000  # rows: more than a clinic has open


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What one colleague has claimed now, and since when the oldest of it."""

    user: UserId
    name: str
    since: datetime
    consultations: tuple[ConsultationId, ...]


def open_work(desk: Desk, session: Session) -> tuple[OpenWork, ...]:
    """Claims of everybody but this user, who has most first.

    Raises:
        NotAllowed: ``session.permission``.
    """
    _may_hand_on(session)
    now = desk.clock.now()
    wanted = QueueFilter(scope="all", statuses=frozenset({Status.IN_REVIEW}), limit=_EVERY)
    held: dict[UserId, list[tuple[datetime, ConsultationId]]] = {}
    names: dict[UserId, str] = {}
    with desk.store.reading() as unit:
        for row in unit.queue(wanted, session.user.id, now):
            found = unit.consultation(row.id)
            claim = found.claim if found is not None else None
            if claim is None or claim.until <= now or claim.user == session.user.id:
                continue
            held.setdefault(claim.user, []).append((claim.taken_at, row.id))
            if claim.user not in names:
                who = unit.user(claim.user)
                names[claim.user] = who.name if who is not None else ""
    made = (
        OpenWork(user, names[user], min(claims)[0], tuple(id for _, id in sorted(claims)))
        for user, claims in held.items()
    )
    return tuple(sorted(made, key=lambda one: (-len(one.consultations), one.name)))


def give_back(desk: Desk, session: Session, user: UserId, reason: str) -> int:
    """Give a colleague's consultations back to the queue; how many. Their drafts stay.

    The colleague's desk finds its claim lost at the next edit, and that edit is refused.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``colleague.reason`` for fewer than 10 characters.
    """
    _may_hand_on(session)
    why = reason.strip()
    if len(why) < SHORTEST_REASON:
        raise Refused("colleague.reason")
    given = 0
    for work in open_work(desk, session):
        if work.user != user:
            continue
        for id in work.consultations:
            given += _given_back(desk, session, user, id, why)
    return given


def _given_back(desk: Desk, session: Session, user: UserId, id: ConsultationId, why: str) -> bool:
    with desk.store.writing(session.user.id, desk.station) as unit:
        found = unit.consultation(id)
        claim = found.claim if found is not None else None
        if found is None or claim is None or claim.user != user:
            return False  # given back by its holder since it was listed
        if found.status is Status.IN_REVIEW:
            unit.set_status(id, claim.token, Status.READY, None)
        unit.release(id, claim.token)
        unit.audit("consultation.handed_on", id, {"from": user, "reason": why})
        work_up.given_back(desk, unit, found)
    return True


def _may_hand_on(session: Session) -> None:
    """Who may claim may take over; an administrator may free work without seeing it."""
    if not may(session.user, Permission.ADMINISTER):
        require(session, Permission.CLAIM)
