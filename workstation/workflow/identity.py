"""Settling who a consultation is about: a person looks, says what they found, and it is audited.

What was said can be taken back while the consultation is open: the doubt is there again, and the
gate is closed.
"""

from __future__ import annotations

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation, Status
from workstation.domain.errors import Conflict
from workstation.domain.identity import IdentityDoubt, Settled, Settlement
from workstation.domain.ids import ConsultationId
from workstation.workflow.desk import Desk, Session, require


def settle(
    desk: Desk, session: Session, id: ConsultationId, doubt: IdentityDoubt, found: Settled
) -> Consultation:
    """Record what was found about one doubt; the consultation as it now stands.

    Nobody needs the claim for it: whoever telephones the patient may not be who treats them. It
    can be said again, otherwise; every answer stays on record.

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``identity.unknown``, ``consultation.gone``.
    """
    require(session, Permission.RECORD_CONTACT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.identity.answer(id, doubt, Settlement(found, session.user.id, desk.clock.now()))
        unit.audit(
            "identity.settled",
            id,
            {
                "doubt": doubt.doubt.value,
                "other": doubt.other.consultation,
                "found": found.value,
            },
        )
        after = unit.consultation(id)
    if after is None:
        raise Conflict("consultation.gone")
    return after


def take_back(desk: Desk, session: Session, id: ConsultationId) -> Consultation:
    """Take back every answer that stands about a consultation; it as it now stands.

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``consultation.gone``, ``consultation.closed``, ``identity.unanswered``.
    """
    require(session, Permission.RECORD_CONTACT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        before = unit.consultation(id)
        if before is None:
            raise Conflict("consultation.gone")
        if before.status in (Status.CLOSED, Status.WITHDRAWN):
            raise Conflict("consultation.closed")
        answered = [doubt for doubt in before.doubts if doubt.is_answered]
        if not answered:
            raise Conflict("identity.unanswered")
        for doubt in answered:
            again = Settlement(Settled.OPEN, session.user.id, desk.clock.now())
            unit.identity.answer(id, doubt, again)
            unit.audit(
                "identity.taken_back",
                id,
                {
                    "doubt": doubt.doubt.value,
                    "other": doubt.other.consultation,
                    "found": "" if doubt.answer is None else doubt.answer.settled.value,
                },
            )
        after = unit.consultation(id)
    if after is None:
        raise Conflict("consultation.gone")
    return after
