"""Rows of signed documents as values and back."""

from __future__ import annotations

from workstation.adapters.store.columns import AnyRow
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.ids import ConsultationId, DocumentId, UserId, VaultAddress


def row_of(document: SignedDocument, sitting: int) -> dict[str, object]:
    """The columns of a document signed in ``sitting``."""
    return {
        "id": document.id,
        "consultation": document.consultation,
        "sitting": sitting,
        "kind": document.kind.value,
        "number": document.number,
        "content_digest": document.content_digest,
        "pdf_digest": document.pdf_digest,
        "address": document.address,
        "signer": document.signer,
        "certificate": document.certificate,
        "signed_at": document.signed_at,
        "level": document.level,
        "audit_head": document.audit_head,
    }


def document_of(row: AnyRow) -> SignedDocument:
    """The document of a row with all its columns."""
    return SignedDocument(
        id=DocumentId(row.id),
        consultation=ConsultationId(row.consultation),
        kind=DocumentKind(row.kind),
        number=row.number,
        content_digest=row.content_digest,
        pdf_digest=row.pdf_digest,
        address=VaultAddress(row.address),
        signer=UserId(row.signer),
        certificate=row.certificate,
        signed_at=row.signed_at,
        level=row.level,
        audit_head=row.audit_head,
    )
