"""Jobs without lanes: each is done at once, by whoever submits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from workstation.presenters.jobs import Lane, Ticket

T = TypeVar("T")


class _Done:
    def cancel(self) -> None:
        """Nothing is left to drop."""


class InlineJobs:
    """Runs each job at once on the calling thread, in place of the lanes."""

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Ticket:
        """Run ``work`` now."""
        try:
            result = work()
        except Exception as error:
            failed(error)
        else:
            done(result)
        return _Done()
