"""Supplies as they were really taken: what a patient says at the next visit about the one before.

A supply that was never picked up does not count; missed days and capsules left over reduce what was
taken. What nobody answered reduces nothing: the cumulative dose then counts the whole supply, which
is the reading that never lets somebody take more than was meant. Source: isotretinoin.md, section 2
(interruptions count 0); the choice between answers that disagree is PROJECT.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from workstation.domain.consultation import PastVisit
from workstation.domain.dates import add_days
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Fact, FactValue, Origin

PICKED_UP, PICKED_UP_ON = "follow_up.picked_up", "follow_up.picked_up_on"
FIRST_CAPSULE_ON = "follow_up.first_capsule_on"
DAYS_MISSED, CAPSULES_LEFT = "follow_up.days_missed", "follow_up.capsules_left"
T = TypeVar("T")
NAMES = (PICKED_UP, PICKED_UP_ON, FIRST_CAPSULE_ON, DAYS_MISSED, CAPSULES_LEFT)


@dataclass(frozen=True, slots=True)
class SupplyReport:
    """What was said on ``on`` about the supply before; None is not known."""

    on: date
    picked_up: bool | None = None
    picked_up_on: date | None = None
    first_capsule_on: date | None = None
    days_missed: int | None = None
    capsules_left: int | None = None

    @property
    def empty(self) -> bool:
        """Nothing was answered."""
        said = (self.picked_up, self.picked_up_on, self.first_capsule_on)
        return all(v is None for v in said) and self.silent_on_days

    @property
    def silent_on_days(self) -> bool:
        """Neither missed days nor capsules left were answered."""
        return self.days_missed is None and self.capsules_left is None


@dataclass(frozen=True, slots=True)
class Counted:
    """One supply and how it counts: ``taken`` is None when it was never picked up.

    ``without`` are the days not taken, ``last`` the last day on which a capsule can be left.
    ``doubts`` are codes: ``unanswered`` (nothing was said: counted whole), ``disagree`` (missed days
    and capsules left do not agree: the fewer days are taken off), ``handed_over`` (said not picked
    up, yet the record shows it handed over: counted), ``earlier_day`` (a day before the supply
    itself: left aside), ``capsules`` (capsules a day not known: those left reduce nothing).
    """

    supply: Dispensed
    taken: Dispensed | None
    without: int
    last: date
    report: SupplyReport | None
    doubts: tuple[str, ...] = ()

    @property
    def ends(self) -> date | None:
        """The last day of the supply as prescribed, from the first capsule; None when not taken."""
        on = None if self.taken is None else self.taken.on
        return None if on is None else add_days(on, self.supply.days - 1)


def report_of(facts: Iterable[Fact]) -> SupplyReport | None:
    """The answers of one visit; the clinician's word goes before the patient's, then the newest."""
    held: dict[str, Fact] = {}
    for fact in facts:
        if fact.name in NAMES and (
            (old := held.get(fact.name)) is None or _rank(fact) >= _rank(old)
        ):
            held[fact.name] = fact
    if not held:
        return None
    asked = held.get(PICKED_UP)
    if asked is not None and asked.value is False and asked.origin is Origin.CLINICIAN:
        # Somebody found out: the patient's days of picking up do not stand against it.
        for name in (PICKED_UP_ON, FIRST_CAPSULE_ON):
            if name in held and held[name].origin is not Origin.CLINICIAN:
                del held[name]
    said = {name: fact.value for name, fact in held.items()}
    return SupplyReport(
        on=max(fact.as_of for fact in held.values()),
        picked_up=_flag(said.get(PICKED_UP)),
        picked_up_on=_day(said.get(PICKED_UP_ON)),
        first_capsule_on=_day(said.get(FIRST_CAPSULE_ON)),
        days_missed=_whole(said.get(DAYS_MISSED)),
        capsules_left=_whole(said.get(CAPSULES_LEFT)),
    )


def counted(
    supplies: tuple[Dispensed, ...],
    past: tuple[PastVisit, ...],
    facts: Iterable[Fact],
) -> tuple[Counted, ...]:
    """Every supply as it counts, oldest first; ``facts`` are those of the visit that is open.

    A report is about the newest supply that began before it. One that follows a prescription made
    void says nothing about the supplies before that.
    """
    ordered = sorted(supplies, key=lambda supply: supply.on)
    starts = [supply.on for supply in ordered]
    void = sorted(visit.on for visit in past if visit.withdrawn)
    reports: dict[int, SupplyReport] = {}
    said = [*(_at_visit(visit) for visit in past), report_of(facts)]
    for report in said:
        at = -1 if report is None else bisect_left(starts, report.on) - 1
        if report is None or at < 0:
            continue
        if any(starts[at] < day < report.on for day in void):
            continue
        reports[at] = _later(reports.get(at), report)
    return tuple(
        _counted(supply, reports.get(at), newest=at == len(ordered) - 1)
        for at, supply in enumerate(ordered)
    )


def _at_visit(visit: PastVisit) -> SupplyReport | None:
    """The report of an earlier visit: about what came before the supply signed on its day."""
    found = report_of(visit.answered)
    return None if found is None else replace(found, on=min(found.on, visit.on))


def taken(found: tuple[Counted, ...]) -> tuple[Dispensed, ...]:
    """The supplies that count, as they were taken."""
    return tuple(one.taken for one in found if one.taken is not None)


def begun_unsure(found: tuple[Counted, ...]) -> bool:
    """Whether nothing says that the only supply that counts was ever picked up."""
    counts = [one for one in found if one.taken is not None]
    if len(counts) != 1 or counts[0].supply.handed_over:
        return False
    said = counts[0].report
    return said is None or not (said.picked_up or said.picked_up_on or said.first_capsule_on)


def _counted(supply: Dispensed, report: SupplyReport | None, *, newest: bool) -> Counted:
    whole = add_days(supply.on, supply.days - 1)
    if report is None or report.empty:
        return Counted(supply, supply, 0, whole, report, ("unanswered",) if newest else ())
    doubts: list[str] = []
    if report.picked_up is False and not supply.handed_over:
        if report.picked_up_on is None and report.first_capsule_on is None:
            return Counted(supply, None, supply.days, whole, report)
        doubts.append("disagree")
    elif report.picked_up is False:
        doubts.append("handed_over")
    start = supply.on
    for day in (report.picked_up_on, report.first_capsule_on):
        if day is None:
            continue
        if supply.on <= day <= report.on:
            start = max(start, day)
        else:
            doubts.append("earlier_day")
    without, more = _without(supply, start, report)
    return Counted(
        supply,
        replace(supply, on=start, days=supply.days - without),
        without,
        add_days(start, supply.days - 1 + without),
        report,
        tuple(dict.fromkeys((*doubts, *more))),
    )


def _without(supply: Dispensed, start: date, report: SupplyReport) -> tuple[int, tuple[str, ...]]:
    """Days not taken, and the doubts about them; never more than have passed by the report."""
    due = min(supply.days, max(0, (report.on - start).days))
    found: list[int] = []
    doubts: list[str] = []
    if report.days_missed is not None:
        found.append(min(due, max(0, report.days_missed)))
    if report.capsules_left is not None and supply.capsules:
        whole_days = max(0, report.capsules_left) // supply.capsules
        found.append(min(due, max(0, whole_days - (supply.days - due))))
    elif report.capsules_left and report.days_missed is None:
        doubts.append("capsules")
    if len(set(found)) > 1:
        doubts.append("disagree")
    return min(found, default=0), tuple(doubts)


def _later(before: SupplyReport | None, now: SupplyReport) -> SupplyReport:
    """Two reports of one supply: the later answer holds, and silence takes nothing back.

    Once it was said to be picked up, a later "no" is about another supply.
    """
    if before is None:
        return now
    was = before.picked_up is True or before.picked_up_on or before.first_capsule_on
    return SupplyReport(
        on=now.on,
        picked_up=True if was else _known(now.picked_up, before.picked_up),
        picked_up_on=_known(now.picked_up_on, before.picked_up_on),
        first_capsule_on=_known(now.first_capsule_on, before.first_capsule_on),
        days_missed=_known(now.days_missed, before.days_missed),
        capsules_left=_known(now.capsules_left, before.capsules_left),
    )


def _known(now: T | None, before: T | None) -> T | None:
    return before if now is None else now


def _rank(fact: Fact) -> tuple[bool, date]:
    return fact.origin is Origin.CLINICIAN, fact.as_of


def _flag(value: FactValue | None) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: FactValue | None) -> date | None:
    return value if isinstance(value, date) else None


def _whole(value: FactValue | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
