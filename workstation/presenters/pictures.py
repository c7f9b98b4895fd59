"""Decoded photos: preview first, neighbours and the next consultation ahead, bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from workstation.domain.consultation import Consultation
from workstation.domain.ids import ConsultationId, PhotoId
from workstation.domain.pixels import Pixels
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event
from workstation.workflow import assess
from workstation.workflow.desk import Desk

__all__ = ["Arrived", "Pictures", "Pixels", "Unreadable"]

P = TypeVar("P")
BUDGET = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Arrived(Generic[P]):
    """A picture is ready; ``full`` when it has all pixels of the photo."""

    photo: PhotoId
    full: bool
    picture: P


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A photo could not be read."""

    photo: PhotoId
    full: bool
    code: str


class Pictures(Generic[P]):
    """Keeps pictures of one consultation at a time; what belonged to another never arrives.

    First views of the consultation that comes next may be fetched ahead; they are at hand when it
    is shown, and reach no screen before.

    ``prepare`` turns decoded pixels into what the screen draws, on the worker thread; ``cost`` is
    the memory a prepared picture holds, in bytes. Least recently wanted pictures are dropped when
    the sum passes ``budget``; the newest is always kept.
    """

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        prepare: Callable[[Pixels], P],
        cost: Callable[[P], int],
        budget: int = BUDGET,
    ) -> None:
        self._desk = desk
        self._jobs = jobs
        self._prepare = prepare
        self._cost = cost
        self._budget = budget
        self._kept: OrderedDict[tuple[PhotoId, bool], P] = OrderedDict()
        self._asked: set[tuple[PhotoId, bool]] = set()
        self._consultation: Consultation | None = None
        self._generation = 0
        self._before: ConsultationId | None = None
        self._next: Consultation | None = None
        self._ahead: dict[PhotoId, P] = {}
        self.arrived: Event[Arrived[P]] = Event()
        self.failed: Event[Unreadable] = Event()

    @property
    def generation(self) -> int:
        """Grows when another consultation is shown or pictures are dropped."""
        return self._generation

    @property
    def held(self) -> int:
        """Bytes held by prepared pictures."""
        pictures = (*self._kept.values(), *self._ahead.values())
        return sum(self._cost(picture) for picture in pictures)

    def show(self, consultation: Consultation | None) -> None:
        """Drop everything and serve this consultation from now on.

        What was fetched ahead for it is at hand at once.
        """
        self._generation += 1
        self._kept.clear()
        self._asked.clear()
        self._consultation = consultation
        if consultation is None:
            return
        if self._next is not None and consultation.id == self._next.id:
            self._kept.update(((photo, False), p) for photo, p in self._ahead.items())
        if consultation.id != self._before:
            self._next, self._ahead = None, {}
        self._before = consultation.id

    def ahead(self, consultation: Consultation | None, photos: Sequence[PhotoId]) -> None:
        """Fetch first views of the consultation that will probably be shown next.

        They are kept while this one is covered, so that signing leads straight to them.
        """
        self._next, self._ahead = consultation, {}
        if consultation is None:
            return
        for photo in photos:
            self._fetch_ahead(consultation, photo)

    def _fetch_ahead(self, consultation: Consultation, photo: PhotoId) -> None:
        def work() -> P | None:
            if self._next is not consultation:
                return None
            return self._prepare(assess.preview_pixels(self._desk, consultation, photo))

        def done(picture: P | None) -> None:
            if self._next is consultation and picture is not None:
                self._ahead[photo] = picture

        # What cannot be read ahead is asked for again, and told, when it is shown.
        self._jobs.submit(work, done, lambda _: None, Lane.WORK)

    def drop(self) -> None:
        """Forget all pictures of the consultation (the screen is covered)."""
        self.show(self._consultation)

    def best(self, photo: PhotoId) -> tuple[P, bool] | None:
        """The best picture at hand and whether it is the full one."""
        for full in (True, False):
            picture = self._kept.get((photo, full))
            if picture is not None:
                self._kept.move_to_end((photo, full))
                return picture, full
        return None

    def want(self, photo: PhotoId, *, full: bool = False) -> None:
        """Fetch a picture unless it is kept or on its way."""
        consultation = self._consultation
        key = (photo, full)
        if consultation is None or key in self._kept or key in self._asked:
            return
        if not full and (photo, True) in self._kept:
            return
        self._asked.add(key)
        generation = self._generation
        read = assess.full_pixels if full else assess.preview_pixels

        def work() -> P | None:
            # Read from another thread: a stale number only costs one decode.
            if generation != self._generation:
                return None
            return self._prepare(read(self._desk, consultation, photo))

        def done(picture: P | None) -> None:
            if generation != self._generation or picture is None:
                return
            self._asked.discard(key)
            self._keep(key, picture)
            self.arrived.emit(Arrived(photo, full, picture))

        def failed(error: Exception) -> None:
            if generation != self._generation:
                return
            self._asked.discard(key)
            self.failed.emit(Unreadable(photo, full, getattr(error, "code", "photo.unreadable")))

        self._jobs.submit(work, done, failed, Lane.WORK)

    def _keep(self, key: tuple[PhotoId, bool], picture: P) -> None:
        self._kept[key] = picture
        self._kept.move_to_end(key)
        if key[1]:
            self._kept.pop((key[0], False), None)
        held = self.held
        while held > self._budget and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            held -= self._cost(dropped)
