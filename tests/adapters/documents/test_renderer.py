"""Pages: same bytes each time, everything of the record on them, nothing clipped, no box glyphs."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import document_cases as cases
import pypdfium2
import pytest
from pypdfium2 import raw as pdfium

from workstation.adapters.documents.blocks import rows
from workstation.adapters.documents.frames import ABOVE, BELOW, PAPERS, SIDE, signature_rect
from workstation.adapters.documents.renderer import PdfRenderer
from workstation.domain.documents import (
    BoxedFields,
    Bullets,
    Document,
    Entries,
    Fields,
    Heading,
    MedicineLine,
    Paragraph,
    Table,
)
from workstation.domain.draft import DecisionKind
from workstation.domain.errors import Refused
from workstation.domain.rems import Category
from workstation.presenters.wording import message_for
from workstation.workflow.compose import compose
from workstation.workflow.written import plain

RENDERER = PdfRenderer()
DECISIONS = (DecisionKind.PRESCRIBE, DecisionKind.START_WORK_UP)


def prescription(**changes: object) -> Document:
    return compose(cases.subject(**changes))[0]


def text_of(pdf: bytes) -> str:
    opened = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in opened)


def squeezed(text: str) -> str:
    """Text without layout: no spaces, one kind of hyphen (PDFium marks its own with U+FFFE)."""
    spaced = plain(text).replace("\ufffe", "-").replace("\u00ad", "-")
    return "".join(spaced.split()).casefold()


def strings_of(document: Document) -> list[str]:
    """Every string of the canonical record that must be on paper."""
    found = [
        document.number,
        document.title,
        document.patient_name,
        document.page_code,
        document.letterhead.name,
        document.letterhead.address,
        document.letterhead.phone,
    ]
    found += [part for pair in document.patient_line for part in pair]
    for block in document.blocks:
        match block:
            case Heading(text) | Paragraph(text=text, style="body" | "strong" | "small" | "lead"):
                found.append(text)
            case Fields(pairs=pairs) | BoxedFields(pairs=pairs):
                found += [part for pair in pairs for part in pair]
            case MedicineLine():
                found += [block.name, *block.attributes, block.dose, block.daily, block.directions]
            case Table(quoted=False):
                found += [c for row in (block.header, *block.rows) for c in row]
            case Entries(items=items, quoted=False):
                found += [part for item in items for part in item]
            case Bullets(items):
                found += items
    return [part.removeprefix("[x]").removeprefix("[ ]") for part in found]


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_the_text_of_the_pages_is_the_text_of_the_record(
    decision: DecisionKind, paper: str
) -> None:
    for document in compose(cases.subject(decision, clinic=cases.clinic(paper=paper))):
        printed = squeezed(text_of(RENDERER.render(document)))
        # A table cell's lines stand between those of its neighbours: words are looked for alone.
        missing = [
            s
            for s in strings_of(document)
            if squeezed(s) not in printed
            and any(squeezed(word) not in printed for word in s.split())
        ]
        assert missing == []


def test_medicine_dose_and_quantity_extract_exactly() -> None:
    printed = plain(text_of(RENDERER.render(prescription()))).replace("\ufffe", "-")
    for wanted in (
        "ISOtretinoin",
        "10 mg every morning and 20 mg every evening, with food",
        "30 (thirty) capsules",
        "0 (zero)",
        "30 mg (0.48 mg/kg, weight 62 kg on 20-Nov-2026)",
    ):
        assert wanted in printed


def test_the_same_document_gives_the_same_bytes_in_any_thread_and_process(tmp_path: Path) -> None:
    documents = compose(cases.subject())
    first = [RENDERER.render(d) for d in documents]
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(RENDERER.render, documents * 4))
    assert again == first * 4
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:]\n"
        "import document_cases as cases\n"
        "from workstation.workflow.compose import compose\n"
        "from workstation.adapters.documents.renderer import PdfRenderer\n"
        "for d in reversed(compose(cases.subject())):\n"
        "    print(hashlib.sha256(PdfRenderer().render(d)).hexdigest())\n"
    )
    here = Path(__file__).resolve()
    for seed in ("1", "77"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(here.parents[2]), str(here.parents[3])],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert run.stdout.split() == [hashlib.sha256(p).hexdigest() for p in reversed(first)]


def test_any_change_of_the_record_changes_the_code_and_the_bytes() -> None:
    document = prescription()
    other = replace(document, patient_line=(("Born", "15-Mar-2003"), *document.patient_line[1:]))
    assert other.page_code != document.page_code
    assert RENDERER.render(other) != RENDERER.render(document)


@pytest.mark.parametrize("paper", sorted(PAPERS))
@pytest.mark.parametrize("decision", DECISIONS)
def test_pages_have_the_paper_size_and_all_text_within_the_margins(
    paper: str, decision: DecisionKind
) -> None:
    for document in compose(cases.subject(decision, clinic=cases.clinic(paper=paper))):
        opened = pypdfium2.PdfDocument(RENDERER.render(document))
        for number, page in enumerate(opened, start=1):
            wide, high = PAPERS[paper]
            assert page.get_size() == pytest.approx((wide, high), abs=0.01)
            text = page.get_textpage()
            for i in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(i)
                assert left >= SIDE - 1
                assert right <= wide - SIDE + 1
                assert bottom >= BELOW - 4
                assert top <= high - ABOVE + 2
            assert f"page {number} of {len(opened)}" in text.get_text_range()


def _lines_of(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    text = page.get_textpage()
    return [text.get_rect(i) for i in range(text.count_rects())]


@pytest.mark.parametrize("decision", DECISIONS)
def test_no_text_overlaps_other_text(decision: DecisionKind) -> None:
    for document in compose(cases.subject(decision)):
        for page in pypdfium2.PdfDocument(RENDERER.render(document)):
            lines = _lines_of(page)
            for i, (l1, b1, r1, t1) in enumerate(lines):
                for l2, b2, r2, t2 in lines[i + 1 :]:
                    across = min(r1, r2) - max(l1, l2)
                    down = min(t1, t2) - max(b1, b2)
                    assert across <= 1 or down <= 1


def test_fonts_are_embedded_and_nothing_active_is_in_the_file() -> None:
    for document in compose(cases.subject()):
        pdf = RENDERER.render(document)
        opened = pypdfium2.PdfDocument(pdf)
        assert opened.get_formtype() == pdfium.FORMTYPE_NONE
        assert opened.count_attachments() == 0
        assert all(pdfium.FPDFPage_GetAnnotCount(page) == 0 for page in opened)
        for word in (
            b"/JavaScript",
            b"/JS ",
            b"/OpenAction",
            b"/AA ",
            b"/URI",
            b"/AcroForm",
            b"/EmbeddedFile",
            b"/Launch",
            b"/OCProperties",
            b"Helvetica",
        ):
            assert word not in pdf
        assert pdf.count(b"/FontFile2") == pdf.count(b"/FontDescriptor") // 2 > 0


def test_the_documents_information_does_not_name_the_patient() -> None:
    meta = pypdfium2.PdfDocument(RENDERER.render(prescription())).get_metadata_dict()
    assert "RX-2026-0418" in meta["Title"]
    assert not any("marsh" in value.casefold() for value in meta.values())


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("Müller-Łukaszewicz", "Åsa Çiğdem"),
        ("Nguyễn", "Thị Ánh Tuyết"),
        ("Nguye\u0302\u0303n", "Thi\u0323"),
        ("Щербакова", "Ольга Їжакевич"),
        ("Παπαδοπούλου", "Ελένη"),
        ("O’Brien-Ní Dhónaill", "Siân"),
        ("Ἀριστοτέλης", "Ὦ"),
    ],
)
def test_names_of_these_scripts_print_as_written(family: str, given: str) -> None:
    import unicodedata

    document = prescription(
        consultation=cases.consultation(patient=cases.patient(family=family, given=given))
    )
    printed = squeezed(unicodedata.normalize("NFC", text_of(RENDERER.render(document))))
    assert squeezed(unicodedata.normalize("NFC", document.patient_name)) in printed


@pytest.mark.parametrize(
    "family",
    [
        "སྒྲོལ",
        "สมชาย",
        "தமிழ்",
        "Ma\u202ersh",
        "Ma\u200brsh",
        "Marsh\U0001f622",
        "Ma\u0338rsh",
        "Mar\x07sh",
        "\ue000",
    ],
)
def test_a_name_that_no_embedded_font_can_write_is_refused(family: str) -> None:
    document = prescription(consultation=cases.consultation(patient=cases.patient(family=family)))
    with pytest.raises(Refused) as refused:
        RENDERER.render(document)
    assert refused.value.code == "document.glyph.missing"
    assert family not in str(refused.value)
    assert "cannot be printed (U+" in message_for(refused.value).title


def test_text_quoted_from_a_patient_shows_the_code_of_what_no_font_has() -> None:
    record = compose(cases.subject())[2]
    printed = squeezed(text_of(RENDERER.render(record)))
    assert squeezed("bothers me [U+1F622] a lot") in printed
    assert squeezed("医 creams & <b>tablets</b>") in printed


PAGES = {"prescription": 1, "monitoring_plan": 2, "record": 4}


@pytest.mark.parametrize("paper", sorted(PAPERS))
@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("category", list(Category))
def test_documents_are_short_enough_to_be_read(
    category: Category, decision: DecisionKind, paper: str
) -> None:
    clinic = cases.clinic(paper=paper)
    made = cases.full_subject(decision, category=category, clinic=clinic, supplies=9)
    for document in compose(made):
        pages = len(pypdfium2.PdfDocument(RENDERER.render(document)))
        assert pages <= PAGES[document.kind.value]


def test_every_answer_of_a_whole_intake_is_on_paper_under_its_number() -> None:
    made = cases.full_subject()
    printed = squeezed(text_of(RENDERER.render(compose(made)[2])))
    for answer in made.consultation.answers:
        words = squeezed(f"{answer.number} {answer.question} {answer.text}")
        assert words in printed


def test_a_prescription_of_five_strengths_is_one_page() -> None:
    regimen = cases.regimen(
        product="absorica_ld",
        formulation="micronized",
        morning=(Decimal(8), Decimal(16), Decimal(32)),
        evening=(Decimal(20), Decimal(24)),
    )
    pdf = RENDERER.render(prescription(regimen=regimen))
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert "micronized (LD)" in plain(text_of(pdf))


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 2, 7, 150, 400])
def test_entries_fill_columns_and_pages_in_order(count: int, columns: int) -> None:
    items = tuple(
        (f"Q{i}", f"Question {i} " + "word " * (i % 9), f"Answer-{i}.") for i in range(count)
    )
    block = Entries((("", "Caption of the first", ""), *items), columns)
    document = replace(prescription(), blocks=(Heading("Answers"), block))
    pages = [
        p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(RENDERER.render(document))
    ]
    printed = squeezed("\n".join(pages))
    places = [printed.index(squeezed(f"Answer-{i}.")) for i in range(count)]
    assert places == sorted(places)
    assert all(printed.count(squeezed(f"Answer-{i}.")) == 1 for i in range(count))
    assert (len(pages) > 1) is (count > 100)
    assert "captionofthefirst" in printed
    assert all("MARSH, Elena" in page for page in pages)


def test_an_answer_longer_than_a_page_is_not_cut() -> None:
    words = " ".join(f"w{i}" for i in range(1500))
    block = Entries((("Q1", "Tell us.", words), ("Q2", "More?", "No")), quoted=True)
    printed = squeezed(text_of(RENDERER.render(replace(prescription(), blocks=(block,)))))
    assert all(f"w{i}" in printed for i in range(1500))
    assert "q2more?no" in printed


def test_many_rows_flow_to_more_pages_with_the_header_again() -> None:
    table = Table(
        ("Number", "Text"), tuple((f"row {i}", "word " * 20) for i in range(120)), (0.2, 0.8)
    )
    document = replace(prescription(), blocks=(Heading("Rows"), table))
    pages = [
        p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(RENDERER.render(document))
    ]
    assert len(pages) > 3
    printed = "\n".join(pages)
    assert all(printed.count(f"row {i}\r\n") + printed.count(f"row {i} ") >= 1 for i in range(120))
    assert all("Number" in page for page in pages if "row " in page)
    assert all("MARSH, Elena" in page for page in pages)


def test_one_endless_cell_and_one_endless_word_are_not_cut() -> None:
    words = [f"w{i}" for i in range(1500)]
    table = Table(("A", "B"), (("x" * 400, " ".join(words)),), (0.3, 0.7))
    document = replace(prescription(), blocks=(table, Paragraph("y" * 700)))
    printed = squeezed(text_of(RENDERER.render(document)))
    assert printed.count("y") >= 700
    assert all(word in printed for word in words)
    assert printed.count("x") >= 400


@pytest.mark.parametrize("count", range(18, 44))
def test_the_signature_box_is_empty_and_never_alone(count: int) -> None:
    blocks = tuple(Paragraph(f"Line {i}") for i in range(count))
    pdf = RENDERER.render(replace(prescription(), blocks=blocks))
    opened = pypdfium2.PdfDocument(pdf)
    last = opened[len(opened) - 1]
    box = signature_rect(last.get_size()[0])
    inside = [r for r in _lines_of(last) if r[1] < box.top and r[3] > box.bottom]
    assert inside == []
    assert f"Line {count - 1}" in last.get_textpage().get_text_range()
    for page in list(opened)[:-1]:
        assert "SIGNATURE" not in page.get_textpage().get_text_range()


def test_the_inside_of_the_signature_box_is_white_paper() -> None:
    pdf = RENDERER.render(prescription())
    page = RENDERER.pages(pdf, 2.0)[-1]
    box = signature_rect(612.0)
    data = bytes(page.data)
    for y in range(int((792 - box.top) * 2) + 6, int((792 - box.bottom) * 2) - 6):
        row = data[(y * page.width + int(box.left * 2) + 8) * 4 :][: 400 * 4]
        assert set(row[0::4]) == set(row[1::4]) == set(row[2::4]) == {255}


def test_pages_are_bgrx_of_the_asked_scale() -> None:
    pages = RENDERER.pages(RENDERER.render(prescription()), 1.5)
    assert [(p.width, p.height) for p in pages] == [(918, 1188)]
    assert len(pages[0].data) == 918 * 1188 * 4
    blue, green, red = pages[0].data[(2 * 918 + 400) * 4 :][:3]  # the teal rule at the top
    assert (red, green, blue) == (0x0B, 0x6B, 0x8A)


def test_a_file_that_is_no_pdf_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        RENDERER.pages(b"%PDF-1.7 nothing", 1.0)
    assert refused.value.code == "document.pdf.unreadable"


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        RENDERER.render(replace(prescription(), paper="a5"))
    assert refused.value.code == "document.paper.unknown"


def test_a_demonstration_says_so_on_each_page_and_a_clinics_document_does_not() -> None:
    record = compose(cases.subject())[2]
    for page in pypdfium2.PdfDocument(RENDERER.render(record)):
        assert "not a real patient" in page.get_textpage().get_text_range()
    real = compose(cases.subject(demonstration=False))[0]
    assert "not a real patient" not in text_of(RENDERER.render(real))


def test_rows_of_every_block_have_height() -> None:
    for document in compose(cases.subject()):
        for block in document.blocks:
            assert sum(row.height for row in rows(block, 500.0)) > 0


def test_long_names_and_addresses_stay_on_the_page() -> None:
    long = cases.patient(
        family="Featherstonehaugh-Cholmondeley-Majoribanks",
        given="Maximiliane Alexandra",
        address=cases.Address(
            "1234567 North-West Extraordinarily Long Boulevard, Building 12, Apartment 1207 B",
            "Saint Petersburg Beach",
            "OR",
            "97214-1234",
        ),
    )
    document = prescription(consultation=cases.consultation(patient=long))
    pdf = RENDERER.render(document)
    assert io.BytesIO(pdf).read(5) == b"%PDF-"
    printed = squeezed(text_of(pdf))
    assert printed.count(squeezed(document.patient_name)) >= 2
    assert squeezed(document.patient_line[4][1]) in printed
