"""The queue: what waits, and who holds which consultation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import Claim, Consultation, QueueRow, Status
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.triage import TriageLevel
from workstation.workflow import outlook, work_up
from workstation.workflow.desk import Desk, Session, held, require
from workstation.workflow.outlook import GRADED
from workstation.workflow.ports import QueueFilter, ReadUnit

SYSTEM = "system"
LEASE = timedelta(minutes=20)
EVERY = 1_000_000  # rows: more than a clinic has open
DATED = frozenset({Status.WAITING_FOR_WORK_UP, Status.DEFERRED})
PAUSED = DATED | {Status.AWAITING_PATIENT}


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows in service order with the counts beside the filters."""

    rows: tuple[QueueRow, ...]
    counts: dict[str, int]
    flags: tuple[QueueRow, ...] = ()  # EMERGENT and URGENT of everybody, whatever is wanted


@dataclass(frozen=True, slots=True)
class Claimed:
    """The consultation is this user's; every write carries ``claim.token``."""

    consultation: Consultation
    claim: Claim
    left_open: datetime | None = None  # since when this user had it here and never gave it back


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Somebody else has it open."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """It is closed or withdrawn, or was never there."""


FLAGS = frozenset({int(TriageLevel.URGENT), int(TriageLevel.EMERGENT)})
BLINDED = "read blinded"
"""What stands in place of where a severity comes from, while it is hidden from a second reader."""

ClaimAnswer = Claimed | HeldBy | Gone


def page(desk: Desk, session: Session, wanted: QueueFilter) -> QueuePage:
    """Rows by level, then deadline, then age."""
    require(session, Permission.VIEW)
    now = desk.clock.now()
    with desk.store.reading() as unit:
        rows = unit.queue(wanted, session.user.id, now)
        begun = unit.read_by(session.user.id, [row.id for row in rows])
        counts = unit.queue_counts(session.user.id, now)
        pressing = unit.queue(QueueFilter(scope="all", levels=FLAGS), session.user.id, now)
        flags = tuple(_with_call(unit, row) for row in pressing)
    reads_alone = may(session.user, Permission.SECOND_READ) and not may(
        session.user, Permission.CLAIM
    )
    seen = tuple(_as_seen(r, begun.get(r.id), reads_alone) for r in rows)
    return QueuePage(seen, counts, flags)


def _with_call(unit: ReadUnit, row: QueueRow) -> QueueRow:
    """The row with when somebody tried to call about what is known since ``row.since``."""
    tried = [t.at for t in unit.contacts(row.id) if row.since is None or t.at >= row.since]
    return replace(row, called_at=max(tried)) if tried else row


def _as_seen(row: QueueRow, finished: bool | None, reads_alone: bool) -> QueueRow:
    """The row without the first reader's grade for whoever is still to read it blinded.

    ``finished`` is None where this user has not begun a reading; who ``reads_alone`` has no other
    way to work on a consultation, and so reads all of them blinded first.
    """
    blinded = finished is False or (finished is None and reads_alone)
    if blinded and row.severity_source == GRADED:
        return replace(row, severity="", severity_source=BLINDED)
    return row


def look(desk: Desk, session: Session, id: ConsultationId) -> Consultation | None:
    """A consultation to read (the preview); nothing is claimed."""
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        return unit.consultation(id)


def face(desk: Desk, session: Session, id: ConsultationId) -> bytes:
    """The thumbnail that stands for the patient of a consultation, as JPEG; empty when there is none.

    Raises:
        NotAllowed: ``session.permission``. Corrupt: ``vault.blob.*``.
    """
    found = look(desk, session, id)
    shown = None if found is None else found.face
    return b"" if shown is None else desk.vault.get(shown.thumbnail)


def claim(desk: Desk, session: Session, id: ConsultationId) -> ClaimAnswer:
    """Take a consultation for this user and move it to *in review*.

    The trail says from whom it was taken over, when a lease ran out.
    """
    require(session, Permission.CLAIM)
    now = desk.clock.now()
    with desk.store.writing(session.user.id, desk.station) as unit:
        consultation = unit.consultation(id)
        if consultation is None or consultation.status in (Status.CLOSED, Status.WITHDRAWN):
            return Gone()
        claim = unit.claim(id, session.user.id, desk.station, now, now + LEASE)
        if claim is None:
            held = consultation.claim
            holder = unit.user(held.user) if held else None
            return HeldBy(holder.name if holder else "", held.taken_at if held else now)
        if consultation.status is not Status.IN_REVIEW:
            unit.set_status(id, claim.token, Status.IN_REVIEW, None)
        if consultation.status in PAUSED:
            outlook.start_anew(desk, unit, id)
            outlook.renew(desk, unit, id)
        told: dict[str, object] = {"token": claim.token}
        before = consultation.claim
        if before is not None and before.token != claim.token:  # its lease ran out, or it moved
            told |= {"taken_from": before.user, "at": before.station, "since": before.taken_at}
        unit.audit("consultation.claimed", id, told)
        fresh = unit.consultation(id)
    if fresh is None:
        return Gone()
    return Claimed(fresh, claim, _left_open(desk, session, consultation))


def interrupted(desk: Desk, session: Session) -> ConsultationId | None:
    """The consultation this user was working on here when the program ended without closing it."""
    for row in page(desk, session, QueueFilter(statuses=frozenset({Status.IN_REVIEW}))).rows:
        if row.claimed_by != session.user.id:
            continue
        with desk.store.reading() as unit:
            consultation = unit.consultation(row.id)
            past = unit.history(row.id).past
        since = None if consultation is None else _left_open(desk, session, consultation)
        if since is not None and past and past[-1].at >= since:
            return row.id
    return None


def _left_open(desk: Desk, session: Session, consultation: Consultation) -> datetime | None:
    claim = consultation.claim
    mine = claim is not None and (claim.user, claim.station) == (session.user.id, desk.station)
    return claim.taken_at if mine and claim is not None else None


def renew(desk: Desk, session: Session, id: ConsultationId, token: int) -> bool:
    """Extend the lease while the consultation stays open on a screen; False when lost."""
    require(session, Permission.CLAIM)
    with desk.store.writing(session.user.id, desk.station) as unit:
        try:
            held(session, unit.consultation(id), token)
        except Conflict:
            return False
        return unit.renew(id, token, desk.clock.now() + LEASE)


def release(desk: Desk, session: Session, id: ConsultationId, token: int) -> None:
    """Give a consultation back to the queue; its draft stays.

    A work-up whose next visit came while it was open here is over instead.
    """
    require(session, Permission.CLAIM)
    with desk.store.writing(session.user.id, desk.station) as unit:
        try:
            consultation = held(session, unit.consultation(id), token)
        except Conflict:
            return  # another desk holds it by now: there is nothing left to give back
        if consultation.status is Status.IN_REVIEW:
            unit.set_status(id, token, Status.READY, None)
        unit.release(id, token)
        unit.audit("consultation.released", id, {"token": token})
        work_up.given_back(desk, unit, consultation)


def next_waiting(
    desk: Desk, session: Session, after: ConsultationId | None
) -> ConsultationId | None:
    """The first consultation in service order that is free, not counting ``after``.

    One in review is free again when its lease has run out: its desk went down.
    """
    waiting = frozenset({Status.READY, Status.IN_REVIEW})
    rows = page(desk, session, QueueFilter(statuses=waiting)).rows
    return next((r.id for r in rows if r.id != after and r.claimed_by is None), None)


def wake(desk: Desk) -> int:
    """Bring back what waits for a day that has come; how many came back."""
    today = desk.clock.today()
    waiting = QueueFilter(scope="all", statuses=DATED, limit=EVERY)
    with desk.store.reading() as unit:
        rows = unit.queue(waiting, UserId(SYSTEM), desk.clock.now())
    due = [row.id for row in rows if row.returns_on is not None and row.returns_on <= today]
    back = 0
    for id in due:
        try:
            with desk.store.writing(SYSTEM, desk.station) as unit:
                unit.set_status(id, 0, Status.READY, None)
                outlook.start_anew(desk, unit, id)
                outlook.renew(desk, unit, id)
                unit.audit("consultation.returned", id, {})
        except Conflict:
            continue  # somebody took it, or its next visit came, since the rows were read
        back += 1
    return back
