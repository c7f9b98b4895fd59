"""Text fields with an icon: search with its key, password with an eye and a Caps Lock notice."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.language import tr
from workstation.ui import form, icons
from workstation.ui.theme import theme
from workstation.ui.widgets.buttons import IconButton
from workstation.ui.widgets.painting import key_size, paint_key


@form.register
class SearchField(QLineEdit):
    """A search field with its icon and the key that leads to it; Esc clears, then ``left``."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, key: str = "/", hint: str = "") -> None:
        super().__init__(parent)
        self._key = key
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint or tr("Find"))
        self.setTextMargins(26, 0, 30 if key else 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears the text first and leaves the field second; Down leaves it."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, its icon, and the key while it is empty."""
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        icons.paint(painter, "search", QPointF(10, round(middle - 8)), "text2", 16)
        if self._key and not self.text() and not self.hasFocus():
            size = key_size(self._key)
            at = QPointF(self.width() - size.width() - 8, round(middle - size.height() / 2))
            paint_key(painter, at, self._key)
        painter.end()


@form.register
class PasswordField(QLineEdit):
    """A password field with a key icon and an eye; ``caps_lock`` tells when Caps Lock is on."""

    caps_lock = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setProperty("tall", "true")
        self.setAccessibleName(tr("Password"))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setTextMargins(30, 0, 34, 0)
        self._caps = False
        self._eye = IconButton(self, name=tr("Show password"), icon="eye-off", size=18)
        self._eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._eye.setCursor(Qt.CursorShape.ArrowCursor)
        self._eye.clicked.connect(self._toggle)
        theme.theme_changed.connect(self.update)

    def hide_again(self) -> None:
        """Empty it and show dots."""
        self.clear()
        if self.echoMode() != QLineEdit.EchoMode.Password:
            self._toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Watch for Caps Lock: no platform-neutral query exists, the typed letters tell."""
        self._watch(event)
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the eye at the right end."""
        self._eye.move(self.width() - 36, (self.height() - 30) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field and its icon."""
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, "key-round", QPointF(13, round(self.height() / 2 - 9)), "text2", 18)
        painter.end()

    def _watch(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            self._set_caps(not self._caps)
        elif len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shift = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
            shift = shift or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps(text.isupper() != shift)

    def _set_caps(self, on: bool) -> None:
        if on != self._caps:
            self._caps = on
            self.caps_lock.emit(on)

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        icons.dress(self._eye, "eye" if hidden else "eye-off")
        self._eye.describe(tr("Hide password") if hidden else tr("Show password"))
