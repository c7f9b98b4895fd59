"""Is this file what was signed here, whole, by whom, when, and does it still hold?

Mathematics tell that a file is unchanged since somebody signed it. The store tells the rest: which
document it is, by the digest of its very bytes, whose it is, and whether it is current, amended or
void. A sound signature on a file the store never issued is not accepted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission
from workstation.domain.audit import witnessed
from workstation.domain.documents import DocumentEnd, DocumentState, SignedDocument
from workstation.domain.ids import PatientId
from workstation.domain.patient import PatientSnapshot
from workstation.workflow import timestamps
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.signing_keys import revoked_since

VALID, UNTRUSTED = "valid", "untrusted"
NOT_ISSUED = "store.document.unknown"
OTHER_PATIENT = "store.patient.other"
SET_BACK = "store.records.set_back"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """``state`` valid, changed, untrusted, unsigned or broken, with stable codes of what is wrong.

    ``document`` is the stored document with these very bytes; ``standing`` and ``end`` say whether
    it still holds; ``successor`` is the number of what is in its place.
    """

    state: str
    because: tuple[str, ...]
    signer: str
    signed_at: datetime | None
    level: str
    digest: str
    checked_at: datetime
    document: SignedDocument | None = None
    standing: DocumentState | None = None
    end: DocumentEnd | None = None
    successor: str = ""
    patient: PatientSnapshot | None = None
    stamped_at: datetime | None = None  # by a time stamp authority
    revoked_since: datetime | None = None  # the certificate; what was signed before stays valid

    @property
    def holds(self) -> bool:
        """Genuine, unchanged, and neither amended nor void."""
        return self.state == VALID and self.standing is DocumentState.CURRENT


def verify_file(
    desk: Desk,
    session: Session,
    pdf: bytes,
    expected: PatientId | None = None,
    *,
    recorded: bool = True,
) -> FileVerdict:
    """The verdict on any file; with ``expected`` it must be that patient's.

    It is audited unless ``recorded`` is False: a page that shows a document checks it each time.

    A document of this store is judged as of its signing, which the store witnessed: a certificate
    that ended since does not spoil it.
    """
    require(session, Permission.VIEW)
    digest = hashlib.sha256(pdf).hexdigest()
    now = desk.clock.now()
    with desk.store.reading() as unit:
        known = unit.document_by_digest(digest)
        stamp = unit.stamp_by_digest(digest) if known is None else None
        if stamp is not None:
            known = unit.document(stamp.document)
        revoked = revoked_since(unit, known.certificate) if known is not None else None
        end = unit.document_end(known.id) if known is not None else None
        by = unit.document(end.by_document) if end is not None else None
        seen = unit.consultation(known.consultation) if known is not None else None
    if known is None:
        verdict = desk.signer.verify(pdf)
    else:
        verdict = desk.signer.verify(pdf, known.certificate, as_of=known.signed_at)
    state, because = verdict.state, verdict.because
    if state == VALID and known is None:
        state, because = UNTRUSTED, (NOT_ISSUED,)
    elif state == VALID and expected is not None and (seen is None or seen.patient.id != expected):
        state, because = UNTRUSTED, (OTHER_PATIENT,)
    if verdict.state == VALID and not _is_on_trail(desk, verdict.witness):
        state, because = UNTRUSTED, (SET_BACK, *because)
    made = FileVerdict(
        state=state,
        because=because,
        signer=verdict.signer,
        signed_at=verdict.signed_at,
        level=verdict.level,
        digest=digest,
        checked_at=now,
        document=known,
        standing=None if known is None else (DocumentState.CURRENT if end is None else end.state),
        end=end,
        successor=by.number if by is not None else "",
        patient=seen.patient if seen is not None else None,
        stamped_at=verdict.stamped_at,
        revoked_since=revoked,
    )
    if recorded:
        _record(desk, session, made)
    return made


def _record(desk: Desk, session: Session, made: FileVerdict) -> None:
    """Put on the trail that a file was checked; one of no document here is named by its digest."""
    subject = made.document.number if made.document is not None else made.digest[:16]
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("document.verified", subject, {"state": made.state, "pdf": made.digest})


def _is_on_trail(desk: Desk, witness: str) -> bool:
    """Whether the entry that a signature witnesses is on the trail; earlier programs named none.

    Without it the records were set back, or are others, since the document was signed: the second
    record may have been set back with them, a paper in somebody else's hands was not.
    """
    named = witnessed(witness)
    if named is None:
        return True
    with desk.store.reading() as unit:
        found = unit.audit_entries(named[0] - 1, 1)
    return bool(found) and (found[0].seq, found[0].digest) == named


def verify_stored(
    desk: Desk, session: Session, document: SignedDocument, *, recorded: bool = True
) -> FileVerdict:
    """The verdict on the file that the vault holds for a document.

    Raises:
        NotAllowed: ``session.permission``. Corrupt: ``vault.blob.*``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        address, _ = timestamps.newest_file(unit, document)
    return verify_file(desk, session, desk.vault.get(address), recorded=recorded)
