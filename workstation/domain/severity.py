"""SEV-1: the count rubric; a grade with the criteria that decided it, in order."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.explain import Source


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

    ``at_least`` is True when unseen or unlinked skin makes it a lower bound; ``missing`` names why
    (``view:left45``, ``zone:left_cheek``).
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
