"""Golden pages: every kind of document on both papers, kept as small grey pictures.

``python tests/golden_pages.py`` draws them anew into ``tests/adapters/documents/golden``; look at each
before keeping it. ``python tests/golden_pages.py FOLDER`` draws them large, for reading.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import document_cases as cases
import numpy
from PIL import Image, ImageChops

from workstation.adapters.documents.renderer import PdfRenderer
from workstation.adapters.system import document_key
from workstation.assets import resource
from workstation.content.handout import read_handouts
from workstation.domain.documents import Document, DocumentKind, SignedDocument
from workstation.domain.draft import DecisionKind
from workstation.domain.ids import (
    AnnotationId,
    ConsultationId,
    DocumentId,
    PhotoId,
    UserId,
    VaultAddress,
)
from workstation.domain.lesions import Annotation, MadeBy, Placed, Point
from workstation.domain.rems import Category
from workstation.workflow.compose import compose
from workstation.workflow.directed_page import directed_prescription
from workstation.workflow.guardian_page import guardian_plan
from workstation.workflow.handout_page import handout
from workstation.workflow.leaflet import Leaflet
from workstation.workflow.photo_sheet_page import photo_sheet
from workstation.workflow.stated import code_of
from workstation.workflow.void_page import Voiding, void_notice

GOLDEN = Path(__file__).resolve().parent / "adapters" / "documents" / "golden"
PAPERS = ("letter", "a4")
SCALE = 0.9  # pixels per point: 65 dpi
SHADES = 16
SEED = b"a document key for golden pages!"


class Keys:
    """The clinic's document key."""

    def document_key(self) -> bytes:
        return document_key.public(SEED)

    def document_signature(self, content: bytes) -> bytes:
        return document_key.signed(SEED, content)


def documents(paper: str) -> Iterator[tuple[str, Document]]:
    """(name, document) of each kind, in each of its languages."""
    clinic = cases.clinic(paper=paper)
    for document in compose(cases.subject(clinic=clinic)):
        yield document.kind.value, document
    yield (
        "prescription_cannot",
        compose(cases.subject(clinic=clinic, category=Category.CANNOT, demonstration=False))[0],
    )
    for kind in (
        DecisionKind.SEE_IN_PERSON,
        DecisionKind.DECLINE,
        DecisionKind.STOP_TREATMENT,
        DecisionKind.END_COURSE,
    ):
        letter = compose(cases.subject(kind, clinic=clinic))[0]
        yield letter.kind.value, letter
    work_up = compose(cases.subject(DecisionKind.START_WORK_UP, clinic=clinic))[0]
    yield "work_up", work_up
    yield "prescription_directed", directed(clinic)
    yield "void_notice", voided(clinic)
    for language in ("en", "es"):
        yield f"handout_{language}", handed_out(clinic, language)
        yield f"guardian_plan_{language}", for_a_guardian(clinic, language)
    yield "photo_sheet", photographed(clinic)


def directed(clinic: Any) -> Document:
    """Tablets, a cream and a gel on one prescription."""
    made = cases.subject(clinic=clinic)
    medicines = cases.catalogue().directed
    items = tuple(
        medicines[name].usual("acne").directed
        for name in ("spironolactone", "tretinoin_topical", "doxycycline")
    )
    appraisal = replace(made.appraisal, directed=items)
    numbers = {**made.numbers, DocumentKind.PRESCRIPTION_DIRECTED: "RX-2026-0419"}
    return directed_prescription(replace(made, appraisal=appraisal, numbers=numbers))


def voided(clinic: Any) -> Document:
    """A void notice of the prescription."""
    named = SignedDocument(
        DocumentId("d1"), ConsultationId("c1"), DocumentKind.PRESCRIPTION, "RX-2026-0418",
        "5d0c77ae" * 8, "0" * 64, VaultAddress("a"), UserId("u1"), "ab12",
        cases.NOW - timedelta(hours=3), "B-B", "",
    )  # fmt: skip
    return void_notice(
        Voiding(
            consultation=cases.consultation(),
            prescriber=cases.prescriber(),
            clinic=clinic,
            numbers={DocumentKind.VOID_NOTICE: "VN-2026-0003"},
            issued=cases.TODAY,
            catalogue=cases.catalogue(),
            demonstration=True,
            named=named,
            signer=cases.prescriber(),
            reason_code="result_after_signing",
        )
    )


def _leaflet(clinic: Any, kind: DocumentKind, number: str, language: str = "en") -> Leaflet:
    return Leaflet(
        consultation=cases.consultation(),
        prescriber=cases.prescriber(),
        clinic=clinic,
        numbers={kind: number},
        issued=cases.TODAY,
        catalogue=cases.catalogue(),
        demonstration=True,
        language=language,
    )


def handed_out(clinic: Any, language: str) -> Document:
    """The handout of somebody who was counselled on two points."""
    content = cases.catalogue()
    made = read_handouts(
        resource("clinical", "handout"), content.sources, content.medicines["isotretinoin"]
    )
    leaflet = _leaflet(clinic, DocumentKind.HANDOUT, "HO-2026-0007", language)
    rules = content.rems["RS-2021"]
    fired = ("ISO-EYE", "ISO-DONOR")
    return handout(leaflet, made[language], rules, "isotretinoin", Category.CAN, fired)


def for_a_guardian(clinic: Any, language: str) -> Document:
    """The dates of a minor's plan, for a guardian."""
    leaflet = _leaflet(clinic, DocumentKind.GUARDIAN_PLAN, "GP-2026-0002", language)
    plan = cases.subject(clinic=clinic).appraisal.plan
    assert plan is not None
    return guardian_plan(leaflet, plan, "MP-2026-0418")


@cache
def _picture(number: int) -> bytes:
    """A plain photo in its place: a soft gradient, different for each view."""
    down, right = numpy.mgrid[0:300, 0:400]
    tone = numpy.stack([180 + right / 20, 140 + down / 12, 120 + number * 8 + 0 * down], axis=-1)
    out = io.BytesIO()
    shown = Image.fromarray(tone.clip(0, 255).astype("uint8"))
    (shown.transpose(Image.Transpose.ROTATE_90) if number in (1, 2) else shown).save(
        out, "JPEG", quality=85
    )
    return out.getvalue()


def photographed(clinic: Any) -> Document:
    """Two wide photos and two upright ones, with the annotations of the tally's cells."""
    leaflet = _leaflet(clinic, DocumentKind.PHOTO_SHEET, "PS-2026-0002")
    sent = leaflet.consultation
    turned = tuple(
        replace(p, width=3000, height=4000) if p.id in ("l", "r") else p for p in sent.photos
    )
    leaflet = replace(leaflet, consultation=replace(sent, photos=turned))
    counted = cases.tally()
    placed = []
    for (photo, zone, kind), count in counted.cells:
        for n in range(count):
            at = Point(300.0 + 320 * n, 500.0 + 300 * list(zone.__class__).index(zone))
            one = Annotation(
                AnnotationId(f"{photo}-{zone.value}-{n}"), photo, kind, at, None, "",
                UserId("u1"), cases.NOW, MadeBy.CLINICIAN, False, None,
            )  # fmt: skip
            placed.append(Placed(one, zone, True))
    tally = replace(counted, placed=tuple(placed))
    pictures = {PhotoId(id): _picture(n) for n, id in enumerate(("f", "l", "r", "c"))}
    return photo_sheet(leaflet, tally, pictures, signed=False)


def drawn(document: Document, scale: float = SCALE) -> list[Image.Image]:
    """The pages of a document in grey, with the shades that are kept."""
    renderer = PdfRenderer()
    pages = renderer.pages(renderer.render(document, code_of(Keys(), document)), scale)
    return [
        Image.frombuffer("RGB", (p.width, p.height), bytes(p.data), "raw", "BGRX", 0, 1).convert(
            "L"
        )
        for p in pages
    ]


def unlike(shown: Image.Image, golden: Image.Image) -> float:
    """How much of a page differs visibly, as a share of its pixels."""
    if shown.size != golden.size:
        return 1.0
    apart = ImageChops.difference(shown, golden.convert("L"))
    far = apart.point(lambda value: 255 if value > 48 else 0)
    return sum(far.histogram()[255:]) / (shown.width * shown.height)


def kept(page: Image.Image) -> Image.Image:
    """A page in the shades that are kept."""
    step = 256 // SHADES
    made = page.point(lambda value: value // step)
    made = Image.frombytes("P", page.size, made.tobytes())
    made.putpalette([shade * 255 // (SHADES - 1) for shade in range(SHADES) for _ in "rgb"])
    return made


def path_of(name: str, paper: str, number: int) -> Path:
    """Where a golden page is kept."""
    return GOLDEN / f"{name}-{paper}-{number}.png"


def renew() -> None:
    """Draw every golden page anew."""
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.png"):
        old.unlink()
    for paper in PAPERS:
        for name, document in documents(paper):
            for number, page in enumerate(drawn(document), 1):
                kept(page).save(path_of(name, paper, number), optimize=True, bits=4)


def enlarge(folder: Path) -> None:
    """Draw every page large, for reading."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in PAPERS:
        for name, document in documents(paper):
            for number, page in enumerate(drawn(document, 1.6), 1):
                page.save(folder / f"{name}-{paper}-{number}.png")


if __name__ == "__main__":
    enlarge(Path(sys.argv[1])) if len(sys.argv) > 1 else renew()
