"""Signed files leave the store: to the outbox with what they order beside them, or onto paper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from workstation.domain.accounts import Permission
from workstation.domain.documents import DocumentState, SignedDocument
from workstation.domain.errors import Conflict, Corrupt
from workstation.domain.pixels import Pixels
from workstation.workflow import orders, timestamps
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import ReadUnit


@dataclass(frozen=True, slots=True)
class Exported:
    """A signed file in the outbox, and the files for other programs beside it."""

    path: Path
    beside: tuple[Path, ...] = ()


def export(desk: Desk, session: Session, document: SignedDocument) -> Exported:
    """Write one signed file to the outbox folder, with what it orders beside it; audited.

    A document that orders nothing, or holds no more, and one that is being amended, has nothing
    beside it.

    Raises:
        WorkstationError: ``export.*``; the signature stands whatever happens here.
    """
    require(session, Permission.EXPORT)
    path = desk.outbox.write(document.number, _file_of(desk, document))
    with desk.store.reading() as unit:
        ordered = orders.of_document(desk, unit, document)
    beside = () if ordered is None else desk.outbox.write_beside(ordered)
    with desk.store.writing(session.user.id, desk.station) as unit:
        detail: dict[str, object] = {
            "pdf": document.pdf_digest,
            "beside": [one.name for one in beside],
        }
        unit.audit("document.exported", document.number, detail)
    return Exported(path, beside)


def for_print(
    desk: Desk, session: Session, document: SignedDocument, scale: float
) -> tuple[Pixels, ...]:
    """Pages of one signed file to put on paper, at ``scale`` pixels per point; audited.

    Raises:
        Conflict, Corrupt: ``export.document.*``.
    """
    require(session, Permission.EXPORT)
    pages = desk.renderer.pages(_file_of(desk, document), scale)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("document.printed", document.number, {"pdf": document.pdf_digest})
    return pages


def state_of(unit: ReadUnit, document: SignedDocument) -> DocumentState:
    """Whether a document holds now; another desk may have replaced it since it was listed."""
    end = unit.document_end(document.id)
    return DocumentState.CURRENT if end is None else end.state


def _file_of(desk: Desk, document: SignedDocument) -> bytes:
    with desk.store.reading() as unit:
        known = unit.document_by_digest(document.pdf_digest)
        address, digest = timestamps.newest_file(unit, document)
    if known != document:
        raise Conflict("export.document.unknown")
    pdf = desk.vault.get(address)
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise Corrupt("export.document.damaged", document=document.number)
    return pdf
