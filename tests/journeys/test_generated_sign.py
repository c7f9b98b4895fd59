"""Generated consultations in a real store: those the gate lets through really sign, no other does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clinic_day import Clinic, DeskClock, Hand, plant

from tests.safety import cases
from tests.safety.generate import Made, generated
from tests.safety.test_generated import answered
from workstation import bootstrap, showcase
from workstation.domain.draft import DecisionKind
from workstation.domain.rules import Level
from workstation.workflow import sign
from workstation.workflow.appraisal import appraise

SLICE, FULL = 10, 500
VERIFIED = 3  # signing verifies each file itself; the first of a run are verified once more


@pytest.fixture
def june(tmp_path: Path, quick_opening: None) -> Iterator[Clinic]:
    """An empty clinic on the day the generated consultations are made for."""
    clock = DeskClock(cases.NOW)
    opened = bootstrap.create_clinic(
        tmp_path / "store",
        kind="demonstration",
        clinic=showcase.CLINIC,
        user=showcase.demo_user(clock.now()),
        password=showcase.PASSWORD,
        pin=showcase.PIN,
        clock=clock,
        cheap_for_tests=True,
    )
    yield Clinic(opened, clock)
    opened.close()


def worked(clinic: Clinic, made: Made) -> Hand:
    """The consultation received and claimed, with the generated draft made on it."""
    template = made.consultation
    patient = replace(template.patient, rems_id="4471902")
    hand = Hand.take(
        clinic.desk,
        clinic.session,
        plant(clinic.desk, replace(template, patient=patient), dispensed=template.dispensed),
    )
    if template.contacts:
        hand.contact()
    hand.put("generated", *made.draft.items.items())
    hand.reasons()
    return hand


def explore(clinic: Clinic, wanted: int, limit: int) -> Counter[str]:
    """Sign every generated consultation that may be signed, and try some that may not."""
    seen: Counter[str] = Counter()
    for made in generated(limit):
        first = appraise(made.consultation, made.draft, (), made.situation)
        may = appraise(made.consultation, answered(made, first), (), made.situation).gate.is_open
        if not may and seen["refused"] > seen["signed"]:
            continue  # as many are refused as sign
        hand = worked(clinic, made)
        # Counted for the reader of the numbers; what is asked below is asked of the store.
        assert hand.appraisal.gate.is_open is may, (made.seed, hand.appraisal.gate)
        if may:
            check_signed(clinic, hand, verified=seen["signed"] < VERIFIED)
            seen["signed"] += 1
            decision = hand.appraisal.decision
            assert decision is not None
            seen[decision.kind.value] += 1
            seen["baskets"] += bool(made.draft.directed)
        else:
            answer = hand.sign(sign.Previews(hand.id, hand.revision, ()))
            assert isinstance(answer, sign.Blocked), made.seed
            clinic.assert_unsigned(hand.id)
            seen["refused"] += 1
        if seen["signed"] >= wanted:
            break
    return seen


def check_signed(clinic: Clinic, hand: Hand, *, verified: bool) -> None:
    """It signs; the stored files verify; nothing that forbids stands in what was signed."""
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), (answer, hand.appraisal.gate)
    for document in answer.documents:
        pdf = clinic.desk.vault.get(document.address)
        assert pdf.startswith(b"%PDF-")
        if verified:
            found = bootstrap.verify(clinic.opened, pdf)
            assert (found["state"], found["number"]) == ("valid", document.number)
    evaluation = hand.appraisal.evaluation
    assert not [f.code for f in evaluation.findings if f.level is Level.STOP]
    decision = hand.appraisal.decision
    assert decision is not None
    work_up = decision.kind is DecisionKind.START_WORK_UP
    assert not [
        f.code
        for f in evaluation.findings
        if f.level is Level.HOLD and not (work_up and f.waits_for_work_up)
    ]
    draft = hand.history.draft
    prescriptions = bool(draft.regimen("isotretinoin")) + bool(draft.directed)
    pages = 2 if work_up else 1 + prescriptions + hand.appraisal.course  # the record, the plan
    assert len(answer.documents) == pages
    assert len(clinic.documents(hand.id)) == len(answer.documents)


def test_a_slice_of_generated_consultations_really_signs(june: Clinic) -> None:
    seen = explore(june, SLICE, 400)
    assert seen["signed"] == SLICE and seen["refused"] >= SLICE // 2
    assert bootstrap.check_audit(june.opened, 5)["whole"]


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_five_hundred_generated_consultations_really_sign(
    june: Clinic, record_property: Callable[[str, object], None]
) -> None:
    seen = explore(june, FULL, 12_000)
    for name, number in seen.items():
        record_property(name, number)
    print(dict(seen))
    assert seen["signed"] == FULL and seen["refused"] >= FULL // 2
    assert seen["prescribe"] >= 100 and seen["start_work_up"] >= 100 and seen["baskets"] >= 50
    assert bootstrap.check_audit(june.opened, 5)["whole"]
