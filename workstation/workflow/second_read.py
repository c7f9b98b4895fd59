"""Second readings: blinded, durable edit by edit, and compared with the first when finished.

Nothing here writes the consultation or its draft. A reader sees the photos and their own marks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from workstation.domain import severity
from workstation.domain.accounts import Permission
from workstation.domain.agreement import Agreement, compare
from workstation.domain.consultation import Consultation
from workstation.domain.draft import Draft, Edit, Item, ItemKind, Key
from workstation.domain.errors import Conflict
from workstation.domain.exchange import Exchanged, merge
from workstation.domain.ids import AnnotationId, ConsultationId, UserId, new_id
from workstation.domain.lesions import Annotation, Tally, ZoneId
from workstation.domain.photo import Photo
from workstation.domain.second_read import FINISHED, STARTED, SecondRead, on_the_same_skin
from workstation.domain.severity import Counts
from workstation.workflow.appraisal import counted_of, owners_of
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import ReadUnit

REACH = 60
"""Two annotations may be of one lesion within this part of the photo's longest side."""


@dataclass(frozen=True)
class Blind:
    """What a second reader sees: the consultation as it came in and the own reading.

    Nothing of the first reading is in it: that is the draft, which is not read here.
    """

    consultation: Consultation
    read: SecondRead

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos to be read."""
        return self.consultation.photos


def begin(desk: Desk, session: Session, id: ConsultationId) -> Blind:
    """Go on with this reader's open reading, or start another one.

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.SECOND_READ)
    with desk.store.writing(session.user.id, desk.station) as unit:
        consultation = _consultation(unit, id)
        own = [r for r in unit.second_reads(id) if r.reader == session.user.id]
        if own and not own[-1].finished:
            return Blind(consultation, own[-1])
        fresh = SecondRead(id, session.user.id, len(own) + 1, ())
        edit = Edit(STARTED, (), session.user.id, desk.clock.now())
        unit.append_second_read(fresh, edit)
        unit.audit("second_read.started", id, {"round": fresh.round})
    return Blind(consultation, fresh.after(edit))


def commit(desk: Desk, session: Session, read: SecondRead, edit: Edit) -> SecondRead:
    """Make one finished edit of the own reading durable; the reading after it.

    Raises:
        NotAllowed: ``session.permission``, ``second_read.reader`` for another reader's.
        Conflict: ``second_read.finished``, ``second_read.kind``, ``second_read.stale``,
            ``draft.edit.stale``.
    """
    require(session, Permission.SECOND_READ)
    if read.reader != session.user.id or edit.by != session.user.id:
        raise Conflict("second_read.reader")
    after = read.after(edit)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.append_second_read(read, edit)
        detail: dict[str, object] = {"round": read.round, "edits": len(after.edits)}
        done = edit.label == FINISHED
        unit.audit(
            "second_read.finished" if done else "second_read.edited", read.consultation, detail
        )
    return after


def take(desk: Desk, session: Session, begun: Blind, given: Exchanged) -> SecondRead:
    """Take annotations made in another program as one edit of the own reading.

    They become this reader's own, under ids of their own: a reading shares nothing with another.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``annotations.photo``, ``annotations.place``.
        Conflict: as ``commit``.
    """
    require(session, Permission.SECOND_READ)
    puts = merge(Draft.empty(begun.read.consultation), begun.photos, given)
    own: list[tuple[Key, Item | None]] = []
    for _, item in puts:
        if isinstance(item, Annotation):
            made = replace(item, id=AnnotationId(new_id()), author=session.user.id, same_as=None)
            own.append((Key.of(ItemKind.ANNOTATION, made.id), made))
    edit = begun.read.draft.put("annotation.import", own, session.user.id, desk.clock.now())
    return commit(desk, session, begun.read, edit)


def finish(desk: Desk, session: Session, read: SecondRead) -> SecondRead:
    """Close the own reading: from now on it can be compared, and no longer changed."""
    require(session, Permission.SECOND_READ)
    edit = Edit(FINISHED, (), session.user.id, desk.clock.now())
    return commit(desk, session, read, edit)


@dataclass(frozen=True)
class Compared:
    """Both readings of one consultation beside each other.

    ``second`` lies on the first reader's zones; ``reader`` is who made it, by name.
    """

    consultation: Consultation
    first: Draft
    second: Draft
    reader: str
    finished_at: datetime
    agreement: Agreement


def agreement(
    desk: Desk, session: Session, id: ConsultationId, reader: UserId | None = None
) -> Agreement:
    """How far the newest finished second reading agrees with the first; as ``compared``."""
    return compared(desk, session, id, reader).agreement


def compared(
    desk: Desk, session: Session, id: ConsultationId, reader: UserId | None = None
) -> Compared:
    """How far the newest finished second reading (of ``reader``) agrees with the first.

    A reader with an open reading of this consultation is still blinded and is refused.

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``consultation.gone``, ``second_read.blinded``, ``second_read.none``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        consultation = _consultation(unit, id)
        reads = unit.second_reads(id)
        first = unit.history(id).draft
    if any(r.reader == session.user.id and not r.finished for r in reads):
        raise Conflict("second_read.blinded")
    done = [r for r in reads if r.finished and reader in (None, r.reader)]
    if not done:
        raise Conflict("second_read.none")
    newest = max(done, key=lambda r: r.edits[-1].at)
    second = on_the_same_skin(first, newest.draft)
    with desk.store.reading() as unit:
        who = unit.user(newest.reader)
    return Compared(
        consultation,
        first,
        second,
        who.name if who is not None else "",
        newest.edits[-1].at,
        between(desk, consultation, first, second),
    )


def write_out(desk: Desk, session: Session, found: Compared, form: str) -> str:
    """Write the figures of one comparison into the outbox as ``csv`` or ``json``; audited.

    Raises:
        NotAllowed: ``session.permission``.
        WorkstationError: ``export.folder`` when the folder cannot be written.
    """
    require(session, Permission.EXPORT)
    if desk.annotation_files is None:
        raise Conflict("export.folder")
    id = found.consultation.id
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("agreement.exported", id, {"form": form})
    grades = [grade for grade, _ in desk.catalogue.rubric.grades]
    return desk.annotation_files.write_agreement({id: found.agreement}, grades, form).name


def between(desk: Desk, consultation: Consultation, first: Draft, second: Draft) -> Agreement:
    """Compare two drafts over the zones that the first reader counted on; pure."""
    other = on_the_same_skin(first, second)
    tallies = (counted_of(consultation, first), counted_of(consultation, other))
    reach = {p.id: max(p.width, p.height) / REACH for p in consultation.photos}
    owner = owners_of(consultation, first)
    cells = [(photo, zone) for zone, photo in owner.items()]
    cells += [(photo.id, ZoneId.OTHER) for photo in consultation.photos]
    rubric = desk.catalogue.rubric
    grades = tuple(severity.grade(rubric, _counts(tally)).grade for tally in tallies)
    return compare(*tallies, reach, cells, (grades[0], grades[1]))


def _counts(tally: Tally) -> Counts:
    return Counts(tally.comedones, tally.inflammatory, tally.nodules_cysts, None)


def _consultation(unit: ReadUnit, id: ConsultationId) -> Consultation:
    found = unit.consultation(id)
    if found is None:
        raise Conflict("consultation.gone")
    return found
