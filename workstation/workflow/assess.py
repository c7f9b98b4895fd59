"""The Assess step: the draft of a consultation, each finished edit durable at once."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation, ContactTry, PastVisit
from workstation.domain.draft import Edit, History, ItemKind, Reason
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, PhotoId
from workstation.domain.photo import Photo
from workstation.domain.pixels import Pixels
from workstation.domain.results import LabResult
from workstation.domain.versions import Version
from workstation.workflow import board, outlook, rule_levels
from workstation.workflow.desk import Desk, Session, held, require
from workstation.workflow.earlier import Earlier, earlier_visits

DRAWN = frozenset(
    {"annotation", "zone", "scale", "midline", "mirror", "owner", "alignment", "refusal"}
)


@dataclass(frozen=True)
class OpenCase:
    """A claimed consultation with its draft history; ``revision`` grows with each edit."""

    consultation: Consultation
    token: int
    history: History
    revision: int
    past: tuple[PastVisit, ...]
    earlier: Earlier
    versions: tuple[Version, ...] = ()  # that the sender sent after the first

    @property
    def earlier_reasons(self) -> tuple[Reason, ...]:
        """Reasons given at earlier visits."""
        return self.earlier.reasons


def open_case(desk: Desk, session: Session, id: ConsultationId, token: int) -> OpenCase:
    """Load a claimed consultation with its draft as last saved.

    Raises:
        Conflict: ``consultation.claim.lost`` when ``token`` no longer holds it.
    """
    require(session, Permission.VIEW)
    rule_levels.follow(desk)
    with desk.store.reading() as unit:
        consultation = held(session, unit.consultation(id), token)
        history = unit.history(id)
        past = unit.past_visits(consultation.patient.id, consultation.submitted_at)
        earlier = earlier_visits(unit, past)
        versions = unit.versions(id)
    return OpenCase(consultation, token, history, consultation.revision, past, earlier, versions)


def commit_edit(
    desk: Desk, session: Session, id: ConsultationId, token: int, revision: int, edit: Edit
) -> int:
    """Make one finished edit durable; the new revision (``revision`` + 1).

    Raises:
        Conflict: ``consultation.claim.lost``, ``consultation.revision.stale``,
            ``draft.edit.stale``.
    """
    kinds = {change.key.kind for change in edit.changes}
    require(session, Permission.ANNOTATE if kinds <= DRAWN else Permission.TREAT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        reached = unit.append_edit(id, token, revision, edit)
        if _may_alarm(desk, edit):
            outlook.renew(desk, unit, id)
        unit.audit("draft.edited", id, {"edit": edit.label, "revision": reached})
    return reached


def alarming(content: Catalogue) -> frozenset[str]:
    """The answers that a red flag may rest on: those it reads, and those behind computed ones."""
    found = set(content.triage.reads)
    ahead = list(found)
    while ahead:
        spec = content.facts.get(ahead.pop())
        fresh = set(() if spec is None else spec.computed_from) - found
        found |= fresh
        ahead += fresh
    return frozenset(found)


def move_cursor(
    desk: Desk, session: Session, id: ConsultationId, token: int, revision: int, step: int
) -> int:
    """Undo (``step`` -1) or redo (+1) one journalled edit durably; the new revision."""
    require(session, Permission.ANNOTATE)
    with desk.store.writing(session.user.id, desk.station) as unit:
        moved = unit.step_to_move(id, step)
        reached = unit.move_cursor(id, token, revision, step)
        if moved is not None and _may_alarm(desk, moved):
            outlook.renew(desk, unit, id)
        unit.audit("draft.undone" if step < 0 else "draft.redone", id, {"revision": reached})
    return reached


def record_result(
    desk: Desk, session: Session, id: ConsultationId, token: int | None, result: LabResult
) -> Consultation:
    """Append a laboratory or pregnancy-test result; the consultation as it now stands.

    A result is never undone: a correction is another entry that names it. It belongs to the
    patient, so nobody needs the claim (``token`` None); a screen that holds one names it.

    Raises:
        Conflict: ``consultation.claim.lost``, ``consultation.gone``.
    """
    require(session, Permission.RECORD_RESULT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        found = unit.consultation(id)
        consultation = _there(found) if token is None else _claimed(found, token)
        unit.add_result(consultation.patient.id, result)
        unit.audit("result.recorded", id, {"result": result.id, "test": result.test})
        board.refresh(desk.catalogue, unit, consultation.patient.id)
        outlook.renew(desk, unit, id)
        return _there(unit.consultation(id))


def record_contact(
    desk: Desk, session: Session, id: ConsultationId, contact: ContactTry
) -> Consultation | None:
    """Append a contact record of a red flag; nobody needs the claim for it."""
    require(session, Permission.RECORD_CONTACT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.add_contact(id, contact)
        unit.audit("contact.recorded", id, {"reached": contact.reached})
        return unit.consultation(id)


def preview_pixels(desk: Desk, consultation: Consultation, photo: PhotoId) -> Pixels:
    """The stored 1600 px preview, decoded; first sight of a photo."""
    return desk.photos.decode(desk.vault.get(_photo(consultation, photo).preview))


def full_pixels(desk: Desk, consultation: Consultation, photo: PhotoId) -> Pixels:
    """The original at full size, upright sRGB.

    Raises:
        Conflict: ``photo.not_of_this_consultation``. Corrupt: ``vault.blob.*``.
        Refused: ``intake.photo.*`` when it cannot be decoded.
    """
    return desk.photos.decode(desk.vault.get(_photo(consultation, photo).original))


def thumbnail(desk: Desk, consultation: Consultation, photo: PhotoId) -> bytes:
    """The stored thumbnail as JPEG bytes."""
    return desk.vault.get(_photo(consultation, photo).thumbnail)


def _may_alarm(desk: Desk, edit: Edit) -> bool:
    """Whether it may make or end a red flag: every desk sees that now, not when this one closes."""
    said = {change.key.name for change in edit.changes if change.key.kind == ItemKind.FACT.value}
    return bool(said) and not said.isdisjoint(alarming(desk.catalogue))


def _photo(consultation: Consultation, photo: PhotoId) -> Photo:
    for candidate in consultation.photos:
        if candidate.id == photo:
            return candidate
    raise Conflict("photo.not_of_this_consultation")


def _there(consultation: Consultation | None) -> Consultation:
    if consultation is None:
        raise Conflict("consultation.gone")
    return consultation


def _claimed(consultation: Consultation | None, token: int) -> Consultation:
    if consultation is None or consultation.claim is None or consultation.claim.token != token:
        raise Conflict("consultation.claim.lost")
    return consultation
