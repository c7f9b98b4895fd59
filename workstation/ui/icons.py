"""Lucide icons coloured from tokens, rendered at the device pixel ratio and cached."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from workstation import assets
from workstation.ui.theme import theme

_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


@cache
def source(name: str) -> str:
    """The SVG text of an icon; FileNotFoundError for a name that is not bundled."""
    return assets.resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, role: str = "text2", size: int = 18, ratio: float | None = None) -> QPixmap:
    """The icon in a token's colour (or ``#RRGGBB``), ``size`` logical pixels square."""
    ratio = ratio or _ratio()
    colour = theme.colour(role).name()
    key = (name, colour, size, ratio)
    known = _pixmaps.get(key)
    if known is None:
        known = _render(name, colour, size, ratio)
        _pixmaps[key] = known
    return known


def icon(name: str, role: str = "text2", size: int = 18) -> QIcon:
    """The icon for buttons and menus, with its disabled state."""
    made = QIcon()
    for ratio in sorted({1.0, 2.0, _ratio()}):
        made.addPixmap(pixmap(name, role, size, ratio))
        made.addPixmap(pixmap(name, "disabledText", size, ratio), QIcon.Mode.Disabled)
    return made


def paint(painter: QPainter, name: str, at: QPointF, role: str = "text2", size: int = 18) -> None:
    """Draw the icon with its top left corner at ``at``."""
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    painter.drawPixmap(at, pixmap(name, role, size, ratio))


def dress(widget: QWidget, name: str, role: str = "text2", size: int = 18) -> None:
    """Put an icon on a button or label that follows later theme changes."""
    widget.setProperty("iconName", name)
    widget.setProperty("iconRole", role)
    widget.setProperty("iconPixels", size)
    redress(widget)


def redress(widget: QWidget) -> None:
    """Render again the icon that ``dress`` or a form's ``iconName`` property asked for."""
    name = widget.property("iconName")
    if not name:
        return
    role = str(widget.property("iconRole") or "text2")
    size = int(widget.property("iconPixels") or 18)
    if isinstance(widget, QAbstractButton):
        widget.setIcon(icon(str(name), role, size))
        widget.setIconSize(QSize(size, size))
    elif isinstance(widget, QLabel):
        widget.setPixmap(pixmap(str(name), role, size))


def _render(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    # Thinner strokes where there is room keep the same visual weight beside text.
    stroke = "2" if size <= 16 else "1.75"
    text = source(name).replace("currentColor", QColor(colour).name())
    text = text.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    renderer = QSvgRenderer(QByteArray(text.encode()))
    image = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _ratio() -> float:
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0


theme.restyling.also(redress)
