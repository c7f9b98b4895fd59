"""The dark bars around the photo: tool buttons, the lesion palette, and the docked strips."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from workstation.domain.lesions import EIGHT_KEYS, LesionType
from workstation.language import tr
from workstation.presenters.tools import TYPE_NAMES, Tool, ToolState
from workstation.ui import form
from workstation.ui.photo import glyphs
from workstation.ui.photo.bar import LOW_SPARE, Bar, BarButton, Divider, Percent, backdrop
from workstation.ui.theme import theme
from workstation.ui.widgets.enter import PaintedButton

TOOL_IDS = {
    "canvas.select": Tool.SELECT,
    "canvas.mark": Tool.MARK,
    "canvas.lasso": Tool.LASSO,
    "canvas.border": Tool.BORDER,
    "canvas.measure": Tool.MEASURE,
}
GROUPS = (
    ("canvas.select", "canvas.mark", "canvas.border", "canvas.lasso", "canvas.measure"),
    ("canvas.zones", "canvas.hide", "canvas.loupe", "canvas.adjust", "canvas.mirror"),
    ("canvas.assist",),
    ("undo", "redo"),
)


class TypeButton(PaintedButton):
    """One lesion type of the palette: digit, glyph and, where there is room, its name."""

    def __init__(self, kind: LesionType, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._number = number
        self.short = False  # the name is shown of the current type alone
        self.bare = False  # not even of that
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
        """The current type shows its name as long as there is room for one."""
        return not self.short or (self.isChecked() and not self.bare)

    def sizeHint(self) -> QSize:
        """Room for digit, glyph and name."""
        return QSize(self.width_for(short=not self.text_shown), theme.px(30))

    def width_for(self, *, short: bool) -> int:
        """The width with or without the name."""
        if short:
            return theme.px(44)
        font = theme.font("body", 600 if self.isChecked() else 500)
        return (
            theme.px(39)
            + round(QFontMetricsF(font).horizontalAdvance(tr(TYPE_NAMES[self.kind])))
            + 9
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = backdrop(painter, self, over=self._over, checked=self.isChecked(), framed=True)
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
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, tr(TYPE_NAMES[self.kind]))
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self._over = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Back to rest."""
        self._over = False
        self.update()


@form.register
class Toolbar(Bar):
    """Tools, view switches, undo and redo, and the zoom. ``pressed`` carries the action's id."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, BarButton] = {}
        self._dividers: dict[tuple[str, ...], Divider] = {}  # before each group but the first
        row = QHBoxLayout(self)
        row.setContentsMargins(10, self.spare, 12, self.spare)
        row.setSpacing(3)
        for number, group in enumerate(GROUPS):
            if number:
                self._dividers[group] = Divider(self)
                row.addWidget(self._dividers[group])
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
        self._percent = Percent(self)
        row.addWidget(self._percent)
        # Keys are left to the tooltips where they do not fit: the row must not hold the window open.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(theme.px(440), theme.px(30) + 2 * LOW_SPARE)

    def leave_out(self, ids: Iterable[str]) -> None:
        """Take actions away for good, and the divider before a group of which nothing is left."""
        for id_ in ids:
            if id_ in self.buttons:
                self.buttons[id_].hide()
        for group, divider in self._dividers.items():
            divider.setHidden(all(self.buttons[id_].isHidden() for id_ in group))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the keys that do not fit."""
        buttons = (*self.buttons.values(), self.zoom)
        room = self.width() - 22 - self._percent.width() - 3 * (len(buttons) + 3) - 2 * 13
        short = sum(b.width_for(short=False) for b in buttons) > room
        for button in buttons:
            if button.short != short:
                button.short = short
                button.updateGeometry()
                button.update()

    def show_tools(
        self,
        tools: ToolState,
        *,
        can_undo: bool,
        can_redo: bool,
        loupe: bool,
        mirrored: bool = False,
    ) -> None:
        """Show which tool is in hand and what is on."""
        on = {id_: tools.tool is tool for id_, tool in TOOL_IDS.items()}
        on |= {
            "canvas.zones": tools.zones,
            "canvas.hide": tools.hidden,
            "canvas.loupe": loupe,
            "canvas.adjust": tools.adjusting,
            "canvas.mirror": mirrored,
        }
        for id_, checked in on.items():
            self.buttons[id_].setChecked(checked)
        self.buttons["undo"].setEnabled(can_undo)
        self.buttons["redo"].setEnabled(can_redo)

    def show_zoom(self, percent: int) -> None:
        """Show the zoom in percent."""
        self._percent.show_value(percent)


@form.register
class Palette(Bar):
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
        self._fit()

    def resizeEvent(self, event: QEvent) -> None:
        """Drop the names that do not fit; the current type keeps its own as long as it can."""
        self._fit()

    def _fit(self) -> None:
        buttons = self.buttons.values()
        short = sum(b.width_for(short=False) + 4 for b in buttons) + 12 > self.width()
        one = sum(b.width_for(short=not b.isChecked()) + 4 for b in buttons) + 12
        for button in buttons:
            fits = (short, one > self.width())
            if (button.short, button.bare) != fits:
                button.short, button.bare = fits
                button.updateGeometry()
