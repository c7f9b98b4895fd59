"""How an answer explains itself: the source of a statement and the facts it read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from workstation.domain.facts import Fact, Facts, FactSpec, FactValue, Freshness

NOT_KNOWN = "not known"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HYPHEN = "\u2011"
UNIT_WORDS: Mapping[str, str] = {
    "years": "years",
    "months": "months",
    "days": "days",
    "hours": "h",
    "kg": "kg",
    "mg": "mg",
    "mg_per_kg": "mg/kg",
    "mg_per_dL": "mg/dL",
    "mmol_per_L": "mmol/L",
    "U_per_L": "U/L",
    "mL_per_min": "mL/min",
    "mmHg": "mmHg",
    "percent": "%",
    "drinks": "drinks",
    "days_per_week": "days a week",
    "doses_per_day": "doses a day",
    "points": "points",
    "capsules": "capsules",
    "cigarettes": "cigarettes a day",
    "lesions": "lesions",
}
ONE: Mapping[str, str] = {
    "years": "year",
    "months": "month",
    "days": "day",
    "drinks": "drink",
    "days_per_week": "day a week",
    "doses_per_day": "dose a day",
    "points": "point",
    "capsules": "capsule",
    "cigarettes": "cigarette a day",
    "lesions": "lesion",
}
_DECIMALS = -2
_SLOT = re.compile(r"\{([a-z][A-Za-z0-9_.]*)\}")


class Tag(Enum):
    """How far a clinical statement has been checked against its source."""

    READ = "READ"
    RECALLED = "RECALLED"
    SEED = "SEED"
    PROJECT = "PROJECT"


@dataclass(frozen=True, slots=True)
class Source:
    """A key into ``sources.toml`` with its short citation and tag."""

    key: str
    citation: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that a rule read, worded for people; ``fact`` is None when unknown."""

    name: str
    label: str
    value_text: str
    fact: Fact | None

    @property
    def as_of(self) -> date | None:
        """Date of the answer, when there is one."""
        return None if self.fact is None else self.fact.as_of


def day_text(day: date) -> str:
    """``22-Nov-2026`` with hyphens that do not break."""
    return HYPHEN.join((f"{day.day:02d}", MONTHS[day.month - 1], str(day.year)))


def value_text(spec: FactSpec, value: FactValue | None) -> str:
    """A fact's value worded for people; numbers carry their unit after a space."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, (int, Decimal)):
        number = format(_shown(Decimal(value), spec).normalize(), "f")
        return f"{number} {unit_text(spec.unit, number)}" if spec.unit else number
    labels = dict(spec.choices)
    if isinstance(value, tuple):
        return ", ".join(labels.get(v, v) for v in value) or "none"
    return labels.get(value, value)


def unit_text(unit: str, number: str) -> str:
    """The words of a unit after a number: ``1 capsule``, ``2 capsules``."""
    one = ONE.get(unit) if number == "1" else None
    return one or UNIT_WORDS[unit]


def _shown(value: Decimal, spec: FactSpec) -> Decimal:
    """A worked-out number to two decimals; what somebody measured or said stays as it is."""
    exponent = value.as_tuple().exponent
    if spec.freshness is not Freshness.COMPUTED or not isinstance(exponent, int):
        return value
    return value if exponent >= _DECIMALS else value.quantize(Decimal(1).scaleb(_DECIMALS))


def slots(template: str) -> tuple[str, ...]:
    """Names of the facts that a ``{fact.name}`` template shows."""
    return tuple(_SLOT.findall(template))


def filled(template: str, facts: Facts, registry: Mapping[str, FactSpec]) -> str:
    """``template`` with each ``{fact.name}`` replaced by its worded value."""
    return _SLOT.sub(lambda m: value_text(registry[m[1]], facts.value(m[1])), template)


def read_of(name: str, facts: Facts, registry: Mapping[str, FactSpec]) -> FactRead:
    """What a rule read of one fact."""
    spec, fact = registry[name], facts.get(name)
    return FactRead(name, spec.label, value_text(spec, None if fact is None else fact.value), fact)
