"""Every HOLD of the content has its control in the line, or says where it is cleared; no STOP has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.treat_world import TODAY, content, world
from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.safety import Finding, Level, evaluate
from workstation.presenters import basket_wording, controls, safety_ways
from workstation.presenters.treat import TreatPresenter

RULES = content().rulebook.rules
SAFE = Facts(
    Fact(spec.name, spec.safe, Origin.CLINICIAN, TODAY, "safe")
    for spec in content().facts.values()
    if spec.safe is not None
)


def found() -> list[Finding]:
    """Each rule at each level its worked examples reach, and each with its facts unknown."""
    made: dict[tuple[str, Level], Finding] = {}
    for rule in RULES:
        medicine = (rule.medicines or ("isotretinoin",))[0]
        cases = [
            SAFE.with_facts(example.facts.values()).without(example.unknown)
            for example in rule.examples
        ]
        cases += [SAFE.without((name,)) for name in rule.reads]
        for facts in cases:
            judged = evaluate(content().rulebook, facts, (medicine,), (), content().facts)
            for finding in judged.findings:
                made.setdefault((finding.code, finding.level), finding)
    return list(made.values())


FOUND = found()
HOLDS = [f for f in FOUND if f.level is Level.HOLD]
STOPS = [f for f in FOUND if f.level is Level.STOP]


def ways(finding: Finding) -> safety_ways.Ways:
    made = world("nguyen-minh-duc")
    assert made.case.state is not None
    appraisal = replace(made.case.state.appraisal, directed=_drafted(finding))
    control = None
    if finding.control is not None:
        control = controls.control_of(
            finding.control.kind,
            finding.control.names,
            finding.reads,
            made.case.state.consultation,
            content(),
            appraisal.facts,
        )
    return safety_ways.ways(finding, control, appraisal, made.case.state.consultation, content())


def _drafted(finding: Finding):
    return tuple(
        listed.usuals[0].directed
        for listed in content().directed.values()
        if finding.medicine and finding.medicine in listed.products[0].components
    )[:1]


def test_the_walk_reaches_the_holds() -> None:
    holding = {
        rule.code for rule in RULES if Level.HOLD in {clause.level for clause in rule.clauses}
    }
    assert holding <= {f.code for f in HOLDS}, holding - {f.code for f in HOLDS}
    assert len({f.code for f in HOLDS if f.code.startswith("ASK-")}) >= 50


@pytest.mark.parametrize("finding", HOLDS, ids=lambda f: f.code)
def test_every_hold_is_cleared_in_its_line_or_says_where(finding: Finding) -> None:
    cleared = ways(finding)
    assert cleared.control is not None or cleared.removes or cleared.where, finding.code
    if cleared.control is not None:
        assert all(not hasattr(field, "value") for field in cleared.control.fields)


@pytest.mark.parametrize("finding", STOPS, ids=lambda f: f.code)
def test_a_stop_takes_no_reason_and_only_its_medicine_can_be_taken_out(finding: Finding) -> None:
    assert finding.reasons == () and finding.is_open
    assert ways(finding).where == ""
    if finding.medicine == "isotretinoin":
        assert not ways(finding).removes


def test_a_stop_is_closed_by_every_verb() -> None:
    made = world("nguyen-minh-duc")
    presenter = TreatPresenter(made.case)
    presenter.enter()
    presenter.basket.add("finasteride")
    presenter.answer({"pregnancy.category": "CGP"})
    state = presenter.state
    assert state is not None
    stop = next(line for line in state.safety.lines if line.code == "FIN-FEMALE")
    assert stop.level == "stop" and stop.reasons == () and state.gate
    for reason in ("", "other", "same", "acknowledged", "benefit_judged"):
        assert presenter.give_reason("FIN-FEMALE", reason, "a reason that is long enough")
    assert made.case.state is not None and not made.case.state.appraisal.gate.is_open


def test_everything_a_page_can_lack_says_where_it_is_set_right() -> None:
    rules = content().prescription
    for name in (*rules.required, *rules.required_rems):
        said, where = basket_wording.fault(f"RX-MISSING-{name}")
        assert said and where
        if name != "category":  # asked as a question of its own
            assert f"RX-MISSING-{name}" in basket_wording.FAULTS, name
