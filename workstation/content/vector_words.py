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
    "planning_pregnancy": {**CAN, "pregnancy.planned": True},
    "breast_feeding": {"lactation.now": True},
    "contraception_none": {**CAN, "contraception.methods": ()},
    "category_CGP": CAN,
    "category_CNGP": {"pregnancy.category": "CNGP", "pregnancy.potential": "no"},
    "pregnancy_test_missing": {"pregnancy.test.state": "none", "pregnancy.test.result": "none"},
    "positive_pregnancy_test": {"pregnancy.test.result": "positive"},
    "breastfeeding": {"lactation.now": True},
    "depression_history_stable": {"mood.history": True},
    "depression": {"mood.history": True},
    "psychiatric_history": {"mood.history": True},
    "self_harm": {"symptoms.self_harm": True},
    "suicidal_ideation": {"mood.ideation": True},
    "suicidal_thoughts": {"mood.ideation": True},
    "suicidal_ideation_active": {"mood.ideation": True},
    "psychosis": {"mood.psychosis": True},
    "strong_distress": {"mood.distress": True},
    "ibd_history": {"history.bowel_disease": True},
    "colitis_history": {"history.bowel_disease": True},
    "liver_disease": {"history.liver_disease": True},
    "pancreatitis_history": {"history.pancreatitis": True},
    "diabetes": {"history.diabetes": True},
    "obesity": {"history.obesity": True},
    "metabolic_syndrome": {"history.obesity": True},
    "lipid_disorder": {"history.lipid_disorder": True},
    "family_lipid_disorder": {"history.family_lipid_disorder": True},
    "past_intracranial_hypertension": {"history.intracranial_hypertension": True},
    "intracranial_hypertension_history": {"history.intracranial_hypertension": True},
    "bone_disease": {"history.bone_disease": True},
    "osteoporosis": {"history.bone_disease": True},
    "anorexia": {"history.bone_disease": True},
    "open_epiphyses": {"history.growing": True, "patient.age": 15},
    "hearing_loss": {"history.hearing_loss": True, "symptoms.now": ("hearing_loss",)},
    "tinnitus": {"history.hearing_loss": True, "symptoms.now": ("tinnitus",)},
    "renal_disease": {"history.renal_disease": True},
    "severe_renal_disease": {"history.renal_disease": True},
    "contact_sport": {"sport.strenuous": True},
    "strenuous_sport": {"sport.strenuous": True},
    "alcohol_use_disorder": {"alcohol.disorder": True},
    "smoker": {"smoking.per_day": 10},
    "partner_pregnant": {"household.pregnant": True},
    "household_pregnant": {"household.pregnant": True},
    "partner_trying_to_conceive": {"household.trying": True},
    "psa_planned": {"treatment.psa_planned": True},
    "without_bpo": {"treatment.with_benzoyl_peroxide": False},
    "compounded": {"treatment.compounded": True},
    "eczema": {"history.conditions": ("eczema_or_broken_skin",)},
    "broken_skin": {"history.conditions": ("eczema_or_broken_skin",)},
    "addison_disease": {"history.conditions": ("addison",)},
    "vte_history": {"history.conditions": ("venous_thrombosis",)},
    "breast_cancer_current": {"history.conditions": ("breast_cancer_now",)},
    "hepatocellular_adenoma": {"history.conditions": ("liver_tumour",)},
    "pulmonary_hypertension": {"history.conditions": ("pulmonary_hypertension_mitral_stenosis",)},
    "aphakia": {"history.conditions": ("aphakia_or_torn_capsule",)},
    "light_iris": {"history.conditions": ("light_or_hazel_iris",)},
    "sulfite_allergy": {
        "allergies.known": ("sulfite",),
        "prescription.products": ("sulfite",),
    },
    "migraine_aura": {"history.conditions": ("migraine_with_aura",)},
    "sudden_vision_change": {"symptoms.now": ("visual_change",)},
    "hearing_loss_new": {"symptoms.now": ("hearing_loss",)},
    "headache_mild": {"symptoms.now": ("headache",)},
    "myalgia": {"symptoms.now": ("muscle_or_joint_pain",)},
    "anaphylaxis": {"symptoms.now": ("hives", "collapse")},
    "period_missed": {**CAN, "contraception.period_missed": True},
    "missed_period": {**CAN, "contraception.period_missed": True},
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

# Names of medicines for which the registry has a class only.
CLASSES: dict[str, str] = {
    "losartan": "angiotensin_blocker",
    "valsartan": "angiotensin_blocker",
    "enalapril": "ace_inhibitor",
    "hydrochlorothiazide": "thiazide",
    "sildenafil": "pde5_inhibitor",
    "tadalafil": "pde5_inhibitor",
    "potassium_chloride": "potassium_supplement",
    "amiloride": "potassium_sparing_diuretic",
    "tmp_smx": "trimethoprim",
    "ibuprofen": "nsaid_chronic",
    "combined_pill": "combined_ocp",
    "contraceptive_patch": "patch",
    "contraceptive_ring": "ring",
    "tetracycline_class": "tetracycline",
}

# (pattern, fact, kind) of words that carry a number.
NUMBERED: tuple[tuple[re.Pattern[str], str, type], ...] = (
    (re.compile(r"age_(\d+)"), "patient.age", int),
    (re.compile(r"smokes_(\d+)_per_day"), "smoking.per_day", int),
    (re.compile(r"window_closes_in_hours_(\d+)"), "pregnancy.test.hours_left", int),
    (re.compile(r"iga_(\d)"), "severity.iga", int),
    (re.compile(r"phq2_(\d+)"), "mood.phq2", int),
    (re.compile(r"phq9_(\d+)"), "mood.phq9", int),
    (re.compile(r"phq9_item9_(\d+)"), "mood.item9", int),
    (re.compile(r"weight_(\d+)"), "patient.weight", float),
    (re.compile(r"potassium_(\d+(?:\.\d+)?)"), "labs.potassium.value", float),
    (re.compile(r"egfr_(\d+)"), "kidney.egfr", float),
    (re.compile(r"creatinine_(\d+(?:\.\d+)?)"), "kidney.creatinine", float),
    (re.compile(r"postpartum_(\d+)_days"), "postpartum.days", int),
    (re.compile(r"drinks_(\d+)_per_day"), "alcohol.most", float),
)
PRESSURE = re.compile(r"bp_(\d+)_(\d+)")
