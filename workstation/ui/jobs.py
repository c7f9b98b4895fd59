"""Work on threads by lane; results come back to the UI thread in the order they finish."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from workstation import log
from workstation.presenters.jobs import Lane, Ticket

T = TypeVar("T")
THREADS = {Lane.STORE: 1, Lane.READ: 2, Lane.WORK: 2}
# Time in which results are handed to the UI thread in one turn of the event loop; the rest waits
# for the next, after keys and pictures.
TURN_MS = 8
SLOW_MS = 2000  # work that takes longer is noted


@dataclass(eq=False)
class _Job:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    key: str | None
    cancelled: bool = False
    result: Any = None
    error: Exception | None = None
    finished: bool = field(default=False)

    def cancel(self) -> None:
        """Drop the result; a job that has not started is not run."""
        self.cancelled = True


class _Lane:
    """Threads that take jobs from one queue, first in first out."""

    def __init__(self, lane: Lane, threads: int, report: Callable[[_Job], None]) -> None:
        self._lane, self._report = lane, report
        self._pending: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._running = 0
        self._threads = [
            threading.Thread(target=self._run, name=f"{lane.value}-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: _Job) -> None:
        with self._changed:
            if self._closing:
                job.cancel()
                return
            if job.key is not None:
                for older in self._pending:
                    if older.key == job.key:
                        older.cancel()
                self._pending = deque(j for j in self._pending if not j.cancelled)
            self._pending.append(job)
            self._changed.notify()

    @property
    def busy(self) -> bool:
        with self._changed:
            return bool(self._pending) or self._running > 0

    def close(self, *, finish: bool) -> None:
        with self._changed:
            self._closing = True
            if not finish:
                self._pending.clear()
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        for thread in self._threads:
            thread.join(seconds)

    def _note(self, job: _Job, took: int) -> None:
        if job.error is not None:
            error = job.error
            log.note("job.failed", level=logging.WARNING, error=error, lane=self._lane.value)
        elif took >= SLOW_MS:
            log.note("job.slow", lane=self._lane.value, milliseconds=took)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._pending and not self._closing:
                    self._changed.wait()
                if not self._pending:
                    return
                job = self._pending.popleft()
                self._running += 1
            if not job.cancelled:
                begun = time.perf_counter()
                try:
                    job.result = job.work()
                except Exception as error:  # handed to the submitter
                    job.error = error
                self._note(job, round((time.perf_counter() - begun) * 1000))
                self._report(job)
            with self._changed:
                self._running -= 1


class ThreadJobs(QObject):
    """``Jobs`` on threads. Create, submit and shut down on the UI thread."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: deque[_Job] = deque()
        self._closed = False
        self._woken = False  # whether a delivery is on its way
        # A queued wake-up with no payload: Python objects never travel inside Qt events.
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._lanes = {lane: _Lane(lane, n, self._report) for lane, n in THREADS.items()}

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Ticket:
        """Queue ``work``; a pending job with the same key on that lane is dropped first."""
        job = _Job(work, done, failed, key)
        self._lanes[lane].put(job)
        return job

    @property
    def busy(self) -> bool:
        """Whether anything is queued, running or not yet delivered."""
        return bool(self._results) or any(lane.busy for lane in self._lanes.values())

    def shutdown(self, seconds: float = 30.0) -> None:
        """Finish what the STORE lane holds, drop the rest, and deliver nothing afterwards."""
        if self._closed:
            return
        self._lanes[Lane.STORE].close(finish=True)
        self._lanes[Lane.READ].close(finish=False)
        self._lanes[Lane.WORK].close(finish=False)
        self._lanes[Lane.STORE].join(seconds)
        for lane in (Lane.READ, Lane.WORK):
            self._lanes[lane].join(2.0)
        self._closed = True
        self._results.clear()

    def _report(self, job: _Job) -> None:
        self._results.append(job)
        if not self._closed and not self._woken:
            self._woken = True
            self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        self._woken = False  # first: what is reported from here on wakes anew
        spent = QElapsedTimer()
        spent.start()
        while self._results:
            job = self._results.popleft()
            if job.cancelled:
                continue
            try:
                if job.error is not None:
                    job.failed(job.error)
                else:
                    job.done(job.result)
            except Exception:  # one bad listener must not lose the other results
                sys.excepthook(*sys.exc_info())
            if self._results and spent.elapsed() > TURN_MS:
                self._woken = True
                # A timer, not one more posted event: those are all sent in this same turn.
                QTimer.singleShot(0, self, self._deliver)
                return
