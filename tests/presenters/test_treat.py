"""The Treat step without a window: what each control records, and that the gate cannot be passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.ui.treat_world import (
    ME,
    NOW,
    TODAY,
    World,
    answered,
    content,
    received,
    with_facts,
    world,
)
from workstation.demo.people import PEOPLE
from workstation.domain.consultation import ContactTry, RequestKind
from workstation.domain.draft import DecisionKind, ItemKind
from workstation.domain.facts import Fact, FactKind, Origin
from workstation.domain.results import TestSetting
from workstation.presenters.controls import ControlState, control_of
from workstation.presenters.safety import LineState
from workstation.presenters.treat import TreatPresenter, TreatState

YESTERDAY = TODAY - timedelta(days=1)


def arrived(made: World) -> TreatPresenter:
    presenter = TreatPresenter(made.case)
    presenter.enter()
    return presenter


def shown(presenter: TreatPresenter) -> TreatState:
    state = presenter.state
    assert state is not None
    return state


def line(presenter: TreatPresenter, code: str) -> LineState:
    found = [one for one in shown(presenter).safety.lines if one.code == code]
    assert found, [one.code for one in shown(presenter).safety.lines]
    return found[0]


def control(presenter: TreatPresenter, code: str) -> ControlState:
    found = line(presenter, code).control
    assert found is not None
    return found


def test_what_was_told_holds_when_an_edit_is_saved_and_no_longer_when_another_comes() -> None:
    made = world("marsh-elena")
    presenter, told = TreatPresenter(made.case), list[TreatState]()
    presenter.changed.subscribe(told.append)
    presenter.enter()
    state = made.case.state
    assert state is not None and state.unsaved == 0 and state.saved_at is not None
    assert presenter.shown is told[-1]
    made.case.undo()
    assert presenter.shown is told[-1] is not told[0]
    assert told[-1] == presenter.state


@pytest.mark.parametrize("who", [person.key for person in PEOPLE])
def test_every_person_of_the_demonstration_has_a_screen(who: str) -> None:
    presenter = arrived(world(who))
    state = shown(presenter)
    codes = [one.code for one in state.safety.lines]
    assert len(codes) == len(set(codes))
    assert state.available == (presenter._case.state.appraisal.treatable)
    for one in state.safety.open:
        opens = one.control is not None or one.reasons or one.level in ("warn", "stop")
        assert opens or one.advice, f"{one.code} has nothing that clears it and no advice"


def test_where_nothing_can_be_prescribed_what_orders_nothing_can_be_decided() -> None:
    made = world(change=lambda c: replace(c, request=RequestKind.RESULT, dispensed=()))
    presenter = arrived(made)
    state = shown(presenter)
    assert (state.available, state.chosen) == (False, None)
    asks, sees, declines = (
        DecisionKind.ASK_PATIENT, DecisionKind.SEE_IN_PERSON, DecisionKind.DECLINE,
    )  # fmt: skip
    assert [d.kind for d in state.decisions] == [asks, sees, declines]
    presenter.choose(declines)
    presenter.cards.set_reason("not_indicated")
    assert shown(presenter).card is not None
    presenter.choose(asks)
    assert (shown(presenter).card.send, shown(presenter).gate) == ("", "")


def test_arriving_twice_proposes_once() -> None:
    made = world()
    presenter = arrived(made)
    presenter.enter()
    assert made.case.state is not None
    assert len(made.case.state.history.past) == 1


def test_a_first_visit_without_labs_proposes_the_work_up() -> None:
    state = shown(arrived(world("nwosu-ifeoma")))
    assert state.chosen is DecisionKind.START_WORK_UP
    assert state.prescription is None and state.work_up is not None
    assert {one.code for one in state.safety.waits} == {"ISO-REMS", "LAB-DUE"}


def test_acne_alone_proposes_no_isotretinoin_and_its_medicine_is_the_only_one() -> None:
    made = world("park-jun-ho")
    presenter = arrived(made)
    assert made.case.state is not None
    assert made.case.state.consultation.request is RequestKind.ACNE
    state = shown(presenter)
    assert state.chosen is DecisionKind.PRESCRIBE and state.gate
    assert not tuple(made.case.state.draft.of_kind(ItemKind.REGIMEN))
    decision = made.case.state.appraisal.decision
    assert decision is not None and decision.indication == "Acne vulgaris"  # nobody said severe
    presenter.basket.add("adapalene")
    state = shown(presenter)
    assert state.basket is not None
    assert [item.medicine for item in state.basket.items] == ["adapalene"]
    assert not {one.code for one in state.safety.blocks} & {
        "ISO-PREG-UNK",
        "ASK-CATEGORY",
        "LAB-DUE",
    }


def test_another_decision_keeps_what_was_entered() -> None:
    presenter = arrived(world())
    presenter.dose.set_daily("40")
    presenter.choose(DecisionKind.START_WORK_UP)
    assert shown(presenter).prescription is None
    presenter.choose(DecisionKind.PRESCRIBE)
    assert shown(presenter).prescription.daily == "40"


# -- the pregnancy test


def test_a_pregnancy_test_is_recorded_exactly_and_opens_the_gate() -> None:
    made = world()
    presenter = arrived(made)
    taken = {"value": "negative", "specimen": "hcg_urine:medical", "collected": YESTERDAY}
    assert presenter.record(control(presenter, "ISO-PREG-UNK"), taken) == ""
    result = made.memory.consultations[made.id].results[-1]
    assert (result.test, result.value, result.setting, result.role, result.collected) == (
        "hcg_urine", "negative", TestSetting.MEDICAL, "T2", YESTERDAY,
    )  # fmt: skip
    assert shown(presenter).gate == ""


@pytest.mark.parametrize("missing", ["value", "specimen", "collected"])
def test_a_pregnancy_test_needs_all_of_its_answers(missing: str) -> None:
    made = world()
    presenter = arrived(made)
    before = made.memory.consultations[made.id].results
    taken = {"value": "negative", "specimen": "hcg_serum:medical", "collected": TODAY}
    del taken[missing]
    assert presenter.record(control(presenter, "ISO-PREG-UNK"), taken)
    assert made.memory.consultations[made.id].results == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "Negative"},
        {"specimen": "hcg_serum:home"},
        {"collected": TODAY + timedelta(days=1)},
        {"value": ""},
    ],
)
def test_a_pregnancy_test_takes_only_what_is_offered(wrong: dict[str, object]) -> None:
    made = world()
    presenter = arrived(made)
    taken = {"value": "negative", "specimen": "hcg_serum:medical", "collected": TODAY} | wrong
    assert presenter.record(control(presenter, "ISO-PREG-UNK"), taken)
    assert shown(presenter).gate


def test_a_positive_test_never_opens_the_gate() -> None:
    presenter = arrived(world())
    taken = {"value": "positive", "specimen": "hcg_serum:medical", "collected": TODAY}
    presenter.record(control(presenter, "ISO-PREG-UNK"), taken)
    assert line(presenter, "ISO-PREG-POS").level == "stop"
    assert line(presenter, "ISO-PREG-POS").control is None
    assert shown(presenter).gate


def test_a_pregnancy_on_the_medicine_proposes_to_stop_it_and_answers_nothing() -> None:
    made = world("lindqvist-astrid", with_facts(answered("pregnancy.now", True)))
    presenter = arrived(made)
    assert made.case.state is not None and made.case.state.appraisal.supplies
    assert line(presenter, "ISO-PREG-POS").level == "stop"
    state = shown(presenter)
    assert state.chosen is DecisionKind.STOP_TREATMENT
    assert state.card is not None and not any(reason.chosen for reason in state.card.reasons)
    assert state.card.still and state.gate
    assert made.case.state.draft.reasons == ()
    presenter.choose(DecisionKind.PRESCRIBE)
    assert shown(presenter).gate  # another decision may be chosen, and stays closed


def test_a_pregnancy_before_any_medicine_proposes_nothing_to_stop() -> None:
    made = world("nwosu-ifeoma", with_facts(answered("pregnancy.now", True)))
    state = shown(arrived(made))
    assert state.chosen is not DecisionKind.STOP_TREATMENT and state.gate


def test_a_first_test_at_home_leaves_the_first_test_to_be_taken() -> None:
    made = world("nwosu-ifeoma")
    presenter = arrived(made)
    pregnancy = control_of(
        "pregnancy_test",
        (),
        (),
        received("nwosu-ifeoma"),
        content(),
        made.case.state.appraisal.facts,
    )
    assert pregnancy is not None
    for specimen in ("hcg_urine:home", "hcg_serum:medical", "hcg_serum:medical"):
        taken = {"value": "negative", "specimen": specimen, "collected": TODAY}
        assert presenter.record(pregnancy, taken) == ""
    roles = [r.role for r in made.memory.consultations[made.id].results[-3:]]
    assert roles == ["T1", "T1", "T2"]


# -- laboratory


def test_missing_baseline_asks_for_each_missing_test_and_what_it_needs() -> None:
    presenter = arrived(world("nwosu-ifeoma"))
    fields = {field.name: field for field in control(presenter, "LAB-DUE").fields}
    assert [value for value, _ in fields["test"].choices] == ["alt", "tg"]
    assert "alt" in fields["upper_limit"].tests and "tg" not in fields["upper_limit"].tests
    assert fields["fasting"].tests == ("tg",) == fields["hours_since_alcohol"].tests


def test_a_laboratory_value_is_recorded_exactly() -> None:
    made = world("nwosu-ifeoma")
    presenter = arrived(made)
    lab = control(presenter, "LAB-DUE")
    alt = {"test": "alt", "value": Decimal("22"), "upper_limit": Decimal(40), "collected": TODAY}
    assert presenter.record(lab, alt) == ""
    tg = {"test": "tg", "value": Decimal("98"), "collected": TODAY, "fasting": True,
          "hours_since_alcohol": 48}  # fmt: skip
    assert presenter.record(lab, tg) == ""
    first, second = made.memory.consultations[made.id].results[-2:]
    assert (first.test, first.value, first.unit, first.upper_limit, first.fasting) == (
        "alt", Decimal(22), "U/L", Decimal(40), None,
    )  # fmt: skip
    assert (second.test, second.unit, second.upper_limit, second.fasting) == (
        "tg", "mg/dL", None, True,
    )  # fmt: skip
    assert second.hours_since_alcohol == 48
    assert "LAB-DUE" not in {one.code for one in shown(presenter).safety.lines}


def test_a_laboratory_value_needs_its_test_and_day() -> None:
    made = world("nwosu-ifeoma")
    presenter = arrived(made)
    lab = control(presenter, "LAB-DUE")
    assert presenter.record(lab, {"value": Decimal(1), "collected": TODAY})
    assert presenter.record(lab, {"test": "alt", "collected": TODAY})
    assert presenter.record(lab, {"test": "alt", "value": Decimal(1)})
    assert presenter.record(lab, {"test": "hcg_serum", "value": Decimal(1), "collected": TODAY})
    later = TODAY + timedelta(days=1)
    assert presenter.record(lab, {"test": "alt", "value": Decimal(1), "collected": later})
    assert made.memory.consultations[made.id].results == received("nwosu-ifeoma").results


def test_a_slip_is_said_with_what_can_be_meant_and_nothing_is_recorded() -> None:
    made = world("nwosu-ifeoma")
    presenter = arrived(made)
    lab = control(presenter, "LAB-DUE")
    born = made.memory.consultations[made.id].patient.born
    mmol = {"test": "tg", "value": Decimal("1.2"), "collected": TODAY, "fasting": True}
    assert "cannot be meant in mg/dL" in presenter.record(lab, mmol)
    unborn = {"test": "alt", "value": Decimal(20), "collected": born - timedelta(days=1)}
    assert "before the patient" in presenter.record(lab, unborn)
    assert made.memory.consultations[made.id].results == received("nwosu-ifeoma").results
    before = made.memory.consultations[made.id].facts
    for name, value, words in (
        ("patient.weight", Decimal(1000), "15 to 350 kg"),
        ("consent.patient_on", date(206, 6, 1), "before the patient"),
        ("contraception.started", TODAY + timedelta(days=366), "too far ahead"),
    ):
        assert words in presenter.answer({name: value})
    assert made.memory.consultations[made.id].facts == before
    assert presenter.answer({"contraception.started": TODAY + timedelta(days=365)}) == ""


# -- contact


def test_an_open_contact_is_the_first_line_with_ways_steps_and_people() -> None:
    presenter = arrived(world("becker-jonas"))
    first = shown(presenter).safety.blocks[0]
    assert first.code == "TRIAGE-CONTACT" and first.contact is not None
    values = [way.value for way in first.contact.ways]
    assert "+1\u00a0503\u00a0555\u00a00115" in values and "911" in values and "988" in values
    assert any("agreed" in way.note for way in first.contact.ways)
    assert first.contact.steps[0][1][0].startswith("Call now")
    others = [one for one in shown(presenter).safety.lines[1:] if one.contact is not None]
    assert others == []


def test_a_contact_is_recorded_exactly_with_the_facts_it_carries() -> None:
    made = world("carter-amara")
    presenter = arrived(made)
    screen = control(presenter, "ISO-SI-SCREEN")
    assert "mood.assessed_on" in {field.name for field in screen.fields}
    taken = {"who": "patient", "reached": "yes", "outcome": " Safety plan made ",
             "mood.assessed_on": TODAY}  # fmt: skip
    assert presenter.record(screen, taken) == ""
    contact = made.memory.consultations[made.id].contacts[-1]
    assert (contact.reached, contact.outcome, contact.by) == ("yes", "Safety plan made", ME.id)
    assert contact.who == "Amara Carter, patient"
    assert made.recorded("mood.assessed_on") == Fact(
        "mood.assessed_on", TODAY, Origin.CLINICIAN, TODAY, "recorded by Rosa Kessler"
    )
    levels = {one.code: one.level for one in shown(presenter).safety.lines}
    assert "TRIAGE-CONTACT" not in levels and levels["ISO-SI-SCREEN"] == "warn"


@pytest.mark.parametrize("missing", ["who", "reached", "outcome"])
def test_a_contact_needs_who_reached_and_outcome(missing: str) -> None:
    made = world("becker-jonas")
    presenter = arrived(made)
    taken = {"who": "patient", "reached": "no_answer", "outcome": "rang out"}
    del taken[missing]
    assert presenter.record(control(presenter, "TRIAGE-CONTACT"), taken)
    assert made.memory.consultations[made.id].contacts == ()


def test_tries_so_far_stand_in_the_line() -> None:
    tried = ContactTry(ME.id, NOW, "Jonas Becker, patient", "no_answer", "rang out")
    made = world("carter-amara", lambda c: replace(c, contacts=(tried,)))
    presenter = arrived(made)
    contact = line(presenter, "ISO-SI-SCREEN").contact
    assert contact is not None
    assert "12:42" in contact.tries[0].text and contact.tries[0].outcome == "rang out"


# -- answers


def test_a_must_ask_records_the_answer_and_undo_takes_it_back() -> None:
    made = world("park-jun-ho")
    presenter = arrived(made)
    asked = control(presenter, "ASK-ALC-DISORDER")
    assert presenter.record(asked, {"alcohol.disorder": False}) == ""
    assert made.fact("alcohol.disorder") is False
    assert "ASK-ALC-DISORDER" not in {one.code for one in shown(presenter).safety.blocks}
    made.case.undo()
    assert made.fact("alcohol.disorder") is None
    assert line(presenter, "ASK-ALC-DISORDER").is_open


def test_nothing_is_recorded_without_a_choice_or_of_the_wrong_kind() -> None:
    made = world("park-jun-ho")
    presenter = arrived(made)
    asked = control(presenter, "ASK-ALC-DISORDER")
    for taken in ({}, {"alcohol.disorder": "no"}, {"alcohol.disorder": 0}, {"no.such": True}):
        assert presenter.record(asked, taken)
    assert made.case.state is not None and made.case.state.draft.facts == ()


def test_what_happened_cannot_lie_ahead_and_a_plan_not_behind() -> None:
    made = world("oyelaran-tunde")
    presenter = arrived(made)
    consent = control(presenter, "CONSENT-GUARDIAN")
    ahead = TODAY + timedelta(days=1)
    assert presenter.record(consent, {"consent.guardian_on": ahead})
    assert presenter.answer({"labs.alt.repeat_on": YESTERDAY})
    assert presenter.answer({"alcohol.plan_due": YESTERDAY})
    assert made.case.state is not None and made.case.state.draft.facts == ()
    assert presenter.answer({"labs.alt.repeat_on": ahead}) == ""
    assert presenter.answer({"contraception.started": ahead}) == ""
    both = {"consent.guardian_on": YESTERDAY, "consent.minor_signature_on": TODAY}
    assert presenter.record(consent, both) == ""
    assert "CONSENT-GUARDIAN" not in {one.code for one in shown(presenter).safety.blocks}


def test_a_weight_carries_its_day_and_brings_a_dose() -> None:
    made = world("mwangi-wanjiru")
    presenter = arrived(made)
    weight = control(presenter, "ASK-WEIGHT")
    assert presenter.record(weight, {"patient.weight": Decimal(60)})
    assert presenter.record(weight, {"patient.weight": Decimal(0), "measured": TODAY})
    assert presenter.record(weight, {"patient.weight": Decimal(60), "measured": date(2027, 1, 1)})
    assert made.fact("patient.weight") is None
    assert presenter.record(weight, {"patient.weight": Decimal(60), "measured": YESTERDAY}) == ""
    recorded = made.recorded("patient.weight")
    assert recorded is not None and recorded.value == Decimal(60)
    assert recorded.as_of == YESTERDAY
    assert made.case.state is not None and made.case.state.appraisal.dose is not None


def test_every_control_of_the_content_can_be_filled_in() -> None:
    """Whatever a rule or a must-ask names has fields of the right kind, all empty."""
    made = world("park-jun-ho")
    facts = made.case.state.appraisal.facts
    consultation = received("park-jun-ho")
    wanted = [(rule.control.kind, rule.control.names) for rule in content().rulebook.rules
              if rule.control is not None]  # fmt: skip
    wanted += [(ask.spec.control, (ask.spec.name,)) for ask in content().rulebook.asks
               if ask.spec.question]  # fmt: skip
    kinds = set()
    for kind, names in wanted:
        made_control = control_of(kind, names, (), consultation, content(), facts)
        assert made_control is not None and made_control.fields, (kind, names)
        for field in made_control.fields:
            assert field.label
            offered = field.kind in (FactKind.CHOICE, FactKind.CHOICES, FactKind.YES_NO)
            assert bool(field.choices) == offered
        kinds.add(kind)
    assert {"answer", "pregnancy_test", "lab_result", "contraception", "alcohol", "weight",
            "rems", "contact"} <= kinds  # fmt: skip


def test_the_tests_that_are_missing_are_those_that_can_be_recorded() -> None:
    made = world("nguyen-minh-duc")
    presenter = arrived(made)
    presenter.protocol.choose("LABEL")
    assert "AST" in line(presenter, "LAB-DUE").detail
    asked = control(presenter, "LAB-DUE")
    assert asked.names == ("ast",) and "test" not in {field.name for field in asked.fields}
    taken = {"value": Decimal(22), "upper_limit": Decimal(40), "collected": YESTERDAY}
    assert presenter.record(asked, taken) == ""
    assert "LAB-DUE" not in {one.code for one in shown(presenter).safety.lines}


# -- reasons


def test_reasons_open_overrides_and_text_is_needed_for_other_only() -> None:
    made = world("de-souza-caio")
    presenter = arrived(made)
    assert presenter.give_reason("LAB-ALT", "no such reason")
    assert presenter.give_reason("LAB-ALT", "other", "short")
    assert presenter.give_reason("LAB-ALT", "")
    assert shown(presenter).gate
    assert presenter.give_reason("LAB-ALT", "repeat_ordered") == ""
    assert shown(presenter).gate == ""
    assert line(presenter, "LAB-ALT").answer
    presenter.take_reason_back("LAB-ALT")
    assert shown(presenter).gate


def test_counselling_is_one_line_with_one_key() -> None:
    made = world("oyelaran-tunde", with_facts(answered("donation.blood", True)))
    presenter = arrived(made)
    counsel = line(presenter, "COUNSEL")
    assert len(counsel.members) == 2 and counsel.is_open
    assert presenter.give_reason("COUNSEL", "") == ""
    assert not line(presenter, "COUNSEL").is_open
    presenter.take_reason_back("COUNSEL")
    assert line(presenter, "COUNSEL").is_open


@pytest.mark.parametrize("code", ["ISO-PREG-UNK", "NO-SUCH"])
def test_no_reason_opens_a_hold(code: str) -> None:
    presenter = arrived(world())
    assert presenter.give_reason(code, "other", "a reason that is long enough")
    assert shown(presenter).gate


# -- dose


def test_a_dose_no_capsules_make_is_said_and_not_taken() -> None:
    presenter = arrived(world())
    presenter.dose.set_daily("33")
    state = shown(presenter).prescription
    assert state is not None and state.daily == "30"
    assert "No capsules make 33" in state.dose_problem
    presenter.dose.set_daily("-3")
    assert shown(presenter).prescription.daily == "30"


def test_capsules_add_up_to_the_dose() -> None:
    made = world()
    presenter = arrived(made)
    for dose in ("20", "30", "40", "50", "60"):
        presenter.dose.set_daily(dose)
        assert made.case.state is not None
        appraisal = made.case.state.appraisal
        assert appraisal.regimen is not None and appraisal.dose is not None
        for way in appraisal.combinations:
            assert sum((*way.morning, *way.evening)) == Decimal(dose)
        total = sum(mg * count for mg, count in appraisal.dose.dispense)
        assert total == Decimal(dose) * appraisal.dose.supply_days


def test_supply_is_limited_by_the_medicine() -> None:
    presenter = arrived(world())
    for text in ("31", "0", "2.5", "x"):
        presenter.dose.set_supply_days(text)
        assert shown(presenter).prescription.supply_days == 30
    presenter.dose.set_supply_days("28")
    assert shown(presenter).prescription.supply_days == 28


def test_the_line_is_tall_man_with_dose_label_route_and_food() -> None:
    state = shown(arrived(world())).prescription
    assert state is not None
    assert state.line_name == "ISOtretinoin"
    assert "oral" in state.line_attributes and "with food" in state.line_dose
    assert "0 (zero)" in state.dispense


# -- plan and work-up


def test_the_plan_has_six_lanes_and_the_test_one_month_after() -> None:
    plan = shown(arrived(world())).plan
    assert plan is not None
    assert [lane.id for lane in plan.lanes] == [
        "contraception", "pregnancy", "lipids", "liver", "mood", "supply",
    ]  # fmt: skip
    drawn = sum(len(lane.points) for lane in plan.lanes)
    assert drawn == len(plan.rows)
    assert any("1 month after" in row.what for row in plan.rows)
    assert plan.ticks[-1][0] == plan.last


def test_people_who_cannot_become_pregnant_have_four_lanes() -> None:
    plan = shown(arrived(world("kowalczyk-piotr"))).plan
    assert plan is not None and [lane.id for lane in plan.lanes] == [
        "lipids", "liver", "mood", "supply",
    ]  # fmt: skip


def test_enrolment_is_recorded_in_place() -> None:
    made = world("nwosu-ifeoma")
    presenter = arrived(made)
    steps = {step.id: step for step in shown(presenter).work_up.steps}
    patient = steps["patient"].control
    assert patient is not None and patient.names == ("rems.patient_enrolled",)
    assert presenter.record(patient, {"rems.patient_enrolled": True}) == ""
    steps = {step.id: step for step in shown(presenter).work_up.steps}
    assert steps["patient"].done and steps["patient"].control is None


def test_the_second_test_chart_follows_its_rules() -> None:
    made = world("nwosu-ifeoma")
    presenter = arrived(made)
    second = shown(presenter).work_up.second
    work_up = made.case.state.appraisal.work_up
    assert second is not None and second.day == work_up.earliest_second_test
    bars = {bar.title: bar for bar in second.bars if bar.title}
    refused = bars["Second test (T2)"].window
    assert refused is not None and refused.last == second.day
    before = second.day
    presenter.answer({"contraception.started": TODAY})
    moved = shown(presenter).work_up.second
    assert moved is not None and moved.day > before


def test_what_only_a_prescription_asks_is_folded_and_none_is_lost() -> None:
    made = world("park-jun-ho")
    presenter = TreatPresenter(made.case)
    presenter.enter()
    assert presenter.state is not None
    before = {line.code for line in presenter.state.safety.lines}
    presenter.choose(DecisionKind.DECLINE)
    safety = presenter.state.safety
    folded = {line.code for line in safety.folded}
    assert folded and {code for code in before if code.startswith("ASK-")} <= folded
    assert not [line for line in (*safety.waits, *safety.infos) if line.code.startswith("ASK-")]
    assert all(line.level == "info" for line in safety.infos)
    lost = before - {line.code for line in safety.lines} - {"COUNSEL"}
    assert lost == set()
    assert safety.fold_title.startswith(f"{len(folded)} points")
