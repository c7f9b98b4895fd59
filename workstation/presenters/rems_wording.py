"""Sentences of the REMS card."""

from __future__ import annotations

from datetime import date

from workstation.domain.rems_checklist import (
    AGAIN,
    CONFIRMED,
    DUE,
    OVERDUE,
    PASSED,
    RemsMonth,
    Row,
)
from workstation.domain.rems_record import RemsStep, RemsTimeline
from workstation.domain.rems_windows import Category, RemsRules
from workstation.presenters import clinical_wording as words

PHARMACY = (
    "The authorisation to dispense (RMA) is the pharmacy\u2019s. It is not entered here or by you."
)
NOT_TO_CONFIRM = "This entry cannot be confirmed yet. What it rests on is missing."
NOT_TO_TAKE_BACK = "This was confirmed at an earlier visit and stays on record."
NOT_YOURS = "Only who may treat confirms what stands on the iPLEDGE site."
CATEGORIES = {
    "CGP": "Patient who can get pregnant",
    "CNGP": "Patient who cannot get pregnant",
}
_FIELDS = {
    "category": "Category",
    "consent": "Consent signed on",
    "result": "Result",
    "collected": "Specimen date",
    "methods": "Method",
    "last_dose": "Last dose on",
}
_ACTIONS = {
    "enrol": "Enrol the patient",
    "T1": "First pregnancy test",
    "contraception": "Two methods of contraception",
    "T2": "Second pregnancy test",
    "monthly": "Monthly pregnancy test",
    "confirm": "Confirm the patient on the iPLEDGE site",
    "questions": "The patient answers the questions",
    "pick_up": "Pick up",
    "visit": "Office visit",
    "end_test": "Pregnancy test at the end",
    "post_test": "Pregnancy test one month after",
    "stop": "Stop the medicine and report",
}
FOR_A_SUPPLY = frozenset({"confirm", "questions", "pick_up", "visit", "monthly", "T2"})
NO_SUPPLY = "No supply today: the red flag comes first"
_WHY = {
    "NEW": "Enrolment, category and consent are not complete.",
    "ENROLLED": "Enrolled; nothing else counts before the next step.",
    "SCREENED": "The first test is negative; two methods have to be in use.",
    "CONTRACEPTION": "Two tests at least {t1_t2} days apart, after {month} days on two methods.",
    "WINDOW_OPEN": "The test opened a window of {window} days; both entries belong into it.",
    "QUALIFIED": "Everything is entered; the window ends on {last}.",
    "CONFIRMED": "Confirmed; the pharmacy may dispense{until}.",
    "DISPENSED": "The supply is under way; the next needs everything anew.",
    "MISSED": "The window ended on {last} without a pick-up.",
    "MISSED_FIRST": "The first window ended on {last} without a pick-up.",
    "HOLD": "Contraception is not settled, or failed since the last test.",
    "PREGNANCY_HOLD": "The newest pregnancy test is not negative. Nothing may be dispensed.",
    "ENDED": "The last dose is known; the test a month after is not done.",
    "CLOSED": "The course and the test a month after are done.",
}
UNDATED = " The rules of 2021 hold until the clinic has set the day the 2026 rules begin."
_STANDS = {
    OVERDUE: "Overdue: not confirmed",
    DUE: "Not confirmed yet",
    PASSED: "Not confirmed here; the supply proves it",
}


def category(value: Category | None) -> str:
    """The category in full."""
    return "Category not set" if value is None else CATEGORIES[value.value]


def field(name: str, *, can: bool) -> str:
    """What a value to copy is called on the site."""
    if name == "anchor":
        return _FIELDS["collected"] if can else "Office visit on"
    return _FIELDS[name]


def action(id: str, on: date | None, today: date) -> str:
    """The next action with its day."""
    if not id:
        return "Nothing more to do"
    said = _ACTIONS.get(id, id)
    if on is None:
        return said
    if id == "pick_up":
        return f"{said} by {words.day(on)}"
    return f"{said} today" if on <= today else f"{said} from {words.day(on)}"


def why(rems: RemsTimeline, rules: RemsRules, *, undated: bool) -> str:
    """Why that is the next action."""
    last = rems.last_pick_up
    said = _WHY.get(rems.state, "").format(
        t1_t2=rules.t1_t2_days,
        month=rules.contraception_days,
        window=rules.window_can_days,
        last="" if last is None else words.day(last),
        until="" if last is None else f" until {words.day(last)}",
    )
    return said + (UNDATED if undated else "")


def summary(to_do: int, late: int) -> str:
    """How much is open, for the folded card."""
    if late:
        rest = f", {to_do - late} more to enter" if to_do > late else ""
        return f"{late} overdue{rest}"
    return f"{to_do} to enter" if to_do else "Nothing to enter now"


def month(shown: RemsMonth) -> str:
    """The heading of a month."""
    if shown.number == 0:
        return "Before the start"
    if shown.number < 0:
        return "After the last dose"
    if shown.supplied_on is not None:
        return f"Supply {shown.number}, {words.day(shown.supplied_on)}"
    return f"Supply {shown.number}, this visit"


def over(shown: RemsMonth) -> str:
    """A month that was supplied: what was confirmed in it."""
    done = [row for row in shown.rows if row.state == CONFIRMED]
    if len(done) == len(shown.rows):
        return "Every entry confirmed"
    if not done:
        return "Not confirmed here; the supply proves it"
    return f"{len(done)} of {len(shown.rows)} entries confirmed"


def by(row: Row, shown: RemsMonth) -> str:
    """By whom and by when."""
    who = f"by the {row.rule.who}"
    window = row.window
    if window is None or shown.number == 0 or shown.supplied_on is not None:
        return who
    return f"{who}, {words.window(window)}"


def stands(row: Row) -> str:
    """Where an entry stands."""
    entry = row.entry
    if row.state == CONFIRMED and entry is not None:
        return f"Confirmed {words.day(entry.on)} by {entry.name}"
    if row.state == CONFIRMED and row.proved_on is not None:
        return f"Recorded {words.day(row.proved_on)} among the answers"
    if row.state == AGAIN and entry is not None:
        return f"Changed since {words.day(entry.on)}: enter it again and confirm"
    if row.state in _STANDS:
        return _STANDS[row.state]
    return "Not yet" if row.complete else "Waits for what it rests on"


def step_when(step: RemsStep) -> str:
    """The day or window of a step."""
    if step.done_on is not None:
        return f"done {words.day(step.done_on)}"
    if step.window is not None:
        return words.window(step.window)
    if step.detail:
        return step.detail
    return {"done": "done", "due": "due now", "blocked": "on hold"}.get(step.state, "waits")
