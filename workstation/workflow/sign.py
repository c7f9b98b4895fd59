"""Signing: what is shown is what is signed, validated before anything says *signed*."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workstation.domain.documents import Document, SignedDocument
from workstation.domain.ids import ConsultationId
from workstation.workflow.desk import Desk, Session
from workstation.workflow.session import PinAnswer


@dataclass(frozen=True, slots=True)
class Preview:
    """One document with the very bytes that will be signed."""

    document: Document
    pdf: bytes
    digest: str  # SHA-256 of pdf, hexadecimal


@dataclass(frozen=True, slots=True)
class Previews:
    """All documents of one decision, bound to the draft they were made from."""

    consultation: ConsultationId
    revision: int
    documents: tuple[Preview, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """All documents are signed, validated, stored and committed."""

    documents: tuple[SignedDocument, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """The gate is closed: codes, worst first."""

    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinNotAccepted:
    """The PIN stopped it; nothing was signed."""

    answer: PinAnswer


@dataclass(frozen=True, slots=True)
class NoKey:
    """No usable signing key: ``code`` says why (``sign.key.none``, ``sign.key.expired``)."""

    code: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The draft or the rules changed since the preview; look again."""


SignAnswer = Signed | Blocked | PinNotAccepted | NoKey | Changed


def preview(desk: Desk, session: Session, id: ConsultationId, token: int) -> Previews:
    """Compose and render what would be signed now; numbers are reserved at first preview.

    Works while the gate is closed too (a draft may be looked at); signing asks the gate again.

    Raises:
        Conflict: ``consultation.claim.lost``; Refused: ``document.*``, ``sign.nothing_to_sign``.
    """
    raise NotImplementedError


def sign(desk: Desk, session: Session, previews: Previews, token: int, pin: str) -> SignAnswer:
    """Sign all documents with one PIN entry; one durable step, or nothing at all."""
    raise NotImplementedError


def export(desk: Desk, session: Session, document: SignedDocument) -> Path:
    """Write one signed file to the outbox folder; audited.

    Raises:
        WorkstationError: ``export.*``; the signature stands whatever happens here.
    """
    raise NotImplementedError
