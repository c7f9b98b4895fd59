"""The open consultation that all steps share: edits show at once and are made durable in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from workstation.domain.accounts import ClinicProfile
from workstation.domain.consultation import Consultation, ContactTry
from workstation.domain.draft import Draft, Edit, History, Item, ItemKind, Key, Reason
from workstation.domain.errors import WorkstationError
from workstation.domain.identity import IdentityDoubt, Settled
from workstation.domain.ids import ConsultationId
from workstation.domain.rems_checklist import RemsEntry
from workstation.domain.results import LabResult
from workstation.domain.stock import ALL_MARKETED
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.in_turn import InTurn
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.unsaved import Unsaved
from workstation.workflow import assess, identity, queue, stock
from workstation.workflow import versions as later
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session
from workstation.workflow.queue import Claimed, Gone, HeldBy
from workstation.workflow.settings import CLINIC

NOT_SAVED = "draft.not_saved"  # what was edited last in a consultation that was left


class CaseFile:
    """Holds the one open consultation. All verbs are called on the UI thread."""

    def __init__(self, desk: Desk, session: Session, jobs: Jobs) -> None:
        self.desk = desk
        self.session = session
        self.jobs = jobs
        self.in_turn: Jobs = InTurn(
            jobs
        )  # for what is looked at now and then; wired as one for all
        self.changed: Event[CaseChange] = Event()
        self.state: CaseState | None = None
        self._generation = 0
        self._unsaved = Unsaved()
        self._wanted: ConsultationId | None = None  # what is open, or being opened
        self._clinic: ClinicProfile | None = None
        self._stock = ALL_MARKETED

    def situation(
        self, reasons: tuple[Reason, ...] = (), entries: tuple[RemsEntry, ...] = ()
    ) -> Situation:
        """What appraisals depend on, now; reasons and REMS entries are those of earlier visits.

        The clinic and its stock list are read once with each opened consultation, so that edits read no database.
        """
        if self._clinic is None:
            self._clinic = self._read_clinic()
        return Situation(
            self.desk.catalogue,
            self.session.user,
            self._clinic,
            self.desk.clock.now(),
            self.desk.clock.today(),
            reasons,
            entries,
            self._stock,
        )

    # -- opening and closing

    @property
    def opening(self) -> bool:
        """Whether a consultation was asked for and is not there yet."""
        return self.state is None and self._wanted is not None

    def open(self, id: ConsultationId) -> None:
        """Claim and load a consultation; the one open before is released first."""
        self.close()
        self._begin_anew()
        self._wanted = id
        generation = self._generation

        def work() -> CaseState | HeldBy | Gone:
            answer = queue.claim(self.desk, self.session, id)
            if not isinstance(answer, Claimed):
                return answer
            try:
                loaded = self._loaded(generation, id, answer.claim.token)
                return replace(loaded, recovered=_since(loaded.history, answer.left_open))
            except Exception:  # whatever it was: nobody holds what nobody sees; raised again
                queue.release(self.desk, self.session, id, answer.claim.token)
                raise

        def done(answer: CaseState | HeldBy | Gone) -> None:
            if generation != self._generation:
                if isinstance(answer, CaseState) and self._wanted != id:
                    self._release(answer)  # claimed for a screen that has moved on
                return
            match answer:
                case CaseState():
                    self.state = answer
                    self._tell(Happened.OPENED)
                case HeldBy(name=name):
                    self._wanted = None
                    self._tell(Happened.HELD, problem="consultation.held", detail=name)
                case Gone():
                    self._wanted = None
                    self._tell(Happened.HELD, problem="consultation.gone")

        # Without a key: a dropped job could not give back what an earlier one had claimed.
        self.jobs.submit(work, done, self._not_opened(generation), Lane.STORE)

    def close(self) -> None:
        """Release the open consultation, or give up the one being opened; its draft is kept."""
        state, self.state = self.state, None
        if state is None and self._wanted is None:
            return
        self._wanted = None
        self.save_again()  # before it is given back; what is lost for good is told
        self._begin_anew()
        if state is None:
            return
        self._release(state)
        self._tell(Happened.CLOSED)

    def forget(self) -> None:
        """Drop the open consultation without releasing (it was signed and is closed)."""
        self.state = None
        self._wanted = None
        self._begin_anew()
        self._tell(Happened.CLOSED)

    def renew(self) -> None:
        """Extend the claim; called by a timer while a consultation is open."""
        state = self.state
        if state is None:
            return
        generation = state.generation

        def done(kept: bool) -> None:
            if not kept and generation == self._generation:
                self._tell(Happened.FAILED, problem="consultation.claim.lost")

        self.jobs.submit(
            lambda: queue.renew(self.desk, self.session, state.consultation.id, state.token),
            done,
            self._failed(generation),
            Lane.STORE,
            "case.renew",
        )

    # -- editing

    def put(self, label: str, puts: Iterable[tuple[Key, Item | None]]) -> Edit | None:
        """Make keys hold items (``None`` removes) as one undo step; None when nothing changes."""
        state = self._open()
        edit = state.draft.put(label, puts, self.session.user.id, self.desk.clock.now())
        if not edit.changes:
            return None
        self.do(edit)
        return edit

    def put_one(self, label: str, kind: ItemKind, name: str, item: Item | None) -> Edit | None:
        """Make one key hold an item as one undo step."""
        return self.put(label, ((Key.of(kind, name), item),))

    def do(self, edit: Edit) -> None:
        """Apply one finished edit: shown now, durable in order."""
        state = self._open()
        revision = state.revision
        self._step(state.history.do(edit), edit)
        self._save(
            lambda: assess.commit_edit(
                self.desk, self.session, state.consultation.id, state.token, revision, edit
            )
        )

    def undo(self) -> None:
        """Take the last edit back."""
        state = self._open()
        if state.history.past:
            edit = state.history.past[-1].reversed()
            self._move(state, state.history.undo(), edit, -1)

    def redo(self) -> None:
        """Apply the last undone edit again."""
        state = self._open()
        if state.history.future:
            self._move(state, state.history.redo(), state.history.future[0], 1)

    def record_result(self, result: LabResult) -> None:
        """Record a result; shown when durable."""
        state = self._open()
        self._replace_consultation(
            state,
            lambda: assess.record_result(
                self.desk, self.session, state.consultation.id, state.token, result
            ),
        )

    def record_contact(self, contact: ContactTry) -> None:
        """Record a try to reach the patient; shown when durable."""
        state = self._open()
        self._replace_consultation(
            state,
            lambda: assess.record_contact(self.desk, self.session, state.consultation.id, contact),
        )

    def settle_identity(self, doubt: IdentityDoubt, found: Settled) -> None:
        """Say whom the consultation is about; shown when durable."""
        state = self._open()
        self._replace_consultation(
            state,
            lambda: identity.settle(self.desk, self.session, state.consultation.id, doubt, found),
        )

    def take_back_identity(self) -> None:
        """Put in doubt again whom the consultation is about; shown when durable."""
        state = self._open()
        self._replace_consultation(
            state, lambda: identity.take_back(self.desk, self.session, state.consultation.id)
        )

    def look_again(self, then: Callable[[], None] | None = None) -> None:
        """Take over results that came in meanwhile, and since when a red flag is known.

        Told as RESULT, so that a step which rests on them closes and points to the line; ``then``
        is called after it, whatever came of it.
        """
        state = self.state
        if state is None:
            return
        generation, id = state.generation, state.consultation.id

        def done(found: Consultation | None) -> None:
            take_over(found)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            self._failed(generation)(error)
            if then is not None:
                then()

        def take_over(found: Consultation | None) -> None:
            now = self.state
            if now is None or found is None or generation != now.generation:
                return
            mine = now.consultation
            if (found.results, found.raised_at) != (mine.results, mine.raised_at):
                known = replace(
                    mine,
                    results=found.results,
                    raised_at=found.raised_at,
                    level_shown=found.level_shown,
                )
                self._take_over(known)

        self.in_turn.submit(
            lambda: queue.look(self.desk, self.session, id),
            done,
            failed,
            Lane.READ,
            "case.look_again" if then is None else None,  # whoever waits for it is not left out
        )

    def refresh(self) -> None:
        """Appraise again (the day or a setting changed)."""
        state = self._open()
        self._clinic = self._read_clinic()
        self._take_over(state.consultation)

    def look_for_news(self) -> None:
        """Take over what the sender sent again: answers, photos and results, never the draft."""
        state = self.state
        if state is None:
            return
        generation, known = state.generation, len(state.versions)

        def done(news: later.News | None) -> None:
            now = self.state
            if news is None or now is None or generation != now.generation:
                return
            self._take_over(news.consultation, versions=news.versions)

        self.in_turn.submit(
            lambda: later.news(self.desk, self.session, state.consultation.id, state.token, known),
            done,
            self._failed(generation),
            Lane.READ,
            "case.news",
        )

    def news_seen(self, id: ConsultationId, up_to: int) -> None:
        """What differs in the versions up to number ``up_to`` was seen by this user."""
        state = self.state
        if state is None or state.consultation.id != id:
            return
        by, at = self.session.user.id, self.desk.clock.now()
        seen = tuple(
            v if v.seen_by is not None or v.number > up_to else replace(v, seen_by=by, seen_at=at)
            for v in state.versions
        )
        left = sum(v.seen_by is None and bool(v.differences) for v in seen)
        self._take_over(replace(state.consultation, unseen=left), versions=seen)

    # -- inside

    def _loaded(self, generation: int, id: ConsultationId, token: int) -> CaseState:
        case = assess.open_case(self.desk, self.session, id, token)
        self._clinic = self._read_clinic()
        situation = self.situation(case.earlier_reasons, case.earlier.entries)
        return CaseState(
            generation,
            case.consultation,
            case.past,
            case.token,
            case.history,
            case.revision,
            appraise(case.consultation, case.history.draft, case.past, situation),
            0,
            None,
            case.earlier,
            case.versions,
        )

    def _begin_anew(self) -> None:
        self._generation += 1
        self._unsaved = Unsaved()

    def _release(self, state: CaseState) -> None:
        self.jobs.submit(
            lambda: queue.release(self.desk, self.session, state.consultation.id, state.token),
            lambda _: None,
            lambda _: None,
            Lane.STORE,
        )

    def _read_clinic(self) -> ClinicProfile:
        with self.desk.store.reading() as unit:
            self._stock = stock.in_clinic(unit.settings(CLINIC))
            return unit.clinic()

    @property
    def present(self) -> CaseState:
        """The open consultation, for verbs: they are offered while there is one."""
        assert self.state is not None, "verbs are offered on an open consultation only"
        return self.state

    @property
    def clinic(self) -> ClinicProfile:
        """The clinic as read with the open consultation."""
        return self.situation().clinic

    def _open(self) -> CaseState:
        if self.state is None:
            raise WorkstationError("case.none_open")
        return self.state

    def _appraise(self, consultation: Consultation, draft: Draft) -> Appraisal:
        state = self._open()
        situation = self.situation(state.earlier_reasons, state.earlier.entries)
        return appraise(consultation, draft, state.past, situation)

    def _take_over(self, consultation: Consultation, **also: Any) -> None:
        """What is known of the consultation now, under the draft as it stands."""
        state = self._open()
        appraisal = self._appraise(consultation, state.draft)
        self.state = replace(state, consultation=consultation, appraisal=appraisal, **also)
        self._tell(Happened.RESULT)

    def _step(self, history: History, edit: Edit) -> None:
        state = self._open()
        self.state = replace(
            state,
            history=history,
            revision=state.revision + 1,
            appraisal=self._appraise(state.consultation, history.draft),
            unsaved=state.unsaved + 1,
        )
        self._tell(Happened.EDITED)

    def _move(self, state: CaseState, history: History, edit: Edit, step: int) -> None:
        revision = state.revision
        self._step(history, edit)
        self._save(
            lambda: assess.move_cursor(
                self.desk, self.session, state.consultation.id, state.token, revision, step
            )
        )

    def _save(self, work: Callable[[], int]) -> None:
        generation, unsaved = self._generation, self._unsaved
        told = self._failed(generation, NOT_SAVED)
        unsaved.add(work)

        def done(written: bool) -> None:
            if written:
                self._written(generation, unsaved, 1)

        def failed(error: Exception) -> None:
            if not unsaved.stalled:
                unsaved.drop()  # refused for good: another try would say the same
            told(error)

        if unsaved.stalled or unsaved.trying:
            self.save_again()
        else:
            self.jobs.submit(lambda: unsaved.run(work), done, failed, Lane.STORE)

    def save_again(self) -> None:
        """Write what could not be written before, if anything: the disk may have room again."""
        generation, unsaved = self._generation, self._unsaved
        if unsaved.trying or not unsaved.stalled:
            return
        told = self._failed(generation, NOT_SAVED)

        def attempt() -> None:
            works = unsaved.works
            self.jobs.submit(lambda: unsaved.run_again(works), done, told, Lane.STORE)

        def done(outcome: tuple[int, WorkstationError | None]) -> None:
            number, stopped = outcome
            self._written(generation, unsaved, number)
            if stopped is None and unsaved.works:
                attempt()  # what was edited meanwhile
                return
            unsaved.trying = False
            if stopped is not None:
                if not unsaved.stalled:
                    unsaved.drop()
                told(stopped)

        unsaved.trying = True
        attempt()

    @property
    def waits_to_save(self) -> bool:
        """Whether edits are kept in memory alone, because they could not be written."""
        return self._unsaved.stalled

    def _written(self, generation: int, unsaved: Unsaved, number: int) -> None:
        unsaved.drop(number)
        state = self.state
        if state is None or generation != self._generation or not number:
            return
        left = state.unsaved - number
        self.state = replace(state, unsaved=left, saved_at=self.desk.clock.now())
        if left == 0:
            self._tell(Happened.SAVED)

    def _replace_consultation(
        self, state: CaseState, work: Callable[[], Consultation | None]
    ) -> None:
        generation = state.generation

        def done(consultation: Consultation | None) -> None:
            now = self.state
            if now is None or consultation is None or generation != now.generation:
                return
            self._take_over(consultation, saved_at=self.desk.clock.now())

        self.jobs.submit(work, done, self._failed(generation, NOT_SAVED), Lane.STORE)

    def _failed(self, generation: int, left: str = "") -> Callable[[Exception], None]:
        """How a failed job is told; ``left`` is the code once the consultation was left."""

        def failed(error: Exception) -> None:
            current = generation == self._generation
            if not current and not left:
                return
            error = expected(error)
            self._tell(Happened.FAILED, problem=error.code if current else left)

        return failed

    def _not_opened(self, generation: int) -> Callable[[Exception], None]:
        told = self._failed(generation)

        def failed(error: Exception) -> None:
            if generation == self._generation:
                self._wanted = None
            told(error)

        return failed

    def _tell(self, happened: Happened, problem: str = "", detail: str = "") -> None:
        self.changed.emit(CaseChange(happened, self.state, problem, detail))


def _since(history: History, left_open: datetime | None) -> int:
    if left_open is None:
        return 0
    return sum(edit.at >= left_open for edit in history.past)
