"""Composing documents: a decision about an appraised consultation becomes documents to sign."""

from __future__ import annotations

from workstation.domain.decisions import ENDS_TREATMENT
from workstation.domain.documents import Document, DocumentKind
from workstation.domain.draft import DecisionKind
from workstation.workflow.amended import amended
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.directed_page import directed_prescription
from workstation.workflow.letters import decline_letter, end_letter, referral, stop_letter
from workstation.workflow.plan_page import monitoring_plan
from workstation.workflow.prescription_page import prescription
from workstation.workflow.record_page import record
from workstation.workflow.subject import Subject, incomplete

__all__ = ["Subject", "compose", "kinds_for", "kinds_of"]

_KINDS: dict[DecisionKind, tuple[DocumentKind, ...]] = {
    DecisionKind.PRESCRIBE: (
        DocumentKind.PRESCRIPTION,
        DocumentKind.PRESCRIPTION_DIRECTED,
        DocumentKind.MONITORING_PLAN,
        DocumentKind.RECORD,
    ),
    DecisionKind.START_WORK_UP: (DocumentKind.MONITORING_PLAN, DocumentKind.RECORD),
    DecisionKind.ASK_PATIENT: (),  # a message: nothing is signed
    DecisionKind.SEE_IN_PERSON: (DocumentKind.REFERRAL, DocumentKind.RECORD),
    DecisionKind.DECLINE: (DocumentKind.DECLINE_LETTER, DocumentKind.RECORD),
    DecisionKind.STOP_TREATMENT: (
        DocumentKind.STOP_LETTER,
        DocumentKind.MONITORING_PLAN,
        DocumentKind.RECORD,
    ),
    DecisionKind.END_COURSE: (
        DocumentKind.END_LETTER,
        DocumentKind.MONITORING_PLAN,
        DocumentKind.RECORD,
    ),
}
_MAKERS = {
    DocumentKind.PRESCRIPTION: prescription,
    DocumentKind.PRESCRIPTION_DIRECTED: directed_prescription,
    DocumentKind.MONITORING_PLAN: monitoring_plan,
    DocumentKind.RECORD: record,
    DocumentKind.REFERRAL: referral,
    DocumentKind.DECLINE_LETTER: decline_letter,
    DocumentKind.STOP_LETTER: stop_letter,
    DocumentKind.END_LETTER: end_letter,
}


def kinds_of(decision: DecisionKind) -> tuple[DocumentKind, ...]:
    """The documents a decision may have, in the order they are shown and signed."""
    return _KINDS[decision]


def kinds_for(appraisal: Appraisal) -> tuple[DocumentKind, ...]:
    """The documents of this decision: a prescription for what the basket holds, a plan of a course.

    After treatment there is a plan only when a test is left.
    """
    decision = appraisal.decision
    if decision is None:
        return ()
    left_out = set()
    if decision.kind is DecisionKind.PRESCRIBE:
        if appraisal.regimen is None and appraisal.directed:
            left_out.add(DocumentKind.PRESCRIPTION)
        if not appraisal.directed:
            left_out.add(DocumentKind.PRESCRIPTION_DIRECTED)
        if not appraisal.course:
            left_out.add(DocumentKind.MONITORING_PLAN)
    if decision.kind in ENDS_TREATMENT and (appraisal.plan is None or not appraisal.plan.tests):
        left_out.add(DocumentKind.MONITORING_PLAN)
    return tuple(kind for kind in kinds_of(decision.kind) if kind not in left_out)


def compose(subject: Subject) -> tuple[Document, ...]:
    """All documents of the subject's decision; pure: the same subject gives the same documents.

    Missing patient or prescriber data are printed as not recorded, never left out silently: the
    sign gate holds such a prescription back, and the preview shows why.

    Raises:
        WorkstationError: ``document.subject.incomplete`` (context ``what``),
            ``document.directions.faulty``, ``document.work_up.medicine``.
        ContentError: a text of ``resources/documents`` is missing.
    """
    decision = subject.appraisal.decision
    if decision is None:
        raise incomplete("decision")
    made = tuple(_MAKERS[kind](subject) for kind in kinds_for(subject.appraisal))
    return made if subject.amends is None else amended(made, subject, subject.amends)
