"""Monitoring protocols, what a plan is made of, baseline age, and who needs monthly tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workstation.domain.dates import DateWindow, add_days
from workstation.domain.explain import Source
from workstation.domain.facts import Facts
from workstation.domain.ids import ResultId
from workstation.domain.laboratory import LabTest, Thresholds, own_value, times_limit
from workstation.domain.results import LabResult

NOT_IN_PROTOCOL = "NOT-IN-PROTOCOL"
CUSTOM = "CUSTOM"  # the clinician's own protocol


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """One point of the plan. ``state``: done, due, missing, planned."""

    test: str
    role: str  # baseline | during | repeat | T1 | T2 | monthly | end | post | visit | pick_up
    due: date
    window: DateWindow
    state: str
    result: ResultId | None
    because: str
    chosen: bool = False  # ``due`` was chosen by the clinician inside ``window``

    @property
    def days(self) -> DateWindow:
        """The days that hold for this point: the chosen one, else the whole window."""
        return DateWindow(self.due, self.due) if self.chosen else self.window


@dataclass(frozen=True, slots=True)
class MonitoringPlan:
    """All points by date with the protocol they follow."""

    protocol: str
    edition: str
    start: date
    tests: tuple[PlannedTest, ...]
    because: str
    flare: DateWindow | None
    ends: date
    contraception: DateWindow | None = None  # the band of two methods; None when it does not apply
    last_dose: date | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """Which tests when. ``during_from`` is ``start`` or ``peak`` (first day at the peak dose)."""

    id: str
    edition: str
    title: str
    baseline: tuple[str, ...]
    during: tuple[str, ...]
    during_from: str
    during_days: int
    monthly: bool
    not_in_protocol: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class MoreNeeded:
    """A reason to test monthly: a fact (yes, above a number, one of) or a baseline result."""

    id: str
    because: str
    fact: str | None
    above: Decimal | None
    one_of: tuple[str, ...]
    test: str | None
    at_least: Decimal | None
    above_upper_limits: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One line of the enrolment and consent list; done when ``fact`` is known and not "no"."""

    id: str
    title: str
    who: str
    fact: str
    only_can: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Bridge:
    """A treatment for the time of a work-up, in words."""

    medicine: str
    title: str
    note: str
    source: Source


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What an own protocol may not go below: tests, and days between draws."""

    least: tuple[str, ...]
    shortest_days: int
    longest_days: int
    source: Source


@dataclass(frozen=True, slots=True)
class PlanRules:
    """How protocols become dates (days), the default protocol and who needs more."""

    edition: str
    default: str
    more: str
    baseline_days: int
    early_days: int
    flare_first_day: int
    flare_last_day: int
    normal_results: int
    laboratory_days: int
    more_needed: tuple[MoreNeeded, ...]
    enrolment: tuple[Enrolment, ...]
    own: OwnLimits
    bridges: tuple[Bridge, ...]
    source: Source

    def bridge_of(self, medicine: str) -> Bridge | None:
        """The listed treatment for the time of a work-up; None for any other."""
        return next((one for one in self.bridges if one.medicine == medicine), None)


@dataclass(frozen=True, slots=True)
class ProtocolChoice:
    """The protocol in force. ``until_normal`` results end the extra tests; None: none are extra."""

    baseline: Protocol
    during: Protocol
    until_normal: int | None
    because: str


@dataclass(frozen=True, slots=True)
class BaselineAge:
    """Age in days of a baseline result on the start day, and whether it still holds."""

    days: int
    valid: bool


def baseline_age(rules: PlanRules, collected: date, start: date) -> BaselineAge:
    """How old a result is at the start; one from after the start is no baseline."""
    days = (start - collected).days
    return BaselineAge(days, 0 <= days <= rules.baseline_days)


def baseline_result(
    rules: PlanRules,
    tests: Mapping[str, LabTest],
    test: str,
    results: Iterable[LabResult],
    start: date,
) -> LabResult | None:
    """The newest result that answers ``test`` (itself or inside its panel) before ``start``."""
    opens = add_days(start, -rules.baseline_days)
    found = [r for r in results if opens <= r.collected <= start and answers(tests, test, r.test)]
    return max(found, key=lambda r: (r.collected, r.recorded_at)) if found else None


def answers(tests: Mapping[str, LabTest], wanted: str, given: str) -> bool:
    """Whether a result of test ``given`` answers an order for ``wanted``.

    A panel answers the tests it contains; the leading test of a panel answers the panel.
    """
    if wanted == given:
        return True
    panel = tests.get(given)
    if panel is not None and wanted in panel.contains:
        return True
    ordered = tests.get(wanted)
    return ordered is not None and given in ordered.contains[:1]


def more_needed(
    rules: PlanRules,
    facts: Facts,
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    results: tuple[LabResult, ...],
    start: date,
) -> tuple[MoreNeeded, ...]:
    """Reasons to test monthly that apply now; an unknown fact gives none (it is asked elsewhere)."""
    return tuple(
        row
        for row in rules.more_needed
        if (row.fact is not None and _fact_applies(row, facts))
        or (row.test is not None and _result_applies(row, rules, tests, thresholds, results, start))
    )


def choose_protocol(
    protocols: Mapping[str, Protocol],
    rules: PlanRules,
    chosen: Protocol | str | None,
    reasons: tuple[MoreNeeded, ...],
) -> ProtocolChoice:
    """The chosen (or default) protocol, with monthly tests added while ``reasons`` apply.

    One that already tests as often and as much keeps its own days.
    """
    base = chosen if isinstance(chosen, Protocol) else protocols[chosen or rules.default]
    more = protocols[rules.more]
    as_strong = base.monthly and base.during_days <= more.during_days
    if not reasons or (as_strong and set(more.during) <= set(base.during)):
        return ProtocolChoice(base, base, None, "")
    why = ", ".join(dict.fromkeys(row.because for row in reasons))
    if base.monthly or base.id == CUSTOM:
        return ProtocolChoice(base, _strengthened(base, more), None, f"monthly, because of: {why}")
    because = f"monthly until {rules.normal_results} results are normal, because of: {why}"
    return ProtocolChoice(base, more, rules.normal_results, because)


def _strengthened(base: Protocol, more: Protocol) -> Protocol:
    """``base`` with the tests and the pace of ``more``; what it asks beyond that stays."""
    return replace(
        base,
        during=tuple(dict.fromkeys((*more.during, *base.during))),
        during_from=more.during_from,
        during_days=min(base.during_days, more.during_days),
        monthly=True,
    )


def not_in_protocol(protocol: Protocol, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Requested tests that the protocol advises against; allowed, shown as ``NOT-IN-PROTOCOL``."""
    return tuple(test for test in requested if test in protocol.not_in_protocol)


def window_state(window: DateWindow, today: date, *, done: bool) -> str:
    """done, planned (not yet), due (in its window) or missing (window over)."""
    if done:
        return "done"
    if today < window.first:
        return "planned"
    return "due" if today <= window.last else "missing"


def baseline_window(rules: PlanRules, start: date) -> DateWindow:
    """Days on which a baseline specimen holds for a start on ``start``."""
    return DateWindow(add_days(start, -rules.baseline_days), start)


def _fact_applies(row: MoreNeeded, facts: Facts) -> bool:
    value = None if row.fact is None else facts.value(row.fact)
    if row.above is not None:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return False
        return value > row.above
    if row.one_of:
        return value in row.one_of
    return value is True


def _result_applies(
    row: MoreNeeded,
    rules: PlanRules,
    tests: Mapping[str, LabTest],
    thresholds: Thresholds,
    results: tuple[LabResult, ...],
    start: date,
) -> bool:
    test = tests[row.test or ""]
    result = baseline_result(rules, tests, test.id, results, start)
    if result is None:
        return False
    if row.above_upper_limits is not None:
        times = times_limit(result)
        return times is not None and times > row.above_upper_limits
    value = own_value(test, result, thresholds)
    return value is not None and row.at_least is not None and value >= row.at_least
