"""Where the keyboard is, also when the photos stand in a window of their own."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget


def has_keys(widget: QWidget) -> bool:
    """Whether keys go to this control: in the window in use, else in its own."""
    window = QApplication.activeWindow() or widget.window()
    return window.focusWidget() is widget
