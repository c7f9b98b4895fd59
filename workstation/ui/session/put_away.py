"""Windows over the desk while it is locked: none is seen, none takes the keys, each comes back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QToolTip, QWidget
from shiboken6 import isValid

# Somebody waits for their answer in a loop of its own, which hiding ends: they are given up instead.
ASKING = ("QFileDialog", "QAbstractPrintDialog", "QMessageBox")
MENUS = 8  # open one out of another


class PutAway(QObject):
    """Hides what stands in windows of its own. A page that is covered does not hide them itself."""

    def __init__(self, desk: QWidget) -> None:
        super().__init__(desk)
        self._desk = desk
        self._locked = False
        self._hidden: list[tuple[QDialog, Qt.WindowModality]] = []
        app = QApplication.instance()
        if isinstance(app, QGuiApplication):
            # What a lane has read meanwhile opens its window although the desk is locked by then.
            app.focusWindowChanged.connect(self._look)

    def away(self) -> None:
        """Hide every window over the desk; passwords and PINs in them are dropped."""
        self._locked = True
        self._look()

    def back(self) -> None:
        """Show again what was hidden, as it was."""
        self._locked = False
        hidden, self._hidden = self._hidden, []
        for dialog, modality in hidden:
            if isValid(dialog):
                dialog.setWindowModality(modality)
                dialog.show()

    def _look(self, _focus: QWindow | None = None) -> None:
        if not self._locked or not self._desk.window().isVisible():
            return  # a desk that was closed while it was locked covers nobody
        QToolTip.hideText()
        for _ in range(MENUS):
            popup = QApplication.activePopupWidget()
            if popup is None:
                break
            popup.close()
        for window in QApplication.topLevelWidgets():
            if not isinstance(window, QDialog) or not window.isVisible():
                continue
            if any(window.inherits(name) for name in ASKING):
                window.reject()
            else:
                self._hide(window)

    def _hide(self, window: QDialog) -> None:
        self._hidden.append((window, window.windowModality()))
        for field in window.findChildren(QLineEdit):
            if field.echoMode() is not QLineEdit.EchoMode.Normal:
                field.clear()
        window.hide()
