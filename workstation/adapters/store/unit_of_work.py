"""The port ``Store`` over one database: read units are snapshots, write units are transactions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from workstation.adapters.store import (
    accounts,
    audit,
    consultations,
    drafts,
    endings,
    queue,
    records,
    seals,
    second_reads,
    settings,
    signing,
    snapshot,
    trust,
    versions,
)
from workstation.adapters.store.board import SqlBoard
from workstation.adapters.store.engine import transaction
from workstation.adapters.store.erasure import SqlErasing
from workstation.adapters.store.heads import HeadFile
from workstation.adapters.store.identity import SqlIdentities
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.audit import Entry
from workstation.domain.consultation import (
    Claim,
    Consultation,
    ContactTry,
    PastVisit,
    QueueRow,
    Status,
)
from workstation.domain.dates import Clock, ClockJump
from workstation.domain.documents import Amendment, DocumentEnd, SignedDocument
from workstation.domain.draft import Edit, History
from workstation.domain.errors import NotAllowed, WorkstationError
from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId
from workstation.domain.messages import Message, SentMessage
from workstation.domain.records import RecordRow, RecordsFilter
from workstation.domain.results import LabResult
from workstation.domain.second_read import SecondRead
from workstation.domain.triage import LevelChange
from workstation.domain.trust import Anchor, DocumentStamp, Revocation
from workstation.domain.versions import Version
from workstation.workflow.ports import Appraised, QueueFilter, SigningOutcome


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
        """Counts by scope, level, status, request, and ``signed_today``."""
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
        return consultations.past_visits(self._connection, patient, before)

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


class SqlWriteUnit(SqlReadUnit):
    """The port ``WriteUnit`` on one connection inside its transaction."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        actor: str,
        station: str,
        watch: audit.Watch | None = None,
    ) -> None:
        super().__init__(connection)
        self._clock = clock
        self._actor = actor
        self._station = station
        self._watch = watch
        self.newest: Entry | None = None
        self.signed = False
        self.jumped: ClockJump | None = None

    def audit(self, action: str, subject: str, detail: dict[str, object]) -> Entry:
        """Append an entry by this unit's actor; a clock that jumped is told of first."""
        self.tell_clock()
        return self._append(action, subject, detail)

    def tell_clock(self) -> None:
        """Append an entry about a clock that was set backwards or forwards; usually nothing."""
        jumped = audit.clock_jump(self._connection, self._clock.now())
        if jumped is None and self._watch is not None and self.jumped is None:
            jumped = self._watch.jump()
        if jumped is not None:
            self.jumped = jumped
            self._append("clock.jumped", "", {"from": jumped.before, "to": jumped.after})

    def _append(self, action: str, subject: str, detail: dict[str, object]) -> Entry:
        self.newest = audit.append(
            self._connection,
            at=self._clock.now(),
            actor=self._actor,
            station=self._station,
            action=action,
            subject=subject,
            detail=detail,
        )
        return self.newest

    def add_patient_and_consultation(
        self, consultation: Consultation, appraised: Appraised
    ) -> None:
        """Store a new consultation; Conflict ``consultation.received.already``."""
        consultations.add(self._connection, consultation, appraised)

    def add_version(
        self, consultation: Consultation, version: Version, appraised: Appraised
    ) -> None:
        """Store a later version of a consultation beside its draft."""
        versions.add(self._connection, consultation, version, appraised)

    def mark_versions_seen(self, id: ConsultationId, at: datetime) -> int:
        """Keep that this unit's actor saw what differs; how many versions that were."""
        return versions.mark_seen(self._connection, id, UserId(self._actor), at)

    def set_appraised(self, id: ConsultationId, appraised: Appraised) -> None:
        """Store what the queue shows."""
        consultations.set_appraised(self._connection, id, appraised)

    def claim(
        self, id: ConsultationId, user: UserId, station: str, now: datetime, until: datetime
    ) -> Claim | None:
        """Take it if unclaimed, expired or already this user's."""
        return queue.claim(self._connection, id, user, station, now, until)

    def renew(self, id: ConsultationId, token: int, until: datetime) -> bool:
        """Extend a claim; False when it is lost."""
        return queue.renew(self._connection, id, token, until)

    def release(self, id: ConsultationId, token: int) -> None:
        """Give the claim back."""
        queue.release(self._connection, id, token)

    def set_status(
        self, id: ConsultationId, token: int, status: Status, returns_on: date | None
    ) -> None:
        """Move to ``status``; token 0 moves a consultation that nobody holds."""
        consultations.set_status(self._connection, id, token, status, returns_on)

    def set_level(self, id: ConsultationId, change: LevelChange) -> None:
        """Keep the level that somebody set by hand."""
        consultations.set_level(self._connection, id, change)

    def add_message(
        self, id: ConsultationId, message: Message, by: UserId, at: datetime, year: int
    ) -> SentMessage:
        """Append a message to the patient under the next number."""
        number = signing.next_number(self._connection, signing.MESSAGES, year)
        sent = SentMessage(number, message, by, at)
        consultations.add_message(self._connection, id, sent)
        return sent

    def append_edit(self, id: ConsultationId, token: int, revision: int, edit: Edit) -> int:
        """Apply and journal one edit; the new revision."""
        return drafts.append_edit(self._connection, id, token, revision, edit)

    def append_second_read(self, read: SecondRead, edit: Edit) -> None:
        """Journal one more edit of a second reading."""
        second_reads.append(self._connection, read, edit)

    def move_cursor(self, id: ConsultationId, token: int, revision: int, step: int) -> int:
        """Undo (-1) or redo (+1) one journalled edit; the new revision."""
        return drafts.move_cursor(self._connection, id, token, revision, step)

    def add_result(self, patient: PatientId, result: LabResult) -> None:
        """Append a laboratory result."""
        consultations.add_result(self._connection, patient, result)

    def add_contact(self, id: ConsultationId, contact: ContactTry) -> None:
        """Append a contact record."""
        consultations.add_contact(self._connection, id, contact)

    def reserve_number(self, id: ConsultationId, kind: str, year: int) -> str:
        """The document number of this consultation and kind, reserved at first use."""
        return signing.reserve_number(self._connection, id, kind, year)

    def finish(
        self,
        id: ConsultationId,
        token: int,
        revision: int,
        documents: Sequence[SignedDocument],
        outcome: SigningOutcome,
    ) -> None:
        """Store the signed documents, the outcome and the new status; releases the claim."""
        signing.finish(self._connection, id, token, revision, documents, outcome, self._clock.now())
        self.signed = True

    def void(self, notice: SignedDocument, end: DocumentEnd) -> None:
        """Store a void notice and mark the document that it names."""
        endings.void(self._connection, notice, end)
        self.signed = True

    def reopen(
        self,
        id: ConsultationId,
        user: UserId,
        station: str,
        reason: tuple[str, str],
        now: datetime,
        until: datetime,
    ) -> Claim:
        """Open a finished consultation again, held by ``user``."""
        return endings.reopen(self._connection, id, user, station, reason, now, until)

    def give_up_amendment(self, id: ConsultationId, token: int) -> None:
        """End an amendment without a signature."""
        endings.give_up(self._connection, id, token)

    def add_stamp(self, stamp: DocumentStamp) -> None:
        """Append a document's time stamp; raises Conflict ``document.stamped.already``."""
        trust.add_stamp(self._connection, stamp)

    def add_anchor(self, anchor: Anchor) -> None:
        """Append a trusted authority; raises Conflict ``trust.anchor.known``."""
        trust.add_anchor(self._connection, anchor)

    def add_revocation(self, revocation: Revocation) -> None:
        """Append a revoked certificate; raises Conflict ``trust.revoked.already``."""
        trust.add_revocation(self._connection, revocation)

    def add_user(self, user: User) -> None:
        """Add an account."""
        accounts.add_user(self._connection, user)

    def set_user(self, user: User) -> None:
        """Replace an account's data."""
        accounts.set_user(self._connection, user)

    def set_clinic(self, clinic: ClinicProfile) -> None:
        """Replace the clinic's own data."""
        accounts.set_clinic(self._connection, clinic)

    def set_setting(self, scope: str, name: str, content: str | None) -> None:
        """Store one setting; ``None`` goes back to the shipped one."""
        settings.set_setting(self._connection, scope, name, content)

    def set_pin(self, user: UserId, verifier: str) -> None:
        """Store a new PIN verifier and forget wrong tries."""
        accounts.set_pin(self._connection, user, verifier)

    def set_pin_tries(self, user: UserId, wrong: int, closed_until: datetime | None) -> None:
        """Store the count of wrong PINs."""
        accounts.set_pin_tries(self._connection, user, wrong, closed_until)


class SqlStore:
    """The port ``Store``; ``heads`` is None where a server keeps the second audit record."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        demonstration: bool,
        heads: HeadFile | None,
        watch: audit.Watch | None = None,
    ) -> None:
        self._opened: Engine | None = engine
        self._clock = clock
        self._watch = watch
        self._jump: ClockJump | None = None
        self._demonstration = demonstration
        self._heads = heads
        self._head_unwritten = False

    @property
    def is_demonstration(self) -> bool:
        """Whether this store was made for demonstration data only."""
        return self._demonstration

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            raise NotAllowed("session.closed")
        return self._opened

    @contextlib.contextmanager
    def reading(self) -> Iterator[SqlReadUnit]:
        """A read unit: one snapshot."""
        with transaction(self._engine, write=False) as connection:
            yield SqlReadUnit(connection)

    @contextlib.contextmanager
    def writing(self, actor: str, station: str) -> Iterator[SqlWriteUnit]:
        """A write unit by ``actor`` (a user id, or ``system``)."""
        with transaction(self._engine, write=True) as connection:
            unit = SqlWriteUnit(connection, self._clock, actor, station, self._watch)
            yield unit
        if unit.jumped is not None:
            self._jump = unit.jumped
            if self._watch is not None:
                self._watch.settle()
        if unit.newest is not None and self._heads is not None:
            try:
                self._heads.note(unit.newest, sync=unit.signed)
            except WorkstationError:
                # The commit stands, so this must not look like a failure of it.
                self._head_unwritten = True

    def look_at_clock(self) -> ClockJump | None:
        """The newest jump of the computer's clock while this store is open, None when there is none.

        One that nothing has told of yet goes on the trail now.
        """
        with transaction(self._engine, write=False) as connection:
            backwards = audit.clock_jump(connection, self._clock.now())
        if backwards is not None or (self._watch is not None and self._watch.jump() is not None):
            with self.writing("system", "") as unit:
                unit.tell_clock()
        return self._jump

    def audit_faults(self) -> tuple[str, ...]:
        """What is wrong with the audit trail and the rows, as codes; empty when nothing is.

        ``audit.broken:n``: entry n does not follow. ``audit.rolled_back``: the second record
        knows an entry that the database does not have. ``audit.head.missing``: there are entries
        and no second record. ``audit.head.unwritten``: it could not be kept up. Then every row that
        is not as the program left it (``seals.faults``).
        """
        key = self._engine.get_execution_options().get(seals.KEY)
        with transaction(self._engine, write=False) as connection:
            broken = audit.broken_at(connection)
            rows = seals.faults(connection, key) if isinstance(key, bytes) else ()
        first = () if broken is None else (f"audit.broken:{broken}",)
        return (*first, *self.rollback_faults(), *rows)

    def rollback_faults(self) -> tuple[str, ...]:
        """The part of ``audit_faults`` that is quick enough for every opening."""
        if self._heads is None:
            return ()
        if self._head_unwritten:
            return ("audit.head.unwritten",)
        kept = self._heads.newest()  # read first: a commit in between only adds entries
        with transaction(self._engine, write=False) as connection:
            if kept is None:
                return ("audit.head.missing",) if audit.head(connection) is not None else ()
            same = audit.digest_at(connection, kept[0]) == kept[1]
        return () if same else ("audit.rolled_back",)

    def snapshot(self, path: Path, key: bytes) -> None:
        """Write the database as it stands to ``path``, encrypted under ``key`` (``snapshot.take``)."""
        snapshot.take(self._engine, path, key)

    def skip_numbers(self, least: int) -> dict[str, int]:
        """After a restore: go on with every document series past the next full ``least``.

        Numbers may have been given after the backup was made; none is given twice. Returns the
        last number of each series (``RX-2026``) that is passed over.
        """
        with transaction(self._engine, write=True) as connection:
            return signing.skip_numbers(connection, least)

    def close(self) -> None:
        """Make the second audit record durable, fold the write-ahead log in, disconnect.

        Units asked for afterwards raise NotAllowed ``session.closed``; closing again is harmless.
        """
        if self._opened is None:
            return
        engine, self._opened = self._opened, None  # the engine holds the database key
        try:
            with transaction(engine, write=False) as connection:
                newest = audit.head(connection)
            if newest is not None and self._heads is not None:
                with contextlib.suppress(WorkstationError):  # it only watches; it must not block
                    self._heads.note(newest, sync=True)
        finally:
            engine.dispose()
