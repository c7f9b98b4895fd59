"""Where the photo lies on the canvas: zoom, place, what is remembered of each photo, and its pixels."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSizeF, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Point
from workstation.domain.photo import Photo
from workstation.ui.assess.painting import PaintedCanvas
from workstation.ui.photo.pyramid import Pyramid
from workstation.ui.photo.view import STEP, View

SMOOTH_AFTER_MS = 140


class ViewedCanvas(PaintedCanvas):
    """A painted canvas that is zoomed and panned.

    ``needs_full`` asks for all pixels of a photo, ``viewed`` tells any change of zoom or place.
    """

    needs_full = Signal(str)
    viewed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: dict[PhotoId, tuple[float, Point]] = {}
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(SMOOTH_AFTER_MS)
        self._still.timeout.connect(self._settle)

    # -- pixels

    def show_picture(self, pyramid: Pyramid | None, problem: str = "") -> None:
        """Show decoded pixels of the current photo, or why there are none."""
        self.pyramid = pyramid
        self._at_rest = None  # the copy of another picture, or of none at all
        self.problem = problem
        self._ask_full()
        self.update()

    def forget_views(self) -> None:
        """Another consultation: zooms of the last one are not remembered."""
        self._views.clear()
        self._photo = None
        self.pyramid = None
        self._at_rest = None

    # -- moving

    @property
    def middle(self) -> QPointF:
        """The middle of the canvas."""
        return QPointF(self.rect().center())

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom at a canvas point (default: the middle)."""
        self.view.zoom_to(self.view.zoom * factor, at or self.middle)
        self.moved()

    def zoom_in(self) -> None:
        """One step nearer, at the pointer when it is over the photo."""
        self.zoom_by(STEP, self.pointer)

    def zoom_out(self) -> None:
        """One step back."""
        self.zoom_by(1 / STEP, self.pointer)

    def fit(self) -> None:
        """The whole photo."""
        self.view.fit()
        self.moved()

    def toggle_fit(self) -> None:
        """The whole photo, or one device pixel for each photo pixel at the pointer."""
        if self.view.fitted:
            self.view.zoom_to(1 / self.view.ratio, self.pointer or self.middle)
        else:
            self.view.fit()
        self.moved()

    def moved(self) -> None:
        """The view moved: draw fast now, smooth when it rests."""
        self._moving = True
        self._still.start()
        self._ask_full()
        self.viewed.emit()
        self.update()

    def set_loupe(self, on: bool) -> None:
        """Take or lay down the loupe."""
        if on != self.loupe:
            self.loupe = on
            self._ask_full()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the photo in place."""
        self.view.ratio = self.devicePixelRatioF()
        self.view.resize(QSizeF(event.size()))
        self.viewed.emit()

    # -- inside

    def _change_photo(self, photo: Photo | None) -> None:
        if self._photo is not None:
            middle = self.view.to_photo(self.middle)
            kept = (0.0 if self.view.fitted else self.view.zoom, middle)
            self._views[self._photo.id] = kept
        self._photo = photo
        self.pyramid = None
        self.problem = ""
        size = QSizeF(photo.width, photo.height) if photo is not None else QSizeF(0, 0)
        self.view = View(size, QSizeF(self.size()), self.devicePixelRatioF())
        self.view.fit()
        self._arriving = True
        self._still.start()

    def _back_to_place(self, photo: Photo | None) -> None:
        """Zoom and place as they were when the photo was last shown."""
        zoom, middle = (
            self._views.get(photo.id, (0.0, Point(0, 0))) if photo else (0.0, Point(0, 0))
        )
        if zoom:
            centre = self.middle
            self.view.zoom_to(zoom, centre)
            at = self.view.to_widget(middle)
            self.view.pan(centre.x() - at.x(), centre.y() - at.y())
        self.viewed.emit()

    def _turn(self, mirrored: bool) -> None:
        if mirrored != self.view.mirrored:
            middle = self.view.to_photo(self.middle)
            self.view.mirrored = mirrored
            at = self.view.to_widget(middle)
            self.view.pan(self.middle.x() - at.x(), self.middle.y() - at.y())
            self.resting.forget()

    def _ask_full(self) -> None:
        photo, pyramid = self._photo, self.pyramid
        if photo is None or pyramid is None or pyramid.width >= photo.width:
            return
        if self.loupe or self.view.zoom * self.view.ratio * photo.width > pyramid.width:
            self.needs_full.emit(photo.id)

    def _settle(self) -> None:
        self._moving = self._arriving = False
        self.update()
