"""Parts of the safety rules page: a fact, the start of the newer REMS rules, the rule looked at."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.rules import Level
from workstation.language import of_content, tr
from workstation.presenters import wording
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_rules import RuleRow, RuleShown
from workstation.presenters.settings_state import SettingsState
from workstation.ui.settings.parts import Entry, emptied
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Strip, Wrapped, label, overline, rule
from workstation.ui.widgets.day_edit import DayEdit

LOOK = {
    "STOP": ("octagon-x", "danger"),
    "HOLD": ("octagon-x", "danger"),
    "OVERRIDE": ("triangle-alert", "warn"),
    "WARN": ("triangle-alert", "warn"),
    "INFO": ("info", "info"),
    "OK": ("check", "ok"),
}
SIDE = 300


class Fact(Card):
    """A named value with a line below it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 12, 10)
        self._column.setSpacing(2)
        self._value = label("", "panel")
        self._line = Wrapped("", "caption2")
        for part in (overline(name), self._value, self._line):
            self._column.addWidget(part)
        self._column.addStretch(1)

    def offer(self, text: str) -> Button:
        """What can be done about it, below what is told."""
        made = Button(text=text, kind="link")
        self._column.insertWidget(3, made, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def say(self, value: str, line: str) -> None:
        """Show another value."""
        self._value.setText(value)
        self._line.setText(line)
        self._line.setVisible(bool(line))


class RemsDate(Card):
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
        self.day = DayEdit(presenter.desk.clock.today())  # empty: nobody sets a date by a slip
        self.day.setAccessibleName(tr("Start of the newer iPLEDGE rules"))
        self._set = Button(text=tr("Set date"))
        self._set.setEnabled(False)
        self._set.clicked.connect(self._keep)
        self.day.textChanged.connect(lambda _: self._set.setEnabled(self.day.day is not None))
        self._away = Button(text=tr("Take away"), kind="link")
        self._away.clicked.connect(lambda: presenter.set_rems_date(None))
        for widget in (self.day, self._set, self._away):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def render_state(self, state: SettingsState) -> None:
        """Say which rules hold."""
        kept = state.clinic.rems_2026_effective if state.clinic is not None else ""
        self.set_kind("true" if kept else "warn")
        older, newer = (of_content(self._presenter.desk.catalogue.rems[key].title) for key in _SETS)
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
        day = self.day.day
        if day is not None:
            self._presenter.set_rems_date(day)


_SETS = ("RS-2021", "RS-2026")


class RulePanel(Card):
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
        self._back.setVisible(shown is not None and shown.raised and self._may)
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
        self.setFixedWidth(round(SIDE * (1 + 0.35 * (theme.text_scale - 1.0))))

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
