"""What is painted over the photo: outlines, the selection's note, loupe and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
)

from workstation.language import tr
from workstation.presenters.assess_state import Selected
from workstation.presenters.canvas import ZoneLabel
from workstation.ui.assess.plates import LABEL, Plate, clear_of, outline, paint_plates
from workstation.ui.photo.view import View
from workstation.ui.theme import theme

LOUPE_RADIUS = 78.0
NOTE_LEAST, NOTE_MOST = 204.0, 300.0
NOTE_LINE = 17
CORNER_REACH = 9.0


def paint_outlines(
    painter: QPainter, labels: Iterable[ZoneLabel], view: View, *, corners: bool
) -> None:
    """Draw zone outlines: dashes of white on a dark line, readable on every skin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    white, black = QColor(theme.lesion("SC")), QColor(theme.lesion("casing"))
    for label in labels:
        if not label.polygon:
            continue
        polygon = outline(label.polygon, view)
        strength = 0.9 if label.owned else 0.5
        black.setAlphaF(0.55 * strength)
        painter.setPen(QPen(black, 2.6))
        painter.drawPolygon(polygon)
        white.setAlphaF(strength)
        dashes = QPen(white, 1.3)
        dashes.setDashPattern([4.5, 3.5])
        painter.setPen(dashes)
        painter.drawPolygon(polygon)
        if corners:
            painter.setPen(QPen(black, 1))
            painter.setBrush(white)
            for point in (view.to_widget(p) for p in label.polygon):
                painter.drawRect(QRectF(point.x() - 2.5, point.y() - 2.5, 5, 5))
            painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_plain_outlines(painter: QPainter, labels: Iterable[ZoneLabel], view: View) -> None:
    """Draw zone outlines fast, while the photo moves."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    white = QColor(theme.lesion("SC"))
    for label in labels:
        white.setAlphaF(0.7 if label.owned else 0.35)
        painter.setPen(QPen(white, 1))
        if label.polygon:
            painter.drawPolygon(outline(label.polygon, view))


def note_texts(selected: Selected) -> list[tuple[str, str, str]]:
    """Lines of the note: text, font role, colour."""
    lines = [(selected.title, "bodyStrong", "text"), (selected.detail, "caption", "text2")]
    lines += [(extra, "caption", "text2") for extra in note_lines(selected)]
    lines.append((tr("1\u20138 re-type \u00b7 Del remove"), "caption", "text3"))
    return lines


def note_size(selected: Selected) -> QSizeF:
    """Room for every line; only a long note of one's own is cut, and the menu shows it whole."""
    lines = note_texts(selected)
    width = max(QFontMetricsF(theme.font(font)).horizontalAdvance(text) for text, font, _ in lines)
    return QSizeF(
        min(max(width + 26, NOTE_LEAST), NOTE_MOST), theme.px(NOTE_LINE) * len(lines) + 12
    )


def note_rect(
    at: QPointF,
    area: QSizeF,
    pointer: QPointF | None,
    size: QSizeF,
    taken: Iterable[QRectF] = (),
) -> QRectF:
    """Where the selection's note stands: at the far side, clear of the lesion and the pointer.

    ``taken`` is what lies over the photo; upon it no note stands as long as there is another place.
    """
    taken = tuple(taken)
    low = area.height() - size.height() - 12
    wide = area.width() - size.width() - 12
    level = min(max(at.y() - size.height() / 2, 70.0), low)
    columns = (wide, 12.0) if at.x() <= area.width() * 0.62 else (12.0, wide)
    places = [QRectF(QPointF(x, y), size) for y in (level, low, low / 2, 12.0) for x in columns]
    clear = [r for r in places if clear_of(r, pointer) and clear_of(r, at)]
    free = (r for r in clear if not any(r.intersects(other) for other in taken))
    return next(free, clear[0] if clear else QRectF(QPointF(12.0, low), size))


def paint_note_line(
    painter: QPainter, at: QPointF, radius: float, rect: QRectF, upon: Iterable[QRectF] = ()
) -> None:
    """Draw the line from a lesion in sight to the note that stands in ``rect``.

    It passes under what is to be read: nothing of it is drawn in the rectangles ``upon`` it.
    """
    painter.save()
    free = QRegion(painter.viewport())
    for other in upon:
        free -= QRegion(other.toAlignedRect())
    painter.setClipRegion(free)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    end = QPointF(rect.left() if rect.center().x() > at.x() else rect.right(), rect.center().y())
    start = QPointF(at.x() + (radius if end.x() > at.x() else -radius), at.y())
    dark = QColor(theme.lesion("casing"))
    dark.setAlphaF(0.6)
    for pen in (QPen(dark, 2.6), QPen(QColor(theme.lesion("SC")), 1.2)):
        painter.setPen(pen)
        painter.drawLine(start, end)
    painter.restore()


def paint_note(painter: QPainter, selected: Selected, rect: QRectF) -> None:
    """Draw the note of the selected annotation."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.fixed("light", "border"), 1))
    painter.setBrush(theme.fixed("light", "surface"))
    painter.drawRoundedRect(rect, 6, 6)
    x, y = rect.left() + 12, rect.top() + 6
    for text, font, colour in note_texts(selected):
        painter.setFont(theme.font(font))
        painter.setPen(theme.fixed("light", colour))
        line = QRectF(x, y, rect.width() - 20, theme.px(NOTE_LINE) + 1)
        elided = QFontMetricsF(theme.font(font)).elidedText(
            text, Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided)
        y += theme.px(NOTE_LINE)


def note_lines(selected: Selected) -> tuple[str, ...]:
    """Lines between the size and the key hints: the note, and why it does not count here."""
    lines = []
    if selected.note:
        lines.append(f"\u201c{selected.note}\u201d")
    if not selected.counts and selected.linked:
        lines.append(tr("Same lesion as another: counted there"))
    elif not selected.counts:
        lines.append(
            tr("Reference: counts on {owner}", owner=selected.owner or tr("its own photo"))
        )
    elif selected.counted_here:
        lines.append(tr("Counted here: not visible there"))
    return tuple(lines)


def paint_loupe(
    painter: QPainter,
    at: QPointF,
    picture: QPixmap,
    source: QRectF,
    power: float,
    *,
    mirrored: bool = False,
) -> None:
    """Draw the round loupe: the photo alone, enlarged."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    r = LOUPE_RADIUS
    circle = QPainterPath()
    circle.addEllipse(at, r, r)
    painter.setClipPath(circle)
    painter.fillPath(circle, theme.fixed("light", "canvas"))
    if mirrored:
        painter.translate(2 * at.x(), 0)
        painter.scale(-1, 1)
    painter.drawPixmap(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r), picture, source)
    if mirrored:
        painter.scale(-1, 1)
        painter.translate(-2 * at.x(), 0)
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    dark = QColor(theme.lesion("casing"))
    dark.setAlphaF(0.8)
    painter.setPen(QPen(dark, 4))
    painter.drawEllipse(at, r, r)
    painter.setPen(QPen(QColor(theme.lesion("SC")), 2))
    painter.drawEllipse(at, r, r)
    text = tr("Loupe {power:g}\u00d7", power=power)
    metrics = QFontMetricsF(theme.font("overline"))
    w = metrics.horizontalAdvance(text) + 14
    plate = QRectF(at.x() - w / 2, at.y() + r - 10, w, 18)
    paint_plates(painter, [Plate(text, plate, quiet=False)], LABEL)
    painter.restore()


def paint_line(painter: QPainter, points: Sequence[QPointF], *, closed: bool) -> None:
    """Draw a lasso or a measured length."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPolygonF(list(points))
    for colour, width in ((theme.lesion("casing"), 3.0), (theme.lesion("SC"), 1.4)):
        painter.setPen(QPen(colour, width))
        if closed:
            painter.drawPolygon(path)
        else:
            painter.drawPolyline(path)
