"""A file for a folder that may be far away: whole under its name or not there, and never waited for long.

A network folder that went away keeps a program waiting for as long as the system likes. The file is
written piece by piece on a thread of its own; when no piece arrives for some seconds it is given up.
Should the folder answer after all, that thread takes away what it had begun.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from workstation.domain.errors import WorkstationError

STILL_SECONDS = 4.5  # nothing moved for so long: it is said within five seconds
_PIECE = 1 << 18  # bytes


def write_far(target: Path, content: bytes) -> None:
    """Durably write ``content`` as ``target``.

    Raises:
        WorkstationError: ``export.folder`` (context ``errno``); ``export.folder.silent`` when the
            folder did not answer for ``STILL_SECONDS``.
    """
    work = _Writing(target, content)
    threading.Thread(target=work.run, name="far-file", daemon=True).start()
    if not work.ends(STILL_SECONDS):
        raise WorkstationError("export.folder.silent")
    if work.error is not None:
        raise WorkstationError("export.folder", errno=work.error.errno or 0) from work.error


class _Writing:
    """One file on its way."""

    def __init__(self, target: Path, content: bytes) -> None:
        self.error: OSError | None = None
        self._target, self._content = target, content
        self._part = target.with_name(f".{target.name}.part")
        self._step = threading.Condition()
        self._steps, self._ended, self._given_up = 0, False, False

    def run(self) -> None:
        """Write, unless it is given up meanwhile."""
        try:
            with self._part.open("wb") as file:
                for at in range(0, len(self._content), _PIECE):
                    if self._given_up:
                        break
                    file.write(self._content[at : at + _PIECE])
                    self._tell()
                file.flush()
                os.fsync(file.fileno())
            if not self._given_up:
                self._part.replace(self._target)
        except OSError as error:
            self.error = error
        if self.error is not None or self._given_up:
            with suppress(OSError):  # the folder itself may be what is wrong
                self._part.unlink(missing_ok=True)
        self._tell(ended=True)

    def ends(self, seconds: float) -> bool:
        """Wait for the end, as long as something moves; False, and given up, after ``seconds`` of nothing."""
        with self._step:
            while not self._ended:
                if not self._step.wait_for(self._moved_since(self._steps), seconds):
                    self._given_up = True
                    return False
        return True

    def _moved_since(self, step: int) -> Callable[[], bool]:
        return lambda: self._ended or self._steps != step

    def _tell(self, *, ended: bool = False) -> None:
        with self._step:
            self._steps += 1
            self._ended = self._ended or ended
            self._step.notify_all()
