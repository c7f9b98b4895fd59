"""Kinds of worked cases on laboratory, plan, photos and prescription, from JSON to functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from workstation.content.catalogue import Catalogue
from workstation.content.photo_quality import photo_limits
from workstation.content.vector_inputs import (
    ISOTRETINOIN,
    STATE,
    Inputs,
    Outputs,
    Row,
    day,
    lab,
    maybe_day,
    rule_set,
)
from workstation.domain import laboratory, photo_quality, prescription, rems
from workstation.domain.dates import DateWindow
from workstation.domain.errors import WorkstationError
from workstation.domain.monitoring import (
    NOT_IN_PROTOCOL,
    Course,
    baseline_age,
    choose_protocol,
    not_in_protocol,
    plan_tests,
)
from workstation.domain.photo import QualityCode
from workstation.domain.results import LabResult


def _triglycerides(given: Inputs, content: Catalogue) -> Outputs:
    fasting = "fasting_mg_dl" in given
    number = given["fasting_mg_dl" if fasting else "non_fasting_mg_dl"]
    return _action(
        lab(
            "tg", Decimal(number), "mg/dL", fasting=fasting, hours=given.get("hours_since_alcohol")
        ),
        content,
    )


def _enzyme(test: str) -> Row:
    def row(given: Inputs, content: Catalogue) -> Outputs:
        limit = given.get("uln")
        result = lab(
            test,
            Decimal(given[test]),
            content.tests[test].unit,
            upper_limit=None if limit is None else Decimal(limit),
        )
        ill = given.get("weakness") or given.get("dark_urine")
        return _action(result, content, "muscle_symptoms" if ill else "")

    return row


def _action(result: LabResult, content: Catalogue, condition: str = "") -> Outputs:
    # The bands alone: whether a value can be meant in its unit is asked before them.
    test = replace(content.tests[result.test], lowest=None)
    band = laboratory.action_for(test, result, content.thresholds, condition=condition)
    return {"action": None if band is None else band.action}


def _photo_quality(given: Inputs, content: Catalogue) -> Outputs:
    codes = photo_quality.size_codes(given["width"], given["height"], photo_limits().size)
    codes += photo_quality.view_codes(tuple(given["views"]), photo_quality.FACE_VIEWS)
    if not given.get("in_focus", True):
        codes += (QualityCode.FOCUS,)
    return {
        "acceptable": photo_quality.acceptable(codes),
        "codes": [code.value for code in codes],
    }


def _schedule(given: Inputs, content: Catalogue) -> Outputs:
    start, peak = day(given["start"]), given.get("peak_dose_start")
    supplies = given.get("supplies", 6)
    course = Course(
        (), start, supplies, content.medicines[ISOTRETINOIN].max_supply_days,
        None if peak is None else day(peak), None, False,
    )  # fmt: skip
    choice = choose_protocol(content.protocols, content.plan_rules, given["protocol"], ())
    plan = plan_tests(
        choice=choice,
        rules=content.plan_rules,
        tests=content.tests,
        thresholds=content.thresholds,
        rems=rule_set(given, content),
        category=rems.Category(given["category"]),
        course=course,
        results=(),
        today=start,
    )
    wanted = ("baseline", "during")
    order = (*choice.baseline.baseline, *choice.during.during)
    drawn = [p for role in wanted for p in plan.tests if p.role == role]
    drawn.sort(key=lambda p: (wanted.index(p.role), p.due, order.index(p.test)))
    return {"labs": [{"test": p.test.upper(), "due": _due(p.role, p.due, p.window)} for p in drawn]}


def _due(role: str, due: date, window: DateWindow) -> str:
    return f"baseline<={window.days - 1}d" if role == "baseline" else due.isoformat()


def _baseline_age(given: Inputs, content: Catalogue) -> Outputs:
    age = baseline_age(content.plan_rules, day(given["collected"]), day(given["start"]))
    return {"valid": age.valid, "days": age.days}


def _lipid_prep(given: Inputs, content: Catalogue) -> Outputs:
    result = lab(
        "tg",
        Decimal(1),
        "mg/dL",
        fasting=given.get("fasting", True),
        hours=given.get("hours_since_alcohol"),
    )
    word = laboratory.preparation(content.tests["tg"], result, content.thresholds)
    code = {"ok": None, "alcohol": "LAB-ALC36"}.get(word, "LAB-FASTING")
    return {"valid": word == "ok", "code": code}


def _protocol_tests(given: Inputs, content: Catalogue) -> Outputs:
    requested = tuple(test.lower() for test in given["requested"])
    extra = not_in_protocol(content.protocols[given["protocol"]], requested)
    return {"warning": NOT_IN_PROTOCOL if extra else None, "tests": list(extra)}


def _rx_check(given: Inputs, content: Catalogue) -> Outputs:
    sig = given.get("sig")
    per_day = None if sig is None else prescription.daily_units(sig, content.prescription)
    drug = given.get("drug") or ""
    last = given.get("last_pickup_date")
    weight = given.get("weight_kg")
    written: dict[str, Any] = {
        name: given.get(name)
        for name in (
            "patient_name", "patient_address", "prescriber_name", "prescriber_address",
            "prescriber_phone", "prescriber_license", "prescriber_npi", "prescriber_dea",
            "drug", "strength", "form", "route", "sig", "quantity", "days_supply", "refills",
            "allergies", "indication", "category",
        )
    }  # fmt: skip
    paper = prescription.Prescription(
        **written,
        patient_dob=maybe_day(given, "patient_dob"),
        patient_state=given.get("patient_state", STATE),
        license_states=tuple(given.get("license_states", (STATE,))),
        issue_date=maybe_day(given, "issue_date"),
        per_day=per_day,
        weight=None if weight is None else Decimal(weight),
        last_pick_up=None if last is None else day(last),
        signed=given.get("signed", False),
        medicine=content.medicines.get(drug.lower()),
    )
    today = maybe_day(given, "today")
    codes = prescription.check(paper, content.prescription, content.lint, today)
    return {
        "codes": list(codes),
        "signable": prescription.signable(codes),
        "releasable": prescription.releasable(codes),
    }


def _sig_lint(given: Inputs, content: Catalogue) -> Outputs:
    return {"codes": list(prescription.lint(given["text"], content.lint))}


def _signature(given: Inputs, content: Catalogue) -> Outputs:
    codes = prescription.signature_state(
        level=given.get("pades_level"),
        image_only=given.get("visible_image_only", False),
        bytes_changed=given.get("content_changed_after_signing", False),
        content_added=given.get("content_added_after_signing", False),
    )
    return {"valid": not codes, "code": codes[0] if codes else None, "codes": list(codes)}


def _npi(given: Inputs, content: Catalogue) -> Outputs:
    return {"valid": prescription.npi_valid(given["npi"])}


def _unit(given: Inputs, content: Catalogue) -> Outputs:
    result = lab(given["test"], Decimal(given["value"]), given["unit"])
    value = laboratory.own_value(content.tests[given["test"]], result, content.thresholds)
    if value is None:
        raise WorkstationError("laboratory.unit.unknown", test=given["test"])
    return {"value": value, "unit": content.tests[given["test"]].unit}


LAB_ROWS: dict[str, Row] = {
    "triglycerides": _triglycerides,
    "alt": _enzyme("alt"),
    "ast": _enzyme("ast"),
    "ck": _enzyme("ck"),
    "photo_quality": _photo_quality,
    "schedule": _schedule,
    "baseline_age": _baseline_age,
    "lipid_prep": _lipid_prep,
    "protocol_tests": _protocol_tests,
    "unit": _unit,
    "rx_check": _rx_check,
    "sig_lint": _sig_lint,
    "signature": _signature,
    "npi": _npi,
}
