"""Thousands of generated consultations: every code is seen, and nothing forbidden can be signed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pytest

from tests.safety import cases
from tests.safety.generate import Made, generated, holds, targets
from workstation.domain.draft import DecisionKind, Draft, ItemKind, Key, Reason
from workstation.domain.facts import Facts
from workstation.domain.ids import UserId
from workstation.domain.rules import Evaluation, Level
from workstation.domain.safety import evaluate
from workstation.domain.triage import assess_symptoms, assess_triage
from workstation.workflow.appraisal import Appraisal, appraise

BOOK = cases.content().rulebook
ASKS = {ask.code for ask in BOOK.asks}
CODES = {rule.code for rule in BOOK.rules} | ASKS
TRIAGE = cases.content().triage
FLAGS = {flag.code for flag in TRIAGE.flags} | {symptom.code for symptom in TRIAGE.symptoms}
GATE = {"DECISION-MISSING", "REGIMEN-MISSING", "NOT-TREATABLE"}
SLICE, FULL = 300, 11_000


@dataclass
class Seen:
    """How often each code fired, each question was open, and how many could be signed."""

    consultations: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    unasked: Counter[str] = field(default_factory=Counter)
    gates: Counter[str] = field(default_factory=Counter)
    signable: int = 0
    work_ups: int = 0
    baskets: int = 0  # signable ones with medicines by directions


def answered(made: Made, appraisal: Appraisal) -> Draft:
    """The draft with a good reason for all that takes one."""
    items = dict(made.draft.items)
    for reason in reasons(appraisal.evaluation):
        items[Key.of(ItemKind.REASON, reason.finding)] = reason
    return replace(made.draft, items=MappingProxyType(items))


def reasons(evaluation: Evaluation) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            f.code,
            f.reasons[0].code if f.level is Level.OVERRIDE else "acknowledged",
            "",
            UserId("u"),
            cases.TODAY,
            f.facts_digest,
        )
        for f in evaluation.findings
        if f.level in (Level.WARN, Level.OVERRIDE)
    )


def run(number: int) -> Seen:
    seen = Seen()
    for made in generated(number):
        seen.consultations += 1
        first = appraise(made.consultation, made.draft, (), made.situation)
        again = appraise(made.consultation, answered(made, first), (), made.situation)
        seen.gates.update(set(first.gate.because))
        work_up = first.decision is not None and first.decision.kind is DecisionKind.START_WORK_UP
        for appraisal in (first, again):
            if appraisal.gate.is_open:
                check_signable(made, appraisal, work_up)
        if again.gate.is_open:
            seen.work_ups += work_up
            seen.signable += not work_up
            seen.baskets += bool(made.draft.directed) and not work_up
        medicines = tuple(dict.fromkeys(("isotretinoin", made.target.medicine)))
        facts = first.facts.with_facts(made.forced.values()).without(made.gone)
        forced = evaluate(BOOK, facts, medicines, (), cases.content().facts)
        check_open(forced, facts, medicines)
        told = evaluate(BOOK, facts, medicines, reasons(forced), cases.content().facts)
        check_open(told, facts, medicines)
        flags = {f.code for f in first.triage.flags} | {
            f.code for f in assess_triage(TRIAGE, facts, cases.SENT).flags
        }
        flags |= set(assess_symptoms(TRIAGE, facts).codes)
        codes = {f.code for e in (first.evaluation, forced) for f in e.findings}
        seen.fired.update(codes | flags)
        seen.unasked.update(codes & ASKS)
    return seen


def check_signable(made: Made, appraisal: Appraisal, work_up: bool) -> None:
    """What the gate lets through holds no STOP, no HOLD and no unknown must-ask."""
    assert appraisal.treatable and appraisal.decision is not None
    assert appraisal.dose is not None or work_up or made.draft.directed
    assert not appraisal.faults or work_up
    findings = appraisal.evaluation.findings
    assert not [f for f in findings if f.level is Level.STOP], made.seed
    holding = [f for f in findings if f.level is Level.HOLD]
    assert not [f for f in holding if not (work_up and f.waits_for_work_up)], made.seed
    assert not [f for f in findings if f.level > Level.INFO and f.level < Level.HOLD and f.is_open]
    assert not appraisal.triage.needs_contact or made.consultation.contacts, made.seed
    waiting = {a.spec.name for a in BOOK.asks if work_up and a.spec.waits_for_work_up}
    basket = ("isotretinoin", made.target.medicine) if work_up else prescribed(made)
    assert not unknown_must_asks(appraisal.facts, basket) - waiting, made.seed


def prescribed(made: Made) -> tuple[str, ...]:
    """Every medicine that a draft would prescribe, by the names the questions use."""
    listed = cases.content().directed
    capsules = ("isotretinoin",) if made.draft.regimen("isotretinoin") is not None else ()
    products = [listed[item.medicine].product(item.product) for item in made.draft.directed]
    return (*capsules, *(c for p in products if p is not None for c in p.components))


def check_open(evaluation: Evaluation, facts: Facts, medicines: tuple[str, ...]) -> None:
    """No evaluation is free of open findings while something forbids or is not known."""
    if not evaluation.open:
        assert evaluation.level < Level.HOLD
        assert not unknown_must_asks(facts, medicines)
    for finding in evaluation.findings:
        if finding.level >= Level.HOLD:
            assert finding.is_open and finding.reason is None and finding.reasons == ()


def unknown_must_asks(facts: Facts, medicines: tuple[str, ...]) -> set[str]:
    """Must-asks of the basket that apply for certain and have no answer."""
    return {
        ask.spec.name
        for ask in BOOK.asks
        if set(ask.medicines) & set(medicines)
        and ask.spec.name not in facts
        and holds(ask.asked_when, facts)
    }


def test_every_target_can_be_aimed_at() -> None:
    assert {t.code for t in targets()} == CODES | FLAGS
    assert all(target.ways for target in targets())


def test_the_same_seed_gives_the_same_consultations() -> None:
    one, two = list(generated(40, seed=7)), list(generated(40, seed=7))
    assert [m.consultation for m in one] == [m.consultation for m in two]
    assert [m.draft for m in one] == [m.draft for m in two]
    assert [m.consultation for m in generated(40, seed=8)] != [m.consultation for m in one]


def test_a_slice_of_generated_consultations() -> None:
    seen = run(SLICE)
    assert seen.consultations == SLICE
    assert seen.signable >= 20
    assert len(CODES & set(seen.fired)) > len(CODES) * 0.8


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_generated_consultations() -> None:
    seen = run(FULL)
    rarest, unasked = min(seen.fired.values()), min(seen.unasked.values())
    print(f"{seen.consultations} made, rarest code {rarest}, rarest question {unasked},")
    print(f"signable {seen.signable}, of them baskets {seen.baskets}, work-ups {seen.work_ups}")
    assert seen.consultations >= 5000
    assert {c: seen.fired[c] for c in CODES | FLAGS if seen.fired[c] < 20} == {}
    assert {c: seen.unasked[c] for c in ASKS if seen.unasked[c] < 20} == {}
    assert {c: seen.gates[c] for c in GATE if seen.gates[c] < 20} == {}
    assert seen.signable >= 500
    assert seen.work_ups >= 100
    assert seen.baskets >= 200
