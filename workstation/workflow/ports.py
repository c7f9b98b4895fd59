"""What the workflow needs from the outside, as protocols; adapters and fakes fulfil them.

A *read unit* sees one consistent state. A *write unit* is one transaction (BEGIN IMMEDIATE) that
commits when its block ends and rolls back on any exception; audit entries are written in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.agreement import Agreement
from workstation.domain.audit import Entry
from workstation.domain.calendar import CalendarEntry
from workstation.domain.consultation import (
    Answer,
    Claim,
    Consultation,
    ContactTry,
    PastVisit,
    PriorCourse,
    QueueRow,
    RequestKind,
    Source,
    Status,
)
from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.documents import Amendment, Document, DocumentEnd, SignedDocument
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import Edit, History
from workstation.domain.exchange import AnnotationSet, Exchanged
from workstation.domain.facts import Fact
from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId, VaultAddress
from workstation.domain.messages import Message, SentMessage
from workstation.domain.orders import Orders
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import QualityCode, QualityMeasures, View
from workstation.domain.pixels import Pixels
from workstation.domain.records import RecordRow, RecordsFilter
from workstation.domain.results import LabResult
from workstation.domain.second_read import SecondRead
from workstation.domain.triage import LevelChange
from workstation.domain.trust import Anchor, DocumentStamp, Revocation
from workstation.domain.versions import Version
from workstation.workflow.board_ports import BoardWriting, ReceivedResults
from workstation.workflow.identity_ports import Identities
from workstation.workflow.person_ports import Erasing


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
        """Counts of open ones by ``scope:x``, ``level:n``, ``status:x``, ``request:x``; ``signed_today``."""
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

    def mark_versions_seen(self, id: ConsultationId, at: datetime) -> int:
        """Keep that this unit's actor saw what differs; how many versions that were."""
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

    def reading(self) -> AbstractContextManager[ReadUnit]:
        """A read unit."""
        ...

    def writing(self, actor: str, station: str) -> AbstractContextManager[WriteUnit]:
        """A write unit by ``actor`` (a user id, or ``system``)."""
        ...


class Vault(Protocol):
    """Encrypted, content-addressed files."""

    def put(self, content: bytes) -> VaultAddress:
        """Store durably (fsync before return); the same content gives the same address."""
        ...

    def get(self, address: VaultAddress) -> bytes:
        """The content; raises Corrupt ``vault.blob.damaged`` or ``vault.blob.missing``."""
        ...

    def remove(self, address: VaultAddress) -> None:
        """Remove a file that no row names any more; fine when it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Examined:
    """What intake learns of a photo, with its stored copies (JPEG, sRGB, no EXIF)."""

    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    measures: QualityMeasures
    quality: tuple[QualityCode, ...]
    preview: bytes
    thumbnail: bytes


class Photos(Protocol):
    """Decoding in capped child processes."""

    def examine(self, content: bytes, received: date) -> Examined:
        """Check and measure a photo; raises Refused ``intake.photo.*``."""
        ...

    def decode(self, content: bytes, longest: int | None = None) -> Pixels:
        """Upright sRGB pixels, scaled so that the longest side is at most ``longest``."""
        ...


class Detector(Protocol):
    """Proposes lesions on a photo; safe to call from several threads."""

    @property
    def card(self) -> DetectorCard:
        """Who proposes."""
        ...

    def detect(self, pixels: Pixels, scale: float = 1.0) -> tuple[Detection, ...]:
        """Detections, most likely first; places and radii are pixels of ``pixels`` times ``scale``."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedPhoto:
    """A photo inside a package."""

    view: View
    declared_type: str
    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Received:
    """A consultation read from a package, before anything is stored."""

    source: Source
    request: RequestKind
    visit: int
    submitted_at: datetime
    patient: PatientSnapshot
    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    photos: tuple[ReceivedPhoto, ...]
    results: tuple[LabResult, ...]
    dispensed: tuple[Dispensed, ...]
    prior_courses: tuple[PriorCourse, ...]
    own_words: str


class PackageReader(Protocol):
    """Reads an intake package."""

    def read(self, path: Path) -> Received:
        """The consultation in the file; raises Refused ``intake.*`` with where it went wrong."""
        ...

    def read_any(self, path: Path) -> Received | ReceivedResults:
        """As ``read``; a file of laboratory results alone is taken too."""
        ...


@dataclass(frozen=True, slots=True)
class VisibleSignature:
    """Lines of the visible block, drawn in the box the template left empty.

    ``coded`` is a document with a QR code beside its box; ``witness`` is not drawn: it is signed
    with the rest and says where the audit trail stood.
    """

    lines: tuple[str, ...]
    coded: bool = False
    witness: str = ""


class Renderer(Protocol):
    """Draws documents; the same document gives the same bytes."""

    def render(self, document: Document, code: str = "") -> bytes:
        """The PDF, with ``code`` as its QR code; raises Refused ``document.glyph.missing`` or ``document.overflow``."""
        ...

    def pages(self, pdf: bytes, scale: float) -> tuple[Pixels, ...]:
        """Raster of each page at ``scale`` pixels per point."""
        ...


class Verdict(Protocol):
    """Result of checking a signed PDF."""

    @property
    def state(self) -> str:
        """valid | changed | untrusted | unsigned | broken."""
        ...

    @property
    def signer(self) -> str:
        """Name in the certificate, or ""."""
        ...

    @property
    def signed_at(self) -> datetime | None:
        """Claimed signing time."""
        ...

    @property
    def level(self) -> str:
        """PAdES level reached."""
        ...

    @property
    def witness(self) -> str:
        """Where the audit trail stood, as the signature covers it, or ""."""
        ...

    @property
    def because(self) -> tuple[str, ...]:
        """Stable codes of what was found wrong."""
        ...

    @property
    def stamped_at(self) -> datetime | None:
        """The time that a time stamp authority states; None without a time stamp."""
        ...


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a signing key lies: PKCS#11 module, label of the token, label of the key ("" any)."""

    module: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class AdoptedKey:
    """A certificate that an account signs with from now on.

    ``chain`` is DER, itself first, and empty when the clinic issued it; ``where`` is the label of
    its token.
    """

    serial: str
    name: str
    issuer: str
    expires: datetime
    fingerprint: str
    chain: bytes
    where: str = ""


class SigningKey(Protocol):
    """A clinician's unlocked key; dropped at lock."""

    def ready(self, pin: str) -> AbstractContextManager[SigningKey]:
        """The key as it signs while the block runs: one on a token is opened with the PIN.

        Raises WorkstationError ``token.*``.
        """
        ...

    @property
    def serial(self) -> str:
        """Certificate serial, hexadecimal."""
        ...

    @property
    def expires(self) -> datetime:
        """End of validity."""
        ...

    @property
    def on_token(self) -> bool:
        """Whether the signing PIN is a token's own."""
        ...


class Signer(Protocol):
    """Signs and checks PDFs."""

    def sign(
        self,
        pdf: bytes,
        key: SigningKey,
        block: VisibleSignature,
        reason: str,
        location: str,
        at: datetime,
    ) -> bytes:
        """One incremental PAdES B-B revision on ``pdf``; validated before it is returned."""
        ...

    def verify(
        self, pdf: bytes, expected_serial: str | None = None, *, as_of: datetime | None = None
    ) -> Verdict:
        """The strict verdict against this clinic's CA, as of now or another moment."""
        ...

    def stamp(self, pdf: bytes, server: str, revocations: bytes) -> tuple[bytes, Verdict]:
        """A signed file with a time stamp of a server, and its verdict.

        ``revocations`` is the clinic's list (``KeyRing.revocation_list``). Raises WorkstationError
        ``timestamp.server``, ``timestamp.answer``, ``timestamp.refused``, ``timestamp.untrusted``,
        ``timestamp.file``.
        """
        ...

    def authority_of(self, certificate: bytes) -> tuple[str, str, datetime]:
        """(fingerprint, name, end) of an authority's certificate, DER; Refused ``trust.anchor.*``."""
        ...


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a right password opens: the user and their signing key (None without one)."""

    user: UserId
    key: SigningKey | None


class KeyRing(Protocol):
    """Passwords, PINs and keys of one store folder."""

    def unlock(self, login: str, password: str) -> Unlocked:
        """Check a password of an already open store; raises NotAllowed ``session.password.wrong``."""
        ...

    def add_user(self, user: User, password: str, pin: str | None) -> str | None:
        """Wrap the store key for a user; issues a certificate when ``pin`` is given (its serial)."""
        ...

    def change_password(self, login: str, password: str, new_password: str) -> None:
        """Wrap the keys of ``login`` under a new password; the old one must be right."""
        ...

    def reset_password(self, user: User, new_password: str, pin: str | None) -> str | None:
        """Wrap the store key anew for an account whose password is lost.

        Its signing key is lost with the password: with a ``pin`` a new certificate is issued
        (its serial is returned).
        """
        ...

    def forget_user(self, login: str) -> None:
        """Remove what a login opens the store with; the last one stays."""
        ...

    def new_recovery_key(self) -> str:
        """A key that opens the store when all passwords are lost; the one before stops working."""
        ...

    def revocation_list(self, revoked: Sequence[tuple[str, datetime]]) -> bytes:
        """The clinic authority's list of what it revoked (serial, from when), DER, as of now."""
        ...

    def adopt_file(
        self,
        owner: User,
        password: str,
        content: bytes,
        file_password: str,
        revoked: frozenset[str],
    ) -> AdoptedKey:
        """Let an account sign with its own key out of a PKCS#12; ``password`` is the account's.

        Raises Refused ``key.import.*``, NotAllowed ``session.password.*``.
        """
        ...

    def adopt_token(
        self, owner: User, password: str, place: TokenPlace, pin: str, revoked: frozenset[str]
    ) -> AdoptedKey:
        """Let an account sign with the key on a token.

        Raises Refused ``key.import.*``, ``token.key.*``, WorkstationError ``token.*``.
        """
        ...

    def renew(self, owner: User, password: str) -> AdoptedKey:
        """A new key and certificate of the clinic's authority for an account."""
        ...

    def document_key(self) -> bytes:
        """The public half of the clinic's document key: Ed25519, 32 bytes."""
        ...

    def document_signature(self, content: bytes) -> bytes:
        """Signed by the clinic's document key; the same content gives the same 64 bytes."""
        ...

    def document_certificate(self) -> bytes:
        """A certificate of the clinic's authority for its document key, DER."""
        ...

    def pin_verifier(self, pin: str) -> str:
        """Keyed Argon2id verifier to store."""
        ...

    def pin_matches(self, verifier: str, pin: str) -> bool:
        """Whether ``pin`` belongs to ``verifier``."""
        ...


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file written for the outside."""

    document: DocumentId
    path: Path


class AnnotationFiles(Protocol):
    """Annotations and agreements as files; names carry the consultation's id and nothing else."""

    def write(self, given: AnnotationSet, form: str) -> Path:
        """Durably write annotations as ``coco``, ``csv`` or ``fhir``; raises WorkstationError ``export.*``."""
        ...

    def read(self, path: Path) -> Exchanged:
        """What a file holds; raises Refused ``annotations.format``."""
        ...

    def write_agreement(
        self, found: Mapping[ConsultationId, Agreement], grades: Sequence[str], form: str
    ) -> Path:
        """Durably write agreements as ``csv`` or ``json``; raises WorkstationError ``export.*``."""
        ...


class Outbox(Protocol):
    """Where signed documents and messages go; file names carry their numbers only."""

    def write(self, number: str, pdf: bytes) -> Path:
        """Durably write one PDF; raises WorkstationError ``export.*``."""
        ...

    def write_text(self, number: str, text: str) -> Path:
        """Durably write one message; raises WorkstationError ``export.*``."""
        ...

    def write_beside(self, given: Orders) -> tuple[Path, ...]:
        """Durably write what a signed document orders, for other programs, beside it."""
        ...

    def write_calendar(
        self, number: str, name: str, entries: Sequence[CalendarEntry], made: datetime
    ) -> Path:
        """Durably write one calendar file; raises WorkstationError ``export.*``."""
        ...
