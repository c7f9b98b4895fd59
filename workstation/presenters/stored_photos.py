"""Photos of consultations that are not open, as lists and previews show them."""

from __future__ import annotations

from collections.abc import Callable

from workstation.domain.ids import ConsultationId, PhotoId
from workstation.domain.pixels import Pixels
from workstation.presenters.jobs import Jobs, Lane
from workstation.workflow import assess, queue
from workstation.workflow.desk import Desk, Session

Shown = Callable[[bytes], None]
"""Called with JPEG bytes; empty ones say that there is nothing to show: the words stand alone."""


class StoredPhotos:
    """Read beside the list named ``of``: another list's wish for the same photo stays a job of its own."""

    def __init__(self, desk: Desk, session: Callable[[], Session], jobs: Jobs, of: str) -> None:
        self._desk, self._session, self._jobs, self._of = desk, session, jobs, of

    def face(self, id: str, done: Shown) -> None:
        """The thumbnail that stands for the patient; ``id`` is a consultation's, "" nobody's."""
        desk, session = self._desk, self._session()
        self._thumbnail(
            lambda: queue.face(desk, session, ConsultationId(id)) if id else b"",
            done,
            f"{self._of}.face:{id}",
        )

    def thumbnail(self, id: ConsultationId, photo: PhotoId, done: Shown) -> None:
        """The thumbnail of one photo."""
        desk, session = self._desk, self._session()

        def work() -> bytes:
            found = queue.look(desk, session, id)
            return b"" if found is None else assess.thumbnail(desk, found, photo)

        self._thumbnail(work, done, f"{self._of}.thumbnail:{photo}")

    def large(
        self, id: ConsultationId, photo: PhotoId, done: Callable[[Pixels | None], None]
    ) -> None:
        """The 1600 px preview of a photo, decoded; only the one asked for last is made."""
        desk, session = self._desk, self._session()

        def work() -> Pixels | None:
            found = queue.look(desk, session, id)
            return None if found is None else assess.preview_pixels(desk, found, photo)

        self._jobs.submit(work, done, lambda _: done(None), Lane.WORK, f"{self._of}.large")

    def _thumbnail(self, work: Callable[[], bytes], done: Shown, key: str) -> None:
        self._jobs.submit(work, done, lambda _: done(b""), Lane.READ, key)
