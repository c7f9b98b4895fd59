"""The window that tells why a document was signed, by the rules and numbers of its day."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.explaining import ExplainedState, ExplainingPresenter, Point
from workstation.ui import icons
from workstation.ui.flowing import Flowing
from workstation.ui.records.following import FollowingDialog
from workstation.ui.settings.parts import emptied
from workstation.ui.theme import theme
from workstation.ui.widgets import Strip, label, overline

WIDE, ROOM = 680, 300  # of the window; what its head and foot, and the desktop, take of the height
ICONS = {"ok": "circle-check", "info": "info", "warn": "triangle-alert", "danger": "octagon-x"}


class ExplainingDialog(FollowingDialog):
    """Follows an ``ExplainingPresenter`` while it is shown."""

    def __init__(self, presenter: ExplainingPresenter, number: str, parent: QWidget) -> None:
        super().__init__(parent, tr("Why was this signed?"), "", WIDE)
        self._shown: object = None
        self.strip = Strip()
        self.rows.addWidget(self.strip)
        self.rows.addWidget(self._list())
        self.end_with_close(presenter.changed.subscribe(self.show_state))
        presenter.explain(number)

    def show_state(self, state: ExplainedState) -> None:
        """An explanation, that it is being worked out, or why there is none."""
        self.head.setText(state.title)
        reading = not state.about and not state.problem
        who = "\n".join(one for one in (state.name, state.about) if one)
        self.about.setText(tr("Reading the records as they were") if reading else who)
        self.about.setVisible(bool(self.about.text()))
        if state.problem:
            self.strip.say("warn", state.problem)
        else:
            self.strip.clear()
        self._scroll.setVisible(bool(state.proofs))
        if state != self._shown:
            self._shown = state
            emptied(self._lines)
            self._section("", state.proofs)
            self._section(tr("What was decided"), state.decided)
            self._section(tr("What stood in the way, and the answer"), state.findings)
            if state.passed is not None:
                self._section(tr("What was checked and passed"), (state.passed,))
        self.fit_soon()

    def before_fit(self, wide: int) -> None:
        """As high as it is, as long as the window below it is."""
        inner = wide - 40 - self._scroll.verticalScrollBar().sizeHint().width()
        high = self._lines.totalHeightForWidth(inner)
        parent = self.parentWidget()
        most = (parent.window().height() if parent is not None else 800) - theme.px(ROOM)
        self._scroll.setFixedHeight(min(max(high, 40), max(most, 200)))

    def _list(self) -> QWidget:
        holder = QWidget()
        self._lines = QVBoxLayout(holder)
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(10)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(tr("Why was this signed?"))
        self._scroll.setWidget(holder)
        return self._scroll

    def _section(self, heading: str, points: Iterable[Point]) -> None:
        rows = [self._row(point) for point in points]
        if heading and rows:
            self._lines.addWidget(overline(heading.upper()))
        for row in rows:
            self._lines.addWidget(row)

    def _row(self, point: Point) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        mark = label()
        icons.dress(mark, ICONS[point.tone], point.tone, 18)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Flowing(point.title, "bodyStrong"))
        for line in point.lines:
            words.addWidget(Flowing(line, "body2"))
        under = " \u00b7 ".join(one for one in (point.code, point.source) if one)
        if under:
            words.addWidget(Flowing(under, "caption"))
        row.addLayout(words, 1)
        return box
