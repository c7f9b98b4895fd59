"""The languages offered before anybody is signed in, each named in itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation import language
from workstation.language import tr
from workstation.ui.widgets import Button


class LanguageChoice(QWidget):
    """One button per language; the one in use is marked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Language"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.buttons: dict[str, Button] = {}
        for code, name in language.LANGUAGES.items():
            button = Button(text=name, kind="segment")
            button.setCheckable(True)
            button.setChecked(code == language.chosen())
            button.setAccessibleName(name)
            button.clicked.connect(partial(self._choose, code))
            self.buttons[code] = button
            row.addWidget(button)

    def _choose(self, code: str) -> None:
        for one, button in self.buttons.items():
            button.setChecked(one == language.chosen())
        if code != language.chosen():
            self.chosen.emit(code)
