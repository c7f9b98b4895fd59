"""Several answers at once: a list to tick with a filter; "None of these" is an answer of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.ui.theme import theme

NONE = "none"
FILTERED = 9  # lists longer than this get a filter
ROWS = 10
_VALUE = Qt.ItemDataRole.UserRole


class Several(QPushButton):
    """Shows what is ticked; opens the list. ``value`` is None until something was said."""

    changed = Signal()

    def __init__(self, choices: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "list")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._choices = tuple((value, text) for value, text in choices if value != NONE)
        self._none_value = next((value for value, _ in choices if value == NONE), None)
        self._ticked: dict[str, None] = {}
        self._none = False
        self.clicked.connect(self.open)
        self._show()

    @property
    def value(self) -> tuple[str, ...] | None:
        """The ticked ones; for "None of these" the content's own word, or an empty tuple."""
        if self._ticked:
            return tuple(value for value, _ in self._choices if value in self._ticked)
        if not self._none:
            return None
        return (self._none_value,) if self._none_value is not None else ()

    def tick(self, value: str, on: bool) -> None:
        """Tick or untick one answer ("none" for none of these)."""
        if value == NONE:
            self._none = on
            if on:
                self._ticked.clear()
        elif on:
            self._ticked[value] = None
            self._none = False
        else:
            self._ticked.pop(value, None)
        self._show()
        self.changed.emit()

    def is_ticked(self, value: str) -> bool:
        """Whether an answer is ticked."""
        return self._none if value == NONE else value in self._ticked

    def open(self) -> None:
        """Show the list below."""
        popup = TickList(self, self._choices)
        popup.setMinimumWidth(max(self.width(), theme.px(280)))
        popup.adjustSize()
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        popup.show()
        popup.start()

    def _show(self) -> None:
        names = [text for value, text in self._choices if value in self._ticked]
        text = ", ".join(names) or (tr("None of these") if self._none else tr("Choose"))
        self.setToolTip(text if names else "")
        self.setText(text if len(text) <= 34 else tr("{names} chosen", names=len(names)))
        self.setAccessibleDescription(text)


class TickList(QFrame):
    """The list while it is open. Typing filters, Space or Enter ticks, Esc closes."""

    def __init__(self, owner: Several, choices: tuple[tuple[str, str], ...]) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("card", "true")
        self._owner = owner
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find in the list"))
        self.filter.setAccessibleName(tr("Find in the list"))
        self.filter.setVisible(len(choices) > FILTERED)
        self.filter.textChanged.connect(self._filter)
        self.filter.installEventFilter(self)
        rows.addWidget(self.filter)
        self.list = QListWidget()
        self.list.setAccessibleName(owner.accessibleName())
        self.list.installEventFilter(self)
        for value, text in ((NONE, tr("None of these")), *choices):
            item = QListWidgetItem(text)
            item.setData(_VALUE, value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.list.addItem(item)
        self.list.setMinimumHeight(theme.px(28) * min(ROWS, len(choices) + 1) + 6)
        self.list.itemClicked.connect(self._toggle)
        rows.addWidget(self.list)
        self.done = QPushButton(tr("Done"))
        self.done.clicked.connect(self.close)
        rows.addWidget(self.done, 0, Qt.AlignmentFlag.AlignRight)
        self._show()

    def start(self) -> None:
        """Put the focus where typing goes."""
        (self.filter if self.filter.isVisible() else self.list).setFocus()
        self.list.setCurrentRow(-1 if self.filter.isVisible() else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows go from the filter into the list; Space and Enter tick the current answer."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if watched is self.filter and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        if enter or (event.key() == Qt.Key.Key_Space and watched is self.list):
            item = self.list.currentItem()
            if item is not None and not item.isHidden():
                self._toggle(item)
            return True
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The focus goes back to the field."""
        self._owner.setFocus(Qt.FocusReason.PopupFocusReason)
        super().closeEvent(event)

    def _step(self, step: int) -> None:
        row = self.list.currentRow()
        for _ in range(self.list.count()):
            row = (row + step) % self.list.count()
            if not self.list.item(row).isHidden():
                self.list.setCurrentRow(row)
                return

    def _filter(self, text: str) -> None:
        wanted = text.strip().lower()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.text().lower())
        self.list.setCurrentRow(-1)
        if wanted:
            self._step(1)

    def _toggle(self, item: QListWidgetItem) -> None:
        value = str(item.data(_VALUE))
        self._owner.tick(value, not self._owner.is_ticked(value))
        self._show()

    def _show(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            on = self._owner.is_ticked(str(item.data(_VALUE)))
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
