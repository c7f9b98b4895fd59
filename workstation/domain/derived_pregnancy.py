"""Computed facts of the REMS: which pregnancy test holds, its window, and the methods in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workstation.domain.consultation import PastVisit
from workstation.domain.contraception import (
    ContraceptionLists,
    check_pair,
    pair_notes,
    uses_hormones,
)
from workstation.domain.dates import add_days
from workstation.domain.facts import Facts, FactValue, Origin
from workstation.domain.laboratory import LabTest, Thresholds, action_for
from workstation.domain.rems_record import confirmation_test, screening_test
from workstation.domain.rems_windows import (
    Category,
    RemsRules,
    check_setting,
    earliest_confirmation,
    hours_left,
    in_menses,
    last_pick_up,
)
from workstation.domain.results import LabResult, TestSetting

CATEGORY = "pregnancy.category"
HCG = frozenset({"hcg_urine", "hcg_serum", "hcg_quantitative"})
NEGATIVE, EQUIVOCAL, POSITIVE, UNREADABLE = "negative", "equivocal", "positive", "not_understood"
_WORST_FIRST = (POSITIVE, EQUIVOCAL, UNREADABLE, NEGATIVE)
_OF_ACTION = {"negative": NEGATIVE, "hold": EQUIVOCAL, "stop_now": POSITIVE}
_SETTINGS = {"IPL-TEST-SETTING": "setting", "IPL-TEST-PROCESS": "process"}
_OF_WORD = {POSITIVE: "stop_now", EQUIVOCAL: "hold", NEGATIVE: "negative", UNREADABLE: "hold"}


@dataclass(frozen=True, slots=True)
class TestState:
    """What the pregnancy tests on file come to; ``opener`` is the test that decides."""

    __test__ = False

    state: str
    opener: LabResult | None
    last_pick_up: date | None
    earliest: date | None


def pregnancy_results(results: tuple[LabResult, ...], today: date) -> tuple[LabResult, ...]:
    """Standing pregnancy tests up to ``today``, oldest first; a test dated later counts for nothing."""
    return tuple(r for r in results if r.test in HCG and r.collected <= today)


def word_of(result: LabResult, tests: Mapping[str, LabTest], thresholds: Thresholds) -> str:
    """negative, equivocal, positive, or not_understood."""
    test = tests.get(result.test)
    band = None if test is None else action_for(test, result, thresholds)
    return UNREADABLE if band is None else _OF_ACTION.get(band.action, UNREADABLE)


def newest_word(
    found: tuple[LabResult, ...], tests: Mapping[str, LabTest], thresholds: Thresholds
) -> str | None:
    """The worst reading of the newest specimen day; None without a test."""
    if not found:
        return None
    newest = found[-1].collected
    words = {word_of(r, tests, thresholds) for r in found if r.collected == newest}
    return next(word for word in _WORST_FIRST if word in words)


def state_of_tests(
    rules: RemsRules,
    found: tuple[LabResult, ...],
    newest: str | None,
    facts: Facts,
    last_supply: date | None,
    rems_today: date,
    *,
    begun_unsure: bool,
) -> TestState:
    """Whether a patient who can become pregnant has a negative test in its window today.

    ``found`` are her tests of this course, ``newest`` the worst reading of the newest day. While
    nothing says that the first supply was picked up (``begun_unsure``), no dose is certain, and only
    a test in a medical setting counts.
    """
    start = facts.value("contraception.started")
    first = screening_test(found)
    earliest = None
    if first is not None and isinstance(start, date):
        earliest = earliest_confirmation(rules, first.collected, start)[0]
    if newest is None:
        return TestState("none", None, None, earliest)
    if newest != NEGATIVE:
        return TestState(newest, found[-1], None, earliest)
    if last_supply is None:
        state, opener = _before_start(rules, found, first, start)
    else:
        state, opener = _during(found, last_supply, facts, begun_unsure=begun_unsure)
    if state or opener is None:
        return TestState(state, opener, None, earliest)
    last = last_pick_up(rules, Category.CAN, opener.collected)
    closed = last is not None and rems_today > last
    return TestState("window_closed" if closed else "valid", opener, last, earliest)


def pregnancy_facts(
    rules: RemsRules,
    results: tuple[LabResult, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    facts: Facts,
    *,
    last_supply: date | None,
    course_from: date | None,
    positive_days: int,
    pregnancy_days: int,
    today: date,
    rems_today: date,
    begun_unsure: bool,
) -> dict[str, FactValue]:
    """All computed ``pregnancy.*`` facts; tests before ``course_from`` belong to an older course."""
    every = pregnancy_results(results, today)
    found = every
    if course_from is not None:
        found = tuple(r for r in every if r.collected > course_from)
    newest = newest_word(every, tests, thresholds)
    values: dict[str, FactValue] = {
        "pregnancy.test.result": "none" if newest is None else _shown(newest),
        "pregnancy.test.recent_positive": _positive(
            every, tests, thresholds, facts, positive_days, today
        ),
        "pregnancy.test.not_ruled_out": _positive(
            every, tests, thresholds, facts, pregnancy_days, today
        ),
        "labs.hcg.action": "none" if newest is None else _OF_WORD[newest],
    }
    if every:
        values["pregnancy.test.on"] = every[-1].collected
    category = facts.value("pregnancy.category")
    if category == Category.CANNOT.value:
        values["pregnancy.test.state"] = "not_needed"
    if category != Category.CAN.value:
        return values
    current = newest
    if newest == NEGATIVE and found is not every:
        current = newest_word(found, tests, thresholds)
    state = state_of_tests(
        rules, found, current, facts, last_supply, rems_today, begun_unsure=begun_unsure
    )
    values["pregnancy.test.state"] = state.state
    if state.opener is not None:
        values["pregnancy.test.on"] = state.opener.collected
    if state.earliest is not None:
        values["pregnancy.test.earliest"] = state.earliest
    if state.last_pick_up is not None:
        values["pregnancy.test.last_pick_up"] = state.last_pick_up
    left = hours_left(state.last_pick_up, rems_today) if state.state == "valid" else None
    if left is not None:
        values["pregnancy.test.hours_left"] = left
    period = facts.value("pregnancy.last_period")
    if state.opener is not None and isinstance(period, date):
        values["pregnancy.test.in_menses"] = in_menses(rules, state.opener.collected, period)
    return values


def category_changed(facts: Facts, past: tuple[PastVisit, ...]) -> bool:
    """Whether the category is another than at the last visit, and nobody has stood up for it.

    Who could become pregnant and no longer can is the prescriber's own word, of this visit; who now
    can needs consent forms signed since.
    """
    told = ((v.on, f.value) for v in past for f in v.answered if f.name == CATEGORY)
    on, before = next(reversed(tuple(told)), (None, None))
    now = facts.get(CATEGORY)
    if on is None or now is None or now.value == before:
        return False
    if now.value == Category.CANNOT.value:
        return now.origin is not Origin.CLINICIAN
    consent = facts.value("rems.consent_on")
    return not (isinstance(consent, date) and consent > on)


def contraception_facts(
    facts: Facts,
    lists: ContraceptionLists,
    results: tuple[LabResult, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    today: date,
) -> dict[str, FactValue]:
    """Computed ``contraception.*`` facts."""
    values: dict[str, FactValue] = {}
    methods = facts.value("contraception.methods")
    if isinstance(methods, tuple):
        values["contraception.codes"] = check_pair(methods, lists)
        values["contraception.notes"] = pair_notes(methods, lists)
        values["contraception.hormonal"] = uses_hormones(methods, lists)
    found = pregnancy_results(results, today)
    failed = failure_day(facts, found)
    if failed is not None:
        values["contraception.tested_after"] = any(
            r.collected > failed and word_of(r, tests, thresholds) == NEGATIVE for r in found
        )
    return values


def failure_day(facts: Facts, found: tuple[LabResult, ...]) -> date | None:
    """The day a failed or missed method was reported for, else the day it was reported.

    ``found`` are the pregnancy tests on file. The question is about the time since the last test, and
    one test may have followed since: a day before the two newest specimens is a slip (a wrong year
    or month), and must not let a test from before the failure pass for one after it.
    """
    told = [
        fact.as_of
        for name in ("missed", "unprotected", "period_missed")
        if (fact := facts.get(f"contraception.{name}")) is not None and fact.value is True
    ]
    if not told:
        return None
    said = facts.value("contraception.failed_on")
    specimens = sorted({r.collected for r in found})
    slip = len(specimens) > 1 and isinstance(said, date) and said < specimens[-2]
    return said if isinstance(said, date) and not slip else max(told)


def _before_start(
    rules: RemsRules,
    found: tuple[LabResult, ...],
    first: LabResult | None,
    start: FactValue | None,
) -> tuple[str, LabResult | None]:
    at_home = [r for r in found if r.setting is not TestSetting.MEDICAL]
    if first is None:
        return ("setting", at_home[-1]) if at_home else ("t1_missing", None)
    began = start if isinstance(start, date) else None
    second = confirmation_test(rules, found, began)
    if second is not None:
        return "", second
    later = [r for r in found if r.role == "T2"]
    if not later:
        return "t2_missing", None
    if later[-1].setting is not TestSetting.MEDICAL:
        return "setting", later[-1]
    return "t2_early", later[-1]


def _during(
    found: tuple[LabResult, ...], last_supply: date, facts: Facts, *, begun_unsure: bool
) -> tuple[str, LabResult | None]:
    later = [r for r in found if r.collected > last_supply]
    if not later:
        return "before_course", None
    newest = later[-1]
    seen = facts.value("pregnancy.test.process_on")
    documented = isinstance(seen, date) and seen >= newest.collected
    codes = check_setting(
        before_first_dose=begun_unsure,
        setting=newest.setting,
        prescriber_allows=True,
        process_documented=documented,
    )
    return _SETTINGS[codes[0]] if codes else "", newest


def _positive(
    every: tuple[LabResult, ...],
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    facts: Facts,
    days: int,
    today: date,
) -> bool:
    """A positive test of the last ``days`` that no clinician has ruled out since."""
    ruled_out = facts.value("pregnancy.ruled_out_on")
    oldest = add_days(today, -days)
    return any(
        r.collected >= oldest
        and word_of(r, tests, thresholds) == POSITIVE
        and not (isinstance(ruled_out, date) and ruled_out >= r.collected)
        for r in every
    )


def _shown(word: str) -> str:
    return EQUIVOCAL if word == UNREADABLE else word
