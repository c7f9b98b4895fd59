"""The red flag's destructive act: a signed prescription that may still be dispensed is made void."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.language import noted, tr
from workstation.presenters.contact import StopState
from workstation.ui.page import PageTools
from workstation.ui.widgets import Button, Card, Wrapped

NO_KEY = noted("Only a prescriber with a signing key here can make it void.")


class StopCard(QWidget):
    """Shows ``StopState``; hidden while nothing may be dispensed."""

    def __init__(self, ask: Callable[[], None], tools: PageTools) -> None:
        super().__init__()
        self._tools, self._phone = tools, ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = Card(kind="danger")
        row = QHBoxLayout(card)
        row.setContentsMargins(18, 8, 18, 8)
        row.setSpacing(10)
        column = QVBoxLayout()
        column.setSpacing(2)
        self.text = Wrapped("", "bodyStrong")
        self.pharmacy = Wrapped("", "bodyMedium")
        self.refused = Wrapped(tr(NO_KEY), "caption")
        for line in (self.text, self.pharmacy, self.refused):
            column.addWidget(line)
        row.addLayout(column, 1)
        self.phone = Button(text=tr("Copy phone"), icon="copy")
        self.phone.setAccessibleName(tr("Copy the pharmacy\u2019s phone"))
        self.phone.clicked.connect(self._copy)
        self.button = Button(text=tr("Stop and void"), kind="danger", icon="octagon-x")
        self.button.clicked.connect(lambda _=False: ask())
        row.addWidget(self.phone)
        row.addWidget(self.button)
        outer.addWidget(card)
        self.setVisible(False)

    def show_state(self, state: StopState | None) -> None:
        """Show another state."""
        self.setVisible(state is not None)
        if state is None:
            return
        self.text.setText(state.text)
        self.pharmacy.setText(state.pharmacy)
        self._phone = state.phone
        self.phone.setVisible(bool(state.phone))
        self.button.setVisible(state.may_void)
        self.refused.setVisible(not state.may_void)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._phone)
        self._tools.toast(tr("The pharmacy\u2019s phone: copied"), ())
