"""Named results of the clinical content: what public functions answer along every number's axis.

Each probe asks functions of the domain, never the content's own fields, so a number that changes
no probe (nor any worked example or golden case) decides nothing. Values on which the probes lie
are fixed here or come from the content as shipped, so that both sides of a shift are asked alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.safety import cases
from tests.safety.answers import shipped
from workstation import assets
from workstation.content import vectors
from workstation.content.catalogue import Catalogue, load
from workstation.domain import (
    capsules,
    directions,
    dosing,
    laboratory,
    prescription,
    protocols,
    schemes,
    severity,
    triage,
)
from workstation.domain import rems_windows as rems
from workstation.domain.contraception import check_pair
from workstation.domain.derivation import derive
from workstation.domain.draft import Reason
from workstation.domain.facts import Fact, FactKind, Facts, FactValue, Origin
from workstation.domain.ids import AnnotationId, PhotoId, UserId
from workstation.domain.lesions import (
    Annotation,
    LesionType,
    MadeBy,
    Point,
    Tally,
    typed_by_size,
)
from workstation.domain.plan import Course, plan_tests
from workstation.domain.protocol_choice import CUSTOM, ChosenProtocol, OwnProtocol, protocol_of
from workstation.domain.rems_record import Supplied
from workstation.domain.rules import Evaluation, Level, Rule, RuleBook
from workstation.domain.safety import evaluate
from workstation.domain.schemes_opinions import assess_schemes
from workstation.domain.unchanged import against
from workstation.domain.work_up import plan_work_up

Named = Mapping[str, object]
Probe = Callable[[Catalogue], Iterator[tuple[str, object]]]
GOLDEN = Path(__file__).with_name("golden-cases.json")
TODAY, KG = cases.TODAY, Decimal(100)
SUPPLIES = (30, 32, 33)  # days after which a part of a unit, or a whole one, is left over
DAY_NAMES = ("days", "months")
NOTHING = Tally((), (), ())
NODULE = Annotation(  # half a pixel wide to each side: the scale is its size
    AnnotationId("a"), PhotoId("p"), LesionType.NODULE, Point(1, 1), 0.5, "", UserId("u"),
    cases.SENT, MadeBy.CLINICIAN, False, None,
)  # fmt: skip


@cache
def as_shipped() -> Catalogue:
    return load(assets.resource("clinical"))


CLEAR = severity.grade(as_shipped().rubric, severity.Counts(0, 0, 0, None))


def results(content: Catalogue) -> dict[str, object]:
    """Every named result of ``content``."""
    found: dict[str, object] = {}
    for probe in PROBES:
        found.update(probe(content))
    return found


# -- golden cases and worked examples --------------------------------------------------------------


def golden(content: Catalogue) -> Iterator[tuple[str, object]]:
    for case in vectors.run(GOLDEN, content):
        yield f"case {case.id}", (dict(case.actual), case.fault)


def _level(content: Catalogue, rule: Rule, facts: Facts) -> Level:
    medicine = (rule.medicines or ("isotretinoin",))[0]
    found = evaluate(content.rulebook, facts, (medicine,), (), content.facts)
    return max((f.level for f in found.findings if f.code == rule.code), default=Level.OK)


def _verdict(book: RuleBook, content: Catalogue, rule: Rule, facts: Facts) -> tuple[Level, bool]:
    """The rule's level in ``book``, and whether it is among the checks passed."""
    medicine = (rule.medicines or ("isotretinoin",))[0]
    found = evaluate(book, facts, (medicine,), (), content.facts)
    level = max((f.level for f in found.findings if f.code == rule.code), default=Level.OK)
    return level, rule.code in {check.code for check in found.passed}


def _alone(content: Catalogue, rule: Rule) -> RuleBook:
    """The rule book with this rule alone, and all questions."""
    try:
        own = content.rulebook.rule(rule.code)
    except KeyError:
        return content.rulebook
    return replace(
        content.rulebook, rules=(own,), rules_of=dict.fromkeys(rule.medicines or ("",), (own,))
    )


def examples(content: Catalogue) -> Iterator[tuple[str, object]]:
    safe = shipped().safe
    for rule in as_shipped().rulebook.rules:
        for example in rule.examples:
            facts = safe.with_facts(example.facts.values()).without(example.unknown)
            yield f"example {rule.code} line {example.line}", _level(content, rule, facts)


# -- edges of rules, of red flags and of questions -------------------------------------------------


def _quantities(text: str) -> tuple[tuple[str, Decimal], ...]:
    found = re.findall(r"\b([a-zA-Z_]+)\((\d+(?:\.\d+)?)\)", text)
    return tuple((unit, Decimal(number)) for unit, number in found)


def _around(number: Decimal) -> tuple[Decimal, ...]:
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return tuple(number + step * n for n in (-2, -1, 0, 1, 2)) + (number + step / 2,)


def _values(name: str, unit: str, number: Decimal) -> Iterator[FactValue]:
    """Values of the fact ``name`` on both sides of ``unit(number)``."""
    spec = as_shipped().facts[name]
    if spec.kind is FactKind.DAY and unit in DAY_NAMES and name != "visit.today":
        size = 1 if unit == "days" else 30
        for near in _around(number):
            for off in (-1, 0, 1):
                yield TODAY - timedelta(days=int(near * size) + off)
                yield TODAY + timedelta(days=int(near * size) + off)
    elif spec.unit == unit:
        for near in _around(number):
            if near < 0 or (spec.kind is FactKind.WHOLE and near % 1):
                continue
            yield int(near) if spec.kind is FactKind.WHOLE else near


def _swept(facts: Facts, text: str, reads: tuple[str, ...]) -> Iterator[tuple[str, Facts]]:
    for unit, number in _quantities(text):
        for name in reads:
            for value in _values(name, unit, number):
                fact = Fact(name, value, Origin.CLINICIAN, TODAY, "probe")
                yield f"{name} = {value}", facts.with_facts((fact,))


def edges_of_rules(content: Catalogue, first: str = "") -> Iterator[tuple[str, object]]:
    """The edges of every rule; those of the file ``first`` before the others."""
    safe = shipped().safe
    for rule in sorted(as_shipped().rulebook.rules, key=lambda rule: not first.endswith(rule.file)):
        book = _alone(content, rule)
        parts = [clause.when for clause in rule.clauses]
        parts += [rule.applies] if rule.applies is not None else []
        for part in parts:
            if not _quantities(part.text):
                continue
            for example in rule.examples:
                facts = safe.with_facts(example.facts.values()).without(example.unknown)
                for gone in ("", *part.reads):
                    some = facts.without((gone,))
                    for words, swept in _swept(some, part.text, part.reads):
                        name = f"rule {rule.code} from line {example.line} without {gone}, {words}"
                        yield name, _verdict(book, content, rule, swept)


ALARMS: tuple[dict[str, FactValue], ...] = (
    {},
    {"pregnancy.now": True, "course.last_dose": TODAY},
    {"medicines.now": ("spironolactone",)},
    {"course.on_isotretinoin": True, "symptoms.now": ("severe_epigastric_pain",)},
    {"pregnancy.test.hours_left": 20},
    {"mood.phq2": 6, "mood.phq9": 15},
)


def edges_of_triage(content: Catalogue) -> Iterator[tuple[str, object]]:
    safe = shipped().safe
    flags = as_shipped().triage.flags
    for number, alarm in enumerate(ALARMS):
        start = safe.with_facts(
            Fact(n, v, Origin.CLINICIAN, TODAY, "probe") for n, v in alarm.items()
        )
        for flag in flags:
            for words, facts in _swept(start, flag.when.text, flag.when.reads):
                found = triage.assess_triage(content.triage, facts, cases.SENT)
                name = f"flag {flag.code} from alarm {number}, {words}"
                yield name, tuple(f.code for f in found.flags)
    for level in triage.TriageLevel:
        found = triage.Triage(level, (), cases.SENT, content.triage.targets[level].first_look)
        yield f"escalation {level.name}", triage.escalation(content.triage, found)
    yield "minutes until the next call", content.triage.next_tries
    for name, change in WAITS.items():
        facts = safe.with_facts((Fact(*change, Origin.CLINICIAN, TODAY, "probe"),))
        found = triage.assess_triage(content.triage, facts, cases.SENT)
        target = content.triage.targets[found.level]
        yield f"wait {name}", (found.deadline, cases.SENT + target.decision)


WAITS: dict[str, tuple[str, FactValue]] = {
    "routine": ("severity.grade", "mild"),
    "priority": ("severity.scarring", True),
    "urgent": ("mood.item9", 1),
    "emergent": ("mood.ideation", True),
}


def edges_of_questions(content: Catalogue) -> Iterator[tuple[str, object]]:
    safe = shipped().safe
    for ask in as_shipped().rulebook.asks:
        if ask.asked_when is None:
            continue
        facts = safe.without((ask.spec.name,))
        for words, swept in _swept(facts, ask.asked_when.text, ask.asked_when.reads):
            medicine = ask.medicines[0]
            found = evaluate(content.rulebook, swept, (medicine,), (), content.facts)
            held = ask.code in {f.code for f in found.findings}
            yield f"question {ask.code}, {words}", held


def reasons(content: Catalogue) -> Iterator[tuple[str, object]]:
    safe = shipped().safe.with_facts(
        (Fact("history.bowel_disease", True, Origin.CLINICIAN, TODAY, "probe"),)
    )
    found = evaluate(content.rulebook, safe, ("isotretinoin",), (), content.facts).findings[0]
    for length in range(1, 20):
        given = Reason(found.code, "other", "x" * length, UserId("u"), TODAY, found.facts_digest)
        again = evaluate(content.rulebook, safe, ("isotretinoin",), (given,), content.facts)
        yield f"reason in {length} characters", again.findings[0].is_open


# -- severity --------------------------------------------------------------------------------------


def severities(content: Catalogue) -> Iterator[tuple[str, object]]:
    for rubric in content.rubrics.values():
        for n in range(140):
            for place, counts in enumerate(((n, 0, 0), (0, n, 0), (0, 0, n), (n, 14, 0))):
                found = severity.grade(rubric, severity.Counts(*counts, False))
                bands = tuple(r.band.code for r in found.results)
                yield f"{rubric.id} {place} {n}", (found.grade, found.codes, bands)
    every = content.schemes
    for site in ("face", "chest", "back", "comedonal"):
        for picked in range(15):
            chosen = (Fact(f"severity.leeds_{site}", picked, Origin.CLINICIAN, TODAY, "probe"),)
            seen = assess_schemes(every, (), NOTHING, (), CLEAR, Facts(chosen)).leeds
            yield f"Leeds {site} {picked}", seen
    for region, _ in as_shipped().schemes.gags.factors:
        for lesion, _ in as_shipped().schemes.gags.worths:
            seen = schemes.gags(every.gags, {region: lesion})
            yield f"GAGS {region} {lesion}", seen.lower_bound
    for score in range(46):
        yield f"GAGS score {score}", schemes.banded(every.gags.bands, score)
        yield f"Hayashi {score + 10}", schemes.hayashi(every.hayashi, score + 10, 0, 0).grade
        yield f"Hayashi {score // 2}", schemes.hayashi(every.hayashi, score // 2, 0, 0).grade
    for n in range(60):
        for place, counts in enumerate(
            ((n, 0, 0), (0, n, 0), (0, 0, n), (n, 1, 0), (n, 2, 0), (0, n, 1), (1, 0, n))
        ):
            yield f"IGA hint {place} {n}", schemes.iga_hint(every.iga_hint, *counts)
    for age in range(10, 15):
        for nodules in range(5):
            for iga in range(6):
                yield (
                    f"candidate {age} {nodules} {iga}",
                    schemes.candidacy(
                        every.candidacy,
                        count_grade="severe" if iga < 3 else "mild",
                        iga=iga,
                        psychosocial_burden=False,
                        scarring=False,
                        failed_standard_therapy=False,
                        age=age,
                        nodules=nodules,
                        failed_systemic_antibiotic=True,
                        pregnant=False,
                    ),
                )


# -- dose ------------------------------------------------------------------------------------------


def doses(content: Catalogue) -> Iterator[tuple[str, object]]:
    for medicine in content.medicines.values():
        for product in medicine.products:
            for daily in range(4, 82):
                ways = capsules.combinations(Decimal(daily), product.strengths)
                yield f"{product.id} {daily} mg a day", ways
            for strength in range(1, 50):
                for excipient in ("soybean_oil", "parabens", "tartrazine", "fdc_yellow_6"):
                    held = product.holds(excipient, Decimal(strength))
                    yield f"{product.id} {strength} mg holds {excipient}", held
            for strength, code in product.rxnorm:
                yield f"{product.id} {strength} mg is RxNorm", code
        for limits in medicine.ranges:
            kind = limits.formulation
            for weight in range(30, 120, 7):
                proposed = dosing.proposed_daily(Decimal(weight), medicine, kind)
                yield f"{kind} start at {weight} kg", proposed
            for hundredths in range(10, 215):
                place = dosing.dose_check(Decimal(hundredths), KG, medicine, kind, 2).place
                yield f"{kind} {hundredths} hundredths mg/kg", place
            start = dosing.dose_range(medicine, kind).start * Decimal(1000)
            yield f"{kind} start for a tonne", capsules.nearest_possible(start, (Decimal(1),))
        yield from _courses(medicine)


def _courses(medicine: dosing.Medicine) -> Iterator[tuple[str, object]]:
    for kind in ("conventional", "micronized"):
        taken = dosing.Dispensed(date(2026, 3, 1), Decimal(60), 100, kind, KG)
        found = dosing.ledger((taken,), KG, medicine, Decimal(60), TODAY, next_formulation=kind)
        yield f"ledger after {kind}", found
    yield "end of the cumulative chart", medicine.target_above * KG
    for last in (date(2026, 1, 15), date(2025, 12, 31), date(2027, 12, 31), date(2026, 7, 3)):
        yield f"second course after {last}", dosing.second_course_from(last, medicine)
        yield f"pauses after {last}", dosing.pauses(last, medicine)
    for percent in range(1000):
        moved = dosing.weight_moved(KG, KG + Decimal(percent) / 20, medicine)
        yield f"weight moved by {percent} twentieths", moved
    for day in range(-1, 200):
        bucket = dosing.bucket_of(medicine, day)
        yield f"expected on day {day}", None if bucket is None else bucket.expect
    for days in range(25, 35):
        for refills in range(3):
            yield f"supply {days} {refills}", prescription.supply(1, days, refills, medicine)
    for quantity in range(1, 100):
        yield f"pack {quantity}", prescription.supply(quantity, 1, 0, medicine).notes


# -- REMS ------------------------------------------------------------------------------------------


def windows(content: Catalogue) -> Iterator[tuple[str, object]]:
    start = date(2026, 1, 31)
    for rules in content.rems.values():
        named = f"{rules.id} "
        for who in rems.Category:
            yield named + f"last pick-up {who.value}", rems.last_pick_up(rules, who, start)
        for apart in (-20, 20):
            methods = start + timedelta(days=apart)
            found = rems.earliest_confirmation(rules, start, methods)
            yield named + f"confirmation {apart}", found
        for first in (True, False):
            yield named + f"missed {first}", rems.next_test_after_missed(rules, start, first)
        yield named + "end", rems.end_of_course(rules, start)
        yield named + "end in July", rems.end_of_course(rules, date(2026, 7, 1))
        for off in range(-2, 10):
            specimen = start + timedelta(days=off)
            yield named + f"menses day {off}", rems.in_menses(rules, specimen, start)
        for months in range(8, 16):
            found_category = rems.category_of(
                rules=rules,
                assigned_male_at_birth=False,
                uterus=True,
                ovaries=True,
                months_since_last_menses=months,
                menopause_medically_confirmed=True,
            )
            yield named + f"{months} months without menses", found_category
    chosen = ("hormonal_IUD", "combined_pill", "male_condom", "diaphragm_spermicide")
    for size in range(1, 5):
        yield f"{size} methods", check_pair(chosen[:size], content.contraception)


# -- laboratory and plan ---------------------------------------------------------------------------


def laboratories(content: Catalogue) -> Iterator[tuple[str, object]]:
    limit = Decimal(10)
    for band in as_shipped().thresholds.bands:
        test = content.tests[band.test]
        for word in band.words:
            said = replace(cases.lab(band.test, word, TODAY), upper_limit=limit)
            found = laboratory.action_for(test, said, content.thresholds)
            yield (
                f"{band.test} {word}",
                None if found is None else (found.action, found.repeat_days),
            )
        for edge in (band.low, band.high):
            if edge is None:
                continue
            for near in _around(edge):
                value = near * limit if band.per_upper_limit else near
                result = _result(band.test, value, test.unit, limit)
                found = laboratory.action_for(
                    test, result, content.thresholds, condition=band.condition
                )
                asked = None if found is None else (found.action, found.repeat_days)
                yield f"{band.test} {band.condition} at {near}", asked
    for row in as_shipped().thresholds.conversions:
        test = content.tests[row.test]
        result = _result(row.test, Decimal("3.7"), row.unit, None)
        value = laboratory.own_value(test, result, content.thresholds)
        yield (
            f"{row.test} in {row.unit}",
            None if value is None else value.quantize(Decimal("1e-9")),
        )
    for name, test in as_shipped().tests.items():
        for value in () if test.lowest is None else _close(test.lowest):
            result = _result(name, value, test.unit, None)
            read = laboratory.own_value(content.tests[name], result, content.thresholds)
            yield f"{name} of {value}", read is not None
    for hours in range(30, 42):
        result = replace(_result("tg", Decimal(100), "mg/dL", None), hours_since_alcohol=hours)
        ready = laboratory.preparation(content.tests["tg"], result, content.thresholds)
        yield f"{hours} h after alcohol", ready
    for tenths in range(10, 120):
        for test in ("alt", "bilirubin", "ck"):
            given = {"alt": Decimal(90), "bilirubin": Decimal(90), "ck": Decimal(1)}
            given[test] = Decimal(tenths)
            made = [_result(t, v, content.tests[t].unit, limit) for t, v in given.items()]
            made.append(_result("ast", Decimal(999), content.tests["alt"].unit, limit))
            found_codes = laboratory.combined_findings(tuple(made), content.thresholds)
            yield f"combined {test} {tenths}", found_codes


def _result(test: str, value: Decimal, unit: str | None, limit: Decimal | None) -> Any:
    made = cases.lab(test, value, TODAY, upper=None, unit=unit)
    return replace(made, upper_limit=limit, unit=unit)


def plans(content: Catalogue) -> Iterator[tuple[str, object]]:
    course = Course(
        picked_up=(Supplied(date(2026, 4, 11), 30),),
        next_on=TODAY,
        supplies=4,
        supply_days=30,
        peak_from=date(2026, 4, 20),
        contraception_start=date(2026, 1, 6),
        drinks=False,
    )
    for id_ in sorted(as_shipped().protocols):
        for more in (False, True):
            reasons = content.plan_rules.more_needed[:1] if more else ()
            choice = protocols.choose_protocol(content.protocols, content.plan_rules, id_, reasons)
            for rules in content.rems.values():
                for category in rems.Category:
                    plan = plan_tests(
                        choice=choice,
                        rules=content.plan_rules,
                        tests=content.tests,
                        thresholds=content.thresholds,
                        rems=rules,
                        category=category,
                        course=course,
                        results=(cases.lab("alt", 130, TODAY - timedelta(days=1)),),
                        today=TODAY,
                    )
                    named = f"plan {id_} more={more} {rules.id} {category.value}"
                    yield named, (plan.tests, plan.flare, plan.ends, plan.contraception)
    own = OwnProtocol((), (), "start", 0, monthly=True)
    for days in range(90):
        asked = ChosenProtocol(CUSTOM, replace(own, during_days=days))
        found = protocol_of(asked, content.protocols, content.plan_rules, content.tests)
        yield f"own protocol each {days}", (found.baseline, found.during, found.during_days)
    facts = shipped().safe
    for most in range(4):
        drinks = facts.with_facts(
            (Fact("alcohol.most", Decimal(most), Origin.CLINICIAN, TODAY, "probe"),)
        )
        yield f"monthly at {most} drinks", _more(content, drinks, ())
    for test in content.tests:
        edges = [Decimal(n) for n in range(60, 170)] + [Decimal(n) for n in range(195, 205)]
        if test in ("tg", "alt"):
            for value in edges:
                unit = content.tests[test].unit
                made = (_result(test, value, unit, Decimal(100)),)
                yield f"monthly at {test} {value}", _more(content, facts, made)
    for rules in content.rems.values():
        for category in rems.Category:
            work_up = plan_work_up(
                protocol=content.protocols["DELPHI-2022"],
                rules=content.plan_rules,
                tests=content.tests,
                rems=rules,
                category=category,
                facts=facts,
                results=(),
                contraception_start=None,
                menses_on=None,
                regular_menses=None,
                today=TODAY,
            )
            yield f"work-up {rules.id} {category.value}", (work_up.tests, work_up.return_on)


def _more(content: Catalogue, facts: Facts, made: tuple[Any, ...]) -> tuple[str, ...]:
    found = protocols.more_needed(
        content.plan_rules, facts, content.tests, content.thresholds, made, TODAY
    )
    return tuple(row.id for row in found)


# -- prescription, age and freshness ---------------------------------------------------------------


def prescriptions(content: Catalogue) -> Iterator[tuple[str, object]]:
    for words in ("once daily", "twice daily", "three times daily", "every other day",
                  "daily", "nightly", "at bedtime", "four times daily"):  # fmt: skip
        for word, _ in as_shipped().prescription.frequencies:
            for said in (words, word):
                sig = f"Take 3 capsules {said}"
                yield f"units of {said}", prescription.daily_units(sig, content.prescription)


def directed(content: Catalogue) -> Iterator[tuple[str, object]]:
    """The usual prescription, units for some days, packs that make an amount, and every limit."""
    for id, listed in as_shipped().directed.items():
        medicine = content.directed[id]
        for usual in listed.usuals:
            found = medicine.usual(usual.indication)
            yield f"{id} usual for {usual.indication}", None if found is None else found.directed
            item = usual.directed
            for days in {*_near(listed.max_supply_days), item.days}:
                for refills in range(listed.max_refills + 3):
                    asked = replace(item, days=days, refills=refills)
                    codes = directions.faults(asked, content.directed)
                    yield f"{id} {usual.indication} {days} days {refills} refills", codes
                yield f"{id} refills at {days} days", directions.refills_allowed(days, medicine)
        for days in range(1, listed.max_total_days + 3):
            yield f"{id} refills at {days} days", directions.refills_allowed(days, medicine)
            yield (
                f"{id} total of {days} days",
                directions.TOTAL
                in directions.faults(
                    replace(listed.usuals[0].directed, days=days, refills=0), content.directed
                ),
            )
        for own, product in zip(listed.products, medicine.products, strict=True):
            for pack in own.packs:
                yield f"{id} {own.id} in {pack}", directions.packs_of(pack, product.packs)
        most = listed.max_daily
        for amount in () if most is None else _around(most):
            # As often and as many as is usual, so that the day's sum is what lies at the limit.
            units = directions.resolve(listed.usuals[0].directed, as_shipped().directed)
            assert units is not None and units.per_day
            one = replace(listed.usuals[0].directed, strength=f"{amount / units.per_day:f} mg")
            yield f"{id} {amount} mg a day", directions.faults(one, content.directed)
        for dose in listed.doses:
            for often in listed.frequencies:
                for product in listed.products:
                    for strength in product.strengths:
                        item = replace(
                            listed.usuals[0].directed, product=product.id, dose=dose.id,
                            frequency=often.id, strength=strength,
                        )  # fmt: skip
                        named = f"{id} {product.id} {strength} {dose.id} {often.id}"
                        part = directions.resolve(item, content.directed)
                        if part is not None:
                            for days in SUPPLIES:
                                yield f"{named} for {days} days", directions.needed(part, days)
                        yield f"{named} faults", directions.faults(item, content.directed)
    yield "first fill", content.terms.last_fill(TODAY)
    for waived in range(21):
        yield f"waived {waived} of 20", content.terms.often_waived(waived, 20)


def _near(number: int) -> tuple[int, ...]:
    return number - 1, number, number + 1


def _close(limit: Decimal) -> tuple[Decimal, ...]:
    step = Decimal(1).scaleb(int(limit.as_tuple().exponent))
    return limit - step, limit, limit + step


def derived(content: Catalogue) -> Iterator[tuple[str, object]]:
    for state in content.prescription.states:
        for age in range(15, 24):
            born = date(TODAY.year - age, 1, 1)
            address = replace(cases.patient().address, state=state.code)
            made = cases.case(patient=cases.patient(born=born, address=address), catalogue=content)
            if state.code in ("CA", "AL", "NE", "MS", "PR") or age == 18:
                facts = derive(made)
                yield f"{state.code} at {age} a minor", facts.value("patient.minor")
    for ago in (*range(10, 18), *range(27, 40)):
        on = TODAY - timedelta(days=ago)
        told = cases.said("alcohol.most", Decimal(0), on=on)
        weighed = cases.said("patient.weight", Decimal(60), Origin.CLINICIAN, on=on)
        facts = derive(cases.case(told, weighed, without=("patient.weight_on",), catalogue=content))
        yield f"told {ago} days ago", facts.value("alcohol.most")
        yield f"weighed {ago} days ago", facts.value("patient.weight_stale")
        tests = (cases.lab("hcg_urine", "positive", on), cases.lab("hcg_urine", "negative", TODAY))
        facts = derive(cases.case(*cases.can(), results=tests, catalogue=content))
        yield f"positive {ago} days ago", facts.value("pregnancy.test.recent_positive")
    for ago in range(277, 284):
        old = cases.lab("hcg_urine", "positive", TODAY - timedelta(days=ago))
        facts = derive(cases.case(*cases.can(), results=(old,), catalogue=content))
        yield f"positive {ago} days ago, open", facts.value("pregnancy.test.not_ruled_out")
    for name, spec in as_shipped().facts.items():
        for limit in filter(None, (spec.lowest, spec.highest)):
            for value in _close(limit):
                yield f"{name} of {value}", content.facts[name].believable(value, TODAY)
        for ahead in _near(spec.days_ahead) if spec.days_ahead else ():
            day = TODAY + timedelta(days=ahead)
            yield f"{name} in {ahead} days", content.facts[name].believable(day, TODAY)
        if spec.lowest == 0:
            yield f"{name} of 0", content.facts[name].believable(0, TODAY)
    for size in _near(as_shipped().derivation.nodule_mm):
        made = typed_by_size(NODULE, float(size), content.derivation.nodule_mm)
        yield f"a nodule of {size} mm", made.type
    for days in range(130, 150):
        taken = replace(cases.SUPPLY, days=days)
        facts = derive(cases.case(dispensed=(taken,), catalogue=content))
        yield f"course of {days} days", facts.value("course.long_or_repeat")
    for name, spec in as_shipped().facts.items():
        if spec.fresh_days is None or spec.safe is None:
            continue
        for ago in range(spec.fresh_days - 2, spec.fresh_days + 3):
            origin = spec.said_by[0] if spec.said_by else Origin.INTAKE
            told = cases.said(name, spec.safe, origin, on=TODAY - timedelta(days=ago))
            facts = derive(cases.case(told, catalogue=content))
            yield f"{name} said {ago} days ago", facts.value(name)


def follow_ups(content: Catalogue) -> Iterator[tuple[str, object]]:
    nothing = Evaluation((), ())
    for percent in range(2, 9):
        moved = cases.said("patient.weight_moved", Decimal(percent))
        weighed = cases.said("patient.weight", Decimal(60))
        now = Facts((moved, weighed, cases.said("patient.weight_stale", False)))
        found = against(Facts(), now, nothing, nothing, {}, content.follow_up)
        yield f"weight moved by {percent} %", "weight" in {why.code for why in found}


PROBES: tuple[Probe, ...] = (
    follow_ups,
    golden,
    severities,
    doses,
    windows,
    laboratories,
    plans,
    prescriptions,
    directed,
    derived,
    reasons,
    edges_of_triage,
    edges_of_questions,
    examples,
    edges_of_rules,
)
