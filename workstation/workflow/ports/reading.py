"""One consistent state of the store, as it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.audit import Entry
from workstation.domain.consultation import (
    Consultation,
    ContactTry,
    PastVisit,
    QueueRow,
    RequestKind,
    Status,
)
from workstation.domain.documents import Amendment, DocumentEnd, SignedDocument
from workstation.domain.draft import Edit, History
from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId
from workstation.domain.records import RecordRow, RecordsFilter
from workstation.domain.second_read import SecondRead
from workstation.domain.trust import Anchor, DocumentStamp, Revocation
from workstation.domain.versions import Version
from workstation.workflow.ports.board import BoardWriting
from workstation.workflow.ports.identity import Identities
from workstation.workflow.ports.person import Erasing


@dataclass(frozen=True, slots=True)
class Appraised:
    """What the queue shows of a consultation, stored so that a page needs no evaluation."""

    level: int
    flag_codes: tuple[str, ...]
    deadline: datetime
    stands_out: str
    stands_out_level: str
    severity: str
    severity_source: str
    raised_at: datetime | None = None  # since when a level above what came in stands


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which rows: ``scope`` mine (unclaimed or mine), all, others; empty sets mean no limit.

    Without ``statuses`` the closed and withdrawn ones are left out.
    """

    scope: str = "mine"
    levels: frozenset[int] = frozenset()
    statuses: frozenset[Status] = frozenset()
    requests: frozenset[RequestKind] = frozenset()
    text: str = ""
    limit: int = 500


class ReadUnit(Protocol):
    """One consistent view of the store."""

    @property
    def board(self) -> BoardWriting:
        """The Labs board; a read unit refuses to write."""
        ...

    @property
    def erasing(self) -> Erasing:
        """The one way to take away what only grows; a read unit refuses to write."""
        ...

    @property
    def identity(self) -> Identities:
        """Who somebody is, and what is in doubt about it; a read unit refuses to write."""
        ...

    def queue(self, wanted: QueueFilter, user: UserId, now: datetime) -> tuple[QueueRow, ...]:
        """Rows by level, then deadline, then age; EMERGENT first whatever the filter sorts."""
        ...

    def queue_counts(self, user: UserId, now: datetime) -> dict[str, int]:
        """Counts of open ones by ``scope:x``, ``level:n``, ``status:x``, ``request:x``.

        Besides ``signed_today`` and the median ``median_seconds`` from claim to signature.
        """
        ...

    def consultation(self, id: ConsultationId) -> Consultation | None:
        """The consultation with the patient's results of all visits."""
        ...

    def by_source(self, system: str, external_id: str) -> ConsultationId | None:
        """The consultation received under that sender's identifier."""
        ...

    def versions(self, id: ConsultationId) -> tuple[Version, ...]:
        """Versions of a consultation after the first, oldest first."""
        ...

    def digests(self, id: ConsultationId) -> frozenset[str]:
        """The packages of all versions of a consultation."""
        ...

    def history(self, id: ConsultationId) -> History:
        """The draft of a consultation with its undo history (empty when none)."""
        ...

    def contacts(self, id: ConsultationId) -> tuple[ContactTry, ...]:
        """Tries to reach the patient of a consultation, oldest first."""
        ...

    def step_to_move(self, id: ConsultationId, step: int) -> Edit | None:
        """The journalled edit that ``move_cursor`` would undo (-1) or redo (+1); None for none."""
        ...

    def second_reads(self, id: ConsultationId) -> tuple[SecondRead, ...]:
        """All second readings of a consultation, by reader and round."""
        ...

    def read_by(
        self, reader: UserId, ids: Sequence[ConsultationId]
    ) -> Mapping[ConsultationId, bool]:
        """Of these consultations those that a reader has begun, and whether the newest is closed."""
        ...

    def past_visits(self, patient: PatientId, before: datetime) -> tuple[PastVisit, ...]:
        """Closed consultations of a patient, oldest first."""
        ...

    def documents(self, id: ConsultationId) -> tuple[SignedDocument, ...]:
        """Signed documents of one consultation."""
        ...

    def document_by_digest(self, pdf_digest: str) -> SignedDocument | None:
        """The signed document whose file has that SHA-256."""
        ...

    def document(self, id: DocumentId) -> SignedDocument | None:
        """One signed document."""
        ...

    def document_by_number(self, number: str) -> SignedDocument | None:
        """The signed document of that number."""
        ...

    def stamps(self, id: DocumentId) -> tuple[DocumentStamp, ...]:
        """Time stamps of one document, oldest first."""
        ...

    def stamp_by_digest(self, pdf_digest: str) -> DocumentStamp | None:
        """The time stamp that made a file with that SHA-256."""
        ...

    def anchors(self) -> tuple[Anchor, ...]:
        """Authorities that somebody decided to trust."""
        ...

    def was_signed_with(self, serial: str) -> bool:
        """Whether any document was signed with the certificate of that serial."""
        ...

    def revocations(self) -> tuple[Revocation, ...]:
        """Signing certificates that no longer count."""
        ...

    def document_ends(self, id: ConsultationId) -> tuple[DocumentEnd, ...]:
        """Which documents of a consultation no longer hold, and why, oldest first."""
        ...

    def document_end(self, id: DocumentId) -> DocumentEnd | None:
        """Why one document no longer holds; None while it does."""
        ...

    def amendment(self, id: ConsultationId) -> Amendment | None:
        """The amendment that is being made of a consultation."""
        ...

    def records(self, wanted: RecordsFilter) -> tuple[RecordRow, ...]:
        """Signed documents as the records page lists them, newest first."""
        ...

    def record_counts(self) -> dict[str, int]:
        """How many documents there are by state, and ``all``."""
        ...

    def user(self, id: UserId) -> User | None:
        """One account."""
        ...

    def users(self) -> tuple[User, ...]:
        """All accounts, by login."""
        ...

    def user_by_login(self, login: str) -> User | None:
        """The account that signs in as ``login``."""
        ...

    def clinic(self) -> ClinicProfile:
        """The clinic's own data."""
        ...

    def settings(self, scope: str) -> dict[str, str]:
        """Settings as text by name; ``scope`` is ``clinic`` or a user's id (``workflow.settings``)."""
        ...

    def audit_entries(self, after: int = 0, limit: int = 1000) -> tuple[Entry, ...]:
        """Entries with a sequence number above ``after``."""
        ...

    def audit_of(self, subject: str, actions: Sequence[str]) -> tuple[Entry, ...]:
        """Entries about one subject with one of these actions, in order."""
        ...

    def audit_head(self) -> Entry | None:
        """The newest entry."""
        ...

    def pin_state(self, user: UserId) -> tuple[str, int, datetime | None]:
        """(verifier, wrong tries, closed until) of a user's PIN."""
        ...
