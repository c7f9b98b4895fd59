"""The annotated photo sheet of the open consultation, for paper or as a file of the outbox."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.pixels import Pixels
from workstation.presenters import reading_words, wording
from workstation.presenters.case import CaseFile
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.workflow import leaflets
from workstation.workflow.ports.pages import ON_PAPER
from workstation.workflow.seal import Preview


class PhotoSheetPresenter:
    """Makes the sheet from the store, where what was drawn a moment ago already is.

    ``told`` says what was done or why not.
    """

    def __init__(self, case: CaseFile) -> None:
        self.case = case
        self.told: Event[str] = Event()

    def pages(self, done: Callable[[str, tuple[Pixels, ...]], None]) -> None:
        """(number, pages) for paper; that it was made is audited."""
        state = self.case.state
        if state is None:
            return
        desk, session, id = self.case.desk, self.case.session, state.consultation.id
        jobs = self.case.jobs

        def made(sheet: Preview) -> None:
            # Drawn elsewhere: eight pages for paper would keep the next edit from being stored.
            jobs.submit(
                lambda: desk.renderer.pages(sheet.pdf, ON_PAPER),
                lambda pages: done(sheet.document.number, pages),
                self._failed,
                Lane.WORK,
            )

        jobs.submit(lambda: leaflets.photo_sheet(desk, session, id), made, self._failed, Lane.STORE)

    def write(self) -> None:
        """Write the sheet into the outbox; ``told`` says under which name."""
        state = self.case.state
        if state is None:
            return
        desk, session, id = self.case.desk, self.case.session, state.consultation.id

        def work() -> str:
            sheet = leaflets.photo_sheet(desk, session, id)
            return desk.outbox.write(sheet.document.number, sheet.pdf).name

        self.case.jobs.submit(
            work,
            lambda name: self.told.emit(reading_words.written(name)),
            self._failed,
            Lane.STORE,
        )

    def _failed(self, error: Exception) -> None:
        said = wording.message_for(expected(error))
        self.told.emit(said.line)
