"""What changed between two versions of rules and numbers: a list that is searched and printed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters import settings_compare
from workstation.presenters.settings_compare import TURNS, ComparisonState, ContentComparing
from workstation.ui.paper import put_on_paper, sheet, table
from workstation.ui.settings.text_table import Cell, TextTable
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, EmptyState, SearchField, Wrapped, fill

WIDTHS = {0: 108, 2: 128}


class ComparisonView(Card):
    """Renders ``ComparisonState``; ``paper`` says what the clinic prints on."""

    def __init__(self, comparing: ContentComparing) -> None:
        super().__init__()
        self._comparing = comparing
        self._turn = ""
        self.paper = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 12, 1, 1)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 12, 0)
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Wrapped("", "panel")
        self._detail = Wrapped("", "caption2")
        words.addWidget(self._title)
        words.addWidget(self._detail)
        head.addLayout(words, 1)
        self.printing = Button(text=tr("Print"), icon="printer")
        self.printing.clicked.connect(lambda _=False: self._print())
        self.back = Button(text=tr("Back to the rules"), icon="shield-check", key="Esc")
        self.back.clicked.connect(lambda _=False: comparing.close())
        for button in (self.printing, self.back):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addLayout(self._tools())
        self.table = TextTable(
            tr("What changed in rules and numbers"),
            settings_compare.HEADS,
            stretched=(1, 3, 4, 5),
            widths=WIDTHS,
        )
        column.addWidget(self.table, 1)
        self._empty = QWidget()
        QVBoxLayout(self._empty)
        column.addWidget(self._empty, 1)
        theme.theme_changed.connect(self._fill)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the rules."""
        if event.key() == Qt.Key.Key_Escape:
            self._comparing.close()
        else:
            super().keyPressEvent(event)

    def render_state(self, state: ComparisonState) -> None:
        """Show another comparison."""
        self._title.setText(state.title)
        self._detail.setText(state.detail)
        self._choose("")
        self.printing.setEnabled(bool(state.rows))
        if state.rows:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def find_change(self) -> None:
        """Put the focus on the search field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- inside

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        self.field = SearchField(hint=tr("Find a rule or a number"))
        self.field.textChanged.connect(lambda _: self._fill())
        self.field.left.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        row.addWidget(self.field, 1)
        group = QButtonGroup(self)
        self._chips: dict[str, Button] = {}
        for turn in ("", *(one.value for one in TURNS)):
            chip = Button(text="", kind="segment")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._choose, turn))
            group.addButton(chip)
            self._chips[turn] = chip
            row.addWidget(chip)
        return row

    def _choose(self, turn: str, _: bool = False) -> None:
        self._turn = turn
        self._chips[turn].setChecked(True)
        self._fill()

    def _fill(self) -> None:
        rows = self._comparing.state.rows
        names = {"": tr("All"), **{one.value: tr(words[0]) for one, words in TURNS.items()}}
        for turn, chip in self._chips.items():
            n = len(settings_compare.fitting(rows, turn, ""))
            chip.show_text(f"{names[turn]} {n}")
        found = settings_compare.fitting(rows, self._turn, self.field.text())
        self.table.setVisible(bool(found))
        self._empty.setVisible(not found)
        if not found:
            self._show_nothing(bool(rows))
            return
        self.table.show_rows(
            [
                (
                    Cell(row.word, row.role, row.icon),
                    Cell(f"{row.entry} \u00b7 {row.file}" if row.entry else row.file),
                    Cell(row.field),
                    _said(row.before),
                    _said(row.after, strong=row.turn == "changed"),
                    Cell(row.source),
                )
                for row in found
            ]
        )
        self.table.selectRow(0)

    def _show_nothing(self, searched: bool) -> None:
        state = self._comparing.state
        if searched:
            clear = (tr("Clear search"), "x", "", self._clear)
            shown = EmptyState("search", tr("Nothing like that changed."), "", clear)
        elif state.busy:
            shown = EmptyState("refresh-cw", tr("Reading both versions"), "", None)
        else:
            shown = EmptyState("circle-check", tr("Nothing changed."), state.detail, None)
        fill(self._empty, shown)

    def _clear(self) -> None:
        self.field.clear()
        self._choose("")

    def _print(self) -> None:
        made = settings_compare.on_paper(self._comparing.state)
        content = sheet(made.title, made.lines, table(made.heads, made.rows))
        said = put_on_paper(self, made.title, content, paper=self.paper)
        if said:
            self._detail.setText(said)


def _said(text: str, *, strong: bool = False) -> Cell:
    shown = settings_compare.short(text)
    return Cell(shown, strong=strong, tip=text if shown != text else "")
