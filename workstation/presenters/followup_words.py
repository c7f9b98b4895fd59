"""Sentences of the follow-up: panes, differences, this month's answers, and the short way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from workstation.domain.dosing import Medicine
from workstation.domain.draft import Regimen
from workstation.domain.explain import value_text
from workstation.domain.facts import FactSpec, FactValue
from workstation.domain.unchanged import Changed, Why
from workstation.presenters import clinical_wording as words
from workstation.presenters import wording

NOT_COUNTED = "Not counted yet"
NO_EARLIER = "There is no earlier visit to compare with."
LAST_DAYS = "No more days than reach the target."
LOADING = "Reading the earlier visits"
NOT_READ = "The earlier visits could not be read. Go to another step and come back to try again."
ARROW = "\u2192"
DASH = "\u2013"
ALIGN_OLDER = "Point {n} of 3: click a place that does not move, such as a mole, on the left photo"
ALIGN_NEWER = "Point {n} of 3: click the same place on the right photo"
ALIGN_NEEDS_BOTH = "Both photos are needed to lay one over the other."
ANSWERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Pregnancy",
        ("pregnancy.now", "pregnancy.test.state", "pregnancy.test.on", "pregnancy.last_period"),
    ),
    (
        "Contraception",
        (
            "contraception.methods",
            "contraception.missed",
            "contraception.unprotected",
            "contraception.period_missed",
        ),
    ),
    ("Mood", ("mood.phq2", "mood.phq9", "mood.item9", "mood.ideation", "mood.psychosis")),
    ("Side effects", ("symptoms.now",)),
    ("Alcohol", ("alcohol.days", "alcohol.most")),
    ("Medicines", ("medicines.now",)),
    ("Capsules", ("follow_up.picked_up", "follow_up.days_missed", "follow_up.capsules_left")),
)
ONLY_CAN = frozenset({"Pregnancy", "Contraception"})
MAY_LACK = frozenset(
    {
        *("mood.phq9", "mood.item9", "pregnancy.test.on", "pregnancy.last_period"),
        *("follow_up.picked_up", "follow_up.capsules_left"),
    }
)
"""Asked only after certain answers, or said by another: when they lack, nothing is missing."""


def pane_title(number: int, *, treated: bool) -> str:
    """What a visit is within the course."""
    if not treated and number == 0:
        return "Before treatment"
    return f"Month {number}" if number else "Start"


def pane_when(on: date, start: date | None) -> str:
    """The day, and the day of treatment where there is one."""
    text = wording.day(on)
    if start is None or on < start:
        return text
    return f"{text} \u00b7 day {(on - start).days + 1}"


def missing(view: str, on: date) -> str:
    """Why a pane holds no photo."""
    return f"No {view} photo on {wording.day(on)}"


def view_line(view: str, at: int, of: int, both: int) -> str:
    """Which of the views is shown."""
    return f"view {at} of {of}, {both} in both visits" if of > 1 else "the only view"


def laid(*, synced: bool, aligned: bool) -> str:
    """How the photos are laid upon each other."""
    if not synced:
        return "Each photo moves alone"
    return "Synced, aligned by 3 points" if aligned else "Synced by place in the photo"


def fates(same: int, new: int, gone: int) -> str:
    """What became of the lesions of this view."""
    return f"{same} same \u00b7 {new} new \u00b7 {gone} gone"


def down(before: int, now: int, share: float | None) -> str:
    """``from 34, down 65 %``."""
    if share is None or before == now:
        return f"from {before}, unchanged" if before == now else f"from {before}"
    way = "down" if share < 0 else "up"
    return f"from {before}, {way} {round(abs(share) * 100)}{wording.NO_BREAK}%"


def of_target(medicine: Medicine) -> str:
    """The band of the cumulative dose that is aimed at."""
    low, high = medicine.target_low, medicine.target_high
    return f"of {wording.number(low)} to {wording.number(high)}"


def repeated(regimen: Regimen, medicine: Medicine) -> str:
    """Last month's prescription as it would be written again."""
    ways = words.combination(regimen.morning, regimen.evening)
    days = wording.amount(regimen.supply_days, "days")
    return f"{medicine.name} {wording.amount(regimen.daily, 'mg')} a day: {ways}, {days}."


def answer(spec: FactSpec, value: FactValue | None, *, alone: bool) -> str:
    """A value of an answer in words, after its label where it does not stand ``alone``."""
    text = value_text(spec, value)
    return text if alone else f"{words.lower_first(spec.label)}: {text}"


def unanswered(spec: FactSpec, *, alone: bool) -> str:
    """An answer that is lacking."""
    return "not answered" if alone else f"{words.lower_first(spec.label)}: not answered"


def change(changed: Changed, registry: Mapping[str, FactSpec]) -> str:
    """An answer that differs, with the old value."""
    spec = registry[changed.fact]
    now, before = value_text(spec, changed.now), value_text(spec, changed.before)
    return f"{spec.label}: {now}, was {before}"


def why(reason: Why, registry: Mapping[str, FactSpec]) -> str:
    """What speaks against repeating last month in one step."""
    spec = registry.get(reason.subject)
    label = spec.label if spec is not None else ""
    now = value_text(spec, reason.now) if spec is not None else ""
    match reason.code:
        case "finding":
            return reason.subject
        case "answer":
            before = value_text(spec, reason.before) if spec is not None else ""
            return f"{label}: {now}, was {before}"
        case "pregnancy_test":
            return f"{label}: {now}"
        case "lab_missing":
            return f"A due test is missing: {now}"
        case "lab_value":
            return f"{label.split(':')[0]} outside normal: {now}"
        case "weight":
            moved = Decimal(str(reason.now))
            return f"Weight moved by {wording.number(round(moved, 1))}{wording.NO_BREAK}%"
        case "dose":
            return f"The dose is {now} for today\u2019s weight"
        case _:
            return _PLAIN.get(reason.code, words.upper_first(reason.code.replace("_", " ")))


_PLAIN = {
    "weight_missing": "Today\u2019s weight is not known, or it is too old",
    "contact": "A red flag: reach the patient first",
    "gate": "Signing is closed: see Treat",
    "no_earlier": "No prescription that still holds was signed at the last visit",
    "course_end": "This visit does not ask for another month",
    "other_decision": "Another decision was chosen for this visit",
    "other_regimen": "Another dose was chosen for this visit",
}
