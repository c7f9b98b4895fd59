"""The computer's clock: from when on a signature may be dated, and saying that the clock is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain import clock_trail
from workstation.domain.accounts import Permission
from workstation.domain.errors import Conflict, Refused
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import ReadUnit

SHORTEST_REASON = 10
BEHIND = "CLOCK-BEHIND"
"""Gate code: the clock stands before what the trail has told."""


def earliest(unit: ReadUnit) -> datetime | None:
    """The moment before which nothing is signed: the newest entry, and where a clock that was set
    back had been; None on an empty trail."""
    head = unit.audit_head()
    # Programs before this one told of the clock without naming it.
    told = (unit.audit_of(subject, clock_trail.ACTIONS) for subject in ("", clock_trail.SUBJECT))
    least = clock_trail.not_before(entry for entries in told for entry in entries)
    moments = [moment for moment in (least, head.at if head else None) if moment is not None]
    return max(moments, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The clock beside the records; both moments in UTC, ``latest`` None on an empty trail."""

    now: datetime
    latest: datetime | None

    @property
    def behind(self) -> bool:
        """Whether nothing can be signed under the time that it is."""
        return self.latest is not None and self.now < self.latest


def standing(desk: Desk, session: Session) -> Standing:
    """What the clock says and what the trail says.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        return Standing(desk.clock.now(), earliest(unit))


def confirm(desk: Desk, session: Session, reason: str) -> datetime:
    """Say that the clock is right although the trail tells of later moments; the latest of them.

    For a computer whose clock had stood ahead: what was written then keeps its time, and signing
    goes on from now. Audited with both times and the reason.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``clock.reason`` for fewer than 10 characters.
        Conflict: ``clock.right`` when nothing on the trail is later than the clock.
    """
    require(session, Permission.ADMINISTER)
    why = reason.strip()
    if len(why) < SHORTEST_REASON:
        raise Refused("clock.reason")
    with desk.store.writing(session.user.id, desk.station) as unit:
        latest, now = earliest(unit), desk.clock.now()
        if latest is None or latest <= now:
            raise Conflict("clock.right")
        detail: dict[str, object] = {"before": latest, "after": now, "reason": why}
        unit.audit(clock_trail.CONFIRMED, clock_trail.SUBJECT, detail)
    return latest
