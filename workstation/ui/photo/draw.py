"""Draws the visible part of a photo from its pyramid, as taken or adjusted, and the crosshair."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter, QPen

from workstation.domain.lesions import Point
from workstation.presenters.tools import Adjustment
from workstation.ui.photo.pyramid import Pyramid, adjusted
from workstation.ui.photo.view import View
from workstation.ui.theme import theme


def paint_photo(
    painter: QPainter,
    pyramid: Pyramid,
    width: int,
    view: View,
    adjustment: Adjustment,
    *,
    smooth: bool,
) -> None:
    """Draw what ``view`` shows of a photo that is ``width`` pixels wide at full size."""
    if adjustment.is_neutral:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        _draw(painter, pyramid, width, view, QPointF(0, 0))
        return
    part = adjusted_part(pyramid, width, view, adjustment, smooth=smooth)
    if part is not None:
        painter.drawImage(*part)


def adjusted_part(
    pyramid: Pyramid, width: int, view: View, adjustment: Adjustment, *, smooth: bool
) -> tuple[QRectF, QImage] | None:
    """Where the visible part of an adjusted photo lies, and its picture; None when none shows."""
    seen = view.visible()
    if seen.isEmpty():
        return None
    left = seen.right() if view.mirrored else seen.left()
    area = QRectF(
        view.to_widget(Point(left, seen.top())),
        QSizeF(seen.width() * view.zoom, seen.height() * view.zoom),
    )
    size = (area.size() * view.ratio).toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(view.ratio)
    inner = QPainter(image)
    inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    _draw(inner, pyramid, width, view, area.topLeft())
    inner.end()
    return area, adjusted(image, adjustment)


def paint_crosshair(painter: QPainter, at: QPointF) -> None:
    """Draw the keyboard's crosshair: white inside black, the middle left free."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for colour, width in ((theme.lesion("casing"), 3), (theme.lesion("SC"), 1)):
        painter.setPen(QPen(colour, width))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(
                QPointF(at.x() + 8 * dx, at.y() + 8 * dy),
                QPointF(at.x() + 22 * dx, at.y() + 22 * dy),
            )


def _draw(painter: QPainter, pyramid: Pyramid, width: int, view: View, shift: QPointF) -> None:
    share = pyramid.width / width
    picture, divisor = pyramid.level(view.zoom * view.ratio / share)
    seen = view.visible()
    if seen.isEmpty():
        return
    # Whole source pixels: half ones at the rim would shiver while panning.
    k = share / divisor
    left, top = int(seen.left() * k), int(seen.top() * k)
    right = min(picture.width(), int(seen.right() * k) + 2)
    bottom = min(picture.height(), int(seen.bottom() * k) + 2)
    source = QRectF(left, top, right - left, bottom - top)
    corner = QPointF(view.x + left / k * view.zoom, view.y + top / k * view.zoom) - shift
    size = QSizeF(source.width() / k * view.zoom, source.height() / k * view.zoom)
    if not view.mirrored:
        painter.drawPixmap(QRectF(corner, size), picture, source)
        return
    painter.save()
    painter.translate(2 * (view.x - shift.x()) + view.photo.width() * view.zoom, 0)
    painter.scale(-1, 1)
    painter.drawPixmap(QRectF(corner, size), picture, source)
    painter.restore()
