"""The dark bars around the photo: tool buttons, the lesion palette, and the docked strips."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLayout, QSizePolicy, QWidget

from workstation.domain.lesions import EIGHT_KEYS, LesionType
from workstation.presenters.tools import TYPE_NAMES, Tool, ToolState
from workstation.ui import form, icons
from workstation.ui.actions import BY_ID
from workstation.ui.assess import glyphs
from workstation.ui.theme import theme

LOW_SPARE = 1  # px above and below the buttons in a low window
_ICONS = 18
TOOL_IDS = {
    "canvas.select": Tool.SELECT,
    "canvas.mark": Tool.MARK,
    "canvas.lasso": Tool.LASSO,
    "canvas.measure": Tool.MEASURE,
}
GROUPS = (
    ("canvas.select", "canvas.mark", "canvas.lasso", "canvas.measure"),
    ("canvas.zones", "canvas.hide", "canvas.loupe", "canvas.adjust"),
    ("undo", "redo"),
)


class BarButton(QAbstractButton):
    """An icon with its key on a dark bar; filled with the accent while checked."""

    def __init__(self, action: str, parent: QWidget | None = None, *, key: bool = True) -> None:
        super().__init__(parent)
        self.action_id = action
        row = BY_ID[action]
        self._icon = row.icon
        self._key = row.cap if key else ""
        self._over = False
        self.setAccessibleName(row.text)
        self.setToolTip(f"{row.text} ({row.cap})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Room for icon and key."""
        width = 28 if not self._key else 40
        return QSize(theme.px(width), theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = _backdrop(painter, self, over=self._over, checked=self.isChecked())
        middle = self.height() / 2
        x = 6.0 if self._key else (self.width() - _ICONS) / 2
        icons.paint(painter, self._icon, QPointF(round(x), round(middle - 9)), ink, _ICONS)
        if self._key:
            painter.setFont(theme.font("overline", 500))
            painter.setPen(QColor(ink))
            area = QRectF(x + _ICONS + 3, 0, self.width() - x - _ICONS - 3, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._key)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Show that it can be pressed."""
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Back to rest."""
        self._over = False
        self.update()


class TypeButton(QAbstractButton):
    """One lesion type of the palette: digit, glyph and, where there is room, its name."""

    def __init__(self, kind: LesionType, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._number = number
        self.short = False
        self._over = False
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setAccessibleName(f"{TYPE_NAMES[kind]} ({number})")
        self.setToolTip(f"{TYPE_NAMES[kind]} ({number})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    @property
    def text_shown(self) -> bool:
        """The current type always shows its name."""
        return not self.short or self.isChecked()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Room for digit, glyph and name."""
        return QSize(self.width_for(short=not self.text_shown), theme.px(30))

    def width_for(self, *, short: bool) -> int:
        """The width with or without the name."""
        if short:
            return theme.px(44)
        font = theme.font("body", 600 if self.isChecked() else 500)
        return (
            theme.px(39) + round(QFontMetricsF(font).horizontalAdvance(TYPE_NAMES[self.kind])) + 9
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = _backdrop(painter, self, over=self._over, checked=self.isChecked(), framed=True)
        painter.setPen(QColor(ink))
        painter.setFont(theme.font("caption", 500))
        painter.drawText(
            QRectF(7, 0, 12, self.height()), Qt.AlignmentFlag.AlignVCenter, f"{self._number}"
        )
        scale = min(0.72, 7.5 / glyphs.radius_of(self.kind))
        at = QPointF(theme.px(27), self.height() / 2)
        glyphs.paint(painter, self.kind, at, glyphs.radius_of(self.kind) * scale)
        if self.text_shown:
            painter.setFont(theme.font("body", 600 if self.isChecked() else 500))
            painter.setPen(QColor(ink))
            area = QRectF(theme.px(40), 0, self.width(), self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, TYPE_NAMES[self.kind])
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Show that it can be pressed."""
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Back to rest."""
        self._over = False
        self.update()


class _Bar(QWidget):
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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Fill it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("canvasBar"))
        painter.end()


@form.register
class Toolbar(_Bar):
    """Tools, view switches, undo and redo, and the zoom. ``pressed`` carries the action's id."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, BarButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(10, self.spare, 12, self.spare)
        row.setSpacing(3)
        for number, group in enumerate(GROUPS):
            if number:
                row.addWidget(_Divider(self))
            for id_ in group:
                button = BarButton(id_, self, key=id_ not in GROUPS[-1])
                button.setCheckable(id_ not in GROUPS[-1])
                button.clicked.connect(lambda _=False, i=id_: self.pressed.emit(i))
                self.buttons[id_] = button
                row.addWidget(button)
        row.addStretch(1)
        self.zoom = BarButton("canvas.fit", self)
        self.zoom.clicked.connect(lambda: self.pressed.emit("canvas.fit"))
        row.addWidget(self.zoom)
        self._percent = _Percent(self)
        row.addWidget(self._percent)

    def show_tools(self, tools: ToolState, *, can_undo: bool, can_redo: bool, loupe: bool) -> None:
        """Show which tool is in hand and what is on."""
        on = {id_: tools.tool is tool for id_, tool in TOOL_IDS.items()}
        on |= {
            "canvas.zones": tools.zones,
            "canvas.hide": tools.hidden,
            "canvas.loupe": loupe,
            "canvas.adjust": tools.adjusting,
        }
        for id_, checked in on.items():
            self.buttons[id_].setChecked(checked)
        self.buttons["undo"].setEnabled(can_undo)
        self.buttons["redo"].setEnabled(can_redo)

    def show_zoom(self, percent: int) -> None:
        """Show the zoom in percent."""
        self._percent.show_value(percent)


@form.register
class Palette(_Bar):
    """The eight lesion types with a key. ``chosen`` carries the type."""

    chosen = Signal(object)
    spare = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[LesionType, TypeButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(8, self.spare, 8, self.spare)
        row.setSpacing(4)
        # Names are dropped when they do not fit, so the row must not hold the window open.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(theme.px(460), theme.px(30) + 2 * LOW_SPARE)
        for number, kind in enumerate(EIGHT_KEYS, start=1):
            button = TypeButton(kind, number, self)
            button.clicked.connect(lambda _=False, k=kind: self.chosen.emit(k))
            self.buttons[kind] = button
            row.addWidget(button)
        row.addStretch(1)
        self._current: LesionType | None = None

    def show_type(self, kind: LesionType) -> None:
        """Fill the current type."""
        if kind == self._current:
            # A click toggles a checkable button: the presenter decides, not the click.
            for button in self.buttons.values():
                button.setChecked(button.kind is kind)
            return
        self._current = kind
        for button in self.buttons.values():
            button.setChecked(button.kind is kind)
            button.updateGeometry()
            button.update()

    def resizeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Drop the names that do not fit; the current type keeps its own."""
        need = sum(b.width_for(short=False) + 4 for b in self.buttons.values()) + 12
        for button in self.buttons.values():
            short = need > self.width()
            if button.short != short:
                button.short = short
                button.updateGeometry()


class _Divider(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(13, 22)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """One upright line."""
        painter = QPainter(self)
        painter.setPen(theme.fixed("dark", "border"))
        painter.drawLine(6, 2, 6, self.height() - 2)
        painter.end()


class _Percent(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self.setAccessibleName("Zoom")
        self.setFixedWidth(theme.px(52))
        self.setMinimumHeight(24)

    def show_value(self, percent: int) -> None:
        self._text = f"{percent} %"
        self.setAccessibleDescription(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """The number, right-aligned."""
        painter = QPainter(self)
        painter.setFont(theme.font("body", 500))
        painter.setPen(theme.fixed("dark", "text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect(), flags, self._text)
        painter.end()


def _backdrop(
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
