"""The REMS card of the Treat step: where the patient stands, and what has to be on the REMS site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission, may
from workstation.domain.draft import Item, ItemKind, Key
from workstation.domain.facts import Fact, Origin
from workstation.domain.rems_checklist import (
    AGAIN,
    CATEGORY,
    CONFIRMED,
    DUE,
    METHODS,
    OVERDUE,
    PASSED,
    RESULT,
    RemsEntry,
    RemsMonth,
    Row,
    Value,
)
from workstation.domain.rems_record import RemsStep
from workstation.domain.safety import Level
from workstation.language import of_content, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import rems_wording as said
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState

ICONS = {
    CONFIRMED: ("circle-check", "ok"),
    AGAIN: ("triangle-alert", "warn"),
    OVERDUE: ("octagon-x", "danger"),
    DUE: ("circle", "accent"),
    PASSED: ("circle", "text3"),
}
WAITS = ("clock", "text3")
CONFIRM, TAKE_BACK = "confirm", "take_back"
# Answers that a confirmation records with it, so that nobody is asked the same thing twice.
PROOF_FACTS = {
    "enrolled": "rems.patient_enrolled",
    "confirmed": "rems.confirmed_on",
    "questions": "rems.questions_on",
}
OF_A_SUPPLY = frozenset({"confirmed", "questions"})  # nothing of this while a red flag is open


@dataclass(frozen=True, slots=True)
class FieldState:
    """One value to copy: what it is, how it reads here, and what goes to the clipboard."""

    label: str
    text: str
    copied: str


@dataclass(frozen=True, slots=True)
class RowState:
    """One entry: its icon and colour role, what is expected, where it stands, what can be done."""

    key: str
    icon: str
    role: str
    title: str
    when: str
    fields: tuple[FieldState, ...]
    stands: str
    act: str  # confirm, take_back or ""


@dataclass(frozen=True, slots=True)
class MonthState:
    """The entries of one month; one that is over has a ``note`` instead of rows."""

    title: str
    rows: tuple[RowState, ...]
    note: str


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of the programme with its window or day."""

    title: str
    when: str
    icon: str
    role: str


@dataclass(frozen=True, slots=True)
class RemsCardState:
    """The card: folded it shows category, rules, next action and what is open."""

    category: str
    rules: str
    action: str
    why: str
    summary: str
    alarm: bool
    steps: tuple[StepState, ...]
    months: tuple[MonthState, ...]
    pharmacy: str


class RemsCard:
    """Confirms and takes back entries of the open consultation; each is one undo step."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case

    def confirm(self, key: str) -> str:
        """Record that an entry stands on the site, by this user today; a sentence or ""."""
        state, row = self._row(key)
        if state is None or row is None or _act(row) != CONFIRM:
            return tr(said.NOT_TO_CONFIRM)
        if _flagged(state) and row.rule.proof in OF_A_SUPPLY:
            return tr(said.NO_SUPPLY)
        user, today = self._case.session.user, self._case.desk.clock.today()
        if not may(user, Permission.TREAT):
            return tr(said.NOT_YOURS)
        entry = RemsEntry(key, today, user.id, user.name, row.value)
        puts: list[tuple[Key, Item | None]] = [(Key.of(ItemKind.REMS_ENTRY, key), entry)]
        proof = PROOF_FACTS.get(row.rule.proof)
        if proof is not None:
            value: bool | date = True if row.rule.proof == "enrolled" else today
            by = words.recorded_by(user.name)
            fact = Fact(proof, value, Origin.CLINICIAN, today, by)
            puts.append((Key.of(ItemKind.FACT, proof), fact))
        self._case.put("rems.confirmed", puts)
        return ""

    def take_back(self, key: str) -> str:
        """Withdraw a confirmation made at this visit, with the answer recorded with it."""
        state, row = self._row(key)
        if state is None or row is None or _act(row) != TAKE_BACK or not _is_here(state, row):
            return tr(said.NOT_TO_TAKE_BACK)
        puts: list[tuple[Key, Item | None]] = [(Key.of(ItemKind.REMS_ENTRY, key), None)]
        proof = PROOF_FACTS.get(row.rule.proof)
        if proof is not None and state.draft.get(ItemKind.FACT, proof) is not None:
            puts.append((Key.of(ItemKind.FACT, proof), None))
        self._case.put("rems.taken_back", puts)
        return ""

    def card(self) -> RemsCardState | None:
        """The card; None when no isotretinoin is decided about."""
        state = self._case.state
        if state is None or state.appraisal.rems is None:
            return None
        return _card(state, self._case.desk.catalogue, self._case.desk.clock.today())

    def _row(self, key: str) -> tuple[CaseState | None, Row | None]:
        state = self._case.state
        if state is None:
            return None, None
        rows = (row for month in state.appraisal.rems_months for row in month.rows)
        return state, next((row for row in rows if row.key == key), None)


def _card(state: CaseState, catalogue: Catalogue, today: date) -> RemsCardState:
    made = state.appraisal
    rems, months = made.rems, made.rems_months
    assert rems is not None, "asked for a course only"
    rows = [row for month in months for row in month.rows]
    late = sum(row.state == OVERDUE for row in rows)
    to_do = sum(len(month.open) for month in months)
    rules = catalogue.rems[rems.rules]
    current = months[-1].number if months else 0
    flagged = _flagged(state)
    return RemsCardState(
        category=said.category(rems.category),
        rules=of_content(rules.title),
        action=tr(said.NO_SUPPLY)
        if flagged and rems.next_action in said.FOR_A_SUPPLY
        else said.action(rems.next_action, rems.next_action_on, today),
        why=said.why(rems, rules, undated=made.facts.value("rems.rules_dated") is not True),
        summary=said.summary(to_do, late),
        alarm=bool(late),
        steps=tuple(_step(step) for step in rems.steps),
        months=tuple(
            MonthState(said.month(month), (), said.over(month))
            if month.number != current and month.supplied_on is not None
            else MonthState(
                said.month(month),
                tuple(_shown(row, month, catalogue, state) for row in month.rows),
                "",
            )
            for month in months
        ),
        pharmacy=tr(said.PHARMACY),
    )


def _flagged(state: CaseState) -> bool:
    """A red flag nobody has answered, or a STOP: no supply is to come, so nothing is confirmed."""
    made = state.appraisal
    owed = made.triage.needs_contact and not state.consultation.called
    return owed or any(f.level is Level.STOP and f.is_open for f in made.evaluation.findings)


def _step(step: RemsStep) -> StepState:
    icon, role = {
        "done": ("circle-check", "ok"),
        "due": ("circle", "accent"),
        "blocked": ("octagon-x", "danger"),
    }.get(step.state, WAITS)
    return StepState(said.step_title(step), said.step_when(step), icon, role)


def _shown(row: Row, month: RemsMonth, catalogue: Catalogue, state: CaseState) -> RowState:
    icon, role = ICONS.get(row.state, WAITS)
    act = _act(row)
    if act == CONFIRM and row.rule.proof in OF_A_SUPPLY and _flagged(state):
        act = ""
    if act == TAKE_BACK and not _is_here(state, row):
        act = ""
    return RowState(
        key=row.key,
        icon=icon,
        role=role,
        title=of_content(row.rule.title),
        when=said.by(row, month),
        fields=tuple(
            field
            for name, value in row.expected
            for field in _fields(name, value, catalogue, can=row.rule.categories == ("CGP",))
        ),
        stands=said.stands(row),
        act=act,
    )


def _is_here(state: CaseState, row: Row) -> bool:
    """Whether it was confirmed at this visit: what an earlier one signed stays."""
    return state.draft.get(ItemKind.REMS_ENTRY, row.key) is not None


def _act(row: Row) -> str:
    if row.state == CONFIRMED and row.entry is not None:
        return TAKE_BACK
    return CONFIRM if row.state in (DUE, OVERDUE, AGAIN) and row.complete else ""


def _fields(name: str, value: Value, catalogue: Catalogue, *, can: bool) -> tuple[FieldState, ...]:
    label = said.field(name, can=can)
    if isinstance(value, date):
        copied = value.strftime(catalogue.checklist.day_format)
        return (FieldState(label, words.day(value), copied),)
    if name == METHODS and isinstance(value, tuple):
        labels = {method.id: of_content(method.label) for method in catalogue.contraception.methods}
        return tuple(FieldState(label, labels.get(v, v), labels.get(v, v)) for v in value)
    text = str(value)
    if name == CATEGORY:
        text = tr(said.CATEGORIES[text])
    elif name == RESULT:
        text = tr(dict(words.TEST_VALUES).get(text, text))
    return (FieldState(label, text, text),)
