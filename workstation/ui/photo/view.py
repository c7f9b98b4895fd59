"""Where the photo lies on the canvas: zoom, pan, fit, and points in both directions."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

from workstation.domain.lesions import Point

LARGEST = 8.0  # device pixels per photo pixel
STEP = 1.25


@dataclass(slots=True)
class View:
    """Photo pixels to widget points: ``widget = origin + photo * zoom``.

    ``zoom`` is in logical widget pixels per photo pixel; 100 % is one device pixel each. A
    ``mirrored`` photo is drawn turned round: its left edge is on the right.
    """

    photo: QSizeF
    area: QSizeF
    ratio: float = 1.0
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True
    mirrored: bool = False

    @property
    def fit_zoom(self) -> float:
        """The zoom at which the whole photo shows."""
        # A canvas that was never shown may have no width or no height.
        if min(*self.photo.toTuple(), *self.area.toTuple()) < 1:
            return 1.0
        return min(self.area.width() / self.photo.width(), self.area.height() / self.photo.height())

    @property
    def percent(self) -> int:
        """Zoom in percent of device pixels."""
        return round(self.zoom * self.ratio * 100)

    def to_widget(self, at: Point) -> QPointF:
        """A photo point on the canvas."""
        return QPointF(self.x + self._across(at.x) * self.zoom, self.y + at.y * self.zoom)

    def to_photo(self, at: QPointF) -> Point:
        """A canvas point on the photo."""
        across = self._across((at.x() - self.x) / self.zoom)
        return Point(across, (at.y() - self.y) / self.zoom)

    def step(self, by: QPointF) -> tuple[float, float]:
        """A way on the canvas in photo pixels."""
        across = -by.x() if self.mirrored else by.x()
        return across / self.zoom, by.y() / self.zoom

    @property
    def across(self) -> tuple[float, float]:
        """Factor and offset that turn a photo's x into the canvas's."""
        if self.mirrored:
            return -self.zoom, self.x + self.photo.width() * self.zoom
        return self.zoom, self.x

    def holds(self, at: QPointF) -> bool:
        """Whether a canvas point lies on the photo."""
        p = self.to_photo(at)
        return 0 <= p.x <= self.photo.width() and 0 <= p.y <= self.photo.height()

    def visible(self) -> QRectF:
        """The part of the photo that shows, in photo pixels."""
        whole = QRectF(0, 0, self.photo.width(), self.photo.height())
        width = self.area.width() / self.zoom
        left = -self.x / self.zoom
        seen = QRectF(
            self.photo.width() - left - width if self.mirrored else left,
            -self.y / self.zoom,
            width,
            self.area.height() / self.zoom,
        )
        return whole.intersected(seen)

    def fit(self) -> None:
        """Show the whole photo, in the middle."""
        self.zoom = self.fit_zoom
        self.x = (self.area.width() - self.photo.width() * self.zoom) / 2
        self.y = (self.area.height() - self.photo.height() * self.zoom) / 2
        self.fitted = True

    def zoom_to(self, zoom: float, at: QPointF) -> None:
        """Zoom so that the photo point under ``at`` stays there."""
        fit = self.fit_zoom
        zoom = min(max(zoom, fit), max(LARGEST / self.ratio, fit))
        if zoom <= fit * 1.0001:
            self.fit()
            return
        under = self.to_photo(at)
        self.zoom = zoom
        self.x, self.y = at.x() - self._across(under.x) * zoom, at.y() - under.y * zoom
        self.fitted = False
        self._hold()

    def pan(self, dx: float, dy: float) -> None:
        """Move the photo by widget pixels; some of it always stays in sight."""
        self.x += dx
        self.y += dy
        self._hold()

    def resize(self, area: QSizeF) -> None:
        """The canvas changed size: a fitted photo is fitted again, else its middle stays."""
        before = self.area
        self.area = area
        if self.fitted:
            self.fit()
        else:
            self.x += (area.width() - before.width()) / 2
            self.y += (area.height() - before.height()) / 2
            self._hold()

    def show(self, at: Point, margin: float = 24.0) -> bool:
        """Pan as little as needed to bring a photo point in sight; whether it moved."""
        w = self.to_widget(at)
        dx = max(margin - w.x(), 0.0) - max(w.x() - (self.area.width() - margin), 0.0)
        dy = max(margin - w.y(), 0.0) - max(w.y() - (self.area.height() - margin), 0.0)
        if dx or dy:
            self.pan(dx, dy)
        return bool(dx or dy)

    def _across(self, x: float) -> float:
        return self.photo.width() - x if self.mirrored else x

    def _hold(self) -> None:
        w, h = self.photo.width() * self.zoom, self.photo.height() * self.zoom
        self.x = _held(self.x, w, self.area.width())
        self.y = _held(self.y, h, self.area.height())


def _held(at: float, length: float, room: float) -> float:
    if length <= room:
        return (room - length) / 2
    # Half a canvas of surround lets a lesion at the rim come to the middle.
    return min(max(at, room / 2 - length), room / 2)
