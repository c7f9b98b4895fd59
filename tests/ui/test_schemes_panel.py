"""Schemes beside the count rubric on the panel: picked by the clinician, told apart, never averaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.ui.assess_world import Assessing, annotation, assessing
from workstation.domain.draft import DecisionKind, ItemKind, Key
from workstation.domain.facts import Origin
from workstation.domain.indications import choose
from workstation.domain.lesions import LesionType
from workstation.domain.photo import View
from workstation.domain.severity import grade
from workstation.presenters.schemes import NOT_PICKED, SchemeRow, schemes_shown
from workstation.ui.application import application
from workstation.ui.assess.rubric_panel import RubricPanel

FACE = (View.FRONT, View.LEFT45, View.RIGHT45)


@pytest.fixture
def world() -> Iterator[Assessing]:
    made = assessing(views=FACE)
    yield made


def put(world: Assessing, number: int, kind: LesionType, at=(600.0, 300.0)) -> None:
    marks = [
        annotation(f"{kind.value}{n}", "front", kind, (at[0] + n, at[1])) for n in range(number)
    ]
    world.made.case.put(
        "annotation.add", tuple((Key.of(ItemKind.ANNOTATION, m.id), m) for m in marks)
    )


def rows(world: Assessing) -> dict[str, SchemeRow]:
    assert world.presenter.state is not None
    return {row.title: row for row in world.presenter.state.rubric.schemes.rows}


def facts(world: Assessing):
    assert world.made.case.state is not None
    return world.made.case.state.draft.facts


def test_the_shorter_line_leaves_out_what_nobody_picked(world: Assessing) -> None:
    put(world, 3, LesionType.NODULE)
    assert world.presenter.state is not None
    shown = world.presenter.state.rubric.schemes
    assert "IGA" in shown.folded and "GAGS" in shown.shorter[0]
    assert not any("IGA" in line for line in shown.shorter)


def test_a_further_rubric_has_its_title_and_says_nothing_of_what_nobody_counted(
    world: Assessing,
) -> None:
    put(world, 3, LesionType.NODULE)
    catalogue, state = world.made.case.desk.catalogue, world.made.case.state
    assert state is not None and state.appraisal.grade is not None
    own = replace(catalogue.rubric, id="OWN", title="Counts of the clinic")
    scales = replace(catalogue.schemes, rubrics={**catalogue.schemes.rubrics, own.id: own})
    given = grade(own, state.appraisal.grade.counts)
    opinions = replace(state.appraisal.opinions, beside=(given,))

    def said(counted: bool) -> str:
        shown = schemes_shown(opinions, scales, state.appraisal.facts, counted=counted)
        (row,) = (row for row in shown.rows if row.title == own.title)
        return row.value

    assert said(True) == "at least moderate" and given.label == "Moderate"
    assert "moderate" not in said(False).lower()


def test_a_hint_is_said_and_never_stored(world: Assessing) -> None:
    put(world, 3, LesionType.NODULE)
    iga = rows(world)["IGA"]
    assert iga.value == str(NOT_PICKED) and "hint at 4 severe" in iga.detail
    assert not any(chosen for _, _, chosen in iga.picks[0].choices)
    assert [f for f in facts(world) if f.name == "severity.iga"] == []
    assert world.made.case.state.appraisal.opinions.iga is None
    world.presenter.record_sign("severity.iga", 2)
    picked = rows(world)["IGA"]
    assert picked.value == "2 mild" and picked.detail.startswith("recorded here")
    stored = next(f for f in facts(world) if f.name == "severity.iga")
    assert (stored.value, stored.origin) == (2, Origin.CLINICIAN)
    world.presenter.record_sign("severity.iga", 9)
    assert world.made.case.state.appraisal.opinions.iga is None, "no such grade"


def test_guideline_and_label_are_two_answers(world: Assessing) -> None:
    put(world, 2, LesionType.PAPULE)
    world.presenter.record_sign("severity.psychosocial", True)
    shown = rows(world)
    assert shown["Guideline candidate"].value == "yes"
    assert "psychosocial burden" in shown["Guideline candidate"].detail
    assert shown["On label"].value == "no"


def test_gags_is_a_lower_bound_and_hayashi_leaves_nodules_out(world: Assessing) -> None:
    put(world, 6, LesionType.NODULE)
    shown = rows(world)
    assert shown["GAGS"].value.startswith("at least ")
    assert "chest and upper back" in shown["GAGS"].detail
    assert "nodules not counted" in shown["Hayashi"].detail
    assert world.presenter.state.rubric.schemes.disagree.startswith("The schemes disagree: SEV-1")
    assert world.presenter.state.rubric.schemes.folded == "schemes disagree"


def test_the_menus_record_what_is_picked(world: Assessing) -> None:
    application()
    panel = RubricPanel()
    panel.sign_recorded.connect(world.presenter.record_sign)
    panel.render_state(world.presenter.state)
    lines = {line.row.title: line for line in panel.schemes.lines if line.row is not None}
    entries = [a for a in lines["IGA"].menu().actions() if a.isCheckable()]
    assert len(entries) == 5 and entries[3].text().startswith("3  moderate: ")
    entries[3].trigger()
    assert next(f for f in facts(world) if f.name == "severity.iga").value == 3
    leeds = lines["Leeds"].menu()
    menus = [a.menu() for a in leeds.actions() if a.menu() is not None]
    assert [len([a for a in m.actions() if a.isCheckable()]) for m in menus] == [12, 8, 8, 3]
    menus[1].actions()[4].trigger()
    assert rows(world)["Leeds"].value == "chest 5"
    lines["GAGS"].click()
    assert not lines["GAGS"].isEnabled(), "computed, not picked"
    panel.deleteLater()


def test_extent_and_marks_are_answers_with_an_origin(world: Assessing) -> None:
    put(world, 2, LesionType.PAPULE)
    signs = {s.fact: s for s in world.presenter.state.rubric.signs}
    assert signs["severity.extent"].state is None
    assert "counted on face" in signs["severity.extent"].detail
    world.presenter.record_sign("severity.extent", ("back",))
    world.presenter.record_sign("severity.marks", True)
    signs = {s.fact: s for s in world.presenter.state.rubric.signs}
    assert signs["severity.extent"].detail.startswith("back · recorded here")
    assert "counted on face" in signs["severity.extent"].detail, "both are told"
    assert signs["severity.marks"].state is True


def test_outside_acne_no_scheme_is_shown(world: Assessing) -> None:
    put(world, 6, LesionType.NODULE)
    listed = {one.id: one for one in world.made.desk.catalogue.indications}
    chosen = choose(listed["rosacea"], kind=DecisionKind.PRESCRIBE)
    world.made.case.put_one("decision.chosen", ItemKind.DECISION, "", chosen)
    shown = world.presenter.state.rubric
    assert shown.card is None and shown.schemes.rows == () and "rosacea" in shown.not_graded


def test_what_cannot_be_seen_beside_the_photos_is_said_when_it_is_taken_back(
    world: Assessing,
) -> None:
    said: list[str] = []
    world.presenter.said.subscribe(said.append)
    world.presenter.record_sign("severity.iga", 2)
    world.presenter.undo()
    assert len(said) == 1 and said[0].startswith("Undone: 1 answer")
    world.presenter.redo()
    assert said[1].startswith("Redone: 1 answer")
    put(world, 1, LesionType.NODULE)
    world.presenter.undo()
    assert len(said) == 2  # an annotation is seen to go
