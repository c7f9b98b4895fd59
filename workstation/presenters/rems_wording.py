"""Sentences of the REMS card."""

from __future__ import annotations

from collections.abc import Mapping
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
from workstation.domain.rems_record import NextAction, RemsStep, RemsTimeline
from workstation.domain.rems_windows import Category, RemsRules
from workstation.language import Sentence, heard, noted, of_content, tr
from workstation.presenters import clinical_wording as words

PHARMACY = noted(
    "The authorisation to dispense (RMA) is the pharmacy\u2019s. It is not entered here or by you."
)
NOT_TO_CONFIRM = noted("This entry cannot be confirmed yet. What it rests on is missing.")
NOT_TO_TAKE_BACK = noted("This was confirmed at an earlier visit and stays on record.")
NOT_YOURS = noted("Only who may treat confirms what stands on the iPLEDGE site.")
CATEGORIES = {
    "CGP": noted("Patient who can get pregnant"),
    "CNGP": noted("Patient who cannot get pregnant"),
}
_FIELDS = {
    "category": noted("Category"),
    "consent": noted("Consent signed on"),
    "result": noted("Result"),
    "collected": noted("Specimen date"),
    "methods": noted("Method"),
    "last_dose": noted("Last dose on"),
}
ACTIONS: Mapping[NextAction, Sentence] = {
    "enrol": noted("Enrol the patient"),
    "T1": noted("First pregnancy test"),
    "contraception": noted("Two methods of contraception"),
    "T2": noted("Second pregnancy test"),
    "monthly": noted("Monthly pregnancy test"),
    "confirm": noted("Confirm the patient on the iPLEDGE site"),
    "questions": noted("The patient answers the questions"),
    "pick_up": noted("Pick up"),
    "visit": noted("Office visit"),
    "end_test": noted("Pregnancy test at the end"),
    "post_test": noted("Pregnancy test one month after"),
    "resolve_hold": noted("Settle contraception"),
    "stop_and_report": noted("Stop the medicine and report"),
}
FOR_A_SUPPLY = frozenset({"confirm", "questions", "pick_up", "visit", "monthly", "T2"})
NO_SUPPLY = noted("No supply today: the red flag comes first")
_WHY = {
    "NEW": noted("Enrolment, category and consent are not complete."),
    "ENROLLED": noted("Enrolled; nothing else counts before the next step."),
    "SCREENED": noted("The first test is negative; two methods have to be in use."),
    "CONTRACEPTION": noted(
        "Two tests at least {t1_t2} days apart, after {month} days on two methods."
    ),
    "WINDOW_OPEN": noted("The test opened a window of {window} days; both entries belong into it."),
    "QUALIFIED": noted("Everything is entered; the window ends on {last}."),
    "CONFIRMED": noted("Confirmed; the pharmacy may dispense{until}."),
    "DISPENSED": noted("The supply is under way; the next needs everything anew."),
    "MISSED": noted("The window ended on {last} without a pick-up."),
    "MISSED_FIRST": noted("The first window ended on {last} without a pick-up."),
    "HOLD": noted("Contraception is not settled, or failed since the last test."),
    "PREGNANCY_HOLD": noted("The newest pregnancy test is not negative. Nothing may be dispensed."),
    "ENDED": noted("The last dose is known; the test a month after is not done."),
    "CLOSED": noted("The course and the test a month after are done."),
}
UNDATED = noted(" The rules of 2021 hold until the clinic has set the day the 2026 rules begin.")
_STANDS = {
    OVERDUE: noted("Overdue: not confirmed"),
    DUE: noted("Not confirmed yet"),
    PASSED: noted("Not confirmed here; the supply proves it"),
}


def category(value: Category | None) -> str:
    """The category in full."""
    return tr("Category not set") if value is None else tr(CATEGORIES[value.value])


def field(name: str, *, can: bool) -> str:
    """What a value to copy is called on the site."""
    if name == "anchor":
        return tr(_FIELDS["collected"]) if can else tr("Office visit on")
    return tr(_FIELDS[name])


def action(id: NextAction, on: date | None, today: date) -> str:
    """The next action with its day."""
    if not id:
        return tr("Nothing more to do")
    said = str(ACTIONS[id])
    if on is None:
        return said
    if id == "pick_up":
        return tr("{said} by {day}", said=said, day=words.day(on))
    return (
        tr("{said} today", said=said)
        if on <= today
        else tr("{said} from {day}", said=said, day=words.day(on))
    )


def why(rems: RemsTimeline, rules: RemsRules, *, undated: bool) -> str:
    """Why that is the next action."""
    last = rems.last_pick_up
    said = tr(
        _WHY[rems.state],
        t1_t2=rules.t1_t2_days,
        month=rules.contraception_days,
        window=rules.window_can_days,
        last="" if last is None else words.day(last),
        until="" if last is None else tr(" until {day}", day=words.day(last)),
    )
    return f"{said}{UNDATED if undated else ''}"


def summary(to_do: int, late: int) -> str:
    """How much is open, for the folded card."""
    if late:
        rest = tr(", {to_do} more to enter", to_do=to_do - late) if to_do > late else ""
        return tr("{late} overdue{rest}", late=late, rest=rest)
    return tr("{to_do} to enter", to_do=to_do) if to_do else tr("Nothing to enter now")


def month(shown: RemsMonth) -> str:
    """The heading of a month."""
    if shown.number == 0:
        return tr("Before the start")
    if shown.number < 0:
        return tr("After the last dose")
    if shown.supplied_on is not None:
        return tr("Supply {number}, {day}", number=shown.number, day=words.day(shown.supplied_on))
    return tr("Supply {number}, this visit", number=shown.number)


def over(shown: RemsMonth) -> str:
    """A month that was supplied: what was confirmed in it."""
    done = [row for row in shown.rows if row.state == CONFIRMED]
    if len(done) == len(shown.rows):
        return tr("Every entry confirmed")
    if not done:
        return tr("Not confirmed here; the supply proves it")
    return tr("{done} of {rows} entries confirmed", done=len(done), rows=len(shown.rows))


def by(row: Row, shown: RemsMonth) -> str:
    """By whom and by when."""
    who = tr("by the {who}", who=of_content(row.rule.who))
    window = row.window
    if window is None or shown.number == 0 or shown.supplied_on is not None:
        return who
    return f"{who}, {words.window(window)}"


def stands(row: Row) -> str:
    """Where an entry stands."""
    entry = row.entry
    if row.state == CONFIRMED and entry is not None:
        return tr("Confirmed {day} by {name}", day=words.day(entry.on), name=entry.name)
    if row.state == CONFIRMED and row.proved_on is not None:
        return tr("Recorded {day} among the answers", day=words.day(row.proved_on))
    if row.state == AGAIN and entry is not None:
        return tr("Changed since {day}: enter it again and confirm", day=words.day(entry.on))
    if row.state in _STANDS:
        return tr(_STANDS[row.state])
    return tr("Not yet") if row.complete else tr("Waits for what it rests on")


def step_title(step: RemsStep) -> str:
    """What a step is called."""
    return heard(
        step.title,
        "Enrolment and consent",
        "First pregnancy test",
        "Two methods of contraception",
        "Second pregnancy test",
        "Monthly pregnancy test",
        "Prescriber confirms the month",
        "Prescriber confirms",
        "Patient answers the questions",
        "Pick up",
        "Test at the end of the course",
        "Test one month after",
    )


def step_when(step: RemsStep) -> str:
    """The day or window of a step."""
    if step.done_on is not None:
        return tr("done {day}", day=words.day(step.done_on))
    if step.window is not None:
        return words.window(step.window)
    if step.detail:
        return heard(
            step.detail,
            "in the first days of the period",
            "with the next period",
            "right before the start",
            "when the last period is known",
            "the recorded methods are not acceptable",
        )
    return {"done": tr("done"), "due": tr("due now"), "blocked": tr("on hold")}.get(
        step.state, tr("waits")
    )
