"""When a decode child has had its time: by the clock, but a busy machine is not the photo's fault."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

MOST_PERIODS = 3  # of the deadline, while others keep the processor from the child
_LOAD_FOR_EACH = 2.0
_USER, _SYSTEM = 11, 12  # fields of /proc/PID/stat after the name


class Deadline:
    """Kills a process after ``seconds``; where it was hardly given the processor, after three times that."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = threading.Event()
        self._process, self._seconds = process, seconds
        self._begun = _used(process.pid)
        self._left = MOST_PERIODS
        self._over = False
        self._guard = threading.Lock()
        self._watch = self._started()

    def cancel(self) -> None:
        """The child has answered."""
        with self._guard:
            self._over = True
            self._watch.cancel()

    def _started(self) -> threading.Timer:
        watch = threading.Timer(self._seconds, self._end)
        watch.daemon = True
        watch.start()
        return watch

    def _end(self) -> None:
        with self._guard:
            if self._over:
                return
            self._left -= 1
            if self._left > 0 and self._starved():
                self._watch = self._started()
                return
            self.passed.set()
            self._process.kill()

    def _starved(self) -> bool:
        used = _used(self._process.pid)
        if used is None or self._begun is None or not _crowded():
            return False
        return used - self._begun < self._seconds / 2


def _crowded() -> bool:
    """Whether more wants the processors than they can give."""
    return sys.platform != "win32" and os.getloadavg()[0] > _LOAD_FOR_EACH * (os.cpu_count() or 1)


def _used(pid: int) -> float | None:
    """Seconds of processor time of a process; ``None`` where that is not told."""
    if sys.platform != "linux":
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
