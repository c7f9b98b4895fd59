"""Sentences of the follow-up: panes, differences, this month's answers, and the short way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from workstation.domain.dosing import Medicine
from workstation.domain.draft import Regimen
from workstation.domain.facts import FactSpec, FactValue
from workstation.domain.unchanged import Changed, Why
from workstation.language import Sentence, noted, of_content, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import content_words, dose_words, wording

NO_EARLIER = noted("There is no earlier visit to compare with.")
LAST_DAYS = noted("No more days than reach the target.")
LOADING = noted("Reading the earlier visits")
NOT_READ = noted(
    "The earlier visits could not be read. Go to another step and come back to try again."
)
ARROW = "\u2192"
DASH = "\u2013"
ALIGN_OLDER = noted(
    "Point {n} of 3: click a place that does not move, such as a mole, on the left photo"
)
ALIGN_NEWER = noted("Point {n} of 3: click the same place on the right photo")
ALIGN_NEEDS_BOTH = noted("Both photos are needed to lay one over the other.")
ANSWERS: tuple[tuple[Sentence, tuple[str, ...]], ...] = (
    (
        noted("Pregnancy"),
        ("pregnancy.now", "pregnancy.test.state", "pregnancy.test.on", "pregnancy.last_period"),
    ),
    (
        noted("Contraception"),
        (
            "contraception.methods",
            "contraception.missed",
            "contraception.unprotected",
            "contraception.period_missed",
        ),
    ),
    (noted("Mood"), ("mood.phq2", "mood.phq9", "mood.item9", "mood.ideation", "mood.psychosis")),
    (noted("Side effects"), ("symptoms.now",)),
    (noted("Alcohol"), ("alcohol.days", "alcohol.most")),
    (noted("Medicines"), ("medicines.now",)),
    (
        noted("Capsules"),
        ("follow_up.picked_up", "follow_up.days_missed", "follow_up.capsules_left"),
    ),
)
ONLY_CAN = frozenset({noted("Pregnancy"), noted("Contraception")})
MAY_LACK = frozenset(
    {
        *("mood.phq9", "mood.item9", "pregnancy.test.on", "pregnancy.last_period"),
        *("follow_up.picked_up", "follow_up.capsules_left"),
    }
)
"""Asked only after certain answers, or said by another: when they lack, nothing is missing."""


def pane_title(visit: int, *, treated: bool) -> str:
    """What a visit is within the course: the first starts it, so visit n opens month n - 1."""
    if not treated and visit <= 1:
        return tr("Before treatment")
    return tr("Month {number}", number=visit - 1) if visit > 1 else tr("Start")


def pane_when(on: date, start: date | None) -> str:
    """The day, and the day of treatment where there is one."""
    text = wording.day(on)
    if start is None or on < start:
        return text
    return tr("{text} \u00b7 day {days}", text=text, days=(on - start).days + 1)


def missing(view: str, on: date) -> str:
    """Why a pane holds no photo."""
    return tr("No {view} photo on {day}", view=view, day=wording.day(on))


def view_line(at: int, of: int, both: int) -> str:
    """Which of the views is shown."""
    return (
        tr("view {at} of {of}, {both} in both visits", at=at, of=of, both=both)
        if of > 1
        else tr("the only view")
    )


def laid(*, synced: bool, aligned: bool) -> str:
    """How the photos are laid upon each other."""
    if not synced:
        return tr("Each photo moves alone")
    return tr("Synced, aligned by 3 points") if aligned else tr("Synced by place in the photo")


def fates(same: int, new: int, gone: int) -> str:
    """What became of the lesions of this view."""
    return tr("{same} same \u00b7 {new} new \u00b7 {gone} gone", same=same, new=new, gone=gone)


def down(before: int, now: int, share: float | None) -> str:
    """``from 34, down 65 %``."""
    if share is None or before == now:
        return (
            tr("from {before}, unchanged", before=before)
            if before == now
            else tr("from {before}", before=before)
        )
    return tr(
        "from {before}, down {share}\u00a0%" if share < 0 else "from {before}, up {share}\u00a0%",
        before=before,
        share=round(abs(share) * 100),
    )


def of_target(medicine: Medicine) -> str:
    """The band of the cumulative dose that is aimed at."""
    low, high = medicine.target_low, medicine.target_high
    return tr("of {low} to {high}", low=wording.number(low), high=wording.number(high))


def repeated(regimen: Regimen, medicine: Medicine) -> str:
    """Last month's prescription as it would be written again."""
    ways = dose_words.combination(regimen.morning, regimen.evening)
    days = wording.amount(regimen.supply_days, "days")
    return tr(
        "{name} {daily} a day: {ways}, {days}.",
        name=medicine.name,
        daily=wording.amount(regimen.daily, "mg"),
        ways=ways,
        days=days,
    )


def answer(spec: FactSpec, value: FactValue | None, *, alone: bool) -> str:
    """A value of an answer in words, after its label where it does not stand ``alone``."""
    text = content_words.value(spec, value)
    return text if alone else f"{words.lower_first(of_content(spec.label))}: {text}"


def unanswered(spec: FactSpec, *, alone: bool) -> str:
    """An answer that is lacking."""
    return (
        tr("not answered")
        if alone
        else tr("{label}: not answered", label=words.lower_first(of_content(spec.label)))
    )


def change(changed: Changed, registry: Mapping[str, FactSpec]) -> str:
    """An answer that differs, with the old value."""
    spec = registry[changed.fact]
    now, before = content_words.value(spec, changed.now), content_words.value(spec, changed.before)
    return tr("{label}: {now}, was {before}", label=of_content(spec.label), now=now, before=before)


def why(reason: Why, registry: Mapping[str, FactSpec]) -> str:
    """What speaks against repeating last month in one step."""
    spec = registry.get(reason.subject)
    label = of_content(spec.label) if spec is not None else ""
    now = content_words.value(spec, reason.now) if spec is not None else ""
    match reason.code:
        case "finding":
            return of_content(reason.subject)
        case "answer":
            before = content_words.value(spec, reason.before) if spec is not None else ""
            return tr("{label}: {now}, was {before}", label=label, now=now, before=before)
        case "pregnancy_test":
            return f"{label}: {now}"
        case "lab_missing":
            return tr("A due test is missing: {now}", now=now)
        case "lab_value":
            return tr("{test} outside normal: {now}", test=label.split(":")[0], now=now)
        case "weight":
            moved = Decimal(str(reason.now))
            return tr("Weight moved by {moved}\u00a0%", moved=wording.number(round(moved, 1)))
        case "dose":
            return tr("The dose is {now} for today\u2019s weight", now=now)
        case _:
            return tr(_PLAIN.get(reason.code, words.upper_first(reason.code.replace("_", " "))))


_PLAIN = {
    "weight_missing": noted("Today\u2019s weight is not known, or it is too old"),
    "contact": noted("A red flag: reach the patient first"),
    "gate": noted("Signing is closed: see Treat"),
    "no_earlier": noted("No prescription that still holds was signed at the last visit"),
    "course_end": noted("This visit does not ask for another month"),
    "other_decision": noted("Another decision was chosen for this visit"),
    "other_regimen": noted("Another dose was chosen for this visit"),
}
