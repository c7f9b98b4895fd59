"""Closures over facts that say yes, no or unknown: what a condition does when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workstation.domain.dates import add_months
from workstation.domain.facts import FactValue

Values = Mapping[str, FactValue]
Decide = Callable[[Values], "bool | None"]
Value = Callable[[Values], Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """A part that is true, false or unknown; ``may`` and ``must`` are Python text (see ``conditions.sieve``)."""

    decide: Decide
    may: str  # not certainly NO
    must: str  # certainly YES


def value_of(name: str) -> Value:
    """The value of a fact; None while nobody has answered."""

    def value(values: Values) -> FactValue | None:
        return values.get(name)

    return value


def all_of(parts: tuple[Decide, ...]) -> Decide:
    """Kleene's *and*: no as soon as one part says no."""

    def decide(values: Values) -> bool | None:
        found: bool | None = True
        for part in parts:
            one = part(values)
            if one is False:
                return False
            if one is None:
                found = None
        return found

    return decide


def any_of(parts: tuple[Decide, ...]) -> Decide:
    """Kleene's *or*: yes as soon as one part says yes."""

    def decide(values: Values) -> bool | None:
        found: bool | None = False
        for part in parts:
            one = part(values)
            if one is True:
                return True
            if one is None:
                found = None
        return found

    return decide


def negated(part: Truth) -> Truth:
    """*not*: unknown stays unknown."""

    holds = part.decide

    def decide(values: Values) -> bool | None:
        one = holds(values)
        return None if one is None else not one

    return Truth(decide, f"(not {part.must})", f"(not {part.may})")


def asked(decide: Decide, names: tuple[str, ...], said: str) -> Truth:
    """A part that is unknown while one of ``names`` is, and else what ``said`` gives."""
    each = tuple(dict.fromkeys(names))
    unknown = " or ".join(f"{name} is None" for name in each)
    known = " and ".join(f"{name} is not None" for name in each)
    return Truth(decide, f"({unknown} or {said})", f"({known} and {said})")


def compared(compare: Callable[[Any, Any], bool], left: Value, right: Value) -> Decide:
    """Two values compared; unknown while one of them is."""

    def decide(values: Values) -> bool | None:
        one, other = left(values), right(values)
        return None if one is None or other is None else compare(one, other)

    return decide


def against(compare: Callable[[Any, Any], bool], name: str, fixed: object) -> Decide:
    """A fact compared with what the text states: most comparisons."""

    def decide(values: Values) -> bool | None:
        one = values.get(name)
        return None if one is None else compare(one, fixed)

    return decide


def has(name: str, wanted: frozenset[str]) -> Decide:
    """Whether a fact of several answers holds one of ``wanted``."""

    def decide(values: Values) -> bool | None:
        value = values.get(name)
        return not wanted.isdisjoint(value) if isinstance(value, tuple) else None

    return decide


def one_of(name: str, wanted: frozenset[str]) -> Decide:
    """Whether a fact's answer is one of ``wanted``."""

    def decide(values: Values) -> bool | None:
        value = values.get(name)
        return None if value is None else value in wanted

    return decide


def between(left: Value, right: Value) -> Value:
    """Days from ``right`` to ``left``."""

    def value(values: Values) -> int | None:
        later, earlier = left(values), right(values)
        return None if later is None or earlier is None else (later - earlier).days

    return value


def by_days(day: Value, count: int) -> Value:
    """A day moved by days."""

    def value(values: Values) -> date | None:
        found: date | None = day(values)
        return None if found is None else found + timedelta(days=count)

    return value


def by_months(day: Value, count: int) -> Value:
    """A day moved by calendar months."""

    def value(values: Values) -> date | None:
        found: date | None = day(values)
        return None if found is None else add_months(found, count)

    return value
