"""Words of worked cases and the facts behind them; data for the cases only, never for patients."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workstation.domain.facts import FactValue

_Changes = Mapping[str, FactValue]

CAN: _Changes = {
    "pregnancy.category": "CGP",
    "pregnancy.potential": "yes",
    "pregnancy.test.state": "valid",
    "pregnancy.test.result": "negative",
    "contraception.methods": ("copper_IUD", "male_condom"),
    "contraception.acceptable": True,
    "contraception.codes": (),
}

WORDS: dict[str, _Changes] = {
    "pregnant": {"pregnancy.now": True},
    "planning_pregnancy": {"pregnancy.planned": True},
    "category_CGP": CAN,
    "category_CNGP": {"pregnancy.category": "CNGP", "pregnancy.potential": "no"},
    "pregnancy_test_missing": {"pregnancy.test.state": "none", "pregnancy.test.result": "none"},
    "positive_pregnancy_test": {"pregnancy.test.result": "positive"},
    "breastfeeding": {"lactation.now": True},
    "depression_history_stable": {"mood.history": True},
    "suicidal_ideation_active": {"mood.ideation": True},
    "psychosis": {"mood.psychosis": True},
    "strong_distress": {"mood.distress": True},
    "ibd_history": {"history.bowel_disease": True},
    "colitis_history": {"history.bowel_disease": True},
    "liver_disease": {"history.liver_disease": True},
    "pancreatitis_history": {"history.pancreatitis": True},
    "diabetes": {"history.diabetes": True},
    "vitamin_a_supplement": {"medicines.vitamin_a": True},
    "blood_donor": {"donation.blood": True},
    "soft_contact_lenses": {"eyes.risks": ("contact_lenses_soft",)},
    "contact_lenses": {"eyes.risks": ("contact_lenses_soft",)},
    "pheochromocytoma": {"history.conditions": ("pheochromocytoma",)},
    "migraine_with_aura": {"history.conditions": ("migraine_with_aura",)},
    "asymmetry": {"lesion.features": ("asymmetry",)},
    "border": {"lesion.features": ("border",)},
    "colour": {"lesion.features": ("colour",)},
    "diameter_over_6_mm": {"lesion.features": ("diameter",)},
    "evolving": {"lesion.features": ("evolving",)},
    "pigmented_lesion": {"lesion.features": ("pigmented",)},
    "new_drug_8_weeks": {"medicines.now": ("new_within_8_weeks",)},
    "on_isotretinoin": {"course.on_isotretinoin": True, "medicines.now": ("isotretinoin",)},
    "new_deep_scarring": {"severity.scarring": True},
}
for _grade in ("clear", "mild", "moderate", "severe"):
    WORDS[f"count_grade_{_grade}"] = {"severity.grade": _grade}

# Facts whose own choices are words of cases too (``fever``, ``lupus``, ``hirsutism``).
CHOSEN = (
    "symptoms.now",
    "history.conditions",
    "lesion.features",
    "hormones.signs",
    "eyes.risks",
)

# Answers that go with a medicine somebody takes.
MEDICINE_FACTS: dict[str, _Changes] = {
    **{
        name: {"medicines.tetracycline": True}
        for name in ("doxycycline", "minocycline", "sarecycline", "tetracycline", "omadacycline")
    },
    **{
        name: {"medicines.retinoid": True}
        for name in ("acitretin", "bexarotene", "alitretinoin", "tretinoin_oral")
    },
    "methotrexate": {"medicines.methotrexate": True},
    "warfarin": {"medicines.warfarin": True},
    "orlistat": {"medicines.orlistat": True},
    "st_johns_wort": {"medicines.st_johns_wort": True},
    "prednisone": {"medicines.steroid": True},
}

# (pattern, fact, kind) of words that carry a number.
NUMBERED: tuple[tuple[re.Pattern[str], str, type], ...] = (
    (re.compile(r"age_(\d+)"), "patient.age", int),
    (re.compile(r"smokes_(\d+)_per_day"), "smoking.per_day", int),
    (re.compile(r"window_closes_in_hours_(\d+)"), "pregnancy.test.hours_left", int),
    (re.compile(r"iga_(\d)"), "severity.iga", int),
    (re.compile(r"phq9_(\d+)"), "mood.phq9", int),
    (re.compile(r"weight_(\d+)"), "patient.weight", float),
)
