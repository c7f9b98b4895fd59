"""A second reading and the agreement page with real clicks and keys in the real shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.inline_jobs import InlineJobs
from tests.ui.assess_world import Assessing
from tests.ui.desk_of_pages import settle
from tests.ui.reading_world import Reading, click, reading
from tests.ui.treat_world import ME
from workstation.domain.lesions import LesionType, Point
from workstation.domain.photo import View
from workstation.presenters.jobs import Lane, Ticket
from workstation.presenters.reading import NOT_DRAWN
from workstation.presenters.reading_words import figure

FACES = (View.FRONT, View.LEFT45)
FIRST = ((600.0, 300.0), (600.0, 700.0), (580.0, 1150.0))
CTRL = Qt.KeyboardModifier.ControlModifier


def first_read(world: Assessing) -> None:
    for at in FIRST:
        world.presenter.add(Point(*at), LesionType.PAPULE)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Reading]:
    with reading(views=FACES, draw=first_read, outbox=tmp_path) as found:
        yield found


def key(made: Reading, which: Qt.Key, mods: Qt.KeyboardModifier | None = None) -> None:
    canvas = made.page.body.canvas
    QTest.keyClick(canvas, which, mods or Qt.KeyboardModifier.NoModifier)
    settle()


def near(found: list[tuple[float, float]], wanted: list[tuple[float, float]]) -> bool:
    return len(found) == len(wanted) and all(
        abs(a[0] - b[0]) < 3 and abs(a[1] - b[1]) < 3 for a, b in zip(found, wanted, strict=True)
    )


def test_a_second_reader_marks_undoes_leaves_goes_on_and_finishes(made: Reading) -> None:
    made.begin()
    assert made.shell.current == "reading"
    assert made.first.made.case.state is None  # nothing was claimed
    assert len(made.page.body.canvas.marks) == 0  # nothing of the first reading
    assert made.page.banner.name == "MARSH, Elena"
    canvas = made.page.body.canvas
    for at in FIRST[:2]:
        click(canvas, Point(*at))
    assert near(made.read_places, list(FIRST[:2]))  # each click is stored
    key(made, Qt.Key.Key_Z, CTRL)
    assert near(made.read_places, [FIRST[0]])
    QTest.mouseClick(made.page.leave_button, Qt.MouseButton.LeftButton)
    settle()
    assert made.shell.current == "queue"
    made.begin()
    assert near(made.read_places, [FIRST[0]])
    key(made, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)  # redo survived the leaving
    assert near(made.read_places, list(FIRST[:2]))
    key(made, Qt.Key.Key_Return, CTRL)
    reads = made.first.made.memory.second_reads(made.first.made.id)
    assert reads[-1].finished
    assert made.shell.current == "queue"


def test_a_reading_that_is_only_being_opened_is_left_by_its_key(made: Reading) -> None:
    jobs = made.page.edited.jobs
    asked = []

    class Late(InlineJobs):
        def submit(self, *job: Any) -> Ticket:
            asked.append(job)
            return super().submit(lambda: None, lambda _: None, lambda _: None, Lane.READ)

    made.page.edited.jobs = Late()
    made.begin()
    assert made.shell.current == "reading" and made.page.edited.opening
    QTest.keyClick(made.shell.window().windowHandle(), Qt.Key.Key_W, CTRL)
    jobs.submit(*asked.pop())
    settle()
    assert made.shell.current == "queue"
    assert made.page.edited.state is None and not made.page.edited.opening


def test_a_reading_changes_nothing_but_itself(made: Reading) -> None:
    memory, id_ = made.first.made.memory, made.first.made.id
    before = (memory.consultations[id_], memory.history(id_))
    said: list[str] = []
    made.begin()
    made.case.refused.subscribe(said.append)
    click(made.page.body.canvas, Point(600, 1000))
    key(made, Qt.Key.Key_X)  # mirror
    key(made, Qt.Key.Key_A)  # proposals
    made.page.presenter.write_note("seen")
    made.page.presenter.drop_override()
    assert said == [str(NOT_DRAWN)] * 2
    assert len(made.read_places) == 1
    assert not made.page.body.assist.on
    assert (memory.consultations[id_], memory.history(id_)) == before
    offered = {a.id for a, _ in made.shell.commands.available()}
    assert not offered & {"canvas.export_coco", "canvas.import", "canvas.agreement"}


def test_the_same_person_rereads_blinded(tmp_path: Path) -> None:
    with reading(views=FACES, user=ME, draw=first_read, outbox=tmp_path) as made:
        made.shell.entrance.read(made.first.made.id)
        settle()
        assert made.shell.current == "reading" and len(made.page.body.canvas.marks) == 0
        made.shell.entrance.agreement(made.first.made.id)
        settle()
        assert made.agreement.problem.isVisible()
        assert not made.agreement.body.isVisible()
        assert "open" in made.agreement.problem.text


def test_the_agreement_is_walked_and_written(tmp_path: Path) -> None:
    with reading(views=FACES, user=ME, draw=first_read, outbox=tmp_path) as made:
        made.shell.entrance.read(made.first.made.id)
        settle()
        canvas = made.page.body.canvas
        click(canvas, Point(*FIRST[0]))
        click(canvas, Point(300, 900))
        made.case.finish()
        made.shell.entrance.agreement(made.first.made.id)
        settle()
        page = made.agreement
        shown = page.presenter.state
        assert (len(shown.pairs), len(shown.alone)) == (1, 3)
        assert [s.first for s in shown.alone] == [True, False, True]
        seen = []
        for _ in range(3):
            QTest.keyClick(page.body.canvas, Qt.Key.Key_J)
            chosen = page.presenter.state.chosen
            assert chosen is not None
            seen.append(round(chosen.annotation.at.y / 100))
        assert seen == [7, 9, 12]  # 700, 900 and 1150
        QTest.keyClick(page.body.canvas, Qt.Key.Key_K)
        assert page.presenter.state.walked == "2 of 3"
        click(page.body.canvas, Point(500, 500))
        QTest.keyClick(page.body.canvas, Qt.Key.Key_Delete)
        assert len(made.first.made.memory.history(made.first.made.id).draft.annotations) == 3
        for form in ("csv", "json"):
            QTest.mouseClick(page.body.figures.buttons[form], Qt.MouseButton.LeftButton)
        settle()
        id_ = made.first.made.id
        rows = (tmp_path / f"agreement-{id_}.csv").read_text().splitlines()
        assert rows[0].startswith("consultation,type,first,second")
        whole = json.loads((tmp_path / f"agreement-{id_}.json").read_text())
        assert whole["consultations"][0]["paired"] == 1


@pytest.mark.parametrize(
    ("value", "words"), [(None, "not told"), (-0.001, "0.00"), (-0.25, "\u22120.25"), (1.0, "1.00")]
)
def test_a_coefficient_in_words(value: float | None, words: str) -> None:
    assert figure(value) == words
