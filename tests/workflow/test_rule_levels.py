"""A clinic's stricter levels are laid over the shipped rules whole, or nothing is opened."""

from __future__ import annotations

import json

import pytest

from workstation import assets
from workstation.content import catalogue
from workstation.domain.errors import Corrupt
from workstation.domain.rules import Level
from workstation.workflow import rule_levels

CONTENT = catalogue.load(assets.resource("clinical"))


def kept(**changes: object) -> str:
    entry = {
        "code": "ISO-EYE",
        "level": "HOLD",
        "reasons": [],
        "decided_by": "R. Kessler, MD",
        "on": "2026-11-23",
        "why": "Two drivers at night",
    }
    return json.dumps([{**entry, **changes}])


def levels(text: str) -> set[Level]:
    rule = rule_levels.laid_over(CONTENT, text).rulebook.rule("ISO-EYE")
    return {clause.level for clause in rule.clauses}


def test_a_kept_decision_is_in_force() -> None:
    coded = kept(level="OVERRIDE", reasons=["Seen by the eye clinic"])
    assert levels("[]") == {Level.WARN}
    assert levels(coded) == {Level.OVERRIDE}


def test_a_decision_whose_rule_is_gone_is_left_out() -> None:
    assert rule_levels.laid_over(CONTENT, kept(code="ISO-NEVER-SHIPPED")) is CONTENT
    assert rule_levels.laid_over(CONTENT, kept(level="INFO")) is CONTENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "{}x",
        "[1]",
        '[{"code": "ISO-EYE"}]',
        kept(reasons=None),
        kept(by_a_later_program=True),
        kept(level="NEVER"),
        kept(on="some day"),
        kept(level="OVERRIDE"),  # the rule has no coded reasons of its own
    ],
)
def test_what_cannot_be_read_never_falls_back_to_the_shipped_levels(text: str) -> None:
    with pytest.raises(Corrupt) as refused:
        rule_levels.laid_over(CONTENT, text)
    assert refused.value.code == "rules.levels.unreadable"
