"""Sentences and labels of the Treat and Sign steps; formats come from ``wording``."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from workstation.content.catalogue import Catalogue
from workstation.domain import explain
from workstation.domain.dates import DateWindow
from workstation.domain.dosing import DosePlan, DoseRange, Ledger, Medicine, Product
from workstation.domain.draft import DecisionKind, Regimen
from workstation.domain.explain import FactRead
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.identity import OPEN as IDENTITY_OPEN
from workstation.domain.monitoring import PlannedTest
from workstation.domain.patient import Sex
from workstation.domain.safety import Level
from workstation.language import heard, noted, of_content, plural, stored, tr
from workstation.presenters import basket_wording, wording
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.gate import UNSEEN

NBSP = "\u00a0"
KILOGRAMS_PER_POUND = Decimal("0.45359237")

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
CLASSES = {
    "conventional": noted("conventional"),
    "lidose": noted("lidose"),
    "micronized": noted("micronized LD"),
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


def product(medicine: str, form: str, name: str, formulation: str) -> str:
    """The medicine list's entry of a product."""
    shown = CLASSES.get(formulation, formulation)
    if name.lower().startswith(("generic", "isotretinoin")):
        return f"{medicine} {form}, {shown}"
    return f"{medicine} {form}, {shown}: {name}"


def weight_note(weight: Decimal | None, on: date | None) -> str:
    """When the weight was measured."""
    if weight is None:
        return tr("Weight is missing, so no dose can be worked out. Enter the weight.")
    pounds = number((weight / KILOGRAMS_PER_POUND).quantize(Decimal(1)))
    said = tr("measured {day}", day=day(on)) if on is not None else tr("date not known")
    return tr("{pounds}\u00a0lb, {said}", pounds=pounds, said=said)


def weight_moves(before: Decimal, now: Decimal) -> str:
    """A weight that moved more than the content's share since the last supply."""
    return tr(
        "{now}\u00a0kg is far from {before}\u00a0kg at the last visit. Weigh again, or enter the same weight once more to confirm it.",
        now=number(now),
        before=number(before),
    )


def per_kg(value: Decimal) -> str:
    """``= 0.48 mg/kg a day``."""
    return tr("= {value}\u00a0mg/kg a day", value=number(value))


def per_kg_plain(value: Decimal) -> str:
    """``120 mg/kg``."""
    return f"{number(value)}{NBSP}mg/kg"


def label_range(limits: DoseRange) -> str:
    """The labelled range in words."""
    return tr("label {start} to {goal}", start=number(limits.start), goal=number(limits.goal))


def supply_note(medicine: Medicine, left: int | None = None) -> str:
    """Refills and the supply limit; ``left`` days reach the target where the supply holds more."""
    refills = tr("0 (zero)") if medicine.max_refills == 0 else str(medicine.max_refills)
    said = tr(
        "refills {refills} \u00b7 REMS limit {max_supply_days}\u00a0days",
        refills=refills,
        max_supply_days=medicine.max_supply_days,
    )
    return (
        said
        if left is None
        else tr("{said} \u00b7 {left}\u00a0days reach the target", said=said, left=left)
    )


def line_attributes(medicine: Medicine) -> str:
    """What stands between the name and the dose."""
    return f" \u2014 {medicine.form} \u2014 {medicine.route} \u2014 "


def dose_words(regimen: Regimen, product: Product | None) -> str:
    """``10 mg every morning and 20 mg every evening, with food``: as it will print."""
    doses = []
    for capsules, when in (
        (regimen.morning, stored("every morning")),
        (regimen.evening, stored("every evening")),
    ):
        if capsules:
            doses.append(
                stored("{dose}\u00a0mg {when}", dose=number(sum(capsules, Decimal(0))), when=when)
            )
    food = stored(", with food") if product is None or product.with_food else ""
    return stored(" and ").join(doses) + food


def dispense(dose: DosePlan, medicine: Medicine, last_pick_up: date | None) -> str:
    """What the pharmacy hands out, in one line, as it will print."""
    parts = [
        stored("{count} capsules of {mg}\u00a0mg", count=count, mg=number(mg))
        for mg, count in dose.dispense
    ]
    refills = "0 (zero)" if medicine.max_refills == 0 else str(medicine.max_refills)
    text = stored(
        "Dispense {parts}. {supply_days}\u00a0days. Refills {refills}.",
        parts=stored(" and ").join(parts),
        supply_days=dose.supply_days,
        refills=refills,
    )
    return (
        text
        if last_pick_up is None
        else stored("{text} Last pick-up {day}.", text=text, day=explain.day_text(last_pick_up))
    )


def combination(morning: tuple[Decimal, ...], evening: tuple[Decimal, ...]) -> str:
    """``10 mg morning, 20 mg evening``."""
    parts = [
        f"{_capsules(capsules)} {when}"
        for capsules, when in ((morning, tr("morning")), (evening, tr("evening")))
        if capsules
    ]
    return (
        ", ".join(parts)
        if len(parts) > 1
        else tr("{capsules} once daily", capsules=_capsules(morning or evening))
    )


def combination_note(once: bool, morning: tuple[Decimal, ...], evening: tuple[Decimal, ...]) -> str:
    """What is special about a way to make the dose."""
    if once:
        return tr("needs a reason: ISO-ONCE")
    one = len(set((*morning, *evening))) == 1
    return tr("two doses, one strength") if one else tr("two doses, as the label says")


def combination_count(capsules: tuple[Decimal, ...], days: int) -> str:
    """Capsules to dispense by strength: ``30 + 30``."""
    counts = Counter(capsules)
    return " + ".join(str(counts[strength] * days) for strength in sorted(counts))


def supply_text(before: Decimal, supply: Decimal, weight: Decimal) -> str:
    """This supply in mg and mg/kg, and what came before."""
    share = number((supply / weight).quantize(Decimal("0.1")))
    text = tr(
        "{supply}\u00a0mg this supply ({share}\u00a0mg/kg)", supply=number(supply), share=share
    )
    return (
        tr("{before}\u00a0mg before, {text}", before=number(before), text=text) if before else text
    )


def target_text(ledger: Ledger) -> str:
    """The target band in mg."""
    return tr(
        "target {target_low} to {target_high}\u00a0mg",
        target_low=number(ledger.target_low),
        target_high=number(ledger.target_high),
    )


def earlier_courses(per_kg: Decimal) -> str:
    """What earlier courses came to; "" where there was none."""
    return tr("earlier courses {dose}", dose=per_kg_plain(per_kg)) if per_kg > 0 else ""


def target_reached(ledger: Ledger) -> str:
    """When the lower target is reached at this dose, or that it is."""
    if ledger.remaining <= 0:
        return tr("lower target reached")
    on = ledger.target_reached_on
    return "" if on is None else tr("reached on {day} at this dose", day=day(on))


def no_capsules(daily: Decimal, nearest: tuple[Decimal, ...]) -> str:
    """An impossible dose with the nearest possible ones."""
    ways = tr(" or ").join(f"{number(n)}{NBSP}mg" for n in nearest)
    return tr("No capsules make {daily}\u00a0mg. Nearest: {ways}.", daily=number(daily), ways=ways)


def not_a_dose(text: str) -> str:
    """The daily dose field does not hold a dose."""
    return tr("\u201c{text}\u201d is not a dose. Enter milligrams a day.", text=text[:12])


def not_a_weight(text: str) -> str:
    """The weight field does not hold a weight."""
    return tr("\u201c{text}\u201d is not a weight. Enter kilograms.", text=text[:12])


def not_a_supply(limit: int) -> str:
    """The supply field does not hold a possible number of days."""
    return tr("The supply is 1 to {limit}\u00a0days.", limit=limit)


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


def gate(appraisal: Appraisal) -> str:
    """Why signing is closed, in words; "" when it is open."""
    because = appraisal.gate.because
    if not because:
        return ""
    if IDENTITY_OPEN in because or UNSEEN in because:
        return gate_codes(because)
    blocking = sum(
        f.code in because and f.level >= Level.HOLD for f in appraisal.evaluation.findings
    )
    reasons = sum(f.code in because and f.level < Level.HOLD for f in appraisal.evaluation.findings)
    if blocking or reasons:
        resolved = plural(blocking, "{n} blocker is resolved", "{n} blockers are resolved")
        given = plural(reasons, "{n} reason is given", "{n} reasons are given")
        if blocking and reasons:
            return tr("Signing opens when {resolved} and {given}", resolved=resolved, given=given)
        return tr("Signing opens when {done}", done=resolved if blocking else given)
    return gate_codes(because)


def gate_codes(because: tuple[str, ...]) -> str:
    """Why signing is closed, from codes alone."""
    sentences = {
        IDENTITY_OPEN: tr("Signing opens when it is settled whom this consultation is about"),
        UNSEEN: tr(
            "Signing opens when you have seen what the sender sent again. It is listed above the page"
        ),
        "DECISION-MISSING": tr("Signing opens when a decision is chosen"),
        "REGIMEN-MISSING": tr("Signing opens when the dose is worked out. Enter the weight"),
        "MEDICINE-MISSING": tr("Signing opens when a medicine is chosen"),
        "TRIAGE-CONTACT": tr("Signing opens when a contact with the patient is recorded"),
        "DECISION-DETAIL": tr("Signing opens when reason and last day of this decision are given"),
        "DECISION-SENT": tr("This is sent to the patient, not signed. Send the message in Treat"),
        "NOT-TREATABLE": tr("Nothing can be prescribed for this request. Choose another decision"),
        "CLOCK-BEHIND": tr(
            "This computer\u2019s clock is behind the records. Set it right, or see Records, More"
        ),
    }
    for code, sentence in sentences.items():
        if code in because:
            return sentence
    faults = [basket_wording.fault(code) for code in because if code.startswith(("RX-", "E-"))]
    if faults:
        return tr("Signing is closed. {fault}. {where}", fault=faults[0][0], where=faults[0][1])
    return tr("Signing is closed: {because}", because=", ".join(because))


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
    return wording.kept(fact.source) if fact.source else tr(ORIGINS[fact.origin])


def pick_up_by(appraisal: Appraisal) -> date | None:
    """The last day to pick up this supply; None when no window is open."""
    return appraisal.rems.last_pick_up if appraisal.rems is not None else None
