"""Thresholds to actions: every edge, preparation, missing limits, units and combined findings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from engine_results import alt, hcg, result, tg

from workstation.domain.monitoring import (
    action_for,
    combined_findings,
    limit_missing,
    own_value,
    preparation,
    times_limit,
)

ON = "2026-06-10"
LOINC = "http://loinc.org"


def action(content, found, **known):
    band = action_for(content.tests[found.test], found, content.thresholds, **known)
    return None if band is None else band.action


@pytest.mark.parametrize(
    ("value", "expected"),
    [(149, "normal"), (150, "borderline"), (199, "borderline"), (200, "counsel_repeat"),
     (499, "counsel_repeat"), (500, "reduce_or_hold"), (799, "reduce_or_hold"), (800, "stop"),
     (999, "stop"), (1000, "stop_urgent"), (5000, "stop_urgent")],
)  # fmt: skip
def test_triglycerides(content, value, expected):
    assert action(content, tg(value, ON)) == expected


@pytest.mark.parametrize(
    ("low_inside", "high_inside", "held"),
    [(True, True, (2, 3)), (False, True, (3,)), (True, False, (2,)), (False, False, ())],
)
def test_a_band_holds_the_edges_it_says(content, low_inside, high_inside, held):
    band = replace(
        content.thresholds.of("alt")[0], low=Decimal(2), high=Decimal(3), per_upper_limit=True,
        low_inclusive=low_inside, high_inclusive=high_inside,
    )  # fmt: skip
    limit = Decimal(40)
    assert tuple(n for n in (2, 3) if band.holds(n * limit, limit)) == held
    assert band.holds(Decimal(100), limit) and not band.holds(Decimal(100), None)


@pytest.mark.parametrize("test", ["alt", "ast"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [(40, "normal"), (41, "repeat_4w"), (80, "repeat_4w"), (81, "reduce_repeat_2w"),
     (120, "reduce_repeat_2w"), (121, "hold"), (200, "hold"), (201, "stop")],
)  # fmt: skip
def test_liver(content, test, value, expected):
    assert action(content, result(test, value, ON, unit="U/L", limit=40)) == expected


@pytest.mark.parametrize(
    ("value", "rest", "ill"),
    [(200, "normal", "normal"), (201, "rest_repeat_2w", "hold_repeat_1w"),
     (1000, "rest_repeat_2w", "hold_repeat_1w"), (1001, "hold_repeat_1w", "stop_urgent"),
     (2000, "hold_repeat_1w", "stop_urgent"), (2001, "stop_urgent", "stop_urgent")],
)  # fmt: skip
def test_muscle_enzyme(content, value, rest, ill):
    found = result("ck", value, ON, unit="U/L", limit=200)
    assert action(content, found) == rest
    assert action(content, found, condition="muscle_symptoms") == ill


@pytest.mark.parametrize(
    ("test", "unit", "value", "expected"),
    [("glucose", "mg/dL", 125, "normal"), ("glucose", "mg/dL", 126, "warn"),
     ("ldl", "mg/dL", 189, "normal"), ("ldl", "mg/dL", 190, "warn"),
     ("potassium", "mmol/L", "5.0", "normal"), ("potassium", "mmol/L", "5.1", "repeat_4w"),
     ("potassium", "mmol/L", "5.5", "repeat_4w"), ("potassium", "mmol/L", "5.6", "reduce_or_hold"),
     ("potassium", "mmol/L", "6.0", "reduce_or_hold"), ("potassium", "mmol/L", "6.1", "stop_urgent"),
     ("hcg_quantitative", "m[IU]/mL", "4.9", "negative"), ("hcg_quantitative", "m[IU]/mL", 5, "hold"),
     ("hcg_quantitative", "m[IU]/mL", 25, "hold"),
     ("hcg_quantitative", "m[IU]/mL", "25.1", "stop_now")],
)  # fmt: skip
def test_others(content, test, unit, value, expected):
    found = result(test, Decimal(value), ON, unit=unit)
    assert action(content, found) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("negative", "negative"), ("equivocal", "hold"), ("positive", "stop_now"),
                           ("perhaps", None)],
)  # fmt: skip
def test_pregnancy_words(content, word, expected):
    assert action(content, hcg(ON, value=word)) == expected


def test_repeats(content):
    days = {
        (b.test, b.condition, b.action): b.repeat_days
        for b in content.thresholds
        if b.repeat_days is not None and b.test != "ast"
    }
    assert days == {
        ("tg", "", "counsel_repeat"): 28, ("tg", "", "reduce_or_hold"): 14, ("tg", "", "stop"): 7,
        ("alt", "", "repeat_4w"): 28, ("alt", "", "reduce_repeat_2w"): 14, ("alt", "", "hold"): 14,
        ("ck", "", "rest_repeat_2w"): 14, ("ck", "", "hold_repeat_1w"): 7,
        ("ck", "muscle_symptoms", "hold_repeat_1w"): 7, ("hcg_urine", "", "hold"): 3,
        ("hcg_serum", "", "hold"): 3, ("hcg_quantitative", "", "hold"): 3,
    }  # fmt: skip
    ast = {b.action: b.repeat_days for b in content.thresholds.of("ast")}
    assert ast == {b.action: b.repeat_days for b in content.thresholds.of("alt")}


def test_without_the_laboratorys_limit_nothing_acts(content):
    for limit in (None, 0):
        found = alt(500, ON, limit=limit)
        assert action(content, found) is None
        assert limit_missing(content.tests["alt"], found, content.thresholds)
        assert times_limit(found) is None
    assert not limit_missing(content.tests["alt"], alt(20, ON), content.thresholds)
    assert not limit_missing(content.tests["tg"], tg(100, ON), content.thresholds)


@pytest.mark.parametrize(
    ("known", "word"),
    [({}, "ok"), ({"fasting": False}, "not_fasting"), ({"fasting": None}, "unknown"),
     ({"hours": 35}, "alcohol"), ({"hours": 36}, "ok"), ({"fasting": False, "hours": 1}, "not_fasting")],
)  # fmt: skip
def test_an_unprepared_specimen_is_not_normal_but_still_acts(content, known, word):
    test = content.tests["tg"]
    assert preparation(test, tg(100, ON, **known), content.thresholds) == word
    fine = word == "ok"
    for value in (100, 160, 499):
        assert (action(content, tg(value, ON, **known)) is not None) == fine
    assert action(content, tg(500, ON, **known)) == "reduce_or_hold"
    assert action(content, tg(1000, ON, **known)) == "stop_urgent"


def test_hours_since_alcohol_are_asked_of_who_drinks(content):
    found = tg(100, ON)
    assert preparation(content.tests["tg"], found, content.thresholds, True) == "unknown"
    assert action(content, found, drinks=True) is None
    assert action(content, found, drinks=False) == "normal"


@pytest.mark.parametrize(
    ("test", "value", "unit", "own"),
    [("tg", 2, "mmol/L", "177.14"), ("ldl", 5, "mmol/L", "193.35"), ("cholesterol", 2, "mmol/L", "77.34"),
     ("hdl", 1, "mmol/L", "38.67"), ("glucose", 7, "mmol/L", "126.14"), ("bilirubin", "17.1", "umol/L", 1)],
)  # fmt: skip
def test_units(content, test, value, unit, own):
    found = result(test, Decimal(value), ON, unit=unit)
    assert own_value(content.tests[test], found, content.thresholds) == Decimal(own)


def test_an_unknown_unit_is_not_judged(content):
    assert action(content, result("tg", 100, ON, unit="g/L")) is None
    assert action(content, result("tg", 100, ON, unit=None)) is None


def test_hys_law_and_muscle(content):
    def both(alt_value, bilirubin, ast_value=30, ck=100):
        found = (
            alt(alt_value, ON),
            result("bilirubin", bilirubin, ON, unit="mg/dL", limit=1),
            result("ast", ast_value, ON, unit="U/L", limit=40),
            result("ck", ck, ON, unit="U/L", limit=200),
        )
        return dict(combined_findings(found, content.thresholds))

    assert both(121, Decimal("2.1")) == {"LAB-HY": "stop_urgent"}
    assert both(120, 3) == {} and both(200, 2) == {}
    assert both(40, 1, ast_value=41, ck=1001) == {"LAB-MUSCLE": "rest_repeat_2w"}
    assert both(40, 1, ast_value=40, ck=1001) == {} and both(40, 1, ast_value=41, ck=1000) == {}
    assert combined_findings((), content.thresholds) == ()


def test_combined_findings_read_the_newest_of_each_test(content):
    bilirubin = result("bilirubin", 3, "2026-06-08", unit="mg/dL", limit=1)
    raised = (alt(200, "2026-06-09"), bilirubin, hcg("2026-06-12"), tg(100, "2026-06-13"))
    assert combined_findings(raised, content.thresholds) == (("LAB-HY", "stop_urgent"),)
    settled = (*raised, alt(40, "2026-06-14"))
    assert combined_findings(settled, content.thresholds) == ()


def test_no_code_names_two_tests(content):
    tests = content.tests.values()
    expected = {
        "alt": "1742-6", "ast": "1920-8", "tg": "2571-8", "lipid_panel": "24331-1", "ck": "2157-6",
        "hcg_serum": "2118-8", "potassium": "2823-3", "creatinine": "2160-0", "ldl": "13457-7",
    }  # fmt: skip
    assert {k: content.tests[k].loinc for k in expected} == expected
    codes = [c for t in tests for c in (t.loinc, *t.also) if c]
    assert len(codes) == len(set(codes))
