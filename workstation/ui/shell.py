"""The desk: rail, banner, steps, pages and status line around the one open consultation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from workstation.domain.draft import Edit
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.banner import Banner, BannerPresenter
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, Happened
from workstation.presenters.details import DetailsPresenter
from workstation.presenters.identity import IdentityPresenter, nothing_to_take_back
from workstation.presenters.keeping import KeepingPresenter, Notice
from workstation.presenters.news import NewsPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import QueueState
from workstation.presenters.session import SessionPresenter, SessionState
from workstation.ui import form, half_typed
from workstation.ui.actions import BY_ID
from workstation.ui.arrival import Arrival, laid_out_once
from workstation.ui.banner import PatientBanner, StepBar
from workstation.ui.commands import Commands
from workstation.ui.details import DetailsColumn
from workstation.ui.edits import Edits
from workstation.ui.entrance import READINGS, Entrance
from workstation.ui.frame import DemonstrationStrip, LockWarning, Rail, StatusLine, furnish
from workstation.ui.identity import IdentityNotice
from workstation.ui.looks import Looks
from workstation.ui.making import in_turns
from workstation.ui.news import News
from workstation.ui.page import PageTools
from workstation.ui.palette import CommandList, KeysSheet
from workstation.ui.panels import next_panel
from workstation.ui.preferences import Preferences
from workstation.ui.rooms import PageFactory, Rooms
from workstation.ui.save_line import SaveLine
from workstation.ui.second.screen import SecondScreen
from workstation.ui.session.put_away import PutAway
from workstation.ui.steps import CASE_PAGES, FOLLOW_UP, STEP_NAMES, STEPS, Steps
from workstation.ui.theme import theme
from workstation.ui.widgets import Strip, Toasts

ASIDE, BACK = ("settings", "help"), "back"  # pages one comes back from
KEPT = noted(
    "Your draft is kept in memory and is saved as soon as it can be written. Signing is closed until then."
)
PLACES = ("queue", "labs", "records", "settings", "help")  # pages of their own on the rail
RENEW_MS = 5 * 60_000
WATCH_MS = 15_000
BETWEEN_LOOKS_MS = 10


class Shell(QWidget):
    """Everything a signed-in user sees. Pages do not know each other; they meet here."""

    lock_wanted = Signal()
    settled = Signal()  # the queue has its rows, or says why not

    rail: Rail
    demonstrationStrip: DemonstrationStrip
    patientBanner: PatientBanner
    stepBar: StepBar
    identityStrip: Strip
    problemStrip: Strip
    newsStrip: Strip
    noticeStrip: Strip  # about the store as a whole: backups, what was changed outside
    pageStack: QStackedWidget
    detailsRoom: QWidget
    lockWarning: LockWarning
    statusLine: StatusLine

    def __init__(
        self,
        session: SessionPresenter,
        queue: QueuePresenter,
        case: CaseFile,
        banner: BannerPresenter,
        pages: dict[str, PageFactory],
        parent: QWidget | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        """``pages`` makes the pages that exist: queue, and of contact, assess, treat, sign."""
        super().__init__(parent)
        self._session, self._queue, self._case = session, queue, case
        self._banner = banner
        self._preferences = preferences
        self._current, self._from = "", "queue"
        self._entered = self._undoes = False
        self._held_on = ""  # the page where it was said that somebody else has a consultation open
        form.load(self, "shell")
        self._arrival = Arrival(self, self.pageStack)
        self._identity = IdentityNotice(self.identityStrip, IdentityPresenter(case))
        self.details = DetailsColumn(self, DetailsPresenter(case))
        self.commands = Commands(self)
        if preferences is not None:
            preferences.attach(
                self.commands, lambda steps: self._arrival.of(lambda: in_turns(steps))
            )
        self.toasts = Toasts(self.pageStack)
        tools = PageTools(self.commands, case.jobs, self._toast, self.go)
        self._rooms = Rooms(self.pageStack, pages, tools)
        self._rooms.made.connect(self._furnish)
        self._steps = Steps(case, self._rooms)
        say = partial(self._toast, links=())
        self.entrance = Entrance(
            self._rooms, self._steps, case, queue, self.go, lambda: self._current, say
        )
        self.edits = Edits(
            self, self.commands, self._edited, self._steps.nothing_open, self._shows, say
        )
        self._looks = Looks(self, self.commands, preferences, say)
        self._save_line = SaveLine(self.statusLine, case, queue, session)
        self._build_bars()
        self.second = SecondScreen(self, {}, banner, say)
        self.put_away = PutAway(self)
        self._keys = KeysSheet(self.commands, self)
        self._list = CommandList(self.commands, self)
        self._bind()
        self._connect()
        self.demonstrationStrip.setVisible(queue.is_demonstration)
        self.statusLine.show_edition(queue.edition)
        self._renewing = QTimer(self)
        self._renewing.setInterval(RENEW_MS)
        self._renewing.timeout.connect(case.renew)
        # While the queue is not shown nothing else would notice a result for the open consultation.
        self._watching = QTimer(self)
        self._watching.setInterval(WATCH_MS)
        self._watching.timeout.connect(self._watch)
        self._watching.start()
        self._news = News(NewsPresenter(case, session.zone), self.newsStrip)
        self._waiting = queue.changed.subscribe(self._queue_loaded)

    def begin(self) -> None:
        """Show the queue, which is made by then or now."""
        self._show("queue")
        self.second.follow("queue")

    def _queue_loaded(self, state: QueueState) -> None:
        """The page that everybody waits for has its rows: now the others may be made."""
        if state.loaded or state.problem is not None:
            self._waiting.close()
            # What the rows have to draw is drawn before a timer's turn comes.
            QTimer.singleShot(0, self, self._first_rows_shown)

    def _first_rows_shown(self) -> None:
        if self._arrival.pending:  # they are still to be drawn
            QTimer.singleShot(BETWEEN_LOOKS_MS, self, self._first_rows_shown)
            return
        self._rooms.make_the_rest()
        self.settled.emit()

    def look_after(self, keeping: KeepingPresenter) -> None:
        """Show what the keeping of the records has to tell, from now on."""

        def show(notice: Notice | None) -> None:
            if notice is None:
                self.noticeStrip.clear()
                return
            link = (tr("Close"), keeping.put_away)
            self.noticeStrip.say(notice.level, notice.title, notice.detail, link=link)

        self._kept = keeping.changed.subscribe(show)
        keeping.look()

    # -- places

    @property
    def current(self) -> str:
        """Id of the page shown."""
        return self._current

    @property
    def arriving(self) -> bool:
        """Whether something of the page shown is still to come, or to be painted."""
        return self._arrival.pending

    def page(self, id: str) -> QWidget:
        """A page by its id."""
        return self._rooms.widget(id)

    def make_some(self, id: str) -> bool:
        """Make one part more of a page; whether all of it is there."""
        return self._rooms.make_some(id)

    def go(self, id: str) -> None:
        """Show a page; steps need an open consultation."""
        if id == BACK:
            id = "queue" if self._steps.refusal(self._from) else self._from
        if id in CASE_PAGES[1:] and self._steps.is_result:
            id = "labs"  # an item about a result has nothing to assess, treat or sign
        refusal = self._steps.refusal(id)
        if refusal:
            self._toast(refusal, ())
            self.rail.set_current(self._rail_entry())
            return
        if id == self._current and self._entered:
            return
        before = self._current
        if id in ASIDE and before not in ASIDE:
            self._from = before
        self.suspend()
        self._current, self._entered = id, True
        self.second.follow(id)  # at once: photos never stand beside what they do not belong to
        self._arrival.of(lambda: in_turns(self._arriving(id, before)))

    def _arriving(self, id: str, before: str) -> Iterator[None]:
        yield  # the key or the result that asked for the page has a turn of its own
        while not self._rooms.make_some(id):
            yield
        self._show(id)
        yield
        yield from self._entering(id)
        if id == "help":
            self._rooms.own(id).tell_of(before)

    def _entering(self, id: str) -> Iterator[None]:
        self._rooms.page(id).enter()
        yield
        self._page_changed(id)
        self.second.focus()

    def _show(self, id: str) -> None:
        self._current = id
        if self._held_on not in ("", id):  # "this consultation" is none of another page
            self._held_on = ""
            self.problemStrip.clear()
        page = self._rooms.widget(id)
        theme.restyling.finish(page)
        on_case = id in CASE_PAGES
        with laid_out_once(self):
            self.patientBanner.setVisible(on_case)
            self.stepBar.setVisible(on_case)
            self.pageStack.setCurrentWidget(page)
        self.toasts.lift(getattr(page, "notices", None))
        self.rail.set_current(self._rail_entry())
        self.stepBar.set_current("assess" if id == FOLLOW_UP else id)
        self.details.allow(on_case)
        self._identity.on_step(on_case)
        self._say_saved()

    def away(self, locked: bool) -> None:
        """A claim is not renewed while nobody is at the desk, so that a colleague can go on."""
        if locked:
            self._renewing.stop()
        elif self._case.state is not None and not self._renewing.isActive():
            self._case.renew()
            self._renewing.start()

    def suspend(self) -> None:
        """Cover the current page: it drops decoded pictures."""
        self._arrival.finish()
        if self._entered:
            self._entered = False
            self._rooms.page(self._current).leave()

    def resume(self) -> None:
        """Show the current page again exactly as it was."""
        if not self._entered:
            self._entered = True
            self._arrival.of(lambda: in_turns(self._entering(self._current)))

    def end(self) -> None:
        """Another desk stands in its place: end in turns, for all at once is too long for one."""
        self._watching.stop()
        self._renewing.stop()
        self._rooms.end(self.deleteLater)

    def stand_as(self, other: Shell) -> None:
        """Show the part of Settings that another desk shows, and go back to where that would."""
        self._from = back = other._from
        if self._current == "settings":
            self._rooms.own("settings").show_page(other._rooms.own("settings").shown)

        def opened(change: CaseChange) -> None:
            if change.happened is Happened.OPENED:
                once.close()
                self._from = back

        once = self._case.changed.subscribe(opened)

    def typed_so_far(self) -> half_typed.Kept:
        """What was typed on the pages and not given in."""
        return half_typed.of_pages(self._rooms.there, CASE_PAGES)

    def type_again(self, kept: half_typed.Kept, open_case: str | None) -> None:
        """Give the pages back what was half typed; those of a consultation while it is open."""

        def is_open() -> bool:
            state = self._case.state
            return state is not None and state.consultation.id == open_case

        half_typed.type_again(self, self._rooms.widget, kept, CASE_PAGES, is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Notices stay at the bottom centre."""
        super().resizeEvent(event)
        self.details.place()
        self.toasts.place()

    # -- inside

    def _build_bars(self) -> None:
        furnish(self.rail, self._rooms)
        state = self._session.state
        self.rail.user.show_initials(state.initials, state.name)
        for step in STEPS:
            if step in self._rooms:
                key = BY_ID[f"go.{step}"].cap if f"go.{step}" in BY_ID else ""
                self.stepBar.add(step, tr(STEP_NAMES[step]), key)

    def _connect(self) -> None:
        self.rail.chosen.connect(self._rail_chosen)
        self.stepBar.chosen.connect(self._step_chosen)
        self.stepBar.closed.connect(self.edits.close)
        self.stepBar.forward.connect(self._forward)
        self.commands.refused.connect(lambda reason: self._toast(reason, ()))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self._case.changed.subscribe(self._case_changed)
        self._banner.changed.subscribe(self._banner_changed)
        self._session.changed.subscribe(self._session_changed)
        self._queue.changed.subscribe(lambda _: self._say_saved())

    def _furnish(self, id: str) -> None:
        """Listen to a page that is there from now on."""
        page = self._rooms.own(id)
        page.changed.connect(lambda: self._page_changed(id))
        if id in ("queue", "records", "labs"):
            page.open_wanted.connect(self.entrance.open)
        if id in ("queue", "records") and set(READINGS) <= set(self._rooms):
            page.read_wanted.connect(self.entrance.read)
        if id in ("queue", "assess", "records", READINGS[0]) and READINGS[1] in self._rooms:
            page.agreement_wanted.connect(self.entrance.agreement)
        if id == "labs":
            page.settled.connect(self.entrance.settled)
        elif id == "sign":
            page.signed.connect(self.entrance.signed)
            page.record_wanted.connect(self._show_record)
            page.offer_records("records" in self._rooms)
            page.blocked.connect(lambda: self.go("treat"))
        if id == "assess":
            self.second.lends(STEPS, page)
        elif id == FOLLOW_UP:
            self.second.lends((FOLLOW_UP,), page)
        if id in STEPS:
            self.stepBar.show_chip(id, page.step_chip())

    def _bind(self) -> None:
        bind = self.commands.bind
        for id in ("queue", "labs", "assess", "treat", "sign", FOLLOW_UP, "records"):
            if id in self._rooms:
                bind(f"go.{id}", self, partial(self.go, id), partial(self._steps.refusal, id))
        bind("forward", self, self._forward, self._forward_refusal)
        bind("keys", self, self._toggle_keys)
        bind("commands", self, self._list.toggle)
        bind("lock", self, self.lock_wanted.emit)
        bind("panel.next", self, lambda: self._next_panel(True))
        bind("panel.previous", self, lambda: self._next_panel(False))
        bind("case.details", self, self.details.toggle, self._steps.nothing_open)
        bind("photos.second", self, self.second.toggle, self.second.refusal)
        bind("case.identity", self, self._case.take_back_identity, self._no_answered_doubt)
        for id in ASIDE:
            if id in self._rooms:
                bind(id, self, partial(self.go, id))

    def _rail_entry(self) -> str:
        if self._current in (*PLACES, FOLLOW_UP):
            return self._current
        if self._current in READINGS:
            return "queue"
        return "consult"

    def _rail_chosen(self, id: str) -> None:
        if id in PLACES:
            self.go(id)
        elif id == "consult":
            self.go(self._current if self._current in STEPS else self._steps.first(compare=False))
        elif id == FOLLOW_UP:
            self.go(id)
        else:
            self.commands.trigger(id)

    def _toggle_keys(self) -> None:
        self._rooms.make_all()  # the sheet lists the keys of every page
        self._keys.toggle()

    def _no_answered_doubt(self) -> str:
        return self._steps.nothing_open() or nothing_to_take_back(self._case.state)

    def _edited(self) -> CaseFile:
        """What edits on this page go to: the open consultation, or a reading of another."""
        edited = getattr(self._rooms.widget(self._current), "edited", self._case)
        return cast(CaseFile, edited)

    def _shows(self, edit: Edit) -> bool:
        """Whether the page shown brought what an edit changed into view."""
        shows = getattr(self._rooms.widget(self._current), "shows", None)
        return bool(shows is not None and shows(edit))

    def _step_chosen(self, step: str) -> None:
        self.go(FOLLOW_UP if step == "assess" and self._steps.compares else step)

    def _forward(self) -> None:
        self._rooms.page(self._current).activate_primary()

    def _forward_refusal(self) -> str:
        primary = self._rooms.page(self._current).primary()
        return "" if primary is None or primary.enabled else primary.reason

    def _page_changed(self, id: str) -> None:
        if id in STEPS:
            self.stepBar.show_chip(id, self._rooms.page(id).step_chip())
        if id == self._current:
            self.toasts.place()
            self.stepBar.show_primary(self._rooms.page(id).primary())
            self.statusLine.hints.show_hints(self._rooms.page(id).key_hints())

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        """The keys shown are those of the part that has the focus."""
        inside = now is not None and (self.second.holds(now) or self.isAncestorOf(now))
        if self._entered and inside:
            self.statusLine.hints.show_hints(self._rooms.page(self._current).key_hints())

    def _case_changed(self, change: CaseChange) -> None:
        happened = change.happened
        if happened is Happened.EDITED and self._undoes:
            self._undoes = False  # "Undo" would take back another edit than the notice names
            self.toasts.clear()
        if happened is Happened.SAVED and self._save_line.failed:
            self.problemStrip.clear()  # written after all
        self._save_line.failed = happened is Happened.FAILED or (
            self._save_line.failed and self._case.waits_to_save
        )
        if happened is Happened.OPENED:
            self.problemStrip.clear()
            self._renewing.start()
            self._show_steps()
            self._entered_fresh()
        elif happened is Happened.CLOSED:
            self._renewing.stop()
            self.rail.set_available("consult", False)
            if FOLLOW_UP in self._rooms:
                self.rail.set_available(FOLLOW_UP, False)
            if self._current in CASE_PAGES:
                self.go("queue")
        elif happened in (Happened.HELD, Happened.FAILED):
            said = wording.message(change.problem, detail=change.detail)
            if self._case.waits_to_save and change.problem != "store.disk.full":
                said = replace(said, detail=tr(KEPT))
            self.problemStrip.say(
                "warn", said.title, said.detail, link=(tr("Close"), self.problemStrip.clear)
            )
            self._held_on = self._current if happened is Happened.HELD else ""
        self._say_saved()

    def _watch(self) -> None:
        """Take in what has arrived, and what concerns the open consultation."""
        if self._current != "queue" or not self._entered:  # else its page asks
            self._queue.poll()
        self._case.save_again()
        self._case.look_again()
        self._case.look_for_news()

    def _entered_fresh(self) -> None:
        step = self.entrance.first_page()
        if self._current != step:
            self.go(step)
        elif step in CASE_PAGES:
            self.suspend()
            self.resume()

    def _show_steps(self) -> None:
        self.rail.set_available("consult", True)
        self.stepBar.set_numbered(self._steps.shown)
        if FOLLOW_UP in self._rooms:
            self.rail.set_available(FOLLOW_UP, not self._steps.no_compare())
            self.stepBar.rename("assess", self._steps.first_name)

    def _banner_changed(self, banner: Banner | None) -> None:
        if banner is None:
            self.patientBanner.forget()
            return
        self.patientBanner.show_banner(banner)
        self.stepBar.show_about(banner.consultation)
        # A page that is still being made would be made whole at once; it tells its button itself.
        if self._current in CASE_PAGES and self._rooms.is_there(self._current):
            self.stepBar.show_primary(self._rooms.page(self._current).primary())

    def _session_changed(self, state: SessionState) -> None:
        self.lockWarning.show_seconds(state.warning)

    def _say_saved(self) -> None:
        self._save_line.say(on_case=self._current in CASE_PAGES)

    def _show_record(self, number: str) -> None:
        self._rooms.own("records").look_for(number)
        self.go("records")

    def _toast(self, text: str, links: tuple[tuple[str, Callable[[], None]], ...]) -> None:
        self._undoes = any(name == tr("Undo") for name, _ in links)
        self.toasts.show(text, links)

    def _next_panel(self, forward: bool) -> None:
        page = self._rooms.widget(self._current)
        if not next_panel(page, self.focusWidget(), forward=forward):
            self.focusNextPrevChild(forward)
