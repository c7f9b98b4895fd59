"""Who is at the desk: activity, the idle deadline, locking, unlocking and signing out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from workstation.domain.errors import NotAllowed, WorkstationError
from workstation.domain.ids import UserId
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event, Followed
from workstation.workflow import session as signing_in
from workstation.workflow.desk import Desk, Session

IDLE_MINUTES = 5
IDLE_RANGE = (1, 15)
WARNING = timedelta(seconds=30)
LOOK_EVERY = 20  # ticks between two looks at whether the account still may what it might
CAUSES = {
    "idle": noted("after {minutes} without use"),
    "key": noted("by you"),
    "system": noted("with the computer"),
    "account": noted("because this account was changed"),
}


class SessionHolder(Protocol):
    """A presenter whose verbs act for the signed-in user."""

    session: Session


@dataclass(frozen=True, slots=True)
class SessionState:
    """What the shell and the lock page show; never anything about a patient.

    ``warning`` is the number of seconds left before locking, None while there is time.
    """

    login: str
    name: str
    initials: str
    clinic: str
    locked: bool
    locked_line: str
    warning: int | None
    busy: bool
    problem: wording.Problem | None


class SessionPresenter(Followed[SessionState]):
    """Holds the deadline against the clock; drops the signing key from every holder at lock."""

    def __init__(
        self,
        desk: Desk,
        session: Session,
        jobs: Jobs,
        holders: tuple[SessionHolder, ...] = (),
    ) -> None:
        self.desk = desk
        self.jobs = jobs
        self.changed: Event[SessionState] = Event()
        self.minutes = IDLE_MINUTES
        self._session = session
        self._holders = holders
        self._last, self._last_steady = desk.clock.now(), time.monotonic()
        self._ticks, self._looking = 0, False
        self._zone: tzinfo | None = None
        user = session.user
        clinic = ""
        with desk.store.reading() as unit:
            profile = unit.clinic()
            clinic, self._zone = profile.name, wording.zone(profile.time_zone)
        name = f"{user.name}, {user.credentials}" if user.credentials else user.name
        self.state = SessionState(
            user.login, name, user.initials, clinic, False, "", None, False, None
        )

    @property
    def session(self) -> Session:
        """The session as it is now; its key is None while locked."""
        return self._session

    @property
    def zone(self) -> tzinfo | None:
        """The clinic's time zone."""
        return self._zone

    def set_minutes(self, minutes: int) -> None:
        """Lock after this many minutes without use: 1 to 15, never off."""
        first, last = IDLE_RANGE
        self.minutes = min(max(minutes, first), last)
        self.tick()

    def touch(self) -> None:
        """Somebody used keyboard or mouse."""
        if self.state.locked:
            return
        self._used_now()
        if self.state.warning is not None:
            self._set(warning=None)

    def tick(self) -> None:
        """Once a second: warn 30 s ahead, lock at the deadline."""
        if self.state.locked:
            return
        self._look_at_account()
        left = timedelta(minutes=self.minutes) - self._unused()
        if left <= timedelta(0):
            self.lock("idle")
        elif left <= WARNING:
            self._set(warning=max(1, round(left.total_seconds())))
        elif self.state.warning is not None:
            self._set(warning=None)

    def lock(self, cause: str) -> None:
        """Lock at once; ``cause`` is one of ``CAUSES``. The key is dropped first."""
        if self.state.locked:
            return
        self._replace(Session(self._session.user, None))
        now = self.desk.clock.now()
        minutes = plural(self.minutes, "{n} minute", "{n} minutes")
        why = tr(CAUSES[cause], minutes=minutes)
        self._set(
            locked=True,
            locked_line=tr(
                "Locked at {clock} {why}", clock=wording.clock(now, self._zone), why=why
            ),
            warning=None,
            problem=None,
        )
        user: UserId = self._session.user.id
        self.jobs.submit(
            lambda: signing_in.locked(self.desk, user, cause),
            lambda _: None,
            self._unrecorded,
            Lane.STORE,
        )

    def unlock(self, password: str) -> None:
        """Check the password and bring everything back; a wrong one says so and stays locked."""
        if not self.state.locked or self.state.busy:
            return
        login, user = self.state.login, self._session.user.id
        self._set(busy=True, problem=None)

        def done(session: Session) -> None:
            if session.user.id != user:
                self._set(busy=False, problem=wording.message("session.password.wrong"))
                return
            self._used_now()
            self._replace(session)
            self._set(busy=False, locked=False, locked_line="", problem=None)

        def failed(error: Exception) -> None:
            self._set(busy=False)
            if not isinstance(error, WorkstationError):
                raise error
            code = error.code if isinstance(error, NotAllowed) else "session.failed"
            self._set(problem=wording.message(code))

        self.jobs.submit(
            lambda: signing_in.sign_in(self.desk, login, password), done, failed, Lane.STORE
        )

    def renew(self, session: Session) -> None:
        """The user has another signing key: every holder gets it, unless the desk is locked."""
        if session.user.id == self._session.user.id:
            self._replace(replace(session, key=None) if self.state.locked else session)

    def now(self) -> datetime:
        """The time for the lock page's clock."""
        return self.desk.clock.now()

    def clock_line(self) -> tuple[str, str]:
        """(date, time) for the corner of the lock page."""
        now = self.now()
        local = now.astimezone(self._zone) if self._zone is not None else now
        return wording.day(local.date()), wording.clock(local)

    def _used_now(self) -> None:
        self._last, self._last_steady = self.desk.clock.now(), time.monotonic()

    def _unused(self) -> timedelta:
        """For how long: by the clock, which counts sleep, or by seconds that nobody can set back."""
        steady = timedelta(seconds=time.monotonic() - self._last_steady)
        return max(self.desk.clock.now() - self._last, steady)

    def _look_at_account(self) -> None:
        """Now and then: whose account was switched off or given another role is locked out.

        What they would write is refused at once by the store; this is about what they can see.
        """
        self._ticks += 1
        if self._looking or self._ticks % LOOK_EVERY:
            return
        self._looking = True
        mine = self._session.user

        def look() -> bool:
            with self.desk.store.reading() as unit:
                user = unit.user(mine.id)
            return user is not None and (user.active, user.role, user.administers) == (
                True,
                mine.role,
                mine.administers,
            )

        def done(same: bool) -> None:
            self._looking = False
            if not same and self._session.user == mine:
                self.lock("account")

        def failed(error: Exception) -> None:
            self._looking = False  # the store is out of reach: what matters is refused there
            if not isinstance(error, WorkstationError):
                raise error

        self.jobs.submit(look, done, failed, Lane.READ)

    def _replace(self, session: Session) -> None:
        self._session = session
        for holder in self._holders:
            holder.session = session

    def _unrecorded(self, error: Exception) -> None:
        # The desk stays locked whatever the store says; the reason is shown on the lock page.
        code = error.code if isinstance(error, WorkstationError) else "store.failed"
        self._set(problem=wording.message(code))
