"""The REMS card without a window: confirming is one undo step, and nothing is confirmed too early."""

from __future__ import annotations

from typing import get_args

from tests.ui.treat_world import ME, TODAY, World, world
from workstation.domain.draft import DecisionKind, ItemKind
from workstation.domain.photo import View
from workstation.domain.rems_record import NextAction
from workstation.presenters import rems_wording
from workstation.presenters.rems_card import RemsCardState, RowState
from workstation.presenters.treat import TreatPresenter


def arrived(made: World) -> TreatPresenter:
    presenter = TreatPresenter(made.case)
    presenter.enter()
    return presenter


def card(presenter: TreatPresenter) -> RemsCardState:
    state = presenter.state
    assert state is not None and state.rems is not None
    return state.rems


def row(presenter: TreatPresenter, key: str) -> RowState:
    return next(r for m in card(presenter).months for r in m.rows if r.key == key)


def test_confirming_records_who_and_when_and_can_be_undone() -> None:
    made = world("al-hashimi-noor")
    presenter = arrived(made)
    assert row(presenter, "test:2").act == "confirm"
    assert presenter.rems.confirm("test:2") == ""
    assert made.case.state is not None
    (entry,) = made.case.state.draft.rems_entries
    assert (entry.row, entry.on, entry.by, entry.name) == ("test:2", TODAY, ME.id, ME.name)
    assert "result=negative" in entry.value and "2026-11-18" in entry.value
    shown = row(presenter, "test:2")
    assert shown.stands == "Confirmed 23\u2011Nov\u20112026 by Rosa Kessler"
    assert shown.act == "take_back"
    made.case.undo()
    assert row(presenter, "test:2").act == "confirm"
    made.case.redo()
    assert presenter.rems.take_back("test:2") == ""
    assert made.case.state.draft.rems_entries == ()


def test_what_is_copied_is_as_the_site_takes_it() -> None:
    presenter = arrived(world("al-hashimi-noor"))
    fields = row(presenter, "test:2").fields
    assert [(f.label, f.copied) for f in fields] == [
        ("Result", "Negative"), ("Specimen date", "11/18/2026"),
    ]  # fmt: skip


def test_confirming_the_month_answers_the_question_of_the_panel_too() -> None:
    made = world("al-hashimi-noor")
    presenter = arrived(made)
    key = "counselled:2"
    before = made.recorded("rems.confirmed_on")
    assert before is None
    assert presenter.rems.confirm(key) == ""
    fact = made.recorded("rems.confirmed_on")
    assert fact is not None and fact.value == TODAY
    assert presenter.rems.take_back(key) == ""
    assert made.recorded("rems.confirmed_on") is None


def test_nothing_is_confirmed_before_what_it_rests_on() -> None:
    made = world("marsh-elena")
    presenter = arrived(made)
    assert row(presenter, "test:1").act == ""
    assert presenter.rems.confirm("test:1") != ""
    assert presenter.rems.confirm("no such row") != ""
    assert made.case.state is not None and made.case.state.draft.rems_entries == ()
    assert card(presenter).action.startswith("Second pregnancy test")


def test_a_positive_test_is_the_entry_that_is_asked_for() -> None:
    presenter = arrived(world("halvorsen-mia"))
    # To stop is proposed: the report comes first, and the end of the course is to be entered.
    proposed = card(presenter)
    assert proposed.action == "Stop the medicine and report today"
    assert [r.key for m in proposed.months for r in m.rows if r.act == "confirm"] == ["end:-1"]
    presenter.choose(DecisionKind.PRESCRIBE)
    shown = card(presenter)
    assert shown.action == proposed.action
    due = [r for m in shown.months for r in m.rows if r.act == "confirm"]
    assert [(r.key.split(":")[0], r.fields[0].text) for r in due if "test" in r.key] == [
        ("test", "Positive")
    ]


def test_a_photo_is_asked_for_by_name_as_a_decision() -> None:
    made = world("al-hashimi-noor")
    presenter = arrived(made)
    presenter.ask_photo(View.CHEST)
    state = presenter.state
    assert state is not None and state.card is not None
    assert state.chosen is DecisionKind.ASK_PATIENT
    assert ("photo", "Photo Chest: asked for") in state.card.missing
    assert "Chest: please take it once more" in state.card.message.text
    made.case.undo()
    assert presenter.state is not None and presenter.state.chosen is DecisionKind.PRESCRIBE


def test_a_photo_asked_for_later_is_added_to_what_was_written() -> None:
    made = world("al-hashimi-noor")
    presenter = arrived(made)
    presenter.choose(DecisionKind.ASK_PATIENT)
    presenter.cards.set_message("My own words.")
    presenter.ask_photo(View.CHEST)
    presenter.ask_photo(View.CHEST)
    assert made.case.state is not None
    message = made.case.state.draft.get(ItemKind.MESSAGE, "ask_patient")
    assert message is not None
    assert message.text == "My own words.\n\n- Chest: please take it once more\n"


def test_every_next_step_of_a_course_has_words() -> None:
    assert set(get_args(NextAction)) - {""} == set(rems_wording.ACTIONS)
    assert rems_wording.action("stop_and_report", TODAY, TODAY) == (
        "Stop the medicine and report today"
    )
