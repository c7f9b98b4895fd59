"""One try to sign, off the window's thread: sign, or find out what became of it, and what comes next."""

from __future__ import annotations

import time
from dataclasses import dataclass

from workstation.domain.documents import SignedDocument
from workstation.domain.errors import WorkstationError
from workstation.domain.ids import ConsultationId
from workstation.workflow import queue, sign, signed_files
from workstation.workflow.desk import Desk, Session
from workstation.workflow.sign import Previews, SignAnswer

UNCONFIRMED = "store.commit.unconfirmed"
CHECKS = (0, 1, 1, 2, 3)  # seconds before each look at what became of an unconfirmed signature


@dataclass(frozen=True)
class Outcome:
    """What signing came to, with what is read on the way back.

    ``zone`` is the clinic's, ``next`` the consultation that waits longest, ``exported`` the code of
    why the files are not in the outbox ("" when they are, or were not asked for).
    """

    answer: SignAnswer
    zone: str
    next: ConsultationId | None = None
    exported: str = ""


def attempt(
    desk: Desk, session: Session, previews: Previews, token: int, pin: str, *, export: bool
) -> Outcome:
    """Sign what was previewed, and with ``export`` write the files out.

    Raises:
        WorkstationError: as ``workflow.sign.sign``.
    """
    answer = sign.sign(desk, session, previews, token, pin)
    zone = _zone(desk)
    if not isinstance(answer, sign.Signed):
        return Outcome(answer, zone)
    code = exported(desk, session, answer.documents) if export else ""
    return Outcome(answer, zone, queue.next_waiting(desk, session, previews.consultation), code)


def looked_up(desk: Desk, session: Session, previews: Previews) -> Outcome | None:
    """What became of an unconfirmed signature; None: it is not stored.

    It waits for the server on its lane: nothing can be saved before that is back.

    Raises:
        WorkstationError: ``store.commit.unconfirmed`` when the server stays away.
    """
    for pause in CHECKS:
        time.sleep(pause)
        try:
            found = sign.confirm(desk, session, previews)
        except WorkstationError:
            continue
        if found is None:
            return None
        following = queue.next_waiting(desk, session, previews.consultation)
        return Outcome(found, _zone(desk), following)
    raise WorkstationError(UNCONFIRMED)


def exported(desk: Desk, session: Session, documents: tuple[SignedDocument, ...]) -> str:
    """Write signed files out; the code of what went wrong, or "": the signatures stand."""
    try:
        for document in documents:
            signed_files.export(desk, session, document)
    except WorkstationError as error:
        return error.code
    except OSError:
        return "export.failed"
    return ""


def _zone(desk: Desk) -> str:
    with desk.store.reading() as unit:
        return unit.clinic().time_zone
