"""What the Sign page shows, and what it tells when something was signed."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.documents import SignedDocument
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.pixels import Pixels


@dataclass(frozen=True, slots=True)
class LineState:
    """One of the lines that say what is signed."""

    icon: str
    title: str
    detail: str


@dataclass(frozen=True)
class DocumentTab:
    """One document tab: the very bytes, rastered pages when ready, and who gets it."""

    title: str
    number: str
    pages: tuple[Pixels, ...]
    notes: tuple[tuple[str, str, str], ...]  # (icon, title, words)


@dataclass(frozen=True)
class SignState:
    """The step. ``closed`` says in words why signing is closed; "" when it is open."""

    generation: int
    patient: str
    born: str
    identity: str
    photo: bytes
    lines: tuple[LineState, ...]
    documents: tuple[DocumentTab, ...]
    current: int
    signer: str
    key: str  # what is signed with, and until when
    digits: int
    pin_note: str
    warned: bool  # the note is more than progress
    pin_closed: bool
    closed: str
    working: str  # "" | preview | sign
    export: bool
    may_sign: bool = True  # whether this user's role signs at all


@dataclass(frozen=True)
class SignedNotice:
    """What was just signed; ``next`` is the consultation that opens now (None: the queue).

    ``problem`` says which files are not where they should be ("": all are).
    """

    documents: tuple[SignedDocument, ...]
    text: str
    next: ConsultationId | None
    problem: str
    patient: PatientId | None = None  # whose plan is among the documents
