"""Signing: what is shown is what is signed, validated before anything says *signed*."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from workstation.content.messages import LANGUAGES
from workstation.domain.accounts import Permission, User
from workstation.domain.consultation import Consultation, PastVisit, Status
from workstation.domain.dates import add_days
from workstation.domain.decisions import WITHOUT_MEDICINE
from workstation.domain.documents import Document, SignedDocument
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import DecisionKind, Draft, GradeOverride
from workstation.domain.errors import Conflict, Corrupt, Refused, WorkstationError
from workstation.domain.ids import ConsultationId
from workstation.domain.messages import PATIENT, SILENT, SentMessage
from workstation.domain.pixels import Pixels
from workstation.domain.visits import was_counted
from workstation.workflow import (
    board,
    clock,
    compose,
    firings,
    messages,
    orders,
    rule_levels,
    timestamps,
)
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session, account_now, held, require
from workstation.workflow.earlier import earlier_visits
from workstation.workflow.gate import DETAIL
from workstation.workflow.message_text import drafted
from workstation.workflow.outlook import for_queue
from workstation.workflow.ports import ReadUnit, SigningKey, SigningOutcome, WriteUnit
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

__all__ = [
    "Blocked",
    "Changed",
    "Exported",
    "NoKey",
    "PinNotAccepted",
    "Preview",
    "Previews",
    "SignAnswer",
    "Signed",
    "confirm",
    "export",
    "for_print",
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
        unit.set_appraised(id, for_queue(now.consultation, now.appraisal, now.past))
        unit.finish(id, token, previews.revision, documents, _outcome(desk, now))
        board.signed(
            desk.catalogue, unit, now.consultation, now.appraisal.plan, session.user.id, moment
        )
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
    was shown are this very signature; None: it was not stored, and may be made again.

    Raises:
        NotAllowed: ``session.permission``. WorkstationError: ``store.server.gone``.
    """
    require(session, Permission.SIGN)
    with desk.store.reading() as unit:
        stored = {one.number: one for one in unit.documents(previews.consultation)}
    found = tuple(
        stored[shown.document.number]
        for shown in previews.documents
        if shown.document.number in stored
        and stored[shown.document.number].content_digest == shown.document.content_digest
    )
    return Signed(found) if found and len(found) == len(previews.documents) else None


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
    consultation = held(session, unit.consultation(id), token)
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


def _outcome(desk: Desk, now: _Now) -> SigningOutcome:
    appraisal = now.appraisal
    dose, regimen = appraisal.dose, appraisal.regimen
    decision = appraisal.decision
    prescribes = decision is not None and decision.kind is DecisionKind.PRESCRIBE
    tally = appraisal.tally
    override = now.draft.override
    counted = was_counted(now.draft, tally) or not appraisal.acne
    back = _returns_on(now)
    return SigningOutcome(
        status=_status(now, back),
        returns_on=back,
        grade=_grade(appraisal, override) if counted or override is not None else "",
        counts=(
            ("comedones", tally.comedones),
            ("inflammatory", tally.inflammatory),
            ("nodules_cysts", tally.nodules_cysts),
            ("total", tally.total),
        )
        if appraisal.acne and counted
        else (),
        daily=dose.daily if prescribes and dose is not None else None,
        weight=dose.weight if dose is not None else None,
        dispensed=(
            Dispensed(
                on=now.situation.today,
                daily=dose.daily,
                days=regimen.supply_days,
                formulation=regimen.formulation,
                weight=dose.weight,
                capsules=len(regimen.morning) + len(regimen.evening),
            )
            if prescribes and dose is not None and regimen is not None
            else None
        ),
        content_edition=desk.catalogue.stamp,
    )


def _grade(appraisal: Appraisal, override: GradeOverride | None) -> str:
    """The grade that stands: outside acne the clinician's global one, and no count grade."""
    if not appraisal.acne:
        return appraisal.global_grade or ""
    return override.grade if override is not None else appraisal.grade.grade


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


def _status(now: _Now, back: date | None) -> Status:
    decision = now.appraisal.decision
    if decision is not None and decision.kind is DecisionKind.START_WORK_UP:
        return Status.WAITING_FOR_WORK_UP
    return Status.CLOSED if back is None else Status.DEFERRED


def _returns_on(now: _Now) -> date | None:
    """Day on which it comes back by itself: a work-up, or treatment that ended with a test left.

    After treatment that is the first day of the latest test, which is the one a month after.
    """
    appraisal = now.appraisal
    if appraisal.work_up is not None:
        return appraisal.work_up.return_on
    if appraisal.after is None or appraisal.plan is None:
        return None
    left = [point.window.first for point in appraisal.plan.tests if point.state != "done"]
    tomorrow = add_days(now.situation.today, 1)
    return max(*left, tomorrow) if left else None
