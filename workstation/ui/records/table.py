"""What stands in the rows of the two lists of Records, and where their columns lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from workstation.language import Sentence, noted, tr
from workstation.presenters.records_state import DocumentRow
from workstation.presenters.records_trail import EntryRow
from workstation.presenters.records_wording import STATE_CHIPS, STATES
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Column,
    RowDelegate,
    RowsList,
    Words,
    fitting,
    paint_chip,
    paint_line,
    paint_lines,
    paint_patient,
    paint_wrapped,
    unbroken,
)

EDGE, PHOTO, BAR, GAP = 16, 34, 12, 8
SORTED_BY = noted("Newest first")


class Wanted(NamedTuple):
    """A column as asked for: width in logical pixels at text scale 1; 0 takes the rest."""

    title: Sentence
    width: int


DOCUMENTS = {
    "signed": Wanted(noted("Signed"), 104),
    "patient": Wanted(noted("Patient"), 214),
    "documents": Wanted(noted("Documents"), 0),
    "number": Wanted(noted("Number"), 116),
    "state": Wanted(noted("State"), 104),
    "doctor": Wanted(noted("Dr"), 30),
}
NARROW = {  # the number carries the kinds below it
    name: Wanted(column.title, 0 if name == "number" else column.width)
    for name, column in DOCUMENTS.items()
    if name not in ("documents", "doctor")
}
LEAST = 130  # of the kinds beside the number
ROOMY, SHARE = 420, 0.4  # from so much spare room on, the patient has this share of it
TRAIL = {
    "time": Wanted(noted("Time"), 100),
    "who": Wanted(noted("Who"), 120),
    "act": Wanted(noted("Act"), 190),
    "about": Wanted(noted("About"), 0),
    "chain": Wanted(noted("Chain"), 92),
}


def titles(wanted: Mapping[str, Wanted]) -> dict[str, str]:
    """Names of the columns."""
    return {name: tr(column.title) for name, column in wanted.items()}


def document_columns(width: float) -> dict[str, Column]:
    """Columns of the documents in a list so wide: fewer ones where they have no room."""
    fixed = sum(theme.px(column.width) for column in DOCUMENTS.values()) + 2 * EDGE + BAR
    return placed(NARROW if width - fixed < theme.px(LEAST) else DOCUMENTS, width)


def placed(wanted: Mapping[str, Wanted], width: float) -> dict[str, Column]:
    """Where each column lies in a row ``width`` wide; the scroll bar's room stays free."""
    fixed = sum(theme.px(column.width) for column in wanted.values())
    rest = max(90.0, width - fixed - 2 * EDGE - BAR)
    spare = round(rest * SHARE) if "patient" in wanted and rest > theme.px(ROOMY) else 0
    rest -= spare
    made: dict[str, Column] = {}
    x = float(EDGE)
    for name, column in wanted.items():
        wide = rest if column.width == 0 else theme.px(column.width)
        if name == "patient":
            wide += spare
        made[name] = Column(x, wide)
        x += wide
    return made


def trail_columns(width: float) -> dict[str, Column]:
    """Columns of the audit trail in a list so wide."""
    return placed(TRAIL, width)


class RecordsRow(RowDelegate):
    """Draws a cell by its column; nothing is told by colour alone."""

    def area(self, columns: Mapping[str, Column], height: float) -> dict[str, QRectF]:
        """Where the text of each column goes."""
        return {name: column.area(height, gap=GAP, top=0) for name, column in columns.items()}


def paint_number(painter: QPainter, area: QRectF, number: Words, documents: str) -> None:
    """The number with its documents below: one line, or two where not even small words fit one."""
    font = fitting(documents, theme.font("caption"), area.width())
    if QFontMetricsF(font).horizontalAdvance(documents) <= area.width():
        paint_lines(painter, area, number, Words(documents, "text3"))
        return
    tall = QFontMetricsF(theme.font("body", number.weight)).height()
    below = 2 * QFontMetricsF(font).height()
    top = area.top() + (area.height() - tall - below) / 2
    paint_line(painter, QRectF(area.left(), top, area.width(), tall), number)
    kinds = QRectF(area.left(), top + tall, area.width(), below)
    paint_wrapped(painter, kinds, documents, font, "text3", 2)


class DocumentsRow(RecordsRow):
    """Draws the documents of one PIN entry."""

    def __init__(self, parent: RowsList, face: Callable[[str], QImage | None]) -> None:
        super().__init__(parent, document_columns)
        self._face = face

    def draw(
        self, painter: QPainter, row: DocumentRow, columns: Mapping[str, Column], height: float
    ) -> None:
        """Draw the cells."""
        at = self.area(columns, height)
        day = Words(unbroken(row.day), "text", 500)
        paint_lines(painter, at["signed"], day, Words(row.time, "text3"))
        name, about = Words(row.name, "text", 600), Words(row.about, "text3")
        face = self._face(row.consultation)
        paint_patient(painter, at["patient"], face, PHOTO, name, about)
        number = Words(unbroken(row.number), "text", 500)
        if "documents" in at:
            kinds = at["documents"].adjusted(0, 1, 0, -1)
            paint_wrapped(painter, kinds, row.documents, theme.font("body"), "text2", 2)
            paint_line(painter, at["number"], number)
            paint_line(painter, at["doctor"], Words(row.doctor, "text2", 600))
        else:
            paint_number(painter, at["number"], number, row.documents)
        kind, icon = STATE_CHIPS[row.state]
        top = (height - theme.px(22)) / 2
        paint_chip(painter, QPointF(at["state"].x(), top), kind, tr(STATES[row.state]), icon)


class TrailRow(RecordsRow):
    """Draws one entry of the audit trail."""

    def __init__(self, parent: RowsList) -> None:
        super().__init__(parent, trail_columns)

    def draw(
        self, painter: QPainter, row: EntryRow, columns: Mapping[str, Column], height: float
    ) -> None:
        """Draw the cells."""
        at = self.area(columns, height)
        time = Words(row.time, "text", 500)
        paint_lines(painter, at["time"], time, Words(unbroken(row.day), "text3"))
        paint_line(painter, at["who"], Words(row.who))
        corner = QPointF(at["act"].x(), height / 2 - 8.5)
        icons.paint(painter, row.icon, corner, "info", 16)
        paint_line(painter, at["act"].adjusted(24, 0, 0, 0), Words(row.act, "text", 600))
        paint_line(painter, at["about"], Words(row.about, "text2"))
        paint_line(painter, at["chain"], Words(row.chain, "text3"))


def row_key(row: Any) -> object:
    """What a row of either list is about."""
    return row.key if isinstance(row, DocumentRow) else row.seq
