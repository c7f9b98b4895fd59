"""Slips of the pen and answers that contradict each other: none of them may open the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.safety.cases import (
    CLINIC,
    NOW,
    PRESCRIBER,
    SUPPLY,
    TODAY,
    baseline,
    can,
    case,
    content,
    judged,
    lab,
    said,
)
from workstation.domain.consultation import PastVisit
from workstation.domain.derivation import Case, derive
from workstation.domain.draft import Draft
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.ids import ConsultationId
from workstation.domain.results import TestSetting
from workstation.domain.safety import Level
from workstation.workflow.appraisal import Situation, appraise

T1 = lab("hcg_urine", "negative", date(2026, 1, 5), role="T1")
T2 = lab("hcg_urine", "negative", TODAY - timedelta(days=1), role="T2")
PERIOD = said("pregnancy.last_period", TODAY - timedelta(days=3))
BEFORE_BIRTH = date(206, 6, 1)
AHEAD = date(2062, 6, 10)
CLINICIAN = Origin.CLINICIAN


def able(*changed: Fact, **changes: object) -> Case:
    """Everything that opens the gate for a patient who can become pregnant, with some changed."""
    names = {fact.name for fact in changed}
    kept = (fact for fact in can(PERIOD) if fact.name not in names)
    return case(*kept, *changed, **{"results": (*baseline(), T1, T2), **changes})


def holding(of: Case) -> dict[str, Level]:
    return {f.code: f.level for f in judged(of).findings if f.level >= Level.HOLD}


def test_the_patient_of_these_tests_may_be_treated() -> None:
    assert holding(able()) == {}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("contraception.started", BEFORE_BIRTH, "ISO-PREG-UNK"),
        ("consent.patient_on", AHEAD, "CONSENT-PATIENT"),
        ("consent.patient_on", BEFORE_BIRTH, "CONSENT-PATIENT"),
        ("rems.consent_on", AHEAD, "ISO-REMS"),
        ("patient.weight", Decimal(1000), "ASK-WEIGHT"),
        ("patient.weight", Decimal(-60), "ASK-WEIGHT"),
        ("patient.weight", Decimal("0.06"), "ASK-WEIGHT"),
        ("patient.weight", Decimal("1e30"), "ASK-WEIGHT"),
        ("patient.weight", Decimal("NaN"), "ASK-WEIGHT"),
        ("patient.weight", Decimal("Infinity"), "ASK-WEIGHT"),
        ("alcohol.most", Decimal(-1), "ASK-ALC"),
        ("alcohol.days", 8, "ASK-ALC-DAYS"),
        ("mood.phq2", -1, "ASK-MOOD"),
        ("mood.phq2", 7, "ASK-MOOD"),
    ],
)
def test_what_cannot_be_meant_is_asked_again(name: str, value: FactValue, code: str) -> None:
    origin = (content().facts[name].said_by or (Origin.INTAKE,))[0]
    assert holding(able(said(name, value, origin)))[code] is Level.HOLD


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [("patient.weight", 15, 350), ("mood.phq2", 0, 6), ("mood.phq9", 0, 27), ("mood.item9", 0, 3)],
)
def test_the_limits_themselves_can_be_meant(name: str, lowest: int, highest: int) -> None:
    spec = content().facts[name]
    for value, meant in (
        (lowest - 1, False),
        (lowest, True),
        (highest, True),
        (highest + 1, False),
    ):
        assert spec.believable(value, TODAY) is meant


def test_a_test_before_birth_screens_for_nothing() -> None:
    old = replace(T1, collected=BEFORE_BIRTH)
    assert derive(able(results=(*baseline(), old, T2))).value("pregnancy.test.state") == (
        "t1_missing"
    )


@pytest.mark.parametrize(
    "failed_on", [None, date(2025, 6, 10), BEFORE_BIRTH, AHEAD, TODAY], ids=str
)
def test_a_wrong_day_of_a_failure_does_not_lift_it(failed_on: date | None) -> None:
    told = [
        said("contraception.unprotected", True),
        said("contraception.counselled_on", TODAY, CLINICIAN),
    ]
    if failed_on is not None:
        told.append(said("contraception.failed_on", failed_on))
    assert holding(able(*told))["CON-FAIL"] is Level.HOLD


def test_a_failure_before_the_newest_test_is_lifted_by_it() -> None:
    told = (
        said("contraception.unprotected", True),
        said("contraception.failed_on", TODAY - timedelta(days=20)),
        said("contraception.counselled_on", TODAY, CLINICIAN),
    )
    assert holding(able(*told)) == {}
    later = replace(told[2], value=AHEAD)
    assert holding(able(*told[:2], later))["CON-FAIL"] is Level.HOLD


@pytest.mark.parametrize(
    ("days", "code", "level"),
    [
        (30, "ISO-PREG-POS", Level.STOP),
        (31, "ISO-PREG-OPEN", Level.HOLD),
        (280, "ISO-PREG-OPEN", Level.HOLD),
        (281, None, None),
    ],
)
def test_a_positive_test_that_nobody_ruled_out(
    days: int, code: str | None, level: Level | None
) -> None:
    positive = lab("hcg_urine", "positive", TODAY - timedelta(days=days))
    results = (*baseline(), replace(T1, collected=date(2025, 1, 5)), positive, T2)
    found = holding(able(results=results))
    assert found == ({} if code is None else {code: level})
    if code is not None:
        gone = said("pregnancy.ruled_out_on", TODAY - timedelta(days=2), CLINICIAN)
        assert holding(able(gone, results=results)) == {}
        ahead = replace(gone, value=AHEAD)
        assert holding(able(ahead, results=results)) == {code: level}


@pytest.mark.parametrize(
    "changed",
    [
        said("contraception.methods", ("tubal_sterilization", "male_condom")),
        said("pregnancy.months_since_menses", 2),
        said("pregnancy.cycle", "regular"),
    ],
    ids=lambda fact: fact.name,
)
def test_answers_of_somebody_who_can_disagree_with_the_category(changed: Fact) -> None:
    assert holding(case(changed)) == {"IPL-RECAT": Level.HOLD}
    for organ in ("pregnancy.uterus", "pregnancy.ovaries"):
        assert holding(case(changed, said(organ, False))) == {}


def test_a_planned_pregnancy_stops_whatever_the_category_says() -> None:
    assert holding(case(said("pregnancy.planned", True))) == {"ISO-PREG-PLAN": Level.STOP}


@pytest.mark.parametrize(
    ("older", "newer", "code", "level"),
    [
        ((900, True), (300, False), "ISO-TG", Level.STOP),  # not fasting: lets go of nothing
        ((900, True), (600, True), "ISO-TG", Level.STOP),  # still in the band that holds
        ((1200, True), (500, True), "ISO-TG", Level.STOP),
        ((900, True), (499, True), None, None),
        ((600, True), (300, False), "ISO-TG", Level.HOLD),
        ((600, True), (300, True), None, None),
    ],
)
def test_high_triglycerides_stand_until_a_result_lets_go(
    older: tuple[int, bool], newer: tuple[int, bool], code: str | None, level: Level | None
) -> None:
    first = lab("tg", older[0], TODAY - timedelta(days=5), upper=150, fasting=older[1])
    second = lab("tg", newer[0], TODAY - timedelta(days=1), upper=150, fasting=newer[1])
    of = case(results=(*baseline(TODAY - timedelta(days=20)), first, second), dispensed=(SUPPLY,))
    assert holding(of) == ({} if code is None else {code: level})


@pytest.mark.parametrize("test", ["alt", "ast", "ck"])
def test_an_enzyme_stands_until_a_result_below_the_hold_band(test: str) -> None:
    limit, rule = (40, "ISO-LIVER") if test != "ck" else (200, "LAB-CK")
    hold = {"alt": 4, "ast": 4, "ck": 7}[test]
    high = lab(test, limit * 20, TODAY - timedelta(days=5), upper=limit)
    still = lab(test, limit * hold, TODAY - timedelta(days=2), upper=limit)
    unjudged = lab(test, limit, TODAY - timedelta(days=1), upper=None)
    low = lab(test, limit, TODAY, upper=limit)
    base = baseline(TODAY - timedelta(days=20))

    def found(*results: object) -> dict[str, Level]:
        return holding(case(results=(*base, *results), dispensed=(SUPPLY,)))

    assert found(high)[rule] is Level.STOP
    assert found(high, still)[rule] is Level.STOP
    assert found(high, still, unjudged)[rule] is Level.STOP
    assert found(still)[rule] is Level.HOLD
    assert found(high, still, unjudged, low) == {}


@pytest.mark.parametrize("test", ["alt", "ast", "ck", "tg"])
def test_a_value_of_another_unit_is_no_result(test: str) -> None:
    spec = content().tests[test]
    assert spec.lowest is not None
    units = {"tg": 150}.get(test, 40)
    low = lab(test, spec.lowest - Decimal("0.01"), TODAY, upper=units)
    assert "LAB-UNREADABLE" in holding(case(results=(*baseline(), low)))
    edge = lab(test, spec.lowest, TODAY, upper=units)
    assert holding(case(results=(*baseline(), edge))) == {}


@pytest.mark.parametrize(
    ("hour", "state"), [(3, "valid"), (4, "window_closed"), (23, "window_closed")]
)
def test_a_window_closes_at_midnight_in_the_east(hour: int, state: str) -> None:
    # The last day of the window in California; it is 8 pm there when the East has the next day.
    test = replace(T2, collected=TODAY - timedelta(days=6))
    now = datetime(TODAY.year, TODAY.month, TODAY.day + 1, hour, 0, tzinfo=UTC)
    of = able(results=(*baseline(), T1, test), now=now)
    assert derive(of).value("pregnancy.test.state") == state
    earlier = now - timedelta(days=1)
    assert derive(replace(of, now=earlier)).value("pregnancy.test.state") == "valid"


def test_the_clinics_own_day_closes_a_window_as_well() -> None:
    test = replace(T2, collected=TODAY - timedelta(days=7))
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 3, 30, tzinfo=UTC)  # still yesterday there
    of = able(results=(*baseline(), T1, test), now=now)
    assert derive(of).value("pregnancy.test.state") == "window_closed"


def test_what_was_shown_before_the_cut_is_worked_out_anew_after_it() -> None:
    test = replace(T2, collected=TODAY - timedelta(days=6))
    of = able(results=(*baseline(), T1, test)).consultation
    draft = Draft.empty(ConsultationId("c"))
    day = datetime(TODAY.year, TODAY.month, TODAY.day, 20, 0, tzinfo=UTC)
    found = []
    for now in (day, day + timedelta(hours=9)):
        situation = Situation(content(), PRESCRIBER, CLINIC, now, TODAY)
        because = appraise(of, draft, (), situation).gate.because
        found.append("IPL-WINDOW" in because)
    assert found == [False, True]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((), "IPL-TEST-SETTING"),
        ((said("follow_up.picked_up", True),), None),
        ((said("follow_up.first_capsule_on", SUPPLY.on),), None),
    ],
)
def test_a_test_at_home_waits_for_the_first_pick_up(
    answers: tuple[Fact, ...], code: str | None
) -> None:
    home = lab("hcg_urine", "negative", TODAY, role="monthly", setting=TestSetting.HOME)
    seen = said("pregnancy.test.process_on", TODAY, CLINICIAN)
    results = (*baseline(TODAY), T1, replace(T2, collected=SUPPLY.on), home)
    gone = ("follow_up.picked_up", "follow_up.days_missed", "follow_up.capsules_left")
    of = able(seen, results=results, dispensed=(SUPPLY,), without=gone).consultation
    facts = (*of.facts, *answers)
    situation = Situation(content(), PRESCRIBER, CLINIC, NOW, TODAY)
    draft = Draft.empty(ConsultationId("c"))
    because = appraise(replace(of, facts=facts), draft, (), situation).gate.because
    assert [c for c in because if c.startswith("IPL")] == ([code] if code else [])
    clinic = replace(home, setting=TestSetting.MEDICAL)
    drawn = replace(of, results=(*results[:-1], clinic))
    assert not [c for c in appraise(drawn, draft, (), situation).gate.because if "IPL" in c]


def _visit(*facts: Fact) -> PastVisit:
    on = TODAY - timedelta(days=40)
    return PastVisit(ConsultationId("v"), 1, on, None, (), None, None, (), facts)


@pytest.mark.parametrize(
    ("now", "said_by", "held"),
    [("CNGP", Origin.CHART, True), ("CNGP", CLINICIAN, False), ("CGP", Origin.CHART, False)],
)
def test_who_could_become_pregnant_at_the_last_visit(now: str, said_by: Origin, held: bool) -> None:
    past = (_visit(said("pregnancy.category", "CGP", CLINICIAN)),)
    category = said("pregnancy.category", now, said_by)
    of = case(category, past=past) if now == "CNGP" else able(category, past=past)
    assert ("IPL-RECAT" in holding(of)) is held


@pytest.mark.parametrize(("days", "held"), [(40, True), (39, False), (0, False)])
def test_who_now_can_become_pregnant_signs_the_forms_anew(days: int, held: bool) -> None:
    past = (_visit(said("pregnancy.category", "CNGP", CLINICIAN)),)
    consent = said("rems.consent_on", TODAY - timedelta(days=days))
    assert ("IPL-RECAT" in holding(able(consent, past=past))) is held
    assert "IPL-RECAT" not in holding(able(consent, past=()))


def test_the_last_word_of_the_last_visit_is_the_category_before() -> None:
    chart = said("pregnancy.category", "CGP", Origin.CHART)
    own = said("pregnancy.category", "CNGP", CLINICIAN)
    now = said("pregnancy.category", "CNGP", Origin.CHART)
    assert holding(case(now, past=(_visit(chart, own),))) == {}
    assert "IPL-RECAT" in holding(case(now, past=(_visit(own), _visit(chart))))
