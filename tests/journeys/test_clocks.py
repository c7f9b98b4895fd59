"""When the clock of a consultation runs: from what somebody could know, and never lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from clinic_day import NOW, TODAY, Clinic, Hand, with_plain_pages
from hypothesis import given
from hypothesis import strategies as st
from test_results_after_signing import alt, hcg, items, message

from tests.inline_jobs import InlineJobs
from workstation.domain.consultation import QueueRow, Status
from workstation.domain.dates import add_days
from workstation.domain.draft import DecisionDetail, DecisionKind, ItemKind, Key
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import ConsultationId
from workstation.domain.messages import PATIENT, Message
from workstation.domain.triage import TriageLevel, raised_since
from workstation.presenters.case import CaseFile
from workstation.presenters.contact import ContactPresenter, ContactState
from workstation.presenters.queue_rows import row_view
from workstation.workflow import assess, intake, messages, queue, results, sign, triage, void
from workstation.workflow.ports import QueueFilter
from workstation.workflow.void import EndReason

LOOK = {
    TriageLevel.EMERGENT: timedelta(minutes=15),
    TriageLevel.URGENT: timedelta(hours=4),
    TriageLevel.PRIORITY: timedelta(hours=24),
    TriageLevel.ROUTINE: timedelta(hours=48),
}


def row(clinic: Clinic, id: ConsultationId) -> QueueRow:
    page = queue.page(clinic.desk, clinic.session, QueueFilter(scope="all"))
    return next(one for one in page.rows if one.id == id)


def said(clinic: Clinic, id: ConsultationId) -> tuple[str, str, str]:
    """What the queue says of its waiting."""
    view = row_view(row(clinic, id), clinic.clock.now(), TODAY, clinic.session.user.id)
    return view.waiting, view.left, view.late


def runs_from(clinic: Clinic, id: ConsultationId) -> timedelta:
    """How long ago the target of the row's level began, by its deadline; the row says the same."""
    shown = row(clinic, id)
    begun = shown.deadline - LOOK[TriageLevel(shown.level)]
    assert shown.since == begun
    return clinic.clock.now() - begun


def test_a_red_flag_that_is_answered_at_the_desk_runs_from_the_answer(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    sent = clinic.look(hand.id).submitted_at
    clinic.clock.later(days=3)
    hand.fact("mood.ideation", True)
    # At once, while it is open here: every other desk sees it, with fifteen minutes to go.
    assert row(clinic, hand.id).level == TriageLevel.EMERGENT
    assert runs_from(clinic, hand.id) == timedelta(0)
    clinic.clock.later(minutes=5)
    hand.fact("mood.ideation", True)  # said again: the clock runs on
    assert runs_from(clinic, hand.id) == timedelta(minutes=5)
    assert said(clinic, hand.id)[1] == "10\u00a0min left"
    clinic.clock.later(minutes=12)
    assert said(clinic, hand.id)[1:] == ("2\u00a0min late", "late")
    hand.fact("mood.ideation", False)  # mistyped: the patient has waited since it was sent
    assert clinic.look(hand.id).waits_since == sent


def test_undo_of_an_alarming_answer_is_seen_by_every_desk_at_once(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    before = row(clinic, hand.id)
    clinic.clock.later(hours=3)
    hand.fact("mood.ideation", True)
    hand.annotate()

    def step(by: int) -> QueueRow:
        hand.revision = assess.move_cursor(
            clinic.desk, clinic.session, hand.id, hand.token, hand.revision, by
        )
        return row(clinic, hand.id)

    assert step(-1).level == TriageLevel.EMERGENT  # the annotation alone is taken back
    after = step(-1)
    assert (after.level, after.stands_out, after.deadline) == (
        before.level,
        before.stands_out,
        before.deadline,
    )
    clinic.clock.later(minutes=5)
    assert step(1).level == TriageLevel.EMERGENT  # and said again
    assert runs_from(clinic, hand.id) == timedelta(0)


def test_every_answer_that_can_raise_a_red_flag_is_looked_at(clinic: Clinic) -> None:
    names = assess.alarming(clinic.desk.catalogue)
    asked = {"mood.ideation", "mood.item9", "pregnancy.now", "symptoms.now", "medicines.now"}
    assert asked <= names
    assert not names & {"history.bowel_disease", "sport.strenuous", "consent.patient_on"}


def test_a_result_and_a_level_set_by_hand_run_from_then(clinic: Clinic, tmp_path: Path) -> None:
    id = clinic.waiting("Nguyễn")
    clinic.clock.later(days=2)
    triage.set_level(clinic.desk, clinic.session, id, TriageLevel.PRIORITY, "")
    assert runs_from(clinic, id) == timedelta(0)
    clinic.clock.later(hours=1)
    intake.take(clinic.desk, message(clinic.look(id), tmp_path, alt(201)))
    assert row(clinic, id).level == TriageLevel.URGENT and runs_from(clinic, id) == timedelta(0)
    clinic.clock.later(hours=1)
    intake.take(clinic.desk, message(clinic.look(id), tmp_path, alt(210), control="C-2"))
    assert runs_from(clinic, id) == timedelta(hours=1)  # the same level: not put off


def test_what_came_in_as_a_red_flag_runs_since_it_was_sent(clinic: Clinic) -> None:
    id = clinic.waiting("Becker")
    sent = clinic.look(id).submitted_at
    hand = clinic.take("Becker")
    clinic.clock.later(minutes=20)
    hand.fact("mood.ideation", True)
    assert clinic.clock.now() - runs_from(clinic, id) == sent


def test_what_comes_back_into_sight_waits_from_then(clinic: Clinic) -> None:
    id = clinic.waiting("Nguyễn")
    triage.defer(clinic.desk, clinic.session, id, add_days(TODAY, 7))
    clinic.clock.later(days=8)
    assert queue.wake(clinic.desk) == 1
    clinic.clock.later(hours=1)
    assert runs_from(clinic, id) == timedelta(hours=1) and not said(clinic, id)[2]
    asked = Message("ask_patient", "en", PATIENT, "Please send a photo from the left.\n")
    messages.ask_patient(clinic.desk, clinic.session, id, asked)
    clinic.clock.later(days=3)
    assert said(clinic, id)[0] == "paused"
    hand = clinic.take("Nguyễn")  # taken up without waiting any longer
    queue.release(clinic.desk, clinic.session, id, hand.token)
    assert runs_from(clinic, id) == timedelta(0)


def test_an_amendment_waits_since_it_was_opened(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    assert isinstance(hand.sign(), sign.Signed)
    clinic.clock.later(days=28)
    again = void.amend(clinic.desk, clinic.session, hand.id, EndReason("writing_error"))
    clinic.clock.later(minutes=30)
    assert runs_from(clinic, hand.id) == timedelta(minutes=30)
    assert row(clinic, hand.id).stands_out == "Opened to amend"
    assert said(clinic, hand.id)[0] == "30\u00a0min" and not said(clinic, hand.id)[2]
    # A red flag answered meanwhile goes before: it is what stands out, with a clock of its own.
    open_again = Hand(clinic.desk, clinic.session, hand.id, again.claim.token)
    open_again.fact("mood.ideation", True)
    assert row(clinic, hand.id).level == TriageLevel.EMERGENT
    assert runs_from(clinic, hand.id) == timedelta(0)
    assert row(clinic, hand.id).stands_out.startswith("Suicidal thoughts")


levels = st.sampled_from(sorted(TriageLevel))


@given(levels, st.lists(levels, min_size=1, max_size=8))
def test_the_clock_never_runs_from_before_a_level_was_known(
    received: TriageLevel, course: list[TriageLevel]
) -> None:
    start = NOW
    shown, since = received, None
    for hour, level in enumerate(course):
        now = start + timedelta(hours=hour)
        since = raised_since(level, shown=shown, received=received, raised_at=since, now=now)
        assert (since is None) is (level <= received)
        if level > max(shown, received):
            assert since == now
        elif since is not None:
            assert since < now  # no look at it puts it off
        shown = level


# -- signing


def test_a_signed_work_up_keeps_since_when_its_red_flag_is_known(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    id = clinic.waiting("Nwosu")
    clinic.clock.later(days=3)
    triage.set_level(clinic.desk, clinic.session, id, TriageLevel.URGENT, "")
    known = clinic.clock.now()
    hand = clinic.take("Nwosu")
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    clinic.clock.later(minutes=10)
    hand.contact()
    assert isinstance(hand.sign(), sign.Signed), hand.appraisal.gate
    assert clinic.look(id).status is Status.WAITING_FOR_WORK_UP
    after = row(clinic, id)
    assert (after.level, after.since) == (TriageLevel.URGENT, known)
    assert after.deadline == known + LOOK[TriageLevel.URGENT]


# -- a result that nobody called about outlives the consultation that it raised


def _letter(hand: Hand) -> None:
    detail = DecisionDetail("liver", "", TODAY)
    hand.put(
        "decision.detail", (Key.of(ItemKind.DETAIL, DecisionKind.STOP_TREATMENT.value), detail)
    )
    hand.decide(DecisionKind.STOP_TREATMENT)


def test_an_unread_urgent_result_is_put_off_by_no_letter(clinic: Clinic, tmp_path: Path) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand = clinic.take("Al-Hashimi")
    clinic.clock.later(minutes=1)
    intake.take(clinic.desk, message(clinic.look(hand.id), tmp_path, alt(201)))
    assert row(clinic, hand.id).level == TriageLevel.URGENT
    hand.reload()
    _letter(hand)
    clinic.clock.later(minutes=20)
    assert hand.appraisal.gate.is_open, hand.appraisal.gate
    assert isinstance(hand.sign(), sign.Signed)
    # The letter puts it off until the month after the last dose; the result brings it back.
    assert clinic.look(hand.id).status is Status.READY
    assert row(clinic, hand.id).level == TriageLevel.URGENT
    assert runs_from(clinic, hand.id) == timedelta(minutes=20)  # signing puts no clock off
    assert row(clinic, hand.id).stands_out.startswith("ALT 201")


def test_an_unread_urgent_result_outlives_a_consultation_that_is_closed(
    clinic: Clinic, tmp_path: Path
) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand = clinic.take("Al-Hashimi")
    intake.take(clinic.desk, message(clinic.look(hand.id), tmp_path, alt(201)))
    hand.reload()
    hand.put(
        "decision.detail",
        (
            Key.of(ItemKind.DETAIL, DecisionKind.DECLINE.value),
            DecisionDetail("other_first", "", None),
        ),
    )
    hand.decide(DecisionKind.DECLINE)
    clinic.clock.later(minutes=25)
    assert isinstance(hand.sign(), sign.Signed), hand.appraisal.gate
    assert clinic.look(hand.id).status is Status.CLOSED
    ((level, item),) = items(clinic)
    assert level == TriageLevel.URGENT
    assert runs_from(clinic, item) == timedelta(minutes=25)  # since the result is here
    seen = results.review(clinic.desk, clinic.session, item)
    assert seen is not None and seen.needs_contact
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    contact = ContactPresenter(case)
    shown: list[ContactState] = []
    contact.changed.subscribe(shown.append)
    case.open(item)
    assert shown[-1].answers == (("ALT", "201\u00a0U/L, 23\u2011Nov\u20112026"),)


def test_who_was_called_about_it_makes_no_item(clinic: Clinic, tmp_path: Path) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand = clinic.take("Al-Hashimi")
    intake.take(clinic.desk, message(clinic.look(hand.id), tmp_path, alt(201)))
    clinic.clock.later(minutes=1)
    hand.reload()
    hand.contact("Told to stop today")
    _letter(hand)
    assert isinstance(hand.sign(), sign.Signed)
    assert items(clinic) == [] and clinic.look(hand.id).status is Status.DEFERRED


def test_a_positive_test_during_an_amendment_outlives_its_giving_up(
    clinic: Clinic, tmp_path: Path
) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    hand.annotate()
    hand.reasons()
    assert isinstance(hand.sign(), sign.Signed), hand.appraisal.gate
    again = void.amend(clinic.desk, clinic.session, hand.id, EndReason("writing_error"))
    intake.take(clinic.desk, message(clinic.look(hand.id), tmp_path, hcg("Positive")))
    assert row(clinic, hand.id).level == TriageLevel.EMERGENT and items(clinic) == []
    void.give_up(clinic.desk, clinic.session, hand.id, again.claim.token)
    ((level, item),) = items(clinic)
    assert level == TriageLevel.EMERGENT
    seen = results.review(clinic.desk, clinic.session, item)
    assert seen is not None and seen.void is not None and seen.needs_contact


def test_a_positive_test_in_anothers_hands_is_seen_by_every_desk(
    clinic: Clinic, tmp_path: Path
) -> None:
    other = clinic.colleague()
    hand = clinic.take("Al-Hashimi", other)
    intake.take(clinic.desk, message(clinic.look(hand.id), tmp_path, hcg("Positive")))
    page = queue.page(clinic.desk, clinic.session, QueueFilter(scope="mine"))
    assert [one.id for one in page.flags if one.id == hand.id]  # though it is not mine
    fresh = assess.open_case(clinic.desk, other, hand.id, hand.token)
    hand.consultation = fresh.consultation
    assert "ISO-PREG-POS" in hand.appraisal.gate.because


def test_the_contact_step_counts_from_the_result_and_says_it_before_the_answers(
    clinic: Clinic, tmp_path: Path
) -> None:
    id = clinic.waiting("Al-Hashimi")
    clinic.clock.later(days=2)
    intake.take(clinic.desk, message(clinic.look(id), tmp_path, hcg("Positive")))
    clinic.clock.later(minutes=6)
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    shown: list[ContactState] = []
    contact = ContactPresenter(case)
    contact.changed.subscribe(shown.append)
    case.open(id)
    state = shown[-1]
    assert state.passed == "6\u00a0min" and not state.late
    assert state.answers[0][1] == "positive"
    # An answer at the desk that raises another one is not known since the patient wrote, either.
    other = clinic.waiting("Nguyễn")
    case.close()
    case.open(other)
    fact = Fact("mood.ideation", True, Origin.CLINICIAN, clinic.clock.today(), "recorded here")
    case.put("fact.recorded", ((Key.of(ItemKind.FACT, fact.name), fact),))
    clinic.clock.later(minutes=3)
    contact.tick()
    assert shown[-1].passed == "3\u00a0min" and shown[-1].emergent
