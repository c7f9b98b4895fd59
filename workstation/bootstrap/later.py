"""What stands for an adapter until somebody asks something of it: its libraries are large."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


def later(make: Callable[[], T]) -> T:
    """What ``make`` gives, made when something is first asked of it, once, on whichever thread.

    What making it raises is raised there, and tried anew the next time.
    """
    return cast(T, _Later(make))


class _Later:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None
        self._one_at_a_time = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        """Asked only for what this object itself has not."""
        with self._one_at_a_time:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)
