"""What is worth a notice outside the window: a red flag that came in, a result. It names nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workstation.domain.consultation import RequestKind
from workstation.domain.ids import ConsultationId
from workstation.domain.triage import TriageLevel
from workstation.language import noted, tr
from workstation.presenters.observable import Event
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import RowView
from workstation.workflow.queue import PAUSED

EMERGENT = noted("An emergent consultation is in the queue.")
URGENT = noted("An urgent consultation is in the queue.")
RESULT = noted("A result needs to be read.")
NOT_KNOWN = -1  # below every level
EMERGENT_HERE = noted("This consultation is emergent now: contact first.")
URGENT_HERE = noted("This consultation is urgent now: contact first.")
OPEN_QUEUE = noted("Open the workstation to see it.")


@dataclass(frozen=True, slots=True)
class DesktopNotice:
    """Two sentences without a name, number or diagnosis: they may show on a locked screen."""

    title: str
    detail: str
    pressing: bool
    here: bool = False  # it is about the consultation that is open at this desk


class NoticesPresenter:
    """Watches what each read of the queue brings; tells only of what was not there before.

    ``open_here`` is the consultation this desk has open: of it is told that it changed, and nobody
    is sent to the queue for it.
    """

    def __init__(
        self,
        queue: QueuePresenter,
        open_here: Callable[[], ConsultationId | None] = lambda: None,
    ) -> None:
        self._open_here = open_here
        self.told: Event[DesktopNotice] = Event()
        self._known: dict[ConsultationId, TriageLevel] | None = None
        self._subscription = queue.read.subscribe(self._look)

    def _look(self, rows: tuple[RowView, ...]) -> None:
        known, self._known = self._known, {**(self._known or {}), **{r.id: r.level for r in rows}}
        if known is None:
            return  # what waited at sign-in is on the screen already
        new = [r for r in rows if r.row.status not in PAUSED and known.get(r.id) != r.level]
        here = self._open_here()
        raised = [r for r in new if r.level > known.get(r.id, NOT_KNOWN)]
        for mine in (r for r in raised if r.id == here and r.level >= TriageLevel.URGENT):
            emergent = mine.level is TriageLevel.EMERGENT
            self._tell(tr(EMERGENT_HERE if emergent else URGENT_HERE), pressing=True, here=True)
        raised = [r for r in raised if r.id != here]
        if any(r.level is TriageLevel.EMERGENT for r in raised):
            self._tell(tr(EMERGENT), pressing=True)
        elif any(r.level is TriageLevel.URGENT for r in raised):
            self._tell(tr(URGENT), pressing=True)
        elif any(r.row.request is RequestKind.RESULT for r in raised):
            self._tell(tr(RESULT), pressing=False)

    def _tell(self, title: str, *, pressing: bool, here: bool = False) -> None:
        self.told.emit(DesktopNotice(title, tr(OPEN_QUEUE), pressing, here))
