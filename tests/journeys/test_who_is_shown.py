"""Whom a consultation is about stands on every step, before the PIN, and on every signed page."""

from __future__ import annotations

from clinic_day import Clinic
from pypdfium2 import PdfDocument
from PySide6.QtWidgets import QLabel, QWidget
from test_amend_and_void import signed

from tests.ui.desk_of_pages import desk_of, settle

STEPS = ("assess", "treat", "sign", "contact")


def _shown(place: QWidget) -> str:
    """All words of labels that are in sight and as wide as their words need."""
    words = []
    for label in place.findChildren(QLabel):
        if label.isVisible() and label.width() >= label.sizeHint().width() - 1:
            words.append(label.text())
    return " ".join(words).replace("\u00a0", " ").replace("\u2011", "-")


def _colours(picture: QWidget) -> int:
    image = picture.grab().toImage()
    spots = [
        (x, y) for x in range(8, image.width() - 8, 3) for y in range(8, image.height() - 8, 3)
    ]
    return len({image.pixel(x, y) for x, y in spots})


def test_the_face_the_name_and_the_number_stand_on_every_step_and_page(clinic: Clinic) -> None:
    with desk_of("marsh-elena") as (window, shell, made):
        window.resize(1280, 800)
        window.show()
        state = made.case.state
        assert state is not None
        patient = state.consultation.patient
        for step in STEPS:
            shell.go(step)
            settle()
            banner = shell.patientBanner
            assert shell.page(step).isVisible() or step == "contact"
            told = _shown(banner)
            assert patient.family.upper() in told and patient.given in told, (step, told)
            assert str(patient.born.year) in told, (step, told)
            digits = "".join(c for c in told if c.isdigit())
            assert "".join(c for c in patient.external_id if c.isdigit()) in digits, (step, told)
            assert _colours(banner._photo) > 20, step  # a face, not an empty disc
        shell.go("sign")
        settle()
        page = shell.page("sign")
        told = _shown(page)
        assert patient.family.upper() in told and patient.given in told
        assert _colours(page.photo) > 20
    hand, documents = signed(clinic)
    patient = clinic.look(hand.id).patient
    for document in documents:
        pdf = PdfDocument(clinic.desk.vault.get(document.address))
        for page in pdf:
            text = (
                page.get_textpage().get_text_range().replace("\u2011", "-").replace("\u00a0", " ")
            )
            assert patient.family.lower() in text.lower(), document.kind
            assert str(patient.born.year) in text and patient.given in text, document.kind
        whole = " ".join(page.get_textpage().get_text_range() for page in pdf)
        digits = "".join(c for c in whole if c.isdigit())
        assert "".join(c for c in patient.external_id if c.isdigit()) in digits
        pdf.close()
