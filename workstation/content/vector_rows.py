"""Kinds of worked cases on severity, doses and the REMS, from JSON inputs to domain functions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workstation.content.catalogue import Catalogue
from workstation.content.vector_facts import judged
from workstation.content.vector_inputs import (
    ISOTRETINOIN,
    Inputs,
    Outputs,
    Row,
    day,
    formulation,
    rule_set,
)
from workstation.domain import capsules, dosing, prescription, rems, schemes, severity
from workstation.domain.results import TestSetting


def _count_rubric(given: Inputs, content: Catalogue) -> Outputs:
    counts = severity.Counts(
        given["comedones"],
        given["inflammatory"],
        given["nodules_cysts"],
        given.get("active_deep_scarring", False),
    )
    result = severity.grade(content.rubric, counts, tuple(given.get("missing", ())))
    return {
        "grade": result.grade,
        "reason_codes": list(result.codes),
        "total": counts.total,
        "at_least": result.at_least,
    }


def _gags(given: Inputs, content: Catalogue) -> Outputs:
    score = schemes.gags(content.schemes.gags, given)
    return {"score": score.score, "grade": score.grade, "lower_bound": score.lower_bound}


def _hayashi(given: Inputs, content: Catalogue) -> Outputs:
    left, right = given["left_half_inflammatory"], given["right_half_inflammatory"]
    found = schemes.hayashi(content.schemes.hayashi, left, right, given.get("nodules_cysts", 0))
    return {"grade": found.grade, "half": found.half}


def _iga_hint(given: Inputs, content: Catalogue) -> Outputs:
    hint, beyond = schemes.iga_hint(
        content.schemes.iga_hint,
        given["comedones"],
        given["inflammatory"],
        given["nodules_cysts"],
    )
    return {"hint": hint, "beyond": beyond}


def _candidacy(given: Inputs, content: Catalogue) -> Outputs:
    found = schemes.candidacy(
        content.schemes.candidacy,
        count_grade=given.get("count_grade"),
        iga=given.get("iga"),
        psychosocial_burden=given.get("psychosocial_burden", False),
        scarring=given.get("scarring", False),
        failed_standard_therapy=given.get("failed_standard_therapy", False),
        age=given.get("age"),
        nodules=given.get("nodules_cysts", 0),
        failed_systemic_antibiotic=given.get("failed_systemic_antibiotic", False),
        pregnant=given.get("pregnant", False),
    )
    return {
        "guideline_candidate": found.guideline_candidate,
        "severe_equivalent": found.severe_equivalent,
        "on_label": found.on_label,
    }


def _dose(given: Inputs, content: Catalogue) -> Outputs:
    limits = dosing.dose_range(content.medicines[ISOTRETINOIN], formulation(given["formulation"]))
    weight = Decimal(given["weight_kg"])
    return {
        "start_mg_day": limits.start * weight,
        "goal_mg_day": limits.goal * weight,
        "max_adult_severe_mg_day": limits.ceiling * weight,
    }


def _cumulative(given: Inputs, content: Catalogue) -> Outputs:
    weight = Decimal(given["weight_kg"])
    kind = formulation(given.get("formulation", dosing.CONVENTIONAL))
    taken = tuple(
        dosing.Dispensed(date(2026, 1, 1), Decimal(daily), days, kind, weight)
        for daily, days in given["steps"]
    )
    ledger = dosing.ledger(
        taken,
        weight,
        content.medicines[ISOTRETINOIN],
        Decimal(given["next_daily_mg"]),
        date(2026, 6, 10),
        target=Decimal(given["target_mg_kg"]),
        next_formulation=kind,
    )
    return {
        "given_mg": ledger.given,
        "given_mg_kg": ledger.given_per_kg,
        "remaining_mg": ledger.remaining,
        "days_left": ledger.days_left,
        "codes": [
            *(["LD-EQUIV-ESTIMATE"] if ledger.estimated else []),
            *judged(content, {"course.cumulative": ledger.given / weight}, ("ISO-CUM",))["codes"],
        ],
    }


def _combinations(given: Inputs, content: Catalogue) -> Outputs:
    kind = formulation(given.get("formulation", dosing.CONVENTIONAL))
    stock = given.get("strengths") or dosing.strengths_of(content.medicines[ISOTRETINOIN], kind)
    strengths = tuple(Decimal(s) for s in stock)
    ways = capsules.combinations(Decimal(given["daily_mg"]), strengths)
    best = ways[0] if ways else None
    return {
        "morning": [] if best is None else list(best.morning),
        "evening": [] if best is None else list(best.evening),
        "possible": bool(ways),
        "nearest": list(capsules.nearest_possible(Decimal(given["daily_mg"]), strengths)),
    }


def _supply(given: Inputs, content: Catalogue) -> Outputs:
    found = prescription.supply(
        given["capsules_per_day"],
        given["days_supply"],
        given["refills"],
        content.medicines[ISOTRETINOIN],
    )
    return {"quantity": found.quantity, "ok": found.ok, "codes": list(found.codes)}


def _second_course(given: Inputs, content: Catalogue) -> Outputs:
    last = day(given["first_course_last_dose"])
    start = dosing.second_course_from(last, content.medicines[ISOTRETINOIN])
    return {"earliest_start": start.isoformat()}


def _timeline(given: Inputs, content: Catalogue) -> Outputs:
    first = (given["week_of_treatment"] - 1) * 7 + 1
    bucket = dosing.bucket_of(content.medicines[ISOTRETINOIN], first)
    if bucket is None:
        return {"bucket": None, "expect": []}
    return {"bucket": bucket.label, "expect": list(bucket.expect)}


def _lactation(given: Inputs, content: Catalogue) -> Outputs:
    end = rems.end_of_course(rule_set(given, content), day(given["last_dose"]))
    return {"breastfeeding_barred_through": end.breast_feeding_through.isoformat()}


def _window(given: Inputs, content: Catalogue) -> Outputs:
    category, anchor = rems.Category(given["category"]), day(given["anchor_date"])
    last = rems.last_pick_up(rule_set(given, content), category, anchor)
    return {"last_pickup_date": None if last is None else last.isoformat()}


def _confirm_test(given: Inputs, content: Catalogue) -> Outputs:
    earliest, because = rems.earliest_confirmation(
        rule_set(given, content), day(given["screening_test"]), day(given["contraception_start"])
    )
    return {"earliest_confirmation": earliest.isoformat(), "binding_rule": because}


def _missed_window(given: Inputs, content: Catalogue) -> Outputs:
    if given.get("picked_up"):
        return {"earliest_next_test": None, "medical_setting_required": False}
    found = rems.next_test_after_missed(
        rule_set(given, content), day(given["specimen_date"]), given["first_prescription"]
    )
    return {
        "earliest_next_test": found.on.isoformat(),
        "medical_setting_required": found.medical_setting,
    }


def _contraception(given: Inputs, content: Catalogue) -> Outputs:
    methods = tuple(given["methods"])
    codes = rems.check_pair(methods, content.contraception)
    notes = rems.pair_notes(methods, content.contraception)
    return {"acceptable": not codes, "codes": list(codes), "notes": list(notes)}


def _category(given: Inputs, content: Catalogue) -> Outputs:
    sex = given.get("sex_at_birth")
    found = rems.category_of(
        rules=rule_set(given, content),
        assigned_male_at_birth=None if sex is None else sex == "male",
        uterus=given.get("uterus"),
        ovaries=given.get("ovaries"),
        months_since_last_menses=given.get("months_since_last_menses"),
        menopause_medically_confirmed=given.get("menopause_medically_confirmed"),
    )
    return {"category": None if found is None else found.value}


def _test_setting(given: Inputs, content: Catalogue) -> Outputs:
    codes = rems.check_setting(
        before_first_dose=given["phase"] == "pre_treatment",
        setting=TestSetting(given["setting"]),
        prescriber_allows=given.get("prescriber_allows"),
        process_documented=given.get("antifalsification_process"),
    )
    return {"accepted": not codes, "code": codes[0] if codes else None}


def _end_of_course(given: Inputs, content: Catalogue) -> Outputs:
    end = rems.end_of_course(rule_set(given, content), day(given["last_dose"]))
    return {
        "end_test_due": end.end_test_due.isoformat(),
        "post_test_earliest": end.post_test_earliest.isoformat(),
        "contraception_through": end.contraception_through.isoformat(),
        "blood_donation_barred_through": end.donation_through.isoformat(),
    }


def _dispense(given: Inputs, content: Catalogue) -> Outputs:
    anchor = given.get("specimen_date") or given.get("visit_date")
    if anchor is None:  # nothing opened a window
        return {"allowed": False, "code": "IPL-WINDOW"}
    codes = rems.may_dispense(
        rule_set(given, content),
        rems.Category(given["category"]),
        day(anchor),
        day(given["dispense_date"]),
    )
    return {"allowed": not codes, "code": codes[0] if codes else None}


ROWS: dict[str, Row] = {
    "count_rubric": _count_rubric,
    "gags": _gags,
    "hayashi": _hayashi,
    "iga_hint": _iga_hint,
    "candidacy": _candidacy,
    "dose": _dose,
    "cumulative": _cumulative,
    "combinations": _combinations,
    "supply": _supply,
    "second_course": _second_course,
    "timeline": _timeline,
    "lactation": _lactation,
    "window": _window,
    "confirm_test": _confirm_test,
    "missed_window": _missed_window,
    "contraception": _contraception,
    "category": _category,
    "test_setting": _test_setting,
    "end_of_course": _end_of_course,
    "dispense": _dispense,
}
