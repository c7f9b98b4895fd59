"""Paints one of the two photos of a comparison: laid by its transform, with annotations and header."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QTransform

from workstation.domain.alignment import Transform
from workstation.domain.lesions import LesionType
from workstation.language import tr
from workstation.presenters.followup_state import Fate, PaneState
from workstation.presenters.tools import Adjustment
from workstation.ui import icons
from workstation.ui.photo import glyphs
from workstation.ui.photo.pyramid import Pyramid, adjusted
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

PLATE = 0.82
HEAD = 42
TAG = 4.0  # half the length of the sign beside a glyph
POINT = 9.0


def as_matrix(transform: Transform) -> QTransform:
    """A map of the domain as Qt wants it."""
    t = transform
    return QTransform(t.a, t.c, t.b, t.d, t.e, t.f)


def mirror(width: float) -> QTransform:
    """Turns a photo of that width round."""
    return QTransform(-1, 0, 0, 1, width, 0)


def on_screen(view: View) -> QTransform:
    """From the common space to the pane."""
    return QTransform(view.zoom, 0, 0, view.zoom, view.x, view.y)


def paint_photo(
    painter: QPainter,
    size: QSizeF,
    pyramid: Pyramid,
    width: int,
    place: QTransform,
    adjustment: Adjustment,
    ratio: float,
    *,
    smooth: bool,
) -> None:
    """Draw what a pane of ``size`` shows of a photo that ``place`` maps onto the pane."""
    if adjustment.is_neutral:
        _draw(painter, size, pyramid, width, place, ratio, smooth=smooth)
        return
    image = QImage((size * ratio).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.fixed("light", "canvas"))
    inner = QPainter(image)
    _draw(inner, size, pyramid, width, place, ratio, smooth=smooth)
    inner.end()
    shown = adjusted(image, adjustment)
    shown.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(0, 0), shown)


def paint_marks(
    painter: QPainter,
    marks: Iterable[tuple[LesionType, QPointF, str]],
    *,
    scale: float,
    ratio: float,
    size: QSizeF,
) -> None:
    """Draw glyphs at pane points; the third value is ``plain``, ``ghost``, ``new`` or ``gone``."""
    area = QRectF(QPointF(0, 0), size).adjusted(-24, -24, 24, 24)
    for kind, at, look in marks:
        if not area.contains(at):
            continue
        ghost = look in ("ghost", "gone")
        picture = glyphs.stamp(kind, reference=ghost, scale=scale, ratio=ratio)
        half = QPointF(picture.width() / ratio / 2, picture.height() / ratio / 2)
        painter.drawPixmap(at - half, picture)
        if look in ("new", "gone"):
            reach = glyphs.radius_of(kind) * scale * 0.75 + 3
            _tag(painter, at + QPointF(reach, -reach), plus=look == "new")


def look_of(fate: Fate, *, newer: bool, counted: bool) -> str:
    """How an annotation is drawn in its own pane."""
    return "new" if newer and counted and fate is Fate.NEW else "plain"


def paint_header(painter: QPainter, size: QSizeF, pane: PaneState) -> None:
    """The plate at the top: which visit, which day, and how many are visible."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    back = QColor(theme.fixed("light", "text"))
    back.setAlphaF(PLATE)
    high = theme.px(HEAD)
    plate = QRectF(12, 12, max(40.0, size.width() - 24), high)
    strong, plain = theme.font("bodyStrong"), theme.font("caption")
    wide = max(
        QFontMetricsF(strong).horizontalAdvance(pane.title),
        QFontMetricsF(plain).horizontalAdvance(pane.when),
    )
    number = theme.font("title", 700) if pane.count else plain
    text = pane.count or ("" if pane.missing else tr("Not counted yet"))
    room = QFontMetricsF(number).horizontalAdvance(text)
    plate.setWidth(min(plate.width(), max(wide + room + 56, 220)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    painter.drawRoundedRect(plate, 5, 5)
    painter.setPen(theme.fixed("light", "surface"))
    inside = plate.adjusted(12, 4, -12, -4)
    painter.setFont(strong)
    upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
    painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, pane.title)
    painter.setFont(plain)
    lower = upper.translated(0, inside.height() / 2)
    painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, pane.when)
    painter.setFont(number)
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(inside, right, text)


def paint_words(painter: QPainter, size: QSizeF, text: str, icon: str = "") -> None:
    """Words in the middle of a pane that has no photo to show."""
    if icon:
        at = QPointF(size.width() / 2 - 16, size.height() / 2 - 30)
        icons.paint(painter, icon, at, theme.fixed("dark", "text2").name(), 32)
    painter.setFont(theme.font("body"))
    painter.setPen(theme.fixed("dark", "text2"))
    area = QRectF(24, 70, size.width() - 48, size.height() - 100)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap.value
    painter.drawText(area, flags, text)


def paint_prompt(painter: QPainter, size: QSizeF, text: str) -> None:
    """What to do next, on a plate at the foot of the photos."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("bodyStrong"))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap.value
    room = QRectF(0, 0, min(size.width() - 60, 560), 200)
    taken = painter.boundingRect(room, flags, text)
    plate = QRectF(0, 0, taken.width() + 32, taken.height() + 16)
    plate.moveCenter(QPointF(size.width() / 2, size.height() - plate.height() / 2 - 16))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.fixed("light", "accent"))
    painter.drawRoundedRect(plate, 6, 6)
    painter.setPen(theme.fixed("light", "onAccent"))
    painter.drawText(plate.adjusted(16, 8, -16, -8), flags, text)


def paint_points(painter: QPainter, places: Iterable[QPointF]) -> None:
    """Number the places clicked so far while aligning."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("overline", 700))
    for number, at in enumerate(places, 1):
        painter.setPen(QPen(theme.lesion("casing"), 3))
        painter.setBrush(theme.fixed("light", "accent"))
        painter.drawEllipse(at, POINT, POINT)
        painter.setPen(QPen(theme.fixed("light", "surface"), 1.4))
        painter.drawEllipse(at, POINT, POINT)
        area = QRectF(at.x() - POINT, at.y() - POINT, 2 * POINT, 2 * POINT)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(number))


def _draw(
    painter: QPainter,
    size: QSizeF,
    pyramid: Pyramid,
    width: int,
    place: QTransform,
    ratio: float,
    *,
    smooth: bool,
) -> None:
    grown = abs(place.determinant()) ** 0.5
    picture, _ = pyramid.level(grown * ratio * width / pyramid.width)
    back, possible = place.inverted()
    if not possible:
        return
    k = picture.width() / width
    seen = back.mapRect(QRectF(QPointF(0, 0), size))
    left, top = max(0, int(seen.left() * k) - 1), max(0, int(seen.top() * k) - 1)
    right = min(picture.width(), int(seen.right() * k) + 2)
    bottom = min(picture.height(), int(seen.bottom() * k) + 2)
    if right <= left or bottom <= top:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.setTransform(place, True)
    painter.scale(1 / k, 1 / k)
    source = QRectF(left, top, right - left, bottom - top)
    painter.drawPixmap(source, picture, source)
    painter.restore()


def _tag(painter: QPainter, at: QPointF, *, plus: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, wide in ((theme.lesion("casing"), 4.0), (theme.lesion("SC"), 1.6)):
        pen = QPen(colour, wide)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(at - QPointF(TAG, 0), at + QPointF(TAG, 0))
        if plus:
            painter.drawLine(at - QPointF(0, TAG), at + QPointF(0, TAG))
