"""Pages: geometry, head and foot of each page, the signature's box, and the flow of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.adapters.documents import fonts
from workstation.adapters.documents.blocks import rows
from workstation.adapters.documents.code import draw_code
from workstation.adapters.documents.pen import ALERT, BODY, INK, MUTED, SMALL, TEAL, Pen, leading
from workstation.adapters.documents.row import Row, gap, is_gap
from workstation.domain.documents import Document
from workstation.domain.errors import Refused

MM = 72 / 25.4
SIDE = 36.0  # left and right of the text
ABOVE = 24.0  # between the paper's edge and the letterhead: the teal rule lies in it
BELOW = 22.0
PAPERS: dict[str, tuple[float, float]] = {"letter": (612.0, 792.0), "a4": (210 * MM, 297 * MM)}
TOP_RULE = 5.0
FOOT = 2 * leading(SMALL) + 5
BOX_HEIGHT = 62.0
BOX_ROOM = BOX_HEIGHT + leading(SMALL) + 10  # with its label and the space above it
CELL_GAP = 22.0
CODE_SIDE = BOX_HEIGHT + leading(SMALL) + 2  # as high as the box with its label
CODE_GAP = 6.0
MIDDLE_DOT = " \u00b7 "


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in page points; the origin is the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


def signature_rect(page_width: float, *, coded: bool = False) -> Rect:
    """Where the signature's visible block goes on the last page: the same for every document.

    Beside a QR code (``coded``) it is narrower by the code's side.
    """
    bottom = BELOW + FOOT + 6
    right = page_width - SIDE - (CODE_SIDE + CODE_GAP if coded else 0)
    return Rect(SIDE, bottom, right, bottom + BOX_HEIGHT)


def code_rect(page_width: float) -> Rect:
    """Where the QR code with its quiet margin goes on the last page, right of the signature."""
    bottom = BELOW + FOOT + 6
    return Rect(page_width - SIDE - CODE_SIDE, bottom, page_width - SIDE, bottom + CODE_SIDE)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and the y of its top."""

    row: Row
    top: float


class Layout:
    """All pages of one document, laid out but not drawn.

    ``words`` are the page's own words, ``code`` the text of its QR code ("" none).
    """

    def __init__(self, document: Document, words: Mapping[str, str], code: str = "") -> None:
        self.document = document
        self.coded = document.prescribed is not None
        self.qr = code
        self.words = words
        self.code = document.page_code  # read from every block; the same on each page
        self.width, self.height = PAPERS[document.paper]
        self.room = self.width - 2 * SIDE
        self.title = fonts.wrap(document.title, "semibold", 14, self.room * 0.42)
        self.head = self._head()
        self.short_head = self._short_head()
        self.bottom = BELOW + FOOT + 4
        body = [row for block in document.blocks for row in rows(block, self.room)]
        flowed = self._flow(body, 0)
        self.pages = flowed if document.signature is None else self._with_room_to_sign(flowed)

    def top(self, page: int) -> float:
        """Where the text of a page begins: later pages carry a shorter head."""
        head = self.short_head if page else self.head
        return self.height - ABOVE - sum(row.height for row in head)

    # -- flow ----------------------------------------------------------------------------------

    def _flow(self, body: list[Row], first: int) -> list[list[Placed]]:
        """Rows on pages, of which the first is page ``first`` of the document."""
        pages: list[list[Placed]] = [[]]
        y = self.top(first)
        waiting = _groups(body)[::-1]
        while waiting:
            group = waiting.pop()
            if not pages[-1]:
                group = self._opening(group)
            need = sum(row.height for row in group)
            if y - need < self.bottom:
                parts = self._parted(group, y - self.bottom)
                if parts is not None:
                    group, rest = parts
                    waiting.append(rest)
                elif pages[-1]:
                    waiting.append(group)
                    pages.append([])
                    y = self.top(first + len(pages) - 1)
                    continue
                else:
                    raise Refused("document.overflow", page=len(pages))
            for row in group:
                pages[-1].append(Placed(row, y))
                y -= row.height
        return pages

    @staticmethod
    def _parted(group: list[Row], room: float) -> tuple[list[Row], list[Row]] | None:
        """A group whose last row may go on over the page, in what fits and the rest."""
        split = group[-1].split
        above = sum(row.height for row in group[:-1])
        parts = None if split is None else split(room - above)
        return None if parts is None else ([*group[:-1], parts[0]], [parts[1]])

    @staticmethod
    def _opening(group: list[Row]) -> list[Row]:
        """A group at the head of a page: no space above it, and its table's header again."""
        while group and is_gap(group[0]):
            group = group[1:]
        if group and group[0].header is not None:
            return [group[0].header, *group]
        return group

    def _with_room_to_sign(self, pages: list[list[Placed]]) -> list[list[Placed]]:
        """The signature never stands alone on a page: the last rows go over with it."""
        last, top = pages[-1], self.top(len(pages) - 1)
        lowest = min((p.top - p.row.height for p in last if not is_gap(p.row)), default=top)
        if lowest >= signature_rect(self.width).top + BOX_ROOM - BOX_HEIGHT:
            return pages
        cut = max((i for i, p in enumerate(last) if is_gap(p.row) and i > 0), default=0)
        # From the last block that more than space follows; single-block pages move their last row.
        while cut and all(is_gap(p.row) for p in last[cut:]):
            cut = max((i for i in range(cut) if is_gap(last[i].row) and i > 0), default=0)
        if cut == 0 or last[cut].top - lowest > (top - self.bottom) / 2:
            cut = max(i for i, p in enumerate(last) if not is_gap(p.row))
            while cut > 1 and last[cut - 1].row.keep:
                cut -= 1
        moved = [p.row for p in last[cut:]]
        pages[-1] = last[:cut]
        return [*pages, *self._flow(moved, len(pages))]

    # -- drawing -------------------------------------------------------------------------------

    def draw(self, pen: Pen) -> None:
        """Draw every page; the caller saves the canvas."""
        total = len(self.pages)
        for number, page in enumerate(self.pages, start=1):
            pen.fill(0, self.height, self.width, TOP_RULE, TEAL)
            self._draw_head(pen, number, total)
            for placed in page:
                placed.row.draw(pen, SIDE, placed.top)
            if number == total and self.document.signature is not None:
                self._draw_box(pen)
            self._draw_foot(pen, number, total)
            pen.canvas.showPage()

    def _draw_box(self, pen: Pen) -> None:
        if self.qr:
            square = code_rect(self.width)
            draw_code(pen, self.qr, square.left, square.top, CODE_SIDE)
        box = signature_rect(self.width, coded=self.coded)
        label = box.top + leading(SMALL) + 2
        pen.text(box.left, label, self.words["signature"].upper(), SMALL, "semibold", MUTED)
        pen.outline(box.left, box.top, box.right - box.left, BOX_HEIGHT, TEAL, radius=4)

    def _draw_foot(self, pen: Pen, number: int, total: int) -> None:
        made = self.document
        left = self.words["foot"].format(number=made.number, code=self.code)
        page = self.words["page"].format(n=number, m=total).lower()
        known = self._known()
        who = MIDDLE_DOT.join((made.patient_name, *known))
        right = f"{who}{MIDDLE_DOT}{page}"
        top = BELOW + FOOT - 3
        pen.rule(SIDE, top + 3, self.room)
        pen.text(SIDE, top, left, SMALL, "regular", MUTED)
        if fonts.width(left + right, "regular", SMALL) + 20 <= self.room:
            pen.right(self.width - SIDE, top, right, SMALL, "regular", MUTED)
            return
        # A long name gets the second line to itself, as far as it needs it.
        below = who
        if fonts.width(who, "regular", SMALL) > self.room:
            below, page = made.patient_name, MIDDLE_DOT.join((*known, page))
        wide = fonts.width(below, "regular", SMALL)
        if wide > self.room or fonts.width(left + page, "regular", SMALL) + 20 > self.room:
            raise Refused("document.overflow", page=number)
        pen.right(self.width - SIDE, top, page, SMALL, "regular", MUTED)
        pen.right(self.width - SIDE, top - leading(SMALL), below, SMALL, "regular", MUTED)

    def _known(self) -> list[str]:
        """Birth date and record number, which stand beside the name on each page."""
        values = dict(self.document.patient_line)
        return [values[key] for key in (self.words["born"], self.words["id"]) if key in values]

    # -- head ----------------------------------------------------------------------------------

    def _draw_head(self, pen: Pen, number: int, total: int) -> None:
        page = self.words["page"].format(n=number, m=total)
        y = self.height - ABOVE
        below = leading(14) * len(self.title) if number == 1 else leading(BODY)
        pen.right(self.width - SIDE, y - below, page, SMALL, "regular", MUTED)
        for row in self.head if number == 1 else self.short_head:
            row.draw(pen, SIDE, y)
            y -= row.height

    def _head(self) -> list[Row]:
        letterhead = self.document.letterhead
        name = fonts.wrap(letterhead.name, "semibold", 14, self.room * 0.54)
        reach = f"{letterhead.address}{MIDDLE_DOT}{letterhead.phone}"
        address = fonts.wrap(reach, "regular", SMALL, self.room - 70)
        title = self.title

        def draw(pen: Pen, left: float, top: float) -> None:
            below = pen.lines(left, top, name, 14, "semibold")
            pen.lines(left, below, address, SMALL, "regular", MUTED)
            for number, line in enumerate(title):
                pen.right(left + self.room, top - number * leading(14), line, 14, "semibold", TEAL)

        left = leading(14) * len(name) + leading(SMALL) * len(address)
        right = leading(14) * len(title) + leading(SMALL)
        made = [Row(max(left, right) + 5, draw), self._rule(6)]
        made.extend(self._identity())
        made.append(self._rule(7))
        if self.document.demonstration:
            made.append(self._demonstration())
        return made

    def _short_head(self) -> list[Row]:
        """Whose document it is, for the pages after the first."""
        made = self.document
        name = fonts.wrap(made.patient_name, "semibold", BODY, self.room * 0.56)
        rest = MIDDLE_DOT.join((*self._known(), made.letterhead.name))
        lines = fonts.wrap(rest, "regular", SMALL, self.room * 0.8)

        def draw(pen: Pen, left: float, top: float) -> None:
            pen.right(left + self.room, top, " ".join(self.title), BODY, "semibold", TEAL)
            below = pen.lines(left, top, name, BODY, "semibold")
            pen.lines(left, below, lines, SMALL, "regular", MUTED)

        row = Row(leading(BODY) * len(name) + leading(SMALL) * len(lines) + 3, draw)
        made_rows = [row, self._rule(5)]
        if made.demonstration:
            made_rows.append(self._demonstration())
        return made_rows

    def _rule(self, below: float) -> Row:
        def draw(pen: Pen, left: float, top: float) -> None:
            pen.rule(left, top, self.room)

        return Row(below, draw)

    def _demonstration(self) -> Row:
        text = self.words["demonstration"]

        def draw(pen: Pen, left: float, top: float) -> None:
            pen.text(left, top, text, SMALL, "bold", ALERT)

        return Row(leading(SMALL) + 7, draw)

    def _identity(self) -> list[Row]:
        """Who it is for: cells in rows as they fit; what needs a line of its own gets it."""
        name = (self.words["patient"], self.document.patient_name)
        made: list[Row] = []
        line: list[tuple[str, str, float]] = []
        used = 0.0
        for label, value in (name, *self.document.patient_line):
            named = label.upper()
            wide = max(fonts.width(named, "medium", SMALL), fonts.width(value, "semibold", 10.5))
            if line and used + CELL_GAP + wide > self.room:
                made.append(self._cells(line, used))
                line, used = [], 0.0
            used += wide + (CELL_GAP if line else 0)
            line.append((named, value, wide))
        made.append(self._cells(line, used))
        return [*made, gap(3)]

    def _cells(self, line: list[tuple[str, str, float]], used: float) -> Row:
        if len(line) == 1:
            return self._long_cell(line[0][0], line[0][1])
        spread = min((self.room - used) / max(len(line) - 1, 1), 34.0)

        def draw(pen: Pen, left: float, top: float) -> None:
            x = left
            for named, value, wide in line:
                pen.text(x, top, named, SMALL, "medium", MUTED)
                pen.text(x, top - leading(SMALL), value, 10.5, "semibold")
                x += wide + CELL_GAP + spread

        return Row(leading(SMALL) + leading(10.5) + 3, draw)

    def _long_cell(self, named: str, value: str) -> Row:
        beside = fonts.width(named, "medium", SMALL) + 10
        lines = fonts.wrap(value, "medium", 10.0, self.room - beside)

        def draw(pen: Pen, left: float, top: float) -> None:
            pen.text(left, top - 0.7, named, SMALL, "medium", MUTED)
            pen.lines(left + beside, top, lines, 10.0, "medium", INK)

        return Row(leading(10.0) * len(lines) + 2, draw)


def _groups(body: list[Row]) -> list[list[Row]]:
    """Rows that may not be parted: a kept row with the one after it, a gap with what follows."""
    groups: list[list[Row]] = []
    pending: list[Row] = []
    for row in body:
        pending.append(row)
        if not row.keep and not is_gap(row):
            groups.append(pending)
            pending = []
    if any(not is_gap(row) for row in pending):
        groups.append(pending)
    return groups
