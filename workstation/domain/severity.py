"""SEV-1: the count rubric; a grade with the criteria that decided it, in order."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.errors import WorkstationError
from workstation.domain.explain import Source

UNJUDGED_SCARRING = "fact:severity.scarring"


@dataclass(frozen=True, slots=True)
class Band:
    """Counts from ``low`` to ``high`` (both inside; ``high`` None = no upper end) give ``grade``.

    ``code`` is the reason code it fires ("" for the lowest band); ``filled_by`` names the scheme
    that fills a gap the article leaves ("" when the article gives the number).
    """

    low: int
    high: int | None
    grade: str
    code: str
    filled_by: str
    source: Source


@dataclass(frozen=True, slots=True)
class Criterion:
    """One counted quantity (``nodules_cysts``, ``total``, ``inflammatory``, ``comedones``)."""

    id: str
    title: str
    subtitle: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """A count rubric: grades from lowest to highest, criteria, and the reason codes' order."""

    id: str
    edition: str
    title: str
    grades: tuple[tuple[str, str], ...]  # (id, label), lowest first
    criteria: tuple[Criterion, ...]
    code_order: tuple[str, ...]
    scar_code: str
    scar_grade: str
    source: Source


@dataclass(frozen=True, slots=True)
class Counts:
    """Inputs of a count rubric; counts are whole and not negative."""

    comedones: int
    inflammatory: int
    nodules_cysts: int
    active_deep_scarring: bool | None

    @property
    def total(self) -> int:
        """T = C + I + N."""
        return self.comedones + self.inflammatory + self.nodules_cysts


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """Where one count lies: its band, and the grade it alone would give."""

    criterion: Criterion
    count: int
    band: Band
    grade: str


@dataclass(frozen=True, slots=True)
class Grade:
    """The proposal: grade, all firing codes of that grade in order, and why.

    ``missing`` names unseen or unlinked skin (``view:left45``, ``zone:left_cheek``); ``at_least`` is
    True when that makes the grade a lower bound, which the highest grade never is.
    """

    rubric: str
    edition: str
    grade: str
    label: str
    codes: tuple[str, ...]
    results: tuple[CriterionResult, ...]
    counts: Counts
    at_least: bool
    missing: tuple[str, ...]


def grade(rubric: Rubric, counts: Counts, missing: tuple[str, ...] = ()) -> Grade:
    """The grade that ``counts`` give under ``rubric``: the highest that any criterion reaches.

    No counted lesion gives the lowest grade, whatever else is marked. ``missing`` names skin that
    was not counted and makes the grade a lower bound; so does scarring nobody has judged, as long
    as it could raise the grade. Adding a lesion never lowers the result.

    Raises:
        WorkstationError: ``severity.count.negative``.
    """
    numbers = {
        "comedones": counts.comedones,
        "inflammatory": counts.inflammatory,
        "nodules_cysts": counts.nodules_cysts,
        "total": counts.total,
    }
    for name in ("comedones", "inflammatory", "nodules_cysts"):
        if numbers[name] < 0:
            raise WorkstationError("severity.count.negative", criterion=name)
    ranks = {id_: rank for rank, (id_, _) in enumerate(rubric.grades)}
    lowest = rubric.grades[0][0]
    results = tuple(_result(c, numbers[c.id], counts.total, lowest) for c in rubric.criteria)
    fired = {r.band.code: r.band.grade for r in results if r.band.code}
    if counts.active_deep_scarring and counts.total:
        fired[rubric.scar_code] = rubric.scar_grade
    reached = max((*fired.values(), *(r.grade for r in results)), key=ranks.__getitem__)
    may_rise = ranks[reached] < ranks[rubric.scar_grade]
    if counts.total and counts.active_deep_scarring is None and may_rise:
        missing = (*missing, UNJUDGED_SCARRING)
    codes = tuple(code for code in rubric.code_order if fired.get(code) == reached)
    return Grade(
        rubric=rubric.id,
        edition=rubric.edition,
        grade=reached,
        label=dict(rubric.grades)[reached],
        codes=codes,
        results=results,
        counts=counts,
        at_least=bool(missing) and reached != rubric.grades[-1][0],
        missing=missing,
    )


def _result(criterion: Criterion, count: int, total: int, lowest: str) -> CriterionResult:
    band = next(b for b in criterion.bands if b.high is None or count <= b.high)
    return CriterionResult(criterion, count, band, band.grade if total else lowest)
