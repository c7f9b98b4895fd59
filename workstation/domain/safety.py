"""Safety findings: levels, what fired, what was read, what clears it, and whether signing is open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from workstation.domain.draft import Reason
from workstation.domain.explain import FactRead, Source


class Level(IntEnum):
    """INFO < WARN < OVERRIDE < HOLD < STOP; the highest decides."""

    OK = 0
    INFO = 1
    WARN = 2
    OVERRIDE = 3
    HOLD = 4
    STOP = 5


class Truth(Enum):
    """Kleene's three values."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired (or could not be evaluated), explained.

    ``group`` folds counselling warnings of one line ("Counsel on n points"); "" stands alone.
    ``waits_for_work_up`` marks HOLDs that may stand while a work-up is signed.
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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings, highest level first then table order, and the checks passed."""

    findings: tuple[Finding, ...]
    passed: tuple[PassedCheck, ...]

    @property
    def level(self) -> Level:
        """The highest level that fired."""
        return max((f.level for f in self.findings), default=Level.OK)

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that keep the signature closed."""
        return tuple(f for f in self.findings if f.is_open)

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """HOLD and STOP findings."""
        return tuple(f for f in self.findings if f.level >= Level.HOLD)
