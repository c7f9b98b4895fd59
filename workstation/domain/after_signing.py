"""A result that comes in after signing: what it asks for, and how pressing that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.explain import Source
from workstation.domain.laboratory import (
    LabTest,
    ThresholdBand,
    Thresholds,
    action_for,
    limit_missing,
)
from workstation.domain.rems_record import PREGNANCY_TESTS
from workstation.domain.results import LabResult
from workstation.domain.triage import TriageLevel, TriageRules, assess_pregnancy_result

CANNOT_ACT = "cannot_act"


@dataclass(frozen=True, slots=True)
class ResultLevels:
    """Actions that ask for nothing, those that may take a medicine back, and levels by action."""

    nothing: frozenset[str]
    void: frozenset[str]
    levels: Mapping[str, TriageLevel]
    source: Source


@dataclass(frozen=True, slots=True)
class Asked:
    """What one result asks for.

    ``action`` is that of its band, or ``cannot_act`` when nothing may be concluded (a missing
    upper limit, a specimen without preparation). ``level`` is None when nothing has to be done.
    """

    result: LabResult
    action: str
    band: ThresholdBand | None
    limit_missing: bool
    level: TriageLevel | None
    offers_void: bool


def asked_by(
    result: LabResult,
    test: LabTest,
    thresholds: Thresholds,
    levels: ResultLevels,
    triage: TriageRules,
    *,
    on_medicine: bool,
    drinks: bool | None = None,
) -> Asked:
    """What a result asks for; a test without bands asks to be read and nothing else."""
    bands = thresholds.of(test.id)
    band = action_for(test, result, thresholds, drinks=drinks)
    missing = limit_missing(test, result, thresholds)
    if not bands:
        return Asked(result, "", None, False, None, False)
    if band is None:
        return Asked(result, CANNOT_ACT, None, missing, TriageLevel.ROUTINE, False)
    if band.action in levels.nothing:
        return Asked(result, band.action, band, missing, None, False)
    level = levels.levels.get(band.action, TriageLevel.ROUTINE)
    if test.id in PREGNANCY_TESTS and isinstance(result.value, str):
        rule = assess_pregnancy_result(triage, result.value, on_medicine=on_medicine)
        level = rule.level
    return Asked(result, band.action, band, missing, level, band.action in levels.void)
