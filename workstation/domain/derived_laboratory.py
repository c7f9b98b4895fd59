"""Computed facts of the laboratory: what each newest result asks for, and which tests are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from workstation.domain.facts import Facts, FactValue
from workstation.domain.laboratory import (
    LabTest,
    Thresholds,
    action_for,
    combined_findings,
    limit_missing,
    own_value,
    preparation,
)
from workstation.domain.protocols import (
    MonitoringPlan,
    PlanRules,
    Protocol,
    baseline_result,
    choose_protocol,
    more_needed,
)
from workstation.domain.results import LabResult

ACTED_ON = ("alt", "ast", "tg", "ck", "glucose", "ldl", "potassium")
PREPARED = "tg"
MUSCLE = frozenset({"weakness", "dark_urine"})
CANNOT_ACT, NONE = "cannot_act", "none"
_PREGNANCY = frozenset({"T1", "T2", "monthly", "end", "post", "visit", "pick_up"})


def laboratory_facts(
    results: tuple[LabResult, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    facts: Facts,
    today: date,
) -> dict[str, FactValue]:
    """Action, value and day of the newest result of each test that acts, and combined findings."""
    known = tuple(r for r in results if r.collected <= today)
    of: dict[str, list[LabResult]] = {}
    for result in sorted(known, key=_taken):
        of.setdefault(result.test, []).append(result)
    values: dict[str, FactValue] = {}
    for name in ACTED_ON:
        if name in tests:
            _one(values, name, of.get(name, []), tests[name], thresholds, facts)
    codes = {code for code, _ in combined_findings(known, thresholds)}
    values["labs.hy"] = thresholds.combined.hy_code in codes
    values["labs.muscle"] = thresholds.combined.muscle_code in codes
    return values


def baseline_facts(
    results: tuple[LabResult, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    rules: PlanRules,
    protocols: Mapping[str, Protocol],
    facts: Facts,
    *,
    chosen: Protocol | None,
    first_supply: date | None,
    today: date,
) -> dict[str, FactValue]:
    """Which baseline tests are missing before the first supply, and whether monthly tests apply.

    A result from which nothing may be concluded (not fasting, no upper limit) is no baseline.
    """
    known = tuple(r for r in results if r.collected <= today)
    start = first_supply or today
    reasons = more_needed(rules, facts, tests, thresholds, known, start)
    choice = choose_protocol(protocols, rules, chosen, reasons)
    values: dict[str, FactValue] = {
        "labs.monthly_advised": bool(reasons),
        "labs.monthly_chosen": choice.during.monthly,
    }
    missing: tuple[str, ...] = ()
    if first_supply is None:
        drinks = drinks_of(facts)
        missing = tuple(
            test
            for test in choice.baseline.baseline
            if not _usable(test, known, tests, thresholds, rules, start, drinks)
        )
        values["labs.later_missing"] = ()
        values["labs.later_due"] = False
    values["labs.baseline_missing"] = missing
    values["labs.baseline_due"] = bool(missing)
    return values


def plan_facts(plan: MonitoringPlan, today: date) -> dict[str, FactValue]:
    """Protocol tests whose day has come without a usable result."""
    missing = tuple(
        dict.fromkeys(
            point.test
            for point in plan.tests
            if point.role not in _PREGNANCY
            and (point.state == "missing" or (point.state == "due" and point.due <= today))
        )
    )
    return {"labs.later_missing": missing, "labs.later_due": bool(missing)}


def drinks_of(facts: Facts) -> bool | None:
    """Whether the patient drinks alcohol; None when not known."""
    most = facts.value("alcohol.most")
    return None if most is None else bool(most)


def _taken(result: LabResult) -> tuple[date, datetime]:
    return result.collected, result.recorded_at


def _one(
    values: dict[str, FactValue],
    name: str,
    results: list[LabResult],
    test: LabTest,
    thresholds: Thresholds,
    facts: Facts,
) -> None:
    """Add to ``values`` what the results of one test, oldest first, come to.

    The newest decides, unless an older one asked for something that it does not let go of.
    """
    key = f"labs.{name}"
    if not results:
        values[f"{key}.action"] = NONE
        values[f"{key}.limit_missing"] = False
        if name == PREPARED:
            values[f"{key}.preparation"] = NONE
        return
    drinks = drinks_of(facts)
    condition = "muscle_symptoms" if name == "ck" and _muscle_symptoms(facts) else ""
    action: str | None = None
    result = newest = results[-1]
    for one in results:
        band = action_for(test, one, thresholds, condition=condition, drinks=drinks)
        before, now = action, None if band is None else band.action
        action = thresholds.standing.after(before, now)
        if now is not None or action is None:
            result = one  # what cannot be judged is not shown as what is in force
    values[f"{key}.action"] = CANNOT_ACT if action is None else action
    values[f"{key}.on"] = result.collected
    values[f"{key}.limit_missing"] = limit_missing(test, newest, thresholds)
    number = own_value(test, result, thresholds)
    if number is not None:
        values[f"{key}.value"] = number
    if name == PREPARED:
        values[f"{key}.preparation"] = preparation(test, result, thresholds, drinks)


def _muscle_symptoms(facts: Facts) -> bool:
    reported = facts.value("symptoms.now")
    return isinstance(reported, tuple) and not MUSCLE.isdisjoint(reported)


def _usable(
    wanted: str,
    results: tuple[LabResult, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    rules: PlanRules,
    start: date,
    drinks: bool | None,
) -> bool:
    result = baseline_result(rules, tests, wanted, results, start)
    if result is None:
        return False
    test = tests.get(result.test)
    if test is None or not thresholds.of(test.id):
        return test is not None
    return action_for(test, result, thresholds, drinks=drinks) is not None
