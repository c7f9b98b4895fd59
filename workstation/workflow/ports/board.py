"""What the Labs board and results after signing need of a store, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from workstation.domain.board import BoardRow, Reading
from workstation.domain.consultation import Delivery, RequestKind, Status
from workstation.domain.ids import ConsultationId, PatientId, ResultId, UserId
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.results import LabResult

SOON = 14  # days ahead that the board calls "due": how its list is cut, nothing clinical


@dataclass(frozen=True, slots=True)
class DueFilter:
    """Which rows of the board: empty sets mean no limit; ``mine`` those whose plan this user signed."""

    states: frozenset[str] = frozenset()  # read | overdue | open | due | later
    groups: frozenset[str] = frozenset()  # pregnancy | blood | after
    mine: bool = False
    text: str = ""
    limit: int = 20_000


@dataclass(frozen=True, slots=True)
class DueRow:
    """One row of the board with the person it is about, without loading a consultation.

    ``consultation`` is their newest one with a photo ("" when there is none). ``readings`` are
    earlier values, oldest first.
    """

    patient: PatientId
    position: int
    consultation: ConsultationId
    family: str
    given: str
    born: date
    sex: str
    external_id: str
    state: str
    lane: str
    role: str
    tests: tuple[str, ...]
    due: date
    first: date
    last: date
    result: ResultId | None
    readings: Sequence[Reading]
    start: date | None
    last_dose: date | None


@dataclass(frozen=True, slots=True)
class SignedPlan:
    """The plan as it was signed, by whom and with which consultation."""

    plan: MonitoringPlan
    consultation: ConsultationId
    signer: UserId
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenOne:
    """A consultation of a patient that is not closed."""

    id: ConsultationId
    request: RequestKind
    status: Status
    is_held: bool


@dataclass(frozen=True, slots=True)
class ReceivedResults:
    """Results that came on their own, before they are matched to a patient.

    A patient is matched by ``record_number`` and ``born`` together. ``left_out`` names lines that
    no test of the content answers to. ``corrections`` are ids of results sent as corrected.
    """

    source: Delivery
    record_number: str
    born: date
    results: tuple[LabResult, ...]
    corrections: frozenset[ResultId]
    left_out: tuple[str, ...]


class BoardReading(Protocol):
    """What is read of the board."""

    def page(self, wanted: DueFilter, user: UserId, today: date) -> tuple[DueRow, ...]:
        """Rows by state, then day, then name."""
        ...

    def counts(self, user: UserId, today: date) -> dict[str, int]:
        """Counts by ``state:x``, ``group:x``, ``mine`` and ``all``."""
        ...

    def plan_of(self, patient: PatientId) -> SignedPlan | None:
        """The newest signed plan of a patient."""
        ...

    def results_of(self, patient: PatientId) -> tuple[LabResult, ...]:
        """Every result of a patient, in the order they were recorded."""
        ...

    def unread_of(self, patient: PatientId) -> tuple[ResultId, ...]:
        """Results of a patient that nobody has read."""
        ...

    def patients_by_record(self, record_number: str, born: date) -> tuple[PatientId, ...]:
        """Patients with that record number and that birth date."""
        ...

    def newest(self, patient: PatientId) -> ConsultationId | None:
        """The newest consultation that the patient sent."""
        ...

    def open_of(self, patient: PatientId) -> tuple[OpenOne, ...]:
        """Consultations of the patient that are not closed, newest first."""
        ...

    def message(self, system: str, external_id: str) -> tuple[str, PatientId] | None:
        """(digest, patient) of a message of results received under a sender's identifier."""
        ...


class BoardWriting(BoardReading, Protocol):
    """What is written of the board."""

    def keep_plan(self, patient: PatientId, signed: SignedPlan) -> None:
        """Keep a plan as signed."""
        ...

    def put(self, patient: PatientId, rows: Sequence[BoardRow]) -> None:
        """Replace the rows of a patient."""
        ...

    def set_unread(self, patient: PatientId, result: ResultId) -> None:
        """A result has come in that somebody has to read."""
        ...

    def set_read(self, results: Sequence[ResultId]) -> None:
        """These results were read."""
        ...

    def note_message(self, source: Delivery, patient: PatientId, at: datetime) -> None:
        """Remember a message, so that the same one has no effect again."""
        ...
