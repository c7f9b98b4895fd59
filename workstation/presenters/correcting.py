"""Correcting what Records shows: make it void, open it to amend, or give that amendment up."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.documents import SignedDocument
from workstation.domain.ids import ConsultationId
from workstation.language import tr
from workstation.presenters import clinical_wording, voiding
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.records_state import Detail
from workstation.workflow import void
from workstation.workflow.desk import Desk, Session
from workstation.workflow.queue import Claimed

Answered = Callable[[str], None]
"""Called with "" when it happened, else with why not."""


class CorrectingPresenter:
    """``shown`` gives what Records shows; ``load`` reads its list again, ``check`` a document.

    ``amending`` and ``given_up`` tell whose consultation was opened again, or is what was signed.
    """

    def __init__(
        self,
        desk: Desk,
        session: Callable[[], Session],
        jobs: Jobs,
        told: Event[str],
        shown: Callable[[], Detail | None],
        load: Callable[[], None],
        check: Callable[[SignedDocument], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._desk, self._session, self._jobs, self._told = desk, session, jobs, told
        self._shown, self._load, self._check, self._failed = shown, load, check, failed
        self.amending: Event[ConsultationId] = Event()
        self.given_up: Event[ConsultationId] = Event()

    def void(self, code: str, text: str, pin: str, done: Answered) -> None:
        """Make the shown document void."""
        document = self._document()
        if document is None:
            return
        desk, session, reason = self._desk, self._session(), void.EndReason(code, text)

        def answered(answer: void.VoidAnswer) -> None:
            done(voiding.refused(answer))
            if isinstance(answer, void.Voided):
                self._told.emit(
                    tr(
                        "{number} is void. Notice {notice} is signed.",
                        number=document.number,
                        notice=answer.notice.number,
                    )
                )
                self._load()

        self._jobs.submit(
            lambda: voiding.make_void(desk, session, document.id, reason, pin),
            answered,
            _told_to(done),
            Lane.STORE,
        )

    def amend(self, code: str, text: str, done: Answered) -> None:
        """Open the shown document's consultation again."""
        document = self._document()
        if document is None:
            return
        desk, session, reason = self._desk, self._session(), void.EndReason(code, text)

        def opened(claimed: Claimed) -> None:
            done("")
            self.amending.emit(claimed.consultation.id)

        self._jobs.submit(
            lambda: void.amend(desk, session, document.consultation, reason),
            opened,
            _told_to(done),
            Lane.STORE,
        )

    def give_up(self) -> None:
        """End this user's amendment of the shown document unsigned: the documents hold on."""
        detail, document = self._shown(), self._document()
        if detail is None or document is None or not detail.amending:
            return
        desk, session = self._desk, self._session()
        token, id = detail.amending, document.consultation

        def done(_: None) -> None:
            self.given_up.emit(id)
            self._told.emit(tr("The amendment is given up. What was signed holds."))
            self._check(document)

        self._jobs.submit(
            lambda: void.give_up(desk, session, id, token), done, self._failed, Lane.STORE
        )

    def _document(self) -> SignedDocument | None:
        detail = self._shown()
        return detail.document if detail is not None else None


def _told_to(done: Answered) -> Callable[[Exception], None]:
    return lambda error: done(clinical_wording.problem(expected(error).code))
