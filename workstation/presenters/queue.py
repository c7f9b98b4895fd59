"""The queue's verbs: load, filter, select, claim; news waits for F5 while the list has focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from workstation.domain.accounts import ClinicProfile, Permission
from workstation.domain.consultation import Consultation, QueueRow, RequestKind, Status
from workstation.domain.ids import ConsultationId
from workstation.domain.safety import Evaluation
from workstation.domain.triage import TriageLevel
from workstation.presenters import queue_findings, roles, wording
from workstation.presenters.arrivals import Arrivals
from workstation.presenters.day_list import day_list
from workstation.presenters.in_turn import InTurn
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event, Followed
from workstation.presenters.paper_list import PaperList
from workstation.presenters.queue_rows import (
    PreviewView,
    QueueState,
    RowView,
    emergent_view,
    places_of,
    preview_view,
    row_view,
)
from workstation.presenters.stored_photos import StoredPhotos
from workstation.workflow import emergency, queue, viewing
from workstation.workflow.desk import Desk, Session
from workstation.workflow.escalation import Escalated
from workstation.workflow.ports import QueueFilter
from workstation.workflow.queue import HeldBy

Weigh = Callable[[Desk, Session, Consultation], Evaluation]
ESCALATE_EVERY = 4  # looks at the queue


@dataclass(frozen=True, slots=True)
class _Read:
    """The list as it was read and worded at one moment."""

    rows: tuple[RowView, ...]
    flags: tuple[RowView, ...]
    counts: tuple[tuple[str, int], ...]
    at: datetime
    zone: tzinfo | None
    places: dict[ConsultationId, int]


class QueuePresenter(Followed[QueueState]):
    """Verbs of the queue page. Called on the UI thread; reads on READ, claims on STORE."""

    def __init__(
        self, desk: Desk, session: Session, jobs: Jobs, weigh: Weigh = queue_findings.weighed
    ) -> None:
        self.desk = desk
        self.session = session
        self.jobs = jobs
        self.in_turn: Jobs = InTurn(jobs)  # for what the timer asks; wired as one for all
        self.changed: Event[QueueState] = Event()
        self.read: Event[tuple[RowView, ...]] = Event()  # all that a read of the list brought
        self.state = QueueState()
        self.poll_inbox: Callable[[], None] = lambda: None
        self.arrivals: Arrivals | None = None  # who takes dropped packages; wired with the inbox
        # Records what escalates and tells who was told; what runs without a store has none.
        self.escalate: Callable[[], tuple[Escalated, ...]] | None = None
        self._escalated: tuple[Escalated, ...] = ()
        self.photos = StoredPhotos(desk, lambda: self.session, jobs, "queue")
        self._weigh = weigh
        self._frozen = False
        self._anew = False  # whether what is searched for was just changed
        self._latest: _Read | None = None
        self._polls = 0
        self._asked = 0
        self._zone: tzinfo | None = None

    # -- the list

    @property
    def is_demonstration(self) -> bool:
        """Whether the store holds demonstration data."""
        return self.desk.store.is_demonstration

    @property
    def edition(self) -> str:
        """Edition of the clinical content in use."""
        return self.desk.catalogue.edition

    def load(self) -> None:
        """Read the list with the present filter and show it in service order."""
        if self.state.loaded:
            self._escalate()
        self._read(show=True)

    def refresh(self) -> None:
        """Take over what is new, in order, keeping the selection."""
        self._read(show=True)

    def look_again(self) -> None:
        """F5: look into the inbox too, then take over what is new."""
        self.poll_inbox()
        self._read(show=True)

    def refusal(self, *any_of: Permission) -> str:
        """Why this user's role does not do it; "" when it does."""
        return roles.refusal(self.session, *any_of)

    def similar_name(self, id: ConsultationId) -> str:
        """Whose name of the list is like that consultation's; "" nobody's."""
        return next((v.row.similar_name for v in self.state.rows if v.row.id == id), "")

    def arrived(self) -> None:
        """New consultations were stored: counted, or shown when nothing moves under the keys."""
        self._read(show=False)

    def poll(self) -> None:
        """Timer: see what is new. While the list has the focus nothing moves; news is counted."""
        self._read(show=False, jobs=self.in_turn)
        if self._polls % ESCALATE_EVERY == 0:  # it goes by minutes, and reads whole consultations
            self._escalate(self.in_turn)
        self._polls += 1
        self.poll_inbox()

    def freeze(self, frozen: bool) -> None:
        """The list got or lost the focus; when it loses it, news is shown."""
        self._frozen = frozen
        if not frozen and self._latest is not None and self.state.news:
            self._show(self._latest)

    def begin_with(self, scope: str) -> None:
        """The list that is read first: ``mine`` or ``all``."""
        self.state = replace(self.state, wanted=replace(self.state.wanted, scope=scope))

    def set_scope(self, scope: str) -> None:
        """``mine`` (and unclaimed), ``all`` or ``others``."""
        self._want(replace(self.state.wanted, scope=scope))

    def toggle_level(self, level: TriageLevel) -> None:
        """Show this triage level too, or no longer; none chosen shows all."""
        wanted = self.state.wanted
        self._want(replace(wanted, levels=wanted.levels ^ {int(level)}))

    def toggle_status(self, status: Status) -> None:
        """Show this status too, or no longer; none chosen shows all."""
        wanted = self.state.wanted
        self._want(replace(wanted, statuses=wanted.statuses ^ {status}))

    def toggle_request(self, request: RequestKind) -> None:
        """Show this kind of request too, or no longer; none chosen shows all."""
        wanted = self.state.wanted
        self._want(replace(wanted, requests=wanted.requests ^ {request}))

    def search(self, text: str) -> None:
        """Find by name, identifier or request; the first found is the one selected."""
        wanted = replace(self.state.wanted, text=text.strip())
        self._anew = wanted != self.state.wanted
        self._want(wanted)

    def clear_filters(self) -> None:
        """Back to everything of the scope."""
        self._want(QueueFilter(scope=self.state.wanted.scope))

    def day_list(self, done: Callable[[PaperList, str], None]) -> None:
        """What is listed, as it is put on paper, and the clinic's paper (``letter``, ``a4``)."""

        def work() -> ClinicProfile:
            with self.desk.store.reading() as unit:
                return unit.clinic()

        def read(clinic: ClinicProfile) -> None:
            today = wording.day(self.desk.clock.today())
            done(day_list(self.state, today, clinic.name), clinic.paper)

        self.jobs.submit(work, read, self._failed, Lane.READ, "queue.day_list")

    # -- the selection

    def select(self, id: ConsultationId | None) -> None:
        """Make a row the selected one and show its preview."""
        if id == self.state.selected and self.state.preview is not None:
            return
        self._set(selected=id, preview=None)
        if id is not None:
            self._look(id)

    def read_selected(self) -> None:
        """Read the selected consultation again: what was done to it may show in no row."""
        if self.state.selected is not None:
            self._look(self.state.selected)

    def _look(self, id: ConsultationId) -> None:
        def done(found: Consultation | None) -> None:
            if found is not None and self.state.selected == id:
                self._set(preview=self._previewed(found))
                self._ask_rules(found)
                if not self.session.emergency:  # whose look was written down before it was shown
                    self._note_view(id)

        self.jobs.submit(
            lambda: emergency.look(self.desk, self.session, id),
            done,
            self._failed,
            Lane.STORE if self.session.emergency else Lane.READ,  # then it is written down first
            "look",
        )

    def _note_view(self, id: ConsultationId) -> None:
        desk, session = self.desk, self.session
        self.jobs.submit(
            lambda: viewing.seen(desk, session, id), lambda _: None, self._failed, Lane.STORE
        )

    def move(self, step: int) -> None:
        """Select the row ``step`` further down; stops at the ends."""
        rows = self.state.rows
        if rows:
            at = self.state.index
            to = 0 if at < 0 else min(max(at + step, 0), len(rows) - 1)
            self.select(rows[to].id)

    def move_to(self, index: int) -> None:
        """Select the first (0) or last (-1) row."""
        if self.state.rows:
            self.select(self.state.rows[index].id)

    def toggle_claim(self) -> None:
        """Claim the selected consultation, or give it back when it is this user's."""
        at = self.state.index
        if at < 0:
            return
        view = self.state.rows[at]

        def work() -> HeldBy | None:
            if not view.mine:
                answer = queue.claim(self.desk, self.session, view.id)
                return answer if isinstance(answer, HeldBy) else None
            found = queue.look(self.desk, self.session, view.id)
            if found is not None and found.claim is not None:
                queue.release(self.desk, self.session, view.id, found.claim.token)
            return None

        def done(held: HeldBy | None) -> None:
            if held is not None:
                self._set(problem=wording.message("consultation.held", detail=held.name))
            self._read(show=False)

        self.jobs.submit(work, done, self._failed, Lane.STORE)

    def next_waiting(
        self, after: ConsultationId | None, then: Callable[[ConsultationId | None], None]
    ) -> None:
        """Find the first free consultation in service order and hand it to ``then``."""
        self.jobs.submit(
            lambda: queue.next_waiting(self.desk, self.session, after),
            then,
            self._failed,
            Lane.READ,
        )

    def interrupted(self, then: Callable[[ConsultationId], None]) -> None:
        """Hand the consultation that was open here when the program was ended to ``then``."""

        def found(id: ConsultationId | None) -> None:
            if id is not None:
                then(id)

        self.jobs.submit(
            lambda: queue.interrupted(self.desk, self.session), found, lambda _: None, Lane.READ
        )

    def dismiss(self) -> None:
        """The message was read."""
        self._set(problem=None)

    # -- inside

    def _want(self, wanted: QueueFilter) -> None:
        self._set(wanted=wanted)
        self._read(show=True)

    def _read(self, *, show: bool, jobs: Jobs | None = None) -> None:
        unseen = roles.unseen(self.session)
        if unseen is not None or self.state.unseen is not None:
            self._set(unseen=unseen, loaded=unseen is not None)
        if unseen is not None:
            return
        wanted = self.state.wanted
        self._asked += 1
        asked = self._asked
        before = {} if self._latest is None else {view.id: view for view in self._latest.rows}

        def work() -> _Read:
            with self.desk.store.reading() as unit:
                zone = wording.zone(unit.clinic().time_zone)
            page, now = queue.page(self.desk, self.session, wanted), self.desk.clock.now()
            # Worded here, on the lane: ten thousand rows would hold the window up.
            fresh = (self._worded(row, now) for row in page.rows)
            # A row that reads as before stays the same one: it is not painted again.
            known = ((before.get(view.id), view) for view in fresh)
            rows = tuple(old if old is not None and old == view else view for old, view in known)
            flags = tuple(self._worded(row, now) for row in page.flags)
            counts = tuple(sorted(page.counts.items()))
            return _Read(rows, flags, counts, now, zone, places_of(rows))

        def done(read: _Read) -> None:
            self._zone = read.zone
            self.read.emit(read.rows)
            if wanted != self.state.wanted or asked != self._asked:
                return
            self._latest, first = read, not self.state.loaded
            if show or not self._frozen or first:
                self._show(read)
                if first:  # nothing takes a core from the first rows
                    self._escalate()
            else:
                self._update(read)

        (jobs or self.jobs).submit(work, done, self._failed, Lane.READ, f"queue:{show}")

    def _escalate(self, jobs: Jobs | None = None) -> None:
        work = self.escalate
        if work is None or roles.unseen(self.session) is not None:
            return

        def done(escalated: tuple[Escalated, ...]) -> None:
            if escalated != self._escalated:
                self._escalated = escalated
                flags = self._latest.flags if self._latest is not None else ()
                self._set(emergent=emergent_view(flags, escalated, self._zone))

        (jobs or self.jobs).submit(work, done, self._failed, Lane.STORE, "queue.escalate")

    def _show(self, read: _Read) -> None:
        rows, kept = read.rows, self.state.selected
        if self._anew and self.state.wanted.text:
            kept = rows[0].id if rows else None
        elif kept is None or kept not in read.places:
            # Where the selection stood, so that the next one is under the same key press.
            at = min(max(self.state.index, 0), len(rows) - 1)
            kept = rows[at].id if rows else None
        self._anew = False
        again = kept != self.state.selected or self.state.preview is None
        before = self._row_of(kept) if kept is not None else None
        self._set(
            rows=rows,
            places=read.places,
            counts=read.counts,
            emergent=emergent_view(read.flags, self._escalated, self._zone),
            news=0,
            loaded=True,
            refreshed=wording.clock(read.at, self._zone),
        )
        if again:
            self._set(selected=None, preview=None)
            self.select(kept)
        else:
            self._look_again(before)

    def _update(self, read: _Read) -> None:
        """Bring shown rows up to date where they stand; count what is new."""
        fresh = {view.id: view for view in read.rows}
        shown = {view.id for view in self.state.rows}
        selected = self.state.selected
        before = self._row_of(selected) if selected is not None else None
        rows = tuple(
            fresh.get(view.id) or self._worded(view.row, read.at) for view in self.state.rows
        )
        self._set(
            rows=rows,
            counts=read.counts,
            emergent=emergent_view(read.flags, self._escalated, self._zone),
            news=sum(1 for id in fresh if id not in shown),
            refreshed=wording.clock(read.at, self._zone),
        )
        self._look_again(before)

    def _look_again(self, before: RowView | None) -> None:
        """What stands beside the list says no less than the row: a result may have come in."""
        after = self._row_of(before.id) if before is not None else None
        if before is not None and after is not None and _told(before) != _told(after):
            self._look(before.id)

    def _ask_rules(self, found: Consultation) -> None:
        view = self._row_of(found.id)
        if view is not None and view.row.severity_source == queue.BLINDED:
            return  # what the rules find follows the first reader's grade

        def done(evaluation: Evaluation) -> None:
            preview = self.state.preview
            if preview is not None and preview.id == found.id:
                self._set(preview=replace(preview, findings=queue_findings.lines(evaluation)))

        self.jobs.submit(
            lambda: self._weigh(self.desk, self.session, found),
            done,
            self._failed,
            Lane.READ,
            "weigh",
        )

    def _worded(self, row: QueueRow, now: datetime) -> RowView:
        return row_view(row, now, self.desk.clock.today(), self.session.user.id)

    def _row_of(self, id: ConsultationId) -> RowView | None:
        at = self.state.place(id)
        return self.state.rows[at] if at >= 0 else None

    def _previewed(self, found: Consultation) -> PreviewView:
        view = self._row_of(found.id)
        return preview_view(found, view, self.desk.clock.today(), self._zone)

    def _failed(self, error: Exception) -> None:
        self._set(problem=wording.message_for(expected(error)))


def _told(view: RowView) -> tuple[object, ...]:
    """What of a row the preview repeats or explains."""
    row = view.row
    return row.level, row.flag_codes, row.stands_out, row.stands_out_level, row.status, row.deadline
