"""What an amending document says first: which document it replaces, and on the record also why."""

from __future__ import annotations

from dataclasses import replace

from workstation.content.documents import read_texts
from workstation.domain.documents import Amendment, Block, Document, DocumentKind, Paragraph
from workstation.workflow.subject import LANGUAGE, Subject, local
from workstation.workflow.written import day


def amended(
    documents: tuple[Document, ...], subject: Subject, amends: Amendment
) -> tuple[Document, ...]:
    """The documents, each headed by the number that it replaces.

    The reason stands on the record alone: the pharmacy is told that the old one no longer holds.
    """
    texts = read_texts("amended", LANGUAGE)
    replaced = {
        kind: (number, day(local(subject, at).date())) for kind, number, at in amends.replaces
    }
    made: list[Document] = []
    for document in documents:
        blocks: list[Block] = []
        if document.kind in replaced:
            number, when = replaced[document.kind]
            key = f"replaces.{document.kind.value}"
            blocks.append(Paragraph(texts(key, number=number, day=when), "banner"))
        if document.kind is DocumentKind.RECORD:
            gone = [
                texts("withdrawn", number=number, day=when)
                for kind, (number, when) in replaced.items()
                if kind not in {other.kind for other in documents}
            ]
            reason = texts(f"reason.{amends.reason_code}")
            if amends.reason_text:
                reason = texts("reason_text", reason=reason, text=amends.reason_text)
            blocks.append(Paragraph(" ".join((texts("because", reason=reason), *gone)), "quoted"))
        made.append(replace(document, blocks=(*blocks, *document.blocks)))
    return tuple(made)
