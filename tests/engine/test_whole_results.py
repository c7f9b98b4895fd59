"""Timelines, plans, ledgers and grades in every field, against results that were read and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine_results import alt, hcg, result, tg
from test_monitoring_plan import READY, TODAY, planned
from test_rems_engine import (
    BARE,
    CANNOT,
    ENROLLED,
    METHODS,
    QUALIFIED,
    SCREENED,
    TAKING,
    TESTED,
    place,
)
from whole_results import compare, lines_of, told

from workstation.domain import dosing, rems, severity
from workstation.domain.draft import Regimen
from workstation.domain.errors import WorkstationError
from workstation.domain.rems import Category, Supplied
from workstation.domain.rems_record import supply_end

D = date.fromisoformat
ENDING = replace(TAKING, last_dose=D("2026-03-11"))
VISITED = replace(CANNOT, visit_on=D("2026-01-31"))
CONFIRMED = replace(VISITED, confirmed_on=D("2026-01-31"))
SUPPLIED = replace(CONFIRMED, supplies=(Supplied(D("2026-02-01"), 30),))
TWICE = replace(
    TAKING,
    supplies=(Supplied(D("2026-02-10"), 30), Supplied(D("2026-03-10"), 20)),
    tests=(*TAKING.tests, hcg("2026-03-09", "monthly")),
    confirmed_on=D("2026-03-09"),
    questions_on=D("2026-03-10"),
)
RECORDS = {
    "bare": BARE,
    "prescriber not certified": replace(ENROLLED, prescriber_certified=False),
    "no consent": replace(ENROLLED, consent_on=None),
    "not enrolled": replace(ENROLLED, enrolled_on=None),
    "consent before enrolment": replace(ENROLLED, consent_on=D("2026-01-02")),
    "enrolled": ENROLLED,
    "screened": SCREENED,
    "screened by an equivocal test": replace(ENROLLED, tests=(hcg("2026-01-05", "T1", "equivocal"),)),
    "methods not acceptable": replace(METHODS, methods=("male_condom",)),
    "methods without a start": replace(METHODS, contraception_start=None),
    "methods": METHODS,
    "methods, irregular": replace(METHODS, regular_menses=False),
    "methods, period not known": replace(METHODS, menses_on=None),
    "methods, period too early": replace(METHODS, menses_on=D("2026-01-20")),
    "abstinence": replace(METHODS, methods=("abstinence",)),
    "second test too early": replace(METHODS, tests=(*METHODS.tests, hcg("2026-02-04", "T2"))),
    "tested": TESTED,
    "tested twice": replace(TESTED, tests=(*TESTED.tests, hcg("2026-02-25", "T2"))),
    "confirmed": replace(TESTED, confirmed_on=D("2026-02-06")),
    "confirmed before the test": replace(TESTED, confirmed_on=D("2026-02-05")),
    "questions only": replace(TESTED, questions_on=D("2026-02-07")),
    "qualified": QUALIFIED,
    "qualified, irregular": replace(QUALIFIED, regular_menses=False),
    "qualified, menses not known": replace(QUALIFIED, menses_on=None),
    "tested, irregular": replace(TESTED, regular_menses=False),
    "tested twice on one day": replace(
        TESTED, tests=(*TESTED.tests, hcg("2026-02-06", "T2"), hcg("2026-02-06"))
    ),
    "test on the day of the supply": replace(
        TAKING, tests=(*TAKING.tests, hcg("2026-02-10", "monthly"))
    ),
    "taking": TAKING,
    "taking, monthly test": replace(TAKING, tests=(*TAKING.tests, hcg("2026-03-09", "monthly"))),
    "taking, methods lost": replace(TAKING, methods=("male_condom",)),
    "taking, method failed": replace(TAKING, failure_on=D("2026-02-15")),
    "failed before the last test": replace(TAKING, failure_on=D("2026-02-01")),
    "failed on the day of the test": replace(TAKING, failure_on=D("2026-02-06")),
    "taking, positive": replace(TAKING, tests=(*TAKING.tests, hcg("2026-02-20", value="positive"))),
    "positive, then negative": replace(
        TAKING,
        tests=(*TAKING.tests, hcg("2026-02-20", value="positive"), hcg("2026-02-24")),
    ),
    "two supplies": TWICE,
    "ending": ENDING,
    "ending, end test": replace(ENDING, tests=(*TAKING.tests, hcg("2026-03-11"))),
    "ending, late end test": replace(ENDING, tests=(*TAKING.tests, hcg("2026-03-20"))),
    "ending, post test a day early": replace(ENDING, tests=(*TAKING.tests, hcg("2026-04-09"))),
    "ending, post test": replace(ENDING, tests=(*TAKING.tests, hcg("2026-04-10"))),
    "ending, both tests": replace(
        ENDING, tests=(*TAKING.tests, hcg("2026-03-11"), hcg("2026-04-10"))
    ),
    "ending, positive": replace(
        ENDING, tests=(*TAKING.tests, hcg("2026-03-11", value="positive"))
    ),
    "no category": replace(ENROLLED, category=None),
    "cannot, bare": replace(BARE, category=Category.CANNOT),
    "cannot": CANNOT,
    "cannot, visited": VISITED,
    "cannot, confirmed": CONFIRMED,
    "cannot, confirmed before the visit": replace(VISITED, confirmed_on=D("2026-01-30")),
    "cannot, supplied": SUPPLIED,
    "cannot, supplied on the visit": replace(SUPPLIED, visit_on=D("2026-02-01")),
    "cannot, back": replace(SUPPLIED, visit_on=D("2026-03-01")),
    "cannot, back and confirmed": replace(
        SUPPLIED, visit_on=D("2026-03-01"), confirmed_on=D("2026-03-01")
    ),
    "cannot, two supplies": replace(
        SUPPLIED, supplies=(Supplied(D("2026-03-03"), 20), Supplied(D("2026-02-01"), 30))
    ),
    "cannot, ended": replace(SUPPLIED, last_dose=D("2026-03-01")),
}  # fmt: skip
DAYS = (
    "2026-01-05", "2026-02-05", "2026-02-06", "2026-02-12", "2026-02-13", "2026-02-25",
    "2026-03-11", "2026-04-10", "2026-04-12",
)  # fmt: skip


@pytest.mark.parametrize("rules", ["RS-2021", "RS-2026"])
def test_timelines(content, rules) -> None:
    lines = []
    for name, record in RECORDS.items():
        for day in DAYS:
            lines.append(f"{name}, on {day}")
            lines.extend(lines_of(place(content, record, day, rules), each="steps"))
    compare(f"timelines-{rules.lower()}", lines)


def test_supplies_end() -> None:
    assert supply_end(TAKING) == D("2026-03-11")
    assert supply_end(TWICE) == D("2026-03-29")


PLANS = {
    "first, ready": {"results": READY},
    "first, nothing done": {},
    "first, long before": {"today": TODAY - timedelta(60), "results": READY},
    "first, after the start": {"today": TODAY + timedelta(40), "results": READY[:2]},
    "no contraception start": {"contraception_start": None, "results": READY},
    "contraception after the start": {"contraception_start": D("2026-12-01")},
    "who cannot": {"category": Category.CANNOT, "results": READY[2:]},
    "who cannot, new rules": {"category": Category.CANNOT, "rules": "RS-2026"},
    "category not set": {"category": None},
    "monthly": {"chosen": "MONTHLY", "results": READY},
    "label": {"chosen": "LABEL", "peak_from": D("2027-01-01")},
    "guideline": {"chosen": "AAD-2024", "results": READY},
    "one supply": {"supplies": 1, "results": READY},
    "two short supplies": {"supplies": 2, "supply_days": 14},
    "peak later": {"peak_from": D("2026-12-23"), "results": READY},
    "peak too late": {"peak_from": D("2027-05-10"), "results": READY},
    "on the course": {
        "picked_up": (Supplied(D("2026-10-24"), 30),),
        "supplies": 3,
        "today": D("2026-11-23"),
        "results": (hcg("2026-09-20", "T1"), hcg("2026-10-22", "T2"), alt(20, "2026-10-20"),
                    tg(120, "2026-10-20"), hcg("2026-11-22", "monthly")),
    },
    "on the course, no first tests known": {
        "picked_up": (Supplied(D("2026-10-24"), 30),), "supplies": 2, "today": D("2026-11-23"),
    },
    "on the course, tests done": {
        "picked_up": (Supplied(D("2026-10-01"), 30), Supplied(D("2026-10-31"), 20)),
        "supplies": 2, "next_on": D("2026-11-23"), "peak_from": D("2026-10-31"),
        "today": D("2026-12-02"),
        "results": (alt(20, "2026-11-28"), tg(100, "2026-11-28"), hcg("2026-11-22"),
                    hcg("2026-11-24", value="positive")),
    },
    "ending": {"picked_up": (Supplied(D("2026-10-24"), 30),), "supplies": 0,
               "today": D("2026-11-23")},
    "never taken": {"supplies": 0},
    "ended, tests done": {
        "picked_up": (Supplied(D("2026-10-01"), 30),), "supplies": 0, "today": D("2026-12-05"),
        "results": (hcg("2026-10-30"), hcg("2026-11-30")),
    },
    "repeat": {"results": (*READY, alt(130, "2026-11-20"), tg(320, "2026-11-19"))},
    "repeat after a normal one": {
        "results": (alt(20, "2026-11-17"), hcg("2026-11-18", value="equivocal"),
                    tg(320, "2026-11-19"), result("unheard_of", 1, "2026-11-19")),
    },
    "repeat, not prepared": {"results": (tg(320, "2026-11-19"),), "drinks": True},
    "draw on the last day": {"supplies": 1, "supply_days": 29, "chosen": "LABEL"},
    "draw a day too late": {"supplies": 1, "supply_days": 28, "chosen": "LABEL"},
    "monthly to the last day": {"supplies": 1, "supply_days": 57, "chosen": "MONTHLY"},
    "monthly a day short": {"supplies": 1, "supply_days": 56, "chosen": "MONTHLY"},
    "draw on a pick-up": {"supplies": 3, "supply_days": 28, "chosen": "LABEL"},
    "ended, positive": {
        "picked_up": (Supplied(D("2026-10-01"), 30),), "supplies": 0, "today": D("2026-12-05"),
        "results": (hcg("2026-10-30", value="positive"), hcg("2026-11-30", value="equivocal")),
    },
    "repeat over": {"results": (alt(130, "2026-10-20"),), "today": D("2026-11-30")},
    "repeat, drinks": {"results": (tg(120, "2026-11-19"),), "drinks": True},
    "untested unit": {"results": (result("tg", 3, "2026-11-19", unit="mol/L"),)},
}  # fmt: skip


def listed(plan, results):
    """The plan's lines, each result by its test and day instead of its number."""
    named = {repr(r.id): f"{r.test} of {r.collected}" for r in results}
    for line in lines_of(plan, each="tests"):
        parts = line.split(" | ")
        yield " | ".join(named.get(part, part) for part in parts)


def test_plans(content) -> None:
    lines = []
    for name, known in PLANS.items():
        lines.append(name)
        lines.extend(listed(planned(content, **known), known.get("results", ())))
    diabetes = content.plan_rules.more_needed[:1]
    normal = (alt(20, "2026-12-20"), tg(100, "2026-12-20"), alt(20, "2027-01-17"))
    for number in range(len(normal) + 1):
        for off in (30, 70, 100):
            known = {"results": (*READY, *normal[:number]), "today": TODAY + timedelta(off)}
            plan = planned(content, reasons=diabetes, peak_from=D("2027-03-01"), **known)
            lines.append(f"more needed, {number} results, after {off} days")
            lines.extend(listed(plan, known["results"]))
    high = (*READY, alt(130, "2026-12-20"), tg(100, "2026-12-20"))
    plan = planned(content, reasons=diabetes, results=high, today=TODAY + timedelta(40))
    lines.append("more needed, not normal")
    lines.extend(listed(plan, high))
    compare("plans", lines)


def test_extra_tests_and_the_one_at_peak_dose(content) -> None:
    """Two normal months end the extra tests; the protocol's own at the peak still comes."""
    lines = []
    diabetes = content.plan_rules.more_needed[:1]
    for peak in (
        "2026-12-21",
        "2026-12-22",
        "2027-01-17",
        "2027-01-18",
        "2027-04-23",
        "2027-04-24",
    ):
        for high in ((), (alt(130, "2026-12-20"),), (tg(100, "2026-12-20"), alt(20, "2026-12-20"))):
            for drinks in (False, True):
                known = {"results": (*READY, *high), "today": D("2027-01-20"), "drinks": drinks}
                plan = planned(content, reasons=diabetes, peak_from=D(peak), **known)
                lines.append(f"peak {peak}, {len(high)} results, drinks {drinks}")
                lines.extend(line for line in listed(plan, known["results"]) if "during" in line)
    compare("extra-tests", lines)


def test_plan_points_come_by_day_and_lane(content) -> None:
    plan = planned(content, results=READY)
    lanes = ("pregnancy", "lipids", "liver", "mood", "supply")
    keys = [(p.due, lanes.index(content.tests[p.test].lane), p.test) for p in plan.tests]
    assert keys == sorted(keys)


# -- dose and grade --------------------------------------------------------------------------------


def taken(on, daily, days, weight=60, kind="conventional"):
    return dosing.Dispensed(D(on), Decimal(daily), days, kind, Decimal(weight))


LEDGERS = {
    "nothing": (),
    "one": (taken("2026-01-01", 30, 30),),
    "two weights": (taken("2026-01-01", 30, 30), taken("2026-02-01", 60, 30, 66)),
    "micronized": (taken("2026-01-01", 32, 30, kind="micronized"),),
    "mixed": (taken("2026-01-01", 32, 30, kind="micronized"), taken("2026-02-01", 40, 30)),
    "beyond": (taken("2026-01-01", 120, 120),),
    "halves": (taken("2026-01-01", "40.5", 29, 61),),
}


def test_ledgers(content) -> None:
    medicine = content.medicines["isotretinoin"]
    lines = []
    for name, dispensed in LEDGERS.items():
        for weight in ("60", "66.5"):
            for daily, kind in ((40, "conventional"), (0, "conventional"), (32, "micronized")):
                for target in (None, Decimal(150)):
                    found = dosing.ledger(
                        dispensed, Decimal(weight), medicine, Decimal(daily), D("2026-03-01"),
                        target=target, next_formulation=kind,
                    )  # fmt: skip
                    lines.append(f"{name} {weight} kg {daily} {kind} {target}: {told(found)}")
    for kind in ("conventional", "lidose", "micronized"):
        for weight in ("37", "52.5", "60", "88"):
            proposed = dosing.proposed_daily(Decimal(weight), medicine, kind)
            lines.append(f"start {kind} {weight}: {proposed}")
            for past in LEDGERS.values():
                again = dosing.proposed_daily(Decimal(weight), medicine, kind, past[::-1])
                lines.append(f"  after {told(past)}: {again}")
        for stock in ((Decimal(10),), (Decimal(20), Decimal(40))):
            proposed = dosing.proposed_daily(Decimal(60), medicine, kind, stock=stock)
            lines.append(f"start {kind} from {told(stock)}: {proposed}")
    regimen = Regimen(
        "isotretinoin", "claravis", "conventional", (Decimal(20), Decimal(40)), (Decimal(20),), 28, True
    )  # fmt: skip
    plan = dosing.plan_dose(regimen, medicine, Decimal("61.3"), D("2026-02-28"))
    lines.append(f"dose: {told(replace(plan, range=None))}")
    lines.append(f"range: {told(plan.range)}")
    for daily in ("23.9", "24", "60", "60.1", "120", "120.1"):
        found_check = dosing.dose_check(Decimal(daily), Decimal(80), medicine, "conventional", 1)
        lines.append(f"check {daily}: {told(replace(found_check, range=None))}")
    compare("doses", lines)


@pytest.mark.parametrize(
    ("call", "code", "context"),
    [
        (lambda m: dosing.per_kg(Decimal(1), Decimal(0)), "dose.weight.missing", {}),
        (lambda m: dosing.per_kg(Decimal(1), Decimal(-1)), "dose.weight.missing", {}),
        (lambda m: dosing.dose_range(m, "syrup"), "dose.formulation.unknown",
         {"formulation": "syrup"}),
        (lambda m: dosing.proposed_daily(Decimal(60), m, "syrup"), "dose.formulation.unknown",
         {"formulation": "syrup"}),
        (lambda m: dosing.weight_moved(Decimal(0), Decimal(1), m), "dose.weight.missing", {}),
    ],
)  # fmt: skip
def test_what_a_dose_cannot_be_worked_out_for(content, call, code, context) -> None:
    with pytest.raises(WorkstationError) as caught:
        call(content.medicines["isotretinoin"])
    assert (caught.value.code, caught.value.context) == (code, context)


def test_products_of_one_class_stand_for_each_other(content) -> None:
    medicine = content.medicines["isotretinoin"]
    assert dosing.same_class(medicine, "conventional", "lidose")
    assert not dosing.same_class(medicine, "conventional", "micronized")
    assert not dosing.same_class(medicine, "micronized", "conventional")
    light = dosing.ledger((), Decimal("0.5"), medicine, Decimal("0.5"), D("2026-01-01"))
    assert (light.days_left, light.target_reached_on) == (120, D("2026-04-30"))
    assert dosing.per_kg(Decimal(1), Decimal("0.5")) == Decimal(2)
    unmade = replace(medicine, products=())
    with pytest.raises(WorkstationError) as caught:
        dosing.proposed_daily(Decimal(60), unmade, "conventional")
    assert caught.value.code == "dose.formulation.unknown"
    assert caught.value.context == {"formulation": "conventional"}
    placed = dosing.dose_check(Decimal(60), Decimal(60), medicine, "micronized", 2)
    assert placed.range is dosing.dose_range(medicine, "micronized")
    assert not placed.once_daily


def test_grades(content) -> None:
    lines = []
    for counts in ((0, 0, 0), (19, 10, 0), (19, 14, 0), (20, 15, 1), (100, 50, 5), (101, 51, 6),
                   (126, 0, 0), (0, 0, 1)):  # fmt: skip
        for scar in (None, False, True):
            for missing in ((), ("view:left45",)):
                found = severity.grade(content.rubric, severity.Counts(*counts, scar), missing)
                plain = replace(found, results=())
                lines.append(f"{counts} {scar} {missing}: {told(plain)}")
                lines += [
                    f"  {r.criterion.id} {r.count} {r.band.low} {r.band.high} {r.band.code} {r.grade}"
                    for r in found.results
                ]
    compare("grades", lines)


def test_grades_rank_by_the_rubric_and_not_by_their_names(content) -> None:
    names = {"clear": "z", "mild": "y", "moderate": "x", "severe": "w"}
    rubric = content.rubric
    renamed = replace(
        rubric,
        grades=tuple((names[id_], label) for id_, label in rubric.grades),
        criteria=tuple(
            replace(c, bands=tuple(replace(b, grade=names[b.grade]) for b in c.bands))
            for c in rubric.criteria
        ),
        scar_grade=names[rubric.scar_grade],
    )
    for counts in ((0, 0, 0), (1, 1, 0), (20, 0, 0), (101, 1, 1)):
        given = severity.Counts(*counts, False)
        found, expected = severity.grade(renamed, given), severity.grade(rubric, given)
        assert (found.grade, found.codes) == (names[expected.grade], expected.codes)


@pytest.mark.parametrize("name", ["comedones", "inflammatory", "nodules_cysts"])
def test_a_negative_count_is_named(content, name) -> None:
    counts = {"comedones": 1, "inflammatory": 1, "nodules_cysts": 1, "active_deep_scarring": None}
    with pytest.raises(WorkstationError) as caught:
        severity.grade(content.rubric, severity.Counts(**(counts | {name: -1})))
    assert (caught.value.code, caught.value.context) == (
        "severity.count.negative", {"criterion": name}
    )  # fmt: skip


def test_edges_of_the_programme(content) -> None:
    old = content.rems["RS-2021"]
    who = Category.CAN
    assert rems.may_dispense(old, who, D("2026-06-10"), D("2026-06-10")) == ()
    assert rems.may_dispense(old, who, D("2026-06-10"), D("2026-06-09")) == ("IPL-WINDOW",)
    assert rems.may_dispense(old, who, D("2026-06-10"), D("2026-06-17")) == ("IPL-WINDOW",)
    assert rems.hours_left(D("2026-06-10"), D("2026-06-10")) == 24
    assert isinstance(rems.hours_left(D("2026-06-10"), D("2026-06-10")), int)
    assert rems.hours_left(D("2026-06-10"), D("2026-06-11")) == 0
    assert rems.hours_left(D("2026-06-10"), D("2026-06-12")) == 0
    assert rems.hours_left(None, D("2026-06-12")) is None
    for regular, menses, kind in (
        (False, D("2026-02-04"), "before_start"),
        (None, D("2026-02-04"), "ask_menses"),
        (True, None, "ask_menses"),
        (True, D("2026-02-04"), "in_menses"),
        (True, D("2026-01-04"), "wait_for_next_menses"),
    ):
        plan = rems.confirmation(old, D("2026-02-05"), menses, regular, D("2026-02-04"))
        assert (plan.kind, plan.not_before) == (kind, D("2026-02-05"))
