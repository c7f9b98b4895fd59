"""Text in painted rows: drawn smaller or over more lines where it does not fit, cut only as free text."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from workstation.ui.theme import SMALLEST_PX, theme
from workstation.ui.widgets.painting import unbroken
from workstation.ui.widgets.person_photo import paint_photo


class Words(NamedTuple):
    """Text with its colour token and weight."""

    text: str
    role: str = "text"
    weight: int = 400


NONE = Words("", "text3")


def fitting(text: str, font: QFont, width: float, least: int = SMALLEST_PX) -> QFont:
    """``font``, smaller as far as the text needs it; never below ``least`` pixels."""
    smaller = QFont(font)
    while QFontMetricsF(smaller).horizontalAdvance(text) > width and smaller.pixelSize() > least:
        smaller.setPixelSize(smaller.pixelSize() - 1)
    return smaller


def paint_line(painter: QPainter, area: QRectF, words: Words, role: str = "body") -> None:
    """One line; free text too long for it is cut, the row's tooltip has it whole."""
    font = fitting(words.text, theme.font(role, words.weight), area.width())
    painter.setFont(font)
    painter.setPen(theme.colour(words.role))
    shown = QFontMetricsF(font).elidedText(words.text, Qt.TextElideMode.ElideRight, area.width())
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine.value
    painter.drawText(area, flags, shown)


def paint_lines(painter: QPainter, area: QRectF, first: Words, second: Words = NONE) -> None:
    """Two lines, centred together; one that does not fit is drawn smaller, not cut."""
    fonts = (
        fitting(first.text, theme.font("body", first.weight), area.width()),
        fitting(second.text, theme.font("caption", second.weight), area.width()),
    )
    heights = [QFontMetricsF(font).height() for font in fonts]
    if not second.text:
        heights[1] = 0
    y = area.top() + (area.height() - sum(heights)) / 2
    for words, font, tall in zip((first, second), fonts, heights, strict=True):
        painter.setFont(font)
        painter.setPen(theme.colour(words.role))
        painter.drawText(QPointF(area.left(), y + QFontMetricsF(font).ascent()), words.text)
        y += tall


def paint_patient(
    painter: QPainter, area: QRectF, face: QImage | None, side: float, name: Words, about: Words
) -> None:
    """A patient in a row: photo, name, and who that is below; no name is ever cut.

    ``name`` reads ``FAMILY, Given``. One too long for its line leaves the given name to the second
    line; a family name too long even so goes over two.
    """
    top = area.center().y() - side / 2
    paint_photo(painter, QRectF(area.left(), top, side, side), face, side / 2)
    room = area.adjusted(side + 8, 0, 0, 0)
    whole = Words(unbroken(name.text), name.role, name.weight)
    if QFontMetricsF(theme.font("body", name.weight)).horizontalAdvance(whole.text) > room.width():
        family, _, given = whole.text.partition(",")
        whole = Words(f"{family},", name.role, name.weight)
        given = given.strip()
        about = Words(f"{given} \u00b7 {about.text}", about.role, about.weight)
        least = QFontMetricsF(theme.font_px(SMALLEST_PX, 400))
        if least.horizontalAdvance(about.text) > room.width():
            # No room for all of it: whose row it is comes first, the tooltip has the rest.
            kept = least.elidedText(given, Qt.TextElideMode.ElideRight, room.width())
            about = Words(kept, about.role, about.weight)
        smallest = theme.font_px(SMALLEST_PX, name.weight)
        if QFontMetricsF(smallest).horizontalAdvance(whole.text) > room.width():
            _paint_parted(painter, room, whole, about)
            return
    paint_lines(painter, room, whole, about)


def _paint_parted(painter: QPainter, area: QRectF, name: Words, about: Words) -> None:
    strong, plain = theme.font_px(SMALLEST_PX, name.weight), theme.font_px(SMALLEST_PX, 400)
    metrics = QFontMetricsF(strong)
    step = metrics.height()
    lines = [(part, strong, name.role) for part in parts_of(name.text, metrics, area.width())]
    below = (len(lines) + 1) * step <= area.height() + step / 2
    if below:
        lines.append((about.text, plain, about.role))
    y = area.center().y() - step * len(lines) / 2 + metrics.ascent()
    for text, font, role in lines:
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        painter.drawText(QPointF(area.left(), y), text)
        y += step
    if not below:  # behind the last part, as far as there is room
        x = metrics.horizontalAdvance(lines[-1][0]) + 5
        metrics = QFontMetricsF(plain)
        room = area.width() - x
        # An age is told whole or not at all: "5…" would be another one.
        kept = (
            about.text
            if metrics.horizontalAdvance(about.text) <= room
            else about.text.split(" \u00b7 ")[0]
        )
        kept = metrics.elidedText(kept, Qt.TextElideMode.ElideRight, room)
        painter.setFont(plain)
        painter.setPen(theme.colour(about.role))
        painter.drawText(QPointF(area.left() + x, y - step), kept)


def parts_of(name: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """A name in parts that fit: broken between its parts where these fit, else inside one."""
    found, rest = [], name
    while rest and metrics.horizontalAdvance(rest) > width:
        cut = len(rest)
        while cut > 1 and metrics.horizontalAdvance(rest[:cut]) > width:
            cut -= 1
        joint = max(rest.rfind(mark, 0, cut) for mark in ("\u2011", "-", " ")) + 1
        if joint and metrics.horizontalAdvance(rest[joint:]) <= width:
            cut = joint  # a name of two parts is broken between them
        elif rest[cut : cut + 1] in ("\u2011", "-"):
            cut += 1  # the hyphen stays with the first part
        found.append(rest[:cut])
        rest = rest[cut:]
    return [*found, rest] if rest else found
