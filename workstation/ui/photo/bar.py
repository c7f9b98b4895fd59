"""Parts of the dark bars around a photo: icon buttons with their keys, dividers, the zoom."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workstation.language import tr
from workstation.ui import icons
from workstation.ui.actions import BY_ID
from workstation.ui.theme import theme
from workstation.ui.widgets.enter import PaintedButton

LOW_SPARE = 1  # px above and below the buttons in a low window
_ICONS = 18
SHORT = 28  # width of a button that shows its icon alone, whatever the size of the text


class BarButton(PaintedButton):
    """An icon with its key on a dark bar; filled with the accent while checked."""

    def __init__(
        self, action: str, parent: QWidget | None = None, *, key: bool = True, text: str = ""
    ) -> None:
        super().__init__(parent)
        row = BY_ID[action]
        self._icon = row.icon
        self._text = text  # said in words beside the icon, instead of the key
        self._key = text or (row.cap if key else "")
        self.short = False  # whether the key is left to the tooltip
        self._over = False
        self.setAccessibleName(tr(row.text))
        self.setToolTip(f"{row.text} ({row.cap})" if row.cap else tr(row.text))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Room for icon and key."""
        return QSize(self.width_for(short=self.short), theme.px(30))

    def width_for(self, *, short: bool) -> int:
        """The width with or without the key."""
        if self._text:
            font = QFontMetricsF(theme.font("body", 500))
            return round(font.horizontalAdvance(self._text)) + _ICONS + 18
        return SHORT if short or not self._key else theme.px(40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = backdrop(painter, self, over=self._over, checked=self.isChecked())
        middle = self.height() / 2
        keyed = bool(self._key) and not self.short
        x = 6.0 if keyed else (self.width() - _ICONS) / 2
        icons.paint(painter, self._icon, QPointF(round(x), round(middle - 9)), ink, _ICONS)
        if keyed:
            painter.setFont(theme.font("body", 500) if self._text else theme.font("overline", 500))
            painter.setPen(QColor(ink))
            area = QRectF(x + _ICONS + 3, 0, self.width() - x - _ICONS - 3, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._key)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Back to rest."""
        self._over = False
        self.update()


class Bar(QWidget):
    """A strip in the colour of the bars, as high as its buttons."""

    spare = 5  # px above and below the buttons

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_low(self, low: bool) -> None:
        """In a low window the room above and below the buttons goes to the photo."""
        row = self.layout()
        spare = LOW_SPARE if low else self.spare
        if row is not None and row.contentsMargins().top() != spare:
            margins = row.contentsMargins()
            row.setContentsMargins(margins.left(), spare, margins.right(), spare)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("canvasBar"))
        painter.end()


class Divider(QWidget):
    """An upright line between groups of buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(13, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One upright line."""
        painter = QPainter(self)
        painter.setPen(theme.fixed("dark", "border"))
        painter.drawLine(6, 2, 6, self.height() - 2)
        painter.end()


class Percent(QWidget):
    """The zoom as a number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self.setAccessibleName(tr("Zoom"))
        self.setMinimumHeight(24)
        self._widen()
        theme.theme_changed.connect(self._widen)

    def _widen(self) -> None:
        self.setFixedWidth(theme.px(52))

    def show_value(self, percent: int) -> None:
        """Show the zoom in percent of device pixels."""
        self._text = f"{percent} %"
        self.setAccessibleDescription(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number, right-aligned."""
        painter = QPainter(self)
        painter.setFont(theme.font("body", 500))
        painter.setPen(theme.fixed("dark", "text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect(), flags, self._text)
        painter.end()


def backdrop(
    painter: QPainter, button: QAbstractButton, *, over: bool, checked: bool, framed: bool = False
) -> str:
    """Fill a bar button; the ``#RRGGBB`` its content is drawn in."""
    rect = QRectF(button.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    if framed:
        painter.setPen(QPen(theme.fixed("dark", "border"), 1))
    if checked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.fixed("light", "accent"))
    elif over and button.isEnabled():
        painter.setBrush(theme.fixed("dark", "border"))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, 6, 6)
    if button.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.fixed("dark", "focus"), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
    if not button.isEnabled():
        return theme.fixed("light", "text3").name()
    return theme.fixed("light" if checked else "dark", "onAccent" if checked else "text2").name()
