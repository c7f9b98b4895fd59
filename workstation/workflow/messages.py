"""Messages to the patient: written to the outbox as text, kept with the consultation, audited."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Status
from workstation.domain.errors import Refused
from workstation.domain.ids import ConsultationId
from workstation.domain.messages import PATIENT, Message, SentMessage
from workstation.workflow import outlook
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.message_text import ASK, Wanted, text_of, wanted
from workstation.workflow.ports import WriteUnit
from workstation.workflow.triage import may_leave


@dataclass(frozen=True)
class Questions:
    """What could be asked of a patient now, and how it reads in a language."""

    wanted: Wanted
    owes_contact: bool
    text: Callable[[str, tuple[tuple[str, str], ...]], str]


def questions(desk: Desk, session: Session, id: ConsultationId) -> Questions:
    """What is missing of a consultation; ``text`` drafts it for a language and chosen views.

    Raises:
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        found, appraisal, _ = outlook.as_it_stands(desk, unit, id)
        clinic = unit.clinic()
    missing = wanted(found, appraisal, desk.catalogue)

    def text(language: str, views: tuple[tuple[str, str], ...]) -> str:
        return text_of(
            ASK,
            found,
            clinic,
            desk.catalogue,
            language=language,
            audience=PATIENT,
            missing=replace(missing, views=views),
            detail=None,
        )

    return Questions(missing, appraisal.triage.needs_contact and not found.called, text)


def ask_patient(desk: Desk, session: Session, id: ConsultationId, message: Message) -> SentMessage:
    """Ask for answers or photos: the message goes out, the consultation waits for the patient.

    One step: when the message cannot be written, nothing has changed.

    Raises:
        Refused: ``message.empty``.
        Conflict: ``consultation.contact.missing`` for a red flag without a contact record,
            ``consultation.held``, ``consultation.gone``, ``consultation.status.move``.
        WorkstationError: ``export.folder``.
    """
    require(session, Permission.ASK_PATIENT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        token = may_leave(desk, session, unit, id)
        sent = keep(desk, session, unit, id, message)
        unit.set_status(id, token, Status.AWAITING_PATIENT, None)
        unit.release(id, token)
        desk.outbox.write_text(sent.number, sent.message.text)
    return sent


def keep(
    desk: Desk, session: Session, unit: WriteUnit, id: ConsultationId, message: Message
) -> SentMessage:
    """Put a message on record under its number, within the caller's transaction.

    Raises:
        Refused: ``message.empty``.
    """
    if not message.text.strip():
        raise Refused("message.empty")
    now = desk.clock.now()
    sent = unit.add_message(id, message, session.user.id, now, desk.clock.today().year)
    detail: dict[str, object] = {
        "number": sent.number,
        "purpose": message.purpose,
        "language": message.language,
        "audience": message.audience,
        "text": hashlib.sha256(message.text.encode()).hexdigest(),
    }
    unit.audit("message.sent", id, detail)
    return sent
