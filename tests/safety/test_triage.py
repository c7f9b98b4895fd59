"""Red flags, side effects and clocks: what fires, what waits, and that unknown does not reassure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.safety.answers import answer, shipped
from workstation.domain.facts import Facts
from workstation.domain.triage import (
    TriageLevel,
    assess_pregnancy_result,
    assess_symptoms,
    assess_triage,
    escalation,
)

CLINIC = shipped()
SENT = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


def triage(*unknown: str, **values):
    facts = CLINIC.with_answers("severity.grade", *unknown, **values)
    found = assess_triage(CLINIC.triage, facts, SENT)
    return found.level.name, {flag.code for flag in found.flags}


def symptoms(*reported: str, **values):
    facts = CLINIC.with_answers(symptoms__now=tuple(reported), **values)
    found = assess_symptoms(CLINIC.triage, facts)
    return set(found.codes), found.action, found.level.name


ISO = {"course__on_isotretinoin": True}


@pytest.mark.parametrize(
    ("values", "level", "codes"),
    [
        ({}, "ROUTINE", set()),
        ({"mood__ideation": True}, "EMERGENT", {"T-SUI"}),
        ({"mood__psychosis": True}, "EMERGENT", {"T-SUI"}),
        ({"symptoms__self_harm": True}, "EMERGENT", {"T-SUI"}),
        ({"mood__item9": 1}, "URGENT", {"T-SUI-SCREEN"}),
        ({"mood__item9": 3, "mood__ideation": True}, "EMERGENT", {"T-SUI"}),
        ({"mood__distress": True}, "PRIORITY", {"T-PSY"}),
        ({"pregnancy__now": True, **ISO}, "EMERGENT", {"T-PREG-ISO"}),
        (
            {"pregnancy__now": True, "medicines__now": ("spironolactone",)},
            "URGENT",
            {"T-PREG-OTHER"},
        ),
        ({"symptoms__now": ("visual_change",)}, "URGENT", {"T-EYE"}),
        ({"symptoms__now": ("severe_headache", "vomiting"), **ISO}, "EMERGENT", {"T-IIH"}),
        (
            {"symptoms__now": ("severe_headache", "vomiting"), "medicines__tetracycline": True},
            "EMERGENT",
            {"T-IIH"},
        ),
        ({"symptoms__now": ("severe_headache", "vomiting")}, "ROUTINE", set()),
        ({"symptoms__now": ("hives",)}, "ROUTINE", set()),
        ({"symptoms__now": ("hives", "collapse")}, "EMERGENT", {"T-ANAPH"}),
        ({"symptoms__now": ("weakness", "dark_urine")}, "EMERGENT", {"T-RHAB", "T-LIV"}),
        ({"labs__tg__action": "stop_urgent"}, "EMERGENT", {"T-PANC"}),
        (
            {"symptoms__now": ("leg_swelling",), "contraception__methods": ("patch",)},
            "EMERGENT",
            {"T-CLOT"},
        ),
        (
            {"symptoms__now": ("syncope",), "medicines__now": ("minoxidil_oral",)},
            "EMERGENT",
            {"T-CV"},
        ),
        (
            {"symptoms__now": ("oedema",), "medicines__now": ("minoxidil_oral",)},
            "URGENT",
            {"T-CV"},
        ),
        ({"lesion__features": ("pigmented", "border")}, "ROUTINE", set()),
        ({"lesion__features": ("border", "diameter")}, "URGENT", {"T-ABCDE"}),
        ({"lesion__features": ("evolving",)}, "URGENT", {"T-ABCDE"}),
        ({"pregnancy__test__hours_left": 48}, "PRIORITY", {"T-WINDOW"}),
        ({"pregnancy__test__hours_left": 49}, "ROUTINE", set()),
        ({"pregnancy__test__hours_left": 0}, "ROUTINE", set()),
        ({"patient__age": 8}, "PRIORITY", {"T-CHILD"}),
        ({"patient__age": 9}, "ROUTINE", set()),
    ],
)
def test_flags(values, level, codes) -> None:
    assert triage(**values) == (level, codes)


@pytest.mark.parametrize(
    ("values", "unknown", "code"),
    [
        (
            {"symptoms__now": ("severe_headache", "visual_change")},
            ("course.on_isotretinoin", "medicines.now"),
            "T-IIH",
        ),
        ({"symptoms__now": ("severe_epigastric_pain",)}, ("course.on_isotretinoin",), "T-PANC"),
        ({"pregnancy__now": True}, ("course.on_isotretinoin",), "T-PREG-ISO"),
        ({"symptoms__now": ("morbilliform_rash", "fever")}, ("medicines.now",), "T-DRESS"),
        ({"symptoms__now": ("chest_pain",)}, ("medicines.now",), "T-CLOT"),
        ({"symptoms__now": ("rectal_bleeding",)}, ("course.on_isotretinoin",), "T-IBD"),
    ],
)
def test_an_alarm_counts_while_the_medicine_is_unknown(values, unknown, code) -> None:
    assert code not in triage(**values)[1]
    assert code in triage(*unknown, **values)[1]


def test_nothing_known_is_routine_and_asked_elsewhere() -> None:
    found = assess_triage(CLINIC.triage, Facts(), SENT)
    assert (found.level, found.flags) == (TriageLevel.ROUTINE, ())


@pytest.mark.parametrize(
    ("level", "values", "minutes"),
    [
        ("EMERGENT", {"mood__ideation": True}, 15),
        ("URGENT", {"mood__item9": 1}, 240),
        ("PRIORITY", {"mood__distress": True}, 1440),
        ("ROUTINE", {}, 2880),
    ],
)
def test_the_clock_starts_at_submission(level, values, minutes) -> None:
    found = assess_triage(CLINIC.triage, CLINIC.with_answers("severity.grade", **values), SENT)
    assert found.level.name == level
    assert found.deadline == SENT + timedelta(minutes=minutes)
    assert escalation(CLINIC.triage, found) == SENT + timedelta(minutes=minutes) * 0.75
    assert found.needs_contact is (level in ("EMERGENT", "URGENT"))


def test_flags_stand_highest_first() -> None:
    facts = CLINIC.with_answers(mood__ideation=True, lesion__features=("evolving",), patient__age=8)
    levels = [flag.level for flag in assess_triage(CLINIC.triage, facts, SENT).flags]
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize(
    ("reported", "codes", "action", "level"),
    [
        (("dry_lips",), {"SX-CHEILITIS"}, "continue", "ROUTINE"),
        (("headache",), {"SX-HA"}, "continue", "ROUTINE"),
        (("headache", "visual_change"), {"SX-IIH"}, "stop", "EMERGENT"),
        (("severe_headache", "visual_change"), {"SX-IIH"}, "stop", "EMERGENT"),
        (("visual_change",), {"SX-EYE"}, "stop", "URGENT"),
        (("early_flare",), {"SX-FLARE"}, "reduce", "ROUTINE"),
        (("hair_shedding", "dry_lips"), {"SX-HAIR", "SX-CHEILITIS"}, "reduce", "ROUTINE"),
        (("jaundice", "dry_lips"), {"SX-HEP", "SX-CHEILITIS"}, "stop", "EMERGENT"),
        (("mood_change",), {"SX-MOOD"}, "stop", "URGENT"),
        ((), set(), "continue", "ROUTINE"),
    ],
)
def test_side_effects(reported, codes, action, level) -> None:
    assert symptoms(*reported) == (codes, action, level)


def test_a_missed_period_stops_at_once() -> None:
    codes, action, level = symptoms(pregnancy__category="CGP", contraception__period_missed=True)
    assert ("SX-PREG" in codes, action, level) == (True, "stop_now", "EMERGENT")


def test_pregnancy_results() -> None:
    found = assess_pregnancy_result(CLINIC.triage, "positive", on_medicine=True)
    assert (found.code, found.action, found.level.name) == ("PREG-POS", "stop_now", "EMERGENT")
    assert found.tell == ("iPLEDGE", "FDA MedWatch", "OB referral")
    assert assess_pregnancy_result(CLINIC.triage, "equivocal", on_medicine=True).action == "hold"
    with pytest.raises(KeyError):
        assess_pregnancy_result(CLINIC.triage, "smudged", on_medicine=True)


def test_an_ill_formed_answer_is_unknown() -> None:
    facts = CLINIC.safe.with_facts([answer("mood.ideation", "yes")])
    assert assess_triage(CLINIC.triage, facts.without(["severity.grade"]), SENT).flags == ()


def test_a_flag_never_yields_to_a_milder_one() -> None:
    facts = CLINIC.with_answers(mood__ideation=True, mood__item9=1, mood__phq2=3)
    found = assess_triage(CLINIC.triage, facts, SENT)
    assert found.level is TriageLevel.EMERGENT
    assert "T-SUI-SCREEN" not in {flag.code for flag in found.flags}
    turned = tuple(
        replace(flag, subsumed_by=("T-SUI-SCREEN",) if flag.code == "T-SUI" else ())
        for flag in CLINIC.triage.flags
    )
    again = assess_triage(replace(CLINIC.triage, flags=turned), facts, SENT)
    assert again.level is TriageLevel.EMERGENT
    assert {"T-SUI", "T-SUI-SCREEN"} <= {flag.code for flag in again.flags}
