"""Rows: what a page takes whole, or in parts, when a document flows over pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from workstation.adapters.documents.pen import Pen

Draw = Callable[[Pen, float, float], None]


@dataclass(frozen=True, slots=True)
class Row:
    """What is not divided: ``draw(pen, left, top)`` uses ``height`` points below ``top``.

    ``keep`` holds the row together with the next; ``header`` is drawn again above the row when it
    opens a page. A row with ``split`` may go on over the page: ``split(height)`` gives a part of at
    most that height and the rest, or None when no part fits.
    """

    height: float
    draw: Draw
    keep: bool = False
    header: Row | None = field(default=None)
    split: Callable[[float], tuple[Row, Row] | None] | None = field(default=None)


def gap(height: float) -> Row:
    """Empty space between blocks; dropped at the head of a page."""
    return Row(height, _nothing)


def is_gap(row: Row) -> bool:
    """Whether ``row`` is space alone."""
    return row.draw is _nothing


def kept(row: Row) -> Row:
    """The same row, held together with the next."""
    return Row(row.height, row.draw, True, row.header)


def shifted(row: Row, by: float) -> Row:
    """The same row drawn ``by`` points further right."""

    def draw(pen: Pen, left: float, top: float) -> None:
        row.draw(pen, left + by, top)

    header = None if row.header is None else shifted(row.header, by)
    return row if is_gap(row) else Row(row.height, draw, row.keep, header)


def _nothing(pen: Pen, left: float, top: float) -> None:
    """A gap draws nothing."""
