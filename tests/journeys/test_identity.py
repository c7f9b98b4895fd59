"""Whom a consultation is about: noticed at intake, settled by a person, and until then not signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journeys.clinic_day import (
    ONE_PHOTO,
    Clinic,
    Hand,
    package_file,
    renumbered,
    settle_all,
)
from workstation.adapters.store.identity import NEAR
from workstation.demo.people import person
from workstation.domain.consultation import Consultation
from workstation.domain.errors import Conflict
from workstation.domain.identity import OPEN, Doubt, IdentityDoubt, Settled, near_birth
from workstation.domain.ids import ConsultationId
from workstation.presenters import script_words
from workstation.workflow import identity, intake, queue, sign
from workstation.workflow.ports import QueueFilter

KEY = "nguyen-minh-duc"


def received(clinic: Clinic, tmp_path: Path, **changes: object) -> Consultation:
    """A first visit of the generated person, with something about them changed."""
    who = replace(person(KEY), **changes)
    visit = replace(who.visit(1), views=ONE_PHOTO)
    stored = intake.receive(clinic.desk, package_file(tmp_path / "sent", who, visit))
    assert isinstance(stored, intake.Stored)
    return clinic.look(stored.id)


def held(clinic: Clinic, id: ConsultationId) -> Hand:
    """Taken without settling anything."""
    answer = queue.claim(clinic.desk, clinic.session, id)
    assert isinstance(answer, queue.Claimed)
    return Hand(clinic.desk, clinic.session, id, answer.claim.token)


def only(found: Consultation) -> IdentityDoubt:
    (doubt,) = found.doubts
    return doubt


@pytest.mark.parametrize("changes", [{"family": "Tran"}, {"born": date(1971, 5, 5)}])
def test_the_same_record_number_with_another_name_or_birth_date(
    clinic: Clinic, tmp_path: Path, changes: dict[str, object]
) -> None:
    who = replace(person(KEY), **changes)
    visit = replace(who.visit(1), views=ONE_PHOTO, number=2)
    stored = intake.receive(clinic.desk, renumbered(tmp_path / "sent", who, visit))
    doubt = only(clinic.look(stored.id))
    assert (doubt.doubt, doubt.other.family) == (Doubt.CONFLICT, person(KEY).family)
    assert doubt.is_open


def test_an_unchanged_later_visit_is_in_no_doubt(clinic: Clinic, tmp_path: Path) -> None:
    who = person(KEY)
    visit = replace(who.visit(1), views=ONE_PHOTO, number=2)
    stored = intake.receive(clinic.desk, renumbered(tmp_path / "sent", who, visit))
    assert clinic.look(stored.id).doubts == ()


def test_signing_waits_until_a_person_has_said_who_it_is(clinic: Clinic, tmp_path: Path) -> None:
    found = received(clinic, tmp_path, mrn="MK-900 001", family="Tran")  # the photo is another's
    doubt = only(found)
    assert doubt.doubt is Doubt.PHOTO and doubt.other.family == person(KEY).family
    hand = held(clinic, found.id)
    hand.prescribe()
    assert hand.appraisal.gate.because == (OPEN,)
    assert hand.sign() == sign.Blocked((OPEN,))
    assert clinic.documents(found.id) == ()

    settled = identity.settle(clinic.desk, clinic.session, found.id, doubt, Settled.DIFFERENT)
    assert settled.doubts[0].answer is not None and settled.doubts[0].is_open
    hand.reload()
    assert hand.sign() == sign.Blocked((OPEN,))  # it holds what is another's: it stays closed

    identity.settle(clinic.desk, clinic.session, found.id, doubt, Settled.SAME)
    hand.reload()
    assert isinstance(hand.sign(), sign.Signed)
    assert clinic.actions().count("identity.settled") == 2
    assert clinic.opened.check() == ()


def test_a_letter_of_another_script_is_warned_of_and_hides_nobody(
    clinic: Clinic, tmp_path: Path
) -> None:
    """A Cyrillic \u0443 for a Latin y: the same name to the eye, another text to a computer."""
    who = person(KEY)
    lookalike = who.family.replace("y", "\u0443")
    assert lookalike != who.family
    changed = replace(who, mrn="MK-900 004", family=lookalike)
    visit = replace(who.visit(1), views=ONE_PHOTO)
    stored = intake.receive(clinic.desk, package_file(tmp_path / "sent", changed, visit))
    assert isinstance(stored, intake.Stored) and stored.scripts == ("Latin", "Cyrillic")
    found = clinic.look(stored.id)
    assert found.patient.family == lookalike  # kept as it was sent
    assert Doubt.SIMILAR in {doubt.doubt for doubt in found.doubts}
    with clinic.desk.store.reading() as unit:
        told = [e for e in unit.audit_entries(0, 1000) if e.subject == stored.id]
    assert '"scripts":["Latin","Cyrillic"]' in told[0].detail.replace(" ", "")
    mixed = script_words.of_patient(found.patient)
    assert mixed is not None and mixed.others == "\u0443"
    rest = {one.other.consultation for one in found.doubts}
    assert all(script_words.of_patient(clinic.look(id).patient) is None for id in rest)


def test_a_like_name_with_a_like_birth_date_is_asked_about_once(
    clinic: Clinic, tmp_path: Path
) -> None:
    who = person(KEY)
    changes = {
        "mrn": "MK-900 002",
        "family": who.family.replace("y", "i"),
        "born": who.born + timedelta(days=9),
    }
    found = received(clinic, tmp_path, **changes)
    alike = next(d for d in found.doubts if d.doubt is Doubt.SIMILAR)
    assert alike.is_open and alike.other.family == who.family
    identity.settle(clinic.desk, clinic.session, found.id, alike, Settled.DIFFERENT)
    assert not next(d for d in clinic.look(found.id).doubts if d.doubt is Doubt.SIMILAR).is_open
    # The next visit of either is not asked about again.
    for again in (replace(who, **changes), who):
        visit = replace(again.visit(1), views=ONE_PHOTO, number=2)
        stored = intake.receive(clinic.desk, renumbered(tmp_path / again.mrn, again, visit))
        later = clinic.look(stored.id)
        assert Doubt.SIMILAR not in {doubt.doubt for doubt in later.doubts}


def test_an_answer_to_what_was_never_asked_is_refused(clinic: Clinic, tmp_path: Path) -> None:
    found = received(clinic, tmp_path, mrn="MK-900 003", family="Tran")
    other = replace(only(found), doubt=Doubt.CONFLICT)
    with pytest.raises(Conflict) as refused:
        identity.settle(clinic.desk, clinic.session, found.id, other, Settled.SAME)
    assert refused.value.code == "identity.unknown"


def test_nothing_is_in_doubt_about_the_people_of_the_clinic(clinic: Clinic) -> None:
    with clinic.desk.store.reading() as unit:
        rows = unit.queue(QueueFilter(scope="all"), clinic.session.user.id, clinic.clock.now())
    assert rows and all(clinic.look(row.id).doubts == () for row in rows)


DAYS = st.dates(date(1920, 1, 1), date(2020, 12, 31))


@given(DAYS, DAYS)
def test_near_birth_dates_are_near_both_ways(one: date, other: date) -> None:
    assert near_birth(one, other, NEAR) == near_birth(other, one, NEAR)
    assert near_birth(one, one, NEAR)


@given(DAYS)
def test_a_slip_of_one_part_is_near(born: date) -> None:
    if born.day <= 12:
        assert near_birth(born, date(born.year, born.day, born.month), NEAR)
    if (born.month, born.day) != (2, 29):
        assert near_birth(born, born.replace(year=born.year - 10), NEAR)
    assert near_birth(born, born.replace(day=1 + (born.day % 28)), NEAR)


def test_far_birth_dates_are_not_near() -> None:
    assert not near_birth(date(1990, 3, 14), date(1991, 9, 2), NEAR)
    assert not near_birth(date(1990, 3, 14), date(1990, 9, 2), NEAR)


def test_an_answer_is_taken_back_and_the_gate_closes_again(clinic: Clinic, tmp_path: Path) -> None:
    found = received(clinic, tmp_path, mrn="MK-900 003", given="Minh Duk")
    desk, session, id = clinic.desk, clinic.session, found.id
    hand = held(clinic, id)
    with pytest.raises(Conflict, match=r"identity\.unanswered"):
        identity.take_back(desk, session, id)
    settle_all(desk, session, id)
    hand.reload()
    hand.prescribe()
    assert hand.appraisal.gate.is_open
    shown = hand.preview()
    after = identity.take_back(desk, session, id)
    assert after.doubts and all(one.is_open and not one.is_answered for one in after.doubts)
    hand.reload()
    assert OPEN in hand.appraisal.gate.because
    # What was shown before it was taken back is not signed.
    assert not isinstance(hand.sign(shown), sign.Signed)
    clinic.assert_unsigned(id)
    assert clinic.actions().count("identity.taken_back") == len(after.doubts)
    settle_all(desk, session, id)
    hand.reload()
    assert isinstance(hand.sign(), sign.Signed)
    with pytest.raises(Conflict, match=r"consultation\.closed"):
        identity.take_back(desk, session, id)
