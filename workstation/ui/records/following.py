"""A window over Records that follows a presenter and is as high as what it says."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, FocusRing
from workstation.ui.widgets.focus import tab_as_laid_out


class Told(Protocol):
    """What a presenter gives to somebody who listens."""

    def close(self) -> None:
        """Listen no more."""


class FollowingDialog(QDialog):
    """Title and what it is about, the parts of its kind, and Close; it listens while it is shown."""

    def __init__(self, parent: QWidget, title: str, about: str, wide: int) -> None:
        super().__init__(parent)
        self._wide = wide
        self._told: Told | None = None
        self._ring = FocusRing(self)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(wide)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(20, 18, 20, 16)
        self.rows.setSpacing(10)
        self.head = Flowing(title, "panel")
        self.about = Flowing(about, "body2")
        self.rows.addWidget(self.head)
        self.rows.addWidget(self.about)

    def end_with_close(self, told: Told) -> None:
        """The last row; ``told`` ends when the window does."""
        self._told = told
        foot = QHBoxLayout()
        foot.addStretch()
        self.close_button = Button(text=tr("Close"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        foot.addWidget(self.close_button)
        self.rows.addLayout(foot)

    def done(self, result: int) -> None:
        """Listen no more."""
        if self._told is not None:
            self._told.close()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts are known now."""
        super().showEvent(event)
        self.fit_soon()

    def fit_soon(self) -> None:
        """New lines have their fonts only when the loop has turned."""
        QTimer.singleShot(0, self, self._fit)

    def before_fit(self, wide: int) -> None:
        """Parts that do not follow the width by themselves."""

    def _fit(self) -> None:
        """As high as its sentences are at this width, so that no line is cut."""
        tab_as_laid_out(self)  # lines made later come before Close as well
        layout, wide = self.layout(), max(self.width(), theme.px(self._wide))
        if layout is not None:
            self.before_fit(wide)
            layout.activate()
            self.resize(wide, layout.totalHeightForWidth(wide))
