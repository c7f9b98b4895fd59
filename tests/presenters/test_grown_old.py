"""Answers that have grown old: shown with their day, confirmed in one step where they may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.treat_world import NOW, TODAY, World, content, world
from workstation.domain.consultation import Consultation
from workstation.domain.draft import DecisionKind
from workstation.domain.facts import Fact, Freshness, Origin
from workstation.domain.freshness import grown_old, holding
from workstation.presenters import grown_old as shown_old
from workstation.presenters.safety import LineState
from workstation.presenters.treat import TreatPresenter

LONG_AGO = TODAY - timedelta(days=28)
VISIT_DAYS = content().derivation.visit_days


def aged(found: Consultation) -> Consultation:
    """As an amendment is opened: everything was answered four weeks ago."""
    facts = tuple(replace(fact, as_of=LONG_AGO) for fact in found.facts)
    return replace(found, facts=facts, submitted_at=NOW - timedelta(days=28))


def treat(made: World) -> TreatPresenter:
    presenter = TreatPresenter(made.case)
    presenter.enter()
    presenter.choose(DecisionKind.PRESCRIBE)
    return presenter


def old_lines(presenter: TreatPresenter) -> tuple[LineState, ...]:
    assert presenter.state is not None
    return presenter.state.safety.old


def asked(made: World) -> dict[str, Freshness]:
    """Open questions, by how long their answers hold."""
    case = made.case.state
    assert case is not None
    registry = content().facts
    codes = {spec.ask_code: spec for spec in registry.values() if spec.ask_code}
    return {code: codes[code].freshness for code in case.appraisal.gate.because if code in codes}


def test_past_illness_is_confirmed_in_one_step_and_nothing_else_is() -> None:
    made = world("marsh-elena", aged)
    presenter = treat(made)
    before = asked(made)
    (line,) = old_lines(presenter)
    assert len(line.members) >= 10
    assert set(line.members) <= {c for c, f in before.items() if f is Freshness.CONFIRM}
    assert presenter.give_reason(line.code, "") == ""
    after = asked(made)
    assert set(before) - set(after) == set(line.members)
    # What is asked each time is asked still: mood, contraception, pregnancy, medicines, alcohol.
    assert {c for c, f in before.items() if f is Freshness.VISIT} <= set(after)
    assert {"ASK-PREG", "ASK-CONTRACEPTION", "ASK-SI", "ASK-MEDICINES", "ASK-ALC"} <= set(after)
    assert old_lines(presenter) == ()
    state = made.case.state
    assert state is not None
    assert {f.as_of for f in state.draft.facts} == {TODAY}
    made.case.undo()  # one step
    assert asked(made) == before and len(old_lines(presenter)) == 1


def test_what_was_said_stands_beside_the_question_and_answers_nothing() -> None:
    made = world("marsh-elena", aged)
    presenter = treat(made)
    assert presenter.state is not None
    line = next(one for one in presenter.state.safety.blocks if one.code == "ASK-PREG")
    assert any("no" in read for read in line.reads) and line.is_open
    presenter.give_reason(shown_old.CODE, "")
    line = next(one for one in presenter.state.safety.blocks if one.code == "ASK-PREG")
    assert line.reads, "still said after others were confirmed"


def test_what_was_unsafe_is_not_asked_away() -> None:
    def ill(found: Consultation) -> Consultation:
        told = Fact("history.pancreatitis", True, Origin.INTAKE, LONG_AGO, "intake")
        kept = tuple(f for f in aged(found).facts if f.name != told.name)
        return replace(aged(found), facts=(*kept, told))

    made = world("marsh-elena", ill)
    (line,) = old_lines(treat(made))
    assert "ASK-PANC" not in line.members  # it counts, however old


def test_fresh_answers_ask_for_no_confirmation() -> None:
    assert old_lines(treat(world("marsh-elena"))) == ()


names = st.sampled_from(
    sorted(n for n, s in content().facts.items() if s.freshness is not Freshness.COMPUTED)
)


@st.composite
def facts(draw: Any) -> Fact:
    name = draw(names)
    spec = content().facts[name]
    value = draw(
        st.sampled_from([v for v, _ in spec.choices] or [True, False, 3, TODAY, "told"]).map(
            lambda v: (v,) if spec.kind.value == "choices" else v
        )
    )
    day: date = TODAY - timedelta(days=draw(st.integers(-2, 60)))
    return Fact(name, value, draw(st.sampled_from(Origin)), day, "said")


@settings(max_examples=40)
@given(st.lists(facts(), max_size=12))
def test_what_grew_old_never_counts_today(said: list[Fact]) -> None:
    registry = content().facts
    now = holding(said, registry, TODAY, VISIT_DAYS)
    old = grown_old(said, registry, TODAY, VISIT_DAYS)
    assert not set(old) & set(now)
    for fact in old.values():
        assert fact.as_of < TODAY and registry[fact.name].accepts(fact.value)
