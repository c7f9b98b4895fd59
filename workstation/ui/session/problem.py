"""What went wrong before a desk is open, said on the page that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workstation.domain.errors import WorkstationError

if TYPE_CHECKING:
    from workstation.ui.session.setup import SetupPage
    from workstation.ui.session.sign_in import SignInPage


def code_of(error: Exception) -> str:
    """The stable code of an error."""
    return error.code if isinstance(error, WorkstationError) else "store.failed"


def say_problem(page: SignInPage | SetupPage | None, error: Exception) -> None:
    """Say it on ``page``; an error of the program itself is raised again besides."""
    from workstation.presenters import wording

    if page is not None:
        page.show_problem(wording.message(code_of(error)))
    if not isinstance(error, WorkstationError):
        raise error
