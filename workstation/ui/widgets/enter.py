"""Enter presses the button that has the keys, as Space does.

Qt gives Enter to buttons of dialogs only; on a page it would go to nobody.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

_ENTERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Click the button if the key is Enter alone; a held key clicks once. Whether it was Enter."""
    if event.key() not in _ENTERS or event.modifiers() not in _PLAIN:
        return False
    if not event.isAutoRepeat():
        button.click()
    event.accept()
    return True


class PaintedButton(QAbstractButton):
    """A button that paints itself: Enter presses it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)
