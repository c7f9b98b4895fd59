"""What the small windows over Records share: they read, do one thing, and say what refused it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TypeVar

from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event, Followed, S
from workstation.workflow.desk import Desk, Session

R = TypeVar("R")


class RecordsWindow(Followed[S]):
    """Its state has ``busy`` and ``problem``; ``told`` says beside the window what was done."""

    def __init__(
        self, desk: Desk, session: Callable[[], Session], jobs: Jobs, told: Event[str], state: S
    ) -> None:
        self._desk, self._session, self._jobs, self._told = desk, session, jobs, told
        self.changed: Event[S] = Event()
        self.state = state

    def _read(
        self, key: str, read: Callable[[], R], shown: Callable[[R, tzinfo | None], None]
    ) -> None:
        """Read and show; ``shown`` also gets the clinic's zone. A newer read takes the place of an older one of ``key``."""
        desk = self._desk

        def work() -> tuple[R, tzinfo | None]:
            with desk.store.reading() as unit:
                zone = wording.zone(unit.clinic().time_zone)
            return read(), zone

        self._jobs.submit(work, lambda found: shown(*found), self._failed, Lane.READ, key)

    def _do(self, act: Callable[[], R], done: Callable[[R], None]) -> None:
        """Change what is stored; the window is busy until ``done`` shows what came of it."""
        self._set(busy=True, problem="")
        self._jobs.submit(act, done, self._failed, Lane.STORE)

    def _failed(self, error: Exception) -> None:
        self._set(busy=False)
        self._set(problem=wording.message_for(expected(error)).line)
