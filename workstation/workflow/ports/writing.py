"""One transaction of the store, and the store itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.audit import Entry
from workstation.domain.consultation import Claim, Consultation, ContactTry, Status
from workstation.domain.documents import DocumentEnd, SignedDocument
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import Edit
from workstation.domain.ids import ConsultationId, PatientId, UserId
from workstation.domain.messages import Message, SentMessage
from workstation.domain.results import LabResult
from workstation.domain.second_read import SecondRead
from workstation.domain.triage import LevelChange
from workstation.domain.trust import Anchor, DocumentStamp, Revocation
from workstation.domain.versions import Version
from workstation.workflow.ports.reading import Appraised, ReadUnit


@dataclass(frozen=True, slots=True)
class SigningOutcome:
    """What becomes of the consultation when its documents are stored."""

    status: Status
    returns_on: date | None
    grade: str
    counts: tuple[tuple[str, int], ...]
    daily: Decimal | None
    weight: Decimal | None
    dispensed: Dispensed | None
    content_edition: str


class WriteUnit(ReadUnit, Protocol):
    """One transaction. Every clinical write of a consultation checks ``token`` and ``revision``."""

    def audit(self, action: str, subject: str, detail: dict[str, object]) -> Entry:
        """Append an entry by this unit's actor."""
        ...

    def add_patient_and_consultation(
        self, consultation: Consultation, appraised: Appraised
    ) -> None:
        """Store a new consultation (and the patient when new)."""
        ...

    def add_version(
        self, consultation: Consultation, version: Version, appraised: Appraised
    ) -> None:
        """Store a later version of a consultation; its draft, claim and status stay.

        Raises Conflict ``consultation.version.stale``.
        """
        ...

    def mark_versions_seen(self, id: ConsultationId, at: datetime, up_to: int) -> int:
        """Keep that this unit's actor saw what differs in the versions up to a number; how many."""
        ...

    def set_appraised(self, id: ConsultationId, appraised: Appraised) -> None:
        """Store what the queue shows."""
        ...

    def claim(
        self, id: ConsultationId, user: UserId, station: str, now: datetime, until: datetime
    ) -> Claim | None:
        """Take it if unclaimed, expired or already this user's; None when somebody holds it."""
        ...

    def renew(self, id: ConsultationId, token: int, until: datetime) -> bool:
        """Extend a claim; False when it is lost."""
        ...

    def release(self, id: ConsultationId, token: int) -> None:
        """Give the claim back."""
        ...

    def set_status(
        self, id: ConsultationId, token: int, status: Status, returns_on: date | None
    ) -> None:
        """Move to ``status``; token 0 moves a consultation that nobody holds.

        Raises Conflict ``consultation.claim.lost``, ``consultation.status.move`` when the table
        of moves does not allow it, or ``consultation.contact.missing`` when a red flag would go
        out of sight without a contact record.
        """
        ...

    def start_clock(self, id: ConsultationId, at: datetime) -> None:
        """Let the target of its level run from ``at``; the row shows it with ``set_appraised``."""
        ...

    def set_level(self, id: ConsultationId, change: LevelChange) -> None:
        """Keep the level that somebody set by hand; the row shows it with ``set_appraised``."""
        ...

    def add_message(
        self, id: ConsultationId, message: Message, by: UserId, at: datetime, year: int
    ) -> SentMessage:
        """Append a message to the patient under the next number (``ME-2026-0001``)."""
        ...

    def append_edit(self, id: ConsultationId, token: int, revision: int, edit: Edit) -> int:
        """Apply and journal one edit (drops undone ones); the new revision.

        Raises Conflict ``consultation.claim.lost`` or ``consultation.revision.stale``.
        """
        ...

    def append_second_read(self, read: SecondRead, edit: Edit) -> None:
        """Journal one more edit of ``read``; raises Conflict ``second_read.stale``."""
        ...

    def move_cursor(self, id: ConsultationId, token: int, revision: int, step: int) -> int:
        """Undo (-1) or redo (+1) one journalled edit; the new revision."""
        ...

    def add_result(self, patient: PatientId, result: LabResult) -> None:
        """Append a laboratory result."""
        ...

    def add_contact(self, id: ConsultationId, contact: ContactTry) -> None:
        """Append a contact record."""
        ...

    def reserve_number(self, id: ConsultationId, kind: str, year: int) -> str:
        """The document number of this consultation and kind, reserved at first use."""
        ...

    def finish(
        self,
        id: ConsultationId,
        token: int,
        revision: int,
        documents: Sequence[SignedDocument],
        outcome: SigningOutcome,
    ) -> None:
        """Store the signed documents, the outcome and the new status; releases the claim.

        Raises Conflict ``consultation.signed.already`` when documents exist already.
        """
        ...

    def void(self, notice: SignedDocument, end: DocumentEnd) -> None:
        """Store a void notice and mark the document that it names.

        Raises Conflict ``document.ended.already``, ``document.unknown``.
        """
        ...

    def reopen(
        self,
        id: ConsultationId,
        user: UserId,
        station: str,
        reason: tuple[str, str],
        now: datetime,
        until: datetime,
    ) -> Claim:
        """Open a finished consultation again, held by ``user``; ``reason`` is (code, text).

        Raises Conflict ``amend.open.already``, ``amend.not_finished``, ``amend.later_visit``.
        """
        ...

    def give_up_amendment(self, id: ConsultationId, token: int) -> None:
        """End an amendment without a signature: draft and status as they were when signed."""
        ...

    def add_stamp(self, stamp: DocumentStamp) -> None:
        """Append a document's time stamp; raises Conflict ``document.stamped.already``."""
        ...

    def add_anchor(self, anchor: Anchor) -> None:
        """Append a trusted authority; raises Conflict ``trust.anchor.known``."""
        ...

    def add_revocation(self, revocation: Revocation) -> None:
        """Append a revoked certificate; raises Conflict ``trust.revoked.already``."""
        ...

    def add_user(self, user: User) -> None:
        """Add an account."""
        ...

    def set_user(self, user: User) -> None:
        """Replace an account's data."""
        ...

    def set_clinic(self, clinic: ClinicProfile) -> None:
        """Replace the clinic's own data."""
        ...

    def set_setting(self, scope: str, name: str, content: str | None) -> None:
        """Store one setting; ``None`` goes back to the shipped one."""
        ...

    def set_pin(self, user: UserId, verifier: str) -> None:
        """Store a new PIN verifier and forget wrong tries."""
        ...

    def set_pin_tries(self, user: UserId, wrong: int, closed_until: datetime | None) -> None:
        """Store the count of wrong PINs."""
        ...


class Store(Protocol):
    """The open database of one store folder."""

    @property
    def is_demonstration(self) -> bool:
        """Whether this store was made for demonstration data only."""
        ...

    @property
    def is_shared(self) -> bool:
        """Whether its records lie on a clinic's server, and not on this computer."""
        ...

    def reading(self) -> AbstractContextManager[ReadUnit]:
        """A read unit."""
        ...

    def writing(self, actor: str, station: str) -> AbstractContextManager[WriteUnit]:
        """A write unit by ``actor`` (a user id, or ``system``).

        Raises:
            NotAllowed: ``session.user.inactive`` when the account was switched off, and
                ``session.user.changed`` when its role is another than at its sign-in at this desk.
        """
        ...
