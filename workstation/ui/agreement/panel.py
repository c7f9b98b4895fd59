"""The agreement panel: counts of both readers by type, coefficients, and what they can carry."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.language import noted, tr
from workstation.presenters.agreement import AgreementShown, CountRow
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Wrapped, label, overline, rule

HEADS = (noted("Type"), noted("First"), noted("Second"), noted("Differ"), "ICC(2,1)")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class AgreementPanel(QWidget):
    """Shows ``AgreementShown``. ``stepped`` carries +1 or -1, ``write_wanted`` csv or json."""

    stepped = Signal(int)
    write_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Agreement"))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        column.addWidget(overline(tr("Counts by type")))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        column.addLayout(self._grid)
        self._cells: list[QLabel] = []
        self._rows: tuple[CountRow, ...] | None = None
        column.addWidget(rule())
        self._grades = QVBoxLayout()
        self._grades.setSpacing(4)
        column.addLayout(self._grades)
        self._lines: list[tuple[QLabel, QLabel]] = []
        column.addWidget(rule())
        head = QHBoxLayout()
        head.addWidget(overline(tr("On the photos")), 1)
        self.walked = label("", "caption")
        head.addWidget(self.walked)
        column.addLayout(head)
        self.legend = tuple(Wrapped("", "body2") for _ in range(3))
        for line in self.legend:
            column.addWidget(line)
        walk = QHBoxLayout()
        walk.setSpacing(8)
        self.previous = Button(text=tr("Previous"), key="K")
        self.next = Button(text=tr("Next seen by one"), key="J")
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        for part in (self.previous, self.next):
            walk.addWidget(part)
        walk.addStretch(1)
        column.addLayout(walk)
        note = Card(kind="info")
        inside = QVBoxLayout(note)
        inside.setContentsMargins(10, 8, 10, 8)
        self.caution = Wrapped("", "caption")
        inside.addWidget(self.caution)
        column.addWidget(note)
        column.addStretch(1)
        column.addLayout(self._writing())

    def _writing(self) -> QHBoxLayout:
        write = QHBoxLayout()
        write.setSpacing(8)
        self.buttons: dict[str, Button] = {}
        for form, text in (("csv", tr("Write CSV")), ("json", tr("Write JSON"))):
            button = Button(text=text, icon="download")
            button.setAccessibleName(tr("{text} of the agreement to the outbox", text=text))
            button.clicked.connect(lambda _=False, f=form: self.write_wanted.emit(f))
            self.buttons[form] = button
            write.addWidget(button)
        write.addStretch(1)
        return write

    def render_state(self, shown: AgreementShown) -> None:
        """Show a state."""
        if shown.rows != self._rows:
            self._rows = shown.rows
            self._fill(shown.rows)
        while len(self._lines) < len(shown.grades):
            row = QHBoxLayout()
            pair = (label("", "body2"), label("", "bodyStrong"))
            row.addWidget(pair[0], 1)
            row.addWidget(pair[1])
            self._grades.addLayout(row)
            self._lines.append(pair)
        for (name, value), (what, words) in zip(self._lines, shown.grades, strict=False):
            name.setText(what)
            value.setText(words)
        for line, words in zip(self.legend, shown.legend, strict=True):
            line.setText(words)
        self.walked.setText(shown.walked)
        self.caution.setText(shown.caution)

    def _fill(self, rows: tuple[CountRow, ...]) -> None:
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()  # it goes only when the event loop comes round
            cell.deleteLater()
        self._cells.clear()
        for at, words in enumerate(HEADS):
            self._put(0, at, str(words), "caption")
        for number, row in enumerate(rows, start=1):
            role = "bodyStrong" if number == len(rows) else "body2"
            values = (row.name, str(row.first), str(row.second), row.difference, row.icc)
            for at, words in enumerate(values):
                text = words.replace("-", "\u2212") if at else words
                cell = self._put(2 * number, at, text, role)
                cell.setAccessibleName(f"{row.name}, {HEADS[at]}: {words}")
            if row.interval:
                ends = self._put(2 * number + 1, 1, row.interval, "caption", across=len(HEADS) - 1)
                ends.setAccessibleName(
                    tr(
                        "{name}, confidence interval: {interval}",
                        name=row.name,
                        interval=row.interval,
                    )
                )

    def _put(self, row: int, at: int, words: str, role: str, across: int = 1) -> QLabel:
        cell = label(words, role)
        cell.setMinimumHeight(theme.px(16 if across > 1 else 20))
        if at:
            cell.setAlignment(RIGHT)
        self._grid.addWidget(cell, row, at, 1, across)
        self._cells.append(cell)
        return cell
