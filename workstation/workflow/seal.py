"""Sealing: a composed document becomes bytes that are signed, proved and kept in the vault.

Whoever seals stores what comes back in one transaction, or nothing: files in the vault that no row
names are not documents.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import User
from workstation.domain.audit import Entry, witness
from workstation.domain.documents import Document, SignedDocument
from workstation.domain.errors import Corrupt, Refused
from workstation.domain.ids import ConsultationId, DocumentId, new_id
from workstation.workflow import clock
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports import ReadUnit, SigningKey, VisibleSignature
from workstation.workflow.session import PinAnswer
from workstation.workflow.signing_keys import revoked_since
from workstation.workflow.stated import code_of


@dataclass(frozen=True, slots=True)
class Preview:
    """One document with the very bytes that will be signed."""

    document: Document
    pdf: bytes
    digest: str  # SHA-256 of pdf, hexadecimal


@dataclass(frozen=True, slots=True)
class PinNotAccepted:
    """The PIN stopped it; nothing was signed."""

    answer: PinAnswer


@dataclass(frozen=True, slots=True)
class NoKey:
    """No usable signing key: ``code`` says why (``sign.key.none``, ``sign.key.damaged`` …)."""

    code: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The draft, a result or the content changed since the preview; look again."""


def usable_key(session: Session, moment: datetime) -> SigningKey | NoKey:
    """The session's key, or why there is none to sign with at ``moment``."""
    key = session.key
    if key is None:
        return NoKey(session.keyless or "sign.key.none")
    if key.expires <= moment:
        return NoKey("sign.key.expired")
    return key


def unfit(unit: ReadUnit, account: User, key: SigningKey) -> NoKey | None:
    """Why the store does not take a signature by ``key`` from ``account`` now, if it does not."""
    if key.serial != account.certificate:
        return NoKey("sign.key.foreign")
    if revoked_since(unit, key.serial) is not None:
        return NoKey("sign.key.revoked")
    return None


def clock_is_behind(desk: Desk, unit: ReadUnit, moment: datetime) -> bool:
    """Whether the clock was set back: a signature would be dated before what it rests on.

    ``moment`` itself may lie before the newest entry: others work on while this is signed.
    """
    least = clock.earliest(unit)
    return desk.clock.now() < (moment if least is None else max(moment, least))


def rendered(desk: Desk, document: Document) -> Preview:
    """The bytes of a document before it is signed; raises Refused ``document.*``."""
    pdf = desk.renderer.render(document, code_of(desk.keys, document))
    return Preview(document, pdf, hashlib.sha256(pdf).hexdigest())


def sealed(
    desk: Desk,
    session: Session,
    key: SigningKey,
    id: ConsultationId,
    shown: tuple[Preview, ...],
    moment: datetime,
    pin: str,
) -> tuple[SignedDocument, ...]:
    """Each preview signed, verified and put into the vault; nothing of it is on record yet.

    ``pin`` was accepted; it also opens a token.

    Raises:
        Corrupt: ``sign.self_check`` when a new file does not verify.
        WorkstationError: ``token.*`` when the token does not sign.
    """
    with desk.store.reading() as reading:
        head = reading.audit_head()
    with key.ready(pin) as ready:
        files = tuple((one, _signed_bytes(desk, ready, one, moment, head)) for one in shown)
    return tuple(
        SignedDocument(
            id=DocumentId(new_id()),
            consultation=id,
            kind=one.document.kind,
            number=one.document.number,
            content_digest=one.document.content_digest,
            pdf_digest=hashlib.sha256(pdf).hexdigest(),
            address=desk.vault.put(pdf),
            signer=session.user.id,
            certificate=key.serial,
            signed_at=moment,
            level="B-B",
            audit_head=head.digest if head is not None else "",
        )
        for one, pdf in files
    )


def _signed_bytes(
    desk: Desk, key: SigningKey, shown: Preview, moment: datetime, head: Entry | None
) -> bytes:
    box = shown.document.signature
    if box is None:
        raise Refused("sign.leaflet", document=shown.document.number)
    block = VisibleSignature(
        tuple(
            line
            for line in (f"{box.name}, {box.credentials}", box.licence, box.npi, box.meaning)
            if line
        ),
        coded=shown.document.prescribed is not None,
        witness=witness(head),
    )
    signed = desk.signer.sign(
        shown.pdf, key, block, box.meaning, shown.document.letterhead.name, moment
    )
    verdict = desk.signer.verify(signed, key.serial)
    if not signed.startswith(shown.pdf) or verdict.state != "valid":
        raise Corrupt("sign.self_check", document=shown.document.number)
    return signed
