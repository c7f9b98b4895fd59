"""What the desk is made of, imported while somebody types a password: the first page does without."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable


def window_parts() -> None:
    """Import what the window itself shows after signing in."""
    import workstation.presenters.wording
    import workstation.ui.doors
    import workstation.ui.notices
    import workstation.ui.preferences
    import workstation.ui.session.lock
    import workstation.ui.shell  # noqa: F401  # importing is the work


class Ahead:
    """Does ``work`` once, on whichever thread asks first; any other waits until it is done.

    Never asked on the UI thread before ``work`` was done: waiting would hold the window.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._one_at_a_time = threading.Lock()
        self._done = False

    def done(self) -> None:
        """Return when everything is imported; raises what importing raised, each time anew.

        Importing makes half a million objects that stay: going through them for rubbish again and
        again would hold every thread, meanwhile and for as long as the program runs.
        """
        with self._one_at_a_time:
            if self._done:
                return
            gc.disable()
            try:
                self._work()
            finally:
                gc.freeze()
                gc.enable()
            self._done = True
