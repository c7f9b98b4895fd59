"""The last supply as it counts on Treat: recorded here, said in words, up to the target and no further."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.ui.treat_world import answered, with_facts, world
from workstation.presenters.treat import TreatPresenter, TreatState

# Lindqvist: 6,300 mg of four supplies, 60.1 kg, target 120 x 60.1 = 7,212 mg; 60 mg a day.
WHO = "lindqvist-astrid"


def shown(presenter: TreatPresenter) -> TreatState:
    state = presenter.state
    assert state is not None
    return state


def test_a_supply_handed_over_counts_and_days_missed_are_taken_off() -> None:
    presenter = TreatPresenter(world(WHO).case)
    presenter.enter()
    prescription = shown(presenter).prescription
    assert prescription is not None and prescription.cumulative is not None
    assert prescription.cumulative.before == 6300
    # 912 mg are left: 16 days of 60 mg, not 30.
    assert prescription.supply_days == 16
    assert prescription.taken is not None
    (line,) = prescription.taken.lines
    assert "all 30 days counted" in line
    assert presenter.record(prescription.taken.control, {"follow_up.days_missed": 5}) == ""
    after = shown(presenter).prescription
    assert after is not None and after.cumulative is not None and after.taken is not None
    daily = max(presenter._case.state.consultation.dispensed, key=lambda d: d.on).daily
    assert after.cumulative.before == 6300 - 5 * float(daily)
    assert "25 of 30 days counted, 5 days not taken" in after.taken.lines[0]


def test_a_prescription_never_picked_up_takes_its_supply_away_again() -> None:
    """Only a signed supply can be: one that the pharmacy's record shows was handed over."""
    made = world(
        WHO,
        lambda c: replace(
            with_facts(answered("follow_up.picked_up", False, date(2026, 11, 23)))(c),
            facts=tuple(f for f in c.facts if not f.name.startswith("follow_up."))
            + (answered("follow_up.picked_up", False, date(2026, 11, 23)),),
            dispensed=tuple(replace(d, handed_over=False, capsules=2) for d in c.dispensed),
        ),
    )
    presenter = TreatPresenter(made.case)
    presenter.enter()
    state = made.case.state
    assert state is not None
    last = max(state.consultation.dispensed, key=lambda d: d.on)
    prescription = shown(presenter).prescription
    assert prescription is not None and prescription.cumulative is not None
    assert Decimal(prescription.cumulative.before) == 6300 - last.daily * last.days
    assert prescription.taken is not None
    assert "never picked up, not counted" in prescription.taken.lines[0]
    presenter.dose.set_supply_days("30")
    note = shown(presenter).prescription
    assert note is not None and "reach the target" not in note.supply_note
