"""Protocols, baseline age, who needs more, the points of a plan, and the work-up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine_results import alt, hcg, result, tg
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.domain.dates import DateWindow
from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.monitoring import (
    Course,
    baseline_age,
    choose_protocol,
    more_needed,
    not_in_protocol,
    plan_tests,
    plan_work_up,
)
from workstation.domain.rems import Category, Supplied

D = date.fromisoformat
START = D("2026-11-23")
TODAY = D("2026-11-22")


def facts(**known):
    return Facts(
        Fact(name.replace("__", "."), value, Origin.CLINICIAN, TODAY, "test")
        for name, value in known.items()
    )


def course(**known):
    given_ = {
        "picked_up": (), "next_on": START, "supplies": 6, "supply_days": 30, "peak_from": None,
        "contraception_start": D("2026-10-21"), "drinks": False,
    } | known  # fmt: skip
    return Course(**given_)


def planned(content, *, chosen=None, reasons=(), category=Category.CAN, results=(), today=TODAY,
            rules="RS-2021", **known):  # fmt: skip
    return plan_tests(
        choice=choose_protocol(content.protocols, content.plan_rules, chosen, reasons),
        rules=content.plan_rules,
        tests=content.tests,
        thresholds=content.thresholds,
        rems=content.rems[rules],
        category=category,
        course=course(**known),
        results=results,
        today=today,
    )


def points(plan, role):
    return [(p.test, p.due.isoformat(), p.state) for p in plan.tests if p.role == role]


READY = (
    hcg("2026-10-20", "T1"),
    hcg("2026-11-21", "T2"),
    alt(20, "2026-11-18"),
    tg(120, "2026-11-18"),
)


@pytest.mark.parametrize(
    ("start", "collected", "days", "valid"),
    [("2026-03-31", "2026-03-01", 30, True), ("2026-04-01", "2026-03-01", 31, False),
     ("2028-03-01", "2028-01-31", 30, True), ("2027-03-01", "2027-01-31", 29, True),
     ("2026-03-01", "2026-03-01", 0, True), ("2026-03-01", "2026-03-02", -1, False)],
)  # fmt: skip
def test_baseline_age(content, start, collected, days, valid):
    found = baseline_age(content.plan_rules, D(collected), D(start))
    assert (found.days, found.valid) == (days, valid)


def test_the_default_protocol_tests_once_at_peak_dose(content):
    plan = planned(content, category=Category.CANNOT, results=READY[2:])
    assert (plan.protocol, plan.because) == ("DELPHI-2022", "")
    assert points(plan, "baseline") == [("tg", "2026-11-18", "done"), ("alt", "2026-11-18", "done")]
    assert points(plan, "during") == [
        ("tg", "2026-12-21", "planned"),
        ("alt", "2026-12-21", "planned"),
    ]
    later = planned(content, category=Category.CANNOT, peak_from=D("2026-12-23"))
    assert {p.due for p in later.tests if p.role == "during"} == {D("2027-01-20")}
    assert points(later, "baseline")[0][2] == "missing"


@pytest.mark.parametrize("chosen", ["AAD-2024", "LABEL"])
def test_other_protocols_test_after_four_weeks(content, chosen):
    plan = planned(content, chosen=chosen, peak_from=D("2027-01-01"))
    assert {p.due for p in plan.tests if p.role == "during"} == {D("2026-12-21")}
    assert [p.test for p in plan.tests if p.role == "during"] == ["lipid_panel", "alt", "ast"]


def test_monthly_tests_go_on_to_the_last_dose(content):
    plan = planned(content, chosen="MONTHLY")
    dues = sorted({p.due for p in plan.tests if p.role == "during"})
    assert dues == [START + timedelta(28 * k) for k in range(1, 7)]
    assert dues[-1] <= plan.last_dose == D("2027-05-21")


def test_pregnancy_tests_visits_and_pick_ups(content):
    plan = planned(content, results=READY)
    tests = [p for p in plan.tests if content.tests[p.test].lane == "pregnancy"]
    assert [p.role for p in tests] == ["T1", "T2", *["monthly"] * 5, "end", "post"]
    assert [p.state for p in tests] == ["done", "done", *["planned"] * 7]
    assert tests[2].window == DateWindow(D("2026-12-17"), D("2026-12-23"))
    assert (tests[-2].due, tests[-1].due) == (D("2027-05-21"), D("2027-06-20"))
    assert tests[-1].window == DateWindow(D("2027-06-20"), D("2027-06-26"))
    assert tests[-2].window == DateWindow(D("2027-05-21"), D("2027-05-27"))
    assert [p.due for p in plan.tests if p.role == "pick_up"] == [
        START + timedelta(30 * k) for k in range(6)
    ]
    assert [p.state for p in plan.tests if p.role == "visit"] == ["done", *["planned"] * 6]
    assert plan.contraception == DateWindow(D("2026-10-21"), D("2027-06-21"))
    assert plan.ends == D("2027-06-20")
    assert plan.flare == DateWindow(START, START + timedelta(90))


def test_only_who_cannot_get_pregnant_has_no_pregnancy_lane(content):
    def lane(category):
        plan = planned(content, category=category)
        return [p for p in plan.tests if content.tests[p.test].lane == "pregnancy"], plan

    found, plan = lane(Category.CANNOT)
    assert found == [] and plan.contraception is None
    assert lane(None)[0] and lane(None)[1].contraception is not None


def test_what_the_first_dose_waits_for_is_missing_at_once(content):
    plan = planned(content, results=READY[:1])
    assert points(plan, "T1")[0][2] == "done"
    assert points(plan, "T2")[0][2] == "missing"
    before = planned(content, results=(hcg("2026-11-20", "T1"),), contraception_start=TODAY)
    t2 = next(p for p in before.tests if p.role == "T2")
    assert (t2.state, t2.window.first, t2.because) == (
        "planned", D("2026-12-22"), "30d_contraception",
    )  # fmt: skip


def test_states_follow_the_calendar(content):
    taken = (Supplied(START, 30),)
    results = (*READY, hcg("2026-12-22", "monthly"))
    plan = planned(content, results=results, picked_up=taken, next_on=D("2026-12-23"), supplies=5,
                   today=D("2026-12-23"))  # fmt: skip
    monthly = [p for p in plan.tests if p.role == "monthly"]
    assert (monthly[0].state, monthly[0].due) == ("done", D("2026-12-22"))
    assert {p.state for p in plan.tests if p.role == "during"} == {"due"}
    late = planned(content, results=results, picked_up=taken, next_on=D("2026-12-23"), supplies=5,
                   today=D("2026-12-24"))  # fmt: skip
    assert {p.state for p in late.tests if p.role == "during"} == {"missing"}
    drawn = (*results, tg(140, "2026-12-17"), alt(21, "2026-12-16"))
    done = planned(content, results=drawn, picked_up=taken, next_on=D("2026-12-23"), supplies=5,
                   today=D("2026-12-24"))  # fmt: skip
    assert {p.state for p in done.tests if p.role == "during"} == {"done"}


def test_an_early_draw_counts_up_to_five_days_before(content):
    def state(on):
        plan = planned(content, results=(*READY, tg(140, on)))
        return next(p.state for p in plan.tests if p.role == "during" and p.test == "tg")

    assert state("2026-12-16") == "done"
    assert state("2026-12-15") == "planned"


def test_a_panel_answers_what_it_contains_and_its_first_test_the_panel(content):
    panel = (result("lipid_panel", "reported", "2026-11-18"),)
    assert points(planned(content, results=panel), "baseline")[0] == ("tg", "2026-11-18", "done")
    aad = planned(content, chosen="AAD-2024", results=(tg(100, "2026-11-18"),))
    assert points(aad, "baseline")[0] == ("lipid_panel", "2026-11-18", "done")


@pytest.mark.parametrize(
    ("known", "ids"),
    [({"history__diabetes": True}, ["diabetes"]), ({"history__obesity": True}, ["obesity"]),
     ({"alcohol__most": Decimal(2)}, ["alcohol"]), ({"alcohol__most": Decimal(1)}, []),
     ({"history__lipid_disorder": True}, ["lipids"]),
     ({"history__family_lipid_disorder": True}, ["family_lipids"]),
     ({"history__liver_disease": True}, ["liver"]),
     ({"medicines__methotrexate": True}, ["liver_medicines"]),
     ({"dose__band": "above_goal"}, ["dose"]), ({"dose__band": "usual"}, []),
     ({"history__diabetes": False}, []), ({}, [])],
)  # fmt: skip
def test_who_needs_more(content, known, ids):
    found = more_needed(
        content.plan_rules, facts(**known), content.tests, content.thresholds, (), START
    )
    assert [row.id for row in found] == ids


@pytest.mark.parametrize(
    ("results", "ids"),
    [((tg(199, "2026-11-18"),), []), ((tg(200, "2026-11-18"),), ["triglycerides"]),
     ((alt(40, "2026-11-18"),), []), ((alt(41, "2026-11-18"),), ["alt"]),
     ((alt(41, "2026-11-18", limit=None),), []), ((tg(300, "2026-10-01"),), [])],
)  # fmt: skip
def test_raised_baseline_needs_more(content, results, ids):
    found = more_needed(
        content.plan_rules, facts(), content.tests, content.thresholds, results, START
    )
    assert [row.id for row in found] == ids


def switched(content, results=READY, **known):
    reasons = more_needed(
        content.plan_rules, facts(alcohol__most=Decimal(3)), content.tests, content.thresholds, (),
        START,
    )  # fmt: skip
    return planned(content, reasons=reasons, results=results, **known)


def test_monthly_until_two_results_are_normal(content):
    plan = switched(content)
    assert plan.protocol == "MONTHLY"
    assert (
        plan.because == "monthly until 2 results are normal, because of: alcohol is above the limit"
    )
    assert sorted({p.due for p in plan.tests if p.role == "during"}) == [
        D("2026-12-21"), D("2027-01-18"),
    ]  # fmt: skip
    assert [p.test for p in plan.tests if p.role == "baseline"] == ["tg", "alt"]


def test_an_abnormal_result_starts_the_count_again(content):
    raised = (*READY, tg(300, "2026-12-20"), alt(20, "2026-12-20"))
    plan = switched(content, results=raised, today=D("2026-12-24"))
    dues = sorted({p.due for p in plan.tests if p.role == "during" and p.state == "planned"})
    assert D("2027-02-15") in dues and D("2027-03-15") not in dues
    fine = (*READY, tg(100, "2026-12-20"), alt(20, "2026-12-20"), result("ast", 20, "2026-12-20",
            unit="U/L", limit=40))  # fmt: skip
    kept = switched(content, results=fine, today=D("2026-12-24"))
    dues = sorted({p.due for p in kept.tests if p.role == "during" and p.state == "planned"})
    assert dues == [D("2027-01-18")]


def test_after_the_extra_tests_the_peak_dose_is_still_tested(content):
    plan = switched(content, peak_from=D("2027-02-01"))
    assert D("2027-03-01") in {p.due for p in plan.tests if p.role == "during"}


def test_a_raised_result_plans_its_repeat(content):
    plan = planned(content, results=(*READY, alt(90, "2026-11-20")))
    assert points(plan, "repeat") == [("alt", "2026-12-04", "due")]
    assert points(planned(content, results=READY), "repeat") == []


def test_tests_a_protocol_advises_against(content):
    delphi = content.protocols["DELPHI-2022"]
    assert not_in_protocol(delphi, ("cbc", "alt", "bmp", "ggt")) == ("cbc", "bmp", "ggt")
    assert not_in_protocol(content.protocols["LABEL"], ("cbc",)) == ()


def test_a_course_that_ends_now_has_only_its_end(content):
    taken = (Supplied(D("2026-10-24"), 30),)
    plan = planned(content, picked_up=taken, supplies=0, today=TODAY)
    assert plan.last_dose == D("2026-11-22")
    roles = {p.role for p in plan.tests if p.state != "done"}
    assert {"end", "post"} <= roles and "pick_up" not in roles


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2027, 12, 1), date(2029, 3, 31)), st.integers(1, 9), st.integers(-60, 300),
    st.sampled_from(("DELPHI-2022", "AAD-2024", "LABEL", "MONTHLY")),
)  # fmt: skip
def test_no_point_lies_outside_its_window(content, start, supplies, shift, chosen):
    plan = planned(content, chosen=chosen, next_on=start, supplies=supplies,
                   contraception_start=start - timedelta(40), today=start + timedelta(shift))  # fmt: skip
    for point in plan.tests:
        assert point.window.days >= 1
        assert point.state == "done" or point.due in point.window
        assert point.due <= plan.ends
    assert sum(p.role == "monthly" for p in plan.tests) == supplies - 1
    assert [p.due for p in plan.tests] == sorted(p.due for p in plan.tests)


def worked_up(content, *, category=Category.CAN, known=None, results=(), **more):
    given_ = {
        "contraception_start": None, "menses_on": None, "regular_menses": None, "today": TODAY,
    } | more  # fmt: skip
    return plan_work_up(
        protocol=content.protocols["DELPHI-2022"],
        rules=content.plan_rules,
        tests=content.tests,
        rems=content.rems["RS-2021"],
        category=category,
        facts=facts(**(known or {})),
        results=results,
        **given_,
    )


def test_work_up_of_who_can_get_pregnant(content):
    found = worked_up(content)
    assert [(t.test, t.role, t.state) for t in found.tests] == [
        ("hcg_urine", "T1", "due"), ("alt", "baseline", "due"), ("tg", "baseline", "due"),
        ("hcg_urine", "T2", "planned"),
    ]  # fmt: skip
    assert found.contraception_assumed and found.contraception_start == TODAY
    assert found.earliest_second_test == found.return_on == D("2026-12-22")
    assert found.tests[1].window == DateWindow(TODAY, D("2026-12-22"))
    assert len(found.enrolment) == 6 and not any(s.done for s in found.enrolment)


def test_work_up_with_a_first_test_on_file(content):
    found = worked_up(content, results=(hcg("2026-11-20", "T1"),), contraception_start=D("2026-09-01"),
                      menses_on=D("2026-12-08"), regular_menses=True)  # fmt: skip
    assert found.tests[0].state == "done"
    assert (found.earliest_second_test, found.because) == (D("2026-12-09"), "19d_interval")
    assert found.second_test.window == DateWindow(D("2026-12-09"), D("2026-12-12"))


def test_an_old_baseline_is_ordered_again_for_the_day_treatment_can_start(content):
    found = worked_up(content, results=(alt(20, "2026-11-21"), tg(100, "2026-11-22")))
    states = {t.test: t.state for t in found.tests if t.role == "baseline"}
    assert states == {"alt": "due", "tg": "done"}  # 31 and 30 days old on 22 December


def test_work_up_of_who_cannot_get_pregnant(content):
    known = {"rems__prescriber_enrolled": True, "rems__enrolled_on": TODAY,
             "pregnancy__category": "CNGP", "rems__pharmacy_certified": False}  # fmt: skip
    found = worked_up(content, category=Category.CANNOT, known=known)
    assert [t.role for t in found.tests] == ["baseline", "baseline"]
    assert found.return_on == TODAY + timedelta(7)
    assert found.earliest_second_test is None and found.contraception_start is None
    assert {s.id: s.done for s in found.enrolment} == {
        "prescriber": True, "patient": True, "category": True, "consent": False, "pharmacy": False,
    }  # fmt: skip
