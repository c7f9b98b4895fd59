"""Ends what Python finds unreachable: on the window's own thread alone, and a little at a time.

Left to itself Python looks for it on whichever thread has just made one object too many. On a lane
that would end objects of Qt away from the thread they belong to, which they do not survive; and all
of them at once would hold the window in the middle of a key.
"""

from __future__ import annotations

import gc

YOUNG = 5_000  # made and not yet ended, from which a look is worth its while
WHOLE = 20  # so many looks at what is new, then one at everything since the start


class Sweeping:
    """Between ``begin`` and ``end`` nothing is collected but by ``look`` and ``whole``."""

    def __init__(self) -> None:
        self._looks = 0
        self._begun = False

    def begin(self) -> None:
        """Python collects nothing by itself from now on."""
        self._begun = True
        gc.disable()

    def end(self) -> None:
        """Python does as it likes again."""
        if self._begun:
            self._begun = False
            gc.enable()

    def look(self) -> None:
        """End what is unreachable among the new, when there is much of it; now and then all of it."""
        if not self._begun or gc.get_count()[0] < YOUNG:
            return
        self._looks += 1
        if self._looks % WHOLE:
            gc.collect(1)
        else:
            self.whole()

    def whole(self) -> None:
        """End whatever is unreachable: a desk that was left, a consultation that was covered."""
        if self._begun:
            gc.collect()
