"""The QR code on a signed prescription: read back by another program, proved, and never fooled."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest
import zxingcpp
from clinic_day import Clinic
from cryptography.x509 import load_der_x509_certificate
from PIL import Image
from test_amend_and_void import make_void, signed

from workstation import bootstrap
from workstation.cli import run
from workstation.domain.errors import Refused, WorkstationError
from workstation.workflow import stated, statement


def picture(clinic: Clinic, pdf: bytes, scale: float) -> Image.Image:
    page = clinic.on_paper.renderer.pages(pdf, scale)[0]
    return Image.frombuffer("RGB", (page.width, page.height), page.data, "raw", "BGRX", 0, 1)


def code_on(clinic: Clinic, pdf: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(picture(clinic, pdf, 150 / 72))
    return str(found.text)


def test_the_code_on_a_signed_page_is_read_back_proved_and_followed(
    clinic: Clinic, tmp_path: Path
) -> None:
    _, documents = signed(clinic)
    rx = documents[0]
    pdf = clinic.desk.vault.get(rx.address)
    code = code_on(clinic, pdf)
    found = stated.check(clinic.desk, clinic.session, code)
    assert found.holds and found.document == rx and found.said is not None
    assert found.said.number == rx.number
    assert rx.content_digest.upper().startswith(found.said.record)
    patient = clinic.look(rx.consultation).patient
    assert found.said.is_of(patient.display_name, patient.born)
    assert patient.family.upper() not in code and f"{patient.born:%Y%m%d}" not in code
    assert clinic.actions()[-1] == "document.code_verified"

    # Grey paper, a slant and noise, as a telephone sees it.
    worn = picture(clinic, pdf, 200 / 72).convert("L").rotate(3, fillcolor=255, expand=True)
    noise = numpy.random.default_rng(7).normal(0, 18, (worn.height, worn.width))
    grey = numpy.clip(numpy.asarray(worn) * 0.75 + 30 + noise, 0, 255).astype("uint8")
    photo = tmp_path / "page.png"
    Image.fromarray(grey).save(photo)
    assert bootstrap.codes_of(str(photo)) == [code]
    # The same code on paper that somebody copied from the plan: none is there.
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(clinic.desk.vault.get(documents[1].address))
    with pytest.raises(Refused) as caught:
        bootstrap.codes_of(str(plan))
    assert caught.value.code == "qr.none"

    changed = code.replace(":30:0", ":90:3", 1)
    told = stated.check(clinic.desk, clinic.session, changed)
    assert (told.state, told.because) == ("changed", (stated.OTHER_SIGNATURE,))
    assert stated.check(clinic.desk, clinic.session, "RX-2026-0001").state == "broken"
    made = make_void(clinic, rx.id)
    void = stated.check(clinic.desk, clinic.session, code)
    assert (void.state, void.holds, void.successor) == ("valid", False, made.notice.number)


def test_a_preview_that_was_never_signed_is_not_confirmed(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    first = hand.preview().documents[0]
    code = stated.code_of(clinic.desk.keys, first.document)
    unsigned = stated.check(clinic.desk, clinic.session, code)
    assert (unsigned.state, unsigned.because) == ("untrusted", (stated.NOT_ISSUED,))
    # Signed under the same number, but with other content.
    hand.put("note.written", *_other_words())
    daily = hand.appraisal.dose.daily - 10
    from workstation.domain.draft import ItemKind, Key
    from workstation.workflow.appraisal import ISOTRETINOIN

    hand.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), hand.regimen(daily)))
    hand.reasons()
    assert hand.sign().documents[0].number == first.document.number
    other = stated.check(clinic.desk, clinic.session, code)
    assert (other.state, other.because) == ("untrusted", (stated.OTHER_RECORD,))


def _other_words():
    from workstation.domain.draft import ItemKind, Key, Note

    return ((Key.of(ItemKind.NOTE, "assessment"), Note("Another dose.")),)


def test_verify_qr_on_the_command_line_with_and_without_the_store(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from workstation import showcase

    _, documents = signed(clinic)
    pdf = tmp_path / "rx.pdf"
    pdf.write_bytes(clinic.desk.vault.get(documents[0].address))
    patient = clinic.look(documents[0].consultation).patient
    certificate = tmp_path / "qr.der"
    password = tmp_path / "password"
    password.write_text(showcase.PASSWORD)
    folder = clinic.opened.folder
    certificate_bytes = clinic.desk.keys.document_certificate()
    clinic.opened.close()
    store = ["--store", str(folder), "--user", showcase.LOGIN, "--password-file", str(password)]

    assert run(["keys", "--qr-certificate", str(certificate), *store]) == 0
    written, ours = map(load_der_x509_certificate, (certificate.read_bytes(), certificate_bytes))
    assert written.public_key() == ours.public_key() and written.issuer == ours.issuer
    capsys.readouterr()
    assert run(["verify", "--qr", str(pdf), *store]) == 0
    said = capsys.readouterr().out
    assert documents[0].number in said and "ISOTRETINOIN" in said and "current version" in said

    who = ["--name", patient.display_name, "--born", patient.born.isoformat()]
    outside = ["verify", "--qr", str(pdf), "--certificate", str(certificate), "--json"]
    assert run([*outside, *who]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["state"], told["of_patient"], told["standing"]) == ("valid", True, None)
    assert run([*outside, "--name", "Somebody Else", "--born", "1990-01-01"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert told["of_patient"] is False and not told["holds"]

    code = bootstrap.codes_of(str(pdf))[0]
    text = tmp_path / "code.txt"
    text.write_text(code.replace(documents[0].number, "RX-2026-9999"))
    assert run(["verify", "--qr", str(text), "--certificate", str(certificate)]) == 1
    assert "Changed" in capsys.readouterr().out
    assert run(["verify"]) == 2


def test_another_clinics_key_is_told_from_a_changed_code(clinic: Clinic) -> None:
    from workstation.adapters.system import document_key

    _, documents = signed(clinic)
    said = statement.read(code_on(clinic, clinic.desk.vault.get(documents[0].address))).statement
    seed = b"another clinic's document key..."
    text = statement.body(said, statement.key_name(document_key.public(seed)))
    forged = statement.written(text, document_key.signed(seed, statement.to_sign(text)))
    assert stated.check(clinic.desk, clinic.session, forged).because == (stated.OTHER_KEY,)
    # Under our key's name with their signature.
    text = statement.body(said, statement.key_name(clinic.desk.keys.document_key()))
    forged = statement.written(text, document_key.signed(seed, statement.to_sign(text)))
    assert stated.check(clinic.desk, clinic.session, forged).state == "changed"


def test_without_the_reader_a_picture_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    path = tmp_path / "page.png"
    Image.new("L", (40, 40), 255).save(path)
    with pytest.raises(WorkstationError) as caught:
        bootstrap.codes_of(str(path))
    assert caught.value.code == "qr.reader.missing"
