"""Buttons: style from the sheet by ``kind``, content (icon, text, key, spinner) drawn here."""

from __future__ import annotations

from PySide6.QtCore import Property, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from workstation.ui import form, icons
from workstation.ui.theme import theme
from workstation.ui.widgets.enter import pressed_by_enter

BUSY_AFTER_MS = 300


@form.register
class Button(QPushButton):
    """A button of kind ``primary``, ``secondary``, ``danger`` or ``link``.

    ``key`` is drawn small beside the text; it is a reminder, not a shortcut. ``busy`` keeps the
    width and shows a spinner after 300 ms.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        text: str = "",
        kind: str = "secondary",
        key: str = "",
        icon: str = "",
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._glyph = icon
        self._busy = False
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self.setProperty("kind", kind)
        self.setText(text)
        self.setAccessibleName(text)
        theme.theme_changed.connect(self.updateGeometry)

    def get_key(self) -> str:
        """The key drawn beside the text."""
        return self._key

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.updateGeometry()
        self.update()

    def get_glyph(self) -> str:
        """Name of the icon before the text."""
        return self._glyph

    def set_glyph(self, name: str) -> None:
        """Show another icon ("" for none)."""
        self._glyph = name
        self.updateGeometry()
        self.update()

    # Form properties: keyHint, glyph.
    keyHint = Property(str, get_key, set_key)
    glyph = Property(str, get_glyph, set_glyph)

    def show_text(self, text: str) -> None:
        """Change the words, for people and for assistive technology."""
        if text == self.text() == self.accessibleName():
            return
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_kind(self, kind: str) -> None:
        """Change the look."""
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()

    @property
    def busy(self) -> bool:
        """Whether work it started is still going on."""
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """Show that work goes on; clicks do nothing meanwhile."""
        self._busy = busy
        self._angle = 0
        if busy:
            self._timer.start(BUSY_AFTER_MS)
        else:
            self._timer.stop()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, busy)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon, text and key."""
        self.ensurePolished()
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + self._margin() * 2
        if self._glyph:
            width += 16 + (7 if self.text() else 0)
        if self._key:
            width += QFontMetricsF(theme.font("overline")).horizontalAdvance(self._key) + 8
        height = theme.px(24 if self._is_link() else 32)
        if self.property("tall") is True:
            height = theme.px(40)
        return QSize(max(24, round(width + 1.5)), height)

    def minimumSizeHint(self) -> QSize:
        """Buttons are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it; one that is chosen among others takes Space, and Enter goes on from it."""
        if self._busy or (not self.isCheckable() and pressed_by_enter(self, event)):
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sheet's bevel, then the content."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        if self._busy and self._angle:
            self._paint_spinner(painter)
        else:
            self._paint_content(painter)
        painter.end()

    def _paint_content(self, painter: QPainter) -> None:
        role = self._text_role()
        metrics = QFontMetricsF(self.font())
        small = QFontMetricsF(theme.font("overline"))
        text_width = metrics.horizontalAdvance(self.text())
        glyph_width = (16 + (7 if self.text() else 0)) if self._glyph else 0
        key_width = small.horizontalAdvance(self._key) + 8 if self._key else 0
        x = (self.width() - text_width - glyph_width - key_width) / 2
        if self.property("alignLeft") is True:
            x = self._margin()
        middle = self.height() / 2
        if self._glyph:
            icons.paint(painter, self._glyph, QPointF(round(x), round(middle - 8)), role, 16)
            x += glyph_width
        painter.setPen(theme.colour(role))
        painter.setFont(self.font())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine.value
        painter.drawText(QRectF(x, 0, text_width + 2, self.height()), flags, self.text())
        if self._key:
            painter.setFont(theme.font("overline"))
            area = QRectF(x + text_width + 8, 0, key_width, self.height())
            painter.drawText(area, flags, self._key)

    def _paint_spinner(self, painter: QPainter) -> None:
        painter.translate(self.width() / 2, self.height() / 2)
        painter.rotate(self._angle)
        icons.paint(painter, "loader-circle", QPointF(-8, -8), self._text_role(), 16)

    def _turn(self) -> None:
        self._timer.setInterval(60)
        self._angle = self._angle % 360 + 24
        self.update()

    def _is_link(self) -> bool:
        return self.property("kind") in ("link", "quiet")

    def _margin(self) -> int:
        return 0 if self._is_link() else 13

    def _text_role(self) -> str:
        if not self.isEnabled():
            return "disabledText"
        if self.isCheckable() and self.isChecked():
            return "accent"
        roles = {"primary": "onAccent", "danger": "danger", "link": "accent", "quiet": "text2"}
        return roles.get(str(self.property("kind")), "text")


@form.register
class PrimaryButton(Button):
    """The filled button; one per area of work."""

    def __init__(
        self, parent: QWidget | None = None, *, text: str = "", key: str = "", icon: str = ""
    ) -> None:
        super().__init__(parent, text=text, kind="primary", key=key, icon=icon)


@form.register
class IconButton(QPushButton):
    """A square button with an icon only; its name and key are in the tooltip."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        name: str = "",
        icon: str = "",
        key: str = "",
        role: str = "text2",
        size: int = 18,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet")
        self.setFixedSize(30, 30)
        if icon:
            icons.dress(self, icon, role, size)
        self.describe(name, key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def describe(self, name: str, key: str = "") -> None:
        """Set accessible name and tooltip."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({key})" if key else name)
