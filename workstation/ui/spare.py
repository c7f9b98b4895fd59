"""Whether the window has time for what nobody waits for."""

from __future__ import annotations

import time

BUSY = 0.006  # seconds of work between two looks, from which the window counts as busy
PATIENCE = 8  # looks that may say no one after the other: a busy window still gets on


class Spare:
    """Asked once a turn by work that can be put off, so that it never lengthens a turn that is long.

    Counts the processor's time of the window's thread since it was asked last, so that waiting is
    no work, and what other programs do neither.
    """

    def __init__(self) -> None:
        self._spent = 0.0
        self._put_off = 0

    def there(self) -> bool:
        """Whether little was done since the last look, or too many looks have said no."""
        spent = time.thread_time()
        busy = spent - self._spent > BUSY
        self._spent = spent
        self._put_off = self._put_off + 1 if busy and self._put_off < PATIENCE else 0
        return not self._put_off

    def used(self) -> None:
        """What was just done was the work that asked: it does not count."""
        self._spent = time.thread_time()
