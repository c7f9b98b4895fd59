"""Safety rules in Settings: facts at the top, the table, and the rule that is looked at."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.language import noted, tr
from workstation.presenters import settings_rules
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_compare import ComparisonState, ContentComparing
from workstation.presenters.settings_rules import ALL, CHANGED, WAIVED, RuleRow
from workstation.presenters.settings_state import SettingsState
from workstation.ui.paper import put_on_paper, sheet, table
from workstation.ui.settings.comparison import ComparisonView
from workstation.ui.settings.rule_parts import LOOK, Fact, RemsDate, RulePanel
from workstation.ui.settings.text_table import Cell, TextTable
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    Card,
    SearchField,
    Strip,
    Wrapped,
    label,
)
from workstation.ui.widgets.sized import on_line_of_controls

HEADS = (
    noted("Rule"),
    noted("Asks about"),
    noted("Level"),
    noted("Set by"),
    noted("Source"),
    noted("Waived"),
)
CODE, TITLE = 136, 174
ROOMY = 560  # width of the table with all of its columns
WIDE = 760  # from which none of them has to say something
SET_BY, WAIVED_BY, ASKS = 3, 5, 1
SPARED = (SET_BY, 4, WAIVED_BY)


class RulesPage(QWidget):
    """The page of safety rules."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._rows: tuple[RuleRow, ...] = ()
        self._which = ALL
        self._code = ""
        self._asked = False
        self.table = TextTable(tr("Safety rules"), HEADS, stretched=(1, 4), widths={0: CODE})
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 16, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        title = label(tr("Safety rules"), "title")
        on_line_of_controls(title)
        head.addWidget(title)
        head.addStretch(1)
        paper = Button(text=tr("Print all"), icon="printer")
        paper.setToolTip(tr("Every rule with its level, source and how far it was checked"))
        paper.clicked.connect(lambda _=False: self._print())
        self.compare = Button(text=tr("Compare with"), icon="columns-2")
        self.compare.clicked.connect(lambda _=False: self._compare_menu())
        head.addWidget(self.compare)
        head.addWidget(paper)
        column.addLayout(head)
        column.addWidget(Wrapped(tr("What the workstation asks, and why."), "body2"))
        self._facts = QHBoxLayout()
        self._facts.setSpacing(12)
        self._told = [
            Fact(name)
            for name in (
                tr("Rule set"),
                tr("Clinic overlay"),
                tr("REMS rules in use"),
                tr("Last review"),
            )
        ]
        self.reviewed = self._told[3].offer(tr("Reviewed today"))
        self.reviewed.clicked.connect(lambda _=False: presenter.mark_reviewed())
        self._own_rules()
        for fact in self._told:
            self._facts.addWidget(fact, 1)
        column.addLayout(self._facts)
        self.rems = RemsDate(presenter)
        column.addWidget(self.rems)
        rules = QWidget()
        body = QHBoxLayout(rules)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self._list(), 1)
        self.side = RulePanel(presenter)
        body.addWidget(self.side)
        self._stack = QStackedWidget()
        self._stack.addWidget(rules)
        column.addWidget(self._stack, 1)
        self.strip = Strip()
        column.addWidget(self.strip)
        self._comparison: ComparisonView | None = None
        self._comparing = ContentComparing(presenter.jobs)
        self._comparing.changed.subscribe(self._show_comparison)

    def showEvent(self, event: object) -> None:
        """How often rules are waived is read when the page is first looked at."""
        if not self._asked:
            self._asked = True
            self._presenter.load_uses()

    def _own_rules(self) -> None:
        """Taking a folder of the clinic's own rules in, and out."""
        self._refused = False
        self.take_out = self._told[1].offer(tr("Take out"))
        self.take_out.setToolTip(tr("The rules as they ship hold again"))
        self.take_out.clicked.connect(lambda _=False: self._presenter.take_out_rules())
        self.take_in = self._told[1].offer(tr("Take in a folder\u2026"))
        self.take_in.setToolTip(tr("Rules of the clinic\u2019s own, and levels made stricter"))
        self.take_in.clicked.connect(lambda _=False: self._take_in())

    def render_state(self, state: SettingsState) -> None:
        """Show what is in force."""
        content = self._presenter.desk.catalogue
        found = settings_rules.rows(content, state)
        set_, overlay, rems, review = self._told
        set_.say(
            content.edition,
            tr(
                "{found} rules and must-asks, digest {digest}",
                found=len(found),
                digest=content.digest[:8],
            ),
        )
        overlay.say(
            *settings_rules.overlay_line(state, found, self._presenter.desk.catalogue.own_misfit)
        )
        self.take_in.setVisible(self._presenter.prescribes)
        self.take_out.setVisible(self._presenter.prescribes and state.own is not None)
        problem = state.problem if state.about == "own_rules" else None
        if problem is not None:
            self.strip.say("danger", problem.title, problem.detail)
        elif self._refused:
            self.strip.clear()
        self._refused = problem is not None
        rems.say(*settings_rules.rems_line(content, state))
        said, line, fresh = settings_rules.review_line(content, state)
        review.say(said, line)
        self.reviewed.setVisible(self._presenter.prescribes and not fresh)
        self.rems.render_state(state)
        if found != self._rows:
            self._rows = found
            self._make_room()
            self._fill()
        self._show_side(state)

    def _print(self) -> None:
        """All rules on paper, whatever the list is narrowed to."""
        state, content = self._presenter.state, self._presenter.desk.catalogue
        made = settings_rules.on_paper(content, settings_rules.rows(content, state))
        paper = state.clinic.paper if state.clinic is not None else ""
        said = put_on_paper(
            self,
            made.title,
            sheet(made.title, made.lines, table(made.heads, made.rows)),
            paper=paper,
        )
        if said:
            self._presenter.said.emit((said, None))

    def _compare_menu(self) -> None:
        """Older editions that are kept, what this clinic changed, or another folder."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for edition in self._comparing.editions():
            named = menu.addAction(tr("Edition {edition}", edition=edition))
            named.triggered.connect(partial(self._compare_with, edition))
        state = self._presenter.state
        shipped = menu.addAction(tr("The rules as they ship"))
        shipped.triggered.connect(
            lambda: self._comparing.with_shipped(
                settings_rules.shipped_rules(self._presenter.desk),
                self._presenter.desk.catalogue.rulebook.rules,
                self._presenter.state.raised,
            )
        )
        shipped.setEnabled(bool(state.raised) or state.own is not None)
        menu.addAction(tr("Rules in another folder\u2026"), self._choose_folder)
        menu.popup(self.compare.mapToGlobal(self.compare.rect().bottomLeft()))

    def _compare_with(self, edition: str, _: bool = False) -> None:
        self._comparing.with_edition(edition)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder with clinical rules"))
        if chosen:
            self._comparing.with_folder(Path(chosen))

    def _take_in(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, tr("Folder with the clinic\u2019s own rules")
        )
        if chosen:
            self._presenter.take_in_rules(Path(chosen))

    def _show_comparison(self, state: ComparisonState) -> None:
        if state.problem is not None:
            self.strip.say("warn", state.problem.title, state.problem.detail)
        else:
            self.strip.clear()
        if self._comparison is None:
            self._comparison = ComparisonView(self._comparing)
            self._stack.addWidget(self._comparison)
        clinic = self._presenter.state.clinic
        self._comparison.paper = clinic.paper if clinic is not None else ""
        self._stack.setCurrentIndex(1 if state.title else 0)
        self.rems.setVisible(not state.title)
        if state.title:
            self._comparison.render_state(state)
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def find_rule(self) -> None:
        """Put the focus on the search field."""
        if self._comparison is not None and self._stack.currentIndex() == 1:
            self._comparison.find_change()
            return
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- inside

    def _list(self) -> QWidget:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 10, 1, 1)
        column.setSpacing(8)
        self._top = QGridLayout()
        self._top.setContentsMargins(12, 0, 12, 0)
        self._top.setSpacing(8)
        self._top.setColumnStretch(0, 1)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        self.field = SearchField(hint=tr("Find a rule or a source"))
        self.field.textChanged.connect(lambda _: self._fill())
        self.field.left.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        self._top.addWidget(self.field, 0, 0)
        group = QButtonGroup(self)
        self._chips: dict[str, Button] = {}
        for which, words in (
            (ALL, tr("All")),
            (CHANGED, tr("Changed")),
            (WAIVED, tr("Waived > 50\u00a0%")),
        ):
            chip = Button(text=words, kind="segment")
            chip.setCheckable(True)
            chip.setChecked(which == ALL)
            chip.clicked.connect(lambda _=False, which=which: self._choose(which))
            group.addButton(chip)
            self._chips[which] = chip
            chips.addWidget(chip)
        self._chip_row = QWidget()
        chips.setContentsMargins(0, 0, 0, 0)
        chips.addStretch(1)
        self._chip_row.setLayout(chips)
        self._top.addWidget(self._chip_row, 0, 1)
        column.addLayout(self._top)
        self.table.itemSelectionChanged.connect(self._selected)
        theme.theme_changed.connect(self._fill)
        theme.theme_changed.connect(self._make_room)
        self._none = Wrapped("", "body2")
        self._none.hide()
        column.addWidget(self._none)
        column.addWidget(self.table, 1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What the rule at the right says too leaves the table when its texts need the room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        room = self.width() - self.side.width() - 50
        roomy = room >= theme.px(ROOMY)
        wide = room >= theme.px(WIDE)
        told = {
            SET_BY: any(row.by_clinic for row in self._rows),
            WAIVED_BY: any(row.waived is not None for row in self._rows),
        }
        for column in SPARED:
            self.table.setColumnHidden(column, not (wide or (roomy and told.get(column, True))))
        # Sources are longer than titles.
        self.table.give(ASKS, 0 if wide or not roomy else theme.px(TITLE))
        self._top.addWidget(self._chip_row, *((0, 1) if roomy else (1, 0)))

    def _choose(self, which: str) -> None:
        self._which = which
        self._fill()

    def _fill(self) -> None:
        found = settings_rules.fitting(self._rows, self._which, self.field.text())
        for which, words in (
            (ALL, tr("All")),
            (CHANGED, tr("Changed")),
            (WAIVED, tr("Waived > 50\u00a0%")),
        ):
            n = len(settings_rules.fitting(self._rows, which, ""))
            self._chips[which].show_text(f"{words} {n}")
        self.table.show_rows([_cells(row) for row in found])
        codes = [row.code for row in found]
        self._none.setText(
            tr(
                "No rule fits \u2018{text}\u2019. Change the words, or choose All.",
                text=self.field.text(),
            )
            if self.field.text()
            else tr("No rule is like that here.")
        )
        self._none.setVisible(not codes)
        self.side.setVisible(bool(codes))
        if codes:
            self.table.selectRow(codes.index(self._code) if self._code in codes else 0)

    def _selected(self) -> None:
        item = self.table.item(self.table.currentRow(), 0)
        if item is not None and item.text() != self._code:
            self._code = item.text()
            self.side.leave()
            self._show_side(self._presenter.state)

    def _show_side(self, state: SettingsState) -> None:
        found = settings_rules.shown(self._presenter.desk.catalogue, state, self._code)
        row = next((row for row in self._rows if row.code == self._code), None)
        self.side.show_rule(found, row, state)


def _cells(row: RuleRow) -> tuple[Cell, ...]:
    icon, role = LOOK[row.level]
    return (
        Cell(row.code, strong=True),
        Cell(row.title),
        Cell(row.level, role, icon),
        Cell(tr("clinic"), "accent") if row.by_clinic else Cell(tr("shipped")),
        Cell(f"{row.source} \u00b7 {row.tag}"),
        Cell("" if row.waived is None else f"{row.waived}\u00a0%", "warn" if row.often else ""),
    )
