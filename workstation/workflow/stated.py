"""The QR code of a prescription: what it states, signed by the clinic's document key.

The key is the clinic's, not the prescriber's: it works while the records are open, says that these
words left this clinic, and signs nothing else.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from workstation.domain.accounts import Permission
from workstation.domain.documents import Document, DocumentState, SignedDocument
from workstation.domain.errors import Refused
from workstation.workflow import statement
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import KeyRing
from workstation.workflow.statement import Statement

VALID, CHANGED, UNTRUSTED, BROKEN = "valid", "changed", "untrusted", "broken"
OTHER_KEY = "qr.key.other"
OTHER_SIGNATURE = "qr.signature"
NOT_ISSUED = "store.document.unknown"
OTHER_RECORD = "qr.record.other"


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """``state`` valid, changed, untrusted or broken; ``said`` is what the code states, if it is one.

    ``document`` is the stored document of that number; ``standing`` says whether it still holds.
    """

    state: str
    because: tuple[str, ...]
    said: Statement | None = None
    document: SignedDocument | None = None
    standing: DocumentState | None = None
    successor: str = ""

    @property
    def holds(self) -> bool:
        """Made here, unchanged, and its document neither amended nor void."""
        return self.state == VALID and self.standing is DocumentState.CURRENT


def code_of(keys: KeyRing, document: Document) -> str:
    """The text of a document's QR code; "" when it has none. The same document, the same text."""
    made = statement.statement_of(document)
    if made is None:
        return ""
    text = statement.body(made, statement.key_name(keys.document_key()))
    return statement.written(text, keys.document_signature(statement.to_sign(text)))


def check(desk: Desk, session: Session, code: str) -> CodeVerdict:
    """What a QR code's text is worth to this store; audited.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    found = _judged(desk, code)
    with desk.store.writing(session.user.id, desk.station) as unit:
        number = found.said.number if found.said is not None else ""
        unit.audit("document.code_verified", number, {"state": found.state})
    return found


def _judged(desk: Desk, code: str) -> CodeVerdict:
    try:
        read = statement.read(code)
    except Refused as error:
        return CodeVerdict(BROKEN, (error.code,))
    said = read.statement
    if read.key != statement.key_name(desk.keys.document_key()):
        return CodeVerdict(UNTRUSTED, (OTHER_KEY,), said)
    # Ed25519 is deterministic: what this clinic would sign is what it did sign.
    if not hmac.compare_digest(desk.keys.document_signature(read.signed), read.signature):
        return CodeVerdict(CHANGED, (OTHER_SIGNATURE,), said)
    with desk.store.reading() as unit:
        known = unit.document_by_number(said.number)
        if known is None:
            return CodeVerdict(UNTRUSTED, (NOT_ISSUED,), said)
        end = unit.document_end(known.id)
        by = unit.document(end.by_document) if end is not None else None
    standing = DocumentState.CURRENT if end is None else end.state
    wrong = []
    if not known.content_digest.upper().startswith(said.record):
        wrong.append(OTHER_RECORD)  # a preview that was never signed, or signed otherwise
    state = UNTRUSTED if wrong else VALID
    return CodeVerdict(
        state, tuple(wrong), said, known, standing, by.number if by is not None else ""
    )
