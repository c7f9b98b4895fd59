"""Red flags on a real store: stopping with a void notice, escalation told once, holds that clear."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from clinic_day import OTHER_PIN, TODAY, Clinic, renumbered, small
from test_amend_and_void import signed, states
from test_out_of_sight import tried

from tests.inline_jobs import InlineJobs
from workstation import showcase
from workstation.domain.accounts import Role
from workstation.domain.draft import DecisionKind
from workstation.domain.ids import ConsultationId
from workstation.domain.triage import TriageLevel, escalates_at
from workstation.presenters.case import CaseFile
from workstation.presenters.contact import NOTHING_TO_VOID, ContactPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.treat import TreatPresenter
from workstation.workflow import assess, escalation, intake, sign, triage
from workstation.workflow.desk import Session


def next_visit(clinic: Clinic, folder: Path, key: str = "nguyen-minh-duc") -> ConsultationId:
    """The same patient writes again today."""
    who, visit = small(key, 1)
    clinic.clock.later(days=1)
    later = SimpleNamespace(number=2, day=clinic.clock.today(), views=visit.views)
    path = renumbered(folder, who, later)
    return intake.receive(clinic.desk, path).id


def contact_of(clinic: Clinic, id: ConsultationId, session: Session | None = None) -> Any:
    case = CaseFile(clinic.desk, session or clinic.session, InlineJobs())
    case.open(id)
    treat, contact = TreatPresenter(case), ContactPresenter(case)
    contact.stop = lambda: treat.choose(DecisionKind.STOP_TREATMENT)
    contact.look()
    return contact


def test_stopping_signs_a_void_notice_by_the_pin_and_chooses_to_stop(
    clinic: Clinic, tmp_path: Path
) -> None:
    _, documents = signed(clinic)
    id = next_visit(clinic, tmp_path)
    contact = contact_of(clinic, id)
    stop = contact.state.stop
    assert stop is not None and stop.number == documents[0].number and stop.may_void
    said: list[str] = []
    contact.void("stopped_by_prescriber", "", "000000", said.append)
    assert "PIN" in said[0] and states(clinic, documents)[0] == "current"
    contact.void("", "", showcase.PIN, said.append)
    assert said[1] and states(clinic, documents)[0] == "current"
    clinic.clock.later(seconds=2)  # what a wrong PIN costs
    contact.void("stopped_by_prescriber", "", showcase.PIN, said.append)
    assert said[2] == ""
    assert states(clinic, documents)[0] == "void"
    assert contact.state.stop is None
    draft = contact._case.state.draft
    assert draft.decision.kind is DecisionKind.STOP_TREATMENT
    contact._case.undo()  # the decision is undone, the notice is not
    assert states(clinic, documents)[0] == "void"
    contact.void("stopped_by_prescriber", "", showcase.PIN, said.append)
    assert said[3] == str(NOTHING_TO_VOID)


def test_a_clock_that_stands_behind_is_said_by_whoever_would_stop_it(
    clinic: Clinic, tmp_path: Path
) -> None:
    _, documents = signed(clinic)
    contact = contact_of(clinic, next_visit(clinic, tmp_path))
    clinic.clock.later(hours=-3)
    said: list[str] = []
    contact.void("stopped_by_prescriber", "", showcase.PIN, said.append)
    assert "clock is behind the records" in said[0], said
    assert states(clinic, documents)[0] == "current"


def test_nothing_is_offered_without_a_prescription_or_after_the_last_pick_up(
    clinic: Clinic, tmp_path: Path
) -> None:
    assert contact_of(clinic, clinic.waiting("Becker")).state.stop is None
    signed(clinic)
    clinic.clock.later(days=28)
    id = next_visit(clinic, tmp_path)
    assert contact_of(clinic, id).state.stop is not None
    clinic.clock.later(days=1)
    assert contact_of(clinic, id).state.stop is None


def test_who_cannot_sign_sees_it_and_cannot_do_it(clinic: Clinic, tmp_path: Path) -> None:
    _, documents = signed(clinic)
    id = next_visit(clinic, tmp_path)
    covering = clinic.colleague()
    contact = contact_of(clinic, id, Session(covering.user, None))  # no key at this station
    assert contact.state.stop is not None and not contact.state.stop.may_void
    said: list[str] = []
    contact.void("stopped_by_prescriber", "", OTHER_PIN, said.append)
    assert "no signing key" in said[0] and states(clinic, documents)[0] == "current"


def test_an_escalation_is_recorded_once_and_names_who_was_alerted(clinic: Clinic) -> None:
    desk, id = clinic.desk, clinic.waiting("Becker")
    with desk.store.reading() as unit:
        row = next(
            r for r in unit.queue(escalation.QueueFilter(scope="all"), clinic.session.user.id,
                                  clinic.clock.now()) if r.id == id
        )  # fmt: skip
    at = escalates_at(desk.catalogue.triage, TriageLevel(row.level), row.deadline)
    clinic.clock.at = at - timedelta(seconds=1)
    assert id not in {a.consultation for a in escalation.escalate(desk, clinic.session)}
    clinic.clock.at = at
    nurse = clinic.colleague(Role.NURSE, "nurse")
    first = {a.consultation: a for a in escalation.escalate(desk, nurse)}
    assert first[id].names == ()  # a nurse's desk tells; only prescribers are alerted
    for _ in range(3):
        escalation.escalate(desk, clinic.session)
    other = clinic.colleague()
    alerts = {a.consultation: a for a in escalation.escalate(desk, other)}
    assert alerts[id].names == (clinic.session.user.name, other.user.name)
    assert alerts[id].since == at
    with desk.store.reading() as unit:
        entries = unit.audit_of(id, (escalation.ESCALATED, escalation.ALERTED))
    assert [e.action.split(".")[1] for e in entries] == ["escalated", "alerted", "alerted"]
    assess.record_contact(desk, clinic.session, id, tried(clinic))
    assert id not in {a.consultation for a in escalation.escalate(desk, clinic.session)}


def test_the_strip_names_them(clinic: Clinic) -> None:
    queue = QueuePresenter(clinic.desk, clinic.session, InlineJobs())
    queue.escalate = lambda: escalation.escalate(clinic.desk, clinic.session)
    clinic.clock.later(hours=2)
    queue.load()
    assert queue.state.emergent is not None
    assert f"Alerted: {clinic.session.user.name}." in queue.state.emergent.detail


def test_a_level_by_hand_escalates_by_its_own_target(clinic: Clinic) -> None:
    desk, id = clinic.desk, clinic.waiting("Mwangi")
    triage.set_level(desk, clinic.session, id, TriageLevel.URGENT, "called the clinic twice")
    clinic.clock.later(hours=4)
    assert id in {a.consultation for a in escalation.escalate(desk, clinic.session)}


# -- holds of decisions 5 -------------------------------------------------------------------------


def test_failed_contraception_holds_until_a_new_test_and_counselling(clinic: Clinic) -> None:
    hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    assert hand.appraisal.gate.is_open
    hand.fact("contraception.unprotected", True)
    hand.fact("contraception.failed_on", TODAY - timedelta(days=1))
    finding = hand.finding("CON-FAIL")
    assert (finding.level.name, finding.reasons) == ("HOLD", ())
    control = finding.control
    assert control is not None and "contraception.counselled_on" in control.names
    answer = hand.sign()
    assert isinstance(answer, sign.Blocked) and "CON-FAIL" in answer.because
    clinic.assert_unsigned(hand.id)
    hand.fact("contraception.counselled_on", TODAY)
    assert "CON-FAIL" in hand.appraisal.gate.because  # counselled, and not tested since
    hand.fact("contraception.counselled_on", None)
    hand.pregnancy_test("negative", TODAY)
    assert "CON-FAIL" in hand.appraisal.gate.because  # tested, and not counselled
    hand.fact("contraception.counselled_on", TODAY)
    assert hand.finding("CON-FAIL").level.name == "INFO"
    hand.reasons()
    assert isinstance(hand.sign(), sign.Signed)


def test_item_nine_holds_until_a_contact_and_an_assessment_of_the_same_day(clinic: Clinic) -> None:
    hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    hand.fact("mood.phq2", 3)
    hand.fact("mood.item9", 1)
    finding = hand.finding("ISO-SI-SCREEN")
    assert (finding.level.name, finding.reasons) == ("HOLD", ())
    control = finding.control
    assert control is not None and (control.kind, control.names) == (
        "contact", ("mood.assessed_on",),
    )  # fmt: skip
    assert "ISO-SI-SCREEN" in hand.appraisal.gate.because
    hand.fact("mood.assessed_on", TODAY)
    assert "ISO-SI-SCREEN" in hand.appraisal.gate.because  # assessed, and nobody reached
    assess.record_contact(clinic.desk, clinic.session, hand.id, tried(clinic))
    hand.reload()
    assert "ISO-SI-SCREEN" in hand.appraisal.gate.because  # a try that reached nobody
    hand.contact()
    hand.fact("mood.assessed_on", TODAY - timedelta(days=1))
    assert "ISO-SI-SCREEN" in hand.appraisal.gate.because  # assessed on another day
    hand.fact("mood.assessed_on", TODAY)
    assert hand.finding("ISO-SI-SCREEN").level.name == "WARN"
    assert "ISO-SI-SCREEN" in hand.appraisal.gate.because  # a warning is seen with one key
    hand.reasons()
    assert "ISO-SI-SCREEN" not in hand.appraisal.gate.because
