"""A work-up that waits is over when its next visit is here: never two open for one patient."""

from __future__ import annotations

from workstation.domain.consultation import Consultation, Status
from workstation.domain.documents import DocumentKind
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.indications import used_for
from workstation.workflow import outlook
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.desk import Desk
from workstation.workflow.ports import QueueFilter, ReadUnit, WriteUnit

SYSTEM = "system"
EVERY = 1_000_000  # rows: more than a clinic has open
# Waiting, or back in the queue because its day came. One in review stays with who has it open.
BACK = frozenset(
    {Status.WAITING_FOR_WORK_UP, Status.READY, Status.DEFERRED, Status.AWAITING_PATIENT}
)


def close_earlier(desk: Desk, unit: WriteUnit, new: Consultation) -> None:
    """Close the patient's work-ups that ``new`` carries on.

    A request about something else carries nothing on, and neither does one sent before.
    """
    if not used_for(desk.catalogue.indications, new.request, None, ISOTRETINOIN):
        return
    wanted = QueueFilter(scope="all", limit=EVERY)
    for row in unit.queue(wanted, UserId(SYSTEM), new.received_at):
        if row.patient != new.patient.id or row.submitted_at >= new.submitted_at:
            continue
        lapsed = row.status is Status.IN_REVIEW and row.claimed_by is None
        if row.status in BACK or lapsed:
            close_followed(desk, unit, row.id, new.id)


def given_back(desk: Desk, unit: WriteUnit, consultation: Consultation) -> None:
    """Bring the row of a consultation up to date; close it when its next visit came meanwhile."""
    outlook.renew(desk, unit, consultation.id)
    later = later_visit(desk, unit, consultation)
    if later is not None:
        close_followed(desk, unit, consultation.id, later)


def later_visit(desk: Desk, unit: ReadUnit, of: Consultation) -> ConsultationId | None:
    """The next consultation of the same patient that carries a work-up on, open or closed."""
    now, kinds = desk.clock.now(), desk.catalogue.indications
    rows = unit.queue(QueueFilter(scope="all", limit=EVERY), UserId(SYSTEM), now)
    ahead = [
        (row.submitted_at, row.id)
        for row in rows
        if row.patient == of.patient.id and used_for(kinds, row.request, None, ISOTRETINOIN)
    ]
    for visit in unit.past_visits(of.patient.id, now):
        seen = unit.consultation(visit.consultation)
        if seen is not None and used_for(kinds, seen.request, None, ISOTRETINOIN):
            ahead.append((seen.submitted_at, seen.id))
    return next((id for at, id in sorted(ahead) if at > of.submitted_at), None)


def close_followed(desk: Desk, unit: WriteUnit, id: ConsultationId, by: ConsultationId) -> bool:
    """Close one work-up that ``by`` carries on; False when it is none, or still owes a contact."""
    signed = {document.kind for document in unit.documents(id)}
    if not signed or DocumentKind.PRESCRIPTION in signed or unit.amendment(id) is not None:
        return False  # never signed, or opened again to be corrected: it is no work-up
    found, appraisal, _ = outlook.as_it_stands(desk, unit, id)
    if appraisal.triage.needs_contact and not found.called:
        return False
    token = found.claim.token if found.claim is not None else 0
    try:
        if found.status not in (Status.IN_REVIEW, Status.WAITING_FOR_WORK_UP):
            unit.set_status(id, token, Status.IN_REVIEW, None)  # it was reviewed and signed
        unit.set_status(id, token, Status.CLOSED, None)
    except Conflict:
        return False  # open at another desk: it is closed when that one gives it back
    unit.audit("consultation.followed", id, {"by": by})
    return True
