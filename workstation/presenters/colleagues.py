"""What colleagues have open, in words, and giving it back to the queue for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from workstation.domain.accounts import Permission, may
from workstation.domain.ids import UserId
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs
from workstation.presenters.observable import Event
from workstation.presenters.records_window import RecordsWindow
from workstation.workflow import colleagues
from workstation.workflow.colleagues import OpenWork
from workstation.workflow.desk import Desk, Session

NOT_FOR_ROLE = noted(
    "Your role does not take over consultations. A dermatologist or an administrator can."
)
NOBODY = noted("No colleague has a consultation open.")
ABOUT = noted(
    "A consultation that is open at another desk is kept for its holder for 20 minutes after the last "
    "use. Given back here it is free at once: annotations and answers stay, and the other desk can no "
    "longer change it. It goes on the audit trail with your reason."
)


@dataclass(frozen=True, slots=True)
class ColleagueLine:
    """One colleague: name, and how much since when."""

    user: UserId
    name: str
    words: str


@dataclass(frozen=True)
class ColleaguesState:
    """The window; ``refused`` says why this role sees nothing."""

    lines: tuple[ColleagueLine, ...] = ()
    loaded: bool = False
    busy: bool = False
    refused: str = ""
    problem: str = ""


class ColleaguesPresenter(RecordsWindow[ColleaguesState]):
    """Reads and gives back; ``told`` says what was done."""

    def __init__(
        self, desk: Desk, session: Callable[[], Session], jobs: Jobs, told: Event[str]
    ) -> None:
        super().__init__(desk, session, jobs, told, ColleaguesState())

    def load(self) -> None:
        """Look who has what."""
        user = self._session().user
        if not (may(user, Permission.CLAIM) or may(user, Permission.ADMINISTER)):
            self.state = ColleaguesState(loaded=True, refused=tr(NOT_FOR_ROLE))
            self.changed.emit(self.state)
            return
        desk, session = self._desk, self._session()

        def shown(works: tuple[OpenWork, ...], zone: tzinfo | None) -> None:
            lines = tuple(_line(one, zone) for one in works)
            self._set(lines=lines, loaded=True, busy=False, refused="")

        self._read("colleagues", lambda: colleagues.open_work(desk, session), shown)

    def give_back(self, user: UserId, reason: str) -> None:
        """Give everything of a colleague back."""
        desk, session = self._desk, self._session()

        def done(number: int) -> None:
            words = plural(number, "{n} consultation", "{n} consultations")
            self._told.emit(tr("{words} given back to the queue.", words=words))
            self.load()

        self._do(lambda: colleagues.give_back(desk, session, user, reason), done)


def _line(one: OpenWork, zone: tzinfo | None) -> ColleagueLine:
    count = plural(len(one.consultations), "{n} consultation", "{n} consultations")
    since = wording.moment(one.since, zone)
    return ColleagueLine(
        one.user, one.name, tr("{count}, the oldest since {since}", count=count, since=since)
    )
