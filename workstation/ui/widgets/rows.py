"""Long lists: one model, one painted delegate and one list widget for Queue, Labs and Records."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from workstation.ui import form
from workstation.ui.held_keys import HeldKeys
from workstation.ui.theme import theme
from workstation.ui.widgets.columns import Column, Columns
from workstation.ui.widgets.painting import paint_row_ground

Index = QModelIndex | QPersistentModelIndex
ROW = 47
BETWEEN_MS = 4
AT_ONCE = 4  # rows drawn in one turn where all are new: drawing a screen of them takes longer than one may
READABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _as_it_is(row: Any) -> Any:
    return row


class RowsModel(QStringListModel):
    """Rows of one list. ``worded`` makes a row's words when they are first shown.

    What ``worded`` returns has ``spoken``: the whole row for assistive technology. ``key`` is what
    a row is about: rows about the same things in the same order are brought up to date in place.

    Qt's own list holds as many empty texts as there are rows: a view asks for the number of rows
    once for each row that it lays out, and Python would answer ten thousand times.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        key: Callable[[Any], Hashable],
        worded: Callable[[Any], Any] = _as_it_is,
    ) -> None:
        super().__init__(parent)
        self._key, self._worded = key, worded
        self._rows: tuple[Any, ...] = ()
        self._places: Mapping[Any, int] | None = {}

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows are chosen and read, nothing else."""
        return READABLE if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row for the delegate; its words for assistive technology."""
        if not 0 <= index.row() < len(self._rows):
            return None
        if role == Qt.ItemDataRole.UserRole:
            return self._worded(self._rows[index.row()])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._worded(self._rows[index.row()]).spoken
        return None

    def row(self, at: int) -> Any | None:
        """The row at a position."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def position(self, key: Hashable) -> int:
        """Where a row stands, -1 when it is not listed."""
        if self._places is None:
            self._places = {self._key(row): at for at, row in enumerate(self._rows)}
        return self._places.get(key, -1)

    def show_rows(self, rows: tuple[Any, ...], places: Mapping[Any, int] | None = None) -> None:
        """Show rows; nothing happens to the view while they are the same ones.

        ``places`` is where each stands by its key, when somebody counted already.
        """
        if rows is self._rows:
            return
        before = self._rows
        if len(rows) == len(before) and all(
            old is new or self._key(old) == self._key(new)
            for old, new in zip(before, rows, strict=True)
        ):
            self._rows = rows
            changed = [at for at, old in enumerate(before) if old is not rows[at]]
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return
        known = places if places is not None and len(places) == len(rows) else None
        self._rows, self._places = rows, known
        self.setStringList([""] * len(rows))


class RowDelegate(QStyledItemDelegate):
    """Draws a row: its ground, what ``draw`` of a subclass puts on it, and where the focus is."""

    def __init__(self, parent: RowsList, columns: Columns) -> None:
        super().__init__(parent)
        self._view, self._columns = parent, columns
        self._placed: Mapping[str, Column] = {}
        self._placed_for: tuple[int, float] = (-1, 0.0)

    def draw(
        self, painter: QPainter, row: Any, columns: Mapping[str, Column], height: float
    ) -> None:
        """Draw a row's content, its top left at the origin."""
        raise NotImplementedError

    def ground(
        self, painter: QPainter, size: QRectF, row: Any, *, selected: bool, hover: bool
    ) -> None:
        """Draw what lies below the content."""
        paint_row_ground(painter, size.width(), size.height(), selected=selected, hover=hover)

    def told(self, row: Any) -> str:
        """What the pointer is told about a row: the whole of it."""
        return str(row.spoken)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows have one height."""
        return QSize(400, theme.row(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        row = index.data(Qt.ItemDataRole.UserRole)
        if row is None or self._view.is_to_come(index.row()):
            return
        rect: Any = option.rect
        state: Any = option.state
        painter.save()
        painter.translate(rect.topLeft())
        size = QRectF(0, 0, rect.width(), rect.height())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        self.ground(painter, size, row, selected=selected, hover=hover)
        self.draw(painter, row, self._columns_now(), size.height())
        if selected and self._view.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 2))
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The whole row in words."""
        row = index.data(Qt.ItemDataRole.UserRole)
        if row is None:
            return False
        QToolTip.showText(event.globalPos(), self.told(row), view)
        return True

    def _columns_now(self) -> Mapping[str, Column]:
        # The same for every row until the list or the text changes its size.
        now = (self._view.width(), theme.text_scale)
        if now != self._placed_for:
            self._placed, self._placed_for = self._columns(now[0]), now
        return self._placed


@form.register
class RowsList(QListView):
    """A long list. ``focused`` tells when nothing may move under the keys, ``peeked`` of Space."""

    focused = Signal(bool)
    peeked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = HeldKeys(self)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        # Every pixel is painted below, so scrolling moves what is there and paints the rest alone.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.theme_changed.connect(self._themed)
        self._anew: dict[int, None] = {}  # rows to be drawn anew, in order
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._draw_anew)
        self._first_to_come: int | None = None  # of the rows drawn in later turns
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._draw_more)

    def is_to_come(self, at: int) -> bool:
        """Whether a row is drawn in a later turn."""
        return self._first_to_come is not None and at >= self._first_to_come

    def reset(self) -> None:
        """Other rows: the first in sight are drawn at once, a few more each turn."""
        super().reset()
        self._anew.clear()
        self._in_turns()

    def showEvent(self, event: QShowEvent) -> None:
        """The same when they come into sight."""
        super().showEvent(event)
        self._in_turns()

    def follow(self, at: int) -> None:
        """Make a row the current one and bring it into sight; -1 leaves none."""
        target = self.model().index(at, 0) if at >= 0 else QModelIndex()
        chosen = self.selectionModel()
        if chosen.currentIndex() == target:
            return
        chosen.setCurrentIndex(target, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if target.isValid():
            self.scrollTo(target)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Keys and pointer move the current row too; a screen reader only selects."""
        super().selectionChanged(selected, deselected)
        indexes = selected.indexes()
        if len(indexes) == 1 and QAccessible.isActive():
            chosen = QPersistentModelIndex(indexes[0])
            QTimer.singleShot(0, self, lambda: self._chosen_by_ear(chosen))

    def _chosen_by_ear(self, chosen: QPersistentModelIndex) -> None:
        if chosen.isValid() and self.selectionModel().isSelected(chosen):
            self.follow(chosen.row())
            self.clicked.emit(self.model().index(chosen.row(), 0))

    def repaint_row(self, at: int) -> None:
        """Draw one row anew, with the others of which that is asked: a few each turn."""
        if at >= 0:
            self._anew[at] = None
            if not self._again.isActive():
                self._again.start(BETWEEN_MS)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Rows of one height: nothing is laid out anew, and what is in sight is drawn so too."""
        if QAccessible.isActive():
            super().dataChanged(first, last, roles)  # and assistive technology is told
            return
        top, foot = (self.indexAt(QPoint(0, y)).row() for y in (0, self.viewport().height() - 1))
        for at in range(
            max(first.row(), top), min(last.row(), foot if foot >= 0 else last.row()) + 1
        ):
            self.repaint_row(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground below the last row, and the rows."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.end()
        super().paintEvent(event)
        if self._first_to_come is not None:
            self._rest.start(BETWEEN_MS)  # when these are there

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space peeks while held; no search by typing: letters are commands here."""
        if event.key() == Qt.Key.Key_Space:
            if not self._held.goes_on(event):
                self.peeked.emit(True)
            return
        if event.text() and event.text().isprintable():
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space ends the peek."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._held.released(event, partial(self.peeked.emit, False))
            return
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Rows stand still from now on."""
        super().focusInEvent(event)
        self.focused.emit(True)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Rows may be put in order again, unless only a menu opened."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focused.emit(False)
        self.viewport().update()

    def _in_turns(self) -> None:
        self._first_to_come = max(0, self.indexAt(QPoint(0, 0)).row()) + AT_ONCE
        self.viewport().update()

    def _draw_anew(self) -> None:
        for at in list(self._anew)[:AT_ONCE]:
            del self._anew[at]
            self.update(self.model().index(at, 0))
        if self._anew:
            self._again.start(BETWEEN_MS)

    def _draw_more(self) -> None:
        model = self.model()
        if self._first_to_come is None or model is None:
            return
        first = max(self._first_to_come, self.indexAt(QPoint(0, 0)).row())
        place = self.visualRect(model.index(first, 0))
        if not place.intersects(self.viewport().rect()):
            self._first_to_come = None  # none of them is in sight
            return
        self._first_to_come = first + AT_ONCE
        few = QRect(0, place.top(), self.viewport().width(), AT_ONCE * place.height())
        self.viewport().update(few)

    def _themed(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
