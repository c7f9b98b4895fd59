"""Intake: a package becomes a consultation in one transaction, or leaves nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation, Status
from workstation.domain.dates import add_days
from workstation.domain.draft import Draft
from workstation.domain.errors import Refused
from workstation.domain.identity import Doubt, IdentityDoubt, Settled, Settlement
from workstation.domain.ids import ConsultationId, PhotoId, UserId, new_id
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import Photo
from workstation.domain.scripts import mixed_name
from workstation.domain.versions import Version, differences
from workstation.workflow import board, results, work_up
from workstation.workflow.appraisal import Situation, appraise
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.outlook import renew, row_of, start_anew
from workstation.workflow.ports import Examined, Received, ReceivedPhoto, WriteUnit
from workstation.workflow.ports.board import ReceivedResults
from workstation.workflow.results import Filed

SYSTEM = "system"
NO_ROOM = "intake.disk.low"
"""Code of a refusal that is about the disk, not about the package: it may be offered again."""
STOPPED = "intake.stopped"
"""Code of a refusal that somebody asked for: the package may be offered again."""
_AT_ONCE = 2  # photos looked at together: as many as there are decode children


@dataclass(frozen=True, slots=True)
class Stored:
    """A new consultation was stored. ``scripts`` are those its patient's name mixes, if it does."""

    id: ConsultationId
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The same consultation was received before; nothing was written."""

    id: ConsultationId


@dataclass(frozen=True, slots=True)
class Updated:
    """A later version of a consultation that is here was stored beside its draft."""

    id: ConsultationId
    version: Version
    scripts: tuple[str, ...] = ()


class Watch:
    """How far one package is, for another thread to look at, and its way to stop it.

    ``photos`` are looked at of ``of``; ``stop`` ends it before the next photo, and nothing is kept.
    """

    def __init__(self) -> None:
        self.photos = self.of = 0
        self.stopped = False

    def begin(self, of: int) -> None:
        """So many photos are to be looked at."""
        self.photos, self.of = 0, of

    def next(self) -> None:
        """Another photo begins; raises Refused ``intake.stopped`` when it was asked to stop."""
        if self.stopped:
            raise Refused(STOPPED)

    def seen(self) -> None:
        """A photo is looked at."""
        self.photos += 1


IntakeAnswer = Stored | AlreadyHere | Updated
WORDS = {Stored: "stored", AlreadyHere: "already here", Updated: "updated"}


def receive(desk: Desk, path: Path, watch: Watch | None = None) -> IntakeAnswer:
    """Read a package and store its consultation durably.

    Photos go to the vault first, then one transaction names them: a kill in between leaves
    unreferenced files at worst, never a consultation without its photos.

    Raises:
        Refused: ``intake.*`` when the package is not taken; nothing of it is kept.
            ``intake.disk.low`` when the disk has less than ``keeping.INTAKE_BELOW``.
    """
    _refuse_without_room(desk)
    return _stored(desk, desk.reader.read(path), watch or Watch())


def take(desk: Desk, path: Path, watch: Watch | None = None) -> IntakeAnswer | Filed:
    """As ``receive``; a file of laboratory results alone is stored with its patient.

    Raises:
        Refused: ``intake.*`` when the file is not taken; nothing of it is kept.
    """
    _refuse_without_room(desk)
    received = desk.reader.read_any(path)
    if isinstance(received, ReceivedResults):
        return results.file(desk, received)
    return _stored(desk, received, watch or Watch())


def bring(
    desk: Desk, session: Session, path: Path, watch: Watch | None = None
) -> IntakeAnswer | Filed:
    """As ``take``, of a file that a person brings: dropped, or named on the command line.

    Raises:
        NotAllowed: ``session.permission``. Refused: ``intake.*`` as ``take``.
    """
    require(session, Permission.IMPORT)
    return take(desk, path, watch)


def _refuse_without_room(desk: Desk) -> None:
    if not desk.has_room():
        raise Refused(NO_ROOM)


def _stored(desk: Desk, received: Received, watch: Watch) -> IntakeAnswer:
    source = received.source
    with desk.store.reading() as unit:
        known = unit.by_source(source.system, source.external_id)
        here = None if known is None else unit.consultation(known)
        later = () if known is None else unit.versions(known)
    if here is not None:
        return _known(desk, received, here, later, watch)
    today = desk.clock.today()
    received = _on_our_calendar(received, today)
    # All photos are examined before the first is kept: a refused package leaves nothing behind.
    seen = _all_examined(desk, received, watch)
    photos = tuple(
        _store_photo(desk, photo, found) for photo, found in zip(received.photos, seen, strict=True)
    )
    consultation = consultation_of(desk, received, photos)
    with desk.store.writing(SYSTEM, desk.station) as unit:
        # Asked again inside the transaction: two inboxes may have read the same package.
        known = unit.by_source(source.system, source.external_id)
        if known is not None:
            return AlreadyHere(known)
        work_up.close_earlier(desk, unit, consultation)
        doubts = unit.identity.doubts_about(consultation)
        past = unit.past_visits(consultation.patient.id, consultation.submitted_at)
        situation = Situation(desk.catalogue, None, unit.clinic(), desk.clock.now(), today)
        appraisal = appraise(consultation, Draft.empty(consultation.id), past, situation)
        unit.add_patient_and_consultation(
            consultation, row_of(desk, unit, consultation, appraisal, past)
        )
        unit.identity.add(consultation.id, doubts)
        unit.audit(
            "consultation.received",
            consultation.id,
            {
                "package": source.package_digest,
                "photos": len(photos),
                "doubts": [one.doubt.value for one in doubts],
                "scripts": _scripts(consultation.patient),
            },
        )
        board.refresh(desk.catalogue, unit, consultation.patient.id)
    return Stored(consultation.id, _scripts(consultation.patient))


def _known(
    desk: Desk,
    received: Received,
    here: Consultation,
    later: tuple[Version, ...],
    watch: Watch,
) -> IntakeAnswer:
    """What comes again under a sender's identifier: nothing new, a later version, or a new matter.

    Raises:
        Refused: ``intake.update.patient``, ``intake.update.request``, ``intake.update.older``.
    """
    source = received.source
    with desk.store.reading() as unit:
        digests = unit.digests(here.id)
    if source.package_digest in digests:
        return AlreadyHere(here.id)
    if received.patient.id != here.patient.id:
        raise Refused("intake.update.patient")
    if (received.request, received.visit) != (here.request, here.visit):
        raise Refused("intake.update.request")
    if received.submitted_at < (later[-1].submitted_at if later else here.submitted_at):
        raise Refused("intake.update.older")
    if here.status in (Status.CLOSED, Status.WITHDRAWN):
        # What was signed stays as it is; what the patient says now is looked at as a new matter.
        again = f"{source.external_id}#{source.package_digest[:8]}"
        anew = replace(received, source=replace(source, external_id=again))
        return _stored(desk, anew, watch)
    return _updated(desk, received, here, later, watch)


def _updated(
    desk: Desk,
    received: Received,
    here: Consultation,
    later: tuple[Version, ...],
    watch: Watch,
) -> IntakeAnswer:
    received = _on_our_calendar(received, desk.clock.today())
    kept = {photo.digest: photo for photo in here.photos}
    fresh = replace(received, photos=tuple(p for p in received.photos if p.digest not in kept))
    seen = _all_examined(desk, fresh, watch)
    added = (_store_photo(desk, p, found) for p, found in zip(fresh.photos, seen, strict=True))
    made = consultation_of(desk, received, (*here.photos, *added))
    new = replace(
        made,
        id=here.id,
        submitted_at=here.submitted_at,
        received_at=here.received_at,
        contacts=here.contacts,
        level_change=here.level_change,
        level_received=here.level_received,
        level_shown=here.level_shown,
        clock_from=here.clock_from,
        raised_at=here.raised_at,
    )
    found = differences(here, new)
    waits = here.status is Status.AWAITING_PATIENT
    if not found and not waits:
        return AlreadyHere(here.id)  # the same in another wrapping
    version = Version(
        number=len(later) + 2,
        package_digest=received.source.package_digest,
        submitted_at=received.submitted_at,
        received_at=desk.clock.now(),
        differences=found,
    )
    with desk.store.writing(SYSTEM, desk.station) as unit:
        past = unit.past_visits(new.patient.id, new.submitted_at)
        now, today = desk.clock.now(), desk.clock.today()
        situation = Situation(desk.catalogue, None, unit.clinic(), now, today)
        appraisal = appraise(new, unit.history(here.id).draft, past, situation)
        doubts = _doubts_anew(unit, here, new, now)
        unit.add_version(new, version, row_of(desk, unit, new, appraisal, past))
        if waits and here.claim is None:
            unit.set_status(here.id, 0, Status.READY, None)
            start_anew(desk, unit, here.id)  # complete only now
            renew(desk, unit, here.id)
        unit.audit(
            "consultation.updated",
            here.id,
            {
                "package": version.package_digest,
                "version": version.number,
                "differences": len(version.differences),
                "doubts": [one.doubt.value for one in doubts],
                "scripts": _scripts(new.patient),
            },
        )
        board.refresh(desk.catalogue, unit, new.patient.id)
    return Updated(here.id, version, _scripts(new.patient))


def _doubts_anew(
    unit: WriteUnit, here: Consultation, new: Consultation, now: datetime
) -> tuple[IdentityDoubt, ...]:
    """What a later version brings into doubt: kept with the consultation, or in doubt once more.

    The consultation itself stands for whom it was about so far. A like name that was settled before
    stays settled while name and birth date are the ones it was settled for.
    """
    found = unit.identity.doubts_about(new)
    settled = {one.key: one for one in here.doubts}
    fresh = tuple(one for one in found if one.key not in settled)
    unit.identity.add(here.id, fresh)
    changed = _who(here) != _who(new)
    again = tuple(
        one
        for one in found
        if one.key in settled
        and settled[one.key].is_answered
        and (one.doubt is Doubt.CONFLICT or (one.doubt is Doubt.SIMILAR and changed))
    )
    for one in again:
        unit.identity.answer(here.id, one, Settlement(Settled.OPEN, UserId(SYSTEM), now))
    return (*fresh, *again)


def _who(of: Consultation) -> tuple[object, ...]:
    return of.patient.family, of.patient.given, of.patient.born, of.patient.sex


def _scripts(patient: PatientSnapshot) -> tuple[str, ...]:
    """The scripts that a name mixes: warned of, never a reason to refuse."""
    found = mixed_name(patient.family, patient.given, patient.native_name)
    return found.scripts if found is not None else ()


def _on_our_calendar(received: Received, today: date) -> Received:
    """Days as the clinic's calendar has them.

    A sender east of the clinic, or one that writes UTC, may be a day ahead: what was answered with
    the package was answered on our today, not tomorrow.
    """
    tomorrow = add_days(today, 1)
    return replace(
        received,
        facts=tuple(
            replace(fact, as_of=today) if fact.as_of == tomorrow else fact
            for fact in received.facts
        ),
    )


def _all_examined(desk: Desk, received: Received, watch: Watch) -> tuple[Examined, ...]:
    """What every photo is, in order; decoded beside each other, refused by the first at fault."""
    watch.begin(len(received.photos))

    def examined(photo: ReceivedPhoto) -> Examined:
        watch.next()
        found = _examined(desk, photo, received.submitted_at)
        watch.seen()
        return found

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="examine") as pool:
        coming = [pool.submit(examined, photo) for photo in received.photos]
        try:
            return tuple(one.result() for one in coming)
        finally:
            for one in coming:
                one.cancel()


def _examined(desk: Desk, photo: ReceivedPhoto, submitted: datetime) -> Examined:
    """Check and measure one photo; its age counts to the day it was sent.

    Raises:
        Refused: ``intake.photo.*``; ``intake.photo.type`` when it is not what it was called.
    """
    found = desk.photos.examine(photo.content, submitted.date())
    if found.media_type != photo.declared_type:
        raise Refused("intake.photo.type")
    return found


def _store_photo(desk: Desk, photo: ReceivedPhoto, seen: Examined) -> Photo:
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


def consultation_of(desk: Desk, received: Received, photos: tuple[Photo, ...] = ()) -> Consultation:
    """What was received as a new consultation; nothing is stored."""
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
        # Who sent neither a photo nor an answer is asked first: there is nothing to look at yet.
        status=Status.READY if received.photos or received.answers else Status.AWAITING_PATIENT,
        returns_on=None,
        claim=None,
        contacts=(),
        revision=0,
        content_edition=None,
    )
