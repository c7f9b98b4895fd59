"""Medicines by directions through the real store: signed, printed, blocked, counted, remembered."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
from clinic_day import Clinic, Hand

from workstation.domain.documents import DocumentKind
from workstation.domain.draft import DecisionKind, Directed, ItemKind, Key, Pharmacy
from workstation.domain.safety import Level
from workstation.workflow import favourites, firings, sign
from workstation.workflow.appraisal import ISOTRETINOIN

PHARMACY = Pharmacy("Alder Pharmacy", "+1 503 555 0111", "12 Alder Street")


def text_of(pdf: bytes) -> str:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        pages = (opened[n].get_textpage().get_text_range() for n in range(len(opened)))
        text = " ".join(" ".join(pages).split())
    finally:
        opened.close()
    return text.replace("\u00a0", " ").replace("\u2011", "-").replace("\ufffe", "-")


def usual(hand: Hand, medicine: str) -> Directed:
    found = hand.desk.catalogue.directed[medicine].usual("acne")
    assert found is not None
    return found.directed


def draft(hand: Hand, *medicines: str) -> None:
    hand.decide(DecisionKind.PRESCRIBE)
    puts = [(Key.of(ItemKind.DIRECTED, m), usual(hand, m)) for m in medicines]
    hand.put("medicine.added", *puts, (Key.of(ItemKind.PHARMACY), PHARMACY))


def answered(hand: Hand) -> None:
    """Answer what is not known with the safe answer, then give the reasons asked for."""
    facts = hand.desk.catalogue.facts
    for _ in range(6):
        unknown = {n for f in hand.appraisal.evaluation.open for n in f.unknown}
        for name in sorted(unknown):
            if facts[name].safe is not None and facts[name].question:
                hand.fact(name, facts[name].safe)
        if not unknown:
            break
    hand.reasons()


def test_spironolactone_and_tretinoin_to_a_signed_page(clinic: Clinic) -> None:
    hand = Hand.take(clinic.desk, clinic.session, clinic.waiting("Nguyễn"))
    draft(hand, "spironolactone", "tretinoin_topical")
    answered(hand)
    assert hand.appraisal.gate.is_open, hand.appraisal.gate
    signed = hand.sign()
    assert isinstance(signed, sign.Signed), signed
    kinds = [d.kind for d in signed.documents]
    assert kinds == [DocumentKind.PRESCRIPTION_DIRECTED, DocumentKind.RECORD]
    pdf = clinic.desk.vault.get(signed.documents[0].address)
    assert clinic.desk.signer.verify(pdf, signed.documents[0].certificate).state == "valid"
    text = text_of(pdf)
    for wanted in (
        "spironolactone", "50 mg once daily", "Take 1 tablet (50 mg) by mouth once daily.",
        "30 (thirty) tablets", "30 (thirty) days", "3 (three)",
        "tretinoin", "0.025 %", "Apply a pea-sized amount to the whole face once daily at bedtime",
        "45 (forty-five) g", "90 (ninety) days", "First fill by".upper(), "Generic substitution permitted",
        "Off-label use: spironolactone", "Alder Pharmacy", "L70.0", signed.documents[0].number,
    ):  # fmt: skip
        assert wanted in text, wanted
    assert "ISOtretinoin" not in text and "iPLEDGE" not in text
    # what fired is counted once, without the patient
    uses = {use.code: use for use in firings.analytics(clinic.desk, clinic.session)}
    assert uses["SPI-MALE"].waived == 1 and uses["SPI-MALE"].often
    assert uses["SPI-REN"].cleared == 1 and not uses["SPI-REN"].often


def test_isotretinoin_has_a_page_of_its_own(clinic: Clinic) -> None:
    hand = Hand.take(clinic.desk, clinic.session, clinic.waiting("Nguyễn"))
    hand.prescribe()
    draft(hand, "azelaic_acid")
    answered(hand)
    signed = hand.sign()
    assert isinstance(signed, sign.Signed), (signed, hand.appraisal.gate)
    pages = {d.kind: text_of(clinic.desk.vault.get(d.address)) for d in signed.documents}
    assert "azelaic" not in pages[DocumentKind.PRESCRIPTION]
    assert "0 (zero)" in pages[DocumentKind.PRESCRIPTION]
    assert "ISOtretinoin" not in pages[DocumentKind.PRESCRIPTION_DIRECTED]
    numbers = {d.number for d in signed.documents}
    assert len(numbers) == len(signed.documents) == 4


def test_minocycline_with_isotretinoin_cannot_be_signed(clinic: Clinic) -> None:
    hand = Hand.take(clinic.desk, clinic.session, clinic.waiting("Nguyễn"))
    hand.prescribe()
    draft(hand, "minocycline")
    answered(hand)
    for code in ("ISO-TETRA", "DOX-ISO"):
        assert code in hand.appraisal.gate.because
    answer = hand.sign()
    assert isinstance(answer, sign.Blocked) and "DOX-ISO" in answer.because
    stops = [f for f in hand.appraisal.evaluation.findings if f.level >= Level.HOLD]
    assert stops and all(f.reason is None for f in stops)


def test_what_the_pages_break_cannot_be_signed(clinic: Clinic) -> None:
    hand = Hand.take(clinic.desk, clinic.session, clinic.waiting("Nguyễn"))
    draft(hand, "azelaic_acid")
    wrong = replace(usual(hand, "azelaic_acid"), refills=9)
    hand.put("refills.set", (Key.of(ItemKind.DIRECTED, "azelaic_acid"), wrong))
    answered(hand)
    answer = hand.sign()
    assert isinstance(answer, sign.Blocked) and answer.because == ("RX-MEDICINE-REFILL",)


def test_favourites_are_kept_by_user_and_by_clinic(clinic: Clinic) -> None:
    desk, session = clinic.desk, clinic.session
    item = desk.catalogue.directed["doxycycline"].usuals[0].directed
    other = replace(item, days=14, quantity=item.quantity / 30 * 14)
    favourites.keep(desk, session, item, shared=False)
    favourites.keep(desk, session, item, shared=False)
    favourites.keep(desk, session, other, shared=True)
    kept = favourites.favourites(desk, session)
    assert [(f.item, f.shared) for f in kept] == [(item, False), (other, True)]
    favourites.forget(desk, session, kept[0])
    assert favourites.favourites(desk, session) == kept[1:]
    assert ISOTRETINOIN not in {f.item.medicine for f in kept}
