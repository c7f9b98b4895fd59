"""Intake: a package becomes a consultation in one transaction, or leaves nothing behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workstation.domain.consultation import Consultation, Status
from workstation.domain.draft import Draft
from workstation.domain.ids import ConsultationId, PhotoId, new_id
from workstation.domain.photo import Photo
from workstation.workflow.appraisal import Situation, appraise, for_queue
from workstation.workflow.desk import Desk
from workstation.workflow.ports import Received, ReceivedPhoto

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Stored:
    """A new consultation was stored."""

    id: ConsultationId


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The same consultation was received before; nothing was written."""

    id: ConsultationId


IntakeAnswer = Stored | AlreadyHere


def receive(desk: Desk, path: Path) -> IntakeAnswer:
    """Read a package and store its consultation durably.

    Photos go to the vault first, then one transaction names them: a kill in between leaves
    unreferenced files at worst, never a consultation without its photos.

    Raises:
        Refused: ``intake.*`` when the package is not taken; nothing of it is kept.
    """
    received = desk.reader.read(path)
    source = received.source
    with desk.store.reading() as unit:
        known = unit.by_source(source.system, source.external_id)
    if known is not None:
        return AlreadyHere(known)
    today = desk.clock.today()
    photos = tuple(_store_photo(desk, photo) for photo in received.photos)
    consultation = _consultation(desk, received, photos)
    with desk.store.writing(SYSTEM, desk.station) as unit:
        # Asked again inside the transaction: two inboxes may have read the same package.
        known = unit.by_source(source.system, source.external_id)
        if known is not None:
            return AlreadyHere(known)
        past = unit.past_visits(consultation.patient.id, consultation.submitted_at)
        situation = Situation(desk.catalogue, None, unit.clinic(), desk.clock.now(), today)
        appraisal = appraise(consultation, Draft.empty(consultation.id), past, situation)
        unit.add_patient_and_consultation(
            consultation, for_queue(consultation, appraisal, past, today)
        )
        unit.audit(
            "consultation.received",
            consultation.id,
            {"package": source.package_digest, "photos": len(photos)},
        )
    return Stored(consultation.id)


def _store_photo(desk: Desk, photo: ReceivedPhoto) -> Photo:
    seen = desk.photos.examine(photo.content, desk.clock.today())
    return Photo(
        id=PhotoId(new_id()),
        view=photo.view,
        media_type=seen.media_type,
        width=seen.width,
        height=seen.height,
        digest=photo.digest,
        original=desk.vault.put(photo.content),
        preview=desk.vault.put(seen.preview),
        thumbnail=desk.vault.put(seen.thumbnail),
        taken_at=seen.taken_at,
        measures=seen.measures,
        quality=seen.quality,
    )


def _consultation(desk: Desk, received: Received, photos: tuple[Photo, ...]) -> Consultation:
    return Consultation(
        id=ConsultationId(new_id()),
        patient=received.patient,
        visit=received.visit,
        previous=None,
        request=received.request,
        source=received.source,
        submitted_at=received.submitted_at,
        received_at=desk.clock.now(),
        answers=received.answers,
        facts=received.facts,
        photos=photos,
        results=received.results,
        dispensed=received.dispensed,
        prior_courses=received.prior_courses,
        own_words=received.own_words,
        status=Status.READY,
        returns_on=None,
        claim=None,
        contacts=(),
        revision=0,
        content_edition=None,
    )
