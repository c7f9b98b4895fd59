"""How a consultation comes onto the desk: opened, read a second time, the next one, what was open."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.accounts import Permission, may
from workstation.domain.ids import ConsultationId
from workstation.language import tr
from workstation.presenters.case import CaseFile
from workstation.presenters.queue import QueuePresenter
from workstation.ui.rooms import Rooms
from workstation.ui.steps import CASE_PAGES, Steps

READINGS = ("reading", "agreement")  # pages over the photos of a consultation that is not opened


class Entrance:
    """``go`` shows a page, ``current`` is the one shown, ``say`` tells in a notice."""

    def __init__(
        self,
        rooms: Rooms,
        steps: Steps,
        case: CaseFile,
        queue: QueuePresenter,
        go: Callable[[str], None],
        current: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self._rooms, self._steps, self._case, self._queue = rooms, steps, case, queue
        self._go, self._current, self._say = go, current, say
        self._back_to: tuple[ConsultationId, str] | None = None  # a page instead of the first one

    def open(self, id: str) -> None:
        """Claim and load a consultation; its first step shows when it is there.

        Who may only read it a second time does that; who may only see it reads the preview.
        """
        user = self._case.session.user
        if not may(user, Permission.CLAIM) and READINGS[0] in self._rooms:
            if may(user, Permission.SECOND_READ):
                self.read(id)
            else:
                self._say(tr("Your role reads consultations here, beside the queue."))
            return
        self._case.open(ConsultationId(id))

    def read(self, id: str) -> None:
        """Read a consultation a second time: nothing of it is claimed or changed."""
        self._rooms.own(READINGS[0]).begin(ConsultationId(id))
        self._go(READINGS[0])

    def agreement(self, id: str) -> None:
        """Show how far the second reading of a consultation agrees with the first."""
        self._rooms.own(READINGS[1]).begin(ConsultationId(id))
        self._go(READINGS[1])

    def next(self, after: str | None) -> None:
        """Open the next free consultation, or go back to the queue when there is none."""

        def found(id: ConsultationId | None) -> None:
            if id is None:
                self._go("queue")
                self._say(tr("Nothing else is waiting."))
            else:
                self.open(id)

        self._queue.next_waiting(ConsultationId(after) if after else None, found)

    def reopen(self) -> None:
        """Open what was open here when the program was ended, as work that can be kept."""

        def found(id: ConsultationId) -> None:
            if self._case.state is None and self._current() == "queue":
                self.open(id)

        self._queue.interrupted(found)

    def take_up(self, place: str, open_case: str | None) -> None:
        """Be where the desk was before it was built anew: its page, and its open consultation."""
        if place in self._rooms and place not in CASE_PAGES:
            self._go(place)
        if open_case is not None:
            self._back_to = ConsultationId(open_case), place
            self._case.open(ConsultationId(open_case))

    def first_page(self) -> str:
        """Where the consultation that was just opened begins."""
        step, state = self._steps.first(), self._case.state
        back_to, self._back_to = self._back_to, None
        if state is not None and self._steps.is_result and "labs" in self._rooms:
            self._rooms.own("labs").show_item(state.consultation.id)
            return step if step == "contact" else "labs"
        if back_to is None or state is None or back_to[0] != state.consultation.id:
            return step
        return step if self._steps.refusal(back_to[1]) else back_to[1]

    def signed(self, text: str) -> None:
        """What was open is signed: tell so, and open the next one."""
        state = self._case.state
        done = state.consultation.id if state is not None else None
        self._case.forget()
        if text:
            self._say(text)
        self.next(done)

    def settled(self, id: str) -> None:
        """An item about a result is done with; it may be what is open."""
        state = self._case.state
        if state is not None and state.consultation.id == id:
            self._case.forget()
