"""The desk: rail, banner, steps, pages and status line around the one open consultation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from workstation.domain.accounts import Permission, may
from workstation.domain.ids import ConsultationId
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.banner import Banner, BannerPresenter
from workstation.presenters.case import CaseChange, CaseFile, Happened
from workstation.presenters.details import DetailsPresenter
from workstation.presenters.identity import IdentityPresenter, nothing_to_take_back
from workstation.presenters.keeping import KeepingPresenter, Notice
from workstation.presenters.news import NewsPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import QueueState
from workstation.presenters.session import SessionPresenter, SessionState
from workstation.ui import form, half_typed
from workstation.ui.actions import BY_ID, Commands
from workstation.ui.banner import PatientBanner, StepBar
from workstation.ui.details import DetailsColumn
from workstation.ui.frame import DemonstrationStrip, LockWarning, Rail, StatusLine
from workstation.ui.half_typed import Place
from workstation.ui.identity import IdentityNotice
from workstation.ui.news import News
from workstation.ui.page import PageTools
from workstation.ui.palette import CommandList, KeysSheet
from workstation.ui.preferences import LARGER, SMALLER, Preferences
from workstation.ui.rooms import PageFactory, Rooms
from workstation.ui.second.screen import SecondScreen
from workstation.ui.steps import CASE_PAGES, FOLLOW_UP, STEP_NAMES, STEPS, Steps
from workstation.ui.theme import theme
from workstation.ui.widgets import Strip, Toasts

READINGS = ("reading", "agreement")  # pages over the photos of a consultation that is not opened
PLACES = ("queue", "labs", "records", "settings", "help")  # pages of their own on the rail
RENEW_MS = 5 * 60_000
WATCH_MS = 15_000
NOT_SAVED = noted("Last edit not saved")


class Shell(QWidget):
    """Everything a signed-in user sees. Pages do not know each other; they meet here."""

    lock_wanted = Signal()

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
        self._current = ""
        self._entered = False
        self._failed = False
        form.load(self, "shell")
        self._identity = IdentityNotice(self.identityStrip, IdentityPresenter(case))
        self.details = DetailsColumn(self, DetailsPresenter(case))
        self.commands = Commands(self)
        if preferences is not None:
            preferences.attach(self.commands)
        self.toasts = Toasts(self.pageStack)
        tools = PageTools(self.commands, case.jobs, self._toast, self.go)
        self._rooms = Rooms(self.pageStack, pages, tools)
        self._rooms.made.connect(self._furnish)
        self._steps = Steps(case, self._rooms)
        self._build_bars()
        self.second = SecondScreen(self, {}, banner, partial(self._toast, links=()))
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
        self._news = News(NewsPresenter(case, queue.look_in_inbox, session.zone), self.newsStrip)
        self._waiting = queue.changed.subscribe(self._queue_loaded)
        self._show("queue")

    def _queue_loaded(self, state: QueueState) -> None:
        """The page that everybody waits for has its rows: now the others may be made."""
        if state.loaded or state.problem is not None:
            self._waiting.close()
            self._rooms.make_the_rest()

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

    def page(self, id: str) -> QWidget:
        """A page by its id."""
        return self._rooms.widget(id)

    def go(self, id: str) -> None:
        """Show a page; steps need an open consultation."""
        if id in CASE_PAGES[1:] and self._steps.is_result:
            id = "labs"  # an item about a result has nothing to assess, treat or sign
        refusal = self._steps.refusal(id)
        if refusal:
            self._toast(refusal, ())
            self.rail.set_current(self._rail_entry())
            return
        if id == self._current and self._entered:
            return
        self.suspend()
        self._show(id)
        self.resume()

    def _show(self, id: str) -> None:
        self._current = id
        page = self._rooms.widget(id)
        self.pageStack.setCurrentWidget(page)
        self.toasts.lift(getattr(page, "notices", None))
        on_case = id in CASE_PAGES
        self.patientBanner.setVisible(on_case)
        self.stepBar.setVisible(on_case)
        self.rail.set_current(self._rail_entry())
        self.stepBar.set_current("assess" if id == FOLLOW_UP else id)
        self.details.allow(on_case)
        self.second.follow(id)
        self._identity.on_step(on_case)
        self._show_save_state()

    def suspend(self) -> None:
        """Cover the current page: it drops decoded pictures."""
        if self._entered:
            self._entered = False
            self._rooms.page(self._current).leave()

    def resume(self) -> None:
        """Show the current page again exactly as it was."""
        if not self._entered:
            self._entered = True
            self._rooms.page(self._current).enter()
            self._page_changed(self._current)
            self.second.focus()

    def open_consultation(self, id: str) -> None:
        """Claim and load a consultation; its first step shows when it is there.

        Who may only read it a second time does that; who may only see it reads the preview.
        """
        user = self._case.session.user
        if not may(user, Permission.CLAIM) and "reading" in self._rooms:
            if may(user, Permission.SECOND_READ):
                self.begin_reading(id)
            else:
                self._toast(tr("Your role reads consultations here, beside the queue."), ())
            return
        self._case.open(ConsultationId(id))

    def begin_reading(self, id: str) -> None:
        """Read a consultation a second time: nothing of it is claimed or changed."""
        self._rooms.own(READINGS[0]).begin(ConsultationId(id))
        self.go(READINGS[0])

    def show_agreement(self, id: str) -> None:
        """Show how far the second reading of a consultation agrees with the first."""
        self._rooms.own(READINGS[1]).begin(ConsultationId(id))
        self.go(READINGS[1])

    def open_next(self, after: str | None) -> None:
        """Open the next free consultation, or go back to the queue when there is none."""

        def found(id: ConsultationId | None) -> None:
            if id is None:
                self.go("queue")
                self._toast(tr("Nothing else is waiting."), ())
            else:
                self.open_consultation(id)

        self._queue.next_waiting(ConsultationId(after) if after else None, found)

    def reopen(self) -> None:
        """Open what was open here when the program was ended, as work that can be kept."""

        def found(id: ConsultationId) -> None:
            if self._case.state is None and self._current == "queue":
                self.open_consultation(id)

        self._queue.interrupted(found)

    def take_up(self, place: str, open_case: str | None) -> None:
        """Be where the desk was before it was built anew: its page, and its open consultation."""
        if place in self._rooms and place not in CASE_PAGES:
            self.go(place)
        if open_case is None:
            return

        def opened(change: CaseChange) -> None:
            if change.happened is Happened.OPENED:
                once.close()
                self.go(place)

        once = self._case.changed.subscribe(opened)
        self._case.open(ConsultationId(open_case))

    def typed_so_far(self) -> dict[str, dict[Place, str]]:
        """What was typed on the pages and not given in."""
        there = self._rooms.there
        return {id: half_typed.gather(page, of_case=id in CASE_PAGES) for id, page in there}

    def type_again(self, kept: dict[str, dict[Place, str]], open_case: str | None) -> None:
        """Give the pages back what was half typed; those of a consultation while it is open."""
        pages = {self._rooms.widget(id): texts for id, texts in kept.items() if texts}
        steps = {self._rooms.widget(id) for id in kept if id in CASE_PAGES and kept[id]}

        def may(page: QWidget) -> bool:
            state = self._case.state
            mine = state is not None and state.consultation.id == open_case
            return page not in steps or mine

        half_typed.HalfTyped(self, pages, may)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Notices stay at the bottom centre."""
        super().resizeEvent(event)
        self.details.place()
        self.toasts.place()

    # -- inside

    def _build_bars(self) -> None:
        self.rail.add("queue", tr("Queue"), "inbox", BY_ID["go.queue"].cap)
        if any(step in self._rooms for step in STEPS):
            self.rail.add("consult", tr("Consult"), "scan-face", BY_ID["go.assess"].cap)
            self.rail.set_available("consult", False)
        if FOLLOW_UP in self._rooms:
            follow_up = BY_ID["go.followup"]
            self.rail.add(FOLLOW_UP, tr(follow_up.text), follow_up.icon, follow_up.cap)
            self.rail.set_available(FOLLOW_UP, False)
        if "labs" in self._rooms:
            self.rail.add("labs", tr("Labs"), "flask-conical", BY_ID["go.labs"].cap)
        if "records" in self._rooms:
            self.rail.add("records", tr("Records"), "archive", BY_ID["go.records"].cap)
        self.rail.add("keys", tr("Keys"), "keyboard", BY_ID["keys"].cap, low=True)
        for id in ("settings", "help"):
            if id in self._rooms:
                self.rail.add(id, tr(BY_ID[id].text), BY_ID[id].icon, BY_ID[id].cap, low=True)
        self.rail.add("lock", tr("Lock", sense="rail"), "lock", BY_ID["lock"].cap, low=True)
        state = self._session.state
        self.rail.user.show_initials(state.initials, state.name)
        for step in STEPS:
            if step in self._rooms:
                key = BY_ID[f"go.{step}"].cap if f"go.{step}" in BY_ID else ""
                self.stepBar.add(step, tr(STEP_NAMES[step]), key)

    def _connect(self) -> None:
        self.rail.chosen.connect(self._rail_chosen)
        self.stepBar.chosen.connect(self._step_chosen)
        self.stepBar.closed.connect(self._close_case)
        self.stepBar.forward.connect(self._forward)
        self.commands.refused.connect(lambda reason: self._toast(reason, ()))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self._case.changed.subscribe(self._case_changed)
        self._banner.changed.subscribe(self._banner_changed)
        self._session.changed.subscribe(self._session_changed)
        self._queue.changed.subscribe(lambda _: self._show_save_state())

    def _furnish(self, id: str) -> None:
        """Listen to a page that is there from now on."""
        page = self._rooms.own(id)
        page.changed.connect(lambda: self._page_changed(id))
        if id in ("queue", "records", "labs"):
            page.open_wanted.connect(self.open_consultation)
        if id in ("queue", "records") and set(READINGS) <= set(self._rooms):
            page.read_wanted.connect(self.begin_reading)
        if id in ("queue", "assess", "records", READINGS[0]) and READINGS[1] in self._rooms:
            page.agreement_wanted.connect(self.show_agreement)
        if id == "labs":
            page.settled.connect(self._settled)
        elif id == "sign":
            page.signed.connect(self._signed)
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
        bind("undo", self, self._undo, lambda: self._no_edit("past"))
        bind("redo", self, self._redo, lambda: self._no_edit("future"))
        bind("case.close", self, self._close_case, self._no_edited)
        bind("case.details", self, self.details.toggle, self._steps.nothing_open)
        bind("photos.second", self, self.second.toggle, self.second.refusal)
        bind("case.identity", self, self._case.take_back_identity, self._no_answered_doubt)
        bind("full_screen", self, self._full_screen)
        for id in ("settings", "help"):
            if id in self._rooms:
                bind(id, self, partial(self.go, id))
        bind("theme.toggle", self, self._toggle_theme)
        bind("text.larger", self, partial(self._step_text, LARGER))
        bind("text.smaller", self, partial(self._step_text, SMALLER))
        bind("letters.toggle", self, self._toggle_letters)

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

    @property
    def _edited(self) -> CaseFile:
        """What edits on this page go to: the open consultation, or a reading of another."""
        edited = getattr(self._rooms.widget(self._current), "edited", self._case)
        return cast(CaseFile, edited)

    def _undo(self) -> None:
        self._edited.undo()

    def _redo(self) -> None:
        self._edited.redo()

    def _no_edited(self) -> str:
        return "" if self._edited.state is not None else self._steps.nothing_open()

    def _no_edit(self, which: str) -> str:
        state = self._edited.state
        if state is None:
            return self._steps.nothing_open()
        past = which == "past"
        if state.history.past if past else state.history.future:
            return ""
        return tr("Nothing to undo.") if past else tr("Nothing to do again.")

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
        self._failed = happened is Happened.FAILED
        if happened is Happened.OPENED:
            self.problemStrip.clear()
            self._renewing.start()
            self._news.watch(True)
            self._show_steps()
            self._entered_fresh()
        elif happened is Happened.CLOSED:
            self._renewing.stop()
            self._news.watch(False)
            self.rail.set_available("consult", False)
            if FOLLOW_UP in self._rooms:
                self.rail.set_available(FOLLOW_UP, False)
            if self._current in CASE_PAGES:
                self.go("queue")
        elif happened in (Happened.HELD, Happened.FAILED):
            said = wording.message(change.problem, detail=change.detail)
            self.problemStrip.say(
                "warn", said.title, said.detail, link=(tr("Close"), self.problemStrip.clear)
            )
        self._show_save_state()

    def _watch(self) -> None:
        """Take in what has arrived while a consultation is open, and what concerns it."""
        if self._current != "queue":
            self._queue.poll()
        self._case.look_again()

    def _settled(self, id: str) -> None:
        state = self._case.state
        if state is not None and state.consultation.id == id:
            self._case.forget()

    def _entered_fresh(self) -> None:
        step = self._steps.first()
        state = self._case.state
        if state is not None and self._steps.is_result and "labs" in self._rooms:
            self._rooms.own("labs").show_item(state.consultation.id)
            step = step if step == "contact" else "labs"
        if self._current == step:
            self.suspend()
            self.resume()
        else:
            self.go(step)

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
        if self._current in CASE_PAGES:
            self.stepBar.show_primary(self._rooms.page(self._current).primary())

    def _session_changed(self, state: SessionState) -> None:
        self.lockWarning.show_seconds(state.warning)

    def _show_save_state(self) -> None:
        state = self._case.state
        if state is not None and self._current in CASE_PAGES:
            if state.unsaved and self._failed:
                self.statusLine.show_state(tr(NOT_SAVED), good=False)
            elif state.unsaved:
                self.statusLine.show_state(tr("Saving"), good=True)
            elif state.saved_at is not None:
                at = wording.clock_seconds(state.saved_at, self._session.zone)
                self.statusLine.show_state(tr("Draft saved {at}", at=at), good=True)
            else:
                self.statusLine.show_state(tr("Stored encrypted on this computer"), good=True)
        else:
            at = self._queue.state.refreshed
            self.statusLine.show_state(tr("Queue read {at}", at=at) if at else "", good=True)

    def _close_case(self) -> None:
        if self._edited.state is not None:
            self._edited.close()

    def _signed(self, text: str) -> None:
        state = self._case.state
        signed = state.consultation.id if state is not None else None
        self._case.forget()
        if text:
            self._toast(text, ())
        self.open_next(signed)

    def _show_record(self, number: str) -> None:
        self._rooms.own("records").look_for(number)
        self.go("records")

    def _toast(self, text: str, links: tuple[tuple[str, Callable[[], None]], ...]) -> None:
        self.toasts.show(text, links)

    def _next_panel(self, forward: bool) -> None:
        panels = [
            w
            for w in self._rooms.widget(self._current).findChildren(QWidget)
            if w.property("panel") and w.isVisible()
        ]
        focus = self.focusWidget()
        inside = [n for n, p in enumerate(panels) if focus is not None and p.isAncestorOf(focus)]
        if not panels:
            self.focusNextPrevChild(forward)
            return
        at = inside[0] if inside else -1
        target = panels[(at + (1 if forward else -1)) % len(panels)]
        for child in (target, *target.findChildren(QWidget)):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled():
                child.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _full_screen(self) -> None:
        window = self.window()
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def _toggle_letters(self) -> None:
        on = not self.commands.single_letters
        if self._preferences is not None:
            on = self._preferences.toggle_letters()
        else:
            self.commands.set_single_letters(on)
        self._toast(
            tr("Single-letter keys are on.") if on else tr("Single-letter keys are off."), ()
        )

    def _toggle_theme(self) -> None:
        if self._preferences is not None:
            self._preferences.toggle_theme()
        else:
            theme.set_mode("light" if theme.dark else "dark")

    def _step_text(self, by: int) -> None:
        if self._preferences is not None:
            self._preferences.step_text(by)
        else:
            theme.set_text_scale(theme.text_scale + by / 100)
