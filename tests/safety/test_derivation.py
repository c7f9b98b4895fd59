"""From a consultation to facts: the REMS dates, laboratory, dose, freshness and who said it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.safety import cases
from tests.safety.answers import levels
from tests.safety.cases import TODAY, can, case, judged, lab, said
from workstation.domain.consultation import PriorCourse, RequestKind
from workstation.domain.dates import DateWindow
from workstation.domain.derivation import derive, rems_record, with_plan
from workstation.domain.draft import Regimen
from workstation.domain.facts import Origin
from workstation.domain.protocols import MonitoringPlan, PlannedTest
from workstation.domain.results import TestSetting
from workstation.domain.safety import Level

T1 = lab("hcg_urine", "negative", date(2026, 4, 20), role="T1")
T2 = lab("hcg_urine", "negative", date(2026, 6, 6), role="T2")
BASE = cases.baseline()


def able(*changed, results=(), **changes):
    names = {f.name for f in changed}
    kept = tuple(f for f in can() if f.name not in names)
    return case(*kept, *changed, results=(*BASE, *results), **changes)


def state(of) -> object:
    return derive(of).value("pregnancy.test.state")


def test_a_safe_first_visit_is_open_to_sign() -> None:
    found = levels(judged(case()))
    assert {c: v for c, v in found.items() if v > Level.INFO} == {}


def test_a_safe_first_visit_of_somebody_who_can_become_pregnant() -> None:
    in_menses = said("pregnancy.last_period", date(2026, 6, 4))
    found = levels(judged(able(in_menses, results=(T1, T2))))
    assert {c: v for c, v in found.items() if v > Level.INFO} == {}


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((), "none"),
        ((T1,), "t2_missing"),
        ((T2,), "t1_missing"),
        ((T1, T2), "valid"),
        ((T1, replace(T2, collected=date(2026, 6, 4))), "valid"),
        ((T1, replace(T2, collected=date(2026, 6, 3))), "window_closed"),
        ((T1, replace(T2, collected=date(2026, 5, 9), role="T2")), "window_closed"),
        ((T1, replace(T2, collected=date(2026, 5, 8))), "t2_early"),
        ((replace(T1, setting=TestSetting.HOME), T2), "setting"),
        ((T1, replace(T2, setting=TestSetting.HOME)), "setting"),
        ((T1, replace(T2, setting=None)), "setting"),
        ((T1, replace(T2, value="equivocal")), "equivocal"),
        ((T1, replace(T2, value="positive")), "positive"),
        ((T1, replace(T2, value="smudged")), "not_understood"),
        ((T1, replace(T2, collected=TODAY + timedelta(days=1))), "t2_missing"),
        ((T1, T2, lab("hcg_serum", "positive", date(2026, 6, 6))), "positive"),
        ((T1, T2, lab("hcg_quantitative", 12, date(2026, 6, 8), unit="m[IU]/mL")), "equivocal"),
    ],
)
def test_pregnancy_test_before_the_first_supply(results, expected) -> None:
    of = able(results=results)
    assert state(of) == expected
    assert (judged(of).level >= Level.HOLD) is (expected != "valid")


def test_one_month_on_two_methods_binds_the_confirmation_test() -> None:
    started = said("contraception.started", date(2026, 5, 20))
    assert state(able(started, results=(T1, T2))) == "t2_early"
    assert derive(able(started, results=(T1, T2))).value("pregnancy.test.earliest") == date(
        2026, 6, 19
    )


def test_without_a_start_of_contraception_no_confirmation_test_counts() -> None:
    facts = tuple(f for f in can() if f.name != "contraception.started")
    assert state(case(*facts, results=(*BASE, T1, T2))) == "t2_early"


@pytest.mark.parametrize(
    ("collected", "setting", "seen", "expected"),
    [
        (date(2026, 6, 6), TestSetting.MEDICAL, None, "valid"),
        (date(2026, 6, 3), TestSetting.MEDICAL, None, "window_closed"),
        (date(2026, 5, 9), TestSetting.MEDICAL, None, "before_course"),
        (date(2026, 6, 6), TestSetting.HOME, None, "process"),
        (date(2026, 6, 6), TestSetting.HOME, date(2026, 6, 5), "process"),
        (date(2026, 6, 6), TestSetting.HOME, date(2026, 6, 6), "valid"),
        (date(2026, 6, 6), None, None, "process"),
    ],
)
def test_pregnancy_test_of_a_month(collected, setting, seen, expected) -> None:
    result = lab("hcg_urine", "negative", collected, role="monthly", setting=setting)
    more = () if seen is None else (said("pregnancy.test.process_on", seen, Origin.CLINICIAN),)
    of = able(*more, results=(T1, result), dispensed=(cases.SUPPLY,))
    assert state(of) == expected


def test_a_positive_test_stops_until_a_clinician_rules_it_out() -> None:
    positive = lab("hcg_urine", "positive", date(2026, 5, 25), role="monthly")
    of = able(results=(T1, positive, T2))
    assert levels(judged(of))["ISO-PREG-POS"] is Level.STOP
    ruled_out = said("pregnancy.ruled_out_on", date(2026, 6, 1), Origin.CLINICIAN)
    assert "ISO-PREG-POS" not in levels(judged(able(ruled_out, results=(T1, positive, T2))))
    same_day = said("pregnancy.ruled_out_on", date(2026, 5, 25), Origin.CLINICIAN)
    assert "ISO-PREG-POS" not in levels(judged(able(same_day, results=(T1, positive, T2))))
    too_early = said("pregnancy.ruled_out_on", date(2026, 5, 24), Origin.CLINICIAN)
    assert "ISO-PREG-POS" in levels(judged(able(too_early, results=(T1, positive, T2))))
    not_theirs = said("pregnancy.ruled_out_on", date(2026, 6, 1), Origin.INTAKE)
    assert "ISO-PREG-POS" in levels(judged(able(not_theirs, results=(T1, positive, T2))))


def test_a_corrected_result_no_longer_counts() -> None:
    wrong = lab("hcg_urine", "positive", date(2026, 6, 6))
    right = replace(wrong, id="new", value="negative", role="T2", corrects=wrong.id)
    assert state(able(results=(T1, wrong, right))) == "valid"


def test_tests_of_an_earlier_course_do_not_screen_for_this_one() -> None:
    ended = PriorCourse(date(2026, 4, 25), Decimal(120))
    assert state(able(results=(T1, T2), prior_courses=(ended,))) == "t1_missing"


def test_a_failed_method_needs_a_test_after_it() -> None:
    failed = said("contraception.missed", True, on=date(2026, 6, 6))
    counselled = said("contraception.counselled_on", TODAY, Origin.CLINICIAN)
    assert levels(judged(able(failed, counselled, results=(T1, T2))))["CON-FAIL"] is Level.HOLD
    later = replace(T2, id="later", collected=date(2026, 6, 8))
    found = levels(judged(able(failed, counselled, results=(T1, T2, later))))
    assert found["CON-FAIL"] is Level.INFO


def test_answers_for_others_are_not_asked_of_who_cannot_become_pregnant() -> None:
    gone = ["pregnancy.now", "pregnancy.planned", "contraception.methods"]
    assert judged(case(without=gone)).level <= Level.INFO


def test_the_category_is_not_taken_from_intake() -> None:
    found = levels(judged(case(said("pregnancy.category", "CNGP"))))
    assert found["ASK-CATEGORY"] is Level.HOLD


@pytest.mark.parametrize(
    ("fact", "value", "days", "code"),
    [
        ("mood.phq2", 0, 15, "ASK-MOOD"),
        ("mood.ideation", False, 15, "ASK-SI"),
        ("alcohol.most", Decimal(0), 15, "ASK-ALC"),
        ("medicines.now", (), 15, "ASK-MEDICINES"),
        ("history.pancreatitis", False, 15, "ASK-PANC"),
        ("allergies.known", (), 15, "ASK-ALLERGIES"),
    ],
)
def test_an_old_safe_answer_is_asked_again(fact, value, days, code) -> None:
    old = said(fact, value, Origin.CHART, TODAY - timedelta(days=days))
    assert levels(judged(case(old)))[code] is Level.HOLD
    young = said(fact, value, Origin.CHART, TODAY - timedelta(days=days - 1))
    assert code not in levels(judged(case(young)))


def test_an_old_unsafe_answer_is_not_forgotten() -> None:
    old = said("history.pancreatitis", True, Origin.CHART, TODAY - timedelta(days=400))
    assert levels(judged(case(old)))["ISO-PANC"] is Level.OVERRIDE
    contradicted = said("history.pancreatitis", False)
    assert levels(judged(case(old, contradicted)))["ISO-PANC"] is Level.OVERRIDE
    clinician = said("history.pancreatitis", False, Origin.CLINICIAN)
    assert "ISO-PANC" not in levels(judged(case(old, contradicted, clinician)))


def test_an_answer_dated_tomorrow_is_no_answer() -> None:
    early = said("lactation.now", False, on=TODAY + timedelta(days=1))
    assert "ASK-BF" in levels(judged(case(early)))


def test_weight_is_kept_with_a_warning_and_never_invented() -> None:
    old = said("patient.weight", Decimal(60), on=TODAY - timedelta(days=36))
    assert levels(judged(case(old)))["ISO-WT-OLD"] is Level.WARN
    edge = said("patient.weight", Decimal(60), on=TODAY - timedelta(days=35))
    assert "ISO-WT-OLD" not in levels(judged(case(edge)))
    found = levels(judged(case(without=["patient.weight"])))
    assert found["ASK-WEIGHT"] is Level.HOLD
    assert "ISO-DOSE" not in found


def test_the_records_own_allergies_and_medicines_count() -> None:
    listed = cases.patient(allergies=("Soy (hives)",), medicines=("Doxycycline 100 mg",))
    found = levels(judged(case(patient=listed)))
    assert found["ISO-EXC-SOY"] is Level.STOP  # the capsules of the draft hold soybean oil
    assert found["ISO-TETRA"] is Level.HOLD
    other = cases.patient(allergies=("Penicillin",))
    assert levels(judged(case(patient=other)))["ISO-ALLERGY-OTHER"] is Level.WARN


@pytest.mark.parametrize(
    ("result", "code", "level"),
    [
        (lab("tg", 499, TODAY, upper=150), "ISO-TG", Level.WARN),
        (lab("tg", 500, TODAY, upper=150), "ISO-TG", Level.HOLD),
        (lab("tg", 800, TODAY, upper=150), "ISO-TG", Level.STOP),
        (lab("tg", 120, TODAY, upper=150, fasting=False), "LAB-FAST", Level.HOLD),
        (lab("tg", 600, TODAY, upper=150, fasting=False), "ISO-TG", Level.HOLD),
        (lab("tg", 1000, TODAY, upper=150, fasting=False), "ISO-TG", Level.STOP),
        (lab("tg", 120, TODAY, upper=150, hours=35), "LAB-ALC36", Level.HOLD),
        (lab("alt", 80, TODAY), "LAB-ALT", Level.WARN),
        (lab("alt", 81, TODAY), "LAB-ALT", Level.OVERRIDE),
        (lab("alt", 121, TODAY), "ISO-LIVER", Level.HOLD),
        (lab("alt", 201, TODAY), "ISO-LIVER", Level.STOP),
        (lab("ast", 121, TODAY), "ISO-LIVER", Level.HOLD),
        (lab("alt", 30, TODAY, upper=None), "LAB-ULN-MISSING", Level.HOLD),
        (lab("alt", 30, TODAY, unit="furlongs"), "LAB-UNREADABLE", Level.HOLD),
        (lab("ck", 1500, TODAY, upper=200), "LAB-CK", Level.HOLD),
    ],
)
def test_a_laboratory_result_acts(result, code, level) -> None:
    assert levels(judged(case(results=(*BASE, result))))[code] is level


def test_a_newer_result_below_the_band_opens_it_again() -> None:
    high = lab("alt", 300, TODAY - timedelta(days=3))
    assert levels(judged(case(results=(*BASE, high))))["ISO-LIVER"] is Level.STOP
    low = lab("alt", 20, TODAY)
    assert "ISO-LIVER" not in levels(judged(case(results=(*BASE, high, low))))


@pytest.mark.parametrize(
    ("age", "due"), [(0, False), (30, False), (31, True)], ids=["today", "30", "31"]
)
def test_baseline_of_thirty_days_counts(age, due) -> None:
    of = case(results=cases.baseline(TODAY - timedelta(days=age)))
    assert derive(of).value("labs.baseline_due") is due
    assert ("LAB-DUE" in levels(judged(of))) is due


def test_halved_dose_with_a_dated_repeat_clears_high_triglycerides() -> None:
    high = lab("tg", 600, TODAY, upper=150)
    half = Regimen(
        "isotretinoin", "claravis", "conventional", (Decimal(10),), (Decimal(10),), 30, True
    )
    on_course = {"dispensed": (cases.SUPPLY,), "results": (*BASE, high)}
    repeat = said("labs.tg.repeat_on", TODAY + timedelta(days=14), Origin.CLINICIAN)
    assert levels(judged(case(repeat, regimen=half, **on_course)))["ISO-TG"] is Level.INFO
    assert levels(judged(case(repeat, **on_course)))["ISO-TG"] is Level.HOLD
    late = said("labs.tg.repeat_on", TODAY + timedelta(days=15), Origin.CLINICIAN)
    assert levels(judged(case(late, regimen=half, **on_course)))["ISO-TG"] is Level.HOLD
    assert levels(judged(case(regimen=half, **on_course)))["ISO-TG"] is Level.HOLD


def test_a_protocol_test_is_known_from_the_plan_only() -> None:
    of = case(dispensed=(cases.SUPPLY,), request=RequestKind.ISOTRETINOIN_MONTH)
    facts = derive(of)
    assert "labs.later_due" not in facts
    assert levels(judged(of))["LAB-DUE"] is Level.OVERRIDE
    window = DateWindow(TODAY - timedelta(days=3), TODAY)

    def plan(test_state: str) -> MonitoringPlan:
        point = PlannedTest("alt", "during", TODAY, window, test_state, None, "")
        return MonitoringPlan("DELPHI-2022", "1", TODAY, (point,), "", None, TODAY)

    done = with_plan(of, facts, plan("done"))
    assert "LAB-DUE" not in levels(judged(of, done))
    missing = with_plan(of, facts, plan("due"))
    assert missing.value("labs.later_missing") == ("alt",)
    assert levels(judged(of, missing))["LAB-DUE"] is Level.OVERRIDE


@pytest.mark.parametrize(
    ("state_code", "licences", "level"),
    [("CA", ("CA",), None), ("ca", ("CA",), None), ("NV", ("CA",), Level.HOLD)],
)
def test_licence_of_the_patients_state(state_code, licences, level) -> None:
    address = replace(cases.patient().address, state=state_code)
    assert cases.PRESCRIBER.licences[0].state in licences
    found = levels(judged(case(patient=cases.patient(address=address))))
    assert found.get("RX-LICENSE-STATE") is level


def test_an_unknown_state_or_prescriber_holds() -> None:
    found = levels(judged(case(patient=cases.patient(address=None))))
    assert found["RX-LICENSE-STATE"] is Level.HOLD
    assert levels(judged(case(prescriber=None)))["RX-LICENSE-STATE"] is Level.HOLD


@pytest.mark.parametrize(
    ("born", "state_code", "minor"),
    [
        (date(2008, 6, 10), "CA", False),
        (date(2008, 6, 11), "CA", True),
        (date(2008, 6, 10), "AL", True),
        (date(2007, 6, 10), "AL", False),
        (date(2008, 6, 10), "ZZ", None),
        (date(2012, 6, 10), "ZZ", True),
        (date(1990, 1, 1), "ZZ", False),
    ],
)
def test_age_of_majority_by_state(born, state_code, minor) -> None:
    address = replace(cases.patient().address, state=state_code)
    of = case(patient=cases.patient(born=born, address=address))
    assert derive(of).value("patient.minor") is minor


def test_a_contact_counts_from_the_submission_on() -> None:
    red = said("mood.item9", 2)
    phq = said("mood.phq2", 4)
    assert levels(judged(case(red, phq)))["TRIAGE-CONTACT"] is Level.HOLD
    before = cases.call(at=cases.SENT - timedelta(hours=1))
    assert "TRIAGE-CONTACT" in levels(judged(case(red, phq, contacts=(before,))))
    called = case(red, phq, contacts=(cases.call(),))
    assert "TRIAGE-CONTACT" not in levels(judged(called))
    assert levels(judged(called))["ISO-SI-SCREEN"] is Level.HOLD
    assessed = said("mood.assessed_on", TODAY, Origin.CLINICIAN)
    both = case(red, phq, assessed, contacts=(cases.call(),))
    assert levels(judged(both))["ISO-SI-SCREEN"] is Level.WARN
    voicemail = case(red, phq, assessed, contacts=(cases.call("voicemail"),))
    assert levels(judged(voicemail))["ISO-SI-SCREEN"] is Level.HOLD


def test_dose_facts_of_a_regimen() -> None:
    facts = derive(case(said("patient.weight", Decimal(80))))
    assert facts.value("dose.per_kg") == Decimal("0.50")
    assert facts.value("dose.band") == "usual"
    assert facts.value("course.cumulative") == Decimal(15)
    assert facts.value("excipient.soybean_oil") == "present"
    assert facts.value("excipient.parabens") == "unchecked"
    assert levels(judged(case(said("patient.weight", Decimal(30)))))["ISO-DOSE"] is Level.OVERRIDE
    assert levels(judged(case(said("patient.weight", Decimal("19.9")))))["ISO-DOSE"] is Level.STOP


def test_same_milligrams_in_another_class_stop() -> None:
    micronized = Regimen(
        "isotretinoin", "absorica_ld", "micronized", (Decimal(20),), (Decimal(20),), 30, True
    )
    of = case(regimen=micronized, dispensed=(cases.SUPPLY,))
    assert levels(judged(of))["ISO-LD"] is Level.STOP
    assert "ISO-LD" not in levels(judged(case(dispensed=(cases.SUPPLY,))))


def test_cumulative_dose_counts_exactly() -> None:
    taken = replace(cases.SUPPLY, days=300)  # 40 mg x 300 d + 40 mg x 30 d at 60 kg = 220 mg/kg
    facts = derive(case(dispensed=(taken,)))
    assert facts.value("course.cumulative") == Decimal(220)
    more = replace(cases.SUPPLY, days=301)
    assert levels(judged(case(dispensed=(more,))))["ISO-CUM-220"] is Level.OVERRIDE


@pytest.mark.parametrize(
    ("last", "open_on"), [(date(2026, 4, 10), True), (date(2026, 4, 16), False)]
)
def test_pause_between_courses(last, open_on) -> None:
    of = case(prior_courses=(PriorCourse(last, Decimal(120)),))
    assert ("ISO-2ND" not in levels(judged(of))) is open_on


def test_an_earlier_course_without_its_end_is_asked() -> None:
    unsaid = ["course.cumulative_before"]
    found = levels(judged(case(prior_courses=(PriorCourse(None, None),), without=unsaid)))
    assert found["ASK-COURSE-END"] is Level.HOLD
    assert found["ASK-COURSE-DOSE"] is Level.HOLD


def test_indication_comes_from_the_decision() -> None:
    rosacea = replace(cases.PRESCRIBE, indication="severe rosacea", icd10="L71.9")
    assert levels(judged(case(decision=rosacea)))["ISO-OFFLABEL"] is Level.HOLD
    graded = said("indication.global_grade", "severe", Origin.CLINICIAN)
    assert levels(judged(case(graded, decision=rosacea)))["ISO-OFFLABEL"] is Level.OVERRIDE
    undecided = levels(judged(case(decision=None, without=["indication.icd10"])))
    assert undecided["ASK-INDICATION"] is Level.HOLD


def test_a_stopping_side_effect_stops_the_next_supply() -> None:
    ill = said("symptoms.now", ("jaundice",))
    of = case(ill, dispensed=(cases.SUPPLY,), contacts=(cases.call(),))
    assert levels(judged(of))["ISO-SX"] is Level.STOP


def test_a_date_of_issue_in_the_future_holds() -> None:
    found = levels(judged(case(issue_on=TODAY + timedelta(days=1))))
    assert found["RX-ISSUE-FUTURE"] is Level.HOLD


def test_the_rems_record_is_read_from_the_facts() -> None:
    of = able(results=(T1, T2))
    record = rems_record(of, derive(of))
    assert record.category is not None
    assert record.category.value == "CGP"
    assert [t.role for t in record.tests] == ["T1", "T2"]
    assert record.contraception_start == date(2026, 1, 6)
    assert record.enrolled_on == TODAY
    assert record.regular_menses is True


@pytest.mark.parametrize(
    ("reached", "assessed", "level"),
    [
        # 10-Jun 20:00 in Los Angeles is 11-Jun in UTC.
        (datetime(2026, 6, 11, 3, 0, tzinfo=UTC), date(2026, 6, 10), Level.WARN),
        (datetime(2026, 6, 10, 3, 0, tzinfo=UTC), date(2026, 6, 10), Level.HOLD),
    ],
)
def test_the_same_day_is_the_day_of_the_clinic(reached, assessed, level) -> None:
    """Who was reached last evening was not assessed on the same day."""
    of = case(
        said("mood.phq2", 3),
        said("mood.phq9", 5),
        said("mood.item9", 1),
        said("mood.assessed_on", assessed, Origin.CLINICIAN),
        contacts=(replace(cases.call(), at=reached),),
    )
    assert levels(judged(of))["ISO-SI-SCREEN"] is level


def test_the_day_it_was_sent_is_the_day_of_the_clinic() -> None:
    evening = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
    assert derive(case(submitted_at=evening)).value("visit.submitted_on") == date(2026, 6, 9)
