"""Triage: level, codes that fired and the clock that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, auto
from functools import cached_property
from typing import Protocol, TypeVar

from workstation.domain.conditions import Condition, Sieve, sieve
from workstation.domain.explain import Source
from workstation.domain.facts import Facts, FactSpec, FactValue, trusted
from workstation.domain.ids import UserId


class TriageLevel(IntEnum):
    """ROUTINE < PRIORITY < URGENT < EMERGENT; the highest wins."""

    ROUTINE = 0
    PRIORITY = auto()
    URGENT = auto()
    EMERGENT = auto()


@dataclass(frozen=True, slots=True)
class TriageFlag:
    """One code that fired, with the sentence shown and what to do."""

    code: str
    level: TriageLevel
    title: str
    steps: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Targets:
    """Waiting-time targets of one level."""

    first_look: timedelta
    decision: timedelta


@dataclass(frozen=True, slots=True)
class Triage:
    """Level with all fired flags, highest first, and the first-look deadline."""

    level: TriageLevel
    flags: tuple[TriageFlag, ...]
    deadline: datetime
    target: timedelta

    @property
    def needs_contact(self) -> bool:
        """EMERGENT and URGENT are not closed without a contact record."""
        return self.level >= TriageLevel.URGENT


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A level set by hand. It holds while no flag fires but those ``seen`` when it was set."""

    level: TriageLevel
    seen: tuple[str, ...]
    reason: str
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One red flag: it fires when ``when`` is YES, or UNKNOWN while ``alarm`` is YES.

    So a severe headache with visual change counts even while nobody knows the medicines.
    """

    code: str
    level: TriageLevel
    when: Condition
    alarm: Condition | None
    title: str
    steps: tuple[str, ...]
    subsumed_by: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class SymptomRule:
    """A side effect on the medicine: what becomes of the medicine, and how urgent it is."""

    code: str
    when: Condition
    alarm: Condition | None
    action: str  # continue | reduce | stop | stop_now
    level: TriageLevel
    title: str
    advice: str
    subsumed_by: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class PregnancyResultRule:
    """What a pregnancy test result means: action, level, code, and who is told."""

    result: str  # negative | equivocal | positive
    on_medicine: bool
    code: str  # "" for none
    action: str
    level: TriageLevel
    tell: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
class TriageRules:
    """Red flags, side effects, pregnancy results and waiting-time targets of one edition."""

    edition: str
    targets: Mapping[TriageLevel, Targets]
    escalate_at: float  # share of the first-look target
    next_tries: tuple[int, ...]  # minutes until the next call, to choose from
    flags: tuple[FlagRule, ...]
    symptoms: tuple[SymptomRule, ...]
    pregnancy_results: tuple[PregnancyResultRule, ...]
    registry: Mapping[str, FactSpec]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Facts that the red flags read."""
        conditions = [c for rule in self.flags for c in (rule.when, rule.alarm) if c is not None]
        return frozenset(name for condition in conditions for name in condition.reads)

    @cached_property
    def flag_sieve(self) -> Sieve:
        """Passes over the red flags that certainly do not fire."""
        return sieve((None, (rule.when,)) for rule in self.flags)

    @cached_property
    def symptom_sieve(self) -> Sieve:
        """Passes over the side effects that certainly do not apply."""
        return sieve((None, (rule.when,)) for rule in self.symptoms)


@dataclass(frozen=True, slots=True)
class SymptomOutcome:
    """Side effects that apply, the strictest action for the medicine, and the highest level."""

    rules: tuple[SymptomRule, ...]
    action: str
    level: TriageLevel

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in table order."""
        return tuple(rule.code for rule in self.rules)


ACTIONS = ("continue", "reduce", "stop", "stop_now")  # mildest first


def assess_triage(rules: TriageRules, facts: Facts, since: datetime) -> Triage:
    """Level, fired flags (highest first, then table order) and the first-look deadline.

    ``since`` is when the target began to run.
    """
    known = trusted(facts, rules.registry).plain
    let, _ = rules.flag_sieve(known.get)
    fired = _kept([rule for n in let if _fires(rule := rules.flags[n], known)])
    fired.sort(key=lambda rule: -rule.level)
    level = max((rule.level for rule in fired), default=TriageLevel.ROUTINE)
    target = rules.targets[level].first_look
    flags = tuple(TriageFlag(r.code, r.level, r.title, r.steps, r.source) for r in fired)
    return Triage(level, flags, since + target, target)


def as_handled(
    rules: TriageRules,
    found: Triage,
    *,
    received: TriageLevel,
    called: bool,
    change: LevelChange | None,
    since: datetime,
) -> Triage:
    """What was found, as people have dealt with it so far.

    A level set by hand counts until a flag fires that was not seen then. A red flag that came in
    stays one until somebody tried to call, whatever answers are corrected at the desk meanwhile.
    """
    level = found.level
    if change is not None:
        news = {flag.code for flag in found.flags} - set(change.seen)
        level = max(level, change.level) if news else change.level
    if received >= TriageLevel.URGENT and not called:
        level = max(level, TriageLevel.URGENT if change is not None else received)
    if level == found.level:
        return found
    target = rules.targets[level].first_look
    return replace(found, level=level, deadline=since + target, target=target)


def raised_since(
    level: TriageLevel,
    *,
    shown: TriageLevel | None,
    received: TriageLevel,
    raised_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """Since when ``level`` stands above what came in; None while it does not.

    Nobody can be late for what nobody knew: the target of a red flag that an answer, a result or a
    hand raised runs from then (``now``), not from when the patient sent something else. ``shown``
    is the level until now and ``raised_at`` what this said of it.
    """
    if level <= received:
        return None
    return raised_at if shown is None or level <= shown else now


def assess_symptoms(rules: TriageRules, facts: Facts) -> SymptomOutcome:
    """Side effects reported by a patient on the medicine, and what follows for it."""
    known = trusted(facts, rules.registry).plain
    let, _ = rules.symptom_sieve(known.get)
    fired = _kept([rule for n in let if _fires(rule := rules.symptoms[n], known)])
    action = max((r.action for r in fired), key=ACTIONS.index, default=ACTIONS[0])
    level = max((r.level for r in fired), default=TriageLevel.ROUTINE)
    return SymptomOutcome(tuple(fired), action, level)


def assess_pregnancy_result(
    rules: TriageRules, result: str, *, on_medicine: bool
) -> PregnancyResultRule:
    """What a pregnancy test result means.

    Raises:
        KeyError: the result is none of negative, equivocal, positive.
    """
    for rule in rules.pregnancy_results:
        if rule.result == result and rule.on_medicine == on_medicine:
            return rule
    raise KeyError(result)


def escalation(rules: TriageRules, triage: Triage) -> datetime:
    """When an unseen consultation is shown to every signed-in prescriber."""
    return triage.deadline - triage.target * (1 - rules.escalate_at)


def escalates_at(rules: TriageRules, level: TriageLevel, deadline: datetime) -> datetime:
    """As ``escalation``, for a row of the queue with its level and deadline."""
    return deadline - rules.targets[level].first_look * (1 - rules.escalate_at)


class _Firing(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def level(self) -> TriageLevel: ...
    @property
    def when(self) -> Condition: ...
    @property
    def alarm(self) -> Condition | None: ...
    @property
    def subsumed_by(self) -> tuple[str, ...]: ...


F = TypeVar("F", bound=_Firing)


def _fires(rule: _Firing, values: Mapping[str, FactValue]) -> bool:
    holds = rule.when.holds(values)
    if holds is not None:
        return holds
    return rule.alarm is not None and rule.alarm.holds(values) is True


def _kept(fired: Iterable[F]) -> list[F]:
    """What no other fired rule, as high or higher, makes redundant; of one code the highest only."""
    highest: dict[str, F] = {}
    for rule in fired:
        held = highest.get(rule.code)
        if held is None or rule.level > held.level:
            highest[rule.code] = rule
    return [
        rule
        for rule in highest.values()
        if not any(c in highest and highest[c].level >= rule.level for c in rule.subsumed_by)
    ]
