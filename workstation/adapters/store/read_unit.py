"""The port ``ReadUnit`` over one connection: what a snapshot of the store answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from workstation.adapters.store import (
    accounts,
    audit,
    consultations,
    drafts,
    endings,
    queue,
    records,
    second_reads,
    settings,
    signing,
    trust,
    versions,
)
from workstation.adapters.store.board import SqlBoard
from workstation.adapters.store.erasure import SqlErasing
from workstation.adapters.store.identity import SqlIdentities
from workstation.adapters.store.past_visits import past_visits
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.audit import Entry
from workstation.domain.consultation import Consultation, ContactTry, PastVisit, QueueRow
from workstation.domain.documents import Amendment, DocumentEnd, SignedDocument
from workstation.domain.draft import Edit, History
from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId
from workstation.domain.records import RecordRow, RecordsFilter
from workstation.domain.second_read import SecondRead
from workstation.domain.trust import Anchor, DocumentStamp, Revocation
from workstation.domain.versions import Version
from workstation.workflow.ports import QueueFilter


class SqlReadUnit:
    """The port ``ReadUnit`` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def board(self) -> SqlBoard:
        """The Labs board."""
        return SqlBoard(self._connection)

    @property
    def erasing(self) -> SqlErasing:
        """The one way to take away what only grows."""
        return SqlErasing(self._connection)

    @property
    def identity(self) -> SqlIdentities:
        """Who somebody is, and what is in doubt about it."""
        return SqlIdentities(self._connection)

    def queue(self, wanted: QueueFilter, user: UserId, now: datetime) -> tuple[QueueRow, ...]:
        """Rows by level, then deadline, then age."""
        return queue.page(self._connection, wanted, user, now)

    def queue_counts(self, user: UserId, now: datetime) -> dict[str, int]:
        """Counts by scope, level, status, request, and what was signed today."""
        return queue.counts(self._connection, user, now)

    def consultation(self, id: ConsultationId) -> Consultation | None:
        """The consultation with the patient's results of all visits."""
        return consultations.consultation(self._connection, id)

    def by_source(self, system: str, external_id: str) -> ConsultationId | None:
        """The consultation received under that sender's identifier."""
        return consultations.by_source(self._connection, system, external_id)

    def versions(self, id: ConsultationId) -> tuple[Version, ...]:
        """Versions of a consultation after the first, oldest first."""
        return versions.versions(self._connection, id)

    def digests(self, id: ConsultationId) -> frozenset[str]:
        """The packages of all versions of a consultation."""
        return versions.digests(self._connection, id)

    def history(self, id: ConsultationId) -> History:
        """The draft with its undo history."""
        return drafts.history(self._connection, id)

    def contacts(self, id: ConsultationId) -> tuple[ContactTry, ...]:
        """Tries to reach the patient of a consultation, oldest first."""
        return consultations.contacts(self._connection, id)

    def step_to_move(self, id: ConsultationId, step: int) -> Edit | None:
        """The edit that one step of undo (-1) or redo (+1) is about; None when there is none."""
        return drafts.step_to_move(self._connection, id, step)

    def second_reads(self, id: ConsultationId) -> tuple[SecondRead, ...]:
        """All second readings of a consultation, by reader and round."""
        return second_reads.second_reads(self._connection, id)

    def read_by(
        self, reader: UserId, ids: Sequence[ConsultationId]
    ) -> Mapping[ConsultationId, bool]:
        """Of these consultations those that a reader has begun, and whether the newest is closed."""
        return second_reads.finished_by(self._connection, reader, ids)

    def past_visits(self, patient: PatientId, before: datetime) -> tuple[PastVisit, ...]:
        """Closed consultations of a patient, oldest first."""
        return past_visits(self._connection, patient, before)

    def documents(self, id: ConsultationId) -> tuple[SignedDocument, ...]:
        """Signed documents of one consultation."""
        return signing.documents(self._connection, id)

    def document_by_digest(self, pdf_digest: str) -> SignedDocument | None:
        """The signed document whose file has that SHA-256."""
        return signing.document_by_digest(self._connection, pdf_digest)

    def document(self, id: DocumentId) -> SignedDocument | None:
        """One signed document."""
        return signing.document(self._connection, id)

    def document_by_number(self, number: str) -> SignedDocument | None:
        """The signed document of that number."""
        return signing.document_by_number(self._connection, number)

    def stamps(self, id: DocumentId) -> tuple[DocumentStamp, ...]:
        """Time stamps of one document, oldest first."""
        return trust.stamps(self._connection, id)

    def stamp_by_digest(self, pdf_digest: str) -> DocumentStamp | None:
        """The time stamp that made a file with that SHA-256."""
        return trust.stamp_by_digest(self._connection, pdf_digest)

    def anchors(self) -> tuple[Anchor, ...]:
        """Authorities that somebody decided to trust."""
        return trust.anchors(self._connection)

    def was_signed_with(self, serial: str) -> bool:
        """Whether any document was signed with the certificate of that serial."""
        return trust.was_signed_with(self._connection, serial)

    def revocations(self) -> tuple[Revocation, ...]:
        """Signing certificates that no longer count."""
        return trust.revocations(self._connection)

    def document_ends(self, id: ConsultationId) -> tuple[DocumentEnd, ...]:
        """Which documents of a consultation no longer hold, and why."""
        return endings.ends(self._connection, id)

    def document_end(self, id: DocumentId) -> DocumentEnd | None:
        """Why one document no longer holds; None while it does."""
        return endings.end_of(self._connection, id)

    def amendment(self, id: ConsultationId) -> Amendment | None:
        """The amendment that is being made of a consultation."""
        return endings.amendment(self._connection, id)

    def records(self, wanted: RecordsFilter) -> tuple[RecordRow, ...]:
        """Signed documents, newest first."""
        return records.page(self._connection, wanted)

    def record_counts(self) -> dict[str, int]:
        """How many documents there are by state, and ``all``."""
        return records.counts(self._connection)

    def user(self, id: UserId) -> User | None:
        """One account."""
        return accounts.user(self._connection, id)

    def users(self) -> tuple[User, ...]:
        """All accounts, by login."""
        return accounts.users(self._connection)

    def user_by_login(self, login: str) -> User | None:
        """The account that signs in as ``login``."""
        return accounts.user_by_login(self._connection, login)

    def clinic(self) -> ClinicProfile:
        """The clinic's own data."""
        return accounts.clinic_profile(self._connection)

    def settings(self, scope: str) -> dict[str, str]:
        """All settings of ``scope`` that were ever set."""
        return settings.settings(self._connection, scope)

    def audit_entries(self, after: int = 0, limit: int = 1000) -> tuple[Entry, ...]:
        """Entries with a sequence number above ``after``."""
        return audit.entries(self._connection, after, limit)

    def audit_of(self, subject: str, actions: Sequence[str]) -> tuple[Entry, ...]:
        """Entries about one subject with one of these actions, in order."""
        return audit.about(self._connection, subject, actions)

    def audit_head(self) -> Entry | None:
        """The newest entry."""
        return audit.head(self._connection)

    def pin_state(self, user: UserId) -> tuple[str, int, datetime | None]:
        """(verifier, wrong tries, closed until) of a user's PIN."""
        return accounts.pin_state(self._connection, user)
