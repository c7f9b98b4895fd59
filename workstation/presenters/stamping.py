"""Time stamps on the way: asked for off the signing lane, so that no server holds anybody up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from workstation.domain.documents import SignedDocument
from workstation.domain.errors import WorkstationError
from workstation.language import noted, tr
from workstation.presenters import clinical_wording, wording
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.workflow import timestamps
from workstation.workflow.desk import Desk, Session

ADD = noted("Add time stamp")
LATER = noted("The signature stands without a time stamp (B\u2011B). Add one in Records.")
NO_SERVER = noted("No time stamp server is set: the time is this computer\u2019s (level B\u2011B).")


def server_line(server: str) -> str:
    """What the time of a signature will rest on."""
    if not server:
        return tr(NO_SERVER)
    return tr("A time stamp is added after signing (level B\u2011LTA).")


def after_signing(
    jobs: Jobs,
    desk: Desk,
    session: Session,
    documents: tuple[SignedDocument, ...],
    told: Callable[[str], None],
    then: Callable[[], str],
) -> None:
    """Stamp what was just signed, then do ``then`` (a code, or ""), and tell what came of both."""

    def work() -> tuple[str, str, str]:
        try:
            level, why = timestamps.stamp_all(desk, session, documents)
        except WorkstationError as error:
            level, why = documents[0].level, error.code
        return level, why, then()

    def done(came: tuple[str, str, str]) -> None:
        level, why, failed = came
        said = tr("Time stamp added: level {level}.", level=level)
        if why:
            said = f"{clinical_wording.problem(why)} {LATER}"
        told(f"{said} {clinical_wording.problem(failed)}" if failed else said)

    def failed(error: Exception) -> None:
        raise error

    jobs.submit(work, done, failed, Lane.WORK, "sign.stamp")


def add(
    jobs: Jobs,
    desk: Desk,
    session: Session,
    document: SignedDocument,
    zone: tzinfo | None,
    told: Callable[[str], None],
    again: Callable[[], None],
) -> None:
    """Ask for a time stamp on one document now; ``again`` when its file is a new one."""

    def done(answer: timestamps.Stamped | timestamps.NotStamped) -> None:
        if isinstance(answer, timestamps.NotStamped):
            told(clinical_wording.problem(answer.code))
            return
        when = wording.moment(answer.stamp.time, zone)
        told(
            tr(
                "Time stamp of {when} added to {number}: level {level}.",
                when=when,
                number=document.number,
                level=answer.stamp.level,
            )
        )
        again()

    def failed(error: Exception) -> None:
        told(clinical_wording.problem(expected(error).code))

    jobs.submit(
        lambda: timestamps.stamp(desk, session, document), done, failed, Lane.WORK, "records.stamp"
    )
