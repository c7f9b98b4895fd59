"""The computer's clock beside the records, and confirming that it is right, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from workstation.domain.accounts import Permission, may
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs
from workstation.presenters.observable import Event
from workstation.presenters.records_window import RecordsWindow
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


class ClockPresenter(RecordsWindow[ClockState]):
    """Reads both times, and confirms."""

    def __init__(
        self, desk: Desk, session: Callable[[], Session], jobs: Jobs, told: Event[str]
    ) -> None:
        super().__init__(desk, session, jobs, told, ClockState())

    def load(self) -> None:
        """What the computer says and what the records say."""
        desk, session = self._desk, self._session()

        def shown(standing: Standing, zone: tzinfo | None) -> None:
            administers = may(session.user, Permission.ADMINISTER)
            note = "" if administers else tr(NOT_FOR_ROLE)
            self._set(
                now=wording.moment(standing.now, zone),
                latest=wording.moment(standing.latest, zone) if standing.latest is not None else "",
                note=note if standing.behind else tr(WELL),
                behind=standing.behind,
                may_confirm=standing.behind and administers,
                busy=False,
                problem="",
            )

        self._read("clock", lambda: clock.standing(desk, session), shown)

    def confirm(self, reason: str) -> None:
        """Say that the clock is right."""
        desk, session = self._desk, self._session()

        def done(_: datetime) -> None:
            self._told.emit(tr(CONFIRMED))
            self.load()

        self._do(lambda: clock.confirm(desk, session, reason), done)
