"""A consultation out as DICOM: one photo after the other, with a count, and left off when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workstation.language import plural, tr
from workstation.presenters.case import CaseFile
from workstation.presenters.jobs import Lane
from workstation.presenters.observable import Event
from workstation.workflow import exchange
from workstation.workflow.ports.dicom import DicomObjects


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is; None stands for nothing under way."""

    done: int
    of: int

    @property
    def text(self) -> str:
        """``Writing DICOM, photo 3 of 8``."""
        return tr("Writing DICOM, photo {at} of {of}", at=min(self.done + 1, self.of), of=self.of)


class DicomOut:
    """Writes the open consultation's objects; goes on when the consultation is closed meanwhile."""

    def __init__(
        self, case: CaseFile, told: Event[str], failed: Callable[[Exception], None]
    ) -> None:
        self._case, self._told, self._failed = case, told, failed
        self.changed: Event[Progress | None] = Event()
        self.state: Progress | None = None
        self._stopped = False

    def begin(self) -> None:
        """Gather what the store has and begin; does nothing while one is under way."""
        open_ = self._case.state
        if open_ is None or self.state is not None:
            return
        desk, session, id = self._case.desk, self._case.session, open_.consultation.id
        self._stopped = False
        self._set(Progress(0, len(open_.consultation.photos)))
        # On the writer lane: what was drawn a moment ago is in the store before it is read.
        self._case.jobs.submit(
            lambda: exchange.begin_dicom(desk, session, id), self._next, self._fail, Lane.STORE
        )

    def cancel(self) -> None:
        """Stop after the photo that is being written; nothing is left of it."""
        self._stopped = True

    def _next(self, objects: DicomObjects, done: int = 0) -> None:
        jobs = self._case.jobs
        self._set(Progress(done, objects.photos))
        if self._stopped:
            jobs.submit(objects.discard, lambda _: self._set(None), self._fail, Lane.WORK)
            return
        if done == objects.photos:
            jobs.submit(
                objects.finish, lambda path: self._end(path.name, done), self._fail, Lane.WORK
            )
            return

        def failed(error: Exception) -> None:
            objects.discard()
            self._fail(error)

        jobs.submit(objects.next_photo, lambda _: self._next(objects, done + 1), failed, Lane.WORK)

    def _end(self, name: str, photos: int) -> None:
        self._set(None)
        written = plural(photos, "{n} photo", "{n} photos")
        self._told.emit(
            tr("{photos} written as DICOM to the outbox: {name}", photos=written, name=name)
        )

    def _fail(self, error: Exception) -> None:
        self._set(None)
        self._failed(error)

    def _set(self, state: Progress | None) -> None:
        self.state = state
        self.changed.emit(state)
