"""Names in scripts that need shaping: joined, in order, as outlines, and still extractable."""

from __future__ import annotations

from dataclasses import replace

import document_cases as cases
import pypdfium2
import pytest

from workstation.adapters.documents import fonts, shaping
from workstation.adapters.documents.renderer import PdfRenderer
from workstation.domain.draft import DecisionKind
from workstation.domain.errors import Refused
from workstation.workflow.compose import compose

NAMES = {
    "arabic": "الهاشمي, نور",
    "hebrew": "כהן, דוד",
    "devanagari": "शर्मा, प्रिया",
    "chinese": "王, 小明",
    "japanese": "山田, 太郎",
    "korean": "김, 민준",
    "mixed": "NGUYỄN 阮, Minh Đức",
}


@pytest.mark.parametrize("script", sorted(NAMES))
def test_a_name_is_drawn_and_can_be_extracted(script: str) -> None:
    name = NAMES[script]
    made = compose(cases.subject(DecisionKind.PRESCRIBE))[0]
    pdf = PdfRenderer().render(replace(made, patient_name=name))
    opened = pypdfium2.PdfDocument(pdf)
    try:
        text = opened[0].get_textpage().get_text_range()
    finally:
        opened.close()
    # Readers put right-to-left text in an order of their own: the characters must all be there.
    wanted = sorted(name.replace(" ", "").replace(",", ""))
    rest = list(text)
    for character in wanted:
        rest.remove(character)
    assert PdfRenderer().render(replace(made, patient_name=name)) == pdf


def test_arabic_is_joined_and_runs_from_right_to_left() -> None:
    whole = shaping.width("نور", "NotoSansArabic-Regular")
    apart = sum(shaping.width(c, "NotoSansArabic-Regular") for c in "نور")
    assert whole < apart * 0.95  # joined forms are narrower than isolated ones
    (first,) = fonts.runs("الهاشمي, نور", "regular")
    assert first[0] == "NotoSansArabic-Regular"  # one run: comma and space inside it
    assert len(fonts.runs("الهاشمي 12", "regular")) == 2  # a number keeps its own direction


def test_devanagari_marks_join_their_letter() -> None:
    paths = shaping._shaped("प्रि", "NotoSansDevanagari-Regular").paths
    assert 0 < len(paths) < len("प्रि")  # a conjunct and a sign that stands before it


@pytest.mark.parametrize("text", ["\U00020000", "ཀ", "\u202eabc", "a\u0331\u20dd", "\u064b", "😀"])
def test_what_no_face_has_or_stands_alone_is_refused(text: str) -> None:
    if text == "\u064b":  # an Arabic mark with nothing beneath it draws a dotted circle at most
        fonts.runs(text, "regular")
        return
    with pytest.raises(Refused) as caught:
        fonts.runs(text, "regular")
    assert caught.value.code == "document.glyph.missing"
