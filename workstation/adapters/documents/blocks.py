"""Block to rows: each block of a document becomes rows of known height that a page can take."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workstation.adapters.documents import entries, fonts, photo
from workstation.adapters.documents.pen import (
    ALERT,
    BODY,
    FILL,
    INK,
    MARK,
    MUTED,
    SMALL,
    STRIPE,
    TEAL,
    Pen,
    leading,
    tight,
)
from workstation.adapters.documents.row import Row, gap, kept, shifted
from workstation.domain.documents import (
    Block,
    BoxedFields,
    Bullets,
    Entries,
    Fields,
    Heading,
    Legend,
    MedicineLine,
    Paragraph,
    PhotoRow,
    Table,
)

INDENT = 36.0  # what stands under the medicine, right of the Rx sign
LABEL_COLUMN = 92.0
CELL_SIZE = 9.5
BULLETS_TOGETHER = 10  # a longer list may go on over the page
LINES_A_ROW = 18  # a longer table row goes on in a row of its own
_FIGURE = re.compile(r"[\d,]+(\.\d+)?")
DONE, OPEN = "[x]", "[ ]"


def rows(block: Block, room: float) -> list[Row]:
    """The rows of ``block`` in a column ``room`` points wide."""
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return _paragraph(block, room)
        case Fields():
            return _fields(block, room)
        case MedicineLine():
            return _medicine(block, room)
        case Table():
            return _table(block, room)
        case Entries():
            return entries.rows(block, room)
        case Bullets():
            return _bullets(block, room)
        case BoxedFields():
            return _boxed(block, room)
        case PhotoRow():
            return photo.rows(block, room)
        case Legend():
            return photo.legend(block, room)


def _heading(block: Heading) -> list[Row]:
    def draw(pen: Pen, left: float, top: float) -> None:
        pen.text(left, top, block.text.upper(), SMALL, "semibold", MUTED)

    return [gap(8), Row(leading(SMALL) + 1.5, draw, keep=True)]


_STYLES: dict[str, tuple[float, str]] = {
    "body": (BODY, "regular"),
    "strong": (BODY, "semibold"),
    "small": (SMALL, "regular"),
    "lead": (11.0, "medium"),
    "banner": (BODY, "semibold"),
    "quoted": (BODY, "regular"),
}


def _paragraph(block: Paragraph, room: float) -> list[Row]:
    size, weight = _STYLES[block.style]
    text = fonts.legible(block.text, weight) if block.style == "quoted" else block.text
    colour = {"small": MUTED, "banner": ALERT}.get(block.style, INK)

    def line_row(line: str, keep: bool) -> Row:
        def draw(pen: Pen, left: float, top: float) -> None:
            pen.text(left, top, line, size, weight, colour)

        return Row(leading(size), draw, keep=keep)

    lines = fonts.wrap(text, weight, size, room)
    # The first two lines stay together, and so do the last two.
    kept = {0, len(lines) - 2}
    made = [line_row(line, i in kept and i < len(lines) - 1) for i, line in enumerate(lines)]
    return [*made, gap(3)]


def _bullets(block: Bullets, room: float) -> list[Row]:
    made: list[Row] = []
    together = len(block.items) <= BULLETS_TOGETHER
    for number, item in enumerate(block.items):
        lines = fonts.wrap(item, "regular", BODY, room - 14)

        def draw(pen: Pen, left: float, top: float, lines: tuple[str, ...] = lines) -> None:
            pen.dot(left + 4, top - leading(BODY) / 2)
            pen.lines(left + 14, top, lines)

        keep = together and number < len(block.items) - 1
        made.append(Row(leading(BODY) * len(lines) + 1, draw, keep))
    return [*made, gap(4)]


def _labelled(label: str, value: str, room: float, weight: str, size: float) -> Row:
    """One label in its column and the value beside it, on as many lines as it needs."""
    lines = fonts.wrap(value, weight, size, room - LABEL_COLUMN)
    named = fonts.wrap(label.upper(), "medium", SMALL, LABEL_COLUMN - 8)

    def draw(pen: Pen, left: float, top: float) -> None:
        nudge = (leading(size) - leading(SMALL)) / 2
        pen.lines(left, top - nudge, named, SMALL, "medium", MUTED)
        pen.lines(left + LABEL_COLUMN, top, lines, size, weight)

    height = max(leading(size) * len(lines), leading(SMALL) * len(named))
    return Row(height + 2, draw)


def _fields(block: Fields, room: float) -> list[Row]:
    inset = INDENT if block.indent else 0.0
    room -= inset
    if block.columns == 1:
        made = [_labelled(label, value, room, "regular", BODY) for label, value in block.pairs]
        return [shifted(row, inset) for row in made]
    made = []
    for start in range(0, len(block.pairs), block.columns):
        made.append(_side_by_side(block.pairs[start : start + block.columns], block.columns, room))
    return [gap(5), *(shifted(row, inset) for row in made), gap(2)]


def _side_by_side(pairs: tuple[tuple[str, str], ...], columns: int, room: float) -> Row:
    """Cells of equal width; the value stands right of its label, or below when it is long."""
    cell = room / columns
    drawn: list[tuple[str, tuple[str, ...], float, bool]] = []
    height = 0.0
    for label, value in pairs:
        named = label.upper()
        beside = fonts.width(named, "medium", SMALL) + 7
        fits = beside + fonts.width(value, "semibold", 10.5) <= cell - 8
        lines = (value,) if fits else fonts.wrap(value, "semibold", 10.5, cell - 8)
        drawn.append((named, lines, beside, fits))
        height = max(height, leading(10.5) * len(lines) + (0 if fits else leading(SMALL)))

    def draw(pen: Pen, left: float, top: float) -> None:
        for number, (named, lines, beside, fits) in enumerate(drawn):
            x = left + number * cell
            pen.text(x, top - 1 if fits else top, named, SMALL, "medium", MUTED)
            below = 0.0 if fits else leading(SMALL)
            pen.lines(x + beside if fits else x, top - below, lines, 10.5, "semibold")

    return Row(height + 3, draw)


def _medicine(block: MedicineLine, room: float) -> list[Row]:
    room -= INDENT
    size, after = 19.0, 10.5
    name = fonts.wrap(block.name, "bold", size, room)
    lines: list[list[str]] = [[]]
    used = fonts.width(name[-1], "bold", size) + 6
    for attribute in block.attributes:
        piece = f"\u2014\u00a0{attribute}"
        wide = fonts.width(f"{piece} ", "regular", after)
        if used + wide > room and (lines[-1] or used > 0):
            lines.append([])
            used = 0.0
        lines[-1].append(piece)
        used += wide
    first, rest = " ".join(lines[0]), [" ".join(line) for line in lines[1:]]
    rest_lines = tuple(piece for line in rest for piece in fonts.wrap(line, "regular", after, room))

    def draw(pen: Pen, left: float, top: float) -> None:
        pen.text(left, top + 1, "\u211e", 26, "bold", TEAL)
        x = left + INDENT
        pen.lines(x, top, name, size, "bold")
        last = top - leading(size) * (len(name) - 1)
        wide = fonts.width(name[-1], "bold", size)
        pen.text(x + wide + 6, last - 8.2, first, after)
        pen.lines(x, last - leading(size), rest_lines, after)

    head = leading(size) * len(name) + leading(after) * len(rest_lines)
    labels = block.labels
    made = [gap(6), Row(head + 3, draw, keep=True)]
    made.append(kept(_labelled(labels[0], block.dose, room, "semibold", 11.0)))
    if block.directions:
        made.append(kept(_labelled(labels[1], block.directions, room, "regular", BODY)))
    if block.daily:
        made.append(kept(_labelled(labels[2], block.daily, room, "regular", BODY)))
    return [*made[:2], *(shifted(row, INDENT) for row in made[2:]), gap(4)]


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the cells of one table are set: column widths, type size, line, padding, side."""

    wide: tuple[float, ...]
    size: float
    line: float
    aside: float
    above: float
    figures: tuple[bool, ...]  # columns of figures alone, which stand at their right

    @staticmethod
    def of(block: Table, room: float) -> _Grid:
        wide = tuple(share * room for share in block.widths)
        columns = tuple(zip(*block.rows, strict=True))
        figures = tuple(all(_FIGURE.fullmatch(text) for text in cells) for cells in columns)
        figures = figures or (False,) * len(wide)
        if block.dense:
            return _Grid(wide, SMALL, tight(SMALL), 3.5, 1.4, figures)
        return _Grid(wide, CELL_SIZE, leading(CELL_SIZE), 6.0, 2.75, figures)

    def lines(self, cells: tuple[str, ...], weight: str, size: float) -> list[tuple[str, ...]]:
        """Each cell's text in lines."""
        return [self._cell(text, w, weight, size) for text, w in zip(cells, self.wide, strict=True)]

    def _cell(self, text: str, wide: float, weight: str, size: float) -> tuple[str, ...]:
        mark, rest = _cell(text)
        room = wide - 2 * self.aside - (MARK + 4 if mark else 0)
        return fonts.wrap(rest, weight, size, room) if rest else ("",)


def _table(block: Table, room: float) -> list[Row]:
    inset = INDENT if block.indent else 0.0
    room -= inset
    grid = _Grid.of(block, room)
    header = _table_row(block.header, grid, header=True, shade=False) if block.header else None
    made: list[Row] = [] if header is None else [kept(header)]
    last = len(block.rows) - 1
    for number, cells in enumerate(block.rows):
        # No row stands alone: the first stays with the second, the last with the one before.
        together = number in (0, last - 1) and number < last
        texts = tuple(fonts.legible(c, "regular") for c in cells) if block.quoted else cells
        for part in _parts(texts, grid):
            row = _table_row(part, grid, header=False, shade=number % 2 == 1)
            made.append(Row(row.height, row.draw, together, header))
    return [*(shifted(row, inset) for row in made), gap(5)]


def _cell(text: str) -> tuple[str, str]:
    for mark in (DONE, OPEN):
        if text.startswith(mark):
            return mark, text[len(mark) :].strip()
    return "", text


def _parts(cells: tuple[str, ...], grid: _Grid) -> list[tuple[str, ...]]:
    """A very long row as several that a page can hold."""
    lined = grid.lines(cells, "regular", grid.size)
    longest = max(len(lines) for lines in lined)
    if longest <= LINES_A_ROW:
        return [cells]
    return [
        tuple(
            (_cell(text)[0] if start == 0 else "") + "\n".join(lines[start : start + LINES_A_ROW])
            for text, lines in zip(cells, lined, strict=True)
        )
        for start in range(0, longest, LINES_A_ROW)
    ]


def _table_row(cells: tuple[str, ...], grid: _Grid, *, header: bool, shade: bool) -> Row:
    size = SMALL if header else grid.size
    line = min(grid.line, leading(size))
    weight = "semibold" if header else "regular"
    lined = grid.lines(cells, weight, size)
    height = line * max(len(lines) for lines in lined) + 2 * grid.above

    def draw(pen: Pen, left: float, top: float) -> None:
        total = sum(grid.wide)
        if header or shade:
            pen.fill(left, top, total, height, FILL if header else STRIPE)
        pen.rule(left, top - height, total)
        if header:
            pen.rule(left, top, total)
        x = left
        for text, lines, w, right in zip(cells, lined, grid.wide, grid.figures, strict=True):
            mark = _cell(text)[0]
            middle = top - grid.above - line / 2
            if mark == DONE:
                pen.done(x + grid.aside, middle)
            elif mark == OPEN:
                pen.open_box(x + grid.aside, middle)
            start = x + grid.aside + (MARK + 4 if mark else 0)
            colour = MUTED if header else INK
            for n, words in enumerate(lines):
                at = x + w - grid.aside - fonts.width(words, weight, size) if right else start
                pen.text(at, top - grid.above - n * line, words, size, weight, colour, line)
            x += w

    return Row(height, draw)


def _boxed(block: BoxedFields, room: float) -> list[Row]:
    cell = room / len(block.pairs)
    drawn: list[tuple[tuple[str, ...], tuple[str, ...], float]] = []
    height = 0.0
    for label, value in block.pairs:
        beside = fonts.width(label, "regular", SMALL) + 8 if value else 0.0
        if value and beside + fonts.width(value, "semibold", BODY) > cell - 16:
            beside = 0.0
        named = fonts.wrap(label, "regular", SMALL, cell - 16)
        lines = fonts.wrap(value, "semibold", BODY, cell - 16) if value else ()
        drawn.append((named, lines, beside))
        below = 0 if beside else len(lines)
        height = max(height, leading(SMALL) * len(named) + leading(BODY) * below)
    height += 12

    def draw(pen: Pen, left: float, top: float) -> None:
        pen.outline(left, top, room, height)
        for number, (named, lines, beside) in enumerate(drawn):
            x = left + 8 + number * cell
            if number:
                pen.canvas.line(left + number * cell, top, left + number * cell, top - height)
            below = pen.lines(x, top - 6, named, SMALL, "regular", MUTED)
            if beside:
                pen.lines(x + beside, top - 5.3, lines, BODY, "semibold")
            else:
                pen.lines(x, below, lines, BODY, "semibold")

    return [gap(8), Row(height + 2, draw), gap(4)]
