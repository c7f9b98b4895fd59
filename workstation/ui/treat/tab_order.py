"""Tab goes through what stands in a column from above to below, whenever each of it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workstation.ui.restyle import children_of


def in_order(start: QWidget, parts: Iterable[QWidget]) -> None:
    """Let Tab go from ``start``, which takes the focus, through the parts in this order.

    Qt's own chain is not walked: PySide holds what it gives from there for a part of whom it asked,
    and for deleted with it.
    """
    stops = [start, *(stop for part in parts for stop in _stops(part))]
    for one, following in pairwise(stops):
        QWidget.setTabOrder(one, following)


def _stops(part: QWidget) -> Iterator[QWidget]:
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    for child in children_of(part):
        if not child.isWindow():  # as the list of a choice is
            yield from _stops(child)
