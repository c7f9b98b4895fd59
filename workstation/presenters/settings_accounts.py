"""Settings of accounts: passwords, PINs, who may sign in, the recovery key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from workstation.domain.accounts import User
from workstation.domain.errors import WorkstationError
from workstation.domain.ids import UserId
from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event, Followed
from workstation.presenters.settings_state import SettingsState
from workstation.workflow import accounts
from workstation.workflow.desk import Desk, Session

T = TypeVar("T")


class AccountVerbs(Followed[SettingsState]):
    """Verbs for the user's own account and, for administrators, for everybody's."""

    desk: Desk
    session: Session
    jobs: Jobs
    said: Event[tuple[str, Callable[[], None] | None]]

    def load(self) -> None:
        """Read everything the pages show."""
        raise NotImplementedError

    def change_password(self, old: str, new: str) -> None:
        """Change the user's own password."""
        self._account(
            lambda: accounts.change_own_password(self.desk, self.session, old, new),
            tr("Password changed."),
            "password",
        )

    def change_pin(self, password: str, pin: str) -> None:
        """Change the user's own PIN."""
        self._account(
            lambda: accounts.change_own_pin(self.desk, self.session, password, pin),
            tr("PIN changed."),
            "pin",
        )

    @property
    def given_password(self) -> bool:
        """Whether somebody else chose this user's password."""
        return self.state.values.is_on(accounts.GIVEN)

    def add_account(self, user: User, password: str, pin: str | None, own: str) -> None:
        """Make an account; ``own`` is the administrator's own password, asked for once more."""
        self._account(
            self._confirmed(
                own, lambda: accounts.add(self.desk, self.session, user, password, pin)
            ),
            tr("{name} can sign in as {login}.", name=user.name, login=user.login),
            "account",
        )

    def set_account(self, user: User, own: str) -> None:
        """Change an account's name, role, or whether it is on."""
        self._account(
            self._confirmed(own, lambda: accounts.change(self.desk, self.session, user)),
            tr("{name} is changed.", name=user.name),
            "account",
        )

    def reset_password(self, user: UserId, password: str, pin: str | None, own: str) -> None:
        """Give an account a new password; also switches it on again."""
        self._account(
            self._confirmed(
                own,
                lambda: accounts.reset_password(self.desk, self.session, user, password, pin),
            ),
            tr(
                "New password set. Hand it over in person; the next sign-in asks for one of their own."
            ),
            "account",
        )

    def new_recovery_key(self, own: str) -> None:
        """Make a recovery key and show it once; ``own`` is the administrator's own password."""
        self._set(busy="recovery", problem=None, about="recovery")

        def done(code: str) -> None:
            self._set(busy="", recovery=code)

        self.jobs.submit(
            self._confirmed(own, lambda: accounts.new_recovery_key(self.desk, self.session)),
            done,
            self._failed("recovery"),
            Lane.WORK,
        )

    def hide_recovery_key(self) -> None:
        """The key was written down: it is not kept."""
        self._set(recovery="")

    # -- inside

    def _confirmed(self, own: str, work: Callable[[], T]) -> Callable[[], T]:
        """``work``, once the person at the desk has said again who they are."""

        def confirmed() -> T:
            accounts.confirm(self.desk, self.session, own)
            return work()

        return confirmed

    def _account(self, work: Callable[[], object], words: str, about: str) -> None:
        self._set(busy=about, problem=None, about="")

        def done(_: object) -> None:
            self._set(busy="", about=f"{about}.done")
            self.said.emit((words, None))
            self.load()

        self.jobs.submit(work, done, self._failed(about), Lane.WORK)

    def _failed(self, about: str) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            if not isinstance(error, WorkstationError):
                self._set(busy="", progress=None)
                raise error
            self._set(busy="", progress=None, problem=wording.message_for(error), about=about)

        return failed
