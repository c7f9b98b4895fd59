"""From a consultation to facts: what was answered and still holds, and everything computed from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from workstation.domain.clinical_case import Case, Content, DerivationRules
from workstation.domain.consultation import Consultation
from workstation.domain.courses import earlier_end, had_earlier, rems_from
from workstation.domain.dates import age_years, day_in
from workstation.domain.derived_dose import course_facts, dose_facts, weight_facts
from workstation.domain.derived_laboratory import baseline_facts, laboratory_facts, plan_facts
from workstation.domain.derived_medicines import ISOTRETINOIN, listed, medicines
from workstation.domain.derived_pregnancy import (
    category_changed,
    contraception_facts,
    failure_day,
    pregnancy_facts,
    pregnancy_results,
)
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Facts, FactValue, GrowingFacts
from workstation.domain.freshness import holding, is_stale
from workstation.domain.indications import proposed
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.rems_record import NEGATIVE, RemsRecord, Supplied, pregnancy_tests
from workstation.domain.rems_windows import Category
from workstation.domain.triage import (
    Triage,
    TriageRules,
    as_handled,
    assess_symptoms,
    assess_triage,
)

__all__ = [
    "Case",
    "Content",
    "DerivationRules",
    "derive",
    "derive_with_triage",
    "rems_record",
    "triage_of",
    "triage_with_plan",
    "with_plan",
]
DERIVED_FROM = "worked out"
_AFTER_TRIAGE = frozenset(
    {"triage.level", "symptoms.action", "labs.later_missing", "labs.later_due"}
)
_STOPS = {"stop_now": "stop"}


def derive(case: Case) -> Facts:
    """The facts that hold on ``case.today``: fresh answers, and every computed fact.

    ``case`` holds the supplies of one course (``courses.of_this_course``).
    Protocol tests that are due later need the plan: see ``with_plan``.
    """
    return derive_with_triage(case)[0]


def derive_with_triage(case: Case) -> tuple[Facts, Triage]:
    """``derive``, with the triage that was worked out on the way."""
    rules, registry = case.catalogue.derivation, case.catalogue.facts
    said = (*case.consultation.facts, *case.recorded)
    facts = GrowingFacts(
        holding(said, registry, case.today, rules.visit_days, case.consultation.patient.born),
        registry,
        DERIVED_FROM,
    )
    for stage in (
        *(listed, _visit, _patient, _indication, medicines, _course, _pregnancy, _laboratory),
        _protocol,
    ):
        facts.add(stage(case, facts), case.today)
    found = triage_of(case.catalogue.triage, facts, case.consultation)
    facts.add(_triage(case, facts, found), case.today)
    return facts.done(), found


def with_plan(case: Case, facts: Facts, plan: MonitoringPlan | None) -> Facts:
    """``facts`` with the protocol tests that are due by ``plan`` and missing."""
    if plan is None or not case.consultation.dispensed:
        return facts
    growing = GrowingFacts(facts, case.catalogue.facts, DERIVED_FROM)
    growing.add(plan_facts(plan, case.today), case.today)
    return growing.done()


def triage_with_plan(case: Case, facts: Facts, found: Triage) -> Triage:
    """The triage on the facts of ``with_plan``: ``found``, unless a red flag reads what was added."""
    rules = case.catalogue.triage
    if rules.reads.isdisjoint(_AFTER_TRIAGE):
        return found
    return triage_of(rules, facts, case.consultation)


def rems_record(case: Case, facts: Facts) -> RemsRecord:
    """What is on record for the REMS of this patient."""
    category = facts.value("pregnancy.category")
    regular = {"regular": True, "irregular": False, "no_bleed": False}
    methods = facts.value("contraception.methods")
    since = rems_from(case, facts)
    return RemsRecord(
        category=None if category is None else Category(category),
        prescriber_certified=_flag(facts, "rems.prescriber_enrolled"),
        enrolled_on=_day(facts, "rems.enrolled_on"),
        consent_on=_day(facts, "rems.consent_on"),
        methods=methods if isinstance(methods, tuple) else (),
        contraception_start=_day(facts, "contraception.started"),
        # A test that is not negative holds until it is ruled out, whichever course it was of.
        tests=tuple(
            test
            for test in pregnancy_tests(case.results)
            if since is None or test.collected > since or test.value != NEGATIVE
        ),
        failure_on=failure_day(facts, pregnancy_results(case.results, case.today)),
        visit_on=case.today,
        confirmed_on=_day(facts, "rems.confirmed_on"),
        questions_on=_day(facts, "rems.questions_on"),
        supplies=tuple(Supplied(s.on, s.days) for s in _supplies_after(case, since)),
        last_dose=None,
        menses_on=_day(facts, "pregnancy.last_period"),
        regular_menses=regular.get(str(facts.value("pregnancy.cycle"))),
    )


# -- stages ------------------------------------------------------------------------------------


def _visit(case: Case, facts: Facts) -> dict[str, FactValue]:
    zone = case.clinic.time_zone
    contacts = [c for c in case.consultation.contacts if c.at >= case.consultation.submitted_at]
    issue_on = case.issue_on or case.today
    values: dict[str, FactValue] = {
        "visit.today": case.today,
        "visit.submitted_on": day_in(zone, case.consultation.submitted_at),
        "visit.first": not case.consultation.dispensed,
        "contact.recorded": bool(contacts),
        "rems.rules_dated": bool(case.clinic.rems_2026_effective),
        "prescription.issue_on": issue_on,
        "prescription.issue_in_future": issue_on > case.today,
    }
    reached = [day_in(zone, c.at) for c in contacts if c.reached == "yes"]
    if reached:
        values["contact.reached_on"] = max(reached)
    enrolled = facts.get("rems.patient_enrolled")
    if enrolled is not None and enrolled.value is True:
        values["rems.enrolled_on"] = enrolled.as_of
    address = case.consultation.patient.address
    state = address.state.strip().upper() if address is not None else ""
    if state:
        values["patient.state"] = state
    if state and case.prescriber is not None:
        held = {licence.state.strip().upper() for licence in case.prescriber.licences}
        values["prescription.licensed"] = state in held
    return values


def _patient(case: Case, facts: Facts) -> dict[str, FactValue]:
    age = age_years(case.consultation.patient.born, case.today)
    values: dict[str, FactValue] = {"patient.age": age}
    laws = case.catalogue.prescription
    law = laws.state(str(facts.value("patient.state") or ""))
    majorities = laws.majorities if law is None else (law.age_of_majority,)
    if majorities and len({age < majority for majority in majorities}) == 1:
        values["patient.minor"] = age < max(majorities)
    weighed = facts.get("patient.weight")
    if weighed is not None:
        spec = case.catalogue.facts["patient.weight"]
        measured = facts.value("patient.weight_on")
        on = measured if isinstance(measured, date) and measured <= case.today else weighed.as_of
        values["patient.weight_on"] = on
        values["patient.weight_stale"] = is_stale(spec, replace(weighed, as_of=on), case.today)
    return values


def _indication(case: Case, facts: Facts) -> dict[str, FactValue]:
    values: dict[str, FactValue] = {}
    if case.counts.active_deep_scarring is not None:
        values["severity.scarring"] = case.counts.active_deep_scarring
    if case.decision is not None and case.decision.icd10.strip():
        values["indication.icd10"] = case.decision.icd10.strip()
    if case.decision is not None and case.decision.indication.strip():
        values["indication.text"] = case.decision.indication.strip()
    icd10 = values.get("indication.icd10", facts.value("indication.icd10"))
    if isinstance(icd10, str):
        values["indication.acne"] = icd10.startswith(case.catalogue.derivation.acne_icd10)
    else:
        asked_for = proposed(case.catalogue.indications, case.consultation.request)
        if asked_for is not None and not asked_for.acne:
            values["indication.acne"] = False
    if values.get("indication.acne") is not False:  # the count rubric judges acne alone
        values["severity.grade"] = case.grade
        values["severity.nodules"] = case.counts.nodules_cysts
    return values


def _course(case: Case, facts: Facts) -> dict[str, FactValue]:
    medicine = case.catalogue.medicines[ISOTRETINOIN]
    dispensed = case.consultation.dispensed
    weight = _weight(facts)
    return {
        **course_facts(
            facts,
            (
                *(course.cumulative for course in case.consultation.prior_courses),
                *(None for end in case.consultation.ended if end.of_course),
            ),
            medicine,
            previous=had_earlier(case, facts),
            last_dose=earlier_end(case, facts),
            dispensed=dispensed,
            long_course_days=case.catalogue.derivation.long_course_days,
            today=case.today,
        ),
        **weight_facts(weight, dispensed),
        **dose_facts(case.regimen, medicine, weight, dispensed),
    }


def _pregnancy(case: Case, facts: Facts) -> dict[str, FactValue]:
    content, results = case.catalogue, case.results
    since = rems_from(case, facts)
    return {
        **pregnancy_facts(
            case.rems,
            results,
            content.tests,
            content.thresholds,
            facts,
            last_supply=max((s.on for s in _supplies_after(case, since)), default=None),
            course_from=since,
            positive_days=content.derivation.positive_days,
            pregnancy_days=content.derivation.pregnancy_days,
            today=case.today,
            rems_today=case.rems_today,
            begun_unsure=case.begun_unsure,
        ),
        "pregnancy.category_changed": category_changed(facts, case.past),
        **contraception_facts(
            facts, content.contraception, results, content.tests, content.thresholds, case.today
        ),
    }


def _laboratory(case: Case, facts: Facts) -> dict[str, FactValue]:
    content = case.catalogue
    return laboratory_facts(case.results, content.tests, content.thresholds, facts, case.today)


def _protocol(case: Case, facts: Facts) -> dict[str, FactValue]:
    content = case.catalogue
    return baseline_facts(
        case.results,
        content.tests,
        content.thresholds,
        content.plan_rules,
        content.protocols,
        facts,
        chosen=case.protocols.in_force,
        first_supply=min((s.on for s in case.consultation.dispensed), default=None),
        today=case.today,
    )


def _supplies_after(case: Case, since: date | None) -> tuple[Dispensed, ...]:
    """Supplies of this course that prove something for the months to come (``rems_from``)."""
    return tuple(s for s in case.consultation.dispensed if since is None or s.on > since)


def triage_of(rules: TriageRules, facts: Facts, consultation: Consultation) -> Triage:
    """The triage of a consultation as people have dealt with it so far."""
    return as_handled(
        rules,
        assess_triage(rules, facts, consultation.waits_since),
        received=consultation.level_received,
        called=consultation.called,
        change=consultation.level_change,
        since=consultation.waits_since,
    )


def _triage(case: Case, facts: Facts, found: Triage) -> dict[str, FactValue]:
    rules = case.catalogue.triage
    values: dict[str, FactValue] = {"triage.level": found.level.name}
    if "symptoms.now" in facts:
        action = assess_symptoms(rules, facts).action
        values["symptoms.action"] = _STOPS.get(action, action)
    return values


# -- pieces ------------------------------------------------------------------------------------


def _weight(facts: Facts) -> Decimal | None:
    value = facts.value("patient.weight")
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return Decimal(value)


def _day(facts: Facts, name: str) -> date | None:
    value = facts.value(name)
    return value if isinstance(value, date) else None


def _flag(facts: Facts, name: str) -> bool | None:
    value = facts.value(name)
    return value if isinstance(value, bool) else None
