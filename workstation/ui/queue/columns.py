"""Where the columns of the queue lie, for the header and for each row."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.ui import form, icons
from workstation.ui.theme import theme

ROW = 47
HEADER = 32
NARROW = 820  # below this the table uses its compact widths
TITLES = (
    ("triage", "Triage"),
    ("waiting", "Waiting"),
    ("patient", "Patient"),
    ("request", "Request"),
    ("stands_out", "What stands out"),
    ("photos", "Photos"),
    ("severity", "Severity"),
    ("doctor", "Dr"),
)
# name: (wide, compact) logical pixels at text scale 1; what stands out takes the rest
WIDTHS = {
    "triage": (106, 95),
    "waiting": (80, 78),
    "patient": (176, 152),
    "request": (92, 82),
    "photos": (52, 44),
    "severity": (84, 72),
    "doctor": (32, 28),
}
# Wide windows: share of the spare width that a column takes, and at most how much.
ROOMY = 1000
GROW = {"waiting": (0.06, 40), "patient": (0.2, 120), "request": (0.12, 80), "severity": (0.1, 60)}
EDGE, GAP, SCROLL_BAR = 14, 10, 10


@dataclass(frozen=True, slots=True)
class Column:
    """Left end and width in logical pixels."""

    x: float
    width: float


def columns(width: float) -> dict[str, Column]:
    """The columns of a list ``width`` wide; the scroll bar's room is always left free."""
    width -= SCROLL_BAR
    which = 1 if width < NARROW * theme.text_scale else 0
    widths = {name: theme.px(pair[which]) for name, pair in WIDTHS.items()}
    spare = max(0.0, width - theme.px(ROOMY))
    for name, (share, most) in GROW.items():
        widths[name] += int(min(theme.px(most), spare * share))
    fixed = sum(widths.values()) + EDGE + GAP * 2
    widths["stands_out"] = int(max(90.0, width - fixed))
    placed: dict[str, Column] = {}
    x = float(EDGE)
    for name, _ in TITLES:
        placed[name] = Column(x, widths[name])
        x += widths[name]
        if name in ("stands_out", "photos"):
            x += GAP
    return placed


@form.register
class ColumnHeader(QWidget):
    """The titles above the list; the arrow shows what it is sorted by."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sorted by level, then deadline, then age")
        theme.theme_changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """One line of titles."""
        return QSize(400, theme.px(HEADER))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the titles over their columns."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface2"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        font = theme.font("captionStrong", 600)
        painter.setFont(font)
        painter.setPen(theme.colour("text2"))
        for name, title in TITLES:
            column = columns(self.width())[name]
            area = QRectF(column.x, 0, column.width, self.height() - 1)
            align = Qt.AlignmentFlag.AlignVCenter
            if name == "photos":
                align |= Qt.AlignmentFlag.AlignRight
            elif name == "doctor":
                align |= Qt.AlignmentFlag.AlignHCenter
            painter.drawText(area, align, title)
            if name == "triage":
                x = column.x + painter.fontMetrics().horizontalAdvance(title) + 6
                icons.paint(painter, "arrow-down", QPointF(x, self.height() / 2 - 7), "text2", 14)
        painter.end()
