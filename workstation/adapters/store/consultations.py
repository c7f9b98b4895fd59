"""Consultations as received, their status, results, contacts, supplies and past visits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from workstation.adapters.store import endings, identity, names, queue, rows, supplies
from workstation.adapters.store.schema import (
    consultation as c,
)
from workstation.adapters.store.schema import (
    consultation_content,
    consultation_version,
    contact,
    message,
    patient,
    result,
)
from workstation.domain.consultation import (
    MOVES,
    Answer,
    Consultation,
    ContactTry,
    Delivery,
    PriorCourse,
    RequestKind,
    Status,
    owes_contact,
)
from workstation.domain.errors import Conflict
from workstation.domain.facts import Fact
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.messages import SentMessage
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import Photo, View
from workstation.domain.results import LabResult
from workstation.domain.triage import LevelChange, TriageLevel
from workstation.workflow.ports import Appraised

_STANDARD_VIEWS = tuple(view for view in View if view is not View.OTHER)
# Made once: building a statement and finding it again among the compiled ones takes as long as asking.
_ROW = (
    select(c, consultation_content.c.content)
    .join(consultation_content, consultation_content.c.consultation == c.c.id)
    .where(c.c.id == bindparam("id"))
)
_NEWEST = (
    select(consultation_version.c.content)
    .where(consultation_version.c.consultation == bindparam("id"))
    .order_by(consultation_version.c.number.desc())
    .limit(1)
)
_RESULTS = (
    select(result.c.content).where(result.c.patient == bindparam("who")).order_by(result.c.seq)
)
_CONTACTS = (
    select(contact.c.content)
    .where(contact.c.consultation == bindparam("id"))
    .order_by(contact.c.seq)
)
_MESSAGES = (
    select(message.c.content)
    .where(message.c.consultation == bindparam("id"))
    .order_by(message.c.number)
)


@dataclass(frozen=True, slots=True)
class Received:
    """What came in and never changes: the JSON of one ``consultation_content`` row."""

    patient: PatientSnapshot
    source: Delivery
    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    photos: tuple[Photo, ...]
    prior_courses: tuple[PriorCourse, ...]
    own_words: str


def prepare() -> None:
    """Do ahead what the first consultation read or written would do."""
    rows.prepare(Received, LabResult, ContactTry, SentMessage, LevelChange)


def consultation(connection: Connection, id: ConsultationId) -> Consultation | None:
    """The consultation with the patient's results of all visits and supplies of earlier ones."""
    row = connection.execute(_ROW, {"id": id}).one_or_none()
    if row is None:
        return None
    newest = connection.scalar(_NEWEST, {"id": id})
    received = rows.from_text(row.content if newest is None else newest, Received)
    return Consultation(
        id=ConsultationId(row.id),
        patient=received.patient,
        visit=row.visit,
        previous=None if row.previous is None else ConsultationId(row.previous),
        request=RequestKind(row.request),
        source=received.source,
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        answers=received.answers,
        facts=received.facts,
        photos=received.photos,
        results=_results(connection, row.patient),
        dispensed=supplies.of_earlier_visits(connection, row.id, row.patient, row.submitted_at),
        prior_courses=received.prior_courses,
        own_words=received.own_words,
        status=Status(row.status),
        returns_on=row.returns_on,
        claim=queue.claim_of(row),
        contacts=contacts(connection, id),
        revision=row.revision,
        content_edition=row.content_edition,
        level_received=TriageLevel(row.level_received or 0),
        level_change=None
        if row.level_change is None
        else rows.from_text(row.level_change, LevelChange),
        messages=_messages(connection, id),
        doubts=identity.doubts_of(connection, id),
        ended=endings.treatment_ended(connection, row.id, row.patient, row.submitted_at),
        unseen=0 if newest is None else _unseen(connection, row.id),
        level_shown=TriageLevel(row.level),
        clock_from=row.clock_from,
        raised_at=row.raised_at,
    )


def _unseen(connection: Connection, id: str) -> int:
    """Later versions that differ and that nobody said they saw."""
    v = consultation_version
    found = connection.scalar(
        select(func.count()).where(
            v.c.consultation == id, v.c.seen_by.is_(None), v.c.differences != rows.to_text(())
        )
    )
    return found or 0


def by_source(connection: Connection, system: str, external_id: str) -> ConsultationId | None:
    """The consultation received under that sender's identifier."""
    found = connection.scalar(
        select(c.c.id).where(c.c.source_system == system, c.c.source_external_id == external_id)
    )
    return None if found is None else ConsultationId(found)


def add(connection: Connection, new: Consultation, appraised: Appraised) -> None:
    """Store a new consultation with its results, contacts and supplies, and the patient when new.

    Raises:
        Conflict: ``consultation.received.already`` for an id or sender's identifier that is here.
    """
    known = by_source(connection, new.source.system, new.source.external_id)
    if known is not None or connection.scalar(select(c.c.id).where(c.c.id == new.id)) is not None:
        raise Conflict("consultation.received.already", consultation=new.id)
    who = new.patient
    if connection.scalar(select(patient.c.id).where(patient.c.id == who.id)) is None:
        connection.execute(insert(patient).values(id=who.id, created_at=new.received_at))
    connection.execute(
        insert(c).values(
            **_columns(new), **appraised_columns(appraised), level_received=appraised.level
        )
    )
    connection.execute(
        insert(consultation_content).values(consultation=new.id, content=content_of(new))
    )
    identity.see_photos(connection, new)
    for one in new.results:
        receive_result(connection, who.id, one)
    for tried in new.contacts:
        add_contact(connection, new.id, tried)
    for given in new.dispensed:
        supplies.add(connection, new.id, who.id, new.submitted_at, given, reported=True)


def content_of(new: Consultation) -> str:
    """What was received, as the JSON of its row."""
    return rows.to_text(
        Received(
            patient=new.patient,
            source=new.source,
            answers=new.answers,
            facts=new.facts,
            photos=new.photos,
            prior_courses=new.prior_courses,
            own_words=new.own_words,
        )
    )


def set_appraised(connection: Connection, id: ConsultationId, appraised: Appraised) -> None:
    """Store what the queue shows.

    Raises:
        Conflict: ``consultation.gone``.
    """
    changed = connection.execute(
        update(c).where(c.c.id == id).values(**appraised_columns(appraised))
    )
    if changed.rowcount != 1:
        raise Conflict("consultation.gone", consultation=id)


def start_clock(connection: Connection, id: ConsultationId, at: datetime) -> None:
    """Let the target run from ``at``; the deadline follows with ``set_appraised``."""
    connection.execute(update(c).where(c.c.id == id).values(clock_from=at, raised_at=None))


def set_status(
    connection: Connection,
    id: ConsultationId,
    token: int,
    status: Status,
    returns_on: date | None,
) -> None:
    """Move to ``status``; token 0 moves a consultation that nobody holds.

    Raises:
        Conflict: ``consultation.gone``, ``consultation.claim.lost``, ``consultation.status.move``,
            ``consultation.contact.missing``.
    """
    row = connection.execute(
        select(c.c.status, c.c.claim_user, c.c.claim_token).where(c.c.id == id)
    ).one_or_none()
    if row is None:
        raise Conflict("consultation.gone", consultation=id)
    holds = token == 0 if row.claim_user is None else token == row.claim_token
    if not holds:
        raise Conflict("consultation.claim.lost", consultation=id)
    check_move(id, Status(row.status), status)
    check_contact(connection, id, status)
    connection.execute(
        update(c)
        .where(c.c.id == id)
        .values(
            status=status.value,
            is_open=status not in queue.CLOSED,
            returns_on=returns_on,
            **(queue.no_claim() if status in queue.CLOSED else {}),
        )
    )


def check_move(id: ConsultationId, old: Status, new: Status) -> None:
    """Raises Conflict ``consultation.status.move`` when the move is not in the table of moves."""
    if new not in MOVES[old]:
        raise Conflict("consultation.status.move", consultation=id, old=old.value, new=new.value)


def check_contact(connection: Connection, id: ConsultationId, new: Status) -> None:
    """Refuse to put a red flag out of sight before somebody tried to call, by whatever path.

    Raises:
        Conflict: ``consultation.contact.missing``.
    """
    row = connection.execute(select(c.c.level, c.c.raised_at).where(c.c.id == id)).first()
    level, known = (0, None) if row is None else row
    tried = [one for one in contacts(connection, id) if known is None or one.at >= known]
    if owes_contact(level or 0, len(tried), new):
        raise Conflict("consultation.contact.missing", consultation=id)


def set_level(connection: Connection, id: ConsultationId, change: LevelChange) -> None:
    """Keep the level that somebody set by hand.

    Raises:
        Conflict: ``consultation.gone``.
    """
    kept = connection.execute(
        update(c).where(c.c.id == id).values(level_change=rows.to_text(change))
    )
    if kept.rowcount != 1:
        raise Conflict("consultation.gone", consultation=id)


def add_message(connection: Connection, id: ConsultationId, sent: SentMessage) -> None:
    """Append a message that goes to the patient.

    Raises:
        Conflict: ``consultation.gone``.
    """
    if connection.scalar(select(c.c.id).where(c.c.id == id)) is None:
        raise Conflict("consultation.gone", consultation=id)
    connection.execute(
        insert(message).values(number=sent.number, consultation=id, content=rows.to_text(sent))
    )


def add_result(connection: Connection, who: PatientId, new: LabResult) -> None:
    """Append a laboratory result.

    Raises:
        Conflict: ``result.known`` for an id that is here, ``result.corrects.unknown`` when it
            corrects none of this patient's results.
    """
    if connection.scalar(select(result.c.id).where(result.c.id == new.id)) is not None:
        raise Conflict("result.known", result=new.id)
    if new.corrects is not None:
        replaced = select(result.c.id).where(result.c.id == new.corrects, result.c.patient == who)
        if connection.scalar(replaced) is None:
            raise Conflict("result.corrects.unknown", result=new.id)
    connection.execute(insert(result).values(id=new.id, patient=who, content=rows.to_text(new)))


def receive_result(connection: Connection, who: PatientId, new: LabResult) -> None:
    """Append a result that came with a consultation; senders repeat those of earlier visits.

    Raises:
        Conflict: ``result.known`` when its id is another patient's, or stands for another value.
    """
    row = connection.execute(
        select(result.c.patient, result.c.content).where(result.c.id == new.id)
    ).one_or_none()
    if row is None:
        add_result(connection, who, new)
        return
    known = replace(rows.from_text(row.content, LabResult), recorded_at=new.recorded_at)
    if row.patient != who or known != new:
        raise Conflict("result.known", result=new.id)


def add_contact(connection: Connection, id: ConsultationId, new: ContactTry) -> None:
    """Append a contact record.

    Raises:
        Conflict: ``consultation.gone``.
    """
    if connection.scalar(select(c.c.id).where(c.c.id == id)) is None:
        raise Conflict("consultation.gone", consultation=id)
    connection.execute(insert(contact).values(consultation=id, content=rows.to_text(new)))


def _results(connection: Connection, who: str) -> tuple[LabResult, ...]:
    found = connection.scalars(_RESULTS, {"who": who})
    return tuple(rows.from_text(content, LabResult) for content in found)


def contacts(connection: Connection, id: str) -> tuple[ContactTry, ...]:
    found = connection.scalars(_CONTACTS, {"id": id})
    return tuple(rows.from_text(content, ContactTry) for content in found)


def _messages(connection: Connection, id: str) -> tuple[SentMessage, ...]:
    found = connection.scalars(_MESSAGES, {"id": id})
    return tuple(rows.from_text(content, SentMessage) for content in found)


def shown_columns(new: Consultation) -> dict[str, object]:
    """What the queue shows and finds of the patient and the photos, as columns."""
    who = new.patient
    seen = {photo.view for photo in new.photos}
    return {
        "family": who.family,
        "given": who.given,
        "born": who.born,
        "sex": who.sex.value,
        "external_id": who.external_id,
        "photo_count": len(new.photos),
        "views_missing": rows.texts_to(
            tuple(view.value for view in _STANDARD_VIEWS if view not in seen)
        ),
        "search_text": names.search_text(
            who.family, who.given, who.native_name, who.external_id, new.source.external_id
        ),
        "sounds_like": names.sounds_like(who.family, who.given),
    }


def _columns(new: Consultation) -> dict[str, object]:
    who = new.patient
    held = new.claim
    return {
        **shown_columns(new),
        "id": new.id,
        "patient": who.id,
        "visit": new.visit,
        "previous": new.previous,
        "request": new.request.value,
        "source_system": new.source.system,
        "source_external_id": new.source.external_id,
        "submitted_at": new.submitted_at,
        "received_at": new.received_at,
        "status": new.status.value,
        "is_open": new.status not in queue.CLOSED,
        "returns_on": new.returns_on,
        "revision": new.revision,
        "claim_user": held.user if held else None,
        "claim_station": held.station if held else None,
        "claim_taken_at": held.taken_at if held else None,
        "claim_until": held.until if held else None,
        "claim_token": held.token if held else 0,
        "edit_cursor": 0,
        "edit_count": 0,
        "item_count": 0,
        "sitting": 0,
        "content_edition": new.content_edition,
    }


def appraised_columns(appraised: Appraised) -> dict[str, object]:
    """What the queue shows, as columns."""
    return {
        "level": appraised.level,
        "flag_codes": rows.texts_to(appraised.flag_codes),
        "deadline": appraised.deadline,
        "stands_out": appraised.stands_out,
        "stands_out_level": appraised.stands_out_level,
        "severity": appraised.severity,
        "severity_source": appraised.severity_source,
        "raised_at": appraised.raised_at,
    }
