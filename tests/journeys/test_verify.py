"""What the store says of a file: which document, whose, whether it still holds, and what it never is."""

from __future__ import annotations

import pytest
from clinic_day import Clinic, Hand
from test_amend_and_void import amending, make_void, signed

from workstation import bootstrap
from workstation.cli_verify import _verdict
from workstation.domain.accounts import Role
from workstation.domain.documents import DocumentState
from workstation.domain.errors import NotAllowed
from workstation.workflow import records, sign
from workstation.workflow.verify import NOT_ISSUED, OTHER_PATIENT, verify_file, verify_stored


def test_current_then_amended_then_void(clinic: Clinic) -> None:
    hand, old = signed(clinic)
    first = verify_stored(clinic.desk, clinic.session, old[0])
    assert (first.state, first.standing, first.holds) == ("valid", DocumentState.CURRENT, True)
    assert first.patient is not None and first.patient.family == "Nguyễn"
    clinic.clock.later(minutes=5)
    again: Hand = amending(clinic, hand)
    answer = again.sign()
    assert isinstance(answer, sign.Signed)
    new = answer.documents[0]
    amended = verify_stored(clinic.desk, clinic.session, old[0])
    assert (amended.state, amended.standing, amended.holds) == (
        "valid",
        DocumentState.AMENDED,
        False,
    )
    assert amended.successor == new.number
    made = make_void(clinic, new.id)
    void = verify_stored(clinic.desk, clinic.session, new)
    assert (void.state, void.standing, void.holds) == ("valid", DocumentState.VOID, False)
    assert void.successor == made.notice.number
    known = records.versions(clinic.desk, clinic.session, new)
    assert [v.document.number for v in known] == [
        made.notice.number,
        new.number,
        old[0].number,
    ]
    told = bootstrap.verify(clinic.opened, clinic.desk.vault.get(new.address))
    assert told["standing"] == "void" and not told["holds"]
    assert made.notice.number in _verdict(told) and "Do not use it" in _verdict(told)


def test_a_sound_file_of_another_patient_or_of_no_record_is_not_valid(clinic: Clinic) -> None:
    hand, documents = signed(clinic)
    other = clinic.look(clinic.waiting("Marsh")).patient.id
    pdf = clinic.desk.vault.get(documents[0].address)
    mine = clinic.look(hand.id).patient.id
    assert verify_file(clinic.desk, clinic.session, pdf, mine).holds
    swapped = verify_file(clinic.desk, clinic.session, pdf, other)
    assert (swapped.state, swapped.because) == ("untrusted", (OTHER_PATIENT,))
    again = clinic.take("Al-Hashimi")
    again.prescribe()
    shown = again.preview().documents[0]
    from workstation.workflow.seal import _signed_bytes

    key = clinic.session.key
    assert key is not None
    never_stored = _signed_bytes(clinic.desk, key, shown, clinic.clock.now(), None)
    assert clinic.desk.signer.verify(never_stored, key.serial).state == "valid"
    found = verify_file(clinic.desk, clinic.session, never_stored)
    assert (found.state, found.because, found.holds) == ("untrusted", (NOT_ISSUED,), False)


def test_a_document_stays_verifiable_when_its_certificate_has_ended(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    clinic.clock.later(days=4 * 365)
    pdf = clinic.desk.vault.get(documents[0].address)
    assert clinic.desk.signer.verify(pdf).state == "untrusted"  # mathematics alone cannot tell
    found = verify_stored(clinic.desk, clinic.session, documents[0])
    assert found.state == "valid" and found.holds  # the store witnessed when it was signed
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    assert verify_file(clinic.desk, clinic.session, bytes(changed)).state != "valid"


def test_looking_is_not_audited_and_asking_is(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    before = len(clinic.actions())
    verify_stored(clinic.desk, clinic.session, documents[0], recorded=False)
    assert len(clinic.actions()) == before
    verify_stored(clinic.desk, clinic.session, documents[0])
    assert clinic.actions()[before:] == ["document.verified"]


def test_an_administrator_without_view_reads_no_records(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    other = clinic.colleague(Role.ADMINISTRATOR, "admin")
    with pytest.raises(NotAllowed):
        verify_stored(clinic.desk, other, documents[0])
    assert records.trail(clinic.desk, other).first_break is None
