"""The port ``WriteUnit`` over one connection inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from workstation.adapters.store import (
    accounts,
    audit,
    consultations,
    drafts,
    endings,
    queue,
    second_reads,
    settings,
    signing,
    trust,
    versions,
)
from workstation.adapters.store.read_unit import SqlReadUnit
from workstation.domain import clock_trail
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.audit import SIGNED_IN, Entry
from workstation.domain.consultation import Claim, Consultation, ContactTry, Status
from workstation.domain.dates import Clock, ClockJump
from workstation.domain.documents import DocumentEnd, SignedDocument
from workstation.domain.draft import Edit
from workstation.domain.ids import ConsultationId, PatientId, UserId
from workstation.domain.messages import Message, SentMessage
from workstation.domain.results import LabResult
from workstation.domain.second_read import SecondRead
from workstation.domain.triage import LevelChange
from workstation.domain.trust import Anchor, DocumentStamp, Revocation
from workstation.domain.versions import Version
from workstation.workflow.ports import Appraised, SigningOutcome


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
        self._found: Entry | None = None
        self.signed = False
        self.arrived = False  # the actor signed in
        self.jumped: ClockJump | None = None

    def audit(self, action: str, subject: str, detail: dict[str, object]) -> Entry:
        """Append an entry by this unit's actor; a clock that jumped is told of first."""
        self.tell_clock()
        self.arrived = self.arrived or (action, subject) == (SIGNED_IN, self._actor)
        return self._append(action, subject, detail)

    def tell_clock(self) -> None:
        """Append an entry about a clock that was set backwards or forwards; usually nothing."""
        jumped = audit.clock_jump(self._newest(), self._clock.now())
        if jumped is None and self._watch is not None and self.jumped is None:
            jumped = self._watch.jump()
        if jumped is not None:
            self.jumped = jumped
            detail: dict[str, object] = {"from": jumped.before, "to": jumped.after}
            self._append(clock_trail.JUMPED, clock_trail.SUBJECT, detail)

    def _newest(self) -> Entry | None:
        """The head of the trail: read once, then what this unit appended, as nobody else can."""
        if self.newest is None and self._found is None:
            self._found = audit.head(self._connection)
        return self.newest or self._found

    def _append(self, action: str, subject: str, detail: dict[str, object]) -> Entry:
        self.newest = audit.append(
            self._connection,
            self._newest(),
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

    def mark_versions_seen(self, id: ConsultationId, at: datetime, up_to: int) -> int:
        """Keep that this unit's actor saw what differs in the versions up to a number; how many."""
        return versions.mark_seen(self._connection, id, UserId(self._actor), at, up_to)

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

    def start_clock(self, id: ConsultationId, at: datetime) -> None:
        """Let the target of its level run from then."""
        consultations.start_clock(self._connection, id, at)

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
