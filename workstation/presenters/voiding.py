"""Making a signed document void from a screen: Records, Labs and Contact, with the same refusals."""

from __future__ import annotations

from workstation.domain.ids import DocumentId
from workstation.language import tr
from workstation.presenters import gate_words, sign_wording, wording
from workstation.workflow import void
from workstation.workflow.desk import Desk, Session
from workstation.workflow.seal import Changed, NoKey, PinNotAccepted
from workstation.workflow.sign import Blocked


def make_void(
    desk: Desk, session: Session, document: DocumentId, reason: void.EndReason, pin: str
) -> void.VoidAnswer:
    """Compose the notice as the records stand and sign it with ``pin``.

    Raises:
        Refused: ``void.*``. Conflict: ``document.*``. NotAllowed: ``session.*``.
    """
    return void.void(desk, session, void.preview_void(desk, session, document, reason), pin)


def refused(answer: void.VoidAnswer) -> str:
    """Why nothing was made void; "" when it was."""
    match answer:
        case void.Voided():
            return ""
        case PinNotAccepted(answer=pin):
            return sign_wording.pin_not_accepted(pin)
        case NoKey(code=code):
            why = wording.message(code).title
            return tr("{why} Nothing was made void.", why=why)
        case Blocked(because=because):
            return gate_words.gate_codes(because)
        case Changed():
            return tr("Something changed meanwhile. Nothing was made void; look again.")
