"""What stands in a row of the Labs table, and where its columns lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionViewItem

from workstation.language import noted, tr
from workstation.presenters.labs_state import RowView
from workstation.presenters.labs_wording import STATES
from workstation.ui.theme import SMALLEST_PX, theme
from workstation.ui.widgets import (
    Column,
    RowDelegate,
    RowsList,
    Words,
    chip_size,
    paint_chip,
    paint_lines,
    paint_patient,
    unbroken,
    wrap_lines,
)
from workstation.ui.widgets.rows import Index

PHOTO = 30
EDGE, SCROLL_BAR, GAP = 16, 12, 10
NARROW = 760
TIGHT = 0.94  # columns this much narrower than they should be are still read
STACKED = 64  # height of a row in which the day stands below the state, the value below the tests
MANY = 2  # lines of what stands below the tests before it is set smaller
SORTED_BY = noted("Sorted by state, then date")
TITLES = {
    "state": noted("State"),
    "patient": noted("Patient"),
    "tests": noted("Test"),
    "value": noted("Last value"),
    "trend": noted("Trend"),
    "day": noted("Due or drawn"),
}
WIDTHS = {"state": 116, "patient": 182, "tests": 112, "value": 112, "trend": 66, "day": 128}
SHARES = {"patient": 0.3, "tests": 0.35, "value": 0.2, "trend": 0.05, "day": 0.1}


def columns(width: float) -> dict[str, Column]:
    """The columns of a table ``width`` wide.

    A narrow one goes without the trend; one narrower still has the value below the tests and the
    day below the state: its rows are higher.
    """
    room = width - EDGE - SCROLL_BAR
    shown = [name for name in TITLES if name != "trend" or room >= NARROW * theme.text_scale]
    least = {name: float(theme.px(WIDTHS[name])) for name in shown}
    chips = max(chip_size(tr(words), icon).width() for words, icon, _ in STATES.values())
    least["state"] = max(least["state"], chips + GAP)
    if sum(least.values()) * TIGHT > room:
        for gone in ("value", "day"):
            shown.remove(gone)
            del least[gone]
        least["state"] = max(least["state"], float(theme.px(WIDTHS["day"])))
    spare = room - sum(least.values())
    placed: dict[str, Column] = {}
    x = float(EDGE)
    for name in shown:
        wide = least[name]
        if spare >= 0:
            wide += spare * SHARES.get(name, 0)
        elif name != "state":
            wide *= (room - least["state"]) / (sum(least.values()) - least["state"])
        placed[name] = Column(x, wide)
        x += wide
    return placed


def is_stacked(width: float) -> bool:
    """Whether a table so wide has the higher rows."""
    return "day" not in columns(width)


class LabsRow(RowDelegate):
    """Draws one row: icon and word, never colour alone."""

    def __init__(self, parent: RowsList, face: Callable[[str], QImage | None]) -> None:
        super().__init__(parent, columns)
        self._face = face

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Higher where cells stand below another."""
        if "day" not in self._columns_now():
            return QSize(400, theme.row(STACKED))
        return super().sizeHint(option, index)

    def draw(
        self, painter: QPainter, row: RowView, columns: Mapping[str, Column], height: float
    ) -> None:
        """Draw the cells."""
        area = {name: column.area(height, gap=GAP) for name, column in columns.items()}
        words, icon, kind = row.chip
        chip = QPointF(columns["state"].x, (height - theme.px(22)) / 2)
        if "day" not in area:
            chip.setY(theme.px(5))
            area["day"] = area["state"].adjusted(0, theme.px(24), 0, 0)
        paint_chip(painter, chip, kind, words, icon)
        paint_patient(
            painter,
            area["patient"],
            self._face(row.face),
            PHOTO,
            Words(row.name, "text", 600),
            Words(row.about, "text3"),
        )
        none = row.value == tr("none")
        value, note = unbroken(row.value), unbroken(row.note)
        tests = QRectF(area["tests"])
        if "value" in area:
            strong = 400 if none else 600
            paint_lines(painter, area["value"], Words(value, "text", strong), Words(note, "text2"))
        else:
            told = ("" if none else value, "" if note == value else note)
            both = " \u00b7 ".join(one for one in told if one)
            below = self._below(painter, tests, both)
            tests.setBottom(below)
        self._tests(painter, tests, row.tests)
        if "trend" in area:
            self._trend(painter, area["trend"], row.trend)
        late = 600 if row.day_role == "danger" else 400
        note = unbroken(row.day_note)
        day = Words(unbroken(row.day))
        paint_lines(painter, area["day"], day, Words(note, row.day_role, late))

    def _below(self, painter: QPainter, rect: QRectF, text: str) -> float:
        """A text at the foot of ``rect``, whole: smaller where it takes many lines; where it begins."""
        if not text:
            return rect.bottom()
        font = theme.font("caption")
        lines = wrap_lines(text, font, rect.width())
        while len(lines) > MANY and font.pixelSize() > SMALLEST_PX:
            font.setPixelSize(font.pixelSize() - 1)
            lines = wrap_lines(text, font, rect.width())
        step = QFontMetricsF(font).height()
        top = rect.bottom() - step * len(lines)
        painter.setFont(font)
        painter.setPen(theme.colour("text2"))
        for number, line in enumerate(lines):
            at = top + number * step + QFontMetricsF(font).ascent()
            painter.drawText(QPointF(rect.left(), at), line)
        return top

    def _tests(self, painter: QPainter, rect: QRectF, tests: str) -> None:
        """The tests on one line, or smaller over several: as small as their room asks for."""
        if QFontMetricsF(theme.font("body")).horizontalAdvance(tests) <= rect.width():
            paint_lines(painter, rect, Words(tests))
            return
        font = theme.font("caption")
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap.value
        while font.pixelSize() > SMALLEST_PX:
            wanted = QFontMetricsF(font).boundingRect(rect, flags, tests)
            if wanted.height() <= rect.height() and wanted.width() <= rect.width():
                break
            font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        painter.drawText(rect, flags, tests)

    def _trend(self, painter: QPainter, rect: QRectF, values: tuple[float, ...]) -> None:
        if not values:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.colour("text3"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "\u2013")
            return
        low, high = min(values), max(values)
        span = (high - low) or 1.0
        inner = rect.adjusted(2, 10, -6, -10)
        step = inner.width() / (len(values) - 1)
        line = QPolygonF(
            [
                QPointF(inner.left() + n * step, inner.bottom() - (v - low) / span * inner.height())
                for n, v in enumerate(values)
            ]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("text2"), 1.6))
        painter.drawPolyline(line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawEllipse(line.last(), 3.2, 3.2)
