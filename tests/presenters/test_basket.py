"""The basket without a window: what each verb writes, the rules asked together, and what holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.safety.answers import blocking
from tests.ui.treat_world import ME, TODAY, World, content, world
from workstation.domain.draft import Draft, ItemKind, Key, Pharmacy, Reason
from workstation.domain.safety import Level
from workstation.presenters.basket_state import BasketState
from workstation.presenters.case_state import CaseState
from workstation.presenters.safety import LineState
from workstation.presenters.treat import TreatPresenter, TreatState
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.earlier import Earlier

MAN = "nguyen-minh-duc"


def arrived(made: World) -> TreatPresenter:
    presenter = TreatPresenter(made.case)
    presenter.enter()
    return presenter


def shown(presenter: TreatPresenter) -> TreatState:
    state = presenter.state
    assert state is not None
    return state


def basket(presenter: TreatPresenter) -> BasketState:
    found = shown(presenter).basket
    assert found is not None
    return found


def line(presenter: TreatPresenter, code: str) -> LineState:
    return next(one for one in shown(presenter).safety.lines if one.code == code)


def case(made: World) -> CaseState:
    assert made.case.state is not None
    return made.case.state


def test_a_medicine_comes_with_its_usual_prescription_and_leaves_by_one_undo() -> None:
    made = world(MAN)
    presenter = arrived(made)
    presenter.basket.add("tretinoin_topical")
    usual = content().directed["tretinoin_topical"].usual("acne")
    assert usual is not None
    assert case(made).draft.directed == (usual.directed,)
    assert [item.medicine for item in basket(presenter).items] == [
        ISOTRETINOIN,
        usual.directed.medicine,
    ]
    made.case.undo()
    assert case(made).draft.directed == ()


def test_a_counted_quantity_follows_directions_and_days() -> None:
    presenter = arrived(world(MAN))
    presenter.basket.add("spironolactone")
    presenter.basket.set_days("spironolactone", "60")
    presenter.basket.change("spironolactone", "frequency", "twice")
    editor = basket(presenter).directed
    assert editor is not None and (editor.quantity, editor.days) == ("120", "60")
    assert "Take 1 tablet (50 mg) by mouth twice daily." in editor.line
    presenter.basket.set_days("spironolactone", "400")
    assert basket(presenter).directed.problem
    assert basket(presenter).directed.days == "60"


def test_more_days_take_the_refills_that_no_longer_fit() -> None:
    presenter = arrived(world(MAN))
    presenter.basket.add("spironolactone")
    presenter.basket.set_refills("spironolactone", "5")
    presenter.basket.set_days("spironolactone", "90")
    assert basket(presenter).directed.refills == "3"
    presenter.basket.set_refills("spironolactone", "4")
    assert basket(presenter).directed.problem == "Refills are 0 to 3 for these days."


def test_minocycline_with_isotretinoin_is_held_both_ways_and_opens_by_taking_it_out() -> None:
    made = world(MAN)
    presenter = arrived(made)
    assert shown(presenter).gate == ""
    presenter.basket.add("minocycline")
    codes = blocking(case(made).appraisal.evaluation)
    assert {"ISO-TETRA", "DOX-ISO"} <= codes
    for code in ("ISO-TETRA", "DOX-ISO"):
        assert line(presenter, code).removes == (("minocycline", "Remove minocycline"),)
        assert presenter.give_reason(code, "other", "a reason that is long enough")
    assert shown(presenter).gate
    presenter.basket.remove("minocycline")
    assert shown(presenter).gate == ""


def test_one_new_medicine_is_checked_against_the_others() -> None:
    made = world(MAN)
    presenter = arrived(made)
    presenter.basket.add("doxycycline")
    presenter.basket.add("tretinoin_topical")
    fired = {f.code for f in case(made).appraisal.evaluation.findings}
    assert {"TRE-SUN", "ISO-IRR", "TRE-ISO", "DOX-ISO"} <= fired
    facts = case(made).appraisal.facts
    assert {"doxycycline", "topical_retinoid"} <= set(facts.value("medicines.now"))


def test_without_isotretinoin_no_rems_and_no_plan() -> None:
    made = world(MAN)
    presenter = arrived(made)
    presenter.basket.add("azelaic_acid")
    presenter.basket.remove(ISOTRETINOIN)
    found = case(made).appraisal
    assert (found.course, found.rems, found.plan, found.regimen) == (False, None, None, None)
    assert not [f for f in found.evaluation.findings if f.code.startswith("ISO-")]
    assert shown(presenter).plan is None and shown(presenter).prescription is None
    assert basket(presenter).open == "azelaic_acid" and shown(presenter).gate == ""


@pytest.mark.parametrize("who", ["papadopoulou-eleni", "shevchenko-oksana", "iversen-bjorn"])
def test_a_request_beside_acne_offers_only_what_its_indication_names(who: str) -> None:
    made = world(who)
    presenter = arrived(made)
    used = {
        m
        for one in content().indications
        if case(made).consultation.request in one.requests
        for m in one.medicines
    }
    offered = [o.medicine for o in basket(presenter).offered]
    assert offered and ISOTRETINOIN not in offered
    for medicine in offered:
        parts = {c for p in content().directed[medicine].products for c in p.components}
        assert parts & used
    assert shown(presenter).gate


def test_another_indication_is_one_step_and_offers_other_medicines() -> None:
    made = world(MAN)
    presenter = arrived(made)
    presenter.basket.choose_indication("L71.9")
    decision = case(made).draft.decision
    assert decision is not None and decision.indication == "Rosacea"
    assert "azelaic_acid" in {o.medicine for o in basket(presenter).offered}
    assert "combined_ocp" not in {o.medicine for o in basket(presenter).offered}


def test_the_last_prescription_is_repeated_with_what_changed() -> None:
    made = world(MAN)
    presenter = arrived(made)
    usual = content().directed["spironolactone"].usual("acne")
    assert usual is not None
    last = Draft.empty(case(made).consultation.id)
    edit = last.put(
        "x",
        [(Key.of(ItemKind.DIRECTED, "spironolactone"), usual.directed)],
        ME.id,
        case(made).consultation.submitted_at,
    )
    made.case.state = replace(case(made), earlier=Earlier(last.apply(edit), TODAY))
    assert basket(presenter).repeat.startswith("Repeat 23")
    presenter.basket.repeat_last()
    assert basket(presenter).repeat == ""
    assert basket(presenter).directed.changed.startswith("same as 23")
    presenter.basket.set_days("spironolactone", "60")
    assert "30 \u2192 60 days" in basket(presenter).directed.changed


def test_the_pharmacy_is_kept_with_the_patient() -> None:
    made = world(MAN)
    known = Pharmacy("Alder Pharmacy", "+1 503 555 0111", "12 Alder St")
    made.case.state = replace(case(made), earlier=Earlier(pharmacy=known))
    presenter = arrived(made)
    assert case(made).draft.pharmacy == known
    assert basket(presenter).pharmacy_known == "as at the last visit"
    presenter.basket.set_pharmacy("Birch Pharmacy", "", "")
    assert case(made).draft.pharmacy == Pharmacy("Birch Pharmacy", "", "")


def test_a_product_that_was_changed_by_hand_holds_the_gate() -> None:
    made = world(MAN)
    presenter = arrived(made)
    presenter.basket.add("azelaic_acid")
    presenter.basket.remove(ISOTRETINOIN)
    item = case(made).draft.directed[0]
    made.case.put_one("x", ItemKind.DIRECTED, item.medicine, replace(item, quantity=Decimal(51)))
    assert case(made).appraisal.gate.because == ("RX-QTY-PACK",)
    assert line(presenter, "RX-QTY-PACK").where and shown(presenter).gate


def test_a_reason_of_an_earlier_visit_for_the_same_facts_takes_one_key() -> None:
    made = world(MAN)
    presenter = arrived(made)
    presenter.basket.add("spironolactone")
    with_male = [("patient.male_pattern", True), ("kidney.egfr", 90), ("history.conditions", ())]
    presenter.answer(dict(with_male))
    finding = next(f for f in case(made).appraisal.evaluation.findings if f.code == "SPI-MALE")
    assert finding.level is Level.OVERRIDE and line(presenter, "SPI-MALE").earlier == ""
    given = Reason("SPI-MALE", finding.reasons[0].code, "", ME.id, TODAY, finding.facts_digest)
    made.case.state = replace(case(made), earlier=Earlier(reasons=(given,)))
    assert line(presenter, "SPI-MALE").earlier.startswith("same as 23")
    assert line(presenter, "SPI-MALE").is_open, "it counts only once it is accepted"
    assert presenter.give_reason("SPI-MALE", "same") == ""
    assert not line(presenter, "SPI-MALE").is_open
    other = replace(given, facts_digest="other facts")
    presenter.take_reason_back("SPI-MALE")
    made.case.state = replace(case(made), earlier=Earlier(reasons=(other,)))
    assert line(presenter, "SPI-MALE").earlier == ""
    assert presenter.give_reason("SPI-MALE", "same")


def test_allergies_that_nobody_asked_hold_with_their_question() -> None:
    made = world(MAN)
    without = replace(case(made).consultation.patient, allergies=None)
    changed = replace(
        case(made).consultation,
        patient=without,
        facts=tuple(f for f in case(made).consultation.facts if f.name != "allergies.known"),
    )
    made.case.state = replace(case(made), consultation=changed)
    presenter = arrived(made)
    presenter.basket.add("azelaic_acid")
    presenter.basket.remove(ISOTRETINOIN)
    asked = line(presenter, "RX-MISSING-allergies")
    assert asked.control is not None and asked.control.names == ("allergies.known",)
    assert presenter.record(asked.control, {"allergies.known": ()}) == ""
    assert shown(presenter).gate == ""
