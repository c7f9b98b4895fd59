"""A clinic's folder over the rules: it adds and tightens, says so, and never opens a gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety import cases
from tests.safety.answers import blocking, reason, shipped, write
from workstation.content import overlay
from workstation.content.catalogue import Catalogue
from workstation.domain.errors import ContentError
from workstation.domain.facts import Fact, FactKind, Facts, FactSpec, FactValue, Origin
from workstation.domain.rules import Evaluation, Level
from workstation.domain.safety import evaluate

WHO = 'decided_by = "A B, MD"\non = 2026-11-23\nwhy = "Two cases last year"\n'
HEAD = "schema = 1\n"
OWN = """schema = 1
edition = "2026-11-23"

[[rule]]
code = "OWN-CONTACTS"
medicines = ["isotretinoin"]
title = "Contact lenses: eye clinic first"
source = "clinic"
level = "HOLD"
when = "eyes.risks & ['contact_lenses_soft']"

[[rule.example]]
facts = { "eyes.risks" = ["contact_lenses_soft"] }
level = "HOLD"
"""


def level(code: str, to: str, more: str = "") -> str:
    return f'[[level]]\ncode = "{code}"\nlevel = "{to}"\n{more}{WHO}\n'


def laid(folder: Path, *levels: str, rules: str = "") -> Catalogue:
    if levels:
        write(folder, "levels.toml", HEAD + "".join(levels))
    if rules:
        write(folder, "rules/own.toml", rules)
    return overlay.over(cases.content(), overlay.files_of(folder))


def judged(content: Catalogue, facts: Facts, reasons=()) -> Evaluation:
    return evaluate(content.rulebook, facts, ("isotretinoin",), reasons, content.facts)


def lenses() -> Facts:
    return shipped().with_answers(eyes__risks=("contact_lenses_soft",))


def found(evaluation: Evaluation, code: str):
    return next(f for f in evaluation.findings if f.code == code)


def test_an_empty_folder_changes_nothing(tmp_path) -> None:
    assert laid(tmp_path) is cases.content()


def test_a_level_is_made_stricter_and_the_file_is_said(tmp_path) -> None:
    content = laid(tmp_path, level("ISO-EYE", "HOLD"))
    before, after = found(judged(cases.content(), lenses()), "ISO-EYE"), None
    after = found(judged(content, lenses()), "ISO-EYE")
    assert before.level is Level.WARN
    assert before.decided_in.startswith("isotretinoin.toml:")
    assert after.level is Level.HOLD
    assert after.decided_in == "clinic/levels.toml:2"
    assert content.digest != cases.content().digest


def test_an_added_rule_fires_and_the_file_is_said(tmp_path) -> None:
    content = laid(tmp_path, rules=OWN)
    assert found(judged(content, lenses()), "OWN-CONTACTS").decided_in == "clinic/own.toml:4"
    assert found(judged(content, lenses()), "ISO-EYE").level is Level.WARN


def test_a_reason_given_before_does_not_hold_for_the_stricter_level(tmp_path) -> None:
    before = found(judged(cases.content(), lenses()), "ISO-EYE")
    given_before = reason(before, "acknowledged")
    assert not found(judged(cases.content(), lenses(), (given_before,)), "ISO-EYE").is_open
    coded = 'reasons = [["seen", "Seen by the eye clinic"]]\n'
    content = laid(tmp_path, level("ISO-EYE", "OVERRIDE", coded))
    after = found(judged(content, lenses(), (given_before,)), "ISO-EYE")
    assert after.is_open and after.group == ""
    answered = reason(after, "seen")
    assert not found(judged(content, lenses(), (answered,)), "ISO-EYE").is_open


@pytest.mark.parametrize(
    ("code", "to", "fault"),
    [
        ("ISO-PREG-POS", "WARN", "content.overlay.loosens"),
        ("ISO-PREG-POS", "STOP", "content.overlay.loosens"),
        ("ISO-TETRA", "OVERRIDE", "content.overlay.loosens"),
        ("ISO-TETRA", "STOP", "content.overlay.loosens"),
        ("ISO-IBD", "WARN", "content.overlay.loosens"),
        ("ISO-EYE", "INFO", "content.overlay.loosens"),
        ("ISO-EYE", "OK", "content.overlay.level"),
        ("ISO-EYE", "BLOCK", "content.overlay.level"),
        ("ISO-NOTHING", "HOLD", "content.overlay.rule"),
    ],
)
def test_it_never_loosens(tmp_path, code, to, fault) -> None:
    with pytest.raises(ContentError) as caught:
        laid(tmp_path, level(code, to))
    assert caught.value.code == fault
    assert caught.value.context["file"] == "levels.toml"
    assert int(caught.value.context["line"]) >= 2


def test_an_override_needs_coded_reasons(tmp_path) -> None:
    bare = next(
        r for r in cases.content().rulebook.rules
        if not r.reasons and {c.level for c in r.clauses} & {Level.INFO}
    )  # fmt: skip
    with pytest.raises(ContentError) as caught:
        laid(tmp_path, level(bare.code, "OVERRIDE"))
    assert caught.value.code == "content.rule.reasons"


def test_it_says_who_decided(tmp_path) -> None:
    with pytest.raises(ContentError) as caught:
        laid(tmp_path, '[[level]]\ncode = "ISO-EYE"\nlevel = "HOLD"\n')
    assert caught.value.code == "content.overlay.who"
    write(tmp_path, "levels.toml", HEAD + level("ISO-EYE", "HOLD"))
    (one,) = overlay._tightenings(overlay.files_of(tmp_path)[overlay.LEVELS])
    assert (one.code, one.level, one.decided_by, one.on) == (
        "ISO-EYE", Level.HOLD, "A B, MD", date(2026, 11, 23)
    )  # fmt: skip
    assert one.why == "Two cases last year"


@pytest.mark.parametrize("code", ["ISO-EYE", "ASK-IBD"])
def test_an_added_rule_takes_no_code_that_means_something(tmp_path, code) -> None:
    with pytest.raises(ContentError) as caught:
        laid(tmp_path, rules=OWN.replace("OWN-CONTACTS", code))
    assert caught.value.code == "content.overlay.taken"


def test_an_added_rule_cannot_silence_a_shipped_one() -> None:
    """Rules yield to codes; every code they yield to is shipped and cannot be taken."""
    book = cases.content().rulebook
    codes = {rule.code for rule in book.rules} | {ask.code for ask in book.asks}
    assert {code for rule in book.rules for code in rule.subsumed_by} <= codes


# -- the property ----------------------------------------------------------------------------------

REGISTRY = shipped().registry
VARIED = tuple(s for s in REGISTRY.values() if s.safe is not None and s.name != "visit.today")
MOVABLE = tuple(
    rule.code for rule in cases.content().rulebook.rules
    if "isotretinoin" in rule.medicines or not rule.medicines
    if any(clause.level in overlay.MOVABLE for clause in rule.clauses)
)  # fmt: skip


def values(spec: FactSpec) -> st.SearchStrategy[FactValue]:
    codes = [code for code, _ in spec.choices]
    if spec.kind is FactKind.YES_NO:
        return st.booleans()
    if spec.kind is FactKind.CHOICE:
        return st.sampled_from(codes)
    if spec.kind is FactKind.CHOICES:
        return st.lists(st.sampled_from(codes), max_size=2, unique=True).map(tuple)
    return st.just(spec.safe)


@st.composite
def situations(draw) -> tuple[Facts, tuple[str, ...], bool]:
    changed = draw(st.lists(st.sampled_from(VARIED), min_size=1, max_size=4, unique=True))
    facts = [Fact(s.name, draw(values(s)), Origin.CLINICIAN, cases.TODAY, "q") for s in changed]
    gone = draw(st.lists(st.sampled_from(VARIED), max_size=1).map(lambda s: [x.name for x in s]))
    known = shipped().safe.with_facts(facts).without(gone)
    return known, tuple(s.name for s in changed), draw(st.booleans())


def signable(evaluation: Evaluation, work_up: bool) -> bool:
    return not [
        f for f in evaluation.open
        if not (work_up and f.waits_for_work_up and f.level is Level.HOLD)
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    situations(),
    st.dictionaries(
        st.sampled_from(MOVABLE), st.sampled_from([Level.WARN, Level.OVERRIDE, Level.HOLD, Level.STOP]),
        min_size=1, max_size=6,
    ),
    st.booleans(),
)  # fmt: skip
def test_a_tightening_overlay_never_makes_a_blocked_case_signable(situation, raised, answered):
    facts, _, work_up = situation
    content = cases.content()
    rules = {rule.code: rule for rule in content.rulebook.rules}
    for code, to in raised.items():
        rule = content.rulebook.rule(code)
        tightening = overlay.Tightening(
            code, to, (overlay.CodedReason("own", "Own"),), "A", cases.TODAY, "w", "l.toml", 1
        )
        try:
            rules[code] = overlay.tightened(rule, tightening)
        except ContentError:
            continue  # nothing of it is below that level
    every = tuple(rules.values())
    book = replace(
        content.rulebook, rules=every, rules_of=overlay.by_medicine(every, lambda r: r.medicines)
    )
    tight = replace(content, rulebook=book)
    reasons = ()
    if answered:  # everything that can be answered was answered before
        first = judged(content, facts)
        reasons = tuple(
            reason(f, f.reasons[0].code if f.level is Level.OVERRIDE else "acknowledged")
            for f in first.findings
            if f.level in (Level.WARN, Level.OVERRIDE)
        )
    before, after = judged(content, facts, reasons), judged(tight, facts, reasons)
    assert after.level >= before.level
    if not signable(before, work_up):
        assert not signable(after, work_up)
    assert blocking(before) <= blocking(after) | {
        code for one in blocking(before) for code in _hidden(one, after, content)
    }


def _hidden(code: str, after: Evaluation, content: Catalogue) -> tuple[str, ...]:
    """The code itself when a stricter finding, to which it yields, still blocks."""
    try:
        rule = content.rulebook.rule(code)
    except KeyError:
        return ()
    blocked = blocking(after)
    return (code,) if blocked & set(rule.subsumed_by) else ()
