"""What a user's role leaves to others, in words: said before something is tried, never after."""

from __future__ import annotations

from workstation.domain.accounts import Permission, may
from workstation.language import noted, tr
from workstation.presenters.wording import Problem
from workstation.workflow.desk import Session

UNSEEN = (
    noted("Your role does not see patients."),
    noted("In an emergency, Records, More opens them for reading."),
)
LEFT_TO = {
    Permission.CLAIM: noted("Your role reads consultations here, beside the queue."),
    Permission.TRIAGE: noted("Your role sets no level and no day. A dermatologist does."),
    Permission.ASK_PATIENT: noted("Your role does not write to patients. A nurse does."),
    Permission.RECORD_CONTACT: noted("Your role records no contact. A nurse does."),
    Permission.SECOND_READ: noted("Your role does not read a second time. A second reader does."),
    Permission.RECORD_RESULT: noted("Your role reads results here. A nurse enters them."),
    Permission.EXPORT: noted("Your role hands out no documents. A nurse or dermatologist does."),
}


def unseen(session: Session) -> Problem | None:
    """Why this user sees no patient; None for whoever does, in an emergency as well."""
    if session.emergency or may(session.user, Permission.VIEW):
        return None
    title, detail = UNSEEN
    return Problem(tr(title), tr(detail))


def refusal(session: Session, *any_of: Permission) -> str:
    """Why this user may do none of it; "" when one of the permissions is there."""
    if any(may(session.user, permission) for permission in any_of):
        return ""
    return tr(LEFT_TO[any_of[0]])
