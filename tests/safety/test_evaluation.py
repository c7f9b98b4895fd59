"""How findings come about: reasons bound to facts, counselling, subsumption, order, explanations."""

from __future__ import annotations

from datetime import date, timedelta

from tests.safety.answers import EXAMPLE_DAY, answer, finding, levels, reason, shipped
from workstation.domain.safety import Level

CLINIC = shipped()
IBD = {"history__bowel_disease": True}


def test_a_coded_reason_opens_an_override_and_other_needs_words() -> None:
    facts = CLINIC.with_answers(**IBD)
    found = finding(CLINIC.evaluate(facts), "ISO-IBD")
    assert found.is_open
    for code, text, accepted in (
        ("in_remission", "", True),
        ("acknowledged", "", False),
        ("invented", "long enough to be a text", False),
        ("other", "too short", False),
        ("other", "ten letters", True),
        ("other", "          ", False),
    ):
        again = finding(CLINIC.evaluate(facts, reasons=(reason(found, code, text),)), "ISO-IBD")
        assert again.is_open is not accepted, code
        assert (again.reason is not None) is accepted


def test_a_warning_takes_one_key() -> None:
    facts = CLINIC.with_answers(history__hearing_loss=True)
    found = finding(CLINIC.evaluate(facts), "ISO-HEAR")
    given = reason(found, "acknowledged")
    assert not finding(CLINIC.evaluate(facts, reasons=(given,)), "ISO-HEAR").is_open


def test_other_facts_ask_for_a_new_reason() -> None:
    facts = CLINIC.with_answers(mood__history=True)
    given = reason(finding(CLINIC.evaluate(facts), "ISO-DEP"), "stable_on_treatment")
    assert not finding(CLINIC.evaluate(facts, reasons=(given,)), "ISO-DEP").is_open
    worse = CLINIC.with_answers(mood__history=True, mood__phq2=2)
    assert finding(CLINIC.evaluate(worse, reasons=(given,)), "ISO-DEP").is_open


def test_a_day_later_the_same_facts_keep_the_reason() -> None:
    facts = CLINIC.with_answers(**IBD)
    given = reason(finding(CLINIC.evaluate(facts), "ISO-IBD"), "in_remission")
    later = facts.with_facts([answer("visit.today", EXAMPLE_DAY + timedelta(days=1))])
    assert not finding(CLINIC.evaluate(later, reasons=(given,)), "ISO-IBD").is_open


def test_a_reason_of_another_finding_does_not_count() -> None:
    facts = CLINIC.with_answers(history__bowel_disease=True, history__pancreatitis=True)
    first = CLINIC.evaluate(facts)
    given = reason(finding(first, "ISO-IBD"), "other", "a text that is long enough")
    assert finding(CLINIC.evaluate(facts, reasons=(given,)), "ISO-PANC").is_open


def test_counselling_is_said_once_a_course_and_again_when_a_fact_changes() -> None:
    facts = CLINIC.with_answers(donation__blood=True)
    found = finding(CLINIC.evaluate(facts), "ISO-DONOR")
    assert (found.group, found.level) == ("counsel", Level.WARN)
    given = reason(found, "acknowledged")
    today = finding(CLINIC.evaluate(facts, reasons=(given,)), "ISO-DONOR")
    assert (today.level, today.is_open) == (Level.WARN, False)
    month = facts.with_facts([answer("visit.today", EXAMPLE_DAY + timedelta(days=30))])
    assert finding(CLINIC.evaluate(month, reasons=(given,)), "ISO-DONOR").level is Level.INFO
    eyes = CLINIC.with_answers(eyes__risks=("night_driving",))
    told = reason(finding(CLINIC.evaluate(eyes), "ISO-EYE"), "acknowledged")
    more = CLINIC.with_answers(
        eyes__risks=("night_driving", "laser_surgery_planned"),
        visit__today=EXAMPLE_DAY + timedelta(days=30),
    )
    assert finding(CLINIC.evaluate(more, reasons=(told,)), "ISO-EYE").is_open


def test_findings_stand_highest_first_then_in_table_order() -> None:
    facts = CLINIC.with_answers(
        history__bowel_disease=True, mood__history=True, medicines__vitamin_a=True
    )
    evaluation = CLINIC.evaluate(facts)
    assert [f.code for f in evaluation.findings] == ["ISO-VITA", "ISO-IBD", "ISO-DEP"]
    assert evaluation.level is Level.HOLD


def test_a_positive_test_makes_the_missing_one_redundant() -> None:
    facts = CLINIC.with_answers(
        pregnancy__category="CGP", pregnancy__now=True, pregnancy__test__state="none"
    )
    assert "ISO-PREG-UNK" not in levels(CLINIC.evaluate(facts))
    assert levels(CLINIC.evaluate(facts))["ISO-PREG-POS"] is Level.STOP


def test_of_two_at_one_level_the_one_that_says_both_stays() -> None:
    facts = CLINIC.with_answers(history__liver_disease=True, labs__alt__action="reduce_repeat_2w")
    found = levels(CLINIC.evaluate(facts))
    assert found["ISO-LIVER"] is Level.OVERRIDE and "LAB-ALT" not in found
    alone = CLINIC.with_answers(labs__alt__action="reduce_repeat_2w")
    assert levels(CLINIC.evaluate(alone))["LAB-ALT"] is Level.OVERRIDE


def test_ideation_makes_the_screening_redundant() -> None:
    facts = CLINIC.with_answers(mood__phq2=5, mood__item9=3, mood__ideation=True)
    found = levels(CLINIC.evaluate(facts))
    assert found["ISO-SI"] is Level.STOP
    assert "ISO-SI-SCREEN" not in found


def test_questions_for_others_wait_for_the_category() -> None:
    facts = CLINIC.with_answers("pregnancy.category", "pregnancy.now", "contraception.methods")
    found = set(levels(CLINIC.evaluate(facts)))
    assert "ASK-CATEGORY" in found
    assert not found & {"ASK-PREG", "ASK-CONTRACEPTION"}
    able = CLINIC.with_answers("pregnancy.now", pregnancy__category="CGP")
    assert "ASK-PREG" in levels(CLINIC.evaluate(able))


def test_a_computed_fact_nobody_could_compute_is_shown_as_such() -> None:
    found = finding(
        CLINIC.evaluate(CLINIC.with_answers("prescription.licensed")), "RX-LICENSE-STATE"
    )
    assert found.level is Level.HOLD
    assert found.unknown == ("prescription.licensed",)
    assert found.detail.startswith("Not known:")


def test_a_finding_explains_itself() -> None:
    facts = CLINIC.with_answers(course__previous=True, course__pause_over=False).with_facts(
        [answer("course.last_dose", date(2026, 5, 1))]
    )
    found = finding(CLINIC.evaluate(facts), "ISO-2ND")
    assert "01\u2011May\u20112026" in found.detail
    assert {read.name for read in found.reads} == {"course.previous", "course.pause_over"}
    assert found.source.citation
    assert found.control is not None


def test_rules_of_every_prescription_hold_for_any_medicine() -> None:
    facts = CLINIC.with_answers(triage__level="EMERGENT", contact__recorded=False)
    assert levels(CLINIC.evaluate(facts, "azelaic_acid"))["TRIAGE-CONTACT"] is Level.HOLD


def test_the_digest_is_the_same_for_the_same_facts_only() -> None:
    one = finding(CLINIC.evaluate(CLINIC.with_answers(**IBD)), "ISO-IBD").facts_digest
    two = finding(CLINIC.evaluate(CLINIC.with_answers(**IBD)), "ISO-IBD").facts_digest
    assert one == two
    swapped = CLINIC.with_answers(eyes__risks=("night_driving", "contact_lenses_soft"))
    other = CLINIC.with_answers(eyes__risks=("contact_lenses_soft", "night_driving"))
    assert (
        finding(CLINIC.evaluate(swapped), "ISO-EYE").facts_digest
        == finding(CLINIC.evaluate(other), "ISO-EYE").facts_digest
    )


def test_a_medicine_without_rules_passes_the_rules_of_every_prescription(clinic) -> None:
    found = clinic.evaluate(clinic.safe, "water")
    every = {rule.code for rule in clinic.book.rules_of[""]}
    fired = {finding.code for finding in found.findings}
    assert {check.code for check in found.passed} <= every - fired
