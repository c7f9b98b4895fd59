"""Sentences and labels of the Treat and Sign steps; formats come from ``wording``."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from workstation.content.catalogue import Catalogue
from workstation.domain.dates import DateWindow
from workstation.domain.dosing import DosePlan, DoseRange, Ledger, Medicine, Product
from workstation.domain.draft import DecisionKind, Regimen
from workstation.domain.explain import FactRead
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.identity import OPEN as IDENTITY_OPEN
from workstation.domain.monitoring import PlannedTest
from workstation.domain.patient import Sex
from workstation.domain.safety import Level
from workstation.presenters import basket_wording, wording
from workstation.workflow.appraisal import Appraisal

NBSP = "\u00a0"
KILOGRAMS_PER_POUND = Decimal("0.45359237")

DECISIONS = {
    DecisionKind.PRESCRIBE: "Prescribe",
    DecisionKind.START_WORK_UP: "Start work-up, no medicine yet",
    DecisionKind.ASK_PATIENT: "Ask the patient",
    DecisionKind.SEE_IN_PERSON: "See in person",
    DecisionKind.DECLINE: "Decline",
    DecisionKind.STOP_TREATMENT: "Stop treatment",
    DecisionKind.END_COURSE: "End course",
}
INDICATION_ACNE = ("Severe nodular acne", "L70.0")
OTHER_TREATMENT = (
    "Nothing can be prescribed for this request",
    "No medicine of the formulary is used for it. Ask the patient, see in person or decline.",
)
NOT_YOURS_TO_ASK = "Only who may treat decides to ask the patient."
COUNSEL_DETAIL = "Talk these through once in this course"
COUNSELLED = "Counselled"
SEEN = "Seen"
CONTACT_TITLE = "Red flag without a contact record"
RESULT = "Result"
SPECIMEN = "Specimen, taken"
SPECIMEN_DATE = "Specimen date"
TEST = "Test"
VALUE = "Value"
UPPER_LIMIT = "Laboratory\u2019s upper limit"
FASTING = "Fasting"
SINCE_ALCOHOL = "Since the last drink"
MEASURED = "Measured on"
WHO = "Who was called"
REACHED = "Reached"
OUTCOME = "Outcome"
TEST_VALUES = (("negative", "Negative"), ("positive", "Positive"), ("equivocal", "Not clear"))
CHOOSE_RESULT = "Choose the result and the specimen."
CHOOSE_TEST = "Choose the test."
SPECIMEN_LATER = "The specimen date lies in the future. Enter the day it was taken."
DAY_LATER = "{label} lies in the future. Enter the day it happened."
DAY_EARLIER = "{label} lies in the past. Enter the day it is planned for."
NOT_ACCEPTED = "{label}: this value does not fit. Nothing was recorded."
CONTACT_MISSING = "Say who was called, whether the patient was reached, and the outcome."
NO_REASON_POSSIBLE = "No reason opens this point. Use the control in its line."
REASON_SHORT = "Write the reason in at least 10 characters."
CHOOSE_REASON = "Choose one of the reasons."
NOTHING_CHOSEN = "Nothing was chosen yet."
# Facts that carry no answer of their own: today\u2019s date and the like.
UNSHOWN = frozenset({"visit.today", "visit.submitted_on", "visit.first", "dose.chosen"})
WORK_UP, FLARE, TREATMENT, AFTER = "Work-up", "Flare possible", "Treatment", "1 month after"
POINT_STATES = {"done": "Done", "due": "Due", "missing": "Missing", "planned": "Planned"}
CHOSEN = "Day chosen"
POINT_GONE = "The plan has changed: this point is no longer in it."
POINT_DONE = "This is done. What is done stays where it was."
ORIGINS = {
    Origin.INTAKE: "intake",
    Origin.CHART: "chart",
    Origin.LABORATORY: "laboratory",
    Origin.CLINICIAN: "recorded here",
    Origin.DERIVED: "worked out",
}
CLASSES = {"conventional": "conventional", "lidose": "lidose", "micronized": "micronized LD"}
ROLES = {
    "baseline": "baseline",
    "T1": "first test (T1)",
    "T2": "second test (T2)",
    "monthly": "monthly",
    "end": "at the last dose",
    "post": "1 month after the last dose",
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
    return f"{day(value.first)} to {day(value.last)}"


def problem(code: str) -> str:
    """The sentence for an error code."""
    told = wording.message(code)
    return f"{told.title} {told.detail}"


def born(on: date, today: date) -> str:
    """14-Mar-2003 (23y)."""
    return f"Born {day(on)} ({wording.age(on, today)})"


def sex(value: Sex) -> str:
    """As recorded."""
    return wording.SEX[value][0]


def identity(external_id: str) -> str:
    """The record number in groups."""
    return wording.groups_of_three(external_id)


def blockers(count: int) -> str:
    """How many findings block signing."""
    if count == 0:
        return ""
    return "1 blocker" if count == 1 else f"{count} blockers"


def counsel(titles: tuple[str, ...]) -> str:
    """One line for all counselling points."""
    points = "1 point" if len(titles) == 1 else f"{len(titles)} points"
    return f"Counsel on {points}: {', '.join(lower_first(t) for t in titles)}"


def fact_read(read: FactRead) -> str:
    """One answer with its origin and date: ``Alcohol: none, intake Q11, 20-Nov-2026``."""
    if read.fact is None:
        return f"{read.label}: not known"
    if read.fact.origin is Origin.DERIVED:
        return f"{read.label}: {read.value_text}"
    return f"{read.label}: {read.value_text}, {source_of(read.fact)}, {day(read.fact.as_of)}"


def recorded_by(name: str) -> str:
    """Where a fact recorded at the desk comes from."""
    return f"recorded by {name}"


def product(medicine: str, form: str, name: str, formulation: str) -> str:
    """The medicine list's entry of a product."""
    shown = CLASSES.get(formulation, formulation)
    if name.lower().startswith(("generic", "isotretinoin")):
        return f"{medicine} {form}, {shown}"
    return f"{medicine} {form}, {shown}: {name}"


def weight_note(weight: Decimal | None, on: date | None) -> str:
    """When the weight was measured."""
    if weight is None:
        return "Weight is missing, so no dose can be worked out. Enter the weight."
    pounds = number((weight / KILOGRAMS_PER_POUND).quantize(Decimal(1)))
    said = f"measured {day(on)}" if on is not None else "date not known"
    return f"{pounds}{NBSP}lb, {said}"


def weight_moves(before: Decimal, now: Decimal) -> str:
    """A weight that moved more than the content's share since the last supply."""
    return (
        f"{number(now)}{NBSP}kg is far from {number(before)}{NBSP}kg at the last visit. "
        "Weigh again, or enter the same weight once more to confirm it."
    )


def per_kg(value: Decimal) -> str:
    """``= 0.48 mg/kg a day``."""
    return f"= {number(value)}{NBSP}mg/kg a day"


def per_kg_plain(value: Decimal) -> str:
    """``120 mg/kg``."""
    return f"{number(value)}{NBSP}mg/kg"


def label_range(limits: DoseRange) -> str:
    """The labelled range in words."""
    return f"label {number(limits.start)} to {number(limits.goal)}"


def supply_note(medicine: Medicine, left: int | None = None) -> str:
    """Refills and the supply limit; ``left`` days reach the target where the supply holds more."""
    refills = "0 (zero)" if medicine.max_refills == 0 else str(medicine.max_refills)
    said = f"refills {refills} \u00b7 REMS limit {medicine.max_supply_days}{NBSP}days"
    return said if left is None else f"{said} \u00b7 {left}{NBSP}days reach the target"


def line_attributes(medicine: Medicine) -> str:
    """What stands between the name and the dose."""
    return f" \u2014 {medicine.form} \u2014 {medicine.route} \u2014 "


def dose_words(regimen: Regimen, product: Product | None) -> str:
    """``10 mg every morning and 20 mg every evening, with food``."""
    doses = []
    for capsules, when in ((regimen.morning, "every morning"), (regimen.evening, "every evening")):
        if capsules:
            doses.append(f"{number(sum(capsules, Decimal(0)))}{NBSP}mg {when}")
    food = ", with food" if product is None or product.with_food else ""
    return " and ".join(doses) + food


def dispense(dose: DosePlan, medicine: Medicine, last_pick_up: date | None) -> str:
    """What the pharmacy hands out, in one line."""
    parts = [f"{count} capsules of {number(mg)}{NBSP}mg" for mg, count in dose.dispense]
    refills = "0 (zero)" if medicine.max_refills == 0 else str(medicine.max_refills)
    text = f"Dispense {' and '.join(parts)}. {dose.supply_days}{NBSP}days. Refills {refills}."
    return text if last_pick_up is None else f"{text} Last pick-up {day(last_pick_up)}."


def combination(morning: tuple[Decimal, ...], evening: tuple[Decimal, ...]) -> str:
    """``10 mg morning, 20 mg evening``."""
    parts = [
        f"{_capsules(capsules)} {when}"
        for capsules, when in ((morning, "morning"), (evening, "evening"))
        if capsules
    ]
    return ", ".join(parts) if len(parts) > 1 else f"{_capsules(morning or evening)} once daily"


def combination_note(once: bool, morning: tuple[Decimal, ...], evening: tuple[Decimal, ...]) -> str:
    """What is special about a way to make the dose."""
    if once:
        return "needs a reason: ISO-ONCE"
    one = len(set((*morning, *evening))) == 1
    return "two doses, one strength" if one else "two doses, as the label says"


def combination_count(capsules: tuple[Decimal, ...], days: int) -> str:
    """Capsules to dispense by strength: ``30 + 30``."""
    counts = Counter(capsules)
    return " + ".join(str(counts[strength] * days) for strength in sorted(counts))


def supply_text(before: Decimal, supply: Decimal, weight: Decimal) -> str:
    """This supply in mg and mg/kg, and what came before."""
    share = number((supply / weight).quantize(Decimal("0.1")))
    text = f"{number(supply)}{NBSP}mg this supply ({share}{NBSP}mg/kg)"
    return f"{number(before)}{NBSP}mg before, {text}" if before else text


def target_text(ledger: Ledger) -> str:
    """The target band in mg."""
    return f"target {number(ledger.target_low)} to {number(ledger.target_high)}{NBSP}mg"


def target_reached(ledger: Ledger) -> str:
    """When the lower target is reached at this dose, or that it is."""
    if ledger.remaining <= 0:
        return "lower target reached"
    on = ledger.target_reached_on
    return "" if on is None else f"reached on {day(on)} at this dose"


def no_capsules(daily: Decimal, nearest: tuple[Decimal, ...]) -> str:
    """An impossible dose with the nearest possible ones."""
    ways = " or ".join(f"{number(n)}{NBSP}mg" for n in nearest)
    return f"No capsules make {number(daily)}{NBSP}mg. Nearest: {ways}."


def not_a_dose(text: str) -> str:
    """The daily dose field does not hold a dose."""
    return f"\u201c{text[:12]}\u201d is not a dose. Enter milligrams a day."


def not_a_weight(text: str) -> str:
    """The weight field does not hold a weight."""
    return f"\u201c{text[:12]}\u201d is not a weight. Enter kilograms."


def not_a_supply(limit: int) -> str:
    """The supply field does not hold a possible number of days."""
    return f"The supply is 1 to {limit}{NBSP}days."


def plan_title(points: int, last: date) -> str:
    """``28 points to 20-Jun-2027``."""
    return f"{points} points to {day(last)}"


def plan_because(because: str) -> str:
    """Why a point stands where it does; the two rules of the second test are codes with days."""
    days, _, kind = because.partition("d_")
    if kind == "contraception":
        return f"{days} days on two methods"
    if kind == "interval":
        return f"{days} days after the first test"
    return upper_first(because)


def days_allowed(window_: DateWindow, allowed: DateWindow | None) -> str:
    """Which days a point of the plan may be moved to, in words."""
    if allowed is None:
        return f"The rules leave no other day: {window(window_)}."
    return f"The rules allow {window(allowed)}."


def planned(test: PlannedTest, catalogue: Catalogue) -> str:
    """A planned point by name and role."""
    if test.role == "visit":
        return "Visit, mood"
    if test.role == "pick_up":
        return "Pick up supply"
    known = catalogue.tests.get(test.test)
    name = known.name if known is not None else test.test
    role = ROLES.get(test.role, "")
    return f"{name}, {role}" if role else name


def methods(value: FactValue | None) -> str:
    """Contraceptive methods in words."""
    if not isinstance(value, tuple):
        return ""
    return " and ".join(m.replace("_", " ") for m in value)


def photo_asked(view: str) -> str:
    """Said when a photo was put on the list to ask for."""
    return f"The patient is asked for {view}. The message waits on Treat."


def gate(appraisal: Appraisal) -> str:
    """Why signing is closed, in words; "" when it is open."""
    because = appraisal.gate.because
    if not because:
        return ""
    if IDENTITY_OPEN in because:
        return gate_codes(because)
    blocking = sum(
        f.code in because and f.level >= Level.HOLD for f in appraisal.evaluation.findings
    )
    reasons = sum(f.code in because and f.level < Level.HOLD for f in appraisal.evaluation.findings)
    if blocking or reasons:
        parts = []
        if blocking:
            parts.append("1 blocker is" if blocking == 1 else f"{blocking} blockers are")
        if reasons:
            parts.append("1 reason is given" if reasons == 1 else f"{reasons} reasons are given")
        text = " resolved and ".join(parts) if len(parts) > 1 else parts[0]
        return f"Signing opens when {text}{'' if reasons else ' resolved'}"
    return gate_codes(because)


def gate_codes(because: tuple[str, ...]) -> str:
    """Why signing is closed, from codes alone."""
    sentences = {
        IDENTITY_OPEN: "Signing opens when it is settled whom this consultation is about",
        "DECISION-MISSING": "Signing opens when a decision is chosen",
        "REGIMEN-MISSING": "Signing opens when the dose is worked out. Enter the weight",
        "MEDICINE-MISSING": "Signing opens when a medicine is chosen",
        "TRIAGE-CONTACT": "Signing opens when a contact with the patient is recorded",
        "DECISION-DETAIL": "Signing opens when reason and last day of this decision are given",
        "DECISION-SENT": "This is sent to the patient, not signed. Send the message in Treat",
        "NOT-TREATABLE": "Nothing can be prescribed for this request. Choose another decision",
        "CLOCK-BEHIND": "This computer\u2019s clock is behind the records. Set it right, then sign",
    }
    for code, sentence in sentences.items():
        if code in because:
            return sentence
    faults = [basket_wording.fault(code) for code in because if code.startswith(("RX-", "E-"))]
    if faults:
        return f"Signing is closed. {faults[0][0]}. {faults[0][1]}"
    return f"Signing is closed: {', '.join(because)}"


def _capsules(capsules: tuple[Decimal, ...]) -> str:
    counts = Counter(capsules)
    return " + ".join(
        f"{number(mg)}{NBSP}mg" if n == 1 else f"{n} \u00d7 {number(mg)}{NBSP}mg"
        for mg, n in sorted(counts.items())
    )


def lower_first(text: str) -> str:
    """The first letter small, unless the word is an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def upper_first(text: str) -> str:
    """The first letter as a capital."""
    return text[:1].upper() + text[1:]


def source_of(fact: Fact) -> str:
    """Where an answer comes from, for people."""
    return fact.source or ORIGINS[fact.origin]


def pick_up_by(appraisal: Appraisal) -> date | None:
    """The last day to pick up this supply; None when no window is open."""
    return appraisal.rems.last_pick_up if appraisal.rems is not None else None
