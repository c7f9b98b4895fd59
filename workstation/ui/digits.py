"""Which digit a key press means, on every layout: main row by place, and the number pad."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

# Scan codes of the main row's 1 to 9 and 0: AZERTY types other signs there without Shift.
_FIRST_SCAN = {"linux": 10, "win32": 2}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def digit_of(event: QKeyEvent) -> str:
    """``"0"`` to ``"9"``, or "" when the key is no digit, is held down, or Ctrl or Alt is too."""
    if event.isAutoRepeat():
        return ""
    text = event.text()
    if len(text) == 1 and text in "0123456789":
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shifted = held == Qt.KeyboardModifier.ShiftModifier
        return text if shifted or not held else ""
    if event.modifiers() not in _PLAIN or not text or text.isalnum() and text.isascii():
        return ""
    first = _FIRST_SCAN.get(sys.platform)
    if first is None:
        return ""
    place = event.nativeScanCode() - first
    return str((place + 1) % 10) if 0 <= place <= 9 else ""
