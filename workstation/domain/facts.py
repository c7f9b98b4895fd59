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
    ``lowest`` and ``highest`` are the limits beyond which a number is a slip of the pen, and
    ``days_ahead`` lets a day be one to come. ``accepts`` says whether a value is of this fact's
    kind and, for choices, among them, and ``holds_for_visit`` whether any answer of this visit holds.
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
    lowest: Decimal | None = None
    highest: Decimal | None = None
    days_ahead: int = 0

    accepts: Callable[[object], bool] = field(init=False, repr=False, compare=False)
    holds_for_visit: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked of every answer and every computed fact: settled once, when the content is read.
        object.__setattr__(self, "accepts", _acceptor(self.kind, self.choices))
        held = self.freshness not in (Freshness.DAYS, Freshness.COMPUTED)
        object.__setattr__(self, "holds_for_visit", held)

    def believable(self, value: FactValue, today: date, born: date | None = None) -> bool:
        """Whether an accepted value can be meant: a number in its limits, a day that has come.

        Pounds for kilograms, a year of three digits or a consent of next month answer nothing. A
        day before ``born`` is a slip as well, where the birth date is known.
        """
        if self.kind is FactKind.DAY and isinstance(value, date):
            if value > today and (value - today).days > self.days_ahead:
                return False
            return born is None or value >= born
        if (self.lowest is None and self.highest is None) or not isinstance(value, (int, Decimal)):
            return True
        low, high = self.lowest, self.highest
        return (low is None or value >= low) and (high is None or value <= high)


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

    __slots__ = ("_by_name", "_late", "_plain", "_source", "_trusted")

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._hold({f.name: f for f in facts})

    def _hold(self, by_name: dict[str, Fact]) -> None:
        self._by_name = by_name  # what it says never changes after this
        self._plain: dict[str, FactValue] | None = None
        # The registry last asked about, with what it trusts (None: all of these).
        self._trusted: tuple[Mapping[str, FactSpec], Facts | None] | None = None
        # Computed facts that nobody asked more of than their value: the day of each, and where all
        # of them come from. They are in ``_plain`` and not (yet) in ``_by_name``.
        self._late: dict[str, date] = {}
        self._source = ""

    def __getitem__(self, name: str) -> Fact:
        fact = self.get(name)
        if fact is None:
            raise KeyError(name)
        return fact

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)

    def __contains__(self, name: object) -> bool:
        return name in self.plain

    @overload
    def get(self, name: str, default: None = None, /) -> Fact | None: ...
    @overload
    def get(self, name: str, default: Fact | T, /) -> Fact | T: ...
    def get(self, name: str, default: Any = None, /) -> Any:
        """The fact, or ``default`` when unknown."""
        fact = self._by_name.get(name)
        if fact is None:
            as_of = self._late.get(name)
            return default if as_of is None else self._made(name, as_of)
        return fact

    def _made(self, name: str, as_of: date) -> Fact:
        fact = Fact(name, self.plain[name], Origin.DERIVED, as_of, self._source)
        self._by_name[name] = fact
        return fact

    def _all(self) -> dict[str, Fact]:
        """All facts by name, in the order in which they became known."""
        if not self._late:
            return self._by_name
        return {name: self[name] for name in self.plain}

    def values(self) -> ValuesView[Fact]:
        """All facts."""
        return self._all().values()

    def value(self, name: str) -> FactValue | None:
        """The value, or ``None`` when unknown."""
        plain = self._plain
        return self.plain.get(name) if plain is None else plain.get(name)

    @property
    def plain(self) -> Mapping[str, FactValue]:
        """Values by name, made once: for those who ask many times."""
        if self._plain is None:
            self._plain = {name: fact.value for name, fact in self._by_name.items()}
        return self._plain

    def with_facts(self, facts: Iterable[Fact]) -> Facts:
        """These facts with ``facts`` added; a later one replaces an earlier one of its name."""
        by_name = dict(self._all())
        by_name.update((f.name, f) for f in facts)
        return Facts._of(by_name)

    def trusted_by(self, registry: Mapping[str, FactSpec]) -> Facts:
        """What ``trusted`` gives, found once for one registry."""
        known = self._trusted
        if known is not None and known[0] is registry:
            return self if known[1] is None else known[1]
        every = self._all()
        kept = {
            name: fact
            for name, fact in every.items()
            if (spec := registry.get(name)) is not None and spec.accepts(fact.value)
        }
        found = None if len(kept) == len(every) else Facts._of(kept)
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
        return Facts(fact for name in names if (fact := self.get(name)) is not None)

    def without(self, names: Iterable[str]) -> Facts:
        """These facts with ``names`` made unknown."""
        gone = frozenset(names)
        return Facts(f for f in self.values() if f.name not in gone)


class GrowingFacts(Facts):
    """Facts while they are being worked out: read as they stand, added to in place, then ``done``.

    Begins with ``facts``, of which ``registry`` accepts every one; ``source`` says where computed
    facts come from.
    """

    __slots__ = ("_registry", "_values")

    def __init__(self, facts: Facts, registry: Mapping[str, FactSpec], source: str) -> None:
        self._hold(facts._by_name.copy())
        self._values = self._plain = {**facts.plain}
        self._late, self._source = facts._late.copy(), source
        self._registry = registry
        self._trusted = (registry, None)

    def add(self, values: Mapping[str, FactValue], today: date) -> None:
        """Add computed values that the registry accepts; one replaces an answer as of its day."""
        by_name, plain, late, spec_of = self._by_name, self._values, self._late, self._registry.get
        for name, value in values.items():
            spec = spec_of(name)
            if spec is not None and spec.accepts(value):
                before = by_name.pop(name, None)
                if before is not None:
                    late[name] = before.as_of
                elif name not in late:
                    late[name] = today
                plain[name] = value

    def done(self) -> Facts:
        """What was worked out, for good; nothing can be added afterwards."""
        found = Facts._of(self._by_name)
        found._plain, found._late, found._source = self._values, self._late, self._source
        found._trusted = (self._registry, None)
        self._hold({})
        self._values = {}
        return found


def trusted(facts: Facts, registry: Mapping[str, FactSpec]) -> Facts:
    """The registered facts whose value is of the registered kind; the rest become unknown."""
    return facts.trusted_by(registry)
