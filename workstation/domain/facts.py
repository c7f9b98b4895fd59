"""Facts about a patient: known with origin and date, or unknown; unknown is never "no"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, overload

T = TypeVar("T")

FactValue = bool | str | int | Decimal | date | tuple[str, ...]


class Origin(Enum):
    """Who said so."""

    INTAKE = "intake"
    CHART = "chart"
    LABORATORY = "laboratory"
    CLINICIAN = "clinician"
    DERIVED = "derived"


class FactKind(Enum):
    """What a fact's value is."""

    __hash__ = object.__hash__  # members are single; by identity hashing costs next to nothing

    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    TEXT = "text"


class Freshness(Enum):
    """How long an answer holds (the age column of the content)."""

    VISIT = "visit"  # asked anew at each visit, never carried over
    CONFIRM = "confirm"  # carried over, confirmed unchanged at each visit
    UNTIL_CHANGED = "until_changed"
    DAYS = "days"  # holds for a number of days, then stale
    COMPUTED = "computed"  # derived anew at each evaluation


@dataclass(frozen=True, slots=True)
class Fact:
    """One known answer. ``source`` names where it was said, for people (``intake Q11``)."""

    name: str
    value: FactValue
    origin: Origin
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A registered fact: its name (dotted), kind, unit and how it is asked.

    ``ask_code`` is the HOLD that an unanswered must-ask fires; ``None`` when it is not a must-ask.
    ``choices`` lists (value, label) pairs for CHOICE and CHOICES. ``asked_when`` is a condition in
    the rule language that says for whom the question applies (empty: everybody); ``asked_for`` are
    the medicines that need the answer. ``said_by`` are the origins whose word counts (empty: any
    but DERIVED). ``kept_when_stale`` keeps an old answer beside a warning. ``control`` is the kind
    of control that records the answer. ``computed_from`` are the answers a computed fact rests on.
    """

    name: str
    kind: FactKind
    label: str
    question: str
    unit: str | None
    choices: tuple[tuple[str, str], ...]
    ask_code: str | None
    asked_when: str
    freshness: Freshness
    fresh_days: int | None
    safe: FactValue | None
    group: str = ""
    asked_for: tuple[str, ...] = ()
    said_by: tuple[Origin, ...] = ()
    kept_when_stale: bool = False
    waits_for_work_up: bool = False
    control: str = "answer"
    computed_from: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether ``value`` is of this fact's kind and, for choices, among them."""
        kind = self.kind
        if kind is FactKind.YES_NO:  # most facts by far
            return isinstance(value, bool)
        if kind is FactKind.CHOICE:
            return _listed(self, value)
        return _ACCEPTS[kind](self, value)


def _listed(spec: FactSpec, value: object) -> bool:
    if isinstance(value, str):
        for code, _ in spec.choices:
            if value == code:
                return True
    return False


def _amount(value: object, kinds: tuple[type, ...]) -> bool:
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    return not isinstance(value, Decimal) or value.is_finite()


_ACCEPTS: Mapping[FactKind, Callable[[FactSpec, object], bool]] = {
    FactKind.YES_NO: lambda spec, value: isinstance(value, bool),
    FactKind.CHOICE: _listed,
    FactKind.CHOICES: lambda spec, value: (
        isinstance(value, tuple) and all(_listed(spec, v) for v in value)
    ),
    FactKind.WHOLE: lambda spec, value: _amount(value, (int,)),
    FactKind.NUMBER: lambda spec, value: _amount(value, (int, Decimal)),
    FactKind.DAY: lambda spec, value: isinstance(value, date) and not isinstance(value, datetime),
    FactKind.TEXT: lambda spec, value: isinstance(value, str) and bool(value.strip()),
}


class Facts(Mapping[str, Fact]):
    """Immutable set of facts by name; a missing name is unknown."""

    __slots__ = ("_by_name", "_plain", "_trusted")

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._hold({f.name: f for f in facts})

    def _hold(self, by_name: dict[str, Fact]) -> None:
        self._by_name = by_name  # never changed after this
        self._plain: Mapping[str, FactValue] | None = None
        # The registry last asked about, with what it trusts (None: all of these).
        self._trusted: tuple[Mapping[str, FactSpec], Facts | None] | None = None

    def __getitem__(self, name: str) -> Fact:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @overload
    def get(self, name: str, default: None = None, /) -> Fact | None: ...
    @overload
    def get(self, name: str, default: Fact | T, /) -> Fact | T: ...
    def get(self, name: str, default: Any = None, /) -> Any:
        """The fact, or ``default`` when unknown."""
        return self._by_name.get(name, default)

    def values(self) -> ValuesView[Fact]:
        """All facts."""
        return self._by_name.values()

    def value(self, name: str) -> FactValue | None:
        """The value, or ``None`` when unknown."""
        fact = self._by_name.get(name)
        return None if fact is None else fact.value

    @property
    def plain(self) -> Mapping[str, FactValue]:
        """Values by name, made once: for those who ask many times."""
        if self._plain is None:
            self._plain = {name: fact.value for name, fact in self._by_name.items()}
        return self._plain

    def with_facts(self, facts: Iterable[Fact]) -> Facts:
        """These facts with ``facts`` added; a later one replaces an earlier one of its name."""
        by_name = dict(self._by_name)
        by_name.update((f.name, f) for f in facts)
        return Facts._of(by_name)

    def with_accepted(self, facts: Iterable[Fact], registry: Mapping[str, FactSpec]) -> Facts:
        """As ``with_facts``, for facts whose value ``registry`` accepts: they stay trusted."""
        found = self.with_facts(facts)
        if self.trusted_by(registry) is self:
            found._trusted = (registry, None)
        return found

    def trusted_by(self, registry: Mapping[str, FactSpec]) -> Facts:
        """What ``trusted`` gives, found once for one registry."""
        known = self._trusted
        if known is not None and known[0] is registry:
            return self if known[1] is None else known[1]
        kept = {
            name: fact
            for name, fact in self._by_name.items()
            if (spec := registry.get(name)) is not None and spec.accepts(fact.value)
        }
        found = None if len(kept) == len(self._by_name) else Facts._of(kept)
        self._trusted = (registry, found)
        return self if found is None else found

    @staticmethod
    def accepted(facts: Iterable[Fact], registry: Mapping[str, FactSpec]) -> Facts:
        """Facts of which each was accepted by ``registry`` already."""
        found = Facts(facts)
        found._trusted = (registry, None)
        return found

    @staticmethod
    def _of(by_name: dict[str, Fact]) -> Facts:
        made = Facts.__new__(Facts)
        made._hold(by_name)
        return made

    def only(self, names: Iterable[str]) -> Facts:
        """These facts with all but ``names`` made unknown."""
        by_name = self._by_name
        return Facts._of({name: by_name[name] for name in names if name in by_name})

    def without(self, names: Iterable[str]) -> Facts:
        """These facts with ``names`` made unknown."""
        gone = frozenset(names)
        return Facts(f for f in self._by_name.values() if f.name not in gone)


class GrowingFacts(Facts):
    """Facts while they are being worked out: read as they stand, added to in place, then ``done``.

    Begins as a copy of ``facts`` of which ``registry`` accepts every one.
    """

    __slots__ = ("_registry", "_values")

    def __init__(self, facts: Facts, registry: Mapping[str, FactSpec]) -> None:
        self._hold(dict(facts._by_name))
        self._registry = registry
        self._values = dict(facts.plain)
        self._plain = self._values
        self._trusted = (registry, None)

    def add(self, values: Mapping[str, FactValue], today: date, source: str) -> None:
        """Add computed values that the registry accepts; one replaces an answer as of its day."""
        by_name, registry = self._by_name, self._registry
        for name, value in values.items():
            spec = registry.get(name)
            if spec is not None and spec.accepts(value):
                before = by_name.get(name)
                as_of = today if before is None else before.as_of
                by_name[name] = _derived(name, value, as_of, source)
                self._values[name] = value

    def done(self) -> Facts:
        """What was worked out, for good."""
        found = Facts._of(dict(self._by_name))
        found._plain = dict(self._values)
        found._trusted = (self._registry, None)
        return found


_ALIKE = frozenset({bool, str, int, date})  # of these, equal means the same in every respect
_DERIVED: dict[str, Fact] = {}  # the last fact worked out under each registered name


def _derived(name: str, value: FactValue, as_of: date, source: str) -> Fact:
    """A computed fact; made anew only when it says something else than the last time."""
    last = _DERIVED.get(name)
    if last is not None and last.as_of == as_of and last.source == source:
        held = last.value
        if held is value or (type(held) is type(value) in _ALIKE and held == value):
            return last
    made = _DERIVED[name] = Fact(name, value, Origin.DERIVED, as_of, source)
    return made


def trusted(facts: Facts, registry: Mapping[str, FactSpec]) -> Facts:
    """The registered facts whose value is of the registered kind; the rest become unknown."""
    return facts.trusted_by(registry)
