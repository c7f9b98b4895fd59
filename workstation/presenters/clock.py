"""The computer's clock beside the records, and confirming that it is right, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission, may
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event, Followed
from workstation.workflow import clock
from workstation.workflow.clock import Standing
from workstation.workflow.desk import Desk, Session

ABOUT = noted(
    "Nothing is signed under a time that lies before what the records tell of. When the clock had stood "
    "ahead and shows the right time again, an administrator says so here. Who, when, both times and the "
    "reason go on the audit trail."
)
WELL = noted("The clock is not behind the records. There is nothing to confirm.")
BEHIND = noted("The clock is behind the records: it stands wrong now, or had stood ahead.")
NOT_FOR_ROLE = noted("An administrator of the clinic can confirm it.")
CONFIRMED = noted("The clock is confirmed. Signing is open again.")


@dataclass(frozen=True, slots=True)
class ClockState:
    """The window. ``may_confirm`` is False while there is nothing to confirm."""

    now: str = ""
    latest: str = ""
    note: str = ""
    behind: bool = False
    may_confirm: bool = False
    busy: bool = False
    problem: str = ""


class ClockPresenter(Followed[ClockState]):
    """Reads both times, and confirms."""

    def __init__(
        self, desk: Desk, session: Callable[[], Session], jobs: Jobs, told: Event[str]
    ) -> None:
        self._desk, self._session, self._jobs, self._told = desk, session, jobs, told
        self.changed: Event[ClockState] = Event()
        self.state = ClockState()

    def load(self) -> None:
        """What the computer says and what the records say."""
        desk, session = self._desk, self._session()

        def work() -> tuple[Standing, str]:
            with desk.store.reading() as unit:
                zone = unit.clinic().time_zone
            return clock.standing(desk, session), zone

        def done(found: tuple[Standing, str]) -> None:
            standing, zone = found
            administers = may(session.user, Permission.ADMINISTER)
            note = "" if administers else tr(NOT_FOR_ROLE)
            self._set(
                now=_said(standing.now, zone),
                latest=_said(standing.latest, zone) if standing.latest is not None else "",
                note=note if standing.behind else tr(WELL),
                behind=standing.behind,
                may_confirm=standing.behind and administers,
                busy=False,
                problem="",
            )

        self._jobs.submit(work, done, self._failed, Lane.READ, "clock")

    def confirm(self, reason: str) -> None:
        """Say that the clock is right."""
        desk, session = self._desk, self._session()
        self._set(busy=True, problem="")

        def done(_: datetime) -> None:
            self._told.emit(tr(CONFIRMED))
            self.load()

        self._jobs.submit(
            lambda: clock.confirm(desk, session, reason), done, self._failed, Lane.STORE
        )

    def _failed(self, error: Exception) -> None:
        self._set(busy=False)
        self._set(problem=wording.message_for(expected(error)).line)


def _said(moment: datetime, zone: str) -> str:
    return wording.moment(moment, wording.zone(zone))
