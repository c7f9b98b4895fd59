"""Asking for photos, deferring and setting the level from the queue, on the real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from clinic_day import Clinic

from tests.inline_jobs import InlineJobs
from workstation.domain.accounts import Role
from workstation.domain.consultation import Status
from workstation.domain.ids import ConsultationId
from workstation.domain.triage import TriageLevel
from workstation.presenters.contact import NEEDS_OUTCOME, NEEDS_REACHED
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_verbs import QueueVerbs


@pytest.fixture
def verbs(clinic: Clinic) -> QueueVerbs:
    queue = QueuePresenter(clinic.desk, clinic.session, InlineJobs())
    queue.load()
    made = QueueVerbs(queue)
    made.said.subscribe(said.append)
    said.clear()
    return made


said: list[str] = []


def select(verbs: QueueVerbs, clinic: Clinic, family: str) -> ConsultationId:
    id = clinic.waiting(family)
    verbs._queue.select(id)
    return id


def test_photos_are_asked_for_in_the_patients_language(
    clinic: Clinic, verbs: QueueVerbs, tmp_path: Path
) -> None:
    id = select(verbs, clinic, "Mwangi")
    verbs.ask()
    form = verbs.state
    assert form is not None and not form.refused
    ticked = {view for view, _, on in form.views if on}
    assert ticked == {"left45", "right45"}, "the small clinic's packages hold the front alone"
    assert "Left side, turned half: it is missing" in form.text
    verbs.toggle_view("chest")
    assert "Chest: it is missing" in verbs.state.text
    verbs.choose_language("es")
    assert "Pecho: falta" in verbs.state.text and "Hola" in verbs.state.text
    verbs.send(verbs.state.text)
    found = clinic.look(id)
    assert verbs.state is None and found.status is Status.AWAITING_PATIENT
    sent = found.messages[0]
    assert said == [f"Sent {sent.number}. The consultation waits for the patient."]
    assert next(tmp_path.rglob(f"{sent.number}.txt")).read_text() == sent.message.text


def test_a_red_flag_is_neither_asked_nor_deferred(clinic: Clinic, verbs: QueueVerbs) -> None:
    id = select(verbs, clinic, "Becker")
    for begin in (verbs.ask, verbs.defer):
        begin()
        assert verbs.state is not None and verbs.state.refused.startswith("Call first")
        verbs.send("Please send a photo.")
        verbs.defer_until("30-Nov-2026")
        assert clinic.look(id).status is Status.READY
        verbs.cancel()


def test_a_row_is_deferred_until_a_day_to_come(clinic: Clinic, verbs: QueueVerbs) -> None:
    id = select(verbs, clinic, "Nguyễn")
    verbs.defer()
    verbs.defer_until("soon")
    assert verbs.state is not None and "30-Nov-2026" in verbs.state.problem
    verbs.defer_until("t")
    assert verbs.state is not None and "Choose a day after today" in verbs.state.problem
    verbs.defer_until("30-Nov-2026")
    found = clinic.look(id)
    assert (found.status, str(found.returns_on)) == (Status.DEFERRED, "2026-11-30")


def test_lowering_asks_for_a_reason_and_a_call(clinic: Clinic, verbs: QueueVerbs) -> None:
    id = select(verbs, clinic, "Becker")
    verbs.level()
    verbs.set_level(TriageLevel.URGENT, "")
    assert verbs.state is not None and "needs a reason" in verbs.state.problem
    verbs.set_level(TriageLevel.ROUTINE, "the sender ticked the wrong box")
    assert verbs.state is not None and verbs.state.problem.startswith("Call first")
    verbs.set_level(TriageLevel.URGENT, "the sender ticked the wrong box")
    assert verbs.state is None
    assert clinic.look(id).level_change is not None


def test_a_nurse_records_a_contact_without_opening_the_consultation(clinic: Clinic) -> None:
    nurse = clinic.colleague(Role.NURSE, "a.nurse")
    queue = QueuePresenter(clinic.desk, nurse, InlineJobs())
    queue.load()
    verbs = QueueVerbs(queue)
    id = select(verbs, clinic, "Becker")
    verbs.contact()
    form = verbs.state
    assert form is not None and form.kind == "contact" and form.ways[0].value
    verbs.record_contact(form.who[0], "", "Spoke with him")
    assert verbs.state is not None and verbs.state.problem == str(NEEDS_REACHED)
    verbs.record_contact(form.who[0], "yes", " ")
    assert verbs.state is not None and verbs.state.problem == str(NEEDS_OUTCOME)
    assert clinic.look(id).contacts == ()
    verbs.record_contact(form.who[0], "yes", "Safe tonight, sister is with him")
    (tried,) = clinic.look(id).contacts
    assert verbs.state is None and (tried.by, tried.reached) == (nurse.user.id, "yes")
    assert clinic.look(id).claim is None and "contact.recorded" in clinic.actions()[-3:]
    preview = queue.state.preview
    assert preview is not None and preview.id == id
    said = [sentence for _, _, sentence in preview.findings]
    strip = queue.state.emergent
    assert (
        strip is not None and "Jonas Becker: called at 12:00, nobody has it open." in strip.detail
    )
    assert said and "Red flag without a contact record" not in said  # though its row is as before
