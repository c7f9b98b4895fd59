"""The real shell with a consultation that is read a second time; built on the desk in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from tests.ui.assess_world import Assessing, assessing
from tests.ui.desk_of_pages import settle
from tests.ui.treat_world import ME
from workstation.adapters.exports.annotation_files import FolderAnnotations
from workstation.domain.accounts import Role, User
from workstation.domain.ids import UserId
from workstation.domain.lesions import Point
from workstation.domain.photo import View
from workstation.presenters.agreement import AgreementPresenter
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.banner import BannerPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.reading import ReadingCase, SeenCase
from workstation.presenters.session import SessionPresenter
from workstation.ui.agreement.page import AgreementPage
from workstation.ui.application import application
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.page import AssessPage
from workstation.ui.queue.page import QueuePage
from workstation.ui.reading.page import ReadingPage
from workstation.ui.shell import Shell
from workstation.ui.theme import theme
from workstation.workflow.desk import Session

READER = replace(ME, id=UserId("u2"), login="h.osei", name="Hana Osei", role=Role.SECOND_READER)


@dataclass
class Reading:
    """A window with the first read done and a second reader at the desk."""

    window: QMainWindow
    shell: Shell
    first: Assessing
    case: ReadingCase

    @property
    def page(self) -> ReadingPage:
        """The page of the second reading."""
        found = self.shell.page("reading")
        assert isinstance(found, ReadingPage)
        return found

    @property
    def agreement(self) -> AgreementPage:
        """The page of the comparison."""
        found = self.shell.page("agreement")
        assert isinstance(found, AgreementPage)
        return found

    def begin(self) -> None:
        """The reader opens the consultation, which a second reader does by reading it."""
        self.shell.entrance.open(self.first.made.id)
        settle()

    @property
    def read_places(self) -> list[tuple[float, float]]:
        """Where the reader's annotations are in the store."""
        reads = self.first.made.memory.second_reads(self.first.made.id)
        return [(a.at.x, a.at.y) for a in reads[-1].draft.annotations] if reads else []


def click(canvas: PhotoCanvas, at: Point) -> None:
    """A real click at a photo point."""
    place = canvas.view.to_widget(at)
    press(canvas, place)


def press(canvas: PhotoCanvas, place: QPointF) -> None:
    """A real click at a canvas point."""
    where = QPoint(round(place.x()), round(place.y()))
    QTest.mouseMove(canvas, where)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)


@contextmanager
def reading(
    key: str = "marsh-elena",
    *,
    user: User = READER,
    views: tuple[View, ...] | None = None,
    draw: Callable[[Assessing], None] = lambda _: None,
    outbox: Path | None = None,
    size: tuple[int, int] = (1280, 800),
) -> Iterator[Reading]:
    """A window at the queue; ``draw`` makes the first read before it is released."""
    application()
    first = assessing(key, views=views)
    draw(first)
    desk = first.made.desk
    first.made.memory.users[user.id] = user
    if outbox is not None:
        object.__setattr__(desk, "annotation_files", FolderAnnotations(outbox))
    session, jobs = Session(user, None), InlineJobs()
    first.made.case.close()
    first.made.case.session = session
    small = made_up.SmallDesk()
    small.store.rows = made_up.rows()
    queue = QueuePresenter(small, made_up.session(), jobs, lambda *_: made_up.evaluation())
    signed_in = SessionPresenter(small, made_up.session(), jobs, (first.made.case, queue))
    case = ReadingCase(desk, session, jobs)
    agreement = AgreementPresenter(SeenCase(desk, session, jobs))
    pages = {
        "queue": partial(QueuePage, queue),
        "assess": partial(AssessPage, AssessPresenter(first.made.case)),
        "reading": partial(ReadingPage, case),
        "agreement": partial(AgreementPage, agreement),
    }
    window = QMainWindow()
    shell = Shell(signed_in, queue, first.made.case, BannerPresenter(first.made.case), pages)
    shell.begin()
    window.setCentralWidget(shell)
    window.resize(*size)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 2000)
    queue.load()
    shell.resume()
    settle()
    try:
        yield Reading(window, shell, first, case)
    finally:
        shell.suspend()
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        theme.set_mode("light")
