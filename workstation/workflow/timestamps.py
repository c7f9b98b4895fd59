"""Time stamps: a document is signed first and wholly; the time of an authority is added after.

So a server that is not reached never keeps anybody from signing, and what was signed without it
can be stamped at any later time. The signed file stays as it is below the stamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from workstation.domain.accounts import Permission, may
from workstation.domain.documents import SignedDocument
from workstation.domain.errors import Conflict, Corrupt, NotAllowed, WorkstationError
from workstation.domain.ids import VaultAddress
from workstation.domain.trust import SIGNING, TIMES, Anchor, DocumentStamp, TrustAdded
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import ReadUnit, Store

SERVER = "signing.timestamp_server"
BEST = "B-LTA"


@dataclass(frozen=True, slots=True)
class Stamped:
    """The time stamp is in the file, proved and stored."""

    stamp: DocumentStamp


@dataclass(frozen=True, slots=True)
class NotStamped:
    """The document stays as it was; ``code`` says why."""

    code: str


def server(unit: ReadUnit) -> str:
    """The address of the clinic's time stamp server; "" when none is set."""
    return settings.Settings({}, unit.settings(settings.CLINIC))[SERVER]


def added(store: Store) -> TrustAdded:
    """What the records add to the clinic's own authority at the moment."""
    with store.reading() as unit:
        anchors, revocations = unit.anchors(), unit.revocations()
    return TrustAdded(
        tuple(one.certificate for one in anchors if one.purpose == TIMES),
        tuple((one.serial, one.since) for one in revocations),
        tuple(one.certificate for one in anchors if one.purpose == SIGNING),
    )


def level(unit: ReadUnit, document: SignedDocument) -> str:
    """The level that a document has reached by now."""
    stamps = unit.stamps(document.id)
    return stamps[-1].level if stamps else document.level


def newest_file(unit: ReadUnit, document: SignedDocument) -> tuple[VaultAddress, str]:
    """(address, SHA-256) of a document's file with the newest time stamp it has."""
    stamps = unit.stamps(document.id)
    if not stamps:
        return document.address, document.pdf_digest
    return stamps[-1].address, stamps[-1].pdf_digest


def stamp(desk: Desk, session: Session, document: SignedDocument) -> Stamped | NotStamped:
    """Ask the clinic's server for a time stamp on one document; audited.

    Raises:
        NotAllowed: ``session.permission``. Conflict: ``export.document.unknown``.
        Corrupt: ``export.document.damaged``.
    """
    require(session, Permission.EXPORT)
    with desk.store.reading() as unit:
        if unit.document(document.id) != document:
            raise Conflict("export.document.unknown")
        address, digest = newest_file(unit, document)
        earlier = unit.stamps(document.id)
        asked = server(unit)
        revoked = tuple((one.serial, one.since) for one in unit.revocations())
    if not asked:
        return NotStamped("timestamp.none")
    if level_of(document, earlier) == BEST:
        return NotStamped("timestamp.already")
    pdf = desk.vault.get(address)
    if hashlib.sha256(pdf).hexdigest() != digest:
        raise Corrupt("export.document.damaged", document=document.number)
    try:
        made, verdict = desk.signer.stamp(pdf, asked, desk.keys.revocation_list(revoked))
    except WorkstationError as error:
        if not error.code.startswith("timestamp."):
            raise
        return NotStamped(error.code)
    if verdict.stamped_at is None:
        return NotStamped("timestamp.answer")
    new = DocumentStamp(
        document=document.id,
        position=len(earlier) + 1,
        level=verdict.level,
        time=verdict.stamped_at,
        pdf_digest=hashlib.sha256(made).hexdigest(),
        address=desk.vault.put(made),
        by=session.user.id,
        at=desk.clock.now(),
    )
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.add_stamp(new)
        unit.audit(
            "document.timestamped",
            document.number,
            {"level": new.level, "pdf": new.pdf_digest, "time": new.time.isoformat()},
        )
    return Stamped(new)


def stamp_all(desk: Desk, session: Session, documents: Sequence[SignedDocument]) -> tuple[str, str]:
    """Stamp what was just signed: (lowest level reached, code why one is without, or "").

    After the first refusal the rest is not tried, so that an outage costs one wait.
    """
    lowest, why = BEST, ""
    for document in documents:
        answer = NotStamped(why) if why else stamp(desk, session, document)
        if isinstance(answer, NotStamped):
            why = answer.code
            lowest = document.level
        elif why == "" and answer.stamp.level != BEST:
            lowest = answer.stamp.level
    return lowest, why


def level_of(document: SignedDocument, stamps: Sequence[DocumentStamp]) -> str:
    """The level of a document with these stamps."""
    return stamps[-1].level if stamps else document.level


def trust_times_of(desk: Desk, session: Session, certificate: bytes) -> Anchor:
    """Trust an authority (certificate, DER) for the times it states; audited.

    Raises:
        NotAllowed: ``session.permission`` unless an administrator or a dermatologist does it.
        Refused: ``trust.anchor.unreadable``, ``trust.anchor.kind``, ``trust.anchor.expired``.
        Conflict: ``trust.anchor.known``.
    """
    if not may(session.user, Permission.SIGN):
        require(session, Permission.ADMINISTER)
    if not session.user.active:
        raise NotAllowed("session.user.inactive")
    fingerprint, name, ends = desk.signer.authority_of(certificate)
    anchor = Anchor(fingerprint, TIMES, name, ends, certificate, session.user.id, desk.clock.now())
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.add_anchor(anchor)
        unit.audit("trust.anchor_added", fingerprint[:16], {"purpose": TIMES, "name": name})
    return anchor
