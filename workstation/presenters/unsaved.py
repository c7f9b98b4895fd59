"""Edits of the open consultation that are not durable yet: kept in order until they can be written.

A full disk or a server that is out of reach ends; what was done meanwhile must not be lost to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from workstation.domain.errors import WorkstationError

Work = Callable[[], int]
PASSES = frozenset({"store.disk.full", "store.disk.fault", "store.server.gone", "store.busy"})


class Unsaved:
    """The writes of one opened consultation, oldest first.

    ``run`` and ``run_again`` are called on the lane that writes, everything else on the UI thread.
    """

    def __init__(self) -> None:
        self._works: deque[Work] = deque()
        self.trying = False  # those that waited are being written
        self.stalled = False  # one could not be written: those after it wait for it

    def __len__(self) -> int:
        return len(self._works)

    @property
    def works(self) -> tuple[Work, ...]:
        """What is not durable, in order."""
        return tuple(self._works)

    def add(self, work: Work) -> None:
        """One more."""
        self._works.append(work)

    def drop(self, number: int = 1) -> None:
        """The oldest are durable, or refused for good."""
        for _ in range(number):
            self._works.popleft()

    def run(self, work: Work) -> bool:
        """Write one; False when it waits for an earlier one."""
        if self.stalled:
            return False
        try:
            work()
        except WorkstationError as error:
            self.stalled = error.code in PASSES
            raise
        return True

    def run_again(self, works: Sequence[Work]) -> tuple[int, WorkstationError | None]:
        """Write those that waited: how many could be, and what stopped the next one."""
        self.stalled = False
        for number, work in enumerate(works):
            try:
                work()
            except WorkstationError as error:
                self.stalled = error.code in PASSES
                return number, error
        return len(works), None
