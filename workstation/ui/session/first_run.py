"""What the set-up page leads to: a clinic of one's own, or the demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workstation.presenters.jobs import Lane
from workstation.ui.session.problem import say_problem
from workstation.ui.session.setup import SetupPage

if TYPE_CHECKING:
    from workstation.presenters.setup import ClinicSetup
    from workstation.ui.doors import Doors
    from workstation.ui.jobs import ThreadJobs


class FirstRun:
    """Listens to the page. ``ready`` returns when all is imported; ``sign_in`` goes on from there."""

    def __init__(
        self,
        page: SetupPage,
        doors: Doors,
        jobs: ThreadJobs,
        ready: Callable[[], None],
        sign_in: Callable[[str, str], None],
    ) -> None:
        self._page, self._doors, self._jobs = page, doors, jobs
        self._ready, self._sign_in = ready, sign_in
        page.stopped.connect(doors.keep_unfinished)
        page.submitted.connect(self._create)
        page.demonstration_wanted.connect(self._demonstrate)

    def _create(self, setup: ClinicSetup) -> None:
        self._page.show_busy(True)

        def create() -> str:
            self._ready()
            return self._doors.create(setup)

        def done(code: str) -> None:
            self._doors.folder = setup.folder
            self._doors.keep_unfinished({})
            self._page.finished.connect(lambda: self._go_on(setup.login, setup.password))
            self._page.show_key(code)

        self._jobs.submit(create, done, self._failed, Lane.WORK)

    def _demonstrate(self) -> None:
        """The demonstration instead of a clinic of one's own: signed in when it is made."""
        self._page.show_busy(True)

        def make() -> tuple[str, str]:
            self._ready()
            return self._doors.demonstrate()

        self._jobs.submit(make, lambda way: self._go_on(*way), self._failed, Lane.WORK)

    def _failed(self, error: Exception) -> None:
        say_problem(self._page, error)

    def _go_on(self, login: str, password: str) -> None:
        self._sign_in(login, password)
        self._page.leave()
        self._page.deleteLater()
