"""Where the photo window stood, by the name and the size of the screen; nothing about patients."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSettings
from PySide6.QtGui import QScreen

from workstation.ui.layouts import TITLE_BAR

GROUP = "second-screen"


def _key(screen: QScreen) -> str:
    size = screen.geometry()
    name = "".join(c if c.isalnum() else "-" for c in screen.name()) or "screen"
    return f"{GROUP}/{name}-{size.width()}x{size.height()}"


def place_on(screen: QScreen) -> QRect:
    """Where the window stood on this screen; the first time all of it that its frame leaves."""
    free = screen.availableGeometry()
    kept = QSettings().value(_key(screen))
    if isinstance(kept, QRect) and free.intersects(kept):
        return kept.intersected(free)
    return free.adjusted(0, TITLE_BAR, 0, 0)  # else the bar that moves it stands above the screen


def keep_place(screen: QScreen, place: QRect) -> None:
    """Remember it in the user's own settings of this computer."""
    QSettings().setValue(_key(screen), place)
