"""What leads from the first page into a store, and an open store as the window needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the first page is painted before any of it is imported
    from pathlib import Path

    from workstation.presenters.banner import BannerPresenter
    from workstation.presenters.case import CaseFile
    from workstation.presenters.keeping import KeepingPresenter
    from workstation.presenters.queue import QueuePresenter
    from workstation.presenters.session import SessionPresenter
    from workstation.presenters.settings import SettingsPresenter
    from workstation.presenters.setup import ClinicSetup
    from workstation.ui.jobs import ThreadJobs
    from workstation.ui.rooms import PageFactory


@dataclass(frozen=True)
class Desktop:
    """An open store as the window needs it: presenters, pages, and how to close it."""

    session: SessionPresenter
    queue: QueuePresenter
    case: CaseFile
    banner: BannerPresenter
    pages: dict[str, PageFactory]
    close: Callable[[], None]
    settings: SettingsPresenter | None = None
    keeping: KeepingPresenter | None = None
    again: Callable[[ThreadJobs], Desktop] | None = None  # the same store, every presenter anew
    warm: Callable[[], None] = lambda: (
        None
    )  # what waits until the first page has its rows; on a lane


class Doors(Protocol):
    """What leads into a store; the application fulfils it with ``bootstrap``."""

    folder: Path

    def exists(self) -> bool:
        """Whether the folder is a store."""
        ...

    def logins(self) -> tuple[str, ...]:
        """User names of the store."""
        ...

    def is_demonstration(self) -> bool:
        """Whether the sign-in page says so (the store itself decides afterwards)."""
        ...

    def open(self, login: str, password: str, jobs: ThreadJobs) -> Desktop:
        """Open the store; runs on a lane."""
        ...

    def create(self, setup: ClinicSetup) -> str:
        """Make a store and its first account; the recovery key. Runs on a lane."""
        ...

    def demonstrate(self) -> tuple[str, str]:
        """Make the demonstration unless it is there, and lead to it: login, password. On a lane."""
        ...

    def unfinished(self) -> Mapping[str, str]:
        """What was typed in a first run that was stopped; never a secret."""
        ...

    def keep_unfinished(self, texts: Mapping[str, str]) -> None:
        """Keep that; an empty one forgets it."""
        ...

    def clock_line(self) -> tuple[str, str]:
        """(date, time) before a store is open."""
        ...
