"""What worked cases are written with: ISO dates, product classes, results done in the safe way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from workstation.content.catalogue import OLDER, Catalogue
from workstation.domain.facts import Origin
from workstation.domain.ids import ResultId
from workstation.domain.rems_windows import RemsRules
from workstation.domain.results import LabResult, TestSetting

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]
Row = Callable[[Inputs, Catalogue], Outputs]
ISOTRETINOIN = "isotretinoin"
STATE = "CA"  # where patient and licence are when a case does not say
FORMULATIONS = {"micronized_LD": "micronized"}


def day(text: str) -> date:
    """An ISO date."""
    return date.fromisoformat(text)


def formulation(text: str) -> str:
    """A product class by the word the cases use."""
    return FORMULATIONS.get(text, text)


def lab(test: str, value: Decimal | str, unit: str | None, **known: Any) -> LabResult:
    """A laboratory result of a worked case; whatever is not said was done in the safe way."""
    collected = known.get("collected", date(2026, 6, 10))
    return LabResult(
        id=ResultId("case"),
        test=test,
        value=value,
        unit=unit,
        upper_limit=known.get("upper_limit"),
        collected=collected,
        setting=TestSetting.MEDICAL,
        fasting=known.get("fasting", True),
        hours_since_alcohol=known.get("hours"),
        role=None,
        laboratory=None,
        origin=Origin.LABORATORY,
        recorded_by=None,
        recorded_at=datetime.combine(collected, time(12), UTC),
        corrects=None,
    )


def maybe_day(given: Inputs, key: str) -> date | None:
    """The ISO date under ``key``, if any."""
    return day(given[key]) if given.get(key) else None


def rule_set(given: Inputs, content: Catalogue) -> RemsRules:
    """The rule set a case names; the older one when it names none."""
    return content.rems[given.get("ruleset", OLDER)]
