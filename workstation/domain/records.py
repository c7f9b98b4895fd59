"""Rows of the records page: signed sittings as they are listed, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workstation.domain.documents import DocumentState, SignedDocument
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.patient import Sex


@dataclass(frozen=True, slots=True)
class RecordsFilter:
    """``text``: part of a name, patient number, document number or page code; no state is all.

    ``limit`` is the most documents that are read.
    """

    text: str
    state: DocumentState | None
    limit: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One signed document with whose it is and where it stands."""

    document: SignedDocument
    sitting: int
    state: DocumentState
    patient: PatientId
    family: str
    given: str
    born: date
    sex: Sex
    external_id: str
    doctor: str  # initials

    @property
    def sitting_key(self) -> tuple[ConsultationId, int]:
        """Documents signed with one PIN entry share this."""
        return self.document.consultation, self.sitting

    @property
    def signed_at(self) -> datetime:
        """When it was signed."""
        return self.document.signed_at
