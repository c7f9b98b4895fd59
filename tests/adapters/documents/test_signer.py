"""Signing: one certifying revision behind the previewed bytes, by the right key only."""

from __future__ import annotations

import logging
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import document_cases as cases
import pypdfium2
import pytest
from signing_office import BLOCK, Office, open_office

from workstation.adapters.documents.frames import signature_rect
from workstation.adapters.documents.renderer import PdfRenderer
from workstation.adapters.documents.signer import PadesSigner
from workstation.domain.documents import Document
from workstation.domain.draft import DecisionKind
from workstation.domain.errors import NotAllowed, Refused
from workstation.workflow.compose import compose
from workstation.workflow.ports import VisibleSignature
from workstation.workflow.written import plain


def test_the_signed_file_starts_with_exactly_the_previewed_bytes(
    preview: bytes, signed: bytes
) -> None:
    assert signed.startswith(preview)
    assert len(signed) > len(preview)


def test_every_document_of_a_decision_can_be_signed_and_verifies(office: Office) -> None:
    for decision in DecisionKind:
        for paper in ("letter", "a4"):
            composed = compose(
                cases.subject(decision, demonstration=False, clinic=cases.clinic(paper=paper))
            )
            for document in composed:
                pdf = PdfRenderer().render(document)
                made = office.sign(pdf)
                assert made.startswith(pdf)
                verdict = office.signer.verify(made, office.key.serial)
                assert (verdict.state, verdict.because) == ("valid", ())


def test_the_verdict_says_who_signed_when_and_how(office: Office, signed: bytes) -> None:
    verdict = office.signer.verify(signed, office.key.serial)
    assert verdict.state == "valid"
    assert verdict.signer == "Rosa Kessler, MD"
    assert verdict.serial == office.key.serial
    assert verdict.signed_at == cases.NOW
    assert verdict.level == "B-B"
    assert office.signer.verify(signed).state == "valid"


@pytest.mark.needs("pdftotext")
def test_the_visible_block_stands_in_the_empty_box_of_the_last_page(
    signed: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "RX-2026-0418.pdf"
    path.write_bytes(signed)
    pages = len(pypdfium2.PdfDocument(signed))
    box = signature_rect(612.0)
    area = (
        "-x",
        box.left,
        "-y",
        792 - box.top,
        "-W",
        box.right - box.left,
        "-H",
        box.top - box.bottom,
    )
    said = subprocess.run(
        [
            "pdftotext",
            "-f",
            str(pages),
            *(str(a if a in area[::2] else int(a)) for a in area),
            str(path),
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    inside = plain(said)
    for wanted in (*BLOCK.lines, "22-Nov-2026 13:58 PST (UTC-08:00)"):
        assert wanted in inside


def test_no_time_but_the_given_one_is_in_the_file(signed: bytes, preview: bytes) -> None:
    added = signed[len(preview) :]
    assert re.findall(rb"D:|D\\072", added) in ([b"D:"], [b"D\\072"])
    assert b"/Metadata" not in added
    assert b"/ModDate" not in added


@pytest.mark.needs("pdfsig")
def test_pdfsig_finds_a_valid_signature_over_the_whole_document(
    signed: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "RX-2026-0418.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Certificate issuer isn't Trusted" in said  # nobody told this reader of the clinic


@pytest.mark.needs("qpdf")
def test_qpdf_finds_no_fault(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "RX-2026-0418.pdf"
    path.write_bytes(signed)
    done = subprocess.run(
        ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).casefold()


@pytest.mark.needs("pdftotext")
def test_a_second_reader_extracts_the_medicine(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "RX-2026-0418.pdf"
    path.write_bytes(signed)
    said = plain(
        subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
        ).stdout
    )
    for wanted in (
        "ISOtretinoin",
        "30 (thirty) capsules",
        "0 (zero)",
        "MARSH, Elena",
        "Oregon license MD184220",
        "NPI 1234567893",
    ):
        assert wanted in said


def test_a_signed_file_is_not_signed_again(office: Office, signed: bytes) -> None:
    with pytest.raises(Refused) as refused:
        office.sign(signed)
    assert refused.value.code == "document.signed.already"


def test_what_is_no_pdf_is_not_signed(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        office.sign(b"no pdf at all")
    assert refused.value.code == "document.pdf.unreadable"


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_demonstrations_key_is_refused_by_a_clinics_store_and_the_reverse(
    demonstration: bool, preview: bytes
) -> None:
    here = open_office(demonstration=demonstration)
    there = open_office(demonstration=not demonstration)
    with pytest.raises(NotAllowed) as refused:
        here.sign(preview, there.key)
    assert refused.value.code == "signing.key.foreign"


def test_the_key_of_another_clinic_is_refused(office: Office, preview: bytes) -> None:
    with pytest.raises(NotAllowed) as refused:
        office.sign(preview, open_office(demonstration=False).key)
    assert refused.value.code == "signing.key.foreign"


def test_an_expired_key_does_not_sign(office: Office, preview: bytes) -> None:
    for moment in (office.key.expires + timedelta(seconds=1), cases.NOW - timedelta(days=1)):
        with pytest.raises(NotAllowed) as refused:
            office.signer.sign(preview, office.key, BLOCK, "r", "l", moment)
        assert refused.value.code == "signing.key.expired"


def test_a_key_that_is_no_loaded_key_is_refused(office: Office, preview: bytes) -> None:
    with pytest.raises(NotAllowed) as refused:
        office.signer.sign(preview, object(), BLOCK, "r", "l", cases.NOW)
    assert refused.value.code == "signing.key.missing"


def test_a_block_that_does_not_fit_is_refused(office: Office, preview: bytes) -> None:
    block = VisibleSignature(("Rosa Kessler, MD", *("long " * 30 for _ in range(5))))
    with pytest.raises(Refused) as refused:
        office.signer.sign(preview, office.key, block, "r", "l", cases.NOW)
    assert refused.value.code == "document.overflow"


def test_a_signers_name_in_cyrillic_is_drawn(preview: bytes) -> None:
    office = open_office(demonstration=False)
    signer = PadesSigner(office.trust, office.clock, cases.ZONE)
    block = VisibleSignature(("Ольга Щербакова, MD", "Prescribed by the signer"))
    made = signer.sign(preview, office.key, block, "Prescribed by", "Northlake", cases.NOW)
    assert signer.verify(made, office.key.serial).state == "valid"


def test_a_fresh_verdict_holds_for_the_same_bytes_signer_and_minute_alone(preview: bytes) -> None:
    office = open_office(demonstration=False)
    made = office.sign(preview)
    assert office.signer.verify(made, office.key.serial).state == "valid"
    assert office.signer.verify(made, office.other.serial).state == "untrusted"
    for at in (0, len(preview) // 2, len(preview) + 40, len(made) - 3):
        changed = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
        assert office.signer.verify(changed, office.key.serial).state != "valid"
    for moment in (office.key.expires + timedelta(seconds=1), cases.NOW - timedelta(days=9)):
        office.clock.moment = moment
        assert office.signer.verify(made, office.key.serial).state == "untrusted"


def test_a_certificate_that_ends_within_the_minute_has_ended(preview: bytes) -> None:
    office = open_office(demonstration=False)
    office.clock.moment = office.key.expires - timedelta(seconds=20)
    made = office.sign(preview)
    assert office.signer.verify(made).state == "valid"
    office.clock.moment += timedelta(seconds=30)
    assert office.signer.verify(made).state == "untrusted"


def test_nothing_is_logged(
    office: Office, preview: bytes, document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = office.sign(preview)
        office.signer.verify(made + b"\n% more")
        office.signer.verify(made.replace(b"Prescribed", b"Proscribed"))
    assert not [r for r in caplog.records if r.name.startswith("pyhanko")]
    assert document.patient_name not in caplog.text
