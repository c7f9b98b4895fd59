"""The void notice: which signed document no longer holds, and what whoever has it is to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workstation.content.documents import Texts, read_texts
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation
from workstation.domain.documents import (
    Block,
    Bullets,
    Document,
    DocumentKind,
    Fields,
    Heading,
    Paragraph,
    SignedDocument,
)
from workstation.workflow.subject import LANGUAGE, document, local, prescriber_name
from workstation.workflow.written import day, unbroken

if TYPE_CHECKING:
    from workstation.content.catalogue import Catalogue

CODE_LENGTH = 4  # digits in each half of a page code
_READERS = {
    DocumentKind.PRESCRIPTION: "pharmacy",
    DocumentKind.PRESCRIPTION_DIRECTED: "pharmacy_directed",
    DocumentKind.MONITORING_PLAN: "laboratory",
}


@dataclass(frozen=True)
class Voiding:
    """What a void notice is composed from; ``named`` is the document and ``signer`` who signed it."""

    consultation: Consultation
    prescriber: User
    clinic: ClinicProfile
    numbers: Mapping[DocumentKind, str]
    issued: date
    catalogue: Catalogue
    demonstration: bool
    named: SignedDocument
    signer: User | None
    reason_code: str

    @property
    def page(self) -> Texts:
        """The words that all documents share."""
        return read_texts("page", LANGUAGE)


def void_notice(voiding: Voiding) -> Document:
    """The notice. Its reason is the coded one: what was typed stays in the clinic's store.

    Raises:
        WorkstationError: ``document.subject.incomplete`` without a number.
    """
    texts = read_texts(DocumentKind.VOID_NOTICE.value, LANGUAGE)
    named = voiding.named
    reader = _READERS.get(named.kind, "other")
    lead = named.kind.value if named.kind in _READERS else "other"
    signed = local(voiding, named.signed_at)
    code = named.content_digest[: 2 * CODE_LENGTH].upper()
    pairs = (
        (
            texts("void.document"),
            texts(
                "void.document_value", kind=texts(f"kind.{named.kind.value}"), number=named.number
            ),
        ),
        (
            texts("void.signed"),
            texts(
                "void.signed_value",
                day=day(signed.date()),
                name=voiding.signer.name if voiding.signer else voiding.page("missing"),
            ),
        ),
        (texts("void.code"), f"{code[:CODE_LENGTH]}-{code[CODE_LENGTH:]}"),
        (texts("void.from"), texts("void.moment", day=day(voiding.issued))),
        (texts("void.reason"), texts(f"reason_words.{voiding.reason_code}")),
    )
    blocks: tuple[Block, ...] = (
        Paragraph(texts(f"lead.{lead}", number=named.number), "lead"),
        Heading(texts("void.heading")),
        Fields(pairs),
        Heading(texts("to_do.heading")),
        Bullets(texts.each(f"to_do.{reader}")),
        Paragraph(
            texts(
                "to_do.reach",
                clinic=voiding.clinic.name,
                phone=unbroken(voiding.clinic.phone) or voiding.page("missing"),
            )
        ),
    )
    return document(
        voiding,
        DocumentKind.VOID_NOTICE,
        texts("title"),
        texts("meaning", name=prescriber_name(voiding)),
        blocks,
        texts,
    )
