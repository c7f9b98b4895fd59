"""Starts the interface: one instance per store, sign-in first, the rest imported behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QByteArray,
    QCryptographicHash,
    QDateTime,
    QDir,
    QLockFile,
    QSettings,
)
from PySide6.QtWidgets import QApplication

from workstation import __version__, assets, log, stores
from workstation.language import tr
from workstation.presenters import moments
from workstation.ui import ahead, ground, layouts
from workstation.ui.window import Window

if TYPE_CHECKING:  # loaded behind the first page
    from workstation import bootstrap
    from workstation.presenters.setup import ClinicSetup
    from workstation.ui.doors import Desktop
    from workstation.ui.faults import Faults
    from workstation.ui.jobs import ThreadJobs

FIRST_RUN = "first run"
ALREADY_OPEN = 3  # exit status when another window has this folder open


class StoreDoors:
    """Leads into a store through ``bootstrap``; heavy libraries load inside the calls."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        self.folder = folder
        self._demo = demo
        self._store_parts = ahead.Ahead(load_store)
        self._desk_parts = ahead.Ahead(load_desk)

    def load(self) -> None:
        """Import what signing in and the first page need; on a lane."""
        self._store_parts.done()
        self._desk_parts.done()

    def exists(self) -> bool:
        """Whether the folder is a store."""
        return stores.exists(self.folder)

    def logins(self) -> tuple[str, ...]:
        """User names of the store."""
        return stores.logins(self.folder)

    def is_demonstration(self) -> bool:
        """As the folder says; what the keys are bound to decides when it is opened."""
        return self._demo or stores.is_demonstration(self.folder)

    def open(self, login: str, password: str, jobs: ThreadJobs) -> Desktop:
        """Open the store and wire its presenters; runs on a lane.

        Whoever signs in at once does not wait for all that is imported meanwhile on another.
        """
        self._store_parts.done()
        from workstation import bootstrap
        from workstation import language as said
        from workstation.ui import language

        kept = bootstrap.keep_log(self.folder)
        opened = bootstrap.open_desk(self.folder, login, password, parts=self._desk_parts.done)
        opened.closers += (kept,)
        log.note("store.opened", version=__version__, state=sys.platform)
        said.use(language.of(bootstrap.language_setting(opened)))
        return self._desktop(opened, jobs)

    def _desktop(self, opened: bootstrap.Opened, jobs: ThreadJobs) -> Desktop:
        from workstation import bootstrap
        from workstation.ui.doors import Desktop
        from workstation.ui.pages import makers

        presenters = bootstrap.presenters(opened, jobs)
        return Desktop(
            session=presenters.session,
            queue=presenters.queue,
            case=presenters.case,
            banner=presenters.banner,
            pages=makers(presenters),
            close=opened.close,
            settings=presenters.settings,
            keeping=presenters.keeping,
            again=partial(self._desktop, opened),
            warm=opened.warm,
        )

    def create(self, setup: ClinicSetup) -> str:
        """Make a store, its first account and its recovery key; runs on a lane."""
        from workstation import bootstrap
        from workstation.presenters.setup import founded

        clinic, user = founded(setup, _now())
        opened = bootstrap.create_clinic(
            setup.folder, clinic=clinic, user=user, password=setup.password, pin=setup.pin
        )
        try:
            return bootstrap.new_recovery_key(opened)
        finally:
            opened.close()

    def demonstrate(self) -> tuple[str, str]:
        """Make the demonstration unless it is there, and lead to it; runs on a lane."""
        from workstation import showcase

        self.folder, self._demo = showcase.at_hand(), True
        return showcase.LOGIN, showcase.PASSWORD

    def unfinished(self) -> Mapping[str, str]:
        """What was typed in a first run that was stopped; never a secret."""
        kept = QSettings()
        kept.beginGroup(FIRST_RUN)
        return {key: str(kept.value(key, "")) for key in kept.childKeys()}

    def keep_unfinished(self, texts: Mapping[str, str]) -> None:
        """Keep that in the user\u2019s own settings; an empty one forgets it."""
        kept = QSettings()
        kept.remove(FIRST_RUN)
        kept.beginGroup(FIRST_RUN)
        for key, text in texts.items():
            kept.setValue(key, text)

    def clock_line(self) -> tuple[str, str]:
        """(date, time) of this computer: no clinic is known yet."""
        now = _now().astimezone()
        return moments.day(now.date()), moments.clock(now)


def run(
    folder: Path,
    *,
    theme: str,
    size: tuple[int, int] | None,
    user: str | None,
    password: str | None,
    demo: bool,
) -> int:
    """Show the window and work until it is closed; returns the exit status.

    Its first frame is its ground; look, language, reports of faults and the first page come with
    the turn after it, so that a window stands there as soon as the system can show one.
    """
    app = _bare()
    guard = QLockFile(_guard_path(folder))
    guard.setStaleLockTime(0)
    if not guard.tryLock(100):
        return ALREADY_OPEN
    faults: list[Faults] = []

    def before() -> None:
        from workstation.ui.faults import Faults

        faults.append(Faults(folder / "reports"))
        faults[0].install()
        faults[0].happened.connect(lambda number: _tell_fault(window, number))

    try:
        window = build_window(
            folder, theme=theme, size=size, user=user, password=password, demo=demo, before=before
        )
        if size is None:
            layouts.restore_window(window)
            layouts.fit_window(window)
        window.show()
        return app.exec()
    finally:
        for one in faults:
            one.remove()
        guard.unlock()


def build_window(
    folder: Path,
    *,
    theme: str = "system",
    size: tuple[int, int] | None = None,
    user: str | None = None,
    password: str | None = None,
    demo: bool = False,
    before: Callable[[], None] | None = None,
) -> Window:
    """The real main window, not shown yet; with user and password it signs in by itself.

    With ``before`` it shows its ground first; that is called before anything else is made.
    """

    def dress() -> None:
        if before is not None:
            before()
        _dress(theme)

    if before is None:
        application()
    doors = StoreDoors(folder, demo=demo)
    window = Window(
        doors,
        doors.load,
        load_later,
        ground=ground.colour(theme) if before is not None else "",
        dress=dress,
    )
    window.fixed_mode = "" if theme == "system" else theme
    if size is not None:
        window.resize(*size)
    if user is not None and password is not None:
        sign_in = partial(window.sign_in, user, password)
        if window.sign_in_page is not None:
            sign_in()
        elif before is not None:
            window.begun.connect(sign_in)
    return window


def application() -> QApplication:
    """The one QApplication, made at first use."""
    from workstation.ui import accessible

    app = _bare()
    accessible.install()
    return app


def _bare() -> QApplication:
    """The same with its names alone; what it needs beyond a first frame comes with ``_dress``.

    Fractions of a display's scale are passed through: Qt 6 does that unless it is told otherwise.
    """
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("derm-workstation")
    app.setApplicationName("Dermatology Workstation")
    app.setApplicationDisplayName("Dermatology Workstation")
    app.setDesktopFileName("derm-workstation")
    return app


def _dress(theme: str) -> None:
    """Names for screen readers, icon, look and language."""
    from PySide6.QtGui import QIcon

    from workstation.ui import language
    from workstation.ui.theme import theme as look

    app = application()
    app.setWindowIcon(QIcon(str(assets.resource("brand", "derm-workstation.svg"))))
    look.set_mode(theme)
    language.use()


def _now() -> datetime:
    """This computer's time, while no clinic and so no clock of its own is open."""
    return datetime.fromtimestamp(QDateTime.currentSecsSinceEpoch(), UTC)


def _guard_path(folder: Path) -> str:
    whole = QCryptographicHash.hash(
        QByteArray(str(folder.resolve()).encode()), QCryptographicHash.Algorithm.Sha256
    )
    name = bytes(whole.data()).hex()[:16]
    return QDir.temp().filePath(f"derm-workstation-{name}.lock")


def _tell_fault(window: Window, number: str) -> None:
    words = tr("Something did not work. What you did up to here is saved.")
    if number:
        words += tr(" Report {number} was written.", number=number)
    again = tr("If it comes again, close the program and open it: your consultation comes back.")
    if window.shell is not None:
        window.shell.toasts.show(f"{words} {again}", stays=True)
    elif window.sign_in_page is not None:
        from workstation.presenters.wording import Problem

        window.sign_in_page.show_problem(Problem(words, again))


def load_store() -> None:
    """Import what opening a store needs; on a lane, while the password is typed."""
    from workstation import bootstrap

    bootstrap.load_store()


def load_desk() -> None:
    """Import what the desk needs; on a lane, behind that."""
    from workstation import bootstrap

    bootstrap.load()
    ahead.window_parts()  # behind what has no Qt: its classes are made meanwhile
    import workstation.ui.pages  # noqa: F401  # importing is the work


def load_later() -> None:
    """Import what documents and packages need; on a lane, when nobody waits for the desk."""
    from workstation import bootstrap

    bootstrap.load_later()
