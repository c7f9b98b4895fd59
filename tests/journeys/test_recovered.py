"""A program that ended without closing: the same consultation is offered with what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from clinic_day import Clinic, Hand, copy_of

from workstation.domain.draft import ItemKind, Key, Note
from workstation.presenters.case import CaseFile
from workstation.presenters.jobs import InlineJobs
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
