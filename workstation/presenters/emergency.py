"""Reading records in an emergency, and the review of such accesses, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from workstation.domain.accounts import Permission, may
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs
from workstation.presenters.observable import Event
from workstation.presenters.records_window import RecordsWindow
from workstation.workflow import emergency
from workstation.workflow import session as signing_in
from workstation.workflow.desk import Desk, Session
from workstation.workflow.emergency import Access, Justification

ABOUT = noted(
    "Whoever may not see records can read them in an emergency. The reason and each consultation that is "
    "read go on the audit trail, nothing can be changed, and it ends when the desk is locked."
)
SEES = noted("Your role sees records without it.")
READING = noted("You have emergency access until this desk is locked.")
NONE_YET = noted("Nobody has used emergency access.")
NOT_FOR_ROLE = noted("Your role does not review accesses.")
OWN = noted("Somebody else reviews your own access.")
FINDINGS = {
    Justification.JUSTIFIED: noted("Justified"),
    Justification.NOT_JUSTIFIED: noted("Not justified"),
}


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One access: who and when, why, what was read, and what its review found ("" while none)."""

    seq: int
    who: str
    reason: str
    read: str
    reviewed: str
    own: bool


@dataclass(frozen=True)
class EmergencyState:
    """The window. ``note`` stands where there is nothing to ask for or to list."""

    lines: tuple[AccessLine, ...] = ()
    may_read: bool = False
    stands: str = ""  # why access is not asked for
    note: str = ""
    busy: bool = False
    problem: str = ""


class EmergencyPresenter(RecordsWindow[EmergencyState]):
    """Opens and reviews; ``opened`` hands the session on that may read.

    ``reviewed`` is called when what waits for a review is less by one.
    """

    def __init__(
        self, desk: Desk, session: Callable[[], Session], jobs: Jobs, told: Event[str]
    ) -> None:
        super().__init__(desk, session, jobs, told, EmergencyState())
        self.opened: Callable[[Session], None] = lambda _: None
        self.reviewed: Callable[[], None] = lambda: None

    def load(self) -> None:
        """What this user may do, and the accesses so far."""
        desk, session = self._desk, self._session()
        sees = may(session.user, Permission.VIEW)
        stands = tr(SEES) if sees else tr(READING) if session.emergency else ""
        self._set(may_read=not stands, stands=stands, problem="")
        if not may(session.user, Permission.AUDIT):
            self._set(lines=(), note=tr(NOT_FOR_ROLE))
            return

        def shown(accesses: tuple[Access, ...], zone: tzinfo | None) -> None:
            lines = tuple(_line(one, zone, session) for one in accesses)
            self._set(lines=lines, note="" if lines else tr(NONE_YET), busy=False)

        self._read("emergency", lambda: emergency.accesses(desk, session), shown)

    def read(self, reason: str) -> None:
        """Ask for access: it is there at once, and on the trail."""
        desk, session = self._desk, self._session()

        def done(reading: Session) -> None:
            self._set(busy=False)
            self.opened(reading)
            self._told.emit(tr(READING))
            self.load()

        self._do(lambda: signing_in.emergency(desk, session, reason), done)

    def review(self, seq: int, finding: Justification) -> None:
        """Record what was found about one access."""
        desk, session = self._desk, self._session()

        def done(_: object) -> None:
            self.reviewed()
            self.load()

        self._do(lambda: emergency.review(desk, session, seq, finding), done)


def waiting(desk: Desk, session: Session) -> int:
    """Accesses that this user is to review."""
    if not may(session.user, Permission.AUDIT):
        return 0
    found = emergency.accesses(desk, session)
    return sum(one.finding is None and one.user != session.user.id for one in found)


def _line(one: Access, zone: tzinfo | None, session: Session) -> AccessLine:
    at = wording.moment(one.at, zone)
    count = plural(len(one.read), "{n} consultation read", "{n} consultations read")
    reviewed = ""
    if one.finding is not None and one.reviewed_at is not None:
        reviewed = tr(
            "{finding}: {name}, {at}",
            finding=tr(FINDINGS[one.finding]),
            name=one.reviewer,
            at=wording.moment(one.reviewed_at, zone),
        )
    return AccessLine(
        one.seq, f"{one.name}, {at}", one.reason, count, reviewed, one.user == session.user.id
    )
