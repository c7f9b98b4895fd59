"""The real window over small stand-ins: no store, no bootstrap, no clinical content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.ui import made_up
from workstation.presenters.banner import BannerPresenter
from workstation.presenters.case import CaseFile
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.session import SessionPresenter
from workstation.presenters.setup import ClinicSetup
from workstation.ui.doors import Desktop
from workstation.ui.jobs import ThreadJobs
from workstation.ui.page import PageTools
from workstation.ui.queue.page import QueuePage
from workstation.ui.window import Window


class SmallDoors:
    """Opens the made-up desk with the one password."""

    def __init__(self, desk: made_up.SmallDesk, *, exists: bool = True) -> None:
        self.folder = Path("/nowhere/records")
        self.desk = desk
        self.there = exists
        self.created: list[ClinicSetup] = []
        self.closed = 0
        self.kept: dict[str, str] = {}

    def exists(self) -> bool:
        return self.there

    def logins(self) -> tuple[str, ...]:
        return ("r.kessler", "a.lee")

    def is_demonstration(self) -> bool:
        return True

    def open(self, login: str, password: str, jobs: ThreadJobs) -> Desktop:
        self.desk.keys.unlock(login, password)
        session = made_up.session()
        case = CaseFile(self.desk, session, jobs)
        queue = QueuePresenter(self.desk, session, jobs, lambda *_: made_up.evaluation())
        holder = SessionPresenter(self.desk, session, jobs, (case, queue))

        def queue_page(tools: PageTools, parent: QWidget) -> QueuePage:
            return QueuePage(queue, tools, parent)

        return Desktop(
            holder, queue, case, BannerPresenter(case), {"queue": queue_page}, partial(self._close)
        )

    def create(self, setup: ClinicSetup) -> str:
        self.created.append(setup)
        self.there = True
        return "RECOVERY-KEY-IN-GROUPS"

    def unfinished(self) -> Mapping[str, str]:
        return self.kept

    def keep_unfinished(self, texts: Mapping[str, str]) -> None:
        self.kept = dict(texts)

    def clock_line(self) -> tuple[str, str]:
        return "22\u2011Nov\u20112026", "13:57"

    def _close(self) -> None:
        self.closed += 1


def small_window(desk: made_up.SmallDesk, *, exists: bool = True) -> Window:
    """The real window."""
    return Window(SmallDoors(desk, exists=exists))
