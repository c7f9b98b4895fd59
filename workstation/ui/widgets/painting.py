"""Drawing that both widgets and list delegates use: chips, key caps, wrapped text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from workstation.ui import icons
from workstation.ui.theme import theme

CHIP_HEIGHT = 22
CHIP_ICON = 14


@dataclass(frozen=True, slots=True)
class ChipLook:
    """Colour tokens of a chip and the icon it carries unless told otherwise."""

    text: str
    fill: str
    outline: str
    icon: str


CHIP_KINDS = {
    "emergent": ChipLook("dangerBg", "danger", "danger", "octagon-x"),
    "urgent": ChipLook("danger", "surface", "danger", "octagon-x"),
    "danger": ChipLook("danger", "dangerBg", "dangerBd", "octagon-x"),
    "warn": ChipLook("warn", "warnBg", "warnBd", "triangle-alert"),
    "info": ChipLook("info", "infoBg", "infoBd", "info"),
    "routine": ChipLook("info", "infoBg", "infoBd", "circle-dot"),
    "ok": ChipLook("ok", "okBg", "okBd", "check"),
    "neutral": ChipLook("text2", "surface2", "border", ""),
    "accent": ChipLook("accent", "accentBg", "accentBg", ""),
    "sev": ChipLook("sevText", "sevBg", "sevBg", ""),
}


def chip_size(text: str, icon: str) -> QSizeF:
    """Size of a chip in logical pixels."""
    width = QFontMetricsF(theme.font("overline")).horizontalAdvance(unbroken(text)) + 14
    if icon:
        width += CHIP_ICON + 5
    return QSizeF(round(width + 0.5), theme.px(CHIP_HEIGHT))


def paint_chip(
    painter: QPainter, at: QPointF, kind: str, text: str, icon: str | None = None
) -> QRectF:
    """Draw a chip with its top left at ``at``; ``icon`` "" draws none, None the kind's own."""
    look = CHIP_KINDS[kind]
    name = look.icon if icon is None else icon
    rect = QRectF(at, chip_size(text, name))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(look.outline), 1))
    painter.setBrush(theme.colour(look.fill))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    inside = rect.adjusted(7, 0, -7, 0)
    if name:
        top = rect.center().y() - CHIP_ICON / 2
        icons.paint(painter, name, QPointF(inside.left(), top), look.text, CHIP_ICON)
        inside.setLeft(inside.left() + CHIP_ICON + 5)
    painter.setPen(theme.colour(look.text))
    painter.setFont(theme.font("overline"))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine.value
    painter.drawText(inside, flags, unbroken(text))
    painter.restore()
    return rect


def key_size(text: str) -> QSizeF:
    """Size of a key cap."""
    width = QFontMetricsF(theme.font("overline")).horizontalAdvance(text) + 10
    return QSizeF(max(20.0, round(width + 0.5)), theme.px(18))


def paint_key(painter: QPainter, at: QPointF, text: str) -> QRectF:
    """Draw a key cap with its top left at ``at``."""
    rect = QRectF(at, key_size(text))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.setBrush(theme.colour("surface2"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(theme.colour("text2"))
    painter.setFont(theme.font("overline"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return rect


_SOFT = re.compile(r"(?<=\w)-(?=\w)")
_SLASH = re.compile(r"(?<=\w)/(?=\w)")


def unbroken(text: str) -> str:
    """``text`` whose words with hyphens and slashes (``mg/kg``) stay on one line."""
    return _SLASH.sub("\u2060/\u2060", _SOFT.sub("\u2011", text))


def wrap_lines(text: str, font: QFont, width: float) -> tuple[str, ...]:
    """``text`` broken at word boundaries so that each line is at most ``width`` wide."""
    name = (text, font.key(), width)
    known = _wrapped.get(name)
    if known is None:
        if len(_wrapped) >= WRAPPED:
            _wrapped.clear()
        known = _wrapped[name] = _wrap(unbroken(text), font, width)
    return known


WRAPPED = 4096  # broken texts kept: a list breaks the same ones with every step of the wheel
_wrapped: dict[tuple[str, str, float], tuple[str, ...]] = {}


def _wrap(text: str, font: QFont, width: float) -> tuple[str, ...]:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    lines = []
    layout.beginLayout()
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1.0, width))
        start = line.textStart()
        lines.append(text[start : start + line.textLength()].strip())
    layout.endLayout()
    return tuple(lines)


def paint_wrapped(
    painter: QPainter, rect: QRectF, text: str, font: QFont, colour: str, lines: int = 2
) -> bool:
    """Draw text over at most ``lines`` lines, centred in height; False when it did not all fit."""
    metrics = QFontMetricsF(font)
    broken = wrap_lines(text, font, rect.width())
    shown = list(broken[:lines])
    whole = len(broken) <= lines and all(
        metrics.horizontalAdvance(line) <= rect.width() + 0.5 for line in shown
    )
    if not whole and shown:
        rest = " ".join(broken[lines - 1 :])
        shown[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, rect.width())
    height = metrics.height() * len(shown)
    y = rect.top() + (rect.height() - height) / 2 + metrics.ascent()
    painter.setFont(font)
    painter.setPen(theme.colour(colour))
    for line in shown:
        painter.drawText(QPointF(rect.left(), y), line)
        y += metrics.height()
    return whole


def paint_row_ground(
    painter: QPainter, width: float, height: float, *, selected: bool, hover: bool
) -> None:
    """The ground of a list row at the origin: fill, hairline below, accent bar when selected."""
    fill = "accentBg" if selected else "surface2" if hover else "surface"
    painter.fillRect(QRectF(0, 0, width, height), theme.colour(fill))
    painter.fillRect(QRectF(0, height - 1, width, 1), theme.colour("border"))
    if selected:
        painter.fillRect(QRectF(0, 0, 3, height - 1), theme.colour("accent"))
