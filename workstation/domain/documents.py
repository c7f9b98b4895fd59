"""Documents as values: blocks to draw, their canonical digest, and signed documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId, VaultAddress

_GROUP = len("5D0C")  # digits in each half of the page code


class DocumentKind(Enum):
    """Each is a file of its own, signed on its own."""

    PRESCRIPTION = "prescription"  # isotretinoin, on a page of its own
    PRESCRIPTION_DIRECTED = "prescription_directed"  # medicines prescribed by directions
    MONITORING_PLAN = "monitoring_plan"
    RECORD = "record"
    REFERRAL = "referral"
    DECLINE_LETTER = "decline_letter"
    STOP_LETTER = "stop_letter"
    END_LETTER = "end_letter"
    VOID_NOTICE = "void_notice"
    HANDOUT = "handout"  # not signed: it orders nothing
    GUARDIAN_PLAN = "guardian_plan"  # not signed: a minor's dates for a guardian
    PHOTO_SHEET = "photo_sheet"  # not signed: a print of what is on screen


class DocumentState(Enum):
    """Where a signed document stands: its file never changes, what holds of it may."""

    CURRENT = "current"
    AMENDED = "amended"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The clinic at the top of each page."""

    name: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """What the visible signature block states (the time is added when signing)."""

    name: str
    credentials: str
    licence: str
    npi: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A small capital section label."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text; ``style`` is body, strong, small, lead, banner or quoted.

    ``quoted`` is text as a patient wrote it: a character without a glyph is shown as its code
    (``[U+1F600]``), where any other text with such a character is refused.
    """

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Fields:
    """Label and value pairs in ``columns`` columns; ``indent`` puts them under the medicine."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 1
    indent: bool = False


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """The medicine as a pharmacist reads it: name, the rest of the line, dose.

    ``directions`` is the whole instruction to the patient in one sentence; ``labels`` names the
    three lines (dose, directions, daily total).
    """

    name: str
    attributes: tuple[str, ...]
    dose: str
    daily: str
    directions: str = ""
    labels: tuple[str, str, str] = ("Dose", "Directions", "Daily total")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; a cell may be ``[x]`` (done) or ``[ ]`` (open box). ``widths`` sum to 1.

    Text may follow the mark (``[x] 21-Nov-2026``). ``dense`` sets many rows close together.
    ``quoted`` as for ``Paragraph``.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    indent: bool = False
    quoted: bool = False
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """Answers in ``columns`` columns, read down one after the other, in small type.

    Each item is (mark, label, value): the mark is the number of a question or "". An item without
    a value is a caption over the items that follow. ``quoted`` as for ``Paragraph``.
    """

    items: tuple[tuple[str, str, str], ...]
    columns: int = 2
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short points."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoxedFields:
    """Label and value pairs inside one outlined box (the RMA box is left empty)."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnnotatedPhoto:
    """A photo (JPEG without metadata) below its title, with its annotations.

    ``marks`` are (x, y, lesion type code, counted), x and y as shares of width and height. It is at
    most ``tallest`` points high.
    """

    title: str
    jpeg: bytes
    width: int
    height: int
    marks: tuple[tuple[float, float, str, bool], ...]
    tallest: float


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """Photos side by side, in columns of equal width."""

    photos: tuple[AnnotatedPhoto, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """The glyph of each lesion type with its name and how many were counted: (code, name, count)."""

    items: tuple[tuple[str, str, int], ...]
    columns: int


Block = (
    Heading
    | Paragraph
    | Fields
    | MedicineLine
    | Table
    | Entries
    | Bullets
    | BoxedFields
    | PhotoRow
    | Legend
)


@dataclass(frozen=True, slots=True)
class Dispense:
    """One line to dispense: name with strength, whole units and what they are, days, refills."""

    name: str
    quantity: int
    unit: str
    days: int
    refills: int


@dataclass(frozen=True, slots=True)
class Prescribed:
    """What a prescription prescribes, for its QR code; ``dispense_by`` None is no last day."""

    items: tuple[Dispense, ...]
    dispense_by: date | None
    born: date


@dataclass(frozen=True, slots=True)
class Document:
    """One document before rendering. ``number`` is reserved at first preview (RX-2026-0418)."""

    kind: DocumentKind
    number: str
    title: str
    template: str
    language: str
    paper: str  # letter | a4
    letterhead: Letterhead
    patient: PatientId
    patient_name: str
    patient_line: tuple[tuple[str, str], ...]  # (label, value): born, sex, ID, issued, address
    issued: date
    blocks: tuple[Block, ...]
    signature: SignatureBox | None  # None: a leaflet, which nobody signs
    demonstration: bool
    prescribed: Prescribed | None = None  # a prescription, which carries a QR code

    @property
    def content_digest(self) -> str:
        """SHA-256 of the canonical record (not of the PDF), hexadecimal."""
        return _digest_of(self)

    @property
    def page_code(self) -> str:
        """The short code printed on each page: ``5D0C-77AE``."""
        code = self.content_digest.upper()
        return f"{code[:_GROUP]}-{code[_GROUP : 2 * _GROUP]}"


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A document that was signed, validated and stored. ``level`` is the PAdES level reached."""

    id: DocumentId
    consultation: ConsultationId
    kind: DocumentKind
    number: str
    content_digest: str
    pdf_digest: str
    address: VaultAddress
    signer: UserId
    certificate: str
    signed_at: datetime
    level: str
    audit_head: str


@dataclass(frozen=True, slots=True)
class DocumentEnd:
    """Why a signed document no longer holds; ``by_document`` is the new version or void notice.

    ``reason_code`` is one of ``AMEND_REASONS`` or ``VOID_REASONS``; ``reason_text`` stays in the
    clinic.
    """

    document: DocumentId
    state: DocumentState
    by_document: DocumentId
    reason_code: str
    reason_text: str
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Amendment:
    """A consultation opened again: the documents of ``sitting`` hold until the new are signed.

    ``replaces`` are (kind, number, signed at) of those documents; ``cursor``, ``status`` and
    ``returns_on`` are where it goes back to when nothing is signed.
    """

    consultation: ConsultationId
    sitting: int
    reason_code: str
    reason_text: str
    by: UserId
    at: datetime
    cursor: int
    status: str
    returns_on: date | None
    replaces: tuple[tuple[DocumentKind, str, datetime], ...] = ()


AMEND_REASONS = ("writing_error", "dose_change", "instructions", "plan_change", "other")
VOID_REASONS = (
    "wrong_patient",
    "writing_error",
    "result_after_signing",
    "stopped_by_prescriber",
    "patient_request",
    "not_picked_up",
    "other",
)


@lru_cache(maxsize=8)
def _digest_of(document: Document) -> str:
    """The digest of one document, asked for many times while it is drawn, signed and stored."""
    return digest(document)


def digest(value: Any) -> str:
    """SHA-256 of a frozen dataclass in canonical JSON: sorted keys, dates ISO, decimals as text."""
    plain = json.dumps(asdict(value), sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(type(value).__name__)
