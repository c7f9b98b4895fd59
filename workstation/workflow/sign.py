"""Signing: what is shown is what is signed, validated before anything says *signed*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.content.messages import LANGUAGES
from workstation.domain.accounts import Permission, User
from workstation.domain.consultation import Consultation, PastVisit, Status
from workstation.domain.decisions import WITHOUT_MEDICINE
from workstation.domain.documents import Document, SignedDocument
from workstation.domain.draft import DecisionKind, Draft
from workstation.domain.errors import Conflict, Refused, WorkstationError
from workstation.domain.ids import ConsultationId
from workstation.domain.messages import PATIENT, SILENT, SentMessage
from workstation.workflow import (
    board,
    clock,
    compose,
    firings,
    messages,
    results,
    rule_levels,
)
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session, account_now, held, require
from workstation.workflow.earlier import earlier_visits
from workstation.workflow.gate import DETAIL
from workstation.workflow.message_text import drafted
from workstation.workflow.outlook import row_of, row_once_read
from workstation.workflow.ports import ReadUnit, SigningKey, WriteUnit
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
from workstation.workflow.signing_outcome import of_signing

__all__ = [
    "Blocked",
    "Changed",
    "NoKey",
    "PinNotAccepted",
    "Preview",
    "Previews",
    "SignAnswer",
    "Signed",
    "confirm",
    "preview",
    "sign",
]

CLOCK_BEHIND = clock.BEHIND


@dataclass(frozen=True, slots=True)
class Previews:
    """All documents of one decision, bound to the draft they were made from."""

    consultation: ConsultationId
    revision: int
    documents: tuple[Preview, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """All documents are signed, validated, stored and committed.

    ``message`` goes to the patient with them; ``unwritten`` is the code why its file is not in
    the outbox yet: it stays on record, and the signature stands.
    """

    documents: tuple[SignedDocument, ...]
    message: SentMessage | None = None
    unwritten: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The gate is closed: codes, worst first."""

    because: tuple[str, ...]


SignAnswer = Signed | Blocked | PinNotAccepted | NoKey | Changed


@dataclass(frozen=True)
class _Now:
    """The consultation as the store has it, appraised: never what a screen believes."""

    consultation: Consultation
    draft: Draft
    appraisal: Appraisal
    situation: Situation
    prescriber: User
    past: tuple[PastVisit, ...]


def preview(desk: Desk, session: Session, id: ConsultationId, token: int) -> Previews:
    """Compose and render what would be signed now; numbers are reserved at first preview.

    Works while the gate is closed too (a draft may be looked at); signing asks the gate again.

    Raises:
        Conflict: ``consultation.claim.lost``.
        Refused: ``document.*`` or ``sign.nothing_to_sign`` when no decision is complete.
    """
    require(session, Permission.TREAT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        now = _now(desk, session, unit, id, token, Permission.TREAT)
        composed = _compose(desk, unit, now)
    return Previews(
        id, now.consultation.revision, tuple(rendered(desk, document) for document in composed)
    )


def sign(desk: Desk, session: Session, previews: Previews, token: int, pin: str) -> SignAnswer:
    """Sign all documents with one PIN entry: one durable step, or nothing at all.

    The gate is asked against the store before the PIN and again inside the transaction that
    stores the documents, so no screen, script or second window can pass it. What is signed is
    made anew from the store; ``previews`` only says what the clinician saw.

    Raises:
        NotAllowed: ``session.permission``, ``session.user.inactive``.
        Conflict: ``consultation.claim.lost``, ``consultation.revision.stale``,
            ``consultation.signed.already``.
        WorkstationError: ``store.commit.unconfirmed`` when the server went away in the commit:
            ask ``confirm`` what became of it.
        Corrupt: ``sign.self_check`` when the new file does not verify; nothing is stored.
    """
    require(session, Permission.SIGN)
    moment = desk.clock.now()
    key = usable_key(session, moment)
    if isinstance(key, NoKey):
        return key
    id = previews.consultation
    with desk.store.writing(session.user.id, desk.station) as unit:
        now = _now(desk, session, unit, id, token, Permission.SIGN)
        refusal = _refusal(desk, unit, now, previews, key, moment)
        if refusal is not None:
            return refusal
        composed = _compose(desk, unit, now)
    made = tuple(rendered(desk, document) for document in composed)
    if made != previews.documents:
        return Changed()
    answer = check_pin(desk, session, pin)
    if not isinstance(answer, PinAccepted):
        return PinNotAccepted(answer)
    documents = sealed(desk, session, key, id, made, moment, pin)
    with desk.store.writing(session.user.id, desk.station) as unit:
        now = _now(desk, session, unit, id, token, Permission.SIGN)
        refusal = _refusal(desk, unit, now, previews, key, moment)
        if refusal is not None:
            return refusal
        if _compose(desk, unit, now) != composed:
            return Changed()  # a result that leaves the gate open still belongs on the pages
        outcome = of_signing(now.draft, now.appraisal, now.situation.today, desk.catalogue.stamp)
        seen = now.consultation, now.appraisal, now.past
        with_results = row_of(desk, unit, *seen)
        owed = results.owed_a_call(desk, unit, now.consultation)
        # What is signed has read the results: only a flag of its own asks for a call before.
        unit.set_appraised(id, row_once_read(desk, *seen))
        unit.finish(id, token, previews.revision, documents, outcome)
        if owed and outcome.status is not Status.CLOSED:
            unit.set_appraised(id, with_results)  # they are unread again, and their clock runs on
        board.signed(
            desk.catalogue, unit, now.consultation, now.appraisal.plan, session.user.id, moment
        )
        results.go_on_with(desk, unit, now.consultation.patient.id, owed)
        fired = firings.outcomes(
            now.consultation, now.draft, now.past, now.situation, now.appraisal
        )
        unit.audit(firings.ACTION, firings.SUBJECT, dict(fired))
        for document in documents:
            unit.audit(
                "document.signed",
                document.number,
                {"kind": document.kind.value, "pdf": document.pdf_digest, "consultation": id},
            )
        told = _message(desk, session, unit, now)
    return Signed(documents, told, _written(desk, told))


def confirm(desk: Desk, session: Session, previews: Previews) -> Signed | None:
    """What became of a signature whose commit was not confirmed: the store is asked, nothing else.

    The numbers were reserved for this sitting alone, so documents under them with the content that
    was shown are this very signature; None: it was not stored, and may be made again. The message
    that went on record with it is written out now.

    Raises:
        NotAllowed: ``session.permission``. WorkstationError: ``store.server.gone``.
    """
    require(session, Permission.SIGN)
    with desk.store.reading() as unit:
        stored = {one.number: one for one in unit.documents(previews.consultation)}
        consultation = unit.consultation(previews.consultation)
    found = tuple(
        stored[shown.document.number]
        for shown in previews.documents
        if shown.document.number in stored
        and stored[shown.document.number].content_digest == shown.document.content_digest
    )
    if not found or len(found) != len(previews.documents):
        return None
    since = found[0].signed_at
    sent = () if consultation is None else (m for m in consultation.messages if m.at >= since)
    told = next(iter(sent), None)
    return Signed(found, told, _written(desk, told))


def _now(
    desk: Desk,
    session: Session,
    unit: ReadUnit,
    id: ConsultationId,
    token: int,
    permission: Permission,
) -> _Now:
    prescriber = account_now(unit, session, permission)
    rule_levels.follow_in(desk, unit)
    found = unit.consultation(id)
    if found is not None and found.status is Status.CLOSED:
        raise Conflict("consultation.signed.already", consultation=id)  # by a colleague, meanwhile
    consultation = held(session, found, token)
    draft = unit.history(id).draft
    past = unit.past_visits(consultation.patient.id, consultation.submitted_at)
    earlier = earlier_visits(unit, past)
    situation = Situation(
        desk.catalogue,
        prescriber,
        unit.clinic(),
        desk.clock.now(),
        desk.clock.today(),
        earlier.reasons,
        earlier.entries,
    )
    appraisal = appraise(consultation, draft, past, situation)
    return _Now(consultation, draft, appraisal, situation, prescriber, past)


def _refusal(
    desk: Desk,
    unit: ReadUnit,
    now: _Now,
    previews: Previews,
    key: SigningKey,
    moment: datetime,
) -> Blocked | NoKey | Changed | None:
    no_key = unfit(unit, now.prescriber, key)
    if no_key is not None:
        return no_key
    if not now.appraisal.gate.is_open:
        return Blocked(now.appraisal.gate.because)
    if clock_is_behind(desk, unit, moment):
        return Blocked((CLOCK_BEHIND,))
    if now.consultation.revision != previews.revision:
        return Changed()
    return None


def _compose(desk: Desk, unit: WriteUnit, now: _Now) -> tuple[Document, ...]:
    decision = now.appraisal.decision
    if decision is None or not _complete(now.appraisal):
        raise Refused("sign.nothing_to_sign")
    if not compose.kinds_for(now.appraisal) or DETAIL in now.appraisal.gate.because:
        raise Refused("sign.nothing_to_sign")
    year = now.situation.today.year
    numbers = {
        kind: unit.reserve_number(now.consultation.id, kind.value, year)
        for kind in compose.kinds_for(now.appraisal)
    }
    return compose.compose(
        compose.Subject(
            consultation=now.consultation,
            draft=now.draft,
            appraisal=now.appraisal,
            prescriber=now.prescriber,
            clinic=now.situation.clinic,
            numbers=numbers,
            issued=now.situation.today,
            catalogue=desk.catalogue,
            demonstration=desk.store.is_demonstration,
            amends=unit.amendment(now.consultation.id),
        )
    )


def _complete(appraisal: Appraisal) -> bool:
    """Whether a prescription has something to prescribe, with its dose worked out."""
    decision = appraisal.decision
    if decision is None or decision.kind is not DecisionKind.PRESCRIBE:
        return True
    if appraisal.regimen is not None or not appraisal.directed:
        return appraisal.dose is not None
    return True


def _message(desk: Desk, session: Session, unit: WriteUnit, now: _Now) -> SentMessage | None:
    """Put the decision's message on record; a prescription and a work-up have none."""
    decision = now.appraisal.decision
    if decision is None or decision.kind not in WITHOUT_MEDICINE:
        return None
    message = now.draft.message(decision.kind.value) or drafted(
        decision.kind,
        now.consultation,
        now.appraisal,
        now.situation.clinic,
        desk.catalogue,
        language=LANGUAGES[0],
        audience=PATIENT,
    )
    if message.audience == SILENT:
        return None
    return messages.keep(desk, session, unit, now.consultation.id, message)


def _written(desk: Desk, sent: SentMessage | None) -> str:
    if sent is None:
        return ""
    try:
        desk.outbox.write_text(sent.number, sent.message.text)
    except WorkstationError as error:
        return error.code
    return ""
