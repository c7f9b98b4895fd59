"""Work that nobody waits for, one piece after the other: what is looked at now and then."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from workstation.presenters.jobs import Jobs, Lane, Ticket

T = TypeVar("T")


@dataclass(eq=False)
class _Turn:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    lane: Lane
    key: str | None
    cancelled: bool = False

    def cancel(self) -> None:
        """Drop the result; what has not begun does nothing."""
        self.cancelled = True


class InTurn:
    """Hands work on to the lanes one piece after the other: for what is looked at now and then.

    Two lanes at once would pass the interpreter to and fro a thousand times in each look, and wake
    the processor as often. What goes to WORK may wait for a folder that does not answer: it comes
    when nothing else is due, and keeps nothing else waiting.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._due: deque[_Turn] = deque()
        self._at_work = False

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Ticket:
        """Queue ``work``; what is due with the same key on that lane is dropped first."""
        turn = _Turn(work, done, failed, lane, key)
        if key is not None:
            self._due = deque(t for t in self._due if (t.key, t.lane) != (key, lane))
        self._due.append(turn)
        self._next()
        return turn

    def _next(self) -> None:
        while self._due and not self._at_work:
            turn = next((t for t in self._due if t.lane is not Lane.WORK), self._due[0])
            self._due.remove(turn)
            if turn.cancelled:
                continue
            self._at_work = turn.lane is not Lane.WORK
            # Without its key: whatever dropped it on the lane would leave the rest waiting.
            self._jobs.submit(
                turn.work,
                self._telling(turn, turn.done),
                self._telling(turn, turn.failed),
                turn.lane,
            )

    def _telling(self, turn: _Turn, tell: Callable[[Any], None]) -> Callable[[Any], None]:
        def told(outcome: Any) -> None:
            try:
                if not turn.cancelled:
                    tell(outcome)
            finally:
                if turn.lane is not Lane.WORK:
                    self._at_work = False
                self._next()

        return told
