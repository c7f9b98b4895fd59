"""A program that ended without closing: the same consultation is offered with what was done."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from clinic_day import Clinic, Hand, copy_of

from tests.inline_jobs import InlineJobs
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.lesions import EIGHT_KEYS, Point
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.case import CaseFile
from workstation.workflow import queue

NOTE = Key.of(ItemKind.NOTE, "assessment")


def test_work_that_was_not_closed_is_found_again_and_closed_work_is_not(
    base_store: Path, tmp_path: Path, open_clinic: Callable[[Path], Clinic]
) -> None:
    folder = copy_of(base_store, tmp_path / "clinic")
    clinic = open_clinic(folder)
    assert queue.interrupted(clinic.desk, clinic.session) is None
    id = clinic.waiting("Marsh")
    hand = Hand.take(clinic.desk, clinic.session, id)
    assert queue.interrupted(clinic.desk, clinic.session) is None  # taken, nothing done yet
    for text in ("one", "two"):
        hand.put("note.assessment", (NOTE, Note(text)))
    clinic.opened.close()  # as after a kill: the claim is never given back

    clinic = open_clinic(folder)
    assert queue.interrupted(clinic.desk, clinic.session) == id
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(id)
    assert case.state is not None
    assert case.state.recovered == 2
    assert case.state.draft.get(ItemKind.NOTE, "assessment") == Note("two")
    case.close()
    assert queue.interrupted(clinic.desk, clinic.session) is None
    clinic.clock.at += timedelta(minutes=1)
    case.open(id)
    assert case.state is not None
    assert case.state.recovered == 0
    case.close()
    clinic.opened.close()


def _undo_after_a_restart(clinic: Clinic, again: Callable[[], Clinic], steps: int) -> None:
    id = clinic.waiting("Marsh")
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(id)
    assert case.state is not None
    first, photos = case.state.draft, case.state.consultation.photos
    rng = random.Random(steps)
    page = AssessPresenter(case)
    for n in range(steps):
        page.show(photos[n % len(photos)].id)
        ids = [a.id for a in case.state.draft.annotations if a.photo == page.photo.id]
        act = rng.random()
        if act < 0.6 or not ids:
            page.add(Point(rng.uniform(0, 400), rng.uniform(0, 500)), rng.choice(EIGHT_KEYS))
        elif act < 0.75:
            page.move((rng.choice(ids),), rng.uniform(-9, 9), 3)
        elif act < 0.85:
            page.remove((rng.choice(ids),))
        elif act < 0.95:
            page.mirror()
        else:
            page.set_scale(Point(0, 0), Point(100, 0), rng.uniform(1, 90))
    last, total = case.state.draft, case.state.appraisal.tally.total
    assert len(case.state.history.past) == steps
    clinic.opened.close()

    clinic = again()
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(id)
    assert case.state is not None
    assert (case.state.draft, case.state.appraisal.tally.total) == (last, total)
    for _ in range(steps):
        case.undo()
    assert dict(case.state.draft.items) == dict(first.items)
    assert not case.state.history.past
    for _ in range(steps):
        case.redo()
    assert case.state.draft == last
    clinic.opened.close()


def test_every_step_is_undone_and_redone_after_a_restart(
    base_store: Path, tmp_path: Path, open_clinic: Callable[[Path], Clinic]
) -> None:
    folder = copy_of(base_store, tmp_path / "clinic")
    _undo_after_a_restart(open_clinic(folder), lambda: open_clinic(folder), 40)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_thousand_steps_are_undone_and_redone_after_a_restart(
    base_store: Path, tmp_path: Path, open_clinic: Callable[[Path], Clinic]
) -> None:
    folder = copy_of(base_store, tmp_path / "clinic")
    _undo_after_a_restart(open_clinic(folder), lambda: open_clinic(folder), 1_000)
