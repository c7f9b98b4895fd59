"""The clinician's own monitoring protocol: chosen here or by the clinic, never weaker than the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety import cases
from tests.safety.cases import TODAY, case
from workstation.domain.derivation import derive
from workstation.domain.plan import Course, plan_tests
from workstation.domain.protocol_choice import (
    CUSTOM,
    MISSING_BASELINE,
    MISSING_DURING,
    TOO_LATE,
    TOO_SOON,
    UNKNOWN_FROM,
    UNKNOWN_TEST,
    ChosenProtocol,
    OwnProtocol,
    options,
    own_faults,
    protocol_of,
)
from workstation.domain.protocols import answers, choose_protocol
from workstation.domain.rems_windows import Category

CONTENT = cases.content()
RULES, TESTS, PROTOCOLS = CONTENT.plan_rules, CONTENT.tests, CONTENT.protocols
WEEKLY = OwnProtocol(("alt", "tg", "ck"), ("alt", "tg", "ck"), "start", 14, monthly=True)
LABORATORY = [t for t in TESTS.values() if t.loinc]
own_protocols = st.builds(
    OwnProtocol,
    st.lists(st.sampled_from([t.id for t in LABORATORY] + ["moonlight"]), max_size=5).map(tuple),
    st.lists(st.sampled_from([t.id for t in LABORATORY] + ["moonlight"]), max_size=5).map(tuple),
    st.sampled_from(["start", "peak", "whenever"]),
    st.integers(-5, 400),
    st.booleans(),
)


def course(supplies: int = 5) -> Course:
    return Course((), TODAY, supplies, 30, None, None, drinks=False)


def draws(choice, supplies: int = 5) -> list[date]:
    plan = plan_tests(
        choice=choice,
        rules=RULES,
        tests=TESTS,
        thresholds=CONTENT.thresholds,
        rems=CONTENT.rems["RS-2021"],
        category=Category.CANNOT,
        course=course(supplies),
        results=(),
        today=TODAY,
    )
    return sorted({p.due for p in plan.tests if p.role == "during"})


def test_the_consultation_wins_over_the_clinic_and_the_clinic_over_the_default() -> None:
    def shown(here, clinic):
        found = options(PROTOCOLS, RULES, TESTS, here, clinic)
        return found.in_force.id, found.said_by

    label, monthly = ChosenProtocol("LABEL"), ChosenProtocol("MONTHLY")
    assert shown(None, None) == (RULES.default, "default")
    assert shown(None, monthly) == ("MONTHLY", "clinic")
    assert shown(label, monthly) == ("LABEL", "consultation")
    offered = [p.id for p in options(PROTOCOLS, RULES, TESTS, None, None).options]
    assert offered[0] == RULES.default and offered[-1] == CUSTOM
    assert sorted(offered) == sorted(PROTOCOLS)


def test_own_tests_and_days_make_the_plan() -> None:
    own = protocol_of(ChosenProtocol(CUSTOM, WEEKLY), PROTOCOLS, RULES, TESTS)
    found = draws(choose_protocol(PROTOCOLS, RULES, own, ()))
    assert found[:3] == [TODAY + timedelta(days=n) for n in (14, 28, 42)]
    assert len(found) == 10


@settings(deadline=None)
@given(own_protocols)
def test_an_own_protocol_is_never_weaker_than_the_rules_read(own: OwnProtocol) -> None:
    found = protocol_of(ChosenProtocol(CUSTOM, own), PROTOCOLS, RULES, TESTS)
    for wanted in RULES.own.least:
        assert any(answers(TESTS, wanted, one) for one in found.baseline)
        assert any(answers(TESTS, wanted, one) for one in found.during)
    assert RULES.own.shortest_days <= found.during_days <= RULES.own.longest_days
    assert set(found.baseline) | set(found.during) <= set(TESTS)
    faults = own_faults(own, RULES, TESTS)
    unchanged = (own.baseline, own.during, own.during_from, own.during_days) == (
        found.baseline, found.during, found.during_from, found.during_days
    )  # fmt: skip
    doubled = len({*own.baseline}) < len(own.baseline) or len({*own.during}) < len(own.during)
    assert unchanged is (not faults) or doubled


@settings(deadline=None, max_examples=50)
@given(own_protocols, st.integers(1, 6))
def test_who_needs_more_gets_at_least_the_monthly_tests(own: OwnProtocol, supplies: int) -> None:
    base = protocol_of(ChosenProtocol(CUSTOM, own), PROTOCOLS, RULES, TESTS)
    more = PROTOCOLS[RULES.more]
    choice = choose_protocol(PROTOCOLS, RULES, base, RULES.more_needed[:1])
    assert set(more.during) <= set(choice.during.during)
    assert set(base.during) <= set(choice.during.during)
    assert choice.until_normal is None
    at_least = draws(choose_protocol(PROTOCOLS, RULES, RULES.more, ()), supplies)
    assert len(draws(choice, supplies)) >= len(at_least)


def test_faults_have_codes() -> None:
    bare = OwnProtocol(("moonlight",), ("alt", "tg"), "start", 1, monthly=True)
    assert own_faults(bare, RULES, TESTS) == (UNKNOWN_TEST, MISSING_BASELINE, TOO_SOON)
    assert own_faults(replace(WEEKLY, during_days=400), RULES, TESTS) == (TOO_LATE,)
    assert own_faults(WEEKLY, RULES, TESTS) == ()
    panels = OwnProtocol(("hepatic_panel", "lipid_panel"), ("alt", "tg"), "peak", 28, monthly=False)
    if "hepatic_panel" in TESTS:
        assert own_faults(panels, RULES, TESTS) == ()


def test_an_unknown_protocol_is_the_strictest_one() -> None:
    found = protocol_of(ChosenProtocol("OF-A-LATER-EDITION"), PROTOCOLS, RULES, TESTS)
    assert found.id == RULES.more


def test_an_own_protocol_that_leaves_a_baseline_out_is_still_held_for_it() -> None:
    empty = OwnProtocol((), (), "start", 56, monthly=False)
    held = case(results=(), protocol=ChosenProtocol(CUSTOM, empty))
    facts = derive(held)
    assert facts.value("labs.baseline_due") is True
    assert set(RULES.own.least) <= set(facts.value("labs.baseline_missing"))
    codes = {f.code: f.level.name for f in cases.judged(held).findings}
    assert codes["LAB-DUE"] == "HOLD"
    shown = held.protocols
    assert shown.in_force.id == CUSTOM and shown.faults[:1] == (MISSING_BASELINE,)


def test_the_clinics_protocol_counts_until_another_is_chosen_here() -> None:
    clinic = replace(cases.CLINIC, protocol=ChosenProtocol(CUSTOM, WEEKLY))
    default = case(clinic=clinic)
    assert derive(default).value("labs.baseline_missing") == ("ck",)
    assert default.protocols.advised_against == ()
    here = case(clinic=clinic, protocol=ChosenProtocol("DELPHI-2022"))
    assert derive(here).value("labs.baseline_missing") == ()


def test_what_the_consensus_advises_against_is_said_not_refused() -> None:
    own = replace(WEEKLY, during=("alt", "tg", "cbc"))
    shown = options(PROTOCOLS, RULES, TESTS, ChosenProtocol(CUSTOM, own), None)
    assert shown.advised_against == ("cbc",)
    assert "cbc" in shown.in_force.during


@pytest.mark.parametrize("id_", sorted(PROTOCOLS))
def test_every_protocol_can_be_chosen(id_: str) -> None:
    chosen = case(protocol=ChosenProtocol(id_))
    assert chosen.protocols.in_force == PROTOCOLS[id_]
    derive(chosen)


def test_the_screen_is_shown_what_is_in_force_and_what_an_own_one_begins_with() -> None:
    limits = RULES.own
    custom = PROTOCOLS[CUSTOM]
    begins = OwnProtocol(
        custom.baseline, custom.during, custom.during_from, custom.during_days, custom.monthly
    )
    unset = options(PROTOCOLS, RULES, TESTS, None, None)
    assert unset.chosen == ChosenProtocol(RULES.default)
    assert (unset.own, unset.faults) == (begins, ())
    assert (unset.shortest_days, unset.longest_days) == (limits.shortest_days, limits.longest_days)
    label = options(PROTOCOLS, RULES, TESTS, ChosenProtocol("LABEL", WEEKLY), None)
    assert (label.chosen, label.own) == (ChosenProtocol("LABEL", WEEKLY), begins)
    assert label.in_force == PROTOCOLS["LABEL"]
    mine = options(PROTOCOLS, RULES, TESTS, ChosenProtocol(CUSTOM, WEEKLY), None)
    assert (mine.own, mine.faults) == (WEEKLY, ())
    bare = options(PROTOCOLS, RULES, TESTS, ChosenProtocol(CUSTOM), None)
    assert (bare.own, bare.in_force) == (begins, custom)
    early = replace(WEEKLY, during_days=limits.shortest_days - 1)
    assert options(PROTOCOLS, RULES, TESTS, ChosenProtocol(CUSTOM, early), None).faults == (
        TOO_SOON,
    )


def test_each_thing_an_own_protocol_lacks_has_a_code_and_is_mended() -> None:
    def mended(**changes):
        own = replace(WEEKLY, **changes)
        return own_faults(own, RULES, TESTS), protocol_of(
            ChosenProtocol(CUSTOM, own), PROTOCOLS, RULES, TESTS
        )

    shortest, longest = RULES.own.shortest_days, RULES.own.longest_days
    codes, found = mended(during=("ck",))
    assert codes == (MISSING_DURING,) and found.during == ("ck", *RULES.own.least)
    assert found.baseline == WEEKLY.baseline
    codes, found = mended(baseline=())
    assert codes == (MISSING_BASELINE,) and found.baseline == RULES.own.least
    codes, found = mended(during_from="whenever")
    assert codes == (UNKNOWN_FROM,) and found.during_from == "start"
    for begin in ("start", "peak"):
        codes, found = mended(during_from=begin)
        assert codes == () and found.during_from == begin
    for monthly in (True, False):
        assert mended(monthly=monthly)[1].monthly is monthly
    for days, code, kept in (
        (shortest - 1, (TOO_SOON,), shortest), (shortest, (), shortest),
        (longest, (), longest), (longest + 1, (TOO_LATE,), longest),
    ):  # fmt: skip
        codes, found = mended(during_days=days)
        assert (codes, found.during_days) == (code, kept)
    codes, found = mended(baseline=("alt", "moonlight", "tg", "alt"))
    assert codes == (UNKNOWN_TEST,) and found.baseline == ("alt", "tg")
