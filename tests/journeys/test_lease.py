"""A claim holds while somebody works, runs out when nobody does, and is taken over with its draft."""

from __future__ import annotations

from clinic_day import Clinic, Hand

from tests.inline_jobs import InlineJobs
from workstation.domain.draft import ItemKind, Key, Note
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, Happened
from workstation.ui.shell import RENEW_MS
from workstation.workflow import queue

NOTE = Key.of(ItemKind.NOTE, "assessment")


def test_a_claim_is_renewed_while_it_is_open_and_lost_when_it_ran_out(clinic: Clinic) -> None:
    other, id = clinic.colleague(), clinic.waiting("Nguyễn")
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    told: list[CaseChange] = []
    case.changed.subscribe(told.append)
    case.open(id)
    case.put("note.assessment", ((NOTE, Note("begun")),))
    assert queue.LEASE.total_seconds() * 1000 > RENEW_MS * 2  # one that is late loses nothing
    for _ in range(12):  # an hour
        clinic.clock.later(seconds=RENEW_MS / 1000)
        case.renew()
        assert isinstance(queue.claim(clinic.desk, other, id), queue.HeldBy)
    assert Happened.FAILED not in {one.happened for one in told}
    clinic.clock.later(minutes=19)
    assert isinstance(queue.claim(clinic.desk, other, id), queue.HeldBy)
    clinic.clock.later(minutes=2)
    taken = queue.claim(clinic.desk, other, id)
    assert isinstance(taken, queue.Claimed)
    # Who comes back is told, and writes nothing over the work of who took over.
    case.renew()
    assert told[-1].problem == "consultation.claim.lost"
    second = Hand(clinic.desk, other, id, taken.claim.token)
    assert second.history.draft.get(ItemKind.NOTE, "assessment") == Note("begun")
    second.put("note.assessment", (NOTE, Note("goes on")))
    case.put("note.assessment", ((NOTE, Note("late")),))
    assert told[-1].happened is Happened.FAILED
    second.reload()
    assert second.history.draft.get(ItemKind.NOTE, "assessment") == Note("goes on")


def test_a_claim_that_ran_out_and_nobody_wanted_goes_on(clinic: Clinic) -> None:
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(clinic.waiting("Nguyễn"))
    clinic.clock.later(hours=3)
    case.renew()
    case.put("note.assessment", ((NOTE, Note("after lunch")),))
    assert case.state is not None and case.state.unsaved == 0
