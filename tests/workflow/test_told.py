"""What is told first, and how pressing a patient's message says it is."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.safety.cases import TODAY, content, lab
from workstation import assets
from workstation.content.messages import read_messages
from workstation.domain.draft import DecisionDetail, DecisionKind
from workstation.domain.triage import TriageLevel
from workstation.workflow.message_text import _decided
from workstation.workflow.pressing import judged

REFERRALS = content().decisions.of(DecisionKind.SEE_IN_PERSON)


@pytest.mark.parametrize("reason", REFERRALS, ids=[reason.id for reason in REFERRALS])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_referral_says_to_its_patient_how_soon(reason, language) -> None:
    told = tomllib.loads(assets.resource("messages", f"{language}.toml").read_text("utf-8"))
    kind, detail = DecisionKind.SEE_IN_PERSON.value, DecisionDetail(reason.id)
    said = _decided(read_messages(language), kind, content(), detail, "10-Jun-2026")
    assert said[1] == told["see_in_person"][reason.route or "soon"]
    assert len({told["see_in_person"][route] for route in ("emergency", "urgent", "soon")}) == 3


def test_every_route_is_used_by_a_referral() -> None:
    assert {reason.route for reason in REFERRALS} >= {"emergency", "urgent"}


def test_of_several_results_the_worst_is_told_first() -> None:
    day = TODAY - timedelta(days=1)
    results = (
        lab("alt", 20, day),
        lab("alt", 250, day),
        lab("hcg_serum", "positive", day),
        lab("tg", 1200, day, upper=150),
    )
    found = judged(SimpleNamespace(catalogue=content()), results, on=True)
    levels = [one.level for one in found]
    told = [level for level in levels if level is not None]
    assert told == sorted(told, reverse=True) and len(set(told)) > 1
    assert levels[len(told) :] == [None] * (len(levels) - len(told)) != []
    assert told[0] is TriageLevel.EMERGENT
    assert {one.result.id for one in found} == {result.id for result in results}
