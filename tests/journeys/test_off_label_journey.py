"""Isotretinoin outside acne, from the choice of the indication to the signed pages."""

from __future__ import annotations

import pytest
from clinic_day import Clinic
from test_main_job import text_of

from workstation.domain.draft import ItemKind, Key
from workstation.domain.indications import choose
from workstation.domain.protocol_choice import CUSTOM, ChosenProtocol, OwnProtocol
from workstation.domain.rules import Level
from workstation.workflow import sign
from workstation.workflow.appraisal import ISOTRETINOIN


def one_line(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


@pytest.mark.parametrize("which", ["rosacea", "hidradenitis_suppurativa"])
def test_an_off_label_course_is_held_until_judged_and_then_signs(
    clinic: Clinic, which: str
) -> None:
    hand = clinic.take("Nguyễn")
    hand.annotate(6)
    assert hand.appraisal.acne and hand.appraisal.grade.grade == "severe"
    listed = {one.id: one for one in clinic.desk.catalogue.indications}[which]
    decision = choose(listed, words=f"{listed.label}, resistant to doxycycline")
    hand.put("decision.chosen", (Key.of(ItemKind.DECISION), decision))
    hand.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), hand.regimen()))
    hand.reasons()
    seen = hand.appraisal
    assert not seen.acne and seen.global_grade is None
    assert hand.finding("ISO-OFFLABEL").level is Level.HOLD
    assert "ISO-OFFLABEL" in seen.gate.because
    assert isinstance(hand.sign(), sign.Blocked)

    hand.fact("indication.global_grade", "severe")
    assert hand.finding("ISO-OFFLABEL").level is Level.OVERRIDE
    assert isinstance(hand.sign(), sign.Blocked), "a coded reason is still asked for"
    hand.reasons()
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), hand.appraisal.gate

    pages = {d.kind.value: clinic.desk.vault.get(d.address) for d in answer.documents}
    prescription = one_line(pages["prescription"])
    assert f"{listed.label}, resistant to doxycycline ({listed.icd10}). Off-label use." in (
        prescription
    )
    record = one_line(pages["record"])
    assert "Clinician's own global grade: severe." in record.replace("\u2019", "'")
    assert "no acne rubric applies" in record
    assert "SEV-1" not in record and "Codes: S-N" not in record
    with clinic.desk.store.reading() as unit:
        kept = unit.consultation(hand.id)
        assert kept is not None
        past = unit.past_visits(kept.patient.id, clinic.clock.now())
    assert past[-1].grade == "severe" and past[-1].counts == ()


def test_acne_says_nothing_of_a_label_and_an_own_protocol_is_on_record(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    hand.annotate(6)
    own = OwnProtocol(("alt", "tg"), ("alt", "tg"), "start", 14, monthly=True)
    hand.put("protocol.chosen", (Key.of(ItemKind.PROTOCOL), ChosenProtocol(CUSTOM, own)))
    hand.reload()
    shown = hand.appraisal.protocol
    assert shown is not None and shown.chosen.own == own and shown.said_by == "consultation"
    hand.prescribe()
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), hand.appraisal.gate
    page = clinic.desk.vault.get(answer.documents[0].address)
    assert "Off-label" not in one_line(page)
    record = one_line(clinic.desk.vault.get(answer.documents[-1].address))
    assert "Own protocol: Before the start: ALT, " in record
    assert "14 days after the start and each 14 days from then on" in record
