"""Whether somebody has an amendment open here, so that it can be given up."""

from __future__ import annotations

from workstation.domain.documents import SignedDocument
from workstation.workflow.desk import Session
from workstation.workflow.ports import ReadUnit


def token_of(unit: ReadUnit, session: Session, document: SignedDocument) -> int:
    """The token of this user's open amendment of a document's consultation; 0 without one."""
    if unit.amendment(document.consultation) is None:
        return 0
    found = unit.consultation(document.consultation)
    claim = found.claim if found is not None else None
    return claim.token if claim is not None and claim.user == session.user.id else 0
