"""The photo of a person, as a circle or a square with rounded corners."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPixmapCache,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from workstation.language import tr
from workstation.ui import form, icons
from workstation.ui.theme import theme

SMALL = 64  # logical px: photos up to this size are kept as drawn


def _as_brush(painter: QPainter, rect: QRectF, image: QImage) -> QBrush:
    """The face of a photo as what a shape is filled with: scaled first, which is the fast way."""
    ratio = painter.device().devicePixelRatio()
    side = min(image.width(), image.height())
    top = round(max(0.0, (image.height() - side) * 0.35))
    part = image.copy((image.width() - side) // 2, top, side, side)
    wanted = max(1, round(rect.width() * ratio))
    part = part.scaled(
        wanted,
        wanted,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    brush = QBrush(part)
    brush.setTransform(QTransform(1 / ratio, 0, 0, 1 / ratio, rect.left(), rect.top()))
    return brush


@form.register
class PhotoCircle(QWidget):
    """A patient's photo (round, or with rounded corners), or a plain outline when there is none."""

    def __init__(
        self, parent: QWidget | None = None, *, size: int = 40, rounded: bool = False
    ) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._rounded = rounded
        self.set_size(size)
        self.setAccessibleName(tr("Photo of the patient"))

    def set_size(self, size: int) -> None:
        """Side in logical pixels."""
        self.setFixedSize(size, size)

    def show_photo(self, image: QImage | None) -> None:
        """Show a photo's upper middle square (None: no photo)."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw photo or outline."""
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        paint_photo(painter, rect, self._image, 8.0 if self._rounded else rect.width() / 2)
        painter.end()


def paint_photo(painter: QPainter, rect: QRectF, image: QImage | None, radius: float) -> None:
    """Draw the square of a photo that holds the face, clipped to rounded corners."""
    if image is not None and image.isNull():
        image = None
    if image is not None and rect.width() <= SMALL:
        # Scaling is the dear part, and a list paints the same faces with every step of the wheel.
        ratio = painter.device().devicePixelRatio()
        name = f"{image.cacheKey()}/{rect.width()}/{radius}/{ratio}/{theme.colour('border').name()}"
        kept = QPixmap()
        if not QPixmapCache.find(name, kept):
            kept = QPixmap((rect.size() * ratio).toSize())
            kept.setDevicePixelRatio(ratio)
            kept.fill(Qt.GlobalColor.transparent)
            on_it = QPainter(kept)
            _paint_photo(on_it, QRectF(QPointF(0, 0), rect.size()), image, radius)
            on_it.end()
            QPixmapCache.insert(name, kept)
        painter.drawPixmap(rect.topLeft(), kept)
        return
    _paint_photo(painter, rect, image, radius)


def _paint_photo(painter: QPainter, rect: QRectF, image: QImage | None, radius: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if image is None:
        painter.fillPath(path, theme.colour("sunken"))
        size = max(12, int(rect.width() * 0.5))
        corner = QPointF(rect.center().x() - size / 2, rect.center().y() - size / 2)
        icons.paint(painter, "user", corner, "text3", size)
    else:
        painter.fillPath(path, _as_brush(painter, rect, image))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.drawPath(path)
    painter.restore()
