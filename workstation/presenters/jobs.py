"""Work off the UI thread as presenters see it: lanes, keys, tickets."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol, TypeVar

from workstation.domain.errors import WorkstationError

T = TypeVar("T")


class Lane(Enum):
    """STORE keeps write order (1 thread); READ reads (2); WORK computes and waits (2)."""

    STORE = "store"
    READ = "read"
    WORK = "work"


def expected(error: Exception) -> WorkstationError:
    """What a failed job may be told as: an error of the program's own; any other is a fault, raised."""
    if not isinstance(error, WorkstationError):
        raise error
    return error


class Ticket(Protocol):
    """A submitted job."""

    def cancel(self) -> None:
        """Drop the result; work already running finishes unheard."""
        ...


class Jobs(Protocol):
    """Runs ``work`` on a lane and brings ``done`` or ``failed`` back to the UI thread.

    A pending job with the same ``key`` on the lane is dropped first.
    """

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Ticket:
        """Queue ``work``."""
        ...
