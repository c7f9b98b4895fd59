"""A course that was ended here, in the same store as the one that follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from clinic_day import Clinic, Hand, plant, with_plain_pages
from test_decisions import settle
from test_follow_up import read

from workstation.domain.consultation import RequestKind, TreatmentEnd
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import DecisionKind
from workstation.domain.facts import Facts
from workstation.domain.ids import ConsultationId
from workstation.workflow import followup, sign, void

K = DecisionKind
LETTERS = {K.END_COURSE: DocumentKind.END_LETTER, K.STOP_TREATMENT: DocumentKind.STOP_LETTER}


@pytest.fixture(params=LETTERS, ids=lambda kind: kind.value)
def ended(clinic: Clinic, request: pytest.FixtureRequest) -> tuple[Clinic, Hand, DecisionKind]:
    """A patient who can become pregnant, whose treatment was ended by a signed letter."""
    clinic.opened = replace(clinic.opened, desk=with_plain_pages(clinic.desk))
    hand = clinic.take("Al-Hashimi")
    settle(hand, request.param)
    assert isinstance(hand.sign(), sign.Signed)
    return clinic, hand, request.param


def comes_back(clinic: Clinic, before: ConsultationId, **changes: object) -> Hand:
    """The same patient, half a year later, asks for another month."""
    clinic.clock.at += timedelta(days=180)
    found = clinic.look(before)
    today = clinic.desk.clock.today()
    facts = tuple(replace(fact, as_of=today) for fact in found.facts)
    again = plant(
        clinic.desk,
        found,
        patient=found.patient,
        submitted_at=clinic.clock.now(),
        request=RequestKind.ISOTRETINOIN_MONTH,
        facts=facts,
        results=(),
        dispensed=(),
        **changes,
    )
    return Hand.take(clinic.desk, clinic.session, again)


def pregnancy_tests_of(hand: Hand) -> tuple[object, ...]:
    facts: Facts = hand.appraisal.facts
    return facts.value("pregnancy.test.state"), facts.value("visit.first")


def test_what_follows_an_ended_course_begins_with_both_tests(
    ended: tuple[Clinic, Hand, DecisionKind],
) -> None:
    clinic, before, kind = ended
    last = clinic.desk.clock.today()
    over = kind is K.END_COURSE
    hand = comes_back(clinic, before.id)
    assert hand.consultation.ended == (TreatmentEnd(last, over),)
    assert hand.consultation.dispensed, "what was taken stays on record"
    hand.fact("pregnancy.category", "CGP")
    hand.fact("course.previous", False)
    hand.pregnancy_test(role="monthly")
    assert pregnancy_tests_of(hand) == ("t1_missing", over)
    way = read(hand).way()
    assert isinstance(way, followup.Not)
    assert ({w.code for w in way.why} == {"no_earlier"}) is over, "no month of another course"
    assert hand.appraisal.facts.value("course.previous") is over
    hand.prescribe()
    assert "ISO-PREG-UNK" in hand.appraisal.gate.because
    assert isinstance(hand.sign(), sign.Blocked)
    assert {step.id: step.state for step in hand.appraisal.rems.steps}["T1"] == "due"
    assert {test.role: test.state for test in hand.appraisal.plan.tests}["T1"] == "missing"
    hand.work_up()
    ordered = {test.role: test.state for test in hand.appraisal.work_up.tests}
    assert (ordered["T1"], ordered["T2"]) == ("due", "planned")


@pytest.mark.parametrize("ended", [K.END_COURSE], indirect=True, ids=["end_course"])
def test_a_letter_that_is_void_ended_nothing(ended: tuple[Clinic, Hand, DecisionKind]) -> None:
    clinic, before, kind = ended
    letter = next(d for d in clinic.documents(before.id) if d.kind is LETTERS[kind])
    reason = void.EndReason("other", "signed for the wrong patient")
    shown = void.preview_void(clinic.desk, clinic.session, letter.id, reason)
    assert isinstance(void.void(clinic.desk, clinic.session, shown, before.pin), void.Voided)
    hand = comes_back(clinic, before.id)
    assert hand.consultation.ended == ()
    hand.fact("pregnancy.category", "CGP")
    hand.pregnancy_test(role="monthly")
    assert pregnancy_tests_of(hand) == ("valid", False)
