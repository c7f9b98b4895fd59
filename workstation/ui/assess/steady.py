"""Wrapped text that changes with every edit and moves nothing while its number of lines stays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui.theme import theme
from workstation.ui.widgets import unbroken, wrap_lines


class SteadyText(QWidget):
    """Painted, because a label asks for a new layout of everything around it with each text.

    On a ``ground`` (a colour token) it covers what lies behind, so that another text paints its
    own lines alone and nothing of the panel below.
    """

    def __init__(
        self, role: str, colour: str, parent: QWidget | None = None, *, ground: str = ""
    ) -> None:
        super().__init__(parent)
        self._role, self._colour, self._ground, self._text = role, colour, ground, ""
        self._font, self._step = theme.font(role), 0
        self._broken: tuple[str, int] = ("", 0)  # what was broken into lines last, and how wide
        self._cuts: tuple[tuple[int, int], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if ground:
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._dress()
        theme.theme_changed.connect(self._dress)

    def text(self) -> str:
        """The text."""
        return self._text

    def setText(self, text: str) -> None:  # as a label's
        """Show another text."""
        if text == self._text:
            return
        before = self._lines(self.width())
        self._text = text
        self.setAccessibleName(text)
        after = self._lines(self.width())
        if len(after) != len(before):
            self.updateGeometry()
            self.update()
            return
        for n, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                self.update(0, n * self._step, self.width(), self._step)

    def heightForWidth(self, width: int) -> int:
        """As many lines as the text takes."""
        return self._step * len(self._lines(width))

    def sizeHint(self) -> QSize:
        """By the width at hand."""
        return QSize(260, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        """One line: the height that is needed follows from the width it gets."""
        return QSize(40, self._step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines that are asked for."""
        painter = QPainter(self)
        asked, line = event.rect(), self._step
        if self._ground:
            painter.fillRect(asked, theme.colour(self._ground))
        painter.setFont(self._font)
        painter.setPen(theme.colour(self._colour))
        for n, text in enumerate(self._lines(self.width())):
            # A letter may reach over its line: its neighbours are drawn too, inside what is asked.
            if asked.top() <= (n + 2) * line and asked.bottom() >= (n - 1) * line:
                area = QRectF(0, n * line, self.width(), line)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _dress(self) -> None:
        self._font = theme.font(self._role)
        self._step = round(QFontMetricsF(self._font).lineSpacing() + 0.49)
        self._broken = ("", 0)
        self.updateGeometry()

    def _lines(self, width: int) -> tuple[str, ...]:
        """The text in lines. All figures are equally wide: another number breaks nowhere else."""
        if not self._text:
            return ()
        whole = unbroken(self._text)
        shape = (_FIGURE.sub("0", whole), width)
        if shape != self._broken:
            self._broken, self._cuts = shape, _cuts(whole, wrap_lines(whole, self._font, width))
        return tuple([whole[start:end] for start, end in self._cuts])


_FIGURE = re.compile("[0-9]")


def _cuts(whole: str, lines: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where each line begins and ends in the text."""
    cuts, at = [], 0
    for line in lines:
        start = whole.index(line, at)
        at = start + len(line)
        cuts.append((start, at))
    return tuple(cuts)
