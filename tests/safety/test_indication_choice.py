"""The choice of the indication: what is proposed, what is offered, what a decision carries."""

from __future__ import annotations

import pytest

from tests.safety import cases
from tests.safety.cases import case
from workstation.domain.consultation import RequestKind
from workstation.domain.derivation import derive
from workstation.domain.draft import DecisionChoice, DecisionKind
from workstation.domain.indications import (
    choose,
    off_label_use,
    offered,
    proposed,
    settled,
    used_for,
)

LISTED = cases.content().indications
BY_ID = {one.id: one for one in LISTED}
NONE_CHOSEN = {"decision": None, "without": ("indication.icd10", "indication.text")}


# A result to read asks for no medicine.
@pytest.mark.parametrize("request_kind", [k for k in RequestKind if k is not RequestKind.RESULT])
def test_every_request_has_a_proposal_which_is_offered_first(request_kind) -> None:
    first = proposed(LISTED, request_kind)
    assert first is not None and request_kind in first.requests
    choice = offered(LISTED, request_kind)
    assert choice[0] == first
    assert sorted(i.id for i in choice) == sorted(BY_ID)


def test_a_choice_keeps_what_was_decided_otherwise() -> None:
    before = DecisionChoice(DecisionKind.START_WORK_UP, "Severe acne", "L70.0", "doxycycline")
    after = choose(BY_ID["rosacea"], before, words="  phymatous rosacea ")
    assert after == DecisionChoice(
        DecisionKind.START_WORK_UP, "phymatous rosacea", "L71.9", "doxycycline"
    )
    assert choose(BY_ID["rosacea"]).indication == BY_ID["rosacea"].label


def test_the_medicine_follows_the_indication_not_the_request() -> None:
    rosacea = choose(BY_ID["rosacea"])
    melasma = choose(BY_ID["melasma"])
    for request in RequestKind:
        assert used_for(LISTED, request, rosacea, "isotretinoin")
        assert not used_for(LISTED, request, melasma, "isotretinoin")
    assert not used_for(LISTED, RequestKind.MELASMA, None, "isotretinoin")
    assert used_for(LISTED, RequestKind.ROSACEA, None, "isotretinoin")
    unlisted = DecisionChoice(DecisionKind.PRESCRIBE, "Darier disease", "Q82.8", None)
    assert settled(LISTED, RequestKind.ACNE, unlisted) is None
    assert used_for(LISTED, RequestKind.ACNE, unlisted, "isotretinoin")
    assert off_label_use(LISTED, unlisted, "isotretinoin", acne=False)
    assert off_label_use(LISTED, rosacea, "isotretinoin", acne=False)
    assert not off_label_use(LISTED, rosacea, "azelaic_acid", acne=False)
    assert not off_label_use(LISTED, choose(BY_ID["acne"]), "isotretinoin", acne=True)


def test_a_request_outside_acne_is_not_judged_as_acne_before_anything_is_chosen() -> None:
    facts = derive(case(request=RequestKind.ROSACEA, **NONE_CHOSEN))
    assert facts.value("indication.acne") is False
    assert "severity.grade" not in facts
    asked = derive(case(request=RequestKind.ROSACEA, decision=choose(BY_ID["acne"])))
    assert asked.value("indication.acne") is True
    assert asked.value("severity.grade") == "severe"


def test_every_listed_medicine_is_one_of_the_basket() -> None:
    known = {code for code, _ in cases.content().facts["medicines.basket"].choices}
    assert {m for one in LISTED for m in one.medicines} <= known


def test_a_request_for_nothing_proposes_nothing() -> None:
    assert proposed(LISTED, RequestKind.RESULT) is None
    assert settled(LISTED, RequestKind.RESULT, None) is None
    assert not used_for(LISTED, RequestKind.RESULT, None, "isotretinoin")
    blank = DecisionChoice(DecisionKind.PRESCRIBE, "", "  ", None)
    assert not used_for(LISTED, RequestKind.RESULT, blank, "isotretinoin")


def test_a_first_choice_prescribes_unless_another_kind_is_asked_for() -> None:
    rosacea = BY_ID["rosacea"]
    assert choose(rosacea) == DecisionChoice(
        DecisionKind.PRESCRIBE, rosacea.label, rosacea.icd10, None
    )
    asked = choose(rosacea, kind=DecisionKind.START_WORK_UP, words="rosacea of the nose")
    assert asked == DecisionChoice(
        DecisionKind.START_WORK_UP, "rosacea of the nose", rosacea.icd10, None
    )
