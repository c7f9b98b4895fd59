"""The main job from package to signed documents, on a real store with real photos and PDFs."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic_day import TODAY, Clinic, Hand, package_file, renumbered

from workstation import bootstrap
from workstation.demo.people import person
from workstation.domain.audit import first_break
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind, MedicineLine
from workstation.domain.lesions import LesionType
from workstation.domain.photo import View
from workstation.workflow import assess, intake, queue, sign, signed_files

PRESCRIBED = [DocumentKind.PRESCRIPTION, DocumentKind.MONITORING_PLAN, DocumentKind.RECORD]


def files_of(clinic: Clinic, answer: Any, shown: sign.Previews) -> list[bytes]:
    """The stored files of a signature, each checked against preview, record and signer."""
    assert isinstance(answer, sign.Signed), answer
    files = []
    for document, preview in zip(answer.documents, shown.documents, strict=True):
        pdf = clinic.desk.vault.get(document.address)
        assert hashlib.sha256(pdf).hexdigest() == document.pdf_digest
        assert pdf.startswith(preview.pdf) and len(pdf) > len(preview.pdf)
        assert document.content_digest == preview.document.content_digest
        assert document.number == preview.document.number
        verdict = clinic.desk.signer.verify(pdf, clinic.session.user.certificate)
        assert (verdict.state, verdict.signer) == ("valid", "Rosa Kessler, MD"), verdict
        found = bootstrap.verify(clinic.opened, pdf)
        assert (found["state"], found["number"]) == ("valid", document.number)
        changed = bytearray(pdf)
        changed[len(preview.pdf) // 2] ^= 1
        assert clinic.desk.signer.verify(bytes(changed), document.certificate).state != "valid"
        files.append(pdf)
    return files


def assert_audit_whole(clinic: Clinic) -> None:
    report = bootstrap.check_audit(clinic.opened, 5)
    assert report["whole"], report
    with clinic.desk.store.reading() as unit:
        assert first_break(unit.audit_entries(0, 1_000_000)) is None


def text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_from_package_to_signed_documents(clinic: Clinic, tmp_path: Path) -> None:
    """A first prescription with all photos sent, decoded by the real children."""
    who = replace(person("nguyen-minh-duc"), mrn="MK-900 001", family="Tran")
    path = package_file(tmp_path / "sent", who, who.visit(1))
    stored = intake.receive(clinic.desk, path)
    assert isinstance(stored, intake.Stored)
    assert intake.receive(clinic.desk, path) == intake.AlreadyHere(stored.id)

    hand = Hand.take(clinic.desk, clinic.session, stored.id)
    views = {photo.view for photo in hand.consultation.photos}
    assert {View.FRONT, View.LEFT45, View.RIGHT45} < views
    front = hand.consultation.photos[0]
    pixels = assess.preview_pixels(clinic.desk, hand.consultation, front.id)
    full = assess.full_pixels(clinic.desk, hand.consultation, front.id)
    assert max(pixels.width, pixels.height) <= 1600 <= max(full.width, full.height)

    hand.annotate(6, LesionType.NODULE)
    hand.annotate(12, LesionType.PAPULE)
    tally = hand.appraisal.tally
    assert (tally.nodules_cysts, tally.inflammatory, tally.total) == (6, 12, 18)
    assert "DECISION-MISSING" in hand.appraisal.gate.because
    hand.prescribe()
    assert hand.appraisal.gate.is_open

    shown = hand.preview()
    assert (
        hand.preview() == shown
    )  # numbers are reserved once, and the same draft gives the same bytes
    answer = hand.sign(shown)
    files = files_of(clinic, answer, shown)
    assert [d.kind for d in answer.documents] == PRESCRIBED
    assert "ISOtretinoin" in text_of(files[0]) and "TRAN" in text_of(files[0])

    closed = clinic.look(stored.id)
    assert (closed.status, closed.claim) == (Status.CLOSED, None)
    assert closed.content_edition == clinic.desk.catalogue.stamp
    assert clinic.documents(stored.id) == answer.documents
    following = queue.next_waiting(clinic.desk, clinic.session, stored.id)
    assert following is not None and following != stored.id
    assert clinic.look(following).status is Status.READY
    assert_audit_whole(clinic)
    actions = clinic.actions()
    start = len(actions) - actions[::-1].index("consultation.received") - 1
    told = [a for a in actions[start:] if a != "draft.edited"]
    claimed = ["consultation.claimed", "identity.settled"]  # the photos are also another's
    signing = told[len(claimed) + 1 :]
    assert told[: len(claimed) + 1] == ["consultation.received", *claimed]
    assert signing[:4] == ["rules.fired", *["document.signed"] * 3]
    assert set(signing[4:]) <= {"document.verified"}  # by this test, above


def test_the_face_beside_a_row_is_the_front_photos(clinic: Clinic) -> None:
    id = clinic.waiting("Marsh")
    front = next(p for p in clinic.look(id).photos if p.view is View.FRONT)
    face = queue.face(clinic.desk, clinic.session, id)
    assert face == clinic.desk.vault.get(front.thumbnail) != b""


def test_a_recorded_pregnancy_test_opens_the_first_prescription(clinic: Clinic) -> None:
    hand = clinic.take("Marsh")
    hand.annotate(5)
    hand.prescribe()
    assert hand.appraisal.gate.because == ("ISO-PREG-UNK",)
    hand.pregnancy_test("negative")
    shown = hand.preview()
    files = files_of(clinic, hand.sign(shown), shown)
    prescription = text_of(files[0])
    assert "ISOtretinoin" in prescription and "RMA" in prescription
    assert clinic.look(hand.id).status is Status.CLOSED
    assert_audit_whole(clinic)


def test_a_work_up_waits_and_comes_back_on_its_day(clinic: Clinic) -> None:
    hand = clinic.take("Nwosu")
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    assert hand.appraisal.work_up is not None
    shown = hand.preview()
    files = files_of(clinic, hand.sign(shown), shown)
    waiting = clinic.look(hand.id)
    assert waiting.status is Status.WAITING_FOR_WORK_UP
    assert waiting.returns_on == hand.appraisal.work_up.return_on
    assert waiting.returns_on is not None and waiting.returns_on > TODAY
    kinds = [d.kind for d in clinic.documents(hand.id)]
    assert kinds == [DocumentKind.MONITORING_PLAN, DocumentKind.RECORD]
    # A supply would be counted, dispensed and printed; none is.
    assert waiting.dispensed == () and clinic.look(hand.id).dispensed == ()
    for pdf, preview in zip(files, shown.documents, strict=True):
        assert not [b for b in preview.document.blocks if isinstance(b, MedicineLine)]
        text = " ".join(text_of(pdf).split())
        assert not re.search(r"\d+ capsule|Refills|Rx only", text)
    assert "no capsules are ordered by this document" in " ".join(text_of(files[0]).split())

    assert queue.wake(clinic.desk) == 0
    clinic.clock.later(days=(waiting.returns_on - TODAY).days)
    assert queue.wake(clinic.desk) == 1
    assert queue.wake(clinic.desk) == 0
    assert clinic.look(hand.id).status is Status.READY

    # Answers of the first visit have aged meanwhile: they are asked again before anything is signed.
    again = Hand.take(clinic.desk, clinic.session, hand.id)
    again.fact("pregnancy.category", "CGP")
    again.work_up()
    assert isinstance(again.sign(sign.Previews(again.id, again.revision, ())), sign.Blocked)
    assert any(code.startswith("ASK-") for code in again.appraisal.gate.because)
    queue.release(clinic.desk, clinic.session, hand.id, again.token)
    assert clinic.look(hand.id).status is Status.READY
    assert_audit_whole(clinic)


def test_the_next_visit_ends_a_waiting_work_up_and_nothing_else_does(
    clinic: Clinic, tmp_path: Path
) -> None:
    hand = clinic.take("Nwosu")
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    assert isinstance(hand.sign(), sign.Signed)
    who = person("nwosu-ifeoma")
    first = who.visit(1)
    # An older package that was held up on its way, and a rash, bring nothing of the work-up.
    late = replace(first, number=7, day=first.day - timedelta(days=9), views=("front",))
    clinic.desk.clock.later(days=1)
    path = renumbered(tmp_path, who, late)
    assert isinstance(intake.receive(clinic.desk, path), intake.Stored)
    assert clinic.look(hand.id).status is Status.WAITING_FOR_WORK_UP
    clinic.clock.later(days=30)
    second = replace(first, number=2, day=first.day + timedelta(days=30), views=("front",))
    path = renumbered(tmp_path, who, second)
    stored = intake.receive(clinic.desk, path)
    assert isinstance(stored, intake.Stored)
    over = clinic.look(hand.id)
    assert over.status is Status.CLOSED
    assert "consultation.followed" in clinic.actions()
    with clinic.desk.store.reading() as unit:
        new = unit.consultation(stored.id)
        assert new is not None
        past = unit.past_visits(new.patient.id, new.submitted_at)
    assert hand.id in [p.consultation for p in past]
    assert len(past[-1].documents) == 2
    assert_audit_whole(clinic)


def test_a_month_follow_up_stands_on_the_visit_before(clinic: Clinic) -> None:
    hand = clinic.take("Al-Hashimi")
    (before,) = hand.case.past
    assert before.daily is not None and len(before.documents) == 3
    assert len(hand.consultation.dispensed) == 1
    hand.annotate(2, LesionType.PAPULE)
    hand.prescribe()
    ledger, dose = hand.appraisal.ledger, hand.appraisal.dose
    assert ledger is not None and dose is not None
    taken = hand.consultation.dispensed[0]
    assert ledger.given == taken.daily * taken.days
    shown = hand.preview()
    files_of(clinic, hand.sign(shown), shown)
    # The supply just signed is the patient's, and is counted at the next visit only.
    assert len(clinic.look(hand.id).dispensed) == 1
    with clinic.desk.store.reading() as unit:
        visits = unit.past_visits(
            hand.consultation.patient.id, clinic.clock.now() + timedelta(days=1)
        )
    assert [v.daily for v in visits] == [before.daily, dose.daily]


def test_everything_is_there_after_signing_out_and_in(clinic: Clinic, open_clinic: Any) -> None:
    hand = clinic.take("Nguyễn")
    hand.annotate(3)
    hand.prescribe()
    answer = hand.sign()
    other = clinic.take("Oyelaran")
    other.annotate(2)
    before = other.history
    clinic.opened.close()
    again = open_clinic(clinic.opened.folder, clinic.clock)
    assert again.opened.faults == ()
    assert again.documents(hand.id) == answer.documents
    with again.desk.store.reading() as unit:
        assert unit.history(other.id) == before
    assert_audit_whole(again)


@pytest.mark.needs("pdfsig", "qpdf")
def test_exported_files_satisfy_other_programs(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    answer = hand.sign()
    assert isinstance(answer, sign.Signed)
    for document in answer.documents:
        path = signed_files.export(clinic.desk, clinic.session, document).path
        said = subprocess.run(
            ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
        ).stdout
        assert "Signature is Valid" in said, said
        assert "Total document signed" in said and "Rosa Kessler" in said
        checked = subprocess.run(
            ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
