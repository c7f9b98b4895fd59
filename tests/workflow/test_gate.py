"""The gate over findings that no content has yet: what waits for a work-up is a HOLD and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.safety import cases
from workstation.domain.draft import DecisionChoice, DecisionKind, Draft
from workstation.domain.ids import ConsultationId
from workstation.domain.rules import Evaluation, Level
from workstation.workflow.following import Follows, Situation, follow
from workstation.workflow.gate import gate_of

START = DecisionChoice(DecisionKind.START_WORK_UP, "severe acne", "L70.0", None)


@pytest.fixture(scope="module")
def follows() -> Follows:
    """What follows for a patient whose baseline is missing: a HOLD that waits for the work-up."""
    of = cases.case(decision=START, results=())
    situation = Situation(cases.content(), cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY)
    return follow(of, Draft.empty(ConsultationId("c")), situation)


@pytest.mark.parametrize("level", [Level.WARN, Level.OVERRIDE, Level.HOLD, Level.STOP])
def test_a_work_up_waits_for_holds_alone(follows: Follows, level: Level) -> None:
    waiting = next(f for f in follows.evaluation.findings if f.waits_for_work_up)
    raised = replace(waiting, level=level, reason=None)
    found = follows._replace(evaluation=Evaluation((raised,), ()))
    of = cases.case(decision=START, results=())
    because = gate_of(of, found, None, cases.content().decisions).because
    assert because == (() if level is Level.HOLD else (waiting.code,))


def test_the_same_hold_closes_a_prescription(follows: Follows) -> None:
    waiting = next(f for f in follows.evaluation.findings if f.waits_for_work_up)
    found = follows._replace(evaluation=Evaluation((waiting,), ()))
    of = cases.case(results=())
    assert waiting.code in gate_of(of, found, None, cases.content().decisions).because
