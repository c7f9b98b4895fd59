"""The command list (Ctrl+K) and the sheet of all keys (?): both made from the action table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.ui import icons
from workstation.ui.actions import ACTIONS, CONTEXTS, key_text
from workstation.ui.commands import Commands
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    KeyHint,
    SearchField,
    Wrapped,
    key_size,
    label,
    overline,
    paint_key,
)


class _Sheet(QWidget):
    """A panel over the middle of the desk; Esc or a click beside it closes it."""

    def __init__(self, over: QWidget, width: int, height: int) -> None:
        super().__init__(over)
        self._over = over
        self._size = (width, height)
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def toggle(self) -> None:
        """Open or close."""
        if self.isVisible():
            self.leave()
            return
        self._before = self._over.window().focusWidget()
        width = min(theme.px(self._size[0]), self._over.width() - 80)
        self.resize(width, min(theme.px(self._size[1]), self._over.height() - 80))
        self.fill()
        height = min(self.height(), self.wanted_height())
        x, y = (self._over.width() - width) // 2, (self._over.height() - height) // 3
        self.setGeometry(x, y, width, height)
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def fill(self) -> None:
        """Put in what can be shown now."""

    def wanted_height(self) -> int:
        """How tall it is at most with what was put in."""
        return self.height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plate."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("border2"))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.end()


_CAP = Qt.ItemDataRole.UserRole + 1


class _KeyAtTheRight(QStyledItemDelegate):
    """A command at the left, its key at the right edge, all keys below each other."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the row, then its key."""
        super().paint(painter, option, index)
        cap = str(index.data(_CAP) or "")
        if cap:
            row: Any = option
            size = key_size(cap)
            line = theme.px(26)
            paint_key(
                painter,
                QPointF(
                    row.rect.right() - size.width() - 6,
                    row.rect.top() + (line - size.height()) / 2,
                ),
                cap,
            )


class CommandList(_Sheet):
    """Finds an action by its words; what cannot be done now shows why and is not done."""

    def __init__(self, commands: Commands, over: QWidget) -> None:
        super().__init__(over, 520, 420)
        self._commands = commands
        self.setAccessibleName(tr("Command list"))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(8)
        self._field = _Field(self)
        self._field.textChanged.connect(lambda _: self.fill())
        self._found = QListWidget()
        self._found.setItemDelegate(_KeyAtTheRight(self._found))
        self._found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found.setWordWrap(True)  # a reason may be longer than the list is wide
        self._found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found.setAccessibleName(tr("Commands"))
        self._found.itemClicked.connect(lambda _: self.run_current())
        self._none = Wrapped("", "body2", self)
        self._none.hide()
        column.addWidget(self._field)
        column.addWidget(self._none)
        column.addWidget(self._found, 1)

    def toggle(self) -> None:
        """Open with an empty field."""
        self._field.clear()
        super().toggle()
        if self.isVisible():
            self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def shown(self) -> tuple[str, ...]:
        """Ids of the actions listed."""
        return tuple(
            str(self._found.item(n).data(Qt.ItemDataRole.UserRole))
            for n in range(self._found.count())
        )

    def fill(self) -> None:
        """List what fits the words typed."""
        wanted = self._field.text().lower().split()
        self._found.clear()
        for action, reason in self._commands.available():
            if not all(word in tr(action.text).lower() for word in wanted):
                continue
            text = tr(action.text)
            item = QListWidgetItem(f"{text}\n{reason}" if reason else text)
            item.setData(_CAP, action.cap)
            spoken = ", ".join(part for part in (text, action.cap, reason) if part)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setIcon(icons.icon(action.icon, "disabledText" if reason else "text2", 16))
            item.setData(Qt.ItemDataRole.UserRole, action.id)
            if reason:
                item.setForeground(theme.colour("text3"))
            self._found.addItem(item)
        self._found.setCurrentRow(0)
        self._none.setVisible(self._found.count() == 0)
        self._none.setText(
            tr(
                "No command here fits \u2018{text}\u2019. Each page lists its own; ? shows all keys.",
                text=self._field.text(),
            )
        )

    def step(self, rows: int) -> None:
        """Move the choice."""
        row = self._found.currentRow() + rows
        self._found.setCurrentRow(min(max(row, 0), self._found.count() - 1))

    def run_current(self) -> None:
        """Do the chosen action; the gate is asked again."""
        item = self._found.currentItem()
        if item is not None:
            id = str(item.data(Qt.ItemDataRole.UserRole))
            self.leave()
            self._commands.trigger(id)


class _Field(SearchField):
    def __init__(self, sheet: CommandList) -> None:
        super().__init__(sheet, key="", hint=tr("What do you want to do"))
        self._sheet = sheet

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._sheet.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._sheet.run_current()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._sheet.step(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


COLUMNS = 3


class KeysSheet(_Sheet):
    """All keys that work on the pages there are, by where they work."""

    def __init__(self, commands: Commands, over: QWidget) -> None:
        super().__init__(over, 980, 1340)
        self._commands = commands
        self._whole = 0
        self.setAccessibleName(tr("All keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.addWidget(label(tr("All keys"), "panel"))
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName(tr("All keys"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        column.addWidget(self._scroll, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, PgDn, Home and their opposites scroll; Esc closes."""
        bar = self._scroll.verticalScrollBar()
        to = {
            Qt.Key.Key_Down: bar.value() + bar.singleStep(),
            Qt.Key.Key_Up: bar.value() - bar.singleStep(),
            Qt.Key.Key_PageDown: bar.value() + bar.pageStep(),
            Qt.Key.Key_PageUp: bar.value() - bar.pageStep(),
            Qt.Key.Key_Home: bar.minimum(),
            Qt.Key.Key_End: bar.maximum(),
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(to)

    def fill(self) -> None:
        """List keys of every bound action: whole groups in columns of about one height."""
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        for title, keys in self._groups():
            at = heights.index(min(heights))
            heights[at] += len(keys) + 2
            columns[at].addWidget(overline(title))
            for key in keys:
                columns[at].addWidget(key, 0, Qt.AlignmentFlag.AlignLeft)
            columns[at].addSpacing(14)
        for column in columns:
            column.setSpacing(5)
            column.addStretch()
            row.addLayout(column, 1)
        self._scroll.setWidget(inside)
        self._whole = inside.sizeHint().height()

    def wanted_height(self) -> int:
        """All keys without scrolling, where the window has the room."""
        return self.sizeHint().height() - self._scroll.sizeHint().height() + self._whole

    def _groups(self) -> list[tuple[str, list[KeyHint]]]:
        known = self._commands.known()
        found = []
        for context, title in CONTEXTS.items():
            made = []
            for action in ACTIONS:
                if action.context == context and action.in_force and action.id in known:
                    keys = tr(" or ").join(dict.fromkeys(key_text(k) for k in action.in_force))
                    hold = tr(", hold") if action.hold else ""
                    made.append(KeyHint(key=keys, text=tr(action.text) + hold))
            if made:
                found.append((tr(title), made))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plate with its closing hint."""
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, "keyboard", QPointF(self.width() - 40, 16), "text3", 20)
        painter.end()
