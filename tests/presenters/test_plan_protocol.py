"""The protocol picker on Treat: what it offers, what a choice does to the plan, and its undo."""

from __future__ import annotations

from tests.ui.treat_world import world
from workstation.presenters.treat import TreatPresenter


def test_a_chosen_protocol_changes_the_plan_and_is_undone() -> None:
    made = world("nguyen-minh-duc")
    presenter = TreatPresenter(made.case)
    presenter.enter()

    def draws() -> int:
        state = made.case.state
        assert state is not None and state.appraisal.plan is not None
        return sum(p.role == "during" for p in state.appraisal.plan.tests)

    before = presenter.state
    assert before is not None and before.protocol is not None
    assert before.protocol.chosen == "DELPHI-2022" and "Default" in before.protocol.note
    assert {id for id, _ in before.protocol.options} == {
        "DELPHI-2022", "LABEL", "AAD-2024", "MONTHLY", "CUSTOM",
    }  # fmt: skip
    once = draws()
    presenter.protocol.choose("MONTHLY")
    assert draws() > once
    presenter.protocol.choose("CUSTOM")
    state = presenter.state
    assert state is not None and state.protocol is not None
    assert (state.protocol.days, state.protocol.monthly) == ("28", True)
    assert presenter.protocol.set_days("90"), "later than the content allows"
    assert presenter.protocol.set_days("56") == ""
    wide = draws()
    presenter.protocol.set_days("14")
    assert draws() > wide
    presenter.protocol.set_monthly(False)
    assert draws() == 2  # ALT and triglycerides, once
    for _ in range(5):
        made.case.undo()
    assert draws() == once
