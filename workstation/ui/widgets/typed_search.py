"""What is typed in a search field is looked for shortly after the last key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from workstation.ui.widgets.fields import SearchField

SEARCH_MS = 150


class TypedSearch(QObject):
    """Joins a page's search field with ``look`` for its text and the way back ``to_list``."""

    def __init__(
        self, field: SearchField, look: Callable[[str], None], to_list: Callable[[], None]
    ) -> None:
        super().__init__(field)
        self._field, self._look, self._to_list = field, look, to_list
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_MS)
        self._timer.timeout.connect(lambda: look(field.text()))
        field.textChanged.connect(lambda _: self._timer.start())
        field.left.connect(self.leave)

    def begin(self) -> None:
        """The keys go to the field; what stands in it is typed over."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def leave(self) -> None:
        """What was typed is looked for at once, and the keys go to the list."""
        self._timer.stop()
        self._look(self._field.text())
        self._to_list()
