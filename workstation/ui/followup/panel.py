"""The right side of the comparison: figures, trends, this month's answers and the next supply."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.followup_state import (
    AnswerLine,
    Figure,
    FollowupState,
    Listed,
    ShortWayState,
)
from workstation.presenters.followup_trends import Trends
from workstation.ui import form, icons
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.trend_chart import TrendChart
from workstation.ui.widgets import Card, Chip, label

ICONS = {
    "ok": ("circle-check", "ok"),
    "info": ("info", "info"),
    "warn": ("triangle-alert", "warn"),
    "unknown": ("circle-alert", "warn"),
}


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def column(card: QWidget, *, margins: tuple[int, int, int, int] = (12, 9, 12, 10)) -> QVBoxLayout:
    """An upright layout with the margins of cards."""
    made = QVBoxLayout(card)
    made.setContentsMargins(*margins)
    made.setSpacing(4)
    return made


@form.register
class FollowupPanel(QScrollArea):
    """Cards, newest matter first; ``listed`` tells which annotation of the list was chosen."""

    listed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("panel", True)
        self.setAccessibleName(tr("Course and this month\u2019s answers"))
        body = QWidget()
        body.setObjectName("followupBody")
        self._rows = column(body, margins=(12, 10, 12, 12))
        self._rows.setSpacing(10)
        self.setWidget(body)
        self._figures = QHBoxLayout()
        self._figures.setSpacing(10)
        self._rows.addLayout(self._figures)
        self.way = Card(kind="quiet")
        self._way = column(self.way)
        self._rows.addWidget(self.way)
        self.answers = Card()
        self._answers = column(self.answers)
        self._rows.addWidget(self.answers)
        self.courses = Card()
        self._courses = column(self.courses)
        self._rows.addWidget(self.courses)
        self.list_card = Card()
        rows = column(self.list_card)
        self._list_title = label("", "bodyStrong")
        rows.addWidget(self._list_title)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFixedHeight(150)
        self.list.currentRowChanged.connect(self._chosen)
        rows.addWidget(self.list)
        self._rows.addWidget(self.list_card)
        self._rows.addStretch(1)
        self._drawn: tuple[object, ...] = ()
        self._trends: Trends | None = None
        self.charts: list[TrendChart] = []

    def show_state(self, state: FollowupState) -> None:
        """Show another state; what did not change is left alone."""
        drawn = (state.figures, state.short_way, state.answers, state.answers_on, theme.text_scale)
        if drawn != self._drawn:
            self._drawn = drawn
            self._show_figures(state.figures)
            self._show_way(state.short_way)
            self._show_answers(state.answers_on, state.answers)
        if state.trends is not None and state.trends != self._trends:
            self._trends = state.trends
            self._show_trends(state.trends)
        self.courses.setVisible(state.trends is not None)
        self._show_list(state.view_name, state.listed)

    # -- inside

    def _show_figures(self, figures: tuple[Figure, ...]) -> None:
        clear(self._figures)
        for figure in figures:
            card = Card()
            rows = column(card, margins=(12, 8, 8, 8))
            rows.setSpacing(1)
            rows.addWidget(label(figure.title.upper(), "overline"))
            number = label(figure.number, "panel")
            if figure.better:
                number.setProperty("better", "true")  # the style sheet follows the theme
            rows.addWidget(number)
            rows.addWidget(Flowing(figure.words, "caption"))
            card.setAccessibleName(f"{figure.title}: {figure.number} {figure.words}")
            self._figures.addWidget(card, 1)

    def _show_way(self, way: ShortWayState | None) -> None:
        clear(self._way)
        self.way.setVisible(way is not None)
        if way is None:
            return
        self.way.set_kind("info" if way.open else "quiet")
        head = QHBoxLayout()
        head.addWidget(Flowing(way.title, "bodyStrong"), 1)
        chip = Chip(kind="ok" if way.open else "neutral", text=way.chip)
        head.addWidget(chip)
        self._way.addLayout(head)
        for line in way.lines:
            self._way.addWidget(Flowing(line, "body"))
        for why in way.why:
            self._way.addLayout(_with_icon("circle-dot", "text2", Flowing(why, "body")))
        self.way.setAccessibleName(". ".join((way.title, *way.lines, *way.why)))

    def _show_answers(self, asked: str, lines: tuple[AnswerLine, ...]) -> None:
        clear(self._answers)
        head = QHBoxLayout()
        head.addWidget(label(tr("This month\u2019s answers"), "bodyStrong"), 1)
        head.addWidget(label(asked, "caption"))
        self._answers.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for row, line in enumerate(lines):
            name, role = ICONS[line.icon]
            picture = QLabel()
            icons.dress(picture, name, role, 16)
            grid.addWidget(picture, row, 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(0)
            grid.addWidget(label(line.label, "caption"), row, 1, Qt.AlignmentFlag.AlignTop)
            words.addWidget(Flowing(line.value, "body"))
            if line.was:
                words.addWidget(Flowing(tr("Was: {was}", was=line.was), "caption"))
            grid.addLayout(words, row, 2)
        self._answers.addLayout(grid)
        spoken = [f"{line.label}: {line.value}" for line in lines]
        self.answers.setAccessibleName(". ".join((tr("This month\u2019s answers"), *spoken)))

    def _show_trends(self, trends: Trends) -> None:
        clear(self._courses)
        self.charts = []
        for trend in trends.charts:
            head = QHBoxLayout()
            head.setSpacing(6)
            head.addWidget(label(trend.title, "bodyStrong"))
            head.addWidget(label(trend.detail, "caption"), 1)
            self._courses.addLayout(head)
            chart = TrendChart()
            chart.show_trend(trends, trend)
            self._courses.addWidget(chart)
            self.charts.append(chart)

    def _show_list(self, view: str, listed: tuple[Listed, ...]) -> None:
        self.list_card.setVisible(bool(listed))
        self._list_title.setText(tr("Annotations on {view}", view=view))
        self.list.setAccessibleName(tr("Annotations on {view}", view=view))
        texts = [row.text for row in listed]
        if texts != [self.list.item(i).text() for i in range(self.list.count())]:
            self.list.blockSignals(True)
            self.list.clear()
            self.list.addItems(texts)
            self.list.setCurrentRow(-1)
            self.list.blockSignals(False)

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.listed.emit(row)


def _with_icon(name: str, role: str, words: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    picture = QLabel()
    icons.dress(picture, name, role, 14)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words, 1)
    return row
