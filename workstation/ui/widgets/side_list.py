"""The list at the side of a page that is no step: Esc leaves the page."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget

from workstation.ui.theme import theme


class SideList(QListWidget):
    """Chapters or pages to choose from; ``left`` is told when Esc was pressed."""

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda *_: self._weigh())
        self.itemSelectionChanged.connect(lambda: QTimer.singleShot(0, self, self._follow))
        theme.theme_changed.connect(self._weigh)

    def _follow(self) -> None:
        """A screen reader only selects: what is selected is shown."""
        chosen = self.selectedItems()
        if len(chosen) == 1 and chosen[0] is not self.currentItem():
            self.setCurrentItem(chosen[0])

    def _weigh(self) -> None:
        """The chosen one is told by its weight as well as by its colour."""
        chosen = self.currentRow()
        for at in range(self.count()):
            strong = "bodyStrong" if at == chosen else "body"
            self.item(at).setFont(theme.font(strong))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, and the arrows of a list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
