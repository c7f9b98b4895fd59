"""Rules, must-asks and what comes of them: levels, conditions, findings, and whether signing is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from workstation.domain.conditions import Condition, Sieve, sieve
from workstation.domain.draft import Reason
from workstation.domain.explain import FactRead, Source
from workstation.domain.facts import Facts, FactSpec


class Level(IntEnum):
    """INFO < WARN < OVERRIDE < HOLD < STOP; the highest decides."""

    OK = 0
    INFO = auto()
    WARN = auto()
    OVERRIDE = auto()
    HOLD = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class CodedReason:
    """A reason that one key gives; ``other`` asks for text."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Control:
    """What in the line clears a finding: a kind of control and the facts or tests it records.

    Kinds: ``answer`` (facts), ``pregnancy_test``, ``lab_result`` (tests), ``contraception``,
    ``alcohol``, ``weight``, ``rems`` (facts), ``contact``.
    """

    kind: str
    names: tuple[str, ...]


TOLD = ("title", "detail", "advice", "reads", "facts_digest")  # of a finding, for people


class _Telling:
    """Works out the fields of ``TOLD`` when one of them is first asked for."""

    __slots__ = ("_tell",)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:  # asked only while a slot is empty
            if name not in TOLD:
                raise AttributeError(name)
            for one, value in zip(TOLD, self._tell(), strict=True):
                object.__setattr__(self, one, value)
            return object.__getattribute__(self, name)


@dataclass(frozen=True, slots=True)
class Finding(_Telling):
    """One rule that fired (or could not be evaluated), explained.

    ``group`` folds counselling warnings of one line ("Counsel on n points"); "" stands alone.
    ``waits_for_work_up`` marks HOLDs that may stand while a work-up is signed. What only people read
    (``TOLD``) may be worked out when it is first asked for: see ``untold``.
    """

    code: str
    medicine: str
    level: Level
    title: str
    detail: str
    advice: str
    source: Source
    reads: tuple[FactRead, ...]
    control: Control | None
    reasons: tuple[CodedReason, ...]
    group: str
    waits_for_work_up: bool
    facts_digest: str
    reason: Reason | None  # given and still valid for these facts
    unknown: tuple[str, ...] = ()  # facts whose absence made it fire
    decided_in: str = ""  # content file (and line) whose level this is

    @staticmethod
    def untold(tell: Callable[[], tuple[object, ...]], **settled: object) -> Finding:
        """A finding of which ``tell`` gives what ``TOLD`` names, once somebody asks for it."""
        made = object.__new__(Finding)
        object.__setattr__(made, "_tell", tell)
        for name, value in settled.items():
            object.__setattr__(made, name, value)
        return made

    @property
    def is_open(self) -> bool:
        """Whether it still keeps the signature closed."""
        if self.level >= Level.HOLD:
            return True
        return self.level in (Level.WARN, Level.OVERRIDE) and self.reason is None


@dataclass(frozen=True, slots=True)
class PassedCheck:
    """A rule that was evaluated and did not fire, with what it read."""

    code: str
    title: str
    reads: tuple[FactRead, ...]
    source: Source


class Evaluation:
    """All findings, highest level first then table order, and the checks passed.

    What passed may be given as a call that words it: most evaluations are never asked. Immutable.
    """

    __slots__ = ("_passed", "findings")

    def __init__(
        self,
        findings: tuple[Finding, ...],
        passed: tuple[PassedCheck, ...] | Callable[[], tuple[PassedCheck, ...]],
    ) -> None:
        self.findings = findings
        self._passed = passed

    @property
    def passed(self) -> tuple[PassedCheck, ...]:
        """Rules that were evaluated and did not fire, in table order."""
        if not isinstance(self._passed, tuple):
            self._passed = self._passed()
        return self._passed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Evaluation):
            return NotImplemented
        return self.findings == other.findings and self.passed == other.passed

    def __hash__(self) -> int:
        return hash(self.findings)

    def __repr__(self) -> str:
        return f"Evaluation(findings={self.findings!r}, passed={self.passed!r})"

    @property
    def level(self) -> Level:
        """The highest level that fired."""
        return max((f.level for f in self.findings), default=Level.OK)

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that keep the signature closed."""
        return tuple([f for f in self.findings if f.is_open])


@dataclass(frozen=True, slots=True)
class Clause:
    """One level of a rule. The first clause that is YES decides.

    ``if_unknown`` is the level while the condition is UNKNOWN; ``OK`` falls through to a stricter
    clause. Empty texts mean those of the rule. ``decided_in`` names the clinic's own file and line
    when that file made the level stricter.
    """

    level: Level
    when: Condition
    if_unknown: Level
    title: str
    detail: str
    advice: str
    waits_for_work_up: bool
    decided_in: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: facts that differ from the safe answers, and the level expected."""

    facts: Facts
    unknown: tuple[str, ...]
    level: Level
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the content; an empty ``medicines`` holds for every prescription.

    ``applies`` limits it to some patients; ``subsumed_by`` names codes that make it redundant.
    """

    code: str
    medicines: tuple[str, ...]
    applies: Condition | None
    clauses: tuple[Clause, ...]
    title: str
    detail: str
    advice: str
    source: Source
    control: Control | None
    reasons: tuple[CodedReason, ...]
    group: str
    subsumed_by: tuple[str, ...]
    reads: tuple[str, ...]
    told: tuple[str, ...]  # facts that its words show: a reason holds for these values only
    examples: tuple[Example, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A must-ask: the fact, the medicines that need it, and for whom the question applies."""

    spec: FactSpec
    code: str
    medicines: tuple[str, ...]
    asked_when: Condition | None


@dataclass(frozen=True)
class RuleBook:
    """All rules and must-asks, indexed by medicine, with the source of the must-ask rule itself."""

    edition: str
    rules: tuple[Rule, ...]
    asks: tuple[Ask, ...]
    ask_source: Source
    rules_of: Mapping[str, tuple[Rule, ...]]
    asks_of: Mapping[str, tuple[Ask, ...]]
    ask_of: Mapping[str, Ask]  # by fact name
    shortest_reason: int  # characters of a reason in words

    @cached_property
    def asked(self) -> dict[tuple[str, str], Finding]:
        """Findings of unanswered questions made so far, by (code, medicine): always the same."""
        return {}

    @cached_property
    def _sieves(self) -> dict[str, Sieve]:
        return {}

    def sieve_of(self, medicine: str) -> Sieve:
        """The sieve over the rules of one medicine, in their order; made when first asked."""
        found = self._sieves.get(medicine)
        if found is None:
            rules = self.rules_of.get(medicine, ())
            found = sieve((rule.applies, tuple(c.when for c in rule.clauses)) for rule in rules)
            self._sieves[medicine] = found
        return found

    @cached_property
    def counselling(self) -> frozenset[str]:
        """Codes of counselling points."""
        return frozenset(rule.code for rule in self.rules if rule.group)

    @cached_property
    def asks_by_name(self) -> Mapping[str, Mapping[str, Ask]]:
        """Each medicine's must-asks by the fact that they ask for, in their order."""
        return {
            medicine: {ask.spec.name: ask for ask in asks}
            for medicine, asks in self.asks_of.items()
        }

    def rule(self, code: str) -> Rule:
        """The rule with that code; KeyError when there is none."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise KeyError(code)
