"""The decisions side by side; the one taken is filled."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workstation.domain.draft import DecisionKind
from workstation.presenters.treat import DecisionState
from workstation.ui.flow import FlowLayout


class DecisionRow(QWidget):
    """One button per decision, in as many rows as the width asks for."""

    def __init__(self, choose: Callable[[DecisionKind], None]) -> None:
        super().__init__()
        self._choose = choose
        self._row = FlowLayout(self)
        self.buttons: dict[DecisionKind, QPushButton] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_state(self, decisions: tuple[DecisionState, ...]) -> None:
        """Show which one is taken."""
        for decision in decisions:
            button = self.buttons.get(decision.kind)
            if button is None:
                button = QPushButton(decision.title)
                button.setCheckable(True)
                button.setAccessibleName(decision.title)
                button.clicked.connect(lambda _=False, kind=decision.kind: self._choose(kind))
                self._row.addWidget(button)
                self.buttons[decision.kind] = button
            button.setChecked(decision.chosen)
