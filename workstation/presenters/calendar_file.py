"""The signed plan as a calendar file, from Treat and after signing; no title names a patient."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.ids import PatientId
from workstation.language import noted, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters.case import CaseFile
from workstation.presenters.jobs import Lane, expected
from workstation.workflow import plan_calendar

WRITTEN = noted("{name} was written to the outbox. Its titles name nobody.")


class CalendarFile:
    """Writes it on the STORE lane; ``said`` gets the sentence about what came of it."""

    def __init__(self, case: CaseFile, said: Callable[[str], None]) -> None:
        self._case, self._said = case, said

    def of_open(self) -> None:
        """For the patient of the open consultation: the newest plan that was signed."""
        state = self._case.state
        if state is not None:
            self.write(state.consultation.patient.id)

    def write(self, patient: PatientId) -> None:
        """For one patient."""
        desk, session = self._case.desk, self._case.session

        def failed(error: Exception) -> None:
            self._said(words.problem(expected(error).code))

        self._case.jobs.submit(
            lambda: plan_calendar.export(desk, session, patient),
            lambda path: self._said(tr(WRITTEN, name=path.name)),
            failed,
            Lane.STORE,
        )
