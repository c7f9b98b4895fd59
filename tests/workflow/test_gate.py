"""The gate by what follows from a case: each code that closes it, alone and beside the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.safety import cases
from workstation.domain.decisions import WITHOUT_MEDICINE
from workstation.domain.derivation import Case
from workstation.domain.draft import DecisionChoice, DecisionDetail, DecisionKind, Directed, Draft
from workstation.domain.identity import Doubt, IdentityDoubt, Person
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.rules import Evaluation, Finding, Level
from workstation.domain.triage import TriageLevel
from workstation.workflow.following import Follows, Situation, follow
from workstation.workflow.gate import Gate, gate_of, of_the_right_person, with_news_seen

CREAM = Directed(
    "adapalene", "cream", "0.1 %", "film", "face", "night", "12_weeks", Decimal(45), 84, 0, True
)


def choice(kind: DecisionKind) -> DecisionChoice:
    return DecisionChoice(kind, "severe acne", "L70.0", None)


START = choice(DecisionKind.START_WORK_UP)


@pytest.fixture(scope="module")
def follows() -> Follows:
    """What follows for a patient whose baseline is missing: a HOLD that waits for the work-up."""
    of = cases.case(decision=START, results=())
    situation = Situation(cases.content(), cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY)
    return follow(of, Draft.empty(ConsultationId("c")), situation)


@pytest.fixture(scope="module")
def hold(follows: Follows) -> Finding:
    """A HOLD that waits for the work-up."""
    return next(f for f in follows.evaluation.findings if f.waits_for_work_up)


@pytest.fixture(scope="module")
def clear(follows: Follows) -> Follows:
    """Nothing is found, no page lacks anything, nobody has to be called, a dose is worked out."""
    prescribed = cases.case()
    situation = Situation(cases.content(), cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY)
    dosed = follow(prescribed, Draft.empty(ConsultationId("c")), situation).dose
    assert dosed is not None
    routine = replace(follows.triage, level=TriageLevel.ROUTINE)
    return follows._replace(evaluation=Evaluation((), ()), faults=(), triage=routine, dose=dosed)


def found(clear: Follows, *findings: Finding, level: TriageLevel = TriageLevel.ROUTINE) -> Follows:
    triage = replace(clear.triage, level=level)
    return clear._replace(evaluation=Evaluation(findings, ()), triage=triage)


def closed(of: Case, follows: Follows, detail: DecisionDetail | None = None) -> tuple[str, ...]:
    gate = gate_of(of, follows, detail, cases.content().decisions)
    assert gate.is_open is (gate.because == ())
    return gate.because


@pytest.mark.parametrize("level", [Level.WARN, Level.OVERRIDE, Level.HOLD, Level.STOP])
def test_a_work_up_waits_for_holds_alone(clear: Follows, hold: Finding, level: Level) -> None:
    raised = replace(hold, level=level, reason=None)
    because = closed(cases.case(decision=START, results=()), found(clear, raised))
    assert because == (() if level is Level.HOLD else (hold.code,))


def test_a_work_up_waits_for_no_other_hold(clear: Follows, hold: Finding) -> None:
    other = replace(hold, waits_for_work_up=False)
    assert closed(cases.case(decision=START), found(clear, other)) == (hold.code,)


def test_a_prescription_without_anything_open_is_signed(clear: Follows) -> None:
    assert closed(cases.case(), clear) == ()


@pytest.mark.parametrize("level", [Level.HOLD, Level.STOP])
def test_the_same_finding_closes_a_prescription(
    clear: Follows, hold: Finding, level: Level
) -> None:
    assert closed(cases.case(), found(clear, replace(hold, level=level))) == (hold.code,)


def test_without_a_decision_it_is_closed_and_findings_go_first(
    clear: Follows, hold: Finding
) -> None:
    undecided = cases.case(decision=None)
    assert closed(undecided, clear._replace(faults=("RX-NPI",), dose=None)) == ("DECISION-MISSING",)
    assert closed(undecided, found(clear, hold)) == (hold.code, "DECISION-MISSING")


def test_what_a_page_lacks_closes_a_prescription_once_and_no_work_up(
    clear: Follows, hold: Finding
) -> None:
    lacking = found(clear, hold)._replace(faults=("RX-NPI", hold.code))
    assert closed(cases.case(), lacking) == (hold.code, "RX-NPI")
    assert closed(cases.case(decision=START), lacking) == ()


def test_a_prescription_without_anything_to_take_is_closed(clear: Follows) -> None:
    nothing = clear._replace(dose=None)
    empty = cases.case(regimen=None)
    assert closed(empty, nothing._replace(course=True)) == ("REGIMEN-MISSING",)
    assert closed(empty, nothing._replace(course=False)) == ("MEDICINE-MISSING",)
    assert closed(cases.case(regimen=None, directed=(CREAM,)), nothing) == ()
    half = cases.case(directed=(CREAM,))  # capsules are begun and no dose comes of them
    assert closed(half, nothing._replace(course=True)) == ("REGIMEN-MISSING",)
    assert closed(cases.case(decision=START, regimen=None), nothing) == ()


def test_a_request_that_nothing_is_prescribed_for_is_closed_whatever_else(
    clear: Follows, hold: Finding
) -> None:
    refused = found(clear, hold, level=TriageLevel.URGENT)._replace(treatable=False)
    assert closed(cases.case(), refused) == ("NOT-TREATABLE",)


@pytest.mark.parametrize("level", TriageLevel)
@pytest.mark.parametrize("kind", [None, *DecisionKind])
def test_a_red_flag_nobody_called_about_closes_every_decision(
    clear: Follows, kind: DecisionKind | None, level: TriageLevel
) -> None:
    of = cases.case(decision=None if kind is None else choice(kind))
    called = replace(of, consultation=replace(of.consultation, contacts=(cases.call(),)))
    flagged = found(clear, level=level)
    owed = level >= TriageLevel.URGENT
    first, *rest = (*closed(of, flagged), "open")
    assert (first == "TRIAGE-CONTACT") is owed
    assert (*closed(called, flagged), "open") == (tuple(rest) if owed else (first, *rest))


def test_the_call_goes_first_and_is_said_once(clear: Follows, hold: Finding) -> None:
    assert closed(cases.case(), found(clear, hold, level=TriageLevel.EMERGENT)) == (
        "TRIAGE-CONTACT",
        hold.code,
    )
    told = replace(hold, code="TRIAGE-CONTACT", waits_for_work_up=False)
    flagged = found(clear, hold, told, level=TriageLevel.EMERGENT)
    assert closed(cases.case(), flagged) == (hold.code, "TRIAGE-CONTACT")


def test_a_question_to_the_patient_is_sent_and_never_signed(clear: Follows, hold: Finding) -> None:
    asked = cases.case(decision=choice(DecisionKind.ASK_PATIENT))
    assert closed(asked, clear) == ("DECISION-SENT",)
    assert closed(asked, found(clear, hold)._replace(treatable=False)) == ("DECISION-SENT",)


@pytest.mark.parametrize("kind", sorted(WITHOUT_MEDICINE, key=lambda kind: kind.value))
def test_a_decision_without_medicine_needs_its_reason_and_no_more(
    clear: Follows, hold: Finding, kind: DecisionKind
) -> None:
    of = cases.case(decision=choice(kind), regimen=None)
    rules = cases.content().decisions
    why = DecisionDetail(rules.of(kind)[0].id, last_dose=date(2026, 6, 1))
    stop = replace(hold, code="STOPPED", level=Level.STOP, waits_for_work_up=False)
    held = found(clear, hold, stop)._replace(treatable=False, faults=("RX-NPI",), dose=None)
    ends = kind is DecisionKind.END_COURSE  # over an open STOP treatment is stopped, not ended
    assert closed(of, held, why) == (("STOPPED",) if ends else ())
    assert closed(of, held) == (("STOPPED",) if ends else ()) + ("DECISION-DETAIL",)
    assert closed(of, clear, why) == ()


@pytest.mark.parametrize("gate", [Gate(()), Gate(("ISO-PREG-POS",))])
def test_whom_it_is_about_and_what_was_sent_again_go_before_everything(gate: Gate) -> None:
    sure = cases.consultation()
    assert of_the_right_person(gate, sure) == with_news_seen(gate, sure) == gate
    born, sex = date(1996, 4, 9), sure.patient.sex
    other = Person(PatientId("q"), ConsultationId("d"), "Test", "One", born, sex, "2")
    doubted = replace(sure, doubts=(IdentityDoubt(Doubt.CONFLICT, other),))
    assert of_the_right_person(gate, doubted).because == ("IDENTITY-OPEN", *gate.because)
    resent = replace(sure, unseen=1)
    assert with_news_seen(gate, resent).because == ("VERSION-UNSEEN", *gate.because)


@pytest.mark.parametrize(
    ("bridge", "because"),
    [
        (None, ()),
        ("azelaic_acid", ()),
        ("isotretinoin", ("MEDICINE-MISSING",)),
        ("doxycycline", ("MEDICINE-MISSING",)),
        ("Adapalene at night", ("MEDICINE-MISSING",)),
    ],
)
def test_a_work_up_bridges_with_listed_treatments_alone(
    clear: Follows, bridge: str | None, because: tuple[str, ...]
) -> None:
    assert closed(cases.case(decision=replace(START, bridge=bridge)), clear) == because


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"product": "absorica_ld"}, "RX-MISSING-strength"),
        ({"formulation": "lidose"}, "RX-MISSING-strength"),
        ({"supply_days": 0}, "RX-ISO-DAYS"),
        ({"supply_days": -5}, "RX-ISO-DAYS"),
        ({"supply_days": 10**9}, "RX-ISO-DAYS"),
    ],
)
def test_a_regimen_that_no_screen_makes_is_not_signed(changes: dict[str, Any], code: str) -> None:
    of = cases.case(regimen=replace(cases.TWENTY_TWICE, **changes))
    situation = Situation(cases.content(), cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY)
    assert code in closed(of, follow(of, Draft.empty(ConsultationId("c")), situation))
