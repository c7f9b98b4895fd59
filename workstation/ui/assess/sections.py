"""Sections of the rubric panel: a heading with a remark over a body that folds, and a text field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, label, overline


class NoteEdit(QPlainTextEdit):
    """A text field that tells when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is finished."""
        super().focusOutEvent(event)
        self.left.emit()


PARTED = " \u00b7 "


Body = TypeVar("Body", bound=QWidget)


class Section(QWidget, Generic[Body]):
    """A heading with a side remark and a body that folds."""

    def __init__(self, title: str, body: Callable[[QWidget], Body], parent: QWidget) -> None:
        """``body`` makes the body inside the widget it is given."""
        super().__init__(parent)
        self.body = body(self)
        self._chosen: bool | None = None
        self._title = title
        self._remarks = ("", "")
        self._shorter: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._head = Button(self, kind="quiet")
        self._head.setAccessibleName(title)
        self._size_head()
        theme.theme_changed.connect(self._size_head)
        self._head.clicked.connect(self.toggle)
        self._row = row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, 0, 0)
        self.title = overline(title.upper(), self._head)
        self.remark = label("", "caption", self._head)
        self._arrow = label("", "caption", self._head)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.remark)
        row.addWidget(self._arrow)
        for part in (self.title, self.remark, self._arrow):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(self._head)
        column.addWidget(self.body)
        self._fold(False)

    def _size_head(self) -> None:
        self._head.setFixedHeight(theme.px(24))

    def propose(self, folded: bool) -> None:
        """Fold or unfold as the room allows, unless somebody chose."""
        if self._chosen is None:
            self._fold(folded)

    @property
    def is_open(self) -> bool:
        """Whether the body shows."""
        return not self.body.isHidden()

    def say(self, title: str, remark: str, folded: str = "", shorter: tuple[str, ...] = ()) -> None:
        """Show another heading; ``folded`` is said instead of the remark while folded.

        Where it has no room, the first of ``shorter`` that has is shown; read out is the whole.
        """
        said = (title, (remark, folded or remark), shorter)
        if said != (self._title, self._remarks, self._shorter):
            self._title, self._remarks, self._shorter = said
            self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another remark may fit."""
        super().resizeEvent(event)
        self._say()

    def _fitting(self, remark: str) -> str:
        taken = self.title.sizeHint().width() + self._arrow.sizeHint().width()
        room = self.width() - taken - 2 * self._row.spacing()
        wide = self.remark.fontMetrics().horizontalAdvance
        for text in (remark, *(() if self.is_open else self._shorter)):
            if wide(text) <= room:
                return text
        parts = remark.split(PARTED)
        while len(parts) > 1 and wide(PARTED.join(parts)) > room:
            parts.pop()
        return PARTED.join(parts)

    def _say(self) -> None:
        remark = self._remarks[0 if self.is_open else 1]
        self.title.setText(self._title.upper())
        self.remark.setText(self._fitting(remark))
        self._head.setAccessibleName(f"{self._title}: {remark}")

    def toggle(self) -> None:
        """Fold or unfold, as somebody asked for."""
        self._chosen = not self.body.isHidden()
        self._fold(self._chosen)
        if not self._chosen and self.body.focusPolicy() & Qt.FocusPolicy.TabFocus:
            self.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fold(self, folded: bool) -> None:
        self.body.setVisible(not folded)
        icons.dress(self._arrow, "chevron-down" if folded else "chevron-up", "text3", 14)
        self._say()
