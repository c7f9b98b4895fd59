"""The left panel of the queue: saved lists and filters with counts, and today's progress."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.consultation import RequestKind, Status
from workstation.domain.triage import TriageLevel
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import QueueState
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import Card, label, overline, unbroken
from workstation.ui.widgets.enter import PaintedButton

SCOPES = (
    ("mine", noted("Mine, unclaimed")),
    ("all", noted("All consultations")),
    ("others", noted("Claimed by others")),
)
LEVELS = (
    (TriageLevel.EMERGENT, "octagon-x", "danger"),
    (TriageLevel.URGENT, "octagon-x", "danger"),
    (TriageLevel.PRIORITY, "triangle-alert", "warn"),
    (TriageLevel.ROUTINE, "circle-dot", "info"),
)
STATUSES = (
    (Status.READY, "inbox"),
    (Status.IN_REVIEW, "scan-face"),
    (Status.AWAITING_PATIENT, "camera"),
    (Status.WAITING_FOR_WORK_UP, "flask-conical"),
    (Status.DEFERRED, "clock"),
)


ROOM = 8 + 8 + 18 + 8  # left edge, gap, digits, right edge


class FilterRow(PaintedButton):
    """One line: icon, words, count; pressed in while it limits the list."""

    def __init__(
        self, text: str, icon: str = "", role: str = "text2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._role, self._count = icon, role, 0
        self.setText(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.theme_changed.connect(self.updateGeometry)

    def show_count(self, count: int, *, checked: bool) -> None:
        """Show how many there are and whether it is chosen."""
        if (count, checked) != (self._count, self.isChecked()):
            self.update()
        self._count = count
        self.setChecked(checked)
        self.setAccessibleName(f"{self.text()}, {count}")

    def sizeHint(self) -> QSize:
        """One line."""
        words = QFontMetricsF(theme.font("body")).horizontalAdvance(unbroken(self.text()))
        return QSize(round(words + ROOM + (24 if self._icon else 0)), theme.px(30))

    def minimumSizeHint(self) -> QSize:
        """Words and count never touch."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accentBg" if chosen else "surface2"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        x = 8.0
        if self._icon:
            at = QPointF(x, round(self.height() / 2 - 8))
            icons.paint(painter, self._icon, at, self._role, 16)
            x += 24
        painter.setFont(theme.font("body", 600 if chosen else 400))
        painter.setPen(theme.colour("text" if chosen else "text2"))
        area = QRectF(x, 0, self.width() - x - 8, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, unbroken(self.text()))
        painter.setPen(theme.colour("accent" if chosen else "text2"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, right, f"{self._count:,}")
        painter.end()


class Filters(QWidget):
    """All filter rows; each is a verb of the presenter."""

    def __init__(self, presenter: QueuePresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: dict[str, FilterRow] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 12)
        outer.setSpacing(8)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(scroll.viewport())
        scroll.setWidget(inside)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(12, 12, 8, 8)
        self._column.setSpacing(0)
        self._section(tr("Queue"))
        for scope, text in SCOPES:
            self._row(f"scope:{scope}", tr(text), "", "", partial(presenter.set_scope, scope))
        self._section(tr("Triage"))
        for level, icon, role in LEVELS:
            self._row(
                f"level:{int(level)}",
                tr(wording.TRIAGE[level]),
                icon,
                role,
                partial(presenter.toggle_level, level),
            )
        self._section(tr("Status"))
        for status, icon in STATUSES:
            self._row(
                f"status:{status.value}",
                tr(wording.STATUS[status]),
                icon,
                "text2",
                partial(presenter.toggle_status, status),
            )
        self._requests = self._section(tr("Request"))
        for kind in RequestKind:
            what, stage = wording.REQUEST[kind]
            if kind is RequestKind.ISOTRETINOIN_MONTH:
                stage = noted("monthly", "request")
            self._row(
                f"request:{kind.value}",
                f"{what}, {stage}" if stage else str(what),
                "",
                "",
                partial(presenter.toggle_request, kind),
            )
        self._column.addStretch()
        self._scroll = scroll
        outer.addWidget(scroll, 1)
        self._today = self._progress()
        holder = QVBoxLayout()
        holder.setContentsMargins(12, 0, 12, 0)
        holder.addWidget(self._today)
        outer.addLayout(holder)

    def render_state(self, state: QueueState) -> None:
        """Show counts and what is chosen."""
        wanted = state.wanted
        chosen = {f"scope:{wanted.scope}"}
        chosen |= {f"level:{level}" for level in wanted.levels}
        chosen |= {f"status:{status.value}" for status in wanted.statuses}
        chosen |= {f"request:{request.value}" for request in wanted.requests}
        for key, row in self._rows.items():
            count = state.count(key)
            row.show_count(count, checked=key in chosen)
            if key.startswith("request:"):
                row.setVisible(count > 0 or key in chosen)
        self._requests.setVisible(any(key.startswith("request:") for key in state.shown_counts))
        signed = state.count("signed_today")
        total = signed + state.count("scope:mine")
        self._today_label.setText(tr("{signed:,} of {total:,} signed", signed=signed, total=total))
        each = state.count("median_seconds")
        self._median.setText(tr("Median {time} each", time=wording.spent(each)) if each else "")
        self._median.setVisible(bool(each))
        self._bar.setAccessibleDescription(tr("{signed} of {total}", signed=signed, total=total))
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(signed)

    def wanted_width(self) -> int:
        """What the widest row and the scroll bar need."""
        rows = (row.sizeHint().width() for row in self._rows.values())
        return max(rows) + 20 + self._scroll.verticalScrollBar().sizeHint().width()

    def _progress(self) -> Card:
        """How much of today is signed, and how long each took."""
        made = Card(self, kind="quiet")
        card = QVBoxLayout(made)
        card.setContentsMargins(12, 10, 12, 12)
        card.setSpacing(8)
        self._today_label = label("", "caption2")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(tr("Today"), "captionStrong"))
        head.addStretch(1)
        head.addWidget(self._today_label)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Signed today"))
        card.addLayout(head)
        card.addWidget(self._bar)
        self._median = label("", "caption")
        self._median.hide()
        card.addWidget(self._median)
        return made

    def _section(self, title: str) -> QWidget:
        if self._rows:
            self._column.addSpacing(8)
        heading = overline(title, self._column.parentWidget())
        heading.setContentsMargins(0, 0, 0, 4)
        self._column.addWidget(heading)
        return heading

    def _row(self, key: str, text: str, icon: str, role: str, run: Callable[[], None]) -> None:
        row = FilterRow(text, icon, role, self._column.parentWidget())
        row.clicked.connect(lambda _=False: run())
        self._rows[key] = row
        self._column.addWidget(row)
