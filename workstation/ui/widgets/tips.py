"""Tips show what was written: Qt takes a tip that looks like markup for markup."""

from __future__ import annotations

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """``text`` for a tool tip, shown as it is whatever it looks like."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text
