"""Correcting what was signed: void with a notice, or amend with a new version that names the old.

The old file never changes and stays readable; what changes is what the store says of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.accounts import Permission
from workstation.domain.documents import (
    AMEND_REASONS,
    VOID_REASONS,
    Document,
    DocumentEnd,
    DocumentKind,
    DocumentState,
    SignedDocument,
)
from workstation.domain.errors import Conflict, Refused
from workstation.domain.ids import ConsultationId, DocumentId
from workstation.workflow import outlook, results
from workstation.workflow.desk import Desk, Session, account_now, held, require
from workstation.workflow.ports import ReadUnit, SigningKey, WriteUnit
from workstation.workflow.queue import LEASE, Claimed
from workstation.workflow.seal import (
    Changed,
    NoKey,
    PinNotAccepted,
    Preview,
    clock_is_behind,
    rendered,
    sealed,
    unfit,
    usable_key,
)
from workstation.workflow.session import PinAccepted, check_pin
from workstation.workflow.sign import CLOCK_BEHIND, Blocked
from workstation.workflow.void_page import Voiding, void_notice

OTHER = "other"


@dataclass(frozen=True, slots=True)
class EndReason:
    """Why a document ends: a code of ``VOID_REASONS`` or ``AMEND_REASONS``; "other" needs ``text``."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class VoidPreview:
    """The void notice as it will be signed, and what it makes void."""

    document: SignedDocument
    reason: EndReason
    notice: Preview


@dataclass(frozen=True, slots=True)
class Voided:
    """The document is void and its notice is signed, proved and stored."""

    notice: SignedDocument
    end: DocumentEnd


VoidAnswer = Voided | Blocked | PinNotAccepted | NoKey | Changed


def preview_void(desk: Desk, session: Session, id: DocumentId, reason: EndReason) -> VoidPreview:
    """Compose and render the notice that makes document ``id`` void; nothing is changed yet.

    Raises:
        Refused: ``void.reason``, ``void.reason.short``, ``void.notice`` (a notice stands).
        Conflict: ``document.unknown``, ``document.ended.already``.
    """
    require(session, Permission.SIGN)
    _check(desk, reason, VOID_REASONS)
    with desk.store.writing(session.user.id, desk.station) as unit:
        document = _standing(unit, id)
        notice = _notice(desk, session, unit, document, reason)
    return VoidPreview(document, reason, rendered(desk, notice))


def void(desk: Desk, session: Session, shown: VoidPreview, pin: str) -> VoidAnswer:
    """Sign the notice with the PIN and make the document void: one durable step, or nothing.

    Any dermatologist with a key may do it, also for a document that another one signed: whoever
    covers must be able to stop a prescription. The notice names both.

    Raises:
        NotAllowed: ``session.permission``, ``session.user.inactive``.
        Conflict: ``document.unknown``, ``document.ended.already``.
        Corrupt: ``sign.self_check``; nothing is stored.
    """
    require(session, Permission.SIGN)
    _check(desk, shown.reason, VOID_REASONS)
    moment = desk.clock.now()
    key = usable_key(session, moment)
    if isinstance(key, NoKey):
        return key
    with desk.store.writing(session.user.id, desk.station) as unit:
        refusal = _refusal(desk, session, unit, key, moment)
        if refusal is not None:
            return refusal
        document = _standing(unit, shown.document.id)
        notice = _notice(desk, session, unit, document, shown.reason)
    made = rendered(desk, notice)
    if made != shown.notice or document != shown.document:
        return Changed()
    answer = check_pin(desk, session, pin)
    if not isinstance(answer, PinAccepted):
        return PinNotAccepted(answer)
    (signed,) = sealed(desk, session, key, document.consultation, (made,), moment, pin)
    end = DocumentEnd(
        document=document.id,
        state=DocumentState.VOID,
        by_document=signed.id,
        reason_code=shown.reason.code,
        reason_text=shown.reason.text.strip(),
        by=session.user.id,
        at=moment,
    )
    with desk.store.writing(session.user.id, desk.station) as unit:
        refusal = _refusal(desk, session, unit, key, moment)
        if refusal is not None:
            return refusal
        if _notice(desk, session, unit, _standing(unit, document.id), shown.reason) != notice:
            return Changed()
        unit.void(signed, end)
        unit.audit(
            "document.voided",
            document.number,
            {
                "notice": signed.number,
                "pdf": document.pdf_digest,
                "notice_pdf": signed.pdf_digest,
                "reason": shown.reason.code,
                "consultation": document.consultation,
            },
        )
    return Voided(signed, end)


def amend(desk: Desk, session: Session, id: ConsultationId, reason: EndReason) -> Claimed:
    """Open a signed consultation again, held by this user, with the draft it was signed with.

    The signed documents hold until new ones are signed through the same gate; each new one gets a
    number of its own and names the old.

    Raises:
        Refused: ``amend.reason``, ``amend.reason.short``.
        Conflict: ``amend.open.already``, ``amend.not_finished``, ``amend.later_visit``.
    """
    require(session, Permission.SIGN)
    require(session, Permission.TREAT)
    _check(desk, reason, AMEND_REASONS)
    now = desk.clock.now()
    with desk.store.writing(session.user.id, desk.station) as unit:
        account_now(unit, session, Permission.SIGN, Permission.TREAT)
        claim = unit.reopen(
            id,
            session.user.id,
            desk.station,
            (reason.code, reason.text.strip()),
            now,
            now + LEASE,
        )
        unit.audit("consultation.reopened", id, {"reason": reason.code, "token": claim.token})
        unit.start_clock(id, now)  # nobody has waited for it since the patient sent it
        outlook.renew(desk, unit, id)
        consultation = unit.consultation(id)
    if consultation is None:
        raise Conflict("consultation.gone")
    return Claimed(consultation, claim)


def give_up(desk: Desk, session: Session, id: ConsultationId, token: int) -> None:
    """End an amendment without signing: the draft is again what was signed, the old documents hold.

    Raises:
        Conflict: ``consultation.claim.lost``, ``amend.none``.
    """
    require(session, Permission.TREAT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        found = held(session, unit.consultation(id), token)
        unit.give_up_amendment(id, token)
        unit.audit("consultation.amendment_given_up", id, {})
        results.go_on_with(desk, unit, found.patient.id, ())  # what came in while it was open


def _check(desk: Desk, reason: EndReason, known: tuple[str, ...]) -> None:
    family = "void" if known is VOID_REASONS else "amend"
    if reason.code not in known:
        raise Refused(f"{family}.reason")
    if reason.code == OTHER and _short(desk, reason):
        raise Refused(f"{family}.reason.short")


def _short(desk: Desk, reason: EndReason) -> bool:
    """Whether the words are fewer characters than any reason in words has."""
    return len(reason.text.strip()) < desk.catalogue.rulebook.shortest_reason


def _standing(unit: ReadUnit, id: DocumentId) -> SignedDocument:
    document = unit.document(id)
    if document is None:
        raise Conflict("document.unknown")
    if document.kind is DocumentKind.VOID_NOTICE:
        raise Refused("void.notice")
    if unit.document_end(id) is not None:
        raise Conflict("document.ended.already")
    return document


def _refusal(
    desk: Desk, session: Session, unit: ReadUnit, key: SigningKey, moment: datetime
) -> Blocked | NoKey | None:
    no_key = unfit(unit, account_now(unit, session, Permission.SIGN), key)
    if no_key is not None:
        return no_key
    return Blocked((CLOCK_BEHIND,)) if clock_is_behind(desk, unit, moment) else None


def _notice(
    desk: Desk, session: Session, unit: WriteUnit, named: SignedDocument, reason: EndReason
) -> Document:
    consultation = unit.consultation(named.consultation)
    if consultation is None:
        raise Conflict("consultation.gone")
    today = desk.clock.today()
    kind = DocumentKind.VOID_NOTICE
    return void_notice(
        Voiding(
            consultation=consultation,
            prescriber=account_now(unit, session, Permission.SIGN),
            clinic=unit.clinic(),
            numbers={kind: unit.reserve_number(named.consultation, kind.value, today.year)},
            issued=today,
            catalogue=desk.catalogue,
            demonstration=desk.store.is_demonstration,
            named=named,
            signer=unit.user(named.signer),
            reason_code=reason.code,
        )
    )
