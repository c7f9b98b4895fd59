"""Wrapped text that asks for no more height than it needs at the width it gets."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui.widgets import Wrapped


class Flowing(Wrapped):
    """A ``Wrapped`` label whose least height is one line.

    QLabel's own least height assumes a narrow column, so that pages full of labels would scroll
    although everything fits; inside layouts the height for the real width is asked anyway.
    """

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """One line, as narrow as layouts like."""
        return QSize(40, self.fontMetrics().height() if self.text() else 0)
