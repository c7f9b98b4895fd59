"""Tips show what was written: Qt takes a tip that looks like markup for markup."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent, Qt
from PySide6.QtWidgets import QToolTip, QWidget


def plain_tip(text: str) -> str:
    """``text`` for a tool tip, shown as it is whatever it looks like."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def told(widget: QWidget, event: QEvent, under: Callable[[QPointF], str]) -> bool:
    """Tell what ``under`` says of the place of a painted widget; False when Qt asks something else.

    What says nothing ("") hides the tip that is shown.
    """
    if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
        return False
    QToolTip.showText(event.globalPos(), plain_tip(under(QPointF(event.pos()))), widget)
    return True
