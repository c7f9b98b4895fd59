"""What speaks against the short way through a month: each thing alone, and nothing without one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.safety.answers import answer, shipped
from workstation.domain.facts import Facts, FactValue
from workstation.domain.safety import Evaluation
from workstation.domain.unchanged import LABS_DUE, FollowUpRules, Why, against

NOTHING = Evaluation((), ())
RULES = FollowUpRules("1", 5)
QUIET: dict[str, FactValue] = {
    "pregnancy.category": "CGP", "pregnancy.test.state": "valid",
    **dict.fromkeys(LABS_DUE, False),
    "labs.alt.action": "normal", "labs.tg.action": "none", "labs.hcg.action": "positive",
    "patient.weight": Decimal(60), "patient.weight_moved": Decimal("4.9"),
    "patient.weight_stale": False, "dose.band": "usual",
}  # fmt: skip


def why(*gone: str, **changed: FactValue) -> tuple[Why, ...]:
    known = QUIET | {name.replace("__", "."): value for name, value in changed.items()}
    now = Facts(answer(name, value) for name, value in known.items() if name not in gone)
    before = Facts(answer(name, value) for name, value in QUIET.items())
    return against(before, now, NOTHING, NOTHING, shipped().registry, RULES)


def test_nothing_speaks_against_a_quiet_month() -> None:
    assert why() == ()


@pytest.mark.parametrize("state", ["expired", "none", "positive", "not_needed"])
def test_who_can_become_pregnant_needs_a_negative_test_in_its_window(state: str) -> None:
    found = why(pregnancy__test__state=state)
    assert [one.code for one in found] == ["pregnancy_test"]
    assert found[0].now == state
    assert [one.code for one in why("pregnancy.test.state")] == ["pregnancy_test"]


def test_who_cannot_needs_none() -> None:
    def told(*gone: str, **changed: FactValue) -> list[str]:
        found = why(*gone, pregnancy__category="CNGP", **changed)
        return [one.code for one in found if one.code == "pregnancy_test"]

    assert told("pregnancy.test.state") == told(pregnancy__test__state="not_needed") == []
    assert told(pregnancy__test__state="expired") == ["pregnancy_test"]


@pytest.mark.parametrize("due", sorted(LABS_DUE))
def test_a_test_that_is_due_or_may_be_speaks_against_it(due: str) -> None:
    for found in (why(due), why(**{due.replace(".", "__"): True})):
        assert [(one.code, one.subject) for one in found] == [("lab_missing", LABS_DUE[due])]


@pytest.mark.parametrize("action", ["hold", "reduce_repeat_2w", "counsel_repeat"])
def test_a_value_that_asks_for_anything_speaks_against_it(action: str) -> None:
    found = why(labs__alt__action=action)
    assert [(one.code, one.subject, one.now) for one in found] == [
        ("lab_value", "labs.alt.action", action)
    ]


@pytest.mark.parametrize("moved", [Decimal(5), Decimal(12), 5])
def test_a_weight_that_moved_by_the_share_or_more_speaks_against_it(moved: FactValue) -> None:
    assert why(patient__weight_moved=moved) == (Why("weight", "patient.weight_moved", None, moved),)


def test_a_weight_that_is_missing_old_or_compared_with_none_speaks_against_it() -> None:
    for found in (
        why("patient.weight"),
        why("patient.weight_moved"),
        why("patient.weight_stale"),
        why(patient__weight_stale=True),
    ):
        assert "weight_missing" in [one.code for one in found]


@pytest.mark.parametrize("band", ["low", "high"])
def test_a_dose_out_of_its_range_speaks_against_it(band: str) -> None:
    assert [(one.code, one.now) for one in why(dose__band=band)] == [("dose", band)]
    assert [(one.code, one.now) for one in why("dose.band")] == [("dose", None)]
