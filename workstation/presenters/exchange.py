"""Annotations of the open consultation out to a file and back in, as one undo step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workstation.domain.errors import WorkstationError
from workstation.domain.exchange import Exchanged, merge
from workstation.presenters import reading_words, wording
from workstation.presenters.case import CaseFile
from workstation.presenters.exchange_dicom import DicomOut
from workstation.presenters.jobs import Lane, expected
from workstation.presenters.observable import Event
from workstation.workflow import exchange


class ExchangePresenter:
    """Files of the open consultation.

    ``told`` says what was done, ``took`` what was taken and can be undone, ``refused`` why not.
    """

    def __init__(self, case: CaseFile) -> None:
        self.case = case
        self.told: Event[str] = Event()
        self.took: Event[str] = Event()
        self.refused: Event[wording.Problem] = Event()
        self.dicom = DicomOut(case, self.told, self._failed())

    def write(self, form: str) -> None:
        """Write everything drawn into the outbox, as ``coco``, ``csv`` or ``fhir``."""
        state = self.case.state
        if state is None:
            return
        desk, session, id = self.case.desk, self.case.session, state.consultation.id

        def done(made: tuple[int, str]) -> None:
            self.told.emit(reading_words.exported(*made))

        # On the writer lane: what was drawn a moment ago is in the store before it is read.
        self.case.jobs.submit(
            lambda: exchange.write_out(desk, session, id, form), done, self._failed(), Lane.STORE
        )

    def read(self, path: Path) -> None:
        """Take a file's annotations as one undo step; a refused file changes nothing."""
        state = self.case.state
        if state is None:
            return
        desk, session, generation = self.case.desk, self.case.session, state.generation

        def done(given: Exchanged) -> None:
            now = self.case.state
            if now is None or now.generation != generation:
                return
            try:
                puts = merge(now.draft, now.consultation.photos, given)
            except WorkstationError as error:
                self.refused.emit(wording.message(error.code))
                return
            edit = self.case.put(exchange.LABEL, puts)
            if edit is None:
                self.told.emit(reading_words.imported(0))
            else:
                self.took.emit(reading_words.imported(len(edit.changes)))

        self.case.jobs.submit(
            lambda: exchange.read_in(desk, session, path), done, self._failed(), Lane.READ
        )

    def _failed(self) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            self.refused.emit(wording.message(expected(error).code))

        return failed
