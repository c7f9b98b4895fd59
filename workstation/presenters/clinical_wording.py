"""Sentences and labels of the Treat and Sign steps; formats come from ``wording``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workstation.content.catalogue import Catalogue
from workstation.domain.dates import DateWindow
from workstation.domain.draft import DecisionKind
from workstation.domain.explain import FactRead
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.monitoring import PlannedTest
from workstation.domain.patient import Sex
from workstation.language import heard, noted, of_content, stored, tr
from workstation.presenters import wording
from workstation.workflow.appraisal import Appraisal

NBSP = "\u00a0"

DECISIONS = {
    DecisionKind.PRESCRIBE: noted("Prescribe"),
    DecisionKind.START_WORK_UP: noted("Start work-up, no medicine yet"),
    DecisionKind.ASK_PATIENT: noted("Ask the patient"),
    DecisionKind.SEE_IN_PERSON: noted("See in person"),
    DecisionKind.DECLINE: noted("Decline"),
    DecisionKind.STOP_TREATMENT: noted("Stop treatment"),
    DecisionKind.END_COURSE: noted("End course"),
}
INDICATION_ACNE = (stored("Severe nodular acne"), "L70.0")  # signed as it stands here
OTHER_TREATMENT = (
    noted("Nothing can be prescribed for this request"),
    noted(
        "No medicine of the formulary is used for it. Ask the patient, see in person or decline."
    ),
)
NOT_YOURS_TO_SIGN = noted("A dermatologist of the clinic decides and signs.")
NOT_YOURS_TO_ASK = noted("Only who may treat decides to ask the patient.")
COUNSEL_DETAIL = noted("Talk these through once in this course")
COUNSELLED = noted("Counselled")
SEEN = noted("Seen")
CONTACT_TITLE = noted("Red flag without a contact record")
RESULT = noted("Result")
SPECIMEN = noted("Specimen, taken")
SPECIMEN_DATE = noted("Specimen date")
TEST = noted("Test")
VALUE = noted("Value")
UPPER_LIMIT = noted("Laboratory\u2019s upper limit")
FASTING = noted("Fasting")
SINCE_ALCOHOL = noted("Since the last drink")
MEASURED = noted("Measured on")
WHO = noted("Who was called")
REACHED = noted("Reached")
OUTCOME = noted("Outcome")
TEST_VALUES = (
    ("negative", noted("Negative")),
    ("positive", noted("Positive")),
    ("equivocal", noted("Not clear")),
)
CHOOSE_RESULT = noted("Choose the result and the specimen.")
CHOOSE_TEST = noted("Choose the test.")
SPECIMEN_LATER = noted("The specimen date lies in the future. Enter the day it was taken.")
DAY_LATER = noted("{label} lies in the future. Enter the day it happened.")
DAY_BEFORE_BIRTH = noted("{label} lies before the patient's birth. Check the year.")
DAY_TOO_FAR = noted("{label} lies too far ahead. Check the year.")
BEYOND = noted(
    "{label}: only {low} to {high} {unit} can be meant. Check the value and its unit. "
    "Nothing was recorded."
)
DAY_EARLIER = noted("{label} lies in the past. Enter the day it is planned for.")
NOT_ACCEPTED = noted("{label}: this value does not fit. Nothing was recorded.")
CONTACT_MISSING = noted("Say who was called, whether the patient was reached, and the outcome.")
NO_REASON_POSSIBLE = noted("No reason opens this point. Use the control in its line.")
REASON_SHORT = noted("Write the reason in at least 10 characters.")
CHOOSE_REASON = noted("Choose one of the reasons.")
NOTHING_CHOSEN = noted("Nothing was chosen yet.")
# Facts that carry no answer of their own: today\u2019s date and the like.
UNSHOWN = frozenset({"visit.today", "visit.submitted_on", "visit.first", "dose.chosen"})
WORK_UP, FLARE, TREATMENT, AFTER = (
    noted("Work-up"),
    noted("Flare possible"),
    noted("Treatment"),
    noted("1 month after"),
)
POINT_STATES = {
    "done": noted("Done"),
    "due": noted("Due"),
    "missing": noted("Missing"),
    "planned": noted("Planned"),
}
CHOSEN = noted("Day chosen")
POINT_GONE = noted("The plan has changed: this point is no longer in it.")
POINT_DONE = noted("This is done. What is done stays where it was.")
ORIGINS = {
    Origin.INTAKE: noted("intake"),
    Origin.CHART: noted("chart"),
    Origin.LABORATORY: noted("laboratory"),
    Origin.CLINICIAN: noted("recorded here"),
    Origin.DERIVED: noted("worked out"),
}
ROLES = {
    "baseline": noted("baseline"),
    "T1": noted("first test (T1)"),
    "T2": noted("second test (T2)"),
    "monthly": noted("monthly"),
    "end": noted("at the last dose"),
    "post": noted("1 month after the last dose"),
}


def number(value: Decimal) -> str:
    """A number without trailing zeros, thousands apart by commas from 1,000."""
    return wording.number(value)


def day(value: date) -> str:
    """22-Nov-2026 with hyphens that do not break."""
    return wording.day(value)


def short_day(value: date) -> str:
    """22-Nov, for axes."""
    return wording.day(value)[:-5]


def maybe_day(value: date | None) -> str:
    """The day, or an empty text."""
    return "" if value is None else day(value)


def window(value: DateWindow) -> str:
    """One day, or first to last."""
    if value.first == value.last:
        return day(value.first)
    return tr("{first} to {last}", first=day(value.first), last=day(value.last))


def problem(code: str) -> str:
    """The sentence for an error code."""
    told = wording.message(code)
    return told.line


def born(on: date, today: date) -> str:
    """14-Mar-2003 (23y)."""
    return tr("Born {day} ({age})", day=day(on), age=wording.age(on, today))


def sex(value: Sex) -> str:
    """As recorded."""
    return tr(wording.SEX[value][0])


def identity(external_id: str) -> str:
    """The record number in groups."""
    return wording.groups_of_three(external_id)


def blockers(count: int) -> str:
    """How many findings block signing."""
    if count == 0:
        return ""
    return tr("1 blocker") if count == 1 else tr("{count} blockers", count=count)


def counsel(titles: tuple[str, ...]) -> str:
    """One line for all counselling points."""
    points = tr("1 point") if len(titles) == 1 else tr("{titles} points", titles=len(titles))
    return tr(
        "Counsel on {points}: {titles}",
        points=points,
        titles=", ".join(lower_first(t) for t in titles),
    )


def fact_read(read: FactRead) -> str:
    """One answer with its origin and date: ``Alcohol: none, intake Q11, 20-Nov-2026``."""
    if read.fact is None:
        return tr("{label}: not known", label=read.label)
    if read.fact.origin is Origin.DERIVED:
        return f"{read.label}: {read.value_text}"
    return f"{read.label}: {read.value_text}, {source_of(read.fact)}, {day(read.fact.as_of)}"


def recorded_by(name: str) -> str:
    """Where a fact recorded at the desk comes from."""
    return stored("recorded by {name}", name=name)


def plan_title(points: int, last: date) -> str:
    """``28 points to 20-Jun-2027``."""
    return tr("{points} points to {day}", points=points, day=day(last))


def plan_because(because: str) -> str:
    """Why a point stands where it does; the two rules of the second test are codes with days."""
    days, _, kind = because.partition("d_")
    if kind == "contraception":
        return tr("{days} days on two methods", days=days)
    if kind == "interval":
        return tr("{days} days after the first test", days=days)
    return upper_first(because_of(because))


def because_of(because: str) -> str:
    """Why more is tested, as the plan keeps it."""
    said = heard(
        because,
        "monthly until {n} results are normal, because of: {why}",
        "monthly, because of: {why}",
    )
    head, colon, why = said.partition(": ")
    return head + colon + ", ".join(of_content(one) for one in why.split(", "))


def days_allowed(window_: DateWindow, allowed: DateWindow | None) -> str:
    """Which days a point of the plan may be moved to, in words."""
    if allowed is None:
        return tr("The rules leave no other day: {window}.", window=window(window_))
    return tr("The rules allow {window}.", window=window(allowed))


def planned(test: PlannedTest, catalogue: Catalogue) -> str:
    """A planned point by name and role."""
    if test.role == "visit":
        return tr("Visit, mood")
    if test.role == "pick_up":
        return tr("Pick up supply")
    known = catalogue.tests.get(test.test)
    name = of_content(known.name) if known is not None else test.test
    role = ROLES.get(test.role, "")
    return f"{name}, {role}" if role else name


def methods(value: FactValue | None, catalogue: Catalogue) -> str:
    """Contraceptive methods in words."""
    if not isinstance(value, tuple):
        return ""
    labels = {method.id: method.label for method in catalogue.contraception.methods}
    return tr(" and ").join(lower_first(of_content(labels.get(m, m))) for m in value)


def photo_asked(view: str) -> str:
    """Said when a photo was put on the list to ask for."""
    return tr("The patient is asked for {view}. The message waits on Treat.", view=view)


def lower_first(text: str) -> str:
    """The first letter small, unless the word is an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def upper_first(text: str) -> str:
    """The first letter as a capital."""
    return text[:1].upper() + text[1:]


def source_of(fact: Fact) -> str:
    """Where an answer comes from, for people."""
    return wording.kept(fact.source) if fact.source else tr(ORIGINS[fact.origin])


def pick_up_by(appraisal: Appraisal) -> date | None:
    """The last day to pick up this supply; None when no window is open."""
    return appraisal.rems.last_pick_up if appraisal.rems is not None else None
