"""A second course: what an ended one took, tested and talked through proves nothing for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.safety import cases
from tests.safety.cases import case, judged, lab, said
from tests.safety.test_derivation import able, levels
from workstation.domain.consultation import PriorCourse, RequestKind, TreatmentEnd
from workstation.domain.courses import of_this_course
from workstation.domain.derivation import derive, rems_record
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import DecisionChoice, DecisionKind, Draft, Reason
from workstation.domain.facts import Origin
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.rems_checklist import RemsEntry
from workstation.domain.results import TestSetting
from workstation.domain.safety import Level
from workstation.workflow.following import Situation, follow

LAST = date(2025, 6, 30)
OLD = (
    Dispensed(date(2025, 5, 2), Decimal(40), 30, "conventional", Decimal(60)),
    Dispensed(date(2025, 6, 1), Decimal(40), 30, "conventional", Decimal(60)),
)
NEW = Dispensed(date(2026, 5, 10), Decimal(30), 30, "conventional", Decimal(60))
OLD_T1 = lab("hcg_urine", "negative", date(2025, 3, 1), role="T1")
OLD_T2 = lab("hcg_urine", "negative", date(2025, 4, 28), role="T2")
AT_HOME = lab("hcg_urine", "negative", date(2026, 6, 8), role="monthly", setting=TestSetting.HOME)
SEEN = said("pregnancy.test.process_on", date(2026, 6, 9), Origin.CLINICIAN)
ENDED = TreatmentEnd(LAST, of_course=True)
STOPPED = TreatmentEnd(LAST, of_course=False)
NEVER = said("course.previous", False)
BEFORE = (said("course.previous", True), said("course.last_dose", LAST))
AMOUNT = said("course.cumulative_before", Decimal(110))
MONTH = RequestKind.ISOTRETINOIN_MONTH


def judged_course(of):
    narrowed = of_this_course(of)
    facts = derive(narrowed)
    return facts, levels(judged(narrowed, facts))


@pytest.mark.parametrize(
    ("answers", "changes"),
    [
        ((NEVER, AMOUNT), {"ended": (ENDED,)}),
        ((*BEFORE, AMOUNT), {}),
        ((AMOUNT,), {"prior_courses": (PriorCourse(LAST, Decimal(110)),)}),
    ],
    ids=["signed here, denied", "answered", "reported"],
)
def test_one_test_at_home_never_opens_a_second_course(answers, changes) -> None:
    of = able(
        *answers, SEEN, results=(OLD_T1, OLD_T2, AT_HOME), dispensed=OLD, request=MONTH, **changes
    )
    facts, found = judged_course(of)
    assert facts.value("pregnancy.test.state") == "setting"
    assert found["IPL-TEST-SETTING"] is Level.HOLD
    assert facts.value("visit.first") is True
    assert facts.value("course.cumulative") == Decimal(1200) / 60, "of this course alone"


def test_a_second_course_is_open_with_both_tests_of_its_own() -> None:
    t1 = lab("hcg_urine", "negative", date(2026, 5, 1), role="T1")
    t2 = lab("hcg_urine", "negative", date(2026, 6, 6), role="T2")
    period = said("pregnancy.last_period", date(2026, 6, 4))
    of = able(
        NEVER, AMOUNT, period, results=(OLD_T1, OLD_T2, t1, t2), dispensed=OLD, ended=(ENDED,)
    )
    facts, found = judged_course(of)
    assert facts.value("pregnancy.test.state") == "valid"
    assert facts.value("course.last_dose") == LAST
    assert "ISO-2ND" not in found, "the pause counts to the start of this course"
    assert max(found.values()) <= Level.INFO


def test_a_month_of_a_second_course_goes_on_from_its_own_supplies() -> None:
    of = able(
        NEVER,
        AMOUNT,
        SEEN,
        results=(AT_HOME,),
        dispensed=(*OLD, NEW),
        ended=(ENDED,),
        request=MONTH,
    )
    narrowed = of_this_course(of)
    assert narrowed.consultation.dispensed == (NEW,)
    on_the_last_day = replace(OLD[1], on=LAST)  # one capsule of it was the last
    more = replace(of.consultation, dispensed=(*OLD, on_the_last_day, NEW))
    assert of_this_course(replace(of, consultation=more)).consultation.dispensed == (NEW,)
    facts, found = judged_course(of)
    assert facts.value("pregnancy.test.state") == "valid"
    assert "ISO-2ND" not in found
    assert [s.on for s in rems_record(narrowed, facts).supplies] == [NEW.on]


def test_a_course_that_ended_here_cannot_be_denied() -> None:
    facts, found = judged_course(
        case(NEVER, dispensed=OLD, ended=(ENDED,), without=["course.cumulative_before"])
    )
    assert facts.value("course.previous") is True
    assert found["ASK-COURSE-DOSE"] is Level.HOLD


def test_what_the_clinic_signed_is_not_taken_back_by_an_earlier_answer() -> None:
    answer = said("course.last_dose", date(2024, 1, 31))
    soon = TreatmentEnd(date(2026, 5, 20), of_course=True)
    facts, found = judged_course(case(said("course.previous", True), answer, ended=(soon,)))
    assert facts.value("course.last_dose") == date(2026, 5, 20)
    assert found["ISO-2ND"] is Level.HOLD


def test_an_end_nobody_knows_stays_unknown() -> None:
    of = case(dispensed=OLD, prior_courses=(PriorCourse(None, None),), ended=(ENDED,))
    facts, found = judged_course(of)
    assert facts.value("course.last_dose") is None
    assert found["ASK-COURSE-END"] is Level.HOLD


@pytest.mark.parametrize(
    ("last", "expected"),
    # Contraception is needed through the later of 30 days and a month; today is 10-Jun-2026.
    [(date(2026, 5, 10), "process"), (date(2026, 5, 9), "setting")],
)
def test_treatment_that_was_stopped_begins_anew_after_the_month_of_contraception(
    last, expected
) -> None:
    of = able(
        NEVER,
        results=(OLD_T1, OLD_T2, AT_HOME),
        dispensed=OLD,
        ended=(TreatmentEnd(last, of_course=False),),
    )
    facts = derive(of_this_course(of))
    assert facts.value("pregnancy.test.state") == expected
    assert facts.value("visit.first") is False, "it is the same course: its dose counts on"
    assert facts.value("course.cumulative") == Decimal(3 * 1200) / 60


def test_a_supply_after_the_stop_goes_on() -> None:
    of = able(
        NEVER, SEEN, results=(AT_HOME,), dispensed=(*OLD, NEW), ended=(STOPPED,), request=MONTH
    )
    assert derive(of_this_course(of)).value("pregnancy.test.state") == "valid"


def test_ending_a_course_again_is_about_what_was_taken() -> None:
    ends = DecisionChoice(DecisionKind.END_COURSE, "", "", None)
    of = case(dispensed=OLD, ended=(ENDED,), decision=ends)
    assert of_this_course(of) is of


@pytest.mark.parametrize(
    ("last", "concerns"), [(date(2026, 5, 10), True), (date(2026, 5, 9), False)]
)
def test_just_after_the_end_the_medicine_still_concerns_a_pregnancy(last, concerns) -> None:
    ended = TreatmentEnd(last, of_course=True)
    of = case(dispensed=OLD, ended=(ended,), request=RequestKind.RESULT)
    assert derive(of_this_course(of)).value("course.on_isotretinoin") is concerns


def followed(of, **earlier):
    situation = Situation(
        cases.content(), cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY, **earlier
    )
    return follow(of, Draft.empty(ConsultationId("c")), situation)


@pytest.mark.parametrize(("ended", "level"), [((), Level.INFO), ((ENDED,), Level.WARN)])
def test_counselling_is_given_once_a_course_not_once_a_life(ended, level) -> None:
    of = case(
        said("eyes.risks", ("contact_lenses_soft",)), NEVER, AMOUNT, dispensed=OLD, ended=ended
    )
    asked = next(f for f in followed(of).evaluation.findings if f.code == "ISO-EYE")
    assert asked.level is Level.WARN
    then = Reason("ISO-EYE", "acknowledged", "", UserId("u"), LAST, asked.facts_digest)
    found = followed(of, earlier_reasons=(then,)).evaluation.findings
    assert next(f for f in found if f.code == "ISO-EYE").level is level


@pytest.mark.parametrize(("ended", "stands"), [((), True), ((ENDED,), False)])
def test_an_entry_of_the_course_before_confirms_nothing_of_this_one(ended, stands) -> None:
    of = able(NEVER, AMOUNT, results=(OLD_T1,), dispensed=OLD, ended=ended)
    start = followed(of).site()[0].rows[0]
    then = RemsEntry(start.key, LAST, UserId("u"), "A B", start.value)
    again = followed(of, earlier_entries=(then,)).site()[0].rows[0]
    assert (again.entry == then) is stands
