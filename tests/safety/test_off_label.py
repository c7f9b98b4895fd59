"""Indication first: outside acne the acne schemes are silent and ISO-OFFLABEL decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.safety import cases
from tests.safety.answers import blocking
from tests.safety.cases import case, judged, said
from workstation.domain.derivation import derive
from workstation.domain.draft import DecisionChoice, DecisionKind, Reason
from workstation.domain.facts import Origin
from workstation.domain.ids import UserId
from workstation.domain.rules import Level
from workstation.domain.safety import evaluate
from workstation.domain.triage import assess_triage

OFF_LABEL = [one for one in cases.content().indications if "isotretinoin" in one.off_label]
GRADE = said("indication.global_grade", "severe", Origin.CLINICIAN)


def off(one, *more, text: str | None = None):
    words = one.label if text is None else text
    chosen = DecisionChoice(DecisionKind.PRESCRIBE, words, one.icd10, None)
    return case(*more, decision=chosen, without=("indication.icd10", "indication.text"))


def found(evaluation, code: str):
    return next((f for f in evaluation.findings if f.code == code), None)


@pytest.mark.parametrize("one", OFF_LABEL, ids=lambda one: one.id)
def test_the_count_grade_is_no_fact_outside_acne(one) -> None:
    facts = derive(off(one, GRADE))
    assert facts.value("indication.acne") is False
    assert "severity.grade" not in facts
    assert "severity.nodules" not in facts
    flags = assess_triage(cases.content().triage, facts, cases.SENT).flags
    assert "T-SCAR" not in {flag.code for flag in flags}


def test_the_count_grade_is_a_fact_in_acne_and_before_an_indication_is_chosen() -> None:
    assert derive(case()).value("severity.grade") == "severe"
    open_ = case(decision=None, without=("indication.icd10", "indication.text"))
    assert derive(open_).value("severity.grade") == "severe"


@pytest.mark.parametrize("one", OFF_LABEL, ids=lambda one: one.id)
def test_an_off_label_use_takes_words_code_grade_and_a_coded_reason(one) -> None:
    chosen = off(one, GRADE)
    evaluation = judged(chosen)
    override = found(evaluation, "ISO-OFFLABEL")
    assert override.level is Level.OVERRIDE and override.is_open
    assert found(evaluation, "ISO-DX") is None, "the acne indication is not asked for"
    assert not blocking(evaluation)
    reason = Reason(
        "ISO-OFFLABEL",
        override.reasons[0].code,
        "",
        UserId("u"),
        cases.TODAY,
        override.facts_digest,
    )
    again = evaluate(
        cases.content().rulebook,
        derive(chosen),
        ("isotretinoin",),
        (reason,),
        cases.content().facts,
    )
    assert not found(again, "ISO-OFFLABEL").is_open


@pytest.mark.parametrize("one", OFF_LABEL, ids=lambda one: one.id)
def test_without_grade_or_words_it_holds(one) -> None:
    assert found(judged(off(one)), "ISO-OFFLABEL").level is Level.HOLD
    assert found(judged(off(one, GRADE, text=" ")), "ISO-OFFLABEL").level is Level.HOLD


def test_a_reason_for_one_indication_is_none_for_another() -> None:
    first, second = OFF_LABEL[:2]
    override = found(judged(off(first, GRADE)), "ISO-OFFLABEL")
    reason = Reason(
        "ISO-OFFLABEL",
        override.reasons[0].code,
        "",
        UserId("u"),
        cases.TODAY,
        override.facts_digest,
    )
    other = derive(off(second, GRADE))
    again = evaluate(
        cases.content().rulebook, other, ("isotretinoin",), (reason,), cases.content().facts
    )
    assert found(again, "ISO-OFFLABEL").is_open


def test_no_indication_is_asked_for() -> None:
    none = replace(cases.PRESCRIBE, icd10=" ", indication="")
    evaluation = judged(case(decision=none, without=("indication.icd10", "indication.text")))
    assert found(evaluation, "ASK-INDICATION").level is Level.HOLD
