"""The decisions side by side; the one taken is filled."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workstation.domain.draft import DecisionKind
from workstation.language import tr
from workstation.presenters.clinical_wording import DECISIONS
from workstation.presenters.treat import DecisionState
from workstation.ui.flow import FlowLayout


class DecisionRow(QWidget):
    """One button per decision, in as many rows as the width asks for."""

    def __init__(
        self, choose: Callable[[DecisionKind], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._row = FlowLayout(self, spacing=4)
        self.buttons: dict[DecisionKind, QPushButton] = {}
        for kind, title in DECISIONS.items():
            button = QPushButton(tr(title), self)
            button.setCheckable(True)
            button.setProperty("dense", True)
            button.setAccessibleName(tr(title))
            button.clicked.connect(lambda _=False, kind=kind: self._choose(kind))
            self._row.addWidget(button)
            self.buttons[kind] = button
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """One row: how many there are is asked for the width it gets."""
        return self._row.minimumSize()

    def minimumSizeHint(self) -> QSize:
        """A page must not scroll because this could be narrow."""
        return self._row.minimumSize()

    def show_state(self, decisions: tuple[DecisionState, ...]) -> None:
        """Show what may be decided here, and which one is taken."""
        offered = {decision.kind: decision.chosen for decision in decisions}
        for kind, button in self.buttons.items():
            button.setVisible(kind in offered)
            button.setChecked(offered.get(kind, False))
