"""Lengths that go with the text size: given once, and again when the text size changes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel

from workstation.ui.theme import theme


class _Sized(QObject):
    """Goes with its owner."""

    def __init__(self, owner: QObject, give: Callable[[], object]) -> None:
        super().__init__(owner)
        self._give = give
        self._scale = theme.text_scale
        give()
        theme.theme_changed.connect(self._again)

    def _again(self) -> None:
        if self._scale != theme.text_scale:
            self._scale = theme.text_scale
            self._give()


def with_text(owner: QObject, give: Callable[[], object]) -> None:
    """Call ``give``, which sets lengths of ``owner`` from ``theme.px``, now and at each text size."""
    _Sized(owner, give)


def on_its_line(title: QLabel, *beside: QLabel) -> None:
    """Smaller words beside a title stand on its line: centred alone they would hang above it."""

    def give() -> None:
        line = _below_middle(title)
        for words in beside:
            words.setContentsMargins(0, round(2 * (line - _below_middle(words))), 0, 0)

    with_text(title, give)


def on_line_of_controls(title: QLabel) -> None:
    """A page's title beside fields and buttons stands on the line of their words."""

    def give() -> None:
        lower = _below_middle(title) - _below("body")
        title.setContentsMargins(0, 0, 0, round(2 * lower))

    with_text(title, give)


def _below_middle(words: QLabel) -> float:
    """How far below the middle of its line the feet of the letters stand."""
    role = str(words.property("role"))
    plain = role.rstrip("0123456789").removesuffix("Strong").removesuffix("Medium")
    return _below(plain.removesuffix("Small"))


def _below(role: str) -> float:
    metrics = QFontMetricsF(theme.font(role))
    return (metrics.ascent() - metrics.descent()) / 2
