"""Answers in columns: short entries that fill one column after the other, and go on over the page."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.adapters.documents import fonts
from workstation.adapters.documents.pen import INK, MUTED, SMALL, Pen, tight
from workstation.adapters.documents.row import Row, gap
from workstation.domain.documents import Entries

BETWEEN = 18.0  # points between two columns
AFTER = 1.6  # points below each entry
GUTTER = 25.0  # where the number of a question stands
LINES_TOGETHER = 10  # a longer answer may go on in the next column
SHORTEST_PART = 3 * tight(SMALL)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry laid out: its caption or mark, and its lines."""

    caption: str
    mark: str
    lines: tuple[fonts.Line, ...]
    height: float


def rows(block: Entries, room: float) -> list[Row]:
    """The rows of ``block``: one that can be split wherever an entry ends."""
    column = (room - BETWEEN * (block.columns - 1)) / block.columns
    laid = _laid(block, column)
    if not laid:
        return []
    return [gap(1), _row(laid, block.columns, column), gap(3)]


def _laid(block: Entries, column: float) -> tuple[_Entry, ...]:
    gutter = GUTTER if any(mark for mark, _, _ in block.items) else 0.0
    made: list[_Entry] = []
    caption = ""
    for mark, label, value in block.items:
        if not value:
            caption = label
            continue
        pieces = tuple(
            (" ".join(fonts.legible(text, weight).split()) if block.quoted else text, weight)
            for text, weight in ((label, "regular"), (value, "semibold"))
        )
        lines = fonts.wrap_pieces(pieces, SMALL, column - gutter)
        for start in range(0, len(lines), LINES_TOGETHER):
            part = lines[start : start + LINES_TOGETHER]
            height = tight(SMALL) * (len(part) + bool(caption)) + AFTER
            made.append(_Entry(caption, mark if start == 0 else "", part, height))
            caption = ""
    return tuple(made)


def _filled(laid: tuple[_Entry, ...], columns: int, high: float) -> list[tuple[_Entry, ...]]:
    """As many entries as ``columns`` of ``high`` points take, column by column."""
    made: list[tuple[_Entry, ...]] = []
    at = 0
    for _ in range(columns):
        start, used = at, 0.0
        while at < len(laid) and used + laid[at].height <= high + 0.01:
            used += laid[at].height
            at += 1
        made.append(laid[start:at])
    return made


def _balanced(laid: tuple[_Entry, ...], columns: int) -> list[tuple[_Entry, ...]]:
    """All entries in columns as low as they go."""
    high = sum(entry.height for entry in laid) / columns
    while True:
        made = _filled(laid, columns, high)
        if sum(map(len, made)) == len(laid):
            return made
        high += tight(SMALL) / 2


def _height(columns: list[tuple[_Entry, ...]]) -> float:
    return max(sum(entry.height for entry in column) for column in columns)


def _row(laid: tuple[_Entry, ...], columns: int, column: float) -> Row:
    placed = _balanced(laid, columns)
    gutter = GUTTER if any(entry.mark for entry in laid) else 0.0

    def draw(pen: Pen, left: float, top: float) -> None:
        for number, entries in enumerate(placed):
            y = top
            for entry in entries:
                _draw(pen, entry, left + number * (column + BETWEEN), y, gutter)
                y -= entry.height

    def split(high: float) -> tuple[Row, Row] | None:
        if high < SHORTEST_PART:
            return None
        fitting = sum(map(len, _filled(laid, columns, high)))
        if not 0 < fitting < len(laid):
            return None
        first, rest = laid[:fitting], laid[fitting:]
        return _row(first, columns, column), _row(rest, columns, column)

    return Row(_height(placed), draw, split=split)


def _draw(pen: Pen, entry: _Entry, x: float, top: float, gutter: float) -> None:
    step = tight(SMALL)
    if entry.caption:
        pen.text(x, top, entry.caption, SMALL, "semibold", MUTED, step)
        top -= step
    if entry.mark:
        pen.text(x, top, entry.mark, SMALL, "regular", MUTED, step)
    for line in entry.lines:
        at = x + gutter
        for text, weight in line:
            at += pen.text(at, top, text, SMALL, weight, INK, step)
        top -= step
