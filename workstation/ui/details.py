"""The details of the patient beside a step: a column on wide screens, a drawer on others."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.details import DetailsPresenter, DetailsState, IntakeLine, VisitLine
from workstation.ui.flowing import Flowing
from workstation.ui.theme import theme
from workstation.ui.trend_chart import TrendChart
from workstation.ui.widgets import Button, Card, Chip, label, overline, rule
from workstation.ui.widgets.sized import on_its_line

WIDTH = 360
WIDE = 2300  # width of the window from which there is room beside the page


class DetailsHost(Protocol):
    """What the column needs of the shell."""

    pageStack: QStackedWidget
    detailsRoom: QWidget

    def width(self) -> int:
        """Width in logical pixels."""
        ...


class Details(QFrame):
    """Intake answers with what changed, visits, lesions over visits and documents."""

    closed = Signal()

    def __init__(self, presenter: DetailsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setProperty("panel", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setAutoFillBackground(True)
        self.setAccessibleName(tr("Details of the patient"))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule(upright=True))
        column = QVBoxLayout()
        column.setContentsMargins(14, 10, 4, 0)
        column.setSpacing(6)
        outer.addLayout(column, 1)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)
        title = label(tr("Intake"), "panel")
        head.addWidget(title)
        self._asked = label("", "caption")
        on_its_line(title, self._asked)
        head.addWidget(self._asked, 1, Qt.AlignmentFlag.AlignRight)
        close = Button(text=tr("Close"), kind="link", key="Ctrl I")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        column.addLayout(head)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(tr("Intake, visits and documents"))
        column.addWidget(self.area, 1)
        self._state: DetailsState | None = None
        presenter.changed.subscribe(self.show_state)

    def show_state(self, state: DetailsState | None) -> None:
        """Show another state."""
        if state is not None and state == self._state:
            return
        self._state = state
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 8, 12)
        rows.setSpacing(6)
        self._asked.setText(state.asked if state is not None else "")
        if state is not None:
            self._fill(rows, state)
        rows.addStretch(1)
        place = self.area.verticalScrollBar().value()
        self.area.setWidget(body)  # the one before is deleted by Qt
        self.area.verticalScrollBar().setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _fill(self, rows: QVBoxLayout, state: DetailsState) -> None:
        if state.note:
            rows.addWidget(Flowing(state.note, "caption"))
        if state.changed:
            line = QHBoxLayout()
            line.addWidget(Chip(kind="info", text=state.changed))
            line.addStretch(1)
            rows.addLayout(line)
        changed = [answer for answer in state.intake if answer.changed]
        for answer in changed or state.intake:
            rows.addLayout(_answer(answer))
        rows.addSpacing(6)
        rows.addWidget(overline(tr("Visits")))
        for visit in state.visits:
            rows.addWidget(_visit(visit))
        if state.trends is not None:
            rows.addSpacing(6)
            rows.addWidget(overline(tr("Lesions over visits")))
            chart = TrendChart()
            chart.show_trend(state.trends, state.trends.charts[0])
            rows.addWidget(chart)
        if state.documents:
            rows.addSpacing(6)
            rows.addWidget(overline(tr("Documents")))
        for document in state.documents:
            line = QHBoxLayout()
            line.addWidget(Flowing(document.title, "body"), 1)
            line.addWidget(label(document.day, "caption"))
            rows.addLayout(line)
        if changed:
            rows.addSpacing(6)
            rows.addWidget(overline(tr("Answers as last time")))
            for answer in state.intake:
                if not answer.changed:
                    rows.addLayout(_answer(answer))


def _answer(line: IntakeLine) -> QLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Flowing(line.question, "caption"))
    words.addWidget(Flowing(line.answer, "bodyStrong" if line.changed else "body"))
    if line.changed:
        words.addWidget(Flowing(tr("was {was}", was=line.was or tr("not answered")), "caption"))
    row.addLayout(words, 1)
    if line.changed:
        row.addWidget(Chip(kind="info", text=tr("changed")), 0, Qt.AlignmentFlag.AlignTop)
    return row


def _visit(line: VisitLine) -> QWidget:
    card = Card(kind="info" if line.current else "true")
    row = QHBoxLayout(card)
    row.setContentsMargins(10, 6, 10, 6)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(label(line.day, "bodyStrong"))
    words.addWidget(Flowing(line.detail, "caption"))
    row.addLayout(words, 1)
    row.addWidget(label(line.lesions, "caption"), 0, Qt.AlignmentFlag.AlignTop)
    card.setAccessibleName(f"{line.day}, {line.detail}, {line.lesions}")
    return card


class DetailsColumn(QObject):
    """Where the details stand: beside the page from ``WIDE`` on, over its right edge on others.

    On wide screens it is open until it is closed; on others it is closed until it is asked for.
    """

    def __init__(self, shell: DetailsHost, presenter: DetailsPresenter) -> None:
        super().__init__(shell.pageStack)
        self._shell, self._presenter = shell, presenter
        self.widget = Details(presenter, shell.pageStack.parentWidget())
        self.widget.closed.connect(self.toggle)
        self._open_wide, self._open_narrow = True, False
        self._allowed = False
        self.widget.hide()
        # A spacer that may shrink: a fixed width would keep a wide window from being made small.
        self._room = QSpacerItem(0, 0, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        row = QHBoxLayout(shell.detailsRoom)
        row.setContentsMargins(0, 0, 0, 0)
        row.addSpacerItem(self._room)
        shell.detailsRoom.hide()
        for watched in (shell.pageStack, shell.detailsRoom):
            watched.installEventFilter(self)

    @property
    def is_wide(self) -> bool:
        """Whether there is room beside the page."""
        return self._shell.width() >= WIDE

    @property
    def is_open(self) -> bool:
        """Whether the details show."""
        return self._allowed and (self._open_wide if self.is_wide else self._open_narrow)

    def allow(self, allowed: bool) -> None:
        """They belong to case pages only."""
        self._allowed = allowed
        self.place()

    def toggle(self) -> None:
        """Open or close them; opening puts the focus there, closing gives it back to the page."""
        if self.is_wide:
            self._open_wide = not self._open_wide
        else:
            self._open_narrow = not self._open_narrow
        self.place()
        if self.is_open:
            self.widget.area.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            page = self._shell.pageStack.currentWidget()
            canvas = getattr(page, "canvas", page)  # where single letters work
            if isinstance(canvas, QWidget):
                canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Follow the size of the window."""
        shell, wide = self._shell, theme.px(WIDTH)
        open_, beside = self.is_open, self.is_open and self.is_wide
        if shell.detailsRoom.isHidden() == beside:
            shell.detailsRoom.setVisible(beside)
        if self._room.sizeHint().width() != wide:
            self._room.changeSize(wide, 0, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
            shell.detailsRoom.setMaximumWidth(wide)
            shell.detailsRoom.updateGeometry()
        if self.widget.isHidden() == open_:
            self.widget.setVisible(open_)
            self._presenter.show(open_)
        if not open_:
            return
        home = shell.detailsRoom if beside else shell.pageStack.parentWidget()
        if home is not None and self.widget.parentWidget() is not home:
            self.widget.setParent(home)
            self.widget.show()
        if beside:
            self.widget.setGeometry(shell.detailsRoom.rect())
        else:
            stack = shell.pageStack.geometry()
            self.widget.setGeometry(stack.right() + 1 - wide, stack.top(), wide, stack.height())
        self.widget.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The page moved or grew."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.place()
        return False
