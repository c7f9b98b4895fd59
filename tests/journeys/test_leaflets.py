"""Leaflets from a real store: the handout in two languages and the annotated photo sheet."""

from __future__ import annotations

import hashlib
import re
from types import SimpleNamespace

import pypdfium2
import pytest
from clinic_day import Clinic

from tests.inline_jobs import InlineJobs
from workstation import showcase
from workstation.assets import resource
from workstation.content.handout import read_handouts
from workstation.domain.accounts import Role
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import DecisionKind, GradeOverride, ItemKind, Key
from workstation.domain.errors import NotAllowed, Refused
from workstation.domain.lesions import LesionType
from workstation.presenters.records_leaflets import RecordsLeaflets
from workstation.workflow import leaflets, sign
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.seal import sealed


def pages_of(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        found = [opened[n].get_textpage().get_text_range() for n in range(len(opened))]
    finally:
        opened.close()
    return [" ".join(one.replace("\u2011", "-").replace("\ufffe", "-").split()) for one in found]


@pytest.mark.parametrize("language", leaflets.LANGUAGES)
def test_the_handout_holds_every_sentence_of_its_content(clinic: Clinic, language: str) -> None:
    id = clinic.waiting("Marsh")  # can become pregnant: nothing is left out
    made = leaflets.handout(clinic.desk, clinic.session, id, language)
    catalogue = clinic.desk.catalogue
    content = read_handouts(
        resource("clinical", "handout"), catalogue.sources, catalogue.medicines[ISOTRETINOIN]
    )[language]
    pages = pages_of(made.pdf)
    text = " ".join(pages)
    who = clinic.look(id).patient
    for page in pages:
        assert who.display_name in page and made.document.number in page
        assert made.document.page_code in page
    for topic in content.topics:
        assert topic.title.upper() in text or topic.title in text
        for point in topic.points:
            for said in re.split(r"\{\w+\}", point):  # what is filled in stands between
                assert " ".join(said.split()) in text, point
    for phase in content.phases:
        for line in content.lines_of(phase):
            assert " ".join(line.split()) in text
    assert "{" not in text
    assert clinic.actions()[-1] == "leaflet.made"


@pytest.mark.parametrize("name", ["photos.en", "photos.es"])
def test_a_leaflet_of_one_file_is_a_page_of_its_own(clinic: Clinic, name: str) -> None:
    id = clinic.waiting("Marsh")
    (content,) = (one for one in leaflets.own_leaflets(clinic.desk.catalogue) if one.name == name)
    made = leaflets.own_leaflet(clinic.desk, clinic.session, id, name)
    text = " ".join(pages_of(made.pdf))
    assert made.document.signature is None and made.document.page_code in text
    assert content.title in text and "{" not in text
    for section in content.sections:
        assert section.heading.upper() in text or section.heading in text
        for point in section.points:
            filled = point.format(clinic=showcase.CLINIC.name, phone="", dermatologist="")
            assert " ".join(filled.split()) in text, point
    assert clinic.actions()[-1] == "leaflet.made"
    with pytest.raises(Refused) as caught:
        leaflets.own_leaflet(clinic.desk, clinic.session, id, "photos.fr")
    assert caught.value.code == "leaflet.gone"


def test_a_handout_says_nothing_of_pregnancy_to_who_cannot_become_pregnant(clinic: Clinic) -> None:
    made = leaflets.handout(clinic.desk, clinic.session, clinic.waiting("Nguyễn"), "en")
    text = " ".join(pages_of(made.pdf))
    assert "contraception" not in text and "Stop and call at once" in text


def test_a_leaflet_is_never_signed(clinic: Clinic) -> None:
    made = leaflets.handout(clinic.desk, clinic.session, clinic.waiting("Marsh"), "en")
    key = clinic.session.key
    assert key is not None and made.document.signature is None
    with pytest.raises(Refused) as caught:
        sealed(
            clinic.desk,
            clinic.session,
            key,
            clinic.waiting("Marsh"),
            (made,),
            clinic.clock.now(),
            showcase.PIN,
        )
    assert caught.value.code == "sign.leaflet"
    with pytest.raises(Refused) as caught:
        leaflets.handout(clinic.desk, clinic.session, clinic.waiting("Marsh"), "fr")
    assert caught.value.code == "leaflet.language"


def test_without_a_printer_a_leaflet_is_written_to_the_outbox(clinic: Clinic) -> None:
    document = SimpleNamespace(consultation=clinic.waiting("Marsh"))
    failed: list[Exception] = []
    made = RecordsLeaflets(
        clinic.desk, lambda: clinic.session, InlineJobs(), lambda: document, failed.append
    )
    numbers: list[str] = []
    names: list[str] = []
    made.write("HO-2026-0001", names.append)
    assert not names  # nothing was made yet
    made.handout("en", lambda number, pages: numbers.append(number))
    made.write("another", names.append)
    assert not names
    made.write(numbers[0], names.append)
    assert not failed and names == [f"{numbers[0]}.pdf"]
    (file,) = clinic.desk.outbox._folder.glob("*.pdf")
    assert file.name == names[0] and "Elena" in " ".join(pages_of(file.read_bytes()))


def test_who_may_not_export_makes_no_leaflet(clinic: Clinic) -> None:
    reader = clinic.colleague(Role.SECOND_READER)
    with pytest.raises(NotAllowed):
        leaflets.photo_sheet(clinic.desk, reader, clinic.waiting("Marsh"))


def test_the_photo_sheet_counts_what_the_record_counts(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    hand.annotate(3, LesionType.NODULE)
    hand.annotate(2, LesionType.PAPULE)
    made = leaflets.photo_sheet(clinic.desk, clinic.session, hand.id)
    text = " ".join(pages_of(made.pdf))
    assert "not signed" in text and "Lesions counted: 5" in text
    assert "Nodule 3" in text and "Papule 2" in text
    assert "No override: the rubric's grade stands." in text
    own = GradeOverride("moderate", "photos_mislead", "Make-up on the cheek")
    hand.annotate(2, LesionType.SCAR)
    hand.put("grade.override", (Key.of(ItemKind.GRADE_OVERRIDE), own))
    text = " ".join(
        pages_of(leaflets.photo_sheet(clinic.desk, clinic.session, hand.id).pdf)
    ).replace("\n", " ")
    # Scars are shown and no part of what the grade rests on; both grades are printed.
    assert "Lesions counted: 5" in text and "Counted for the grade 5" in text and "Scar 2" in text
    assert "own grade: Moderate" in text and "Make-up on the cheek" in text
    hand.put("grade.override", (Key.of(ItemKind.GRADE_OVERRIDE), None))
    made = leaflets.photo_sheet(clinic.desk, clinic.session, hand.id)
    photo = hand.consultation.photos[0]
    jpeg = clinic.desk.vault.get(photo.preview)
    assert jpeg in made.pdf  # the stored preview itself, which carries no place or camera
    again = leaflets.photo_sheet(clinic.desk, clinic.session, hand.id)
    assert hashlib.sha256(again.pdf).hexdigest() == made.digest
    hand.prescribe()
    assert isinstance(hand.sign(), sign.Signed)
    after = leaflets.photo_sheet(clinic.desk, clinic.session, hand.id)
    assert "not signed" not in " ".join(pages_of(after.pdf))
    assert after.document.kind is DocumentKind.PHOTO_SHEET


@pytest.mark.parametrize("language", leaflets.LANGUAGES)
def test_a_minors_plan_for_a_guardian_tells_dates_and_nothing_private(
    clinic: Clinic, language: str
) -> None:
    """Oyelaran is seventeen: pregnancy tests stand on the signed plan and not on this sheet."""
    hand = clinic.take("Oyelaran")
    hand.fact("pregnancy.category", "CGP")
    hand.decide(DecisionKind.START_WORK_UP)
    for name in (
        *("pregnancy.now", "pregnancy.planned", "contraception.missed"),
        *("contraception.unprotected", "contraception.period_missed"),
    ):
        hand.fact(name, False)
    for name in ("guardian_on", "minor_signature_on", "patient_on"):
        hand.fact(f"consent.{name}", clinic.clock.today())
    hand.reasons()
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), answer
    plan = next(d for d in answer.documents if d.kind is DocumentKind.MONITORING_PLAN)
    made = leaflets.guardian_plan(clinic.desk, clinic.session, hand.id, language)
    text = " ".join(pages_of(made.pdf))
    assert plan.number in text and made.document.number in text
    assert clinic.clock.today().strftime("%d-%b-%Y").casefold() in text.casefold()
    assert "Blood draw, fasting" in text or "en ayunas" in text
    private = ("pregnan", "embaraz", "contracep", "anticoncep", "hcg", "iPLEDGE", "T1", "mood")
    assert not [word for word in private if word.casefold() in text.casefold()]
    assert clinic.actions()[-1] == "leaflet.made"


def test_an_adults_plan_has_no_copy_for_a_guardian(clinic: Clinic) -> None:
    with pytest.raises(Refused) as caught:
        leaflets.guardian_plan(clinic.desk, clinic.session, clinic.waiting("Marsh"), "en")
    assert caught.value.code == "leaflet.guardian.adult"


def test_the_points_counselled_on_stand_on_the_patients_own_handout(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    plain = " ".join(pages_of(leaflets.handout(clinic.desk, clinic.session, hand.id, "en").pdf))
    assert "FOR YOU IN PARTICULAR" not in plain
    hand.fact("eyes.risks", ("contact_lenses_soft",))
    hand.fact("donation.blood", True)
    fired = {f.code for f in hand.appraisal.evaluation.findings if f.group == leaflets.COUNSEL}
    assert fired == {"ISO-EYE", "ISO-DONOR"}
    for language, words in (
        ("en", ("FOR YOU IN PARTICULAR", "lenses for fewer hours", "Giving blood")),
        ("es", ("EN SU CASO", "lentillas menos horas", "Donar sangre")),
    ):
        text = " ".join(
            pages_of(leaflets.handout(clinic.desk, clinic.session, hand.id, language).pdf)
        )
        assert all(one in text for one in words)
        assert "Your sport:" not in text and "Su deporte:" not in text
