"""What the status line says of saving, or of when the queue was read."""

from __future__ import annotations

from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.case import CaseFile
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.session import SessionPresenter
from workstation.ui.frame import StatusLine

NOT_SAVED = noted("Last edit not saved")


class SaveLine:
    """Says it again whenever it is asked to."""

    def __init__(
        self, line: StatusLine, case: CaseFile, queue: QueuePresenter, session: SessionPresenter
    ) -> None:
        self._line, self._case, self._queue, self._session = line, case, queue, session
        self.failed = False  # the last thing heard of saving

    def say(self, *, on_case: bool) -> None:
        """``on_case`` while a page of the open consultation is shown."""
        state = self._case.state
        if state is None or not on_case:
            at = self._queue.state.refreshed
            self._line.show_state(tr("Queue read {at}", at=at) if at else "", good=True)
        elif state.unsaved and self.failed:
            self._line.show_state(tr(NOT_SAVED), good=False)
        elif state.unsaved:
            self._line.show_state(tr("Saving"), good=True)
        elif state.saved_at is not None:
            at = wording.clock_seconds(state.saved_at, self._session.zone)
            self._line.show_state(tr("Draft saved {at}", at=at), good=True)
        else:
            where = (
                tr("Stored on the clinic\u2019s server")
                if self._case.desk.store.is_shared
                else tr("Stored encrypted on this computer")
            )
            self._line.show_state(where, good=True)
