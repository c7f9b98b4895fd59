"""Treat where the clinic keeps some strengths only: proposed and offered of these, chosen as ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

from tests.presenters.test_treat import arrived, shown
from tests.ui.treat_world import TODAY, World, world
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import Regimen
from workstation.presenters.prescription import PrescriptionState
from workstation.presenters.treat import TreatPresenter
from workstation.workflow.settings import CLINIC
from workstation.workflow.stock import NAME


def keeps(made: World, kept: str) -> None:
    """The clinic's stock list from now on, and the open consultation judged anew."""
    made.memory.set_here[CLINIC] = {NAME: kept}
    made.case.refresh()


def regimen(made: World) -> Regimen:
    assert made.case.state is not None and made.case.state.appraisal.regimen is not None
    return made.case.state.appraisal.regimen


def panel(presenter: TreatPresenter) -> PrescriptionState:
    found = shown(presenter).prescription
    assert found is not None
    return found


def test_the_proposal_its_steps_and_what_is_offered_use_kept_strengths_only() -> None:
    made = world()
    keeps(made, '{"generic": ["20", "40"]}')
    presenter = arrived(made)
    for move in (0, 1, 1, 1, -1, -1):
        if move:
            presenter.dose.nudge_daily(move)
        now = regimen(made)
        assert {*now.morning, *now.evening} <= {D(20), D(40)}
        assert made.case.state is not None and made.case.state.appraisal.combinations
        for way in made.case.state.appraisal.combinations:
            assert {*way.morning, *way.evening} <= {D(20), D(40)}
        assert panel(presenter).not_kept == ""
    presenter.dose.set_per_kg(0.9)
    assert regimen(made).daily % 20 == 0


def test_what_was_chosen_stays_and_is_told() -> None:
    made = world()
    presenter = arrived(made)
    presenter.dose.set_daily("30")
    assert made.case.state is not None
    before, judged = regimen(made), made.case.state.appraisal
    keeps(made, '{"generic": ["20", "40"]}')
    after = made.case.state.appraisal
    assert regimen(made) == before
    assert (after.evaluation, after.gate, after.dose, after.facts) == (
        judged.evaluation, judged.gate, judged.dose, judged.facts,
    )  # fmt: skip
    now = panel(presenter)
    assert after.combinations == () and now.not_kept == "10\u00a0mg is not kept here."
    assert [(way.chosen, way.detail) for way in now.combinations] == [(True, now.not_kept)]
    presenter.dose.choose_combination(0)  # it is chosen already
    assert regimen(made) == before


def test_a_dose_of_other_strengths_is_the_prescribers_decision_once_it_was_said() -> None:
    made = world()
    keeps(made, '{"generic": ["20", "40"]}')
    presenter = arrived(made)
    proposed = regimen(made)
    for typed in ("30", "33", "50"):  # each another dose: none is confirmed by the one before
        presenter.dose.set_daily(typed)
        assert regimen(made) == proposed
    assert "Enter 50\u00a0mg once more" in panel(presenter).dose_problem
    presenter.dose.set_daily("50")
    assert regimen(made).daily == 50 and panel(presenter).dose_problem == ""
    assert "not kept here" in panel(presenter).not_kept
    presenter.dose.set_daily("33")  # no capsules of any strength
    presenter.dose.set_daily("33")
    assert regimen(made).daily == 50


def test_last_months_dose_is_repeated_and_told() -> None:
    last = Dispensed(TODAY - timedelta(days=30), D(30), 30, "conventional", D(60))
    made = world("marsh-elena", lambda c: replace(c, dispensed=(last,)))
    keeps(made, '{"generic": ["20", "40"]}')
    presenter = arrived(made)
    assert regimen(made).daily == 30
    assert panel(presenter).not_kept == "10\u00a0mg is not kept here."
