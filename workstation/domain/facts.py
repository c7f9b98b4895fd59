"""Facts about a patient: known with origin and date, or unknown; unknown is never "no"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
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

    __hash__ = object.__hash__

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
    ``accepts`` says whether a value is of this fact's kind and, for choices, among them.
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

    accepts: Callable[[object], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked of every answer and every computed fact: settled once, when the content is read.
        object.__setattr__(self, "accepts", _acceptor(self.kind, self.choices))


def _acceptor(kind: FactKind, choices: tuple[tuple[str, str], ...]) -> Callable[[object], bool]:
    codes = frozenset(code for code, _ in choices)

    def choice(value: object) -> bool:
        return isinstance(value, str) and value in codes

    def several(value: object) -> bool:
        return isinstance(value, tuple) and all(map(choice, value))

    chosen = {FactKind.CHOICE: choice, FactKind.CHOICES: several}
    return chosen[kind] if kind in chosen else _PLAIN[kind]


def _yes_no(value: object) -> bool:
    return value is True or value is False


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else _whole(value)


def _day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_PLAIN: Mapping[FactKind, Callable[[object], bool]] = {
    FactKind.YES_NO: _yes_no,
    FactKind.WHOLE: _whole,
    FactKind.NUMBER: _number,
    FactKind.DAY: _day,
    FactKind.TEXT: _text,
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

    __slots__ = ("_registry", "_spec_of", "_values")

    def __init__(self, facts: Facts, registry: Mapping[str, FactSpec]) -> None:
        self._hold(dict(facts._by_name))
        self._registry = registry
        self._spec_of = registry.get
        self._values = dict(facts.plain)
        self._plain = self._values
        self._trusted = (registry, None)

    def add(self, values: Mapping[str, FactValue], today: date, source: str) -> None:
        """Add computed values that the registry accepts; one replaces an answer as of its day."""
        by_name, plain, spec_of, last_of = self._by_name, self._values, self._spec_of, _DERIVED.get
        for name, value in values.items():
            spec = spec_of(name)
            if spec is None or not spec.accepts(value):
                continue
            before = by_name.get(name)
            as_of = today if before is None else before.as_of
            last = last_of(name)
            if last is None or not _says(last, value, as_of, source):
                last = _DERIVED[name] = Fact(name, value, Origin.DERIVED, as_of, source)
            by_name[name] = last
            plain[name] = value

    def done(self) -> Facts:
        """What was worked out, for good."""
        found = Facts._of(dict(self._by_name))
        found._plain = dict(self._values)
        found._trusted = (self._registry, None)
        return found


_ALIKE = frozenset({bool, str, int, date})  # of these, equal means the same in every respect
_DERIVED: dict[str, Fact] = {}  # the last fact worked out under each registered name


def _says(fact: Fact, value: FactValue, as_of: date, source: str) -> bool:
    """Whether a computed fact says just this, so that it need not be made anew."""
    held = fact.value
    if held is not value and not (type(held) is type(value) in _ALIKE and held == value):
        return False
    return (fact.as_of is as_of or fact.as_of == as_of) and fact.source == source


def trusted(facts: Facts, registry: Mapping[str, FactSpec]) -> Facts:
    """The registered facts whose value is of the registered kind; the rest become unknown."""
    return facts.trusted_by(registry)
