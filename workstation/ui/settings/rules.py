"""Safety rules in Settings: facts at the top, the table, and the rule that is looked at."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.rules import Level
from workstation.language import noted, plural, tr
from workstation.presenters import settings_rules, wording
from workstation.presenters.settings import SettingsPresenter, SettingsState
from workstation.presenters.settings_rules import ALL, CHANGED, WAIVED, RuleRow, RuleShown
from workstation.ui import icons
from workstation.ui.paper import put_on_paper, sheet, table
from workstation.ui.settings.parts import Entry, emptied
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    Card,
    SearchField,
    Strip,
    Wrapped,
    label,
    overline,
    rule,
    wrap_lines,
)

HEADS = (
    noted("Rule"),
    noted("Asks about"),
    noted("Level"),
    noted("Set by"),
    noted("Source"),
    noted("Waived"),
)
LOOK = {
    "STOP": ("octagon-x", "danger"),
    "HOLD": ("octagon-x", "danger"),
    "OVERRIDE": ("triangle-alert", "warn"),
    "WARN": ("triangle-alert", "warn"),
    "INFO": ("info", "info"),
    "OK": ("check", "ok"),
}
SIDE = 300
CODE = 148


class RulesPage(QWidget):
    """The page of safety rules."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._rows: tuple[RuleRow, ...] = ()
        self._which = ALL
        self._code = ""
        self._asked = False
        self.table = QTableWidget(0, len(HEADS))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 16, 16)
        column.setSpacing(10)
        column.addWidget(label(tr("Safety rules"), "title"))
        column.addWidget(Wrapped(tr("What the workstation asks, and why."), "body2"))
        self._facts = QHBoxLayout()
        self._facts.setSpacing(12)
        self._told = [
            _Fact(name) for name in (tr("Rule set"), tr("Clinic overlay"), tr("REMS rules in use"))
        ]
        for fact in self._told:
            self._facts.addWidget(fact, 1)
        column.addLayout(self._facts)
        self.rems = _RemsDate(presenter)
        column.addWidget(self.rems)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self._list(), 1)
        self.side = _Rule(presenter)
        body.addWidget(self.side)
        column.addLayout(body, 1)

    def showEvent(self, event: object) -> None:
        """How often rules are waived is read when the page is first looked at."""
        if not self._asked:
            self._asked = True
            self._presenter.load_uses()

    def render_state(self, state: SettingsState) -> None:
        """Show what is in force."""
        content = self._presenter.desk.catalogue
        found = settings_rules.rows(content, state)
        set_, overlay, rems = self._told
        set_.say(
            content.edition,
            tr(
                "{found} rules and must-asks, digest {digest}",
                found=len(found),
                digest=content.digest[:8],
            ),
        )
        changed = plural(len(state.raised), "{n} rule", "{n} rules")
        overlay.say(
            str(len(state.raised)), tr("{changed} stricter in this clinic", changed=changed)
        )
        rems.say(*settings_rules.rems_line(content, state))
        self.rems.render_state(state)
        if found != self._rows:
            self._rows = found
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

    def find_rule(self) -> None:
        """Put the focus on the search field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- inside

    def _list(self) -> QWidget:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 10, 1, 1)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.setSpacing(8)
        self.field = SearchField(hint=tr("Find a rule or a source"))
        self.field.textChanged.connect(lambda _: self._fill())
        self.field.left.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        top.addWidget(self.field, 1)
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
            top.addWidget(chip)
        paper = Button(text=tr("Print all"), icon="printer")
        paper.setToolTip(tr("Every rule with its level, source and how far it was checked"))
        paper.clicked.connect(lambda _=False: self._print())
        top.addWidget(paper)
        column.addLayout(top)
        self.table.setAccessibleName(tr("Safety rules"))
        self.table.setHorizontalHeaderLabels([tr(head) for head in HEADS])
        self.table.verticalHeader().hide()
        self.table.setProperty("rows", True)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at in range(len(HEADS)):
            mode = QHeaderView.ResizeMode
            chosen = mode.Stretch if at in (1, 4) else mode.ResizeToContents
            head.setSectionResizeMode(at, mode.Fixed if at == 0 else chosen)
        # Rows follow the columns once all have their width, not at each of them.
        self._measuring = QTimer(self)
        self._measuring.setSingleShot(True)
        self._measuring.setInterval(0)
        self._measuring.timeout.connect(self._heights)
        head.sectionResized.connect(lambda *_: self._measuring.start())
        self.table.itemSelectionChanged.connect(self._selected)
        theme.theme_changed.connect(self._fill)
        column.addWidget(self.table, 1)
        return card

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
        self.table.setRowCount(0)
        self.table.setRowCount(len(found))
        for at, row in enumerate(found):
            waived = "" if row.waived is None else f"{row.waived}\u00a0%"
            texts = (
                row.code,
                row.title,
                row.level,
                tr("clinic") if row.by_clinic else tr("shipped"),
                f"{row.source} \u00b7 {row.tag}",
                waived,
            )
            items = [QTableWidgetItem(text) for text in texts]
            for n, item in enumerate(items):
                self.table.setItem(at, n, item)
            icon, role = LOOK[row.level]
            items[0].setFont(theme.font("bodyStrong"))
            items[2].setIcon(icons.icon(icon, role, 14))
            items[2].setForeground(theme.colour(role))
            if row.often:
                items[5].setForeground(theme.colour("warn"))
            if row.by_clinic:
                items[3].setForeground(theme.colour("accent"))
        self.table.setColumnWidth(0, theme.px(CODE))
        self._measuring.start()
        codes = [row.code for row in found]
        if codes:
            self.table.selectRow(codes.index(self._code) if self._code in codes else 0)

    def _heights(self) -> None:
        self.table.setUpdatesEnabled(False)
        least, rows = theme.row(34), self.table
        wide = [rows.columnWidth(n) - 8 for n in range(len(HEADS))]
        high = QFontMetrics(theme.font("body")).lineSpacing()
        font, strong = theme.font("body"), theme.font("bodyStrong")
        for at in range(rows.rowCount()):
            lines = 1
            for n in (0, 1, 4):
                item = rows.item(at, n)
                if item is not None:
                    shown = wrap_lines(item.text(), font if n else strong, wide[n])
                    lines = max(lines, len(shown))
            rows.setRowHeight(at, max(least, lines * high + 12))
        self.table.setUpdatesEnabled(True)

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


class _Fact(Card):
    """A named value with a line below it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(2)
        column.addWidget(overline(name))
        self._value = label("", "panel")
        self._line = Wrapped("", "caption2")
        column.addWidget(self._value)
        column.addWidget(self._line)

    def say(self, value: str, line: str) -> None:
        self._value.setText(value)
        self._line.setText(line)


class _RemsDate(Card):
    """The day from which the newer REMS rules hold; amber while it is not set."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(kind="warn")
        self._presenter = presenter
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 12, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Wrapped("", "bodyStrong")
        self._line = Wrapped("", "body2")
        words.addWidget(self._title)
        words.addWidget(self._line)
        row.addLayout(words, 1)
        self.day = QDateEdit()
        self.day.setDisplayFormat("dd-MMM-yyyy")
        self.day.lineEdit().setTextMargins(6, 0, 0, 0)
        self.day.setAccessibleName(tr("Start of the newer iPLEDGE rules"))
        today = presenter.desk.clock.today()
        self.day.setDate(QDate(today.year, today.month, today.day))
        self._set = Button(text=tr("Set date"))
        self._set.clicked.connect(self._keep)
        self._away = Button(text=tr("Take away"), kind="link")
        self._away.clicked.connect(lambda: presenter.set_rems_date(None))
        for widget in (self.day, self._set, self._away):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def render_state(self, state: SettingsState) -> None:
        """Say which rules hold."""
        kept = state.clinic.rems_2026_effective if state.clinic is not None else ""
        self.set_kind("true" if kept else "warn")
        older, newer = (self._presenter.desk.catalogue.rems[key].title for key in _SETS)
        if kept:
            day = wording.day(date.fromisoformat(kept))
            self._title.setText(
                tr("{newer} hold for cycles that begin on {day} or later.", newer=newer, day=day)
            )
        else:
            self._title.setText(
                tr("The start of {newer} is not set. {older} hold.", newer=newer, older=older)
            )
        self._line.setText(
            tr(
                "Check ipledgeprogram.com before you give a date. Each cycle keeps the rules of its own first day. The change goes on the audit trail with your name."
            )
        )
        may = self._presenter.prescribes
        for widget in (self.day, self._set):
            widget.setVisible(may)
        self._away.setVisible(may and bool(kept))

    def _keep(self) -> None:
        day = self.day.date()
        self._presenter.set_rems_date(date(day.year(), day.month(), day.day()))


_SETS = ("RS-2021", "RS-2026")


class _Rule(Card):
    """One rule: its level here, what it says, where it comes from, and a stricter level."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._code = ""
        self._wanted: str | None = None
        self._needs_reasons = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        scroll.setWidget(inside)
        outer.addWidget(scroll)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(8)
        self._name = Wrapped("", "panel")
        self._title = Wrapped("", "body2")
        self._column.addWidget(self._name)
        self._column.addWidget(self._title)
        self._column.addWidget(rule())
        self._column.addWidget(overline(tr("Level in this clinic")))
        self._ladder = QVBoxLayout()
        self._ladder.setSpacing(4)
        self._column.addLayout(self._ladder)
        self._note = Wrapped("", "caption2")
        self._column.addWidget(self._note)
        self._why = Entry(tr("Why, at least 10 characters"), QLineEdit())
        self._reasons = Entry(tr("Reasons that may be given, with ; between"), QLineEdit())
        self._ask = self._asking()
        self._column.addWidget(self._ask)
        self._strip = Strip()
        self._column.addWidget(self._strip)
        self._column.addWidget(rule())
        self._facts = QVBoxLayout()
        self._facts.setSpacing(2)
        self._column.addLayout(self._facts)
        self._back = Button(text=tr("Back to shipped"), icon="history")
        self._back.clicked.connect(lambda: presenter.shipped_again(self._code))
        self._column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self._width()
        theme.theme_changed.connect(self._width)

    def _asking(self) -> QWidget:
        box = QWidget()
        asking = QVBoxLayout(box)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.setSpacing(6)
        keep = Button(text=tr("Make it stricter"))
        keep.clicked.connect(self._keep)
        for widget in (self._why, self._reasons, keep):
            asking.addWidget(widget)
        box.hide()
        return box

    def leave(self) -> None:
        """Another rule is looked at: nothing half typed stays."""
        self._wanted = None
        self._ask.hide()
        for entry in (self._why, self._reasons):
            assert isinstance(entry.field, QLineEdit)
            entry.field.clear()
            entry.say("")

    def show_rule(self, shown: RuleShown | None, row: RuleRow | None, state: SettingsState) -> None:
        """Show one rule; a must-ask has no level of its own."""
        self._code = row.code if row is not None else ""
        self._name.setText(self._code)
        self._title.setText(row.title if row is not None else "")
        self._back.setVisible(shown is not None and shown.row.by_clinic and self._may)
        emptied(self._ladder)
        emptied(self._facts)
        if state.problem is not None and state.about == "rules":
            self._strip.say("danger", state.problem.title, state.problem.detail)
        else:
            self._strip.clear()
        if shown is None:
            self._ask.hide()
            self._note.setText(tr("A question that must be answered holds the signature. Always."))
            if row is not None:
                self._fact(tr("Source"), f"{row.source} \u00b7 {row.tag}")
            return
        self._needs_reasons = shown.needs_reasons
        for name, may, why in shown.ladder:
            button = Button(text=name, kind="list", icon=LOOK[name][0])
            button.setProperty("alignLeft", True)
            button.setCheckable(True)
            button.setChecked(name == (self._wanted or shown.row.level))
            button.setEnabled(may and self._may or name == shown.row.level)
            button.setToolTip(why)
            button.clicked.connect(lambda _=False, name=name, may=may: self._choose(name, may))
            self._ladder.addWidget(button)
        self._note.setText(
            tr(
                "A clinic may only make a rule stricter. HOLD and STOP are set by the rule set and can never be lowered. A change holds here at once, and at every other computer when it next opens a consultation or signs."
            )
        )
        self._fact(tr("Says"), shown.detail or shown.row.title)
        self._fact(tr("Do"), shown.advice)
        self._fact(tr("Reads"), ", ".join(shown.reads))
        self._fact(tr("Source"), f"{shown.citation} \u00b7 {shown.row.tag}")
        self._fact(tr("Used"), shown.used)
        self._fact(tr("Reason of the change"), shown.why)
        self._fact(tr("Decided by"), shown.decided)

    @property
    def _may(self) -> bool:
        return self._presenter.prescribes

    def _width(self) -> None:
        self.setFixedWidth(theme.px(SIDE))

    def _fact(self, name: str, text: str) -> None:
        if text:
            self._facts.addWidget(label(name, "caption2"))
            self._facts.addWidget(Wrapped(text, "bodyMedium"))

    def _choose(self, name: str, may: bool) -> None:
        self._wanted = name if may else None
        self._ask.setVisible(may)
        self._reasons.setVisible(name == "OVERRIDE" and self._needs_reasons)
        if may:
            self._why.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        why, reasons = self._why.field, self._reasons.field
        assert isinstance(why, QLineEdit) and isinstance(reasons, QLineEdit)
        given = tuple(part.strip() for part in reasons.text().split(";") if part.strip())
        short = len(why.text().strip()) < 10
        self._why.say(tr("At least 10 characters.") if short else "")
        none = self._reasons.isVisible() and not given
        self._reasons.say(tr("A rule that needs a reason needs one to give.") if none else "")
        if self._wanted is not None and not short and not none:
            self._presenter.raise_level(self._code, Level[self._wanted], why.text(), given)
            self.leave()
