"""Capsules, dose ranges, the ledger over visits and the course target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.domain.capsules import combinations, nearest_balanced, nearest_possible
from workstation.domain.dosing import (
    Dispensed,
    bucket_of,
    dose_check,
    dose_range,
    expected_supplies,
    ledger,
    per_kg,
    plan_dose,
    proposed_daily,
    same_class,
    second_course_from,
    strengths_of,
    weight_moved,
)
from workstation.domain.draft import Regimen
from workstation.domain.errors import WorkstationError

CONVENTIONAL = tuple(map(D, (10, 20, 30, 40)))
LIDOSE = tuple(map(D, (10, 20, 25, 30, 35, 40)))
LD = tuple(map(D, (8, 16, 20, 24, 28, 32)))
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def iso(content):
    return content.medicines["isotretinoin"]


def ways(daily, strengths):
    return [
        (tuple(map(int, w.morning)), tuple(map(int, w.evening)))
        for w in combinations(D(daily), strengths)
    ]


def test_best_way_first_and_once_daily_last():
    assert ways(30, CONVENTIONAL) == [((10,), (20,)), ((10,), (10, 10)), ((30,), ())]
    assert ways(60, CONVENTIONAL)[0] == ((30,), (30,))
    assert ways(40, CONVENTIONAL)[0] == ((20,), (20,))
    assert ways(50, LIDOSE)[0] == ((25,), (25,))
    assert ways(24, LD)[0] == ((8,), (16,))


def test_ten_milligrams_can_only_be_taken_once():
    assert ways(10, CONVENTIONAL) == [((10,), ())]


def test_doses_stay_within_one_strength_step_where_possible():
    assert ways(100, CONVENTIONAL)[0][0] != (20,)
    for way in combinations(D(100), CONVENTIONAL):
        assert way.once_daily or way.difference <= 10
    assert ways(60, (D(20), D(40)))[0] == ((20,), (40,))  # no other split exists


def test_a_dose_that_no_capsules_make():
    assert ways(35, CONVENTIONAL) == []
    assert nearest_possible(D(35), CONVENTIONAL) == (D(30), D(40))
    assert nearest_possible(D(5), CONVENTIONAL) == (D(10),)
    assert nearest_possible(D(30), CONVENTIONAL) == (D(30),)
    assert ways(0, CONVENTIONAL) == [] and ways(30, ()) == []
    assert nearest_balanced(D(30), ()) is None


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 240), st.sampled_from((CONVENTIONAL, LIDOSE, LD, (D(20), D(40)))))
def test_capsules_always_sum_to_the_dose(daily, strengths):
    found = combinations(D(daily), strengths)
    assert all(w.daily == daily and set(w.morning + w.evening) <= set(strengths) for w in found)
    assert [w.once_daily for w in found] == sorted(w.once_daily for w in found)
    assert len(set(found)) == len(found)
    if not found:
        near = nearest_possible(D(daily), strengths)
        assert near and all(combinations(n, strengths) for n in near)
        assert not any(combinations(D(d), strengths) for d in range(int(near[0]) + 1, daily))


def test_ranges_by_formulation(iso):
    for kind in ("conventional", "lidose"):
        found = dose_range(iso, kind)
        assert (found.start, found.goal, found.ceiling, found.low_note) == (
            D("0.5"), 1, 2, D("0.3"),
        )  # fmt: skip
    found = dose_range(iso, "micronized")
    assert (found.start, found.goal, found.ceiling, found.low_note) == (
        D("0.4"), D("0.8"), D("1.6"), D("0.24"),
    )  # fmt: skip
    with pytest.raises(WorkstationError, match="dose.formulation.unknown"):
        dose_range(iso, "liquid")


@pytest.mark.parametrize(
    ("daily", "kind", "place"),
    [(17, "conventional", "low"), (18, "conventional", "usual"), (60, "lidose", "usual"),
     (61, "conventional", "above_goal"), (120, "conventional", "above_goal"),
     (121, "conventional", "above_ceiling"), (14, "micronized", "low"),
     (15, "micronized", "usual"), (48, "micronized", "usual"),
     (49, "micronized", "above_goal"), (96, "micronized", "above_goal"),
     (97, "micronized", "above_ceiling")],
)  # fmt: skip
def test_edges_of_the_range(iso, daily, kind, place):
    assert dose_check(D(daily), D(60), iso, kind, 2).place == place


def test_the_check_uses_the_exact_quotient(iso):
    found = dose_check(D(60), D("59.99"), iso, "conventional", 1)
    assert (found.per_kg, found.place, found.once_daily) == (D("1.00"), "above_goal", True)


@pytest.mark.parametrize(
    ("weight", "kind", "daily"),
    [(62, "conventional", 30), (60, "conventional", 30), (70, "conventional", 30),
     (71, "conventional", 40), (90, "conventional", 40), (50, "lidose", 20), (62, "micronized", 24),
     (15, "conventional", 10)],
)  # fmt: skip
def test_first_dose_starts_at_the_label_rounded_to_capsules(iso, weight, kind, daily):
    assert proposed_daily(D(weight), iso, kind) == daily
    assert combinations(D(daily), strengths_of(iso, kind))


def test_the_proposal_keeps_to_the_stock(iso):
    assert proposed_daily(D(62), iso, "conventional", stock=(D(20), D(40))) == 40


def supply(on, daily, days=30, kind="conventional", weight=60):
    return Dispensed(date.fromisoformat(on), D(daily), days, kind, D(weight))


def test_later_doses_repeat_the_last_of_the_same_class(iso):
    past = (supply("2026-03-01", 60), supply("2026-02-01", 30))
    assert proposed_daily(D(60), iso, "conventional", past) == 60
    assert proposed_daily(D(60), iso, "micronized", past) == 24  # never milligram for milligram


def test_dose_plan_counts_capsules(iso):
    regimen = Regimen("isotretinoin", "generic", "conventional", (D(10),), (D(10), D(20)), 30, True)
    plan = plan_dose(regimen, iso, D(62), TODAY)
    assert (plan.daily, plan.per_kg, plan.supply_days) == (40, D("0.65"), 30)
    assert plan.dispense == ((10, 60), (20, 30))
    assert plan.range.formulation == "conventional"


def test_without_a_weight_there_is_no_dose(iso):
    with pytest.raises(WorkstationError, match="dose.weight.missing"):
        per_kg(D(30), D(0))


def test_ledger_of_two_supplies(iso):
    found = ledger(
        (supply("2026-01-01", 30), supply("2026-02-01", 60, 90)), D(60), iso, D(60), TODAY
    )
    assert (found.given, found.given_per_kg, found.remaining, found.days_left) == (
        6300,
        105,
        900,
        15,
    )
    assert found.target_reached_on == date(2026, 12, 6)  # the fifteenth day from today
    assert (found.target_low, found.target_high) == (7200, 9000)
    assert not found.estimated


def test_a_started_day_is_still_to_be_taken(iso):
    found = ledger((supply("2026-01-01", 60, 120),), D("60.5"), iso, D(50), TODAY)
    assert (found.remaining, found.days_left) == (60, 2)  # 7,260 - 7,200 = 60 mg of 50 a day


def test_ledger_by_visit_uses_each_weight(iso):
    taken = (supply("2026-01-01", 30, weight=50), supply("2026-02-01", 30, weight=60))
    found = ledger(taken, D(60), iso, D(30), TODAY)
    assert (found.given_per_kg, found.given_per_kg_by_visit) == (30, 33)


def test_micronized_counts_as_its_equivalent_and_says_so(iso):
    found = ledger((supply("2026-01-01", 24, kind="micronized"),), D(60), iso, D(24), TODAY,
                   next_formulation="micronized")  # fmt: skip
    assert (found.given, found.estimated, found.days_left) == (900, True, 210)


def test_at_the_target_nothing_is_left(iso):
    found = ledger((supply("2026-01-01", 60, 120),), D(60), iso, D(60), TODAY)
    assert (found.remaining, found.days_left, found.target_reached_on) == (0, 0, TODAY)
    assert ledger((), D(60), iso, D(0), TODAY).days_left is None


SUPPLY = st.builds(
    Dispensed,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(1, 12).map(lambda n: D(10 * n)),
    st.integers(0, 30),
    st.just("conventional"),
    st.integers(35, 140).map(D),
)


@given(st.lists(SUPPLY, max_size=8), st.lists(SUPPLY, max_size=8), st.integers(35, 140))
def test_ledger_is_additive(iso, first, second, weight):
    def given_mg(taken):
        return ledger(tuple(taken), D(weight), iso, D(30), TODAY).given

    assert given_mg(first + second) == given_mg(first) + given_mg(second)
    assert given_mg(first) <= given_mg(first + second)


def test_supplies_to_plan_for():
    assert [expected_supplies(d, 30) for d in (None, 0, 1, 30, 31, 240)] == [1, 1, 1, 1, 2, 8]


@pytest.mark.parametrize(
    ("last", "start"),
    [("2026-01-15", "2026-03-15"), ("2025-12-31", "2026-02-28"), ("2027-12-31", "2028-02-29"),
     ("2026-12-30", "2027-02-28"), ("2026-07-01", "2026-09-01")],
)  # fmt: skip
def test_pause_before_a_second_course(iso, last, start):
    assert second_course_from(date.fromisoformat(last), iso) == date.fromisoformat(start)


def test_the_longer_pause_holds(iso):
    last = date(2026, 1, 1)
    assert second_course_from(last, iso) == date(2026, 3, 1)
    assert second_course_from(last, replace(iso, pause_months=1)) == date(2026, 2, 26)


def test_weight_that_moved_more_than_a_tenth(iso):
    assert not weight_moved(D(60), D(66), iso) and not weight_moved(D(60), D(54), iso)
    assert weight_moved(D(60), D("66.1"), iso) and weight_moved(D(60), D("53.9"), iso)


def test_products_and_codes(iso):
    by_id = {p.id: p for p in iso.products}
    assert strengths_of(iso, "conventional") == CONVENTIONAL
    assert by_id["absorica"].strengths == LIDOSE == by_id["generic_lidose"].strengths
    assert by_id["absorica_ld"].strengths == LD
    for name in ("generic", "claravis", "amnesteem", "zenatane", "myorisan", "accutane"):
        assert by_id[name].strengths == CONVENTIONAL and by_id[name].with_food
    assert dict(by_id["absorica"].rxnorm) == {
        "10": "197843", "20": "197844", "25": "1547561", "30": "403930", "35": "1547565",
        "40": "197845",
    }  # fmt: skip
    assert by_id["absorica_ld"].rxnorm == ()
    assert not by_id["absorica"].with_food


def test_excipients_are_yes_no_or_unchecked(iso):
    by_id = {p.id: p for p in iso.products}
    absorica, claravis = by_id["absorica"], by_id["claravis"]
    assert absorica.holds("tartrazine", D(25)) is True
    assert [absorica.holds("tartrazine", D(s)) for s in (10, 20, 30, 35, 40)] == [False] * 5
    assert [claravis.holds("fdc_yellow_6", D(s)) for s in (10, 20, 30, 40)] == [
        True, False, False, True,
    ]  # fmt: skip
    assert claravis.holds("soybean_oil", D(20)) is True
    assert claravis.holds("tartrazine", D(20)) is None
    assert by_id["generic"].holds("soybean_oil", D(20)) is None


def test_classes_that_may_stand_for_one_another(iso):
    assert same_class(iso, "conventional", "lidose")
    assert not same_class(iso, "lidose", "micronized")


@pytest.mark.parametrize(
    ("day", "label"),
    [(1, "Weeks 1-4"), (28, "Weeks 1-4"), (29, "Months 2-3"), (91, "Months 2-3"),
     (92, "Months 4-6"), (183, "Months 4-6"), (184, "After treatment")],
)  # fmt: skip
def test_what_to_expect_by_day(iso, day, label):
    assert bucket_of(iso, day).label == label
    assert bucket_of(iso, 0) is None
