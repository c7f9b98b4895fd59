"""The photo for assistive technology: its annotations as a list, in zone order, with what each is."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QAccessibleObject
from PySide6.QtWidgets import QWidget

from workstation.domain.lesions import Point
from workstation.presenters.assess_state import Listed
from workstation.ui.assess.painting import PaintedCanvas

_HALF = 12  # logical pixels around an annotation's middle
# Qt keeps interfaces by address only: as long as the widget lives, so must its Python part.
_known: WeakKeyDictionary[PaintedCanvas, SpokenPhoto] = WeakKeyDictionary()


class SpokenPhoto(QAccessibleObject):
    """A photo as a list of its annotations."""

    def __init__(self, canvas: PaintedCanvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self._rows: tuple[Listed, ...] = ()
        self._of: object = None
        self._children: list[_SpokenRow] = []

    @property
    def rows(self) -> tuple[Listed, ...]:
        """The annotations as they are said now."""
        state = self.canvas.state
        if state is not self._of:
            self._of = state
            self._rows = self.canvas.listed() if state is not None else ()
        return self._rows

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes None for none
        """The widget around the photo."""
        around = self.canvas.parentWidget()
        return None if around is None else QAccessible.queryAccessibleInterface(around)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt takes None for none
        """One annotation."""
        if not 0 <= index < len(self.rows):
            return None
        while len(self._children) <= index:
            made = _SpokenRow(self, len(self._children))
            QAccessible.registerAccessibleInterface(made)
            self._children.append(made)
        return self._children[index]

    def childCount(self) -> int:
        """How many."""
        return len(self.rows)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of an annotation in the list."""
        return child.number if isinstance(child, _SpokenRow) else -1

    def childAt(  # type: ignore[override]  # Qt's name; it takes None for none
        self, x: int, y: int
    ) -> QAccessibleInterface | None:
        """The annotation at a place of the screen."""
        for number in range(len(self.rows)):
            row = self.child(number)
            if row is not None and row.rect().contains(QPoint(x, y)):
                return row
        return None

    def text(self, kind: QAccessible.Text) -> str:
        """Name and description as the widget has them."""
        if kind == QAccessible.Text.Name:
            return self.canvas.accessibleName()
        if kind == QAccessible.Text.Description:
            return self.canvas.accessibleDescription()
        return ""

    def role(self) -> QAccessible.Role:
        """A list."""
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        """Where the keyboard is."""
        state = QAccessible.State()
        state.focusable = True
        state.focused = self.canvas.hasFocus()
        state.invisible = not self.canvas.isVisible()
        return state

    def rect(self) -> QRect:
        """Where the photo is on the screen."""
        return QRect(self.canvas.mapToGlobal(QPoint(0, 0)), self.canvas.size())


class _SpokenRow(QAccessibleInterface):
    """One annotation of the list; its number is its place, whatever lies there."""

    def __init__(self, photo: SpokenPhoto, number: int) -> None:
        super().__init__()
        self._photo = photo
        self.number = number

    def isValid(self) -> bool:
        return self._row is not None

    def object(self) -> QObject | None:  # type: ignore[override]  # Qt takes None for none
        return None

    def parent(self) -> QAccessibleInterface:
        return self._photo

    def child(self, index: int) -> None:  # type: ignore[override]  # Qt takes None for none
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, x: int, y: int) -> None:  # type: ignore[override]
        return None

    def text(self, kind: QAccessible.Text) -> str:
        row = self._row
        return row.spoken if row is not None and kind == QAccessible.Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names are not set from outside."""

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        shown, row = self._photo.canvas.state, self._row
        state.selectable = state.focusable = True
        state.selected = row is not None and shown is not None and row.id in shown.selection
        state.focused = state.selected and self._photo.canvas.hasFocus()
        return state

    def rect(self) -> QRect:
        row, canvas = self._row, self._photo.canvas
        mark = canvas.marks.get(row.id) if row is not None else None
        if mark is None:
            return QRect()
        at = canvas.mapToGlobal(canvas.view.to_widget(Point(mark.x, mark.y)).toPoint())
        return QRect(at - QPoint(_HALF, _HALF), at + QPoint(_HALF, _HALF))

    @property
    def _row(self) -> Listed | None:
        rows = self._photo.rows
        return rows[self.number] if self.number < len(rows) else None


def speak_selection(canvas: QWidget) -> None:
    """Tell assistive technology which annotation was selected."""
    photo = QAccessible.queryAccessibleInterface(canvas)
    if not isinstance(photo, SpokenPhoto) or photo.canvas.state is None:
        return
    chosen = photo.canvas.state.selection
    for number, row in enumerate(photo.rows):
        if chosen and row.id == chosen[0]:
            event = QAccessibleEvent(canvas, QAccessible.Event.Focus)
            event.setChild(number)
            QAccessible.updateAccessibility(event)


def _made(name: str, about: QObject) -> QAccessibleInterface | None:
    if not isinstance(about, PaintedCanvas):
        return None
    spoken = _known.get(about)
    if spoken is None:
        spoken = _known[about] = SpokenPhoto(about)
    return spoken


def install() -> None:
    """Let assistive technology find the annotations of every photo."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_made)


_installed: list[bool] = []
