"""A red flag is never put out of sight before somebody called, whatever is tried in which order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from clinic_day import Clinic, Hand, alt_result, copy_of, renumbered, with_plain_pages

from workstation.demo.people import person
from workstation.domain.accounts import Role
from workstation.domain.consultation import ContactTry, Status
from workstation.domain.draft import DecisionKind
from workstation.domain.errors import Conflict, Refused, WorkstationError
from workstation.domain.ids import ConsultationId, ResultId, new_id
from workstation.domain.messages import Message
from workstation.domain.triage import TriageLevel
from workstation.workflow import assess, intake, messages, queue, sign, triage
from workstation.workflow.ports import QueueFilter

RED_FLAG = "Becker"
ASK = Message("photos", "en", "patient", "Please send a new photo of the left side.")
GONE = {"awaiting_patient", "deferred", "waiting_for_work_up", "closed", "withdrawn"}
WHY = "the sender ticked the wrong box"


def level(clinic: Clinic, id: ConsultationId) -> int:
    with clinic.desk.store.reading() as unit:
        wanted = QueueFilter(scope="all", statuses=frozenset(Status))
        rows = unit.queue(wanted, clinic.session.user.id, clinic.clock.now())
    return next(row.level for row in rows if row.id == id)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(WorkstationError) as caught:
        call()
    return caught.value.code


def tried(clinic: Clinic) -> ContactTry:
    return ContactTry(clinic.session.user.id, clinic.clock.now(), "patient", "no_answer", "rang")


def test_every_way_out_of_sight_is_refused_until_a_contact_is_recorded(clinic: Clinic) -> None:
    id = clinic.waiting(RED_FLAG)
    desk, session = clinic.desk, clinic.session
    tomorrow = clinic.clock.today() + timedelta(days=1)
    ways = (
        lambda: triage.defer(desk, session, id, tomorrow),
        lambda: messages.ask_patient(desk, session, id, ASK),
        lambda: triage.set_level(desk, session, id, TriageLevel.ROUTINE, WHY),
        lambda: triage.set_level(desk, session, id, TriageLevel.PRIORITY, WHY),
    )
    assert {refused(way) for way in ways} == {"consultation.contact.missing"}
    for status in Status:
        if status.value in GONE:
            with desk.store.writing("system", "s") as unit:
                code = refused(lambda s=status, u=unit: u.set_status(id, 0, s, None))
            assert code in ("consultation.contact.missing", "consultation.status.move")
    assert clinic.look(id).messages == () and clinic.look(id).status is Status.READY
    assess.record_contact(desk, session, id, tried(clinic))
    triage.defer(desk, session, id, tomorrow)
    assert clinic.look(id).status is Status.DEFERRED
    clinic.clock.later(days=1)
    assert queue.wake(desk) == 1 and clinic.look(id).status is Status.READY


def test_a_call_before_the_red_flag_was_known_is_none_about_it(clinic: Clinic) -> None:
    desk, session = clinic.desk, clinic.session
    hand = clinic.take("Nguyễn")
    tomorrow = clinic.clock.today() + timedelta(days=1)
    hand.contact("Asked for a sharper photo")
    clinic.clock.later(minutes=30)
    hand.fact("mood.ideation", True)
    hand.reload()
    assert hand.consultation.contacts and not hand.consultation.called
    assert "TRIAGE-CONTACT" in hand.appraisal.gate.because
    queue.release(desk, session, hand.id, hand.token)
    assert triage.owes_contact(desk, session, hand.id)
    assert refused(lambda: triage.defer(desk, session, hand.id, tomorrow)) == (
        "consultation.contact.missing"
    )
    with desk.store.writing("system", "s") as unit:
        code = refused(lambda: unit.set_status(hand.id, 0, Status.DEFERRED, tomorrow))
    assert code == "consultation.contact.missing"
    clinic.clock.later(minutes=1)
    assess.record_contact(desk, session, hand.id, tried(clinic))
    triage.defer(desk, session, hand.id, tomorrow)
    assert clinic.look(hand.id).status is Status.DEFERRED


def test_answers_corrected_at_the_desk_do_not_replace_the_call(clinic: Clinic) -> None:
    hand = clinic.take(RED_FLAG)
    first = hand.appraisal.triage
    assert first.level >= TriageLevel.URGENT
    hand.fact("mood.ideation", False)
    hand.fact("mood.item9", 0)
    hand.fact("mood.psychosis", False)
    hand.fact("symptoms.now", ())
    hand.fact("symptoms.self_harm", False)
    assert all(flag.level < TriageLevel.URGENT for flag in hand.appraisal.triage.flags)
    assert hand.appraisal.triage.level == first.level
    assert "TRIAGE-CONTACT" in hand.appraisal.gate.because
    queue.release(clinic.desk, clinic.session, hand.id, hand.token)
    assert level(clinic, hand.id) == first.level
    assert refused(lambda: messages.ask_patient(clinic.desk, clinic.session, hand.id, ASK)) == (
        "consultation.contact.missing"
    )
    assess.record_contact(clinic.desk, clinic.session, hand.id, tried(clinic))
    messages.ask_patient(clinic.desk, clinic.session, hand.id, ASK)
    assert clinic.look(hand.id).status is Status.AWAITING_PATIENT


def test_a_level_goes_down_with_a_reason_and_up_again_by_a_new_flag(clinic: Clinic) -> None:
    id = clinic.waiting(RED_FLAG)
    desk, session = clinic.desk, clinic.session
    assert level(clinic, id) == TriageLevel.EMERGENT
    assert refused(lambda: triage.set_level(desk, session, id, TriageLevel.URGENT, "no")) == (
        "queue.level.reason"
    )
    triage.set_level(desk, session, id, TriageLevel.URGENT, WHY)
    assert level(clinic, id) == TriageLevel.URGENT
    assert refused(lambda: messages.ask_patient(desk, session, id, ASK)) == (
        "consultation.contact.missing"
    )
    assess.record_contact(desk, session, id, tried(clinic))
    triage.set_level(desk, session, id, TriageLevel.ROUTINE, WHY)
    assert level(clinic, id) == TriageLevel.ROUTINE
    hand = clinic.take(RED_FLAG)
    hand.fact("symptoms.now", ("skin_pain", "blisters", "fever"))
    assert hand.appraisal.triage.level is TriageLevel.EMERGENT
    queue.release(desk, session, hand.id, hand.token)
    assert level(clinic, id) == TriageLevel.EMERGENT
    said = [json.loads(e.detail) for e in _entries(clinic) if e.action == "consultation.level_set"]
    assert [(d["old"], d["new"], d["reason"]) for d in said] == [
        ("EMERGENT", "URGENT", WHY),
        ("URGENT", "ROUTINE", WHY),
    ]


def test_a_level_raised_by_hand_asks_for_the_call_too(clinic: Clinic) -> None:
    id = clinic.waiting("Nguyễn")
    triage.set_level(clinic.desk, clinic.session, id, TriageLevel.URGENT, "")
    assert refused(lambda: messages.ask_patient(clinic.desk, clinic.session, id, ASK)) == (
        "consultation.contact.missing"
    )
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    assert hand.appraisal.gate.because[0] == "TRIAGE-CONTACT"


def test_no_order_of_acts_loses_a_red_flag(
    base_store, tmp_path, open_clinic: Callable[..., Clinic]
) -> None:
    """Random acts on a consultation with a red flag; what the store holds is asked after each."""
    clinic = open_clinic(copy_of(base_store, tmp_path / "s"))
    clinic.opened = replace(clinic.opened, desk=with_plain_pages(clinic.desk))
    id = clinic.waiting(RED_FLAG)
    desk, session = clinic.desk, clinic.session
    rng = random.Random(5)
    held: list[Hand] = []

    def take() -> None:
        held[:] = [Hand.take(desk, session, id)]

    def give_back() -> None:
        if held:
            queue.release(desk, session, id, held.pop().token)

    def correct() -> None:
        if held:
            held[0].reload()
            name = rng.choice(("mood.ideation", "mood.psychosis", "pregnancy.now"))
            held[0].fact(name, rng.choice((True, False, None)))

    def sign_something() -> None:
        if held:
            held[0].reload()
            held[0].decide(rng.choice(list(DecisionKind)))
            held[0].reasons()
            held[0].sign()

    def put_off() -> None:
        triage.defer(desk, session, id, clinic.clock.today() + timedelta(days=rng.randint(0, 3)))

    def lower() -> None:
        triage.set_level(desk, session, id, rng.choice(list(TriageLevel)), rng.choice((WHY, "")))

    def ask() -> None:
        messages.ask_patient(desk, session, id, ASK)

    acts = (take, give_back, correct, sign_something, put_off, lower, ask)
    done = set()
    for _ in range(120):
        act = rng.choice(acts)
        try:
            act()
        except (Conflict, Refused):
            done.add(f"{act.__name__} refused")
        else:
            done.add(act.__name__)
        assert clinic.look(id).status.value not in GONE, act.__name__
    assert {"take", "give_back", "correct", "put_off refused", "lower", "ask refused"} <= done


def test_a_nurse_records_results_and_contacts_without_a_claim(clinic: Clinic) -> None:
    nurse = clinic.colleague(Role.NURSE, "nurse")
    hand = clinic.take("Nguyễn")  # somebody else has it open
    result = replace(alt_result(hand, "31"), id=ResultId(new_id()))
    found = assess.record_result(clinic.desk, nurse, hand.id, None, result)
    assert result.id in {r.id for r in found.results}
    assess.record_contact(clinic.desk, nurse, hand.id, tried(clinic))
    assert len(clinic.look(hand.id).contacts) == 1
    hand.reload()
    assert result.id in {r.id for r in hand.consultation.results}
    messages.ask_patient(clinic.desk, nurse, clinic.waiting("Mwangi"), ASK)
    assert refused(lambda: messages.ask_patient(clinic.desk, nurse, hand.id, ASK)) == (
        "consultation.held"
    )


def test_a_positive_test_recorded_by_a_nurse_rings_at_once(clinic: Clinic) -> None:
    nurse = clinic.colleague(Role.NURSE, "nurse")
    id = clinic.waiting("Al-Hashimi")
    assert level(clinic, id) < TriageLevel.URGENT
    hand = clinic.take("Nguyễn")
    positive = replace(
        alt_result(hand, "1"), test="hcg_urine", value="positive", unit=None, upper_limit=None,
    )  # fmt: skip
    assess.record_result(clinic.desk, nurse, id, None, positive)
    assert level(clinic, id) == TriageLevel.EMERGENT
    assert refused(lambda: messages.ask_patient(clinic.desk, nurse, id, ASK)) == (
        "consultation.contact.missing"
    )


def test_a_message_is_written_and_stays_on_record(clinic: Clinic, tmp_path) -> None:
    id = clinic.waiting("Mwangi")
    sent = messages.ask_patient(clinic.desk, clinic.session, id, ASK)
    kept = clinic.look(id).messages
    assert kept == (sent,) and sent.number.startswith("ME-2026-")
    files = list(tmp_path.rglob(f"{sent.number}.txt"))
    assert [f.read_text() for f in files] == [ASK.text]
    with clinic.desk.store.writing("system", "s") as unit:
        unit.set_status(id, 0, Status.READY, None)
    again = messages.ask_patient(clinic.desk, clinic.session, id, ASK)
    assert again.number != sent.number and len(clinic.look(id).messages) == 2


def woken_work_up(clinic: Clinic) -> ConsultationId:
    """A work-up that was signed, and is back in the queue because its day came."""
    hand = clinic.take("Nwosu")
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    assert isinstance(hand.sign(), sign.Signed)
    clinic.clock.at += timedelta(days=60)
    assert queue.wake(clinic.desk) == 1
    assert clinic.look(hand.id).status is Status.READY
    return hand.id


def next_visit(clinic: Clinic, folder: Path) -> ConsultationId:
    who = person("nwosu-ifeoma")
    first = who.visit(1)
    later = replace(first, number=2, day=first.day + timedelta(days=59), views=("front",))
    stored = intake.receive(clinic.desk, renumbered(folder, who, later))
    assert isinstance(stored, intake.Stored)
    return stored.id


def test_a_work_up_that_came_back_is_closed_by_the_next_visit(clinic: Clinic, tmp_path) -> None:
    back = woken_work_up(clinic)
    new = next_visit(clinic, tmp_path)
    assert clinic.look(back).status is Status.CLOSED
    assert clinic.look(new).status is Status.READY


def test_a_work_up_open_at_a_desk_is_closed_when_it_is_given_back(clinic: Clinic, tmp_path) -> None:
    hand = Hand.take(clinic.desk, clinic.session, woken_work_up(clinic))
    next_visit(clinic, tmp_path)
    assert clinic.look(hand.id).status is Status.IN_REVIEW
    queue.release(clinic.desk, clinic.session, hand.id, hand.token)
    assert clinic.look(hand.id).status is Status.CLOSED


def test_a_visit_never_signed_stays_open_beside_the_next(clinic: Clinic, tmp_path) -> None:
    waiting = clinic.waiting("Nwosu")
    clinic.clock.at += timedelta(days=60)
    next_visit(clinic, tmp_path)
    assert clinic.look(waiting).status is Status.READY


def _entries(clinic: Clinic):
    with clinic.desk.store.reading() as unit:
        return unit.audit_entries(0, 100_000)
