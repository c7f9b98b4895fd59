"""Lengths that go with the text size: given once, and again when the text size changes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

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
