"""The real shell with every page over the worlds in memory: what a clinician sees, without a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from tests.ui.assess_world import assessing
from tests.ui.followup_world import KEY as FOLLOWED
from tests.ui.followup_world import following
from tests.ui.treat_world import CLINIC, World, world
from workstation.presenters import wording
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.banner import BannerPresenter
from workstation.presenters.contact import ContactPresenter
from workstation.presenters.followup import FollowupPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.session import SessionPresenter
from workstation.presenters.sign import SignPresenter
from workstation.presenters.treat import TreatPresenter
from workstation.ui.application import application
from workstation.ui.assess.page import AssessPage
from workstation.ui.contact.page import ContactPage
from workstation.ui.followup.page import FollowupPage
from workstation.ui.queue.page import QueuePage
from workstation.ui.shell import Shell
from workstation.ui.sign.page import SignPage
from workstation.ui.theme import theme
from workstation.ui.treat.page import TreatPage
from workstation.ui.widgets.focus import FocusRing

PHOTOGRAPHED = ("marsh-elena", "nwosu-ifeoma")


def settle() -> None:
    """Let layouts and queued calls come to rest, and a page that is on its way arrive."""
    for _ in range(6):
        QApplication.processEvents()
    desks = [w for top in QApplication.topLevelWidgets() for w in top.findChildren(Shell)]
    while any(desk.arriving for desk in desks):
        QApplication.processEvents()


@contextmanager
def desk_of(
    key: str, ready: World | None = None, desk: made_up.SmallDesk | None = None
) -> Iterator[tuple[QMainWindow, Shell, World]]:
    """A window with that person's consultation open; closed and deleted afterwards.

    ``ready`` is shown instead of a person's consultation as it came in, ``desk`` is the queue's.
    """
    application()
    if ready is not None:
        made = ready
    elif key == FOLLOWED:
        made = following(counted=True).made
    else:
        made = assessing(key).made if key in PHOTOGRAPHED else world(key)
    if desk is None:
        desk = made_up.SmallDesk()
        desk.store.rows = made_up.rows()
    jobs = InlineJobs()
    queue = QueuePresenter(desk, made_up.session(), jobs, lambda *_: made_up.evaluation())
    session = SessionPresenter(desk, made_up.session(), jobs, (made.case, queue))
    session._zone = wording.zone(CLINIC.time_zone)  # of the clinic whose consultation is open
    case = made.case
    pages = {
        "queue": partial(QueuePage, queue),
        "contact": partial(ContactPage, ContactPresenter(case)),
        "assess": partial(AssessPage, AssessPresenter(case)),
        "followup": partial(FollowupPage, FollowupPresenter(case)),
        "treat": partial(TreatPage, TreatPresenter(case)),
        "sign": partial(SignPage, SignPresenter(case)),
    }
    window = QMainWindow()
    shell = Shell(session, queue, case, BannerPresenter(case), pages)
    shell.begin()
    window.setCentralWidget(shell)
    FocusRing(window)
    case.refresh()
    shell._show_steps()  # as when the consultation is opened at the desk
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 2000)
    queue.load()
    shell.resume()
    settle()
    try:
        yield window, shell, made
    finally:
        shell.suspend()
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        theme.set_text_scale(1.0)
        theme.set_mode("light")
