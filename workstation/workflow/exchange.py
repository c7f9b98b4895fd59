"""Annotations of a consultation out to a file and back in, as one undo step."""

from __future__ import annotations

from pathlib import Path

from workstation.domain.accounts import Permission
from workstation.domain.draft import Draft
from workstation.domain.errors import Conflict
from workstation.domain.exchange import AnnotationSet, Exchanged, merge
from workstation.domain.ids import ConsultationId
from workstation.workflow import assess, handing_over, queue
from workstation.workflow.appraisal import counted_of
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import AnnotationFiles
from workstation.workflow.ports.dicom import DicomObjects
from workstation.workflow.queue import Claimed

LABEL = "annotation.import"
DICOM = ".dcm"


def export(desk: Desk, session: Session, id: ConsultationId) -> AnnotationSet:
    """Everything drawn on the photos of a consultation; audited.

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.EXPORT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        consultation = unit.consultation(id)
        if consultation is None:
            raise Conflict("consultation.gone")
        draft = unit.history(id).draft
        unit.audit("annotations.exported", id, {"count": len(draft.annotations)})
    tally = counted_of(consultation, draft)
    zones = {p.annotation.id: p.zone for p in tally.placed}
    return AnnotationSet.of(draft, consultation.photos, zones)


def write_out(desk: Desk, session: Session, id: ConsultationId, form: str) -> tuple[int, str]:
    """Write a consultation's annotations into the outbox as ``coco``, ``csv`` or ``fhir``; audited.

    Returns how many annotations there are and the file's name.

    Raises:
        NotAllowed, Conflict: as ``export``.
        WorkstationError: ``export.folder`` when the folder cannot be written.
    """
    given = export(desk, session, id)
    return len(given.annotations), _files(desk).write(given, form).name


def read_in(desk: Desk, session: Session, path: Path) -> Exchanged:
    """What a file of annotations holds; nothing is changed.

    Raises:
        NotAllowed: ``session.permission``.
        Refused: ``annotations.format``.
    """
    require(session, Permission.ANNOTATE)
    if path.suffix.lower() == DICOM and desk.dicom is not None:
        return desk.dicom.read(path)
    return _files(desk).read(path)


def begin_dicom(desk: Desk, session: Session, id: ConsultationId) -> DicomObjects:
    """Everything of a consultation that its DICOM objects need, before the first is made; audited.

    Raises:
        NotAllowed, Conflict: as ``export``.
        WorkstationError: ``export.dicom.extra`` when the optional part is not installed.
    """
    require(session, Permission.EXPORT)
    if desk.dicom is None:
        raise Conflict("export.dicom.extra")
    given = handing_over.consultation(desk, session, id, "dicom")
    drawn, reader = handing_over.drawn(desk, given)
    contents = tuple(content for _, _, content in given.photos)
    return desk.dicom.begin(given.consultation, contents, drawn, reader)


def take(desk: Desk, session: Session, id: ConsultationId, given: Exchanged) -> int:
    """Merge a file into the draft as one undo step; how many items changed (0: it was all there).

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``consultation.held`` when somebody else has it, ``consultation.gone``.
        Refused: ``annotations.photo``, ``annotations.place``; then nothing is changed.
    """
    require(session, Permission.ANNOTATE)
    answer = queue.claim(desk, session, id)
    if not isinstance(answer, Claimed):
        held = isinstance(answer, queue.HeldBy)
        raise Conflict("consultation.held" if held else "consultation.gone")
    token = answer.claim.token
    try:
        case = assess.open_case(desk, session, id, token)
        draft: Draft = case.history.draft
        puts = merge(draft, case.consultation.photos, given)
        edit = draft.put(LABEL, puts, session.user.id, desk.clock.now())
        if edit.changes:
            assess.commit_edit(desk, session, id, token, case.revision, edit)
        return len(edit.changes)
    finally:
        queue.release(desk, session, id, token)


def _files(desk: Desk) -> AnnotationFiles:
    if desk.annotation_files is None:
        raise Conflict("export.folder")
    return desk.annotation_files
