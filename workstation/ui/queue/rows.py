"""What stands in a row of the queue: icon and word, never colour alone; names are never cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from workstation.domain.triage import TriageLevel
from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.queue_rows import RowView
from workstation.ui import icons
from workstation.ui.queue.columns import columns
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Column,
    RowDelegate,
    RowsList,
    Words,
    paint_chip,
    paint_lines,
    paint_patient,
    paint_wrapped,
    wrap_lines,
)

PHOTO = 34
LEVEL_CHIPS = {
    TriageLevel.EMERGENT: "emergent",
    TriageLevel.URGENT: "urgent",
    TriageLevel.PRIORITY: "warn",
    TriageLevel.ROUTINE: "routine",
}


class QueueRow(RowDelegate):
    """Draws one consultation. ``face`` gives its photo, None while it is on its way."""

    def __init__(self, parent: RowsList, face: Callable[[str], QImage | None]) -> None:
        super().__init__(parent, columns)
        self._face = face

    def ground(
        self, painter: QPainter, size: QRectF, row: RowView, *, selected: bool, hover: bool
    ) -> None:
        """As in every list, but an emergent row keeps its own ground and bar."""
        emergent = row.level is TriageLevel.EMERGENT
        if selected or not emergent:
            super().ground(painter, size, row, selected=selected, hover=hover)
            return
        painter.fillRect(size, theme.colour("dangerBg"))
        foot = QRectF(0, size.height() - 1, size.width(), 1)
        painter.fillRect(foot, theme.colour("border"))
        painter.fillRect(QRectF(0, 0, 3, size.height() - 1), theme.colour("danger"))

    def told(self, row: RowView) -> str:
        """The whole sentence of what stands out, and the names of missing photos."""
        said = [row.stands_out]
        if row.row.views_missing:
            said.append(tr("Photos not supplied: ") + ", ".join(row.row.views_missing))
        return "\n".join(said)

    def draw(
        self, painter: QPainter, row: RowView, columns: Mapping[str, Column], height: float
    ) -> None:
        """Draw the cells."""
        area = {name: column.area(height) for name, column in columns.items()}
        chip = QPointF(columns["triage"].x, (height - theme.px(22)) / 2)
        paint_chip(painter, chip, LEVEL_CHIPS[row.level], tr(wording.TRIAGE[row.level]))
        late = row.level is TriageLevel.EMERGENT or bool(row.late)
        red = late and row.level >= TriageLevel.URGENT
        left = "danger" if red else "warn" if row.late else "text3"
        strong = 600 if late else 400
        paint_lines(
            painter,
            area["waiting"].adjusted(0, 0, -4, 0),
            Words(row.waiting, "text", strong),
            Words(row.left, left, strong),
        )
        paint_patient(
            painter,
            area["patient"].adjusted(0, 0, -4, 0),
            self._face(row.id),
            PHOTO,
            Words(row.name, "text", 600),
            Words(row.about, "text3"),
        )
        paint_lines(painter, area["request"], Words(row.request), Words(row.stage, "text3"))
        self._stands_out(painter, columns["stands_out"], height, row)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("warn" if row.photos_missing else "text"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area["photos"], right, row.photos)
        if "severity" in area:
            paint_lines(
                painter,
                area["severity"],
                Words(row.severity, "text", 500),
                Words(row.severity_source, "text3"),
            )
        self._doctor(painter, area["doctor"], row)

    def _stands_out(self, painter: QPainter, column: Column, height: float, row: RowView) -> None:
        top = height / 2 - 8.5
        icons.paint(painter, row.stands_out_icon, QPointF(column.x, top), row.stands_out_role, 16)
        rect = QRectF(column.x + 23, 1, column.width - 23, height - 3)
        strong = row.row.stands_out_level == "stop"
        role = "text" if row.row.stands_out_level in ("stop", "warn") else "text2"
        for size, lines in ((13, 2), (12, 2), (11, 3)):
            font = theme.font_px(size, 600 if strong else 400)
            fits = QFontMetricsF(font).height() * lines <= rect.height() + 1
            if fits and len(wrap_lines(row.stands_out, font, rect.width())) <= lines:
                break
        paint_wrapped(painter, rect, row.stands_out, font, role, lines)

    def _doctor(self, painter: QPainter, rect: QRectF, row: RowView) -> None:
        text = row.row.claimed_initials
        if not text:
            return
        side = theme.px(24)
        box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2 + 0.5, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accentBg" if row.mine else "sunken"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("accent" if row.mine else "text2"))
        painter.setFont(theme.font("overline"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
