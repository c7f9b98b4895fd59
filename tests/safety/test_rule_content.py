"""The shipped rules: worked examples, must-asks, limits, and that nothing dangerous has a way round."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.safety.answers import (
    ISOTRETINOIN,
    answer,
    finding,
    levels,
    reason,
    shipped,
)
from workstation.domain.facts import FactKind, Freshness
from workstation.domain.rules import Example, Rule
from workstation.domain.safety import Level

CLINIC = shipped()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{example.line}")
    for rule in CLINIC.book.rules
    for example in rule.examples
]
ASKS = [ask for ask in CLINIC.book.asks if ISOTRETINOIN in ask.medicines]

# What has to be asked before isotretinoin is signed, item by item, with the codes that ask it.
MUST_ASK = {
    "pregnancy potential": {"ASK-CATEGORY", "ASK-POTENTIAL"},
    "pregnancy test and date": {"ASK-PREG", "ASK-PREG-TEST"},
    "plans for pregnancy": {"ASK-PREG-PLAN"},
    "contraception": {
        "ASK-CONTRACEPTION",
        "ASK-METHOD-MISSED",
        "ASK-UNPROTECTED",
        "ASK-PERIOD",
    },
    "breast-feeding": {"ASK-BF"},
    "alcohol": {"ASK-ALC", "ASK-ALC-DAYS", "ASK-ALC-DISORDER"},
    "mood, suicidality, psychiatric history": {
        "ASK-MOOD",
        "ASK-PHQ9",
        "ASK-PHQ9-ITEM9",
        "ASK-SI",
        "ASK-PSYCHOSIS",
        "ASK-MOOD-HISTORY",
    },
    "inflammatory bowel disease": {"ASK-IBD"},
    "liver": {"ASK-LIVER"},
    "lipids": {"ASK-LIPIDS", "ASK-FAMILY-LIPIDS"},
    "pancreatitis": {"ASK-PANC"},
    "diabetes": {"ASK-DM", "ASK-OBESITY"},
    "intracranial hypertension, migraine headaches": {"ASK-IIH", "ASK-HEADACHE"},
    "current medicines": {
        "ASK-MEDICINES",
        "ASK-RETIN",
        "ASK-WARF",
        "ASK-ORL",
        "ASK-IRR",
        "ASK-PHOTO",
    },
    "tetracyclines": {"ASK-TETRA"},
    "vitamin A": {"ASK-VITA"},
    "methotrexate": {"ASK-MTX"},
    "anticonvulsants": {"ASK-AED"},
    "steroids": {"ASK-STER"},
    "St John's wort": {"ASK-SJW"},
    "allergies": {"ASK-ALLERGIES"},
    "bone disease": {"ASK-BONE", "ASK-GROWTH"},
    "eyes": {"ASK-EYES"},
    "hearing": {"ASK-HEARING"},
    "kidney": {"ASK-KIDNEY"},
    "procedures": {"ASK-PROCEDURES"},
    "blood donation": {"ASK-DONOR"},
    "sport": {"ASK-SPORT"},
    "age": {"ASK-AGE"},
    "weight with date": {"ASK-WEIGHT"},
    "prior courses and cumulative dose": {"ASK-COURSES", "ASK-COURSE-END", "ASK-COURSE-DOSE"},
    "failed treatments": {"ASK-FAILED"},
    "side effects and red flags": {"ASK-SYMPTOMS"},
    "indication": {"ASK-INDICATION"},
}
# Answers that make a question apply to the patient of the safe answers.
MAKES_APPLY = {
    "pregnancy.category != 'CNGP'": {"pregnancy__category": "CGP"},
    "mood.phq2 >= points(3)": {"mood__phq2": 3},
    "patient.age < years(18)": {"patient__age": 15},
    "course.previous": {"course__previous": True},
}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_worked_example(rule: Rule, example: Example) -> None:
    facts = CLINIC.safe.with_facts(example.facts.values()).without(example.unknown)
    medicine = (rule.medicines or (ISOTRETINOIN,))[0]
    found = levels(CLINIC.evaluate(facts, medicine))
    assert found.get(rule.code, Level.OK) is example.level


@pytest.mark.parametrize("rule", CLINIC.book.rules, ids=lambda r: r.code)
def test_examples_show_it_firing_and_silent(rule: Rule) -> None:
    shown = {example.level for example in rule.examples}
    assert Level.OK in shown
    assert {clause.level for clause in rule.clauses} <= shown | {Level.OK}


def test_safe_answers_leave_nothing_open() -> None:
    for medicine in CLINIC.book.rules_of:
        assert CLINIC.evaluate(CLINIC.safe, medicine or ISOTRETINOIN).findings == ()


def test_must_asks_are_those_of_the_list() -> None:
    assert {ask.code for ask in ASKS} == set().union(*MUST_ASK.values())


@pytest.mark.parametrize("ask", ASKS, ids=lambda a: a.code)
def test_an_unanswered_must_ask_holds(ask) -> None:
    changed = MAKES_APPLY.get(ask.spec.asked_when, {})
    facts = CLINIC.with_answers(ask.spec.name, **changed)
    evaluation = CLINIC.evaluate(facts)
    found = finding(evaluation, ask.code)
    assert found.level is Level.HOLD
    assert found.is_open
    assert found.reasons == ()
    assert ask.spec.name in found.unknown
    reading = {r.code for r in CLINIC.book.rules if ask.spec.name in r.reads}
    told = {f.code for f in evaluation.findings if f.level > Level.HOLD}
    assert not told & reading, "the unsafe answer fired without having been given"


@pytest.mark.parametrize("ask", ASKS, ids=lambda a: a.code)
def test_a_rule_of_an_unanswered_question_does_not_pass(ask) -> None:
    changed = MAKES_APPLY.get(ask.spec.asked_when, {})
    evaluation = CLINIC.evaluate(CLINIC.with_answers(ask.spec.name, **changed))
    passed = {check.code for check in evaluation.passed}
    for rule in CLINIC.book.rules:
        if rule.code not in passed:
            continue
        missing = [r for r in rule.reads if r == ask.spec.name]
        verdicts = [c.when.decide(CLINIC.safe.without(missing)).name for c in rule.clauses]
        assert not missing or "UNKNOWN" not in verdicts


def test_nothing_answered_closes_signing_everywhere() -> None:
    evaluation = CLINIC.evaluate(CLINIC.safe.without(CLINIC.safe))
    assert evaluation.level is Level.HOLD
    codes = {f.code for f in evaluation.findings}
    # Questions behind an open question wait for it; all others are asked at once.
    waiting = {a.code for a in ASKS if a.asked_when is not None}
    assert {ask.code for ask in ASKS} - waiting <= codes


@pytest.mark.parametrize("rule", CLINIC.book.rules, ids=lambda r: r.code)
def test_stop_and_hold_have_no_reason_path(rule: Rule) -> None:
    medicine = (rule.medicines or (ISOTRETINOIN,))[0]
    for example in rule.examples:
        if example.level < Level.HOLD:
            continue
        facts = CLINIC.safe.with_facts(example.facts.values()).without(example.unknown)
        closed = finding(CLINIC.evaluate(facts, medicine), rule.code)
        assert closed.reasons == ()
        codes = [r.code for r in rule.reasons] + ["other", "acknowledged"]
        given = tuple(reason(closed, code, "a text that is long enough") for code in codes)
        again = finding(CLINIC.evaluate(facts, medicine, given), rule.code)
        assert again.level >= Level.HOLD
        assert again.is_open
        assert again.reason is None


@pytest.mark.parametrize(
    ("code", "fact", "expected"),
    [
        ("ISO-AGE12", "patient__age", {11: "OVERRIDE", 12: "OK", 13: "OK"}),
        ("ISO-ALC-LIM", "alcohol__most", {0: "OK", "0.5": "WARN", 1: "WARN", "1.1": "OK"}),
        ("ISO-ALC-OVER", "alcohol__most", {1: "OK", "1.1": "HOLD", 3: "HOLD"}),
        ("ISO-CUM-220", "course__cumulative", {"219.9": "OK", 220: "OK", "220.01": "OVERRIDE"}),
        ("ISO-WT-MOVED", "patient__weight_moved", {"9.9": "OK", 10: "OK", "10.01": "WARN"}),
        ("ISO-DEP", "mood__phq9", {9: "WARN", 10: "OVERRIDE", 11: "OVERRIDE"}),
        ("ISO-SI-SCREEN", "mood__item9", {0: "OK", 1: "HOLD", 3: "HOLD"}),
    ],
)
def test_below_at_and_above_each_limit(code, fact, expected) -> None:
    base = {"alcohol__discussed": True, "mood__phq2": 3}
    for value, level in expected.items():
        number = Decimal(value) if isinstance(value, str) else value
        facts = CLINIC.with_answers(**{**base, fact: number})
        assert levels(CLINIC.evaluate(facts)).get(code, Level.OK).name == level, value


@pytest.mark.parametrize("band", ["low", "usual", "above_goal", "above_ceiling"])
def test_every_place_of_a_dose_has_its_level(band) -> None:
    facts = CLINIC.with_answers(dose__chosen=True, dose__band=band)
    expected = {"low": "INFO", "usual": "OK", "above_goal": "OVERRIDE", "above_ceiling": "STOP"}
    assert levels(CLINIC.evaluate(facts)).get("ISO-DOSE", Level.OK).name == expected[band]


def test_every_choice_of_the_pregnancy_test_is_decided() -> None:
    choices = dict(CLINIC.registry["pregnancy.test.state"].choices)
    for state in choices:
        facts = CLINIC.with_answers(
            pregnancy__category="CGP",
            pregnancy__test__state=state,
            pregnancy__test__result="positive" if state == "positive" else "negative",
        )
        level = CLINIC.evaluate(facts).level
        wanted = Level.OK if state in ("valid", "not_needed") else Level.HOLD
        assert level >= wanted if wanted else level is Level.OK, state


@pytest.mark.parametrize("test", ["alt", "ast", "tg", "ck"])
def test_every_action_of_a_laboratory_test_is_decided(test) -> None:
    """An action the rules do not know would let a bad result through."""
    milder = {"none", "normal"}
    for action, _ in CLINIC.registry[f"labs.{test}.action"].choices:
        facts = CLINIC.with_answers(**{f"labs__{test}__action": action})
        level = CLINIC.evaluate(facts).level
        assert (level is Level.OK) == (action in milder), (test, action)


@pytest.mark.parametrize(
    ("action", "lowest"),
    [
        ("borderline", Level.WARN),
        ("counsel_repeat", Level.WARN),
        ("repeat_4w", Level.WARN),
        ("rest_repeat_2w", Level.WARN),
        ("reduce_repeat_2w", Level.OVERRIDE),
        ("reduce_or_hold", Level.HOLD),
        ("hold", Level.HOLD),
        ("hold_repeat_1w", Level.HOLD),
        ("stop", Level.STOP),
        ("stop_urgent", Level.STOP),
        ("cannot_act", Level.HOLD),
    ],
)
@pytest.mark.parametrize("test", ["alt", "ast", "tg", "ck"])
def test_laboratory_action_to_gate(test, action, lowest) -> None:
    facts = CLINIC.with_answers(**{f"labs__{test}__action": action})
    assert CLINIC.evaluate(facts).level is lowest


def test_only_work_up_holds_may_wait() -> None:
    """What a work-up may leave open is listed here; nothing about mood, alcohol or allergies."""
    waiting = {r.code for r in CLINIC.book.rules if any(c.waits_for_work_up for c in r.clauses)}
    assert waiting == {
        "ISO-PREG-UNK",
        "IPL-WINDOW",
        "IPL-TEST-SETTING",
        "CON-ONE-ONLY",
        "CON-NO-PRIMARY",
        "CON-DUP",
        "CON-UNACCEPTABLE",
        "CON-FAIL",
        "CONSENT-PATIENT",
        "CONSENT-GUARDIAN",
        "ISO-REMS",
        "ISO-TETRA",
        "LAB-DUE",
        "LAB-ALC36",
        "LAB-FAST",
        "LAB-ULN-MISSING",
        "LAB-UNREADABLE",
    }
    asks = {a.code for a in CLINIC.book.asks if a.spec.waits_for_work_up}
    assert asks == {"ASK-PREG-TEST", "ASK-CONTRACEPTION"}


def test_a_failed_method_waits_only_once_counselled() -> None:
    facts = CLINIC.with_answers(pregnancy__category="CGP", contraception__missed=True)
    assert not finding(CLINIC.evaluate(facts), "CON-FAIL").waits_for_work_up


def test_every_finding_names_a_source_and_every_reason_list_ends_with_other() -> None:
    for rule in CLINIC.book.rules:
        assert rule.source.key in CLINIC.sources
        if rule.reasons:
            assert rule.reasons[-1].code == "other"
            assert len({r.code for r in rule.reasons}) == len(rule.reasons)


def test_facts_of_each_visit_are_never_carried_over() -> None:
    groups = ("mood.", "alcohol.", "medicines.", "contraception.", "symptoms.", "follow_up.")
    kept = {"mood.history", "alcohol.disorder", "follow_up.counselled"}
    for name, spec in CLINIC.registry.items():
        if name.startswith(groups) and name not in kept:
            assert spec.freshness in (Freshness.VISIT, Freshness.COMPUTED), name


def test_numbers_carry_units_and_choices_labels() -> None:
    for spec in CLINIC.registry.values():
        assert (spec.unit is not None) == (spec.kind in (FactKind.WHOLE, FactKind.NUMBER))
        assert bool(spec.choices) == (spec.kind in (FactKind.CHOICE, FactKind.CHOICES))


def test_the_dermatologists_own_facts_are_not_taken_from_intake() -> None:
    from workstation.domain.facts import Origin

    for name in ("alcohol.discussed", "alcohol.agreed_on", "alcohol.plan_due", "mood.assessed_on"):
        assert CLINIC.registry[name].said_by == (Origin.CLINICIAN,)
    assert Origin.INTAKE not in CLINIC.registry["pregnancy.category"].said_by


def test_an_ill_formed_value_is_unknown() -> None:
    facts = CLINIC.safe.with_facts([answer("allergies.known", ("moonlight",))])
    assert "ASK-ALLERGIES" in levels(CLINIC.evaluate(facts))
    facts = CLINIC.safe.with_facts([answer("lactation.now", "no")])
    assert "ASK-BF" in levels(CLINIC.evaluate(facts))
