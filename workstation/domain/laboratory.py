"""Laboratory tests of the content and what a result asks for: bands of values to actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from workstation.domain.explain import Source
from workstation.domain.results import LabResult
from workstation.domain.units import Conversion, converted


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test of the content: LOINC code, specimen, fasting, canonical unit (UCUM)."""

    id: str
    name: str
    loinc: str
    specimen: str
    fasting: bool
    unit: str | None
    lane: str  # pregnancy | lipids | liver | mood | supply | contraception
    source: Source
    system: str = ""  # code system of ``loinc``; "" for points that no laboratory does
    also: tuple[str, ...] = ()  # codes of the same system with the same meaning
    contains: tuple[str, ...] = ()  # tests that a panel answers
    lowest: Decimal | None = None  # below it, in the test's own unit, a value cannot be meant


@dataclass(frozen=True, slots=True)
class ThresholdBand:
    """Values from ``low`` (see ``low_inclusive``) up to the next band give ``action``."""

    test: str
    low: Decimal | None
    low_inclusive: bool
    high: Decimal | None
    high_inclusive: bool
    per_upper_limit: bool
    action: str
    advice: str
    source: Source
    words: tuple[str, ...] = ()  # coded results that fall in this band instead of numbers
    condition: str = ""  # or what must be present (``muscle_symptoms``)
    acts_unprepared: bool = False  # acts even when the specimen was not prepared (fasting, alcohol)
    repeat_days: int | None = None

    def holds(self, value: Decimal, upper_limit: Decimal | None) -> bool:
        """Whether a number in the test's own unit lies in this band."""
        low, high = self.low, self.high
        if self.per_upper_limit:
            if upper_limit is None or upper_limit <= 0:
                return False
            low = None if low is None else low * upper_limit
            high = None if high is None else high * upper_limit
        if low is not None and (value < low or (value == low and not self.low_inclusive)):
            return False
        return high is None or value < high or (value == high and self.high_inclusive)


@dataclass(frozen=True, slots=True)
class Combined:
    """Limits of findings that read several tests (multiples of each upper limit)."""

    hy_code: str
    hy_alt: Decimal
    hy_bilirubin: Decimal
    hy_action: str
    muscle_code: str
    muscle_ck: Decimal
    muscle_action: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Which actions stand until a newer result lets go of them.

    ``stop`` until one below the bands of ``hold`` (meanwhile it is ``kept``, no longer urgent);
    ``hold`` and ``lower`` until one below their own band. A newer result that cannot be judged lets
    go of none of them.
    """

    stop: frozenset[str]
    hold: frozenset[str]
    lower: frozenset[str]
    kept: str
    source: Source

    def after(self, before: str | None, now: str | None) -> str | None:
        """The action in force once a newer result asked for ``now`` (None: cannot be judged)."""
        if now is None and before in self.stop | self.hold | self.lower:
            return before
        return self.kept if before in self.stop and now in self.hold else now


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All bands with what they need: unit conversion, alcohol hours, combined findings."""

    edition: str
    bands: tuple[ThresholdBand, ...]
    conversions: tuple[Conversion, ...]
    alcohol_hours: int
    combined: Combined
    standing: Standing
    # The same bands by their test, and by their test and condition.
    _of: dict[str, tuple[ThresholdBand, ...]] = field(init=False, repr=False, compare=False)
    _when: dict[tuple[str, str], tuple[ThresholdBand, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        of: dict[str, tuple[ThresholdBand, ...]] = {}
        when: dict[tuple[str, str], tuple[ThresholdBand, ...]] = {}
        for band in self.bands:
            place = band.test, band.condition
            of[band.test] = (*of.get(band.test, ()), band)
            when[place] = (*when.get(place, ()), band)
        object.__setattr__(self, "_of", of)
        object.__setattr__(self, "_when", when)

    def __iter__(self) -> Iterator[ThresholdBand]:
        return iter(self.bands)

    def of(self, test: str) -> tuple[ThresholdBand, ...]:
        """The bands of one test in order of the file."""
        return self._of.get(test, ())

    def for_one_with(self, condition: str, test: str) -> tuple[ThresholdBand, ...]:
        """The bands of a test that hold for a patient with ``condition`` ("" for none)."""
        return self._when.get((test, condition)) or self._when.get((test, ""), ())


def preparation(
    test: LabTest, result: LabResult, thresholds: Thresholds, drinks: bool | None = None
) -> str:
    """How a specimen was prepared: ``ok``, ``not_fasting``, ``alcohol`` or ``unknown``.

    Tests that need no fasting are always ``ok``. Hours since alcohol matter when they are known;
    when they are not, they are asked of a patient who ``drinks``.
    """
    if not test.fasting:
        return "ok"
    if result.fasting is False:
        return "not_fasting"
    hours = result.hours_since_alcohol
    if hours is not None and hours < thresholds.alcohol_hours:
        return "alcohol"
    if result.fasting is None or (hours is None and drinks):
        return "unknown"
    return "ok"


def action_for(
    test: LabTest,
    result: LabResult,
    thresholds: Thresholds,
    *,
    condition: str = "",
    drinks: bool | None = None,
) -> ThresholdBand | None:
    """The band that a result falls in; None when nothing may be concluded from it.

    That is: an unknown unit, no upper limit where the bands need it, a word nobody knows, or a
    specimen without preparation below the values that act anyway. ``condition`` chooses the bands
    for a patient who has it, where a test has such bands.
    """
    bands = thresholds.for_one_with(condition, test.id)
    if isinstance(result.value, str):
        return next((b for b in bands if result.value in b.words), None)
    value = own_value(test, result, thresholds)
    if value is None:
        return None
    found = next((b for b in bands if not b.words and b.holds(value, result.upper_limit)), None)
    if found is None or found.acts_unprepared:
        return found
    return found if preparation(test, result, thresholds, drinks) == "ok" else None


def own_value(test: LabTest, result: LabResult, thresholds: Thresholds) -> Decimal | None:
    """A numeric result in the test's own unit.

    None for a word, for a unit nobody converts, and for a value that cannot be meant in its unit:
    12 mg/dL of triglycerides are mmol/L.
    """
    if isinstance(result.value, str):
        return None
    value = converted(result.value, result.unit, test.unit, test.id, thresholds.conversions)
    if value is None or (test.lowest is not None and value < test.lowest):
        return None
    return value


def limit_missing(test: LabTest, result: LabResult, thresholds: Thresholds) -> bool:
    """Whether a result cannot be judged because its laboratory's upper limit is not recorded."""
    if isinstance(result.value, str):
        return False
    needs = any(b.per_upper_limit for b in thresholds.of(test.id))
    return needs and (result.upper_limit is None or result.upper_limit <= 0)


def times_limit(result: LabResult | None) -> Decimal | None:
    """A result as a multiple of its laboratory's upper limit (same unit), or None."""
    if result is None or isinstance(result.value, str):
        return None
    if result.upper_limit is None or result.upper_limit <= 0:
        return None
    return result.value / result.upper_limit


def combined_findings(
    results: tuple[LabResult, ...], thresholds: Thresholds
) -> tuple[tuple[str, str], ...]:
    """(code, action) that the newest ALT, AST, bilirubin and CK give together, whatever their day."""
    limits = thresholds.combined
    alt, ast = _newest(results, "alt"), _newest(results, "ast")
    alt_times, bilirubin = times_limit(alt), times_limit(_newest(results, "bilirubin"))
    ck = times_limit(_newest(results, "ck"))
    found = []
    liver = alt_times is not None and alt_times > limits.hy_alt
    if liver and bilirubin is not None and bilirubin > limits.hy_bilirubin:
        found.append((limits.hy_code, limits.hy_action))
    if ck is not None and ck > limits.muscle_ck and _above(ast, alt):
        found.append((limits.muscle_code, limits.muscle_action))
    return tuple(found)


def _newest(results: tuple[LabResult, ...], test: str) -> LabResult | None:
    found = [r for r in results if r.test == test]
    return max(found, key=lambda r: (r.collected, r.recorded_at)) if found else None


def _above(ast: LabResult | None, alt: LabResult | None) -> bool:
    if ast is None or alt is None or isinstance(ast.value, str) or isinstance(alt.value, str):
        return False
    return ast.unit == alt.unit and ast.value > alt.value
