"""What one rule comes to, for every mixture of clauses, levels and unknown facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.safety.answers import EXAMPLE_DAY, answer, levels, reason, shipped
from tests.safety.test_conditions import NO, UNKNOWN, YES, A, B, C, condition, facts_for, truths
from tests.safety.test_sieve import value
from workstation.domain.conditions import Truth
from workstation.domain.facts import Facts, Origin
from workstation.domain.safety import (
    Ask,
    Clause,
    CodedReason,
    Evaluation,
    Level,
    Rule,
    RuleBook,
    evaluate,
)

MEDICINE = "isotretinoin"
any_level = st.sampled_from(Level)


def clause(when: str, level: Level, if_unknown: Level = Level.HOLD) -> Clause:
    return Clause(level, condition(when), if_unknown, "", "", "", waits_for_work_up=False)


def rule(*clauses: Clause, applies: str = "", **changes: object) -> Rule:
    reads = dict.fromkeys(name for one in clauses for name in one.when.reads)
    made = Rule(
        code="RULE", medicines=(), applies=condition(applies) if applies else None,
        clauses=clauses, title="Title", detail="", advice="", source=shipped().book.ask_source,
        control=None, reasons=(CodedReason("known", "Known"), CodedReason("other", "Other")),
        group="", subsumed_by=(), reads=tuple(reads), told=(), examples=(), file="", line=1,
    )  # fmt: skip
    return replace(made, **changes)


def ask(name: str, asked_when: str = "") -> Ask:
    when = condition(asked_when) if asked_when else None
    return Ask(shipped().registry[name], f"ASK-{name}", (MEDICINE,), when)


def judged(one: Rule, facts: Facts, *asks: Ask, reasons: tuple[object, ...] = ()) -> Evaluation:
    source = shipped().book.ask_source
    by_fact = {each.spec.name: each for each in asks}
    book = RuleBook("1", (one,), asks, source, {"": (one,)}, {MEDICINE: asks}, by_fact, 10)
    return evaluate(book, facts, (MEDICINE,), reasons, shipped().registry)


@example(YES, (UNKNOWN, Level.WARN, Level.WARN), (YES, Level.WARN, Level.HOLD))  # as strict
@example(YES, (UNKNOWN, Level.WARN, Level.WARN), (YES, Level.STOP, Level.HOLD))
@example(YES, (UNKNOWN, Level.WARN, Level.WARN), (UNKNOWN, Level.WARN, Level.WARN))
@given(
    truths,
    st.tuples(truths, any_level, any_level),
    st.tuples(truths, any_level, any_level),
)
def test_the_strictest_of_what_decides_and_of_what_is_unknown_before_it(applies, one, two) -> None:
    expected, missing = Level.OK, ()
    rows = zip((B, C), (one, two), strict=True) if applies is not NO else ()
    for fact, (truth, level, if_unknown) in rows:
        known = truth is YES and applies is YES
        told = level if known else if_unknown
        if truth is not NO and told > expected:
            unknown = ((A, applies), (fact, truth))
            expected, missing = told, tuple(name for name, t in unknown if t is UNKNOWN)
        if known:
            break
    clauses = (clause(B, *one[1:]), clause(C, *two[1:]))
    found = judged(rule(*clauses, applies=A), facts_for(applies, one[0], two[0])).findings
    assert [f.level for f in found] == ([] if expected is Level.OK else [expected])
    assert all(f.unknown == missing for f in found)


def test_whoever_fires_for_want_of_an_answer_names_what_is_missing() -> None:
    about = rule(clause(C, Level.STOP), applies=f"{A} or {B}")

    def missing(*known: Truth) -> tuple[str, ...]:
        return judged(about, facts_for(*known)).findings[0].unknown

    assert missing(UNKNOWN, UNKNOWN, YES) == (A, B)
    assert missing(NO, UNKNOWN, UNKNOWN) == (B, C)
    assert missing(YES, UNKNOWN, UNKNOWN) == (C,)  # it applies, whatever the other is
    everybody = replace(about, applies=None)
    assert judged(everybody, facts_for(UNKNOWN, UNKNOWN, UNKNOWN)).findings[0].unknown == (C,)


def test_a_rule_waits_in_silence_while_its_fact_is_asked_for() -> None:
    about = rule(clause(A, Level.STOP))
    waiting = judged(about, Facts(()), ask(A))
    assert levels(waiting) == {f"ASK-{A}": Level.HOLD}
    assert waiting.passed == ()  # not looked at is not passed
    assert levels(judged(about, facts_for(YES), ask(A))) == {"RULE": Level.STOP}
    assert [one.code for one in judged(about, facts_for(NO), ask(A)).passed] == ["RULE"]
    elsewhere = rule(clause(f"{A} and {B}", Level.WARN), clause(C, Level.STOP))
    assert levels(judged(elsewhere, facts_for(UNKNOWN, YES, YES), ask(A)))["RULE"] is Level.STOP


def test_a_rule_for_others_is_neither_found_nor_passed() -> None:
    about = rule(clause(B, Level.STOP), applies=A)
    for known in (YES, NO, UNKNOWN):
        of_others = judged(about, facts_for(NO, known))
        assert of_others.findings == of_others.passed == ()


def test_a_question_waits_for_its_precondition_only_while_that_is_asked_itself() -> None:
    nothing = Facts(())
    never = rule(clause("alcohol.most > drinks(1)", Level.INFO, Level.INFO))

    def asked(*asks: Ask, facts: Facts = nothing) -> set[str]:
        return {f.code for f in judged(never, facts, *asks).findings} - {"RULE"}

    assert asked(ask(A), ask(C, A)) == {f"ASK-{A}"}
    assert asked(ask(C, A)) == {f"ASK-{C}"}  # nobody asks for what it waits for
    assert asked(ask(A), ask(C, f"{A} and {B}")) == {f"ASK-{A}"}
    assert asked(ask(A), ask(B, A), ask(C, B)) == {f"ASK-{A}", f"ASK-{C}"}
    assert asked(ask(A), ask(C, A), facts=facts_for(YES)) == {f"ASK-{C}"}
    assert asked(ask(A), ask(C, A), facts=facts_for(NO)) == set()


@pytest.mark.parametrize("level", [Level.HOLD, Level.STOP])
def test_no_reason_is_ever_taken_for_a_hold_or_a_stop(level: Level) -> None:
    about = rule(clause(A, level))
    found = judged(about, facts_for(YES)).findings[0]
    for code in ("known", "acknowledged", "other"):
        given = reason(found, code, "a text that is long enough")
        again = judged(about, facts_for(YES), reasons=(given,)).findings[0]
        assert again == found and again.reason is None and again.is_open


@pytest.mark.parametrize("level", [Level.WARN, Level.OVERRIDE])
def test_a_reason_is_one_of_the_rule_and_one_key_is_for_warnings(level: Level) -> None:
    about = rule(clause(A, level))
    found = judged(about, facts_for(YES)).findings[0]

    def opened(code: str) -> bool:
        return not judged(about, facts_for(YES), reasons=(reason(found, code),)).findings[0].is_open

    assert opened("known") and not opened("invented")
    assert opened("acknowledged") is (level is Level.WARN)


def test_only_a_counselling_point_becomes_information_at_the_next_visit() -> None:
    for group, level in (("", Level.WARN), ("counsel", Level.INFO)):
        about = rule(clause(A, Level.WARN), group=group)
        given = reason(judged(about, facts_for(YES)).findings[0], "known")
        later = facts_for(YES).with_facts([answer("visit.today", EXAMPLE_DAY + timedelta(30))])
        again = judged(about, later, reasons=(given,)).findings[0]
        assert (again.level, again.is_open) == (level, False)
        assert (again.reason == given) is (not group)


@pytest.mark.parametrize("name", ["mood.assessed_on", "patient.weight", "eyes.risks"])
def test_a_reason_holds_for_what_was_read_and_shown_and_no_other_value(name: str) -> None:
    spec = shipped().registry[name]
    chance = Random(7)
    before, after = value(chance, spec), value(chance, spec)
    assert before != after
    facts = facts_for(YES).with_facts([answer(name, before)])
    other = facts.with_facts([answer(name, after)])

    def asked_again(**changes: object) -> bool:
        about = rule(clause(A, Level.WARN), **changes)
        given = reason(judged(about, facts).findings[0], "known")
        assert not judged(about, facts, reasons=(given,)).findings[0].is_open
        return judged(about, other, reasons=(given,)).findings[0].is_open

    assert asked_again(told=(name,))
    assert not asked_again(told=(name,), group="counsel")  # talked through once
    assert not asked_again()
    assert asked_again(reads=(A, name)) and asked_again(reads=(A, name), group="counsel")


def test_what_the_sieve_passes_over_would_have_come_to_nothing() -> None:
    """The same findings and the same passed checks when every rule is judged by its conditions."""
    clinic = shipped()
    whole = replace(clinic.book)
    for medicine, rules in clinic.book.rules_of.items():
        everything = list(range(len(rules)))
        whole._sieves[medicine] = lambda _, everything=everything: (everything, [])
    medicines = tuple(name for name in clinic.book.rules_of if name)
    for seed in range(40):
        chance = Random(seed)
        facts = Facts(
            answer(name, value(chance, spec), (*spec.said_by, Origin.CLINICIAN)[0])
            for name, spec in clinic.registry.items()
            if chance.random() < (0.95, 0.6)[seed % 2]
        )
        sifted, judged_all = (
            evaluate(book, facts, medicines, (), clinic.registry) for book in (clinic.book, whole)
        )
        assert sifted.findings == judged_all.findings
        assert [one.code for one in sifted.passed] == [one.code for one in judged_all.passed]
        assert len(sifted.findings) > 5
