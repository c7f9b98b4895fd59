"""A signed isotretinoin prescription that a pharmacy may still dispense: what can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation
from workstation.domain.dates import add_days
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.draft import Pharmacy
from workstation.domain.ids import ConsultationId
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import ReadUnit


@dataclass(frozen=True, slots=True)
class VoidOffer:
    """A signed prescription that may still lie undispensed, and the last day it may be."""

    document: SignedDocument
    until: date
    pharmacy: Pharmacy | None


def offer(desk: Desk, session: Session, id: ConsultationId) -> VoidOffer | None:
    """The newest prescription of this consultation's patient that may still be dispensed; else None.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        found = unit.consultation(id)
        return None if found is None else void_offer(desk, unit, found, desk.clock.today())


def void_offer(desk: Desk, unit: ReadUnit, found: Consultation, today: date) -> VoidOffer | None:
    """The patient's newest prescription while a pharmacy may still dispense it."""
    rules = desk.catalogue.rems_on(today, None)
    longest = max(rules.window_can_days, rules.window_cannot_days or 0)
    for visit in reversed(unit.past_visits(found.patient.id, found.submitted_at)):
        for document in reversed(unit.documents(visit.consultation)):
            if (
                document.kind is DocumentKind.PRESCRIPTION
                and unit.document_end(document.id) is None
            ):
                until = add_days(visit.on, longest - 1)
                chosen = unit.history(visit.consultation).draft.pharmacy
                return VoidOffer(document, until, chosen) if today <= until else None
    return None
