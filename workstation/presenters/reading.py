"""An open second reading: the consultation's photos, the reader's own annotations, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workstation.domain.draft import Draft, Edit, History, Item, Key
from workstation.domain.errors import WorkstationError
from workstation.domain.ids import ConsultationId
from workstation.domain.second_read import DRAWN, SecondRead, done_again, taken_back
from workstation.language import noted, tr
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState, Happened
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event
from workstation.workflow import second_read
from workstation.workflow.appraisal import appraise
from workstation.workflow.desk import Desk, Session
from workstation.workflow.second_read import Blind

NOT_DRAWN = noted(
    "A second reading holds annotations and the photo\u2019s scale. Zones are the first reader\u2019s."
)


class ReadingCase(CaseFile):
    """A reading in the place of the open consultation, so that photo, tools and keys are the same.

    It claims nothing and writes nothing but its own journal. ``refused`` says in words what is not
    part of a reading; ``finished`` carries the consultation whose reading was closed.
    """

    def __init__(self, desk: Desk, session: Session, jobs: Jobs) -> None:
        super().__init__(desk, session, jobs)
        self.refused: Event[str] = Event()
        self.finished: Event[ConsultationId] = Event()
        self.read: SecondRead | None = None

    # -- opening and closing

    def open(self, id: ConsultationId) -> None:
        """Go on with this reader's open reading of a consultation, or start another one."""
        self.close()
        self._begin_anew()
        self._wanted = id
        generation = self._generation

        def work() -> tuple[Blind, CaseState]:
            begun = second_read.begin(self.desk, self.session, id)
            self._clinic = self._read_clinic()
            return begun, self._state(generation, begun)

        def done(found: tuple[Blind, CaseState]) -> None:
            if generation == self._generation:
                begun, self.state = found
                self.read = begun.read
                self._tell(Happened.OPENED)

        self.jobs.submit(work, done, self._not_opened(generation), Lane.STORE)

    def close(self) -> None:
        """Leave the reading, or what is to become one; it stays open and goes on where it was left."""
        there = self.state is not None or self._wanted is not None
        self.state, self._wanted, self.read = None, None, None
        self._begin_anew()
        if there:
            self._tell(Happened.CLOSED)

    def forget(self) -> None:
        """Leave the reading."""
        self.close()

    def renew(self) -> None:
        """Nothing is claimed."""

    def look_again(self, then: Callable[[], None] | None = None) -> None:
        """A reading is of the photos alone; what else arrives does not change it."""

    def finish(self) -> None:
        """Close the reading for good; told by ``finished`` when it is durable."""
        state, read = self.state, self.read
        if state is None or read is None:
            return
        generation, id = self._generation, state.consultation.id

        def done(_: SecondRead) -> None:
            if generation == self._generation:
                self.close()
                self.finished.emit(id)

        self.jobs.submit(
            lambda: second_read.finish(self.desk, self.session, read),
            done,
            self._failed(generation),
            Lane.STORE,
        )

    # -- editing

    def put(self, label: str, puts: Iterable[tuple[Key, Item | None]]) -> Edit | None:
        """Make keys hold items as one undo step, where a second reader may."""
        wanted = tuple(puts)
        if not {key.kind for key, _ in wanted} <= DRAWN:
            self.refused.emit(tr(NOT_DRAWN))
            return None
        return super().put(label, wanted)

    def do(self, edit: Edit) -> None:
        """Apply one finished edit: shown now, durable in order."""
        self._journal(self._open().history.do(edit), edit)

    def undo(self) -> None:
        """Take the last edit back; that is journalled as an edit of its own."""
        history = self._open().history
        if history.past:
            edit = taken_back(history, self.session.user.id, self.desk.clock.now())
            self._journal(history.undo(), edit)

    def redo(self) -> None:
        """Apply the last undone edit again."""
        history = self._open().history
        if history.future:
            edit = done_again(history, self.session.user.id, self.desk.clock.now())
            self._journal(history.redo(), edit)

    # -- inside

    def _journal(self, history: History, edit: Edit) -> None:
        read = self.read
        if read is None:
            raise WorkstationError("case.none_open")
        self.read = read.after(edit)
        self._step(history, edit)
        self._save(lambda: len(second_read.commit(self.desk, self.session, read, edit).edits))

    def _state(self, generation: int, begun: Blind) -> CaseState:
        history = begun.read.history
        return CaseState(
            generation,
            begun.consultation,
            (),
            0,
            history,
            len(begun.read.edits),
            appraise(begun.consultation, history.draft, (), self.situation()),
            0,
            None,
        )


class SeenCase(CaseFile):
    """A consultation that can be looked at and not changed; ``refused`` says so in words."""

    def __init__(self, desk: Desk, session: Session, jobs: Jobs) -> None:
        super().__init__(desk, session, jobs)
        self.refused: Event[str] = Event()

    def read_clinic(self) -> None:
        """Read the clinic, on a lane, before anything is shown."""
        self._clinic = self._read_clinic()

    def show(self, state: Callable[[int], CaseState] | None) -> None:
        """Show what ``state`` makes for the next generation; None for nothing."""
        self._begin_anew()
        before = self.state
        self.state = state(self._generation) if state is not None else None
        if self.state is not None:
            self._tell(Happened.OPENED)
        elif before is not None:
            self._tell(Happened.CLOSED)

    def close(self) -> None:
        """Show nothing."""
        self.show(None)

    def put(self, label: str, puts: Iterable[tuple[Key, Item | None]]) -> Edit | None:
        """Nothing is changed here."""
        self.refused.emit(tr("Nothing can be changed here: these are finished readings."))
        return None

    def undo(self) -> None:
        """Nothing is changed here."""

    redo = renew = undo

    def look_again(self, then: Callable[[], None] | None = None) -> None:
        """What arrives changes nothing here."""


def seen(
    case: CaseFile, compared: second_read.Compared, draft: Draft, generation: int
) -> CaseState:
    """One of two compared readings as an open consultation would be."""
    consultation = compared.consultation
    history = History.of(draft)
    appraisal = appraise(consultation, draft, (), case.situation())
    return CaseState(generation, consultation, (), 0, history, 0, appraisal, 0, None)
