"""The Labs board's verbs: filter, select, enter a result, read it, settle an item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, tzinfo

from workstation.domain.accounts import Permission, may
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.results import LabResult
from workstation.language import tr
from workstation.presenters import labs_entry as entry
from workstation.presenters import labs_wording as words
from workstation.presenters import roles, voiding, wording
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.labs_entry import Filled
from workstation.presenters.labs_state import LabsState, ReviewView, RowView, key_of, worded
from workstation.presenters.observable import Event, Followed
from workstation.presenters.stored_photos import StoredPhotos
from workstation.workflow import board, plan_calendar, results, void
from workstation.workflow.board import BoardPage
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports.board import DueFilter, DueRow
from workstation.workflow.results import PatientResults, Review


class LabsPresenter(Followed[LabsState]):
    """Called on the UI thread; reads on READ, writes on STORE."""

    def __init__(self, desk: Desk, session: Session, jobs: Jobs) -> None:
        self.desk, self.session, self.jobs = desk, session, jobs
        self.changed: Event[LabsState] = Event()
        self.settled: Event[ConsultationId] = Event()
        self.state = LabsState()
        self.photos = StoredPhotos(desk, lambda: self.session, jobs, "labs")
        self._filled: Filled | None = None
        self._known: PatientResults | None = None
        self._asked = 0
        self._zone: tzinfo | None = None
        self._views: dict[str, RowView] = {}

    @property
    def may_void(self) -> bool:
        """Whether this user can sign a void notice."""
        return may(self.session.user, Permission.SIGN) and self.session.key is not None

    @property
    def may_treat(self) -> bool:
        """Whether this user reads results and settles items."""
        return may(self.session.user, Permission.TREAT)

    @property
    def only_reads(self) -> str:
        """Why this user enters no result; "" when they do."""
        return roles.refusal(self.session, Permission.RECORD_RESULT)

    # -- the list

    def load(self) -> None:
        """Read the board with the present filter, keeping the selection."""
        unseen = roles.unseen(self.session)
        if unseen is not None or self.state.unseen is not None:
            self._set(unseen=unseen, loaded=unseen is not None)
        if unseen is not None:
            return
        wanted = self.state.wanted
        self._asked += 1
        asked = self._asked

        def work() -> tuple[BoardPage, tzinfo | None]:
            with self.desk.store.reading() as unit:
                zone = wording.zone(unit.clinic().time_zone)
            return board.page(self.desk, self.session, wanted), zone

        def done(answer: tuple[BoardPage, tzinfo | None]) -> None:
            page, self._zone = answer
            if asked == self._asked:
                self._show(page)

        self.jobs.submit(work, done, self._failed, Lane.READ, "labs")

    def toggle_state(self, state: str) -> None:
        """Show rows of this state too, or no longer; none chosen shows all."""
        self._want(replace(self.state.wanted, states=self.state.wanted.states ^ {state}))

    def all_states(self) -> None:
        """Every state again."""
        self._want(replace(self.state.wanted, states=frozenset(), groups=frozenset()))

    def toggle_group(self, group: str) -> None:
        """Show this kind of test too, or no longer; none chosen shows all."""
        self._want(replace(self.state.wanted, groups=self.state.wanted.groups ^ {group}))

    def set_mine(self, mine: bool) -> None:
        """Patients whose plan this user signed, or the whole clinic."""
        self._want(replace(self.state.wanted, mine=mine))

    def search(self, text: str) -> None:
        """Find by name, identifier or test."""
        self._want(replace(self.state.wanted, text=text.strip()))

    def clear_filters(self) -> None:
        """Everything of the clinic."""
        self._want(DueFilter())

    def view(self, row: DueRow) -> RowView:
        """A row in words; kept, so that scrolling words nothing twice."""
        key = key_of(row)
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = worded(row, key, self.desk, self.today())
        return found

    def today(self) -> date:
        """The clinic's day."""
        return self.desk.clock.today()

    # -- the selection

    def move(self, step: int) -> None:
        """Select the row ``step`` further down; stops at the ends."""
        if self.state.rows:
            at = 0 if self.state.index < 0 else self.state.index + step
            self.select(min(max(at, 0), len(self.state.rows) - 1))

    def move_to(self, index: int) -> None:
        """Select the first (0) or last (-1) row."""
        if self.state.rows:
            self.select(index % len(self.state.rows))

    def select(self, index: int) -> None:
        """Select a row and open its form; what was typed for another row is dropped."""
        if not 0 <= index < len(self.state.rows):
            self._filled = None
            self._set(index=-1, entry=None)
            return
        row = self.state.rows[index]
        if index == self.state.index and self._filled and self._filled.row == key_of(row):
            return
        self._set(index=index, entry=None, review=None, note="", told="")
        self._open(row.patient, lambda known: self._blank(row, known))

    def review(self, id: ConsultationId) -> None:
        """Show an item of the queue: its patient's row, and what there is to settle."""

        def done(found: Review | None) -> None:
            if found is None:
                self._set(review=None)
                return
            self._set(review=self._reviewed(found))
            who = found.consultation.patient.id
            at = next((n for n, row in enumerate(self.state.rows) if row.patient == who), -1)
            if at >= 0:
                kept = self.state.review
                self.select(at)
                self._set(review=kept)

        self.jobs.submit(
            lambda: results.review(self.desk, self.session, id),
            done,
            self._failed,
            Lane.READ,
            "labs.review",
        )

    def open_id(self, then: Callable[[ConsultationId | None], None]) -> None:
        """The open consultation of the selected patient, if any."""
        row = self.state.selected
        if row is None:
            return
        self._open(row.patient, lambda known: then(known.open))

    # -- the form

    def type(self, field: str, text: str) -> None:
        """Fill a field: the band is shown while typing."""
        if self._filled is None:
            return
        self._filled = self._filled.with_field(field, text, self.desk.catalogue)
        self._set(note="", told="")
        self._render_entry()

    def save(self) -> None:
        """Save and read: a stored result is marked as read, anything typed is a new entry."""
        filled, row = self._filled, self.state.selected
        if filled is None or row is None:
            return
        if filled.stored is not None and not filled.touched:
            self._mark_read(row)
            return
        now = self.desk.clock.now()
        found = entry.read(filled, self.desk.catalogue, self.today(), self.session.user.id, now)
        if not isinstance(found, LabResult):
            self._set(note=found[1])
            return
        patient = filled.patient

        def done(recorded: results.Recorded) -> None:
            self._filled = None
            self._set(note="", told=words.saved(row, found, self.desk.catalogue.tests), entry=None)
            self._after()
            if recorded.item is not None:
                self._maybe_review(recorded.item)

        self.jobs.submit(
            lambda: results.record(self.desk, self.session, patient, found),
            done,
            self._failed,
            Lane.STORE,
        )

    def save_refusal(self) -> str:
        """Why the form cannot be saved now; "" when it can."""
        state = self.state.entry
        if state is None:
            return tr("Select a row first.")
        if self.only_reads:
            return self.only_reads
        if state.is_unchanged:
            return "" if self.may_treat else tr("A prescriber reads results.")
        return state.problem

    def settle(self, told: str) -> None:
        """Close the item shown; ``told`` says who was told and what was agreed."""
        shown = self.state.review
        if shown is None:
            return

        def done(_: None) -> None:
            self._set(review=None, note="", told=tr("Settled. The item is closed."))
            self.settled.emit(shown.consultation)
            self._after()

        def failed(error: Exception) -> None:
            self._failed(error)
            self._maybe_review(shown.consultation)  # what came in meanwhile is listed

        self.jobs.submit(
            lambda: results.settle(self.desk, self.session, shown.consultation, told, shown.asked),
            done,
            failed,
            Lane.STORE,
        )

    def void(self, pin: str) -> None:
        """Sign the void notice of the prescription that the item offers; the PIN signs it."""
        shown = self.state.review
        if shown is None or shown.document is None:
            return
        document = shown.document

        reason = void.EndReason("result_after_signing")

        def done(answer: void.VoidAnswer) -> None:
            if not isinstance(answer, void.Voided):
                self._set(note=voiding.refused(answer))
                return
            self._set(note=words.voided(shown.prescription, answer))
            self._maybe_review(shown.consultation)

        self.jobs.submit(
            lambda: voiding.make_void(self.desk, self.session, document, reason, pin),
            done,
            self._failed,
            Lane.STORE,
        )

    @property
    def no_calendar(self) -> str:
        """Why no calendar file is written now; "" when it is."""
        refused = roles.refusal(self.session, Permission.EXPORT)
        return refused or ("" if self.state.selected is not None else tr("Nothing is selected."))

    def export_calendar(self) -> None:
        """Write the selected patient's plan as a calendar file into the outbox."""
        row = self.state.selected
        if row is None:
            return
        self.jobs.submit(
            lambda: plan_calendar.export(self.desk, self.session, row.patient),
            lambda path: self._set(told=tr("{name} was written to the outbox.", name=path.name)),
            self._failed,
            Lane.STORE,
        )

    def dismiss(self) -> None:
        """The message was read."""
        self._set(problem=None)

    # -- inside

    def _want(self, wanted: DueFilter) -> None:
        self._set(wanted=wanted)
        self.load()

    def _show(self, page: BoardPage) -> None:
        before = self.state.selected
        self._views.clear()
        keys = {key_of(row): at for at, row in enumerate(page.rows)}
        at = keys.get(key_of(before), -1) if before is not None else -1
        lost = before is not None and at < 0
        if at < 0 and page.rows:
            # Where the selection stood, so that the next one is under the same key press.
            at = min(max(self.state.index, 0), len(page.rows) - 1)
        self._set(
            rows=page.rows,
            counts=tuple(sorted(page.counts.items())),
            index=at,
            loaded=True,
            refreshed=wording.clock(self.desk.clock.now(), self._zone),
        )
        row = self.state.selected
        if row is None:
            self._filled = None
            self._set(entry=None)
            return
        filled = None if lost else self._filled
        if filled is None or (filled.row != key_of(row) and not filled.touched):
            self._open(row.patient, lambda known: self._blank(row, known))

    def _after(self) -> None:
        self._filled = None
        self.load()

    def _open(self, patient: PatientId, then: Callable[[PatientResults], None]) -> None:
        self.jobs.submit(
            lambda: results.known(self.desk, self.session, patient),
            then,
            self._failed,
            Lane.READ,
            "labs.history",
        )

    def _blank(self, row: DueRow, known: PatientResults) -> None:
        if self.state.selected != row:
            return
        self._known = known
        catalogue = self.desk.catalogue
        wanted = tuple(id for id in row.tests if id in catalogue.tests)
        first = wanted[0] if wanted else "alt"
        first = (catalogue.tests[first].contains or (first,))[0]
        test = catalogue.tests[first]
        from_one = next((r for r in reversed(known.results) if r.laboratory), None)
        filled = Filled(
            patient=row.patient,
            row=key_of(row),
            title=words.name(row),
            about=tr(
                "Born {day} \u00b7 {groups_of_three}",
                day=wording.day(row.born),
                groups_of_three=wording.groups_of_three(row.external_id),
            ),
            wanted=wanted,
            role=row.role,
            test=first,
            unit=test.unit or "",
            laboratory=(from_one.laboratory or "") if from_one is not None else "",
        )
        stored = next((r for r in known.results if r.id == row.result), None)
        self._filled = filled if stored is None else entry.of_result(filled, stored)
        self._render_entry()

    def _render_entry(self) -> None:
        filled, known = self._filled, self._known
        if filled is None or known is None:
            return
        self._set(
            entry=entry.shown(
                filled,
                self.desk.catalogue,
                known.results,
                self.today(),
                self.session.user.id,
                self.desk.clock.now(),
                is_open=known.open is not None,
                on_medicine=known.on_medicine,
            )
        )

    def _mark_read(self, row: DueRow) -> None:
        result = row.result
        if result is None:
            return

        def done(_: None) -> None:
            self._set(note="", told=tr("Read."))
            self._after()

        self.jobs.submit(
            lambda: results.mark_read(self.desk, self.session, row.patient, result),
            done,
            self._failed,
            Lane.STORE,
        )

    def _maybe_review(self, item: ConsultationId) -> None:
        def done(found: Review | None) -> None:
            if found is not None:
                self._set(review=self._reviewed(found))

        self.jobs.submit(
            lambda: results.review(self.desk, self.session, item),
            done,
            self._failed,
            Lane.READ,
            "labs.review",
        )

    def _reviewed(self, found: Review) -> ReviewView:
        clinic = found.clinic
        tests = self.desk.catalogue.tests
        pressing = [one for one in found.asked if one.level is not None]
        worst = pressing[0].action if pressing else ""
        offer = found.void
        return ReviewView(
            consultation=found.consultation.id,
            title=f"{words.LEVELS[found.level]}: {found.consultation.patient.display_name}",
            lines=tuple(words.judged(one, tests[one.result.test]) for one in pressing),
            document=None if offer is None else offer.document.id,
            prescription="" if offer is None else offer.document.number,
            until="" if offer is None else wording.day(offer.until),
            pharmacy="" if offer is None else words.pharmacy(offer.pharmacy),
            message=words.patient_message(clinic.name, clinic.phone, worst)
            if offer is not None
            else "",
            needs_contact=found.needs_contact,
            asked=tuple(one.result.id for one in found.asked),
        )

    def _failed(self, error: Exception) -> None:
        self._set(problem=wording.message_for(expected(error)))
