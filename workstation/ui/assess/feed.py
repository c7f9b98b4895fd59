"""Brings pixels to the canvas and thumbnails to the strip: what is shown, what N and P would show,
and the first views of the consultation that comes next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QImage

from workstation.domain.consultation import Consultation
from workstation.domain.ids import PhotoId
from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_strip import hung
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.pictures import Arrived, Pictures, Unreadable
from workstation.ui.assess.canvas import PhotoCanvas
from workstation.ui.assess.photo_strip import PhotoStrip
from workstation.ui.photo.pyramid import Pyramid, build, cost

AHEAD = 2  # photos of the next consultation that are fetched ahead


class PhotoFeed:
    """Feeds one canvas and one strip. ``photo`` is the one whose pixels are wanted."""

    def __init__(
        self, presenter: AssessPresenter, canvas: PhotoCanvas, strip: PhotoStrip, jobs: Jobs
    ) -> None:
        self._presenter, self._canvas, self._strip, self._jobs = presenter, canvas, strip, jobs
        self.pictures: Pictures[Pyramid] = Pictures(presenter.case.desk, jobs, build, cost)
        self.photo: PhotoId | None = None
        self.pictures.arrived.subscribe(self._arrived)
        self.pictures.failed.subscribe(self._unreadable)
        canvas.needs_full.connect(lambda photo: self.pictures.want(PhotoId(photo), full=True))

    def open(self, *, look_ahead: bool) -> None:
        """Another consultation is open, or none."""
        self.photo = None
        case = self._presenter.case.state
        self.pictures.show(case.consultation if case is not None else None)
        self._strip.forget()
        if case is not None:
            self._want_thumbnails()
            if look_ahead:
                self._look_ahead()

    def show(self, photo: PhotoId | None) -> None:
        """Another photo of it is on the canvas."""
        if photo != self.photo:
            self.photo = photo
            self._want()

    def again(self) -> None:
        """Fetch again what was dropped."""
        self._want()
        self._want_thumbnails()

    def drop(self) -> None:
        """Keep nothing decoded."""
        self.pictures.drop()
        self._strip.forget()
        self._canvas.show_picture(None)

    # -- inside

    def _want(self) -> None:
        photo = self.photo
        if photo is None:
            self._canvas.show_picture(None, tr("No photos were supplied"))
            return
        kept = self.pictures.best(photo)
        self._canvas.show_picture(kept[0] if kept is not None else None)
        self.pictures.want(photo)
        for other in self._presenter.neighbours():
            self.pictures.want(other)

    def _look_ahead(self) -> None:
        generation = self.pictures.generation

        def found(consultation: Consultation | None) -> None:
            if generation == self.pictures.generation:
                photos = hung(consultation.photos) if consultation is not None else ()
                self.pictures.ahead(consultation, [p.id for p in photos[:AHEAD]])

        work = self._presenter.next_waiting()
        self._jobs.submit(work, found, lambda _: None, Lane.READ)

    def _arrived(self, arrived: Arrived[Pyramid]) -> None:
        if arrived.photo == self.photo:
            self._canvas.show_picture(arrived.picture)

    def _unreadable(self, failed: Unreadable) -> None:
        if failed.photo == self.photo and self._canvas.pyramid is None:
            message = wording.message(failed.code)
            self._canvas.show_picture(None, message.line)

    def _want_thumbnails(self) -> None:
        generation = self.pictures.generation
        for photo in self._presenter.photos:
            if not self._strip.has_thumbnail(photo.id):
                work = partial(_image, self._presenter.thumbnail(photo.id))
                done = partial(self._thumbnail, generation, photo.id)
                self._jobs.submit(work, done, lambda _: None, Lane.READ)

    def _thumbnail(self, generation: int, photo: PhotoId, image: QImage) -> None:
        if generation == self.pictures.generation and not image.isNull():
            self._strip.show_thumbnail(photo, image)


def _image(read: Callable[[], bytes]) -> QImage:
    return QImage.fromData(read())
