"""The main window: sign-in, set-up, desk and lock page, one over the other; never a name in its title.

What is imported above is all that its first frame needs: the enumerations of ``Qt`` alone take as
long as an eighth of a plain window, so they and whatever uses them come in the turn after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from workstation.presenters.jobs import Lane
from workstation.ui import ahead, layouts

if TYPE_CHECKING:  # loaded after the first frame, or behind the first page (``ahead``)
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent

    from workstation.presenters.session import SessionState
    from workstation.ui.attendance import Attendance
    from workstation.ui.doors import Desktop, Doors
    from workstation.ui.jobs import ThreadJobs
    from workstation.ui.session.activity import Activity
    from workstation.ui.session.lock import LockPage
    from workstation.ui.session.os_lock import SystemLock
    from workstation.ui.session.setup import SetupPage
    from workstation.ui.session.sign_in import SignInPage
    from workstation.ui.shell import Shell
    from workstation.ui.sweeping import Sweeping

TITLE = "Dermatology Workstation"
MINIMUM, REFERENCE = QSize(1280, 800), QSize(1440, 900)
LATER_MS = 500  # from the first rows until the lanes import what nobody waits for
COVER_MS = 1200  # after which the page that covers the desk is made ready


class Window(QMainWindow):
    """One window for everything. ``opened`` and ``failed`` tell how signing in went."""

    begun = Signal()  # the first page is there
    opened = Signal()
    failed = Signal(str)
    jobs: ThreadJobs
    _sweeping: Sweeping

    def __init__(
        self,
        doors: Doors,
        load: Callable[[], None] = ahead.window_parts,
        load_later: Callable[[], None] = lambda: None,
        *,
        ground: str = "",
        dress: Callable[[], None] = lambda: None,
    ) -> None:
        """``load`` imports what is needed after signing in; it runs on a lane behind the first page.
        ``load_later`` imports the rest: behind that, but never while somebody is signing in.

        With a ``ground`` (``#RRGGBB``) the first frame is that ground alone; ``dress`` and the first
        page follow it. Without one the first page is there at once.
        """
        super().__init__()
        self._ground, self._dress = ground, dress
        self._begun = False
        self._early = ""  # typed before there is a field
        self._loading = ahead.Loading(self, load, load_later)
        self._painted = False
        self.setWindowTitle(TITLE)
        self.setMinimumSize(MINIMUM)
        self.resize(REFERENCE)
        self._doors = doors
        self._desktop: Desktop | None = None
        self._closing = False
        self.fixed_mode = ""  # a theme the command line asked for
        self.attendance: Attendance | None = None
        self.shell: Shell | None = None
        self._lock_page: LockPage | None = None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.sign_in_page: SignInPage | None = None
        self.setup_page: SetupPage | None = None
        self._activity: Activity | None = None
        self._system: SystemLock | None = None
        if not ground:
            self.begin()

    def begin(self) -> None:
        """Show the first page: sign-in, or set-up where there is no store yet."""
        from workstation.ui.jobs import ThreadJobs
        from workstation.ui.sweeping import Sweeping
        from workstation.ui.widgets import FocusRing

        self._begun = True
        self._sweeping = Sweeping()
        self._sweeping.begin()
        self._dress()
        self.jobs = ThreadJobs()
        self._ring = FocusRing(self)
        if self._doors.exists():
            self.show_sign_in()
        else:
            self.show_setup()
        self.begun.emit()

    # -- pages before a store is open

    def show_sign_in(self, *, another: bool = False) -> None:
        """Ask for user name and password; ``another``: somebody else than was here before."""
        from workstation.ui.session.sign_in import SignInPage

        page = SignInPage(
            self._doors.logins(),
            self._doors.clock_line,
            demonstration=self._doors.is_demonstration(),
        )
        if not another:
            page.choose(layouts.last_user())
        page.submitted.connect(self.sign_in)
        page.language_chosen.connect(self._choose_language)
        self.sign_in_page = page
        self._cover(page)
        page.enter(another=another)
        page.passwordField.insert(self._early)
        self._early = ""

    def show_setup(self) -> None:
        """Ask for everything a new clinic needs."""
        from workstation.ui.session.first_run import FirstRun
        from workstation.ui.session.setup import SetupPage

        page = SetupPage(self._doors.folder, self._doors.unfinished())
        page.language_chosen.connect(self._choose_language)
        self.setup_page = page
        self._first_run = FirstRun(
            page, self._doors, self.jobs, self._loading.desk.done, self._first_sign_in
        )
        self._cover(page)
        page.enter()

    def sign_in(self, login: str, password: str) -> None:
        """Open the store on a lane; the desk shows when it is open."""
        page = self.sign_in_page
        self._loading.hurry()
        if page is not None:
            page.choose(login)
            page.show_busy(True)

        def opened() -> Desktop:
            desktop = self._doors.open(login, password, self.jobs)
            try:
                self._loading.desk.done()
            except BaseException:  # whatever it was: no key stays in memory; raised again
                desktop.close()
                raise
            return desktop

        self.jobs.submit(opened, self._opened, self._not_opened, Lane.WORK)

    def _choose_language(self, code: str) -> None:
        """Before anybody is signed in: the language of this computer."""
        from workstation.ui import language

        language.keep(code)
        language.use(code)
        old = self.sign_in_page or self.setup_page
        self.sign_in_page = self.setup_page = None
        if self._doors.exists():
            self.show_sign_in()
        else:
            self.show_setup()
        if old is not None:
            old.leave()
            old.deleteLater()

    # -- the desk

    def speak(self, setting: str) -> None:
        """Say everything in the language of a setting; what is shown is built anew at once."""
        from workstation.ui import language

        if language.use(setting) and self.shell is not None:
            QTimer.singleShot(0, self._build_anew)

    @property
    def lock_page(self) -> LockPage | None:
        """What covers the desk while it is locked; None without a desk. Made when first wanted."""
        from workstation.ui.session.lock import LockPage

        if self._lock_page is None and self._desktop is not None:
            here = self._desktop
            self._lock_page = LockPage(here.session, here.queue.edition, self._stack)
            self._lock_page.switched.connect(self.sign_out)
            self._stack.addWidget(self._lock_page)
        return self._lock_page

    def lock(self, cause: str = "key") -> None:
        """Cover the desk at once, drop pictures and the signing key."""
        if self._desktop is not None:
            self._desktop.session.lock(cause)

    def sign_out(self) -> None:
        """Close the store and ask who is next; drafts are saved and stay their owner's."""
        from workstation.ui import language

        desktop, self._desktop = self._desktop, None
        if desktop is None:
            return
        self._leave()
        layouts.for_user("")
        desktop.case.close()
        shell, self.shell = self.shell, None
        if shell is not None:
            shell.second.end()
        page, self._lock_page = self._lock_page, None
        if page is not None:
            page.leave()
        self._finish_store()
        language.use()
        self.show_sign_in(another=True)
        for old in (shell, page):
            if old is not None:
                old.deleteLater()
        desktop.close()
        QTimer.singleShot(0, self._sweeping.whole)  # when the widgets of the desk are gone

    def used(self) -> None:
        """Somebody uses keyboard or pointer: the desk is not locked for a while."""
        if self._desktop is not None:
            self._desktop.session.touch()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground first, then the page; and when that is there, the rest behind it."""
        if self._begun:
            super().paintEvent(event)
        else:
            painter = QPainter(self)
            painter.fillRect(event.rect(), QColor(self._ground))
            painter.end()
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_frame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A password may be begun before its field is there."""
        if not self._begun and event.text().isprintable():
            self._early += event.text()
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Drafts are safe: no question; what is being written is finished first."""
        if not self._closing:
            self._closing = True
            layouts.keep_window(self)
            self._leave()
            if self.shell is not None:
                self.shell.second.end()
                self.shell.suspend()
            if self._desktop is not None:
                self._desktop.case.close()
            if self._begun:
                self._loading.end()
                self.jobs.shutdown()
                self._sweeping.end()
            if self._desktop is not None:
                self._desktop.close()
        event.accept()

    # -- inside

    def _after_first_frame(self) -> None:
        if self._closing:
            return
        if not self._begun:
            self.begin()
        QTimer.singleShot(0, self._load_ahead)

    def _load_ahead(self) -> None:
        if not self._closing:
            self._listen()
            self._loading.begin(self.jobs)

    def _listen(self) -> None:
        """Hear of use and of the computer being locked; once, and not before the first page."""
        from workstation.ui.session.activity import Activity
        from workstation.ui.session.os_lock import SystemLock

        if self._system is None:
            self._activity = Activity(self.used, self)
            self._system = SystemLock(lambda: self.lock("system"), self)

    def _opened(self, desktop: Desktop) -> None:
        page, self.sign_in_page = self.sign_in_page, None

        def shown(shell: Shell) -> None:
            shell.settled.connect(shell.entrance.reopen)
            if page is not None:
                page.leave()
                page.deleteLater()
            self.opened.emit()

        self._show_desk(desktop, shown)

    def _build_anew(self) -> None:
        """Another language: the same store with every presenter and page made again.

        What is being written ends first. The consultation that is open is opened again; every
        edit of it is durable.
        """
        old, shell, lock_page = self._desktop, self.shell, self._lock_page
        if old is None or old.again is None or shell is None or self._closing:
            return
        again, place = old.again, shell.current
        open_case = None if old.case.state is None else old.case.state.consultation.id
        self._leave()
        typed = shell.typed_so_far()
        shell.suspend()
        shell.setEnabled(False)
        old.case.close()
        self._finish_store()
        self._lock_page = None

        def shown(new: Shell) -> None:
            new.entrance.take_up(place, open_case)
            new.stand_as(shell)
            new.type_again(typed, open_case)
            self._stack.removeWidget(shell)
            shell.end()
            if lock_page is not None:
                self._stack.removeWidget(lock_page)
                lock_page.deleteLater()

        def failed(error: Exception) -> None:
            raise error

        def done(desktop: Desktop) -> None:
            self._show_desk(desktop, shown)

        self.jobs.submit(lambda: again(self.jobs), done, failed, Lane.WORK)

    def _show_desk(self, desktop: Desktop, then: Callable[[Shell], None]) -> None:
        """Build the desk over an open store and show it; ``then`` is called when it is there.

        What is around the pages, the first page part by part, and showing both: a turn each.
        """
        from workstation.ui.attendance import Attendance
        from workstation.ui.preferences import Preferences
        from workstation.ui.shell import Shell

        self._desktop = desktop
        self._listen()
        layouts.for_user(desktop.session.session.user.login)
        preferences = None
        if desktop.settings is not None:
            preferences = Preferences(
                desktop.settings, desktop.session, fixed_mode=self.fixed_mode, speak=self.speak
            )
        self.attendance = Attendance(
            self,
            desktop,
            preferences,
            look=self._look,
            look_last=self._look_last,
            slept=lambda: self.lock("system"),  # whatever system it runs
        )
        shell = Shell(
            desktop.session,
            desktop.queue,
            desktop.case,
            desktop.banner,
            desktop.pages,
            self._stack,  # a desk that moves in later would be styled once more, whole
            preferences,
        )

        def first_page() -> None:
            if shell.make_some("queue"):
                QTimer.singleShot(0, shell, lambda: self._enter_desk(desktop, shell, then))
            else:
                QTimer.singleShot(0, shell, first_page)

        QTimer.singleShot(0, shell, first_page)

    def _enter_desk(self, desktop: Desktop, shell: Shell, then: Callable[[Shell], None]) -> None:
        """Show a desk that is built."""
        if desktop is not self._desktop or self._closing or self.attendance is None:
            shell.deleteLater()  # who signed in is gone before the desk was shown
            return
        self.shell = shell
        self.shell.begin()
        self.shell.lock_wanted.connect(self.lock)
        self.shell.settled.connect(lambda: self._warm(desktop))
        self._cover(self.shell)
        self.shell.resume()
        desktop.session.changed.subscribe(self._session_changed)
        if desktop.settings is not None and desktop.settings.given_password:
            self.shell.go("settings")  # its first page asks for a password of one's own
        self.attendance.begin(shell)
        then(shell)

    def _warm(self, desktop: Desktop) -> None:
        """The first page has its rows; until its photos have come nothing may take a core from it."""

        def later() -> None:
            if not self._closing and desktop is self._desktop:
                self.jobs.submit(desktop.warm, lambda _: None, lambda _: None, Lane.WORK)
                self._loading.rest(self.jobs)

        if not self._closing and desktop is self._desktop and self.shell is not None:
            QTimer.singleShot(LATER_MS, self.shell, later)
            QTimer.singleShot(COVER_MS, self.shell, lambda: self.lock_page)

    def _not_opened(self, error: Exception) -> None:
        from workstation.ui.session.problem import code_of, say_problem

        self._loading.rest(self.jobs)
        self.failed.emit(code_of(error))
        say_problem(self.sign_in_page, error)

    def _first_sign_in(self, login: str, password: str) -> None:
        self.setup_page = None
        self.show_sign_in()
        self.sign_in(login, password)

    def _session_changed(self, state: SessionState) -> None:
        from PySide6.QtGui import QGuiApplication

        shell = self.shell
        page = self.lock_page if state.locked else self._lock_page
        if shell is None or page is None:
            return
        if state.locked and self._stack.currentWidget() is not page:
            # The cover first, then everything else: nothing may be seen for one frame more.
            self._cover(page)
            shell.second.cover(True)
            shell.put_away.away()
            shell.commands.suspend(True)
            shell.suspend()
            shell.away(True)
            shell.toasts.clear()
            QGuiApplication.clipboard().clear()
            page.enter()
            QTimer.singleShot(0, self._sweeping.whole)
        elif not state.locked and self._stack.currentWidget() is page:
            page.leave()
            shell.commands.suspend(False)
            self._cover(shell)
            shell.second.cover(False)
            shell.put_away.back()
            shell.resume()
            shell.away(False)

    def _look(self) -> None:
        if self._activity is not None:
            self._activity.look()

    def _look_last(self) -> None:
        if not self._loading.later.working:  # what is being imported stays: nothing is to be found
            self._sweeping.look()

    def _leave(self) -> None:
        attendance, self.attendance = self.attendance, None
        if attendance is not None:
            attendance.end()

    def _finish_store(self) -> None:
        """Let queued writes end before the store is closed; a fresh set of lanes follows."""
        from workstation.ui.jobs import ThreadJobs

        self.jobs.shutdown()
        self.jobs = ThreadJobs()

    def _cover(self, page: QWidget) -> None:
        from PySide6.QtCore import Qt

        from workstation.ui.theme import theme

        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        theme.restyling.finish(page)
        self._stack.setCurrentWidget(page)
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
