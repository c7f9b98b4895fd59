"""A clinic that keeps some strengths only: proposed, chosen and signed in the real store."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

from clinic_day import Clinic, Hand
from test_basket import text_of

from tests.inline_jobs import InlineJobs
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import ItemKind, Key
from workstation.presenters.case import CaseFile
from workstation.presenters.treat import TreatPresenter
from workstation.workflow import sign, stock
from workstation.workflow.appraisal import ISOTRETINOIN


def test_a_reduced_stock_from_the_proposal_to_the_signed_page(clinic: Clinic) -> None:
    generic = clinic.desk.catalogue.medicines[ISOTRETINOIN].products[0]
    for strength in (D(10), D(30)):
        stock.keep(clinic.desk, clinic.session, generic, strength, kept=False)
    id = clinic.waiting("Nguyễn")
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    case.open(id)
    TreatPresenter(case).enter()
    assert case.state is not None and case.state.appraisal.regimen is not None
    proposed = case.state.appraisal.regimen
    assert {*proposed.morning, *proposed.evening} <= {D(20), D(40)}
    case.close()
    hand = Hand.take(clinic.desk, clinic.session, id)
    hand.prescribe()
    other = replace(proposed, morning=(D(10),), evening=(D(20),))
    hand.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), other))
    hand.reasons()
    assert hand.appraisal.gate.is_open, hand.appraisal.gate
    signed = hand.sign()
    assert isinstance(signed, sign.Signed), signed
    page = next(d for d in signed.documents if d.kind is DocumentKind.PRESCRIPTION)
    printed = text_of(clinic.desk.vault.get(page.address))
    assert "10 mg every morning and 20 mg every evening" in printed  # what was chosen
    assert "not kept" not in printed
