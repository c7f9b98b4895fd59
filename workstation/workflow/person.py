"""Everything of one person: handed over as files, or erased on request as far as the law allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import Consultation, Status
from workstation.domain.documents import SignedDocument
from workstation.domain.draft import History
from workstation.domain.errors import Conflict, Refused
from workstation.domain.ids import PatientId
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports.person import ALSO, ERASED, Erased

RETENTION = "records.retention_years"
SHORTEST_REASON = 10
_YEAR = timedelta(days=365.25)


@dataclass(frozen=True)
class Held:
    """One consultation with all that belongs to it."""

    consultation: Consultation
    history: History
    documents: tuple[SignedDocument, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the clinic holds of one person, before anything is written or erased.

    ``name`` is "" for who may not see records, and of whom only signed documents are left. ``kept`` are numbers of signed documents that an
    erasure today leaves until ``kept_until``; ``open`` counts consultations that are not closed.
    """

    patient: PatientId
    name: str
    consultations: int
    open: int
    photos: int
    documents: int
    kept: tuple[str, ...]
    kept_until: datetime | None


class Handover(Protocol):
    """Where a person's records are written to."""

    def file(self, name: str, content: bytes) -> None:
        """Write one file under a name of ours."""
        ...

    def record(self, held: tuple[Held, ...]) -> None:
        """Write everything that is not a file of its own; comes last."""
        ...


def survey(desk: Desk, session: Session, record: str, born: date) -> Survey:
    """What there is of the person with that record number and birth date; nothing is changed.

    Raises:
        NotAllowed: ``session.permission``. Conflict: ``export.patient.none``, ``erase.nobody``.
    """
    sees = may(session.user, Permission.VIEW)
    if not sees:
        require(session, Permission.ADMINISTER)
    years = settings.read(desk, session).number(RETENTION)
    since = desk.clock.now() - years * _YEAR
    with desk.store.reading() as unit:
        found = unit.board.patients_by_record(record, born)
        if len(found) != 1:
            raise Conflict("export.patient.none")
        held = [
            consultation
            for id in unit.erasing.consultations_of(found[0])
            if (consultation := unit.consultation(id)) is not None
        ]
        erased = frozenset(unit.erasing.files_to_remove())
        documents = [
            one
            for id in unit.erasing.every_of(found[0])
            for one in unit.documents(id)
            if one.address not in erased
        ]
    if not held and not documents:
        raise Conflict("erase.nobody")
    kept = [one for one in documents if one.signed_at >= since]
    newest = max((one.signed_at for one in kept), default=None)
    return Survey(
        patient=found[0],
        name=held[-1].patient.display_name if sees and held else "",
        consultations=len(held),
        open=sum(one.status not in (Status.CLOSED, Status.WITHDRAWN) for one in held),
        photos=sum(len(one.photos) for one in held),
        documents=len(documents),
        kept=tuple(one.number for one in kept),
        kept_until=None if newest is None else newest + years * _YEAR,
    )


def hand_over(desk: Desk, session: Session, patient: PatientId, to: Handover) -> tuple[Held, ...]:
    """Write every photo, signed document, answer, draft, result and message of a person; audited.

    Raises:
        NotAllowed: ``session.permission``. Conflict: ``erase.nobody``.
        Corrupt: ``vault.blob.*``. WorkstationError: ``export.folder``.
    """
    require(session, Permission.VIEW)
    require(session, Permission.EXPORT)
    with desk.store.reading() as unit:
        found = tuple(
            Held(consultation, unit.history(id), unit.documents(id))
            for id in unit.erasing.consultations_of(patient)
            if (consultation := unit.consultation(id)) is not None
        )
    if not found:
        raise Conflict("erase.nobody")
    with desk.store.writing(
        session.user.id, desk.station
    ) as unit:  # before: what left is on record
        unit.audit("person.handed_over", patient, {"consultations": len(found)})
    for n, held in enumerate(found, 1):
        for m, photo in enumerate(held.consultation.photos, 1):
            suffix = photo.media_type.rpartition("/")[2]
            name = f"visit-{n:02d}-photo-{m:02d}-{photo.view.value}.{suffix}"
            to.file(name, desk.vault.get(photo.original))
        for document in held.documents:
            to.file(f"{document.number}.pdf", desk.vault.get(document.address))
    to.record(found)
    return found


def erase(desk: Desk, session: Session, patient: PatientId, reason: str) -> Erased:
    """Erase a person: photos, answers, drafts, results, messages; the name when nothing signed stays.

    Signed documents stay for the clinic's retention time (``records.retention_years`` after the
    signature), and so does the audit trail, which holds no names. Backups made before hold all of
    it until they are let go.

    Raises:
        NotAllowed: ``session.permission``. Refused: ``erase.reason`` (fewer than 10 characters).
        Conflict: ``erase.nobody``, ``erase.open`` while a consultation is not closed.
    """
    require(session, Permission.ADMINISTER)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("erase.reason")
    now = desk.clock.now()
    years = settings.read(desk, session).number(RETENTION)
    with desk.store.writing(session.user.id, desk.station) as unit:
        erased = unit.erasing.erase(
            patient, session.user.id, reason.strip(), now, now - years * _YEAR
        )
        unit.audit(
            ERASED,
            patient,
            {
                "consultations": erased.consultations,
                "rows": erased.rows,
                "files": len(erased.files),
                "kept": list(erased.kept),
                "reason": reason.strip(),
                **({ALSO: list(erased.also)} if erased.also else {}),
            },
        )
    # After the commit: a kill in between leaves files, never rows without.
    _let_go(desk)
    return erased


def _let_go(desk: Desk) -> None:
    """Remove the files of this erasure, and of any earlier one that was killed.

    The vault keeps the same content once. So a photo that was erased and sent again later stays.
    """
    with desk.store.reading() as unit:
        listed = unit.erasing.files_to_remove()
        left = tuple(address for address in listed if desk.vault.has(address))
        needed = unit.erasing.still_needed(left)
    for address in left:
        if address not in needed:
            desk.vault.remove(address)


def kept_until(erased: Erased, years: int) -> datetime | None:
    """When what an erasure kept may go: the retention time after the newest signature."""
    return None if erased.kept_from is None else erased.kept_from + years * _YEAR
