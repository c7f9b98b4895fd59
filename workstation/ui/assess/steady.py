"""Wrapped text that changes with every edit and moves nothing while its number of lines stays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui.theme import theme
from workstation.ui.widgets import unbroken, wrap_lines


class SteadyText(QWidget):
    """Painted, because a label asks for a new layout of everything around it with each text.

    On a ``ground`` (a colour token) it covers what lies behind, and what it says is kept as a
    picture in which another number draws its own word alone.
    """

    def __init__(
        self, role: str, colour: str, parent: QWidget | None = None, *, ground: str = ""
    ) -> None:
        super().__init__(parent)
        self._role, self._colour, self._ground, self._text = role, colour, ground, ""
        self._font, self._step = theme.font(role), 0
        self._metrics = QFontMetricsF(self._font)
        self._broken: tuple[str, int] = ("", 0)  # what was broken into lines last, and how wide
        self._cuts: tuple[tuple[int, int], ...] = ()
        self._picture: QPixmap | None = None
        self._drawn: tuple[str, ...] = ()  # the lines in the picture
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
        """Draw the lines."""
        lines = self._lines(self.width())
        painter = QPainter(self)
        if self._ground:
            painter.drawPixmap(0, 0, self._pictured(lines))
        else:
            self._write(painter, lines)
        painter.end()

    def _pictured(self, lines: tuple[str, ...]) -> QPixmap:
        """The lines on their ground; words with another number are drawn over the last ones."""
        ratio = self.devicePixelRatioF()
        size = (QSizeF(self.size()) * ratio).toSize()
        runs = [_words_apart(*pair) for pair in zip(self._drawn, lines, strict=False)]
        kept = self._picture
        if kept is None or kept.size() != size or len(self._drawn) != len(lines) or None in runs:
            self._picture = kept = QPixmap(size)
            kept.setDevicePixelRatio(ratio)
            kept.fill(theme.colour(self._ground))
            painter = QPainter(kept)
            self._write(painter, lines)
            painter.end()
        elif any(runs):
            painter = QPainter(kept)
            painter.setFont(self._font)
            painter.setPen(theme.colour(self._colour))
            ground = theme.colour(self._ground)
            for n, found in enumerate(runs):
                for start, word in found or ():
                    left = self._metrics.horizontalAdvance(lines[n][:start])
                    wide = self._metrics.horizontalAdvance(word)
                    area = QRectF(left, n * self._step, wide, self._step)
                    # Spaces stand on both sides: nothing else is within a pixel.
                    painter.fillRect(area.adjusted(-1, 0, 1, 0), ground)
                    painter.drawText(
                        QRectF(left, area.top(), self.width(), self._step),
                        Qt.AlignmentFlag.AlignVCenter,
                        word,
                    )
            painter.end()
        self._drawn = lines
        return kept

    def _write(self, painter: QPainter, lines: tuple[str, ...]) -> None:
        painter.setFont(self._font)
        painter.setPen(theme.colour(self._colour))
        for n, text in enumerate(lines):
            area = QRectF(0, n * self._step, self.width(), self._step)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _dress(self) -> None:
        self._font = theme.font(self._role)
        self._metrics = QFontMetricsF(self._font)
        self._step = round(self._metrics.lineSpacing() + 0.49)
        self._broken, self._picture = ("", 0), None
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


def _words_apart(old: str, new: str) -> list[tuple[int, str]] | None:
    """Words of ``new`` that say another number, with where they begin; None where more differs."""
    if old == new:
        return []
    if _FIGURE.sub("0", old) != _FIGURE.sub("0", new):
        return None
    found, at = [], 0
    for before, word in zip(old.split(" "), new.split(" "), strict=True):
        if before != word:
            found.append((at, word))
        at += len(word) + 1
    return found


_FIGURE = re.compile("[0-9]")


def _cuts(whole: str, lines: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where each line begins and ends in the text."""
    cuts, at = [], 0
    for line in lines:
        start = whole.index(line, at)
        at = start + len(line)
        cuts.append((start, at))
    return tuple(cuts)
