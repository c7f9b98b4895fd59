"""Criterion bars: bands to scale, cut values with their edge rules, and the needle's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from workstation.domain.severity import Band, Criterion, CriterionResult
from workstation.language import chosen, noted, of_content, tr

LEVELS = {"clear": 0, "mild": 1, "moderate": 2, "severe": 3, "very_severe": 3}
NOT_COUNTED = noted("Not counted yet")
# Room to the right of the last cut: bars stay to scale and leave the needle a place.
_ROOM, _ROOM_SMALL, _SMALL = 1.28, 2.0, 20


@dataclass(frozen=True, slots=True)
class Segment:
    """One band of a bar; ``start`` and ``end`` from 0 to 1, ``level`` picks its colour."""

    start: float
    end: float
    level: int
    hatched: bool
    tooltip: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A printed cut value with the edge rule in words."""

    at: float
    text: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion: where its count lies between its cuts."""

    id: str
    title: str
    subtitle: str
    count: int
    chip: str  # "" before anything is counted
    level: int
    segments: tuple[Segment, ...]
    cuts: tuple[Cut, ...]
    needle: float
    sources: str

    @property
    def spoken(self) -> str:
        """The bar as one sentence, for assistive technology."""
        return f"{self.title}: {self.count}, {self.chip}" if self.chip else self.title


def grade_word(id_: str) -> str:
    """``severe`` as a word at the start of a line."""
    return of_content(id_.replace("_", " ")).capitalize()


def rule(band: Band) -> str:
    """A band's limits in words: ``more than 5``, ``30 to 125``, ``fewer than 20``, ``none``."""
    if band.high is None:
        return tr("more than {low}", low=band.low - 1)
    if band.low == 0:
        return tr("none") if band.high == 0 else tr("fewer than {high}", high=band.high + 1)
    return tr("{low} to {high}", low=band.low, high=band.high)


def bar(result: CriterionResult, *, counted: bool = True) -> Bar:
    """One criterion's bar, to scale; nothing that was not ``counted`` has a grade."""
    criterion = result.criterion
    end = _end(criterion)
    segments, cuts = _scale(criterion, chosen())
    chip = grade_word(result.grade) if counted else ""
    if result.band.filled_by and result.count:
        chip = f"{chip} · {result.band.filled_by}"
    return Bar(
        criterion.id,
        of_content(criterion.title),
        of_content(criterion.subtitle),
        result.count,
        chip,
        LEVELS.get(result.grade, 2),
        segments,
        cuts,
        min(result.count / end, 1.0),
        "; ".join(dict.fromkeys(b.source.citation for b in criterion.bands)),
    )


def _end(criterion: Criterion) -> float:
    """The count at the right end of the bar."""
    last = criterion.bands[-1].low
    return last * (_ROOM if last > _SMALL else _ROOM_SMALL)


@lru_cache(maxsize=64)
def _scale(criterion: Criterion, _: str) -> tuple[tuple[Segment, ...], tuple[Cut, ...]]:
    """Bands and cuts of a criterion in the language chosen, which no count changes."""
    end = _end(criterion)
    edges = [0.0, *((b.low - 0.5) / end for b in criterion.bands[1:]), 1.0]
    segments = tuple(
        Segment(
            edges[i],
            edges[i + 1],
            LEVELS.get(b.grade, 2),
            bool(b.filled_by),
            f"{grade_word(b.grade)}: {rule(b)}. {_cited(b)}",
        )
        for i, b in enumerate(criterion.bands)
    )
    return segments, _cuts(criterion, edges)


def _cuts(criterion: Criterion, edges: Sequence[float]) -> tuple[Cut, ...]:
    cuts = []
    bands = criterion.bands
    for i in range(1, len(bands)):
        below, above = bands[i - 1], bands[i]
        # The value printed is the one the rule names: "more than 125", but "30 to 125".
        named = below.high if above.high is None and below.high is not None else above.low
        grade = below.grade if named == below.high else above.grade
        other = above if named == below.high else below
        words = rule(other)
        text = tr(
            "exactly {named} = {grade}; {other} is {words}",
            named=named,
            grade=of_content(grade),
            other=of_content(other.grade),
            words=words,
        )
        cuts.append(Cut(edges[i], f"{named}", text))
    return tuple(cuts)


def _cited(band: Band) -> str:
    if band.filled_by:
        return tr(
            "The article gives no number here; filled from {filled_by}. {citation}",
            filled_by=band.filled_by,
            citation=band.source.citation,
        )
    return band.source.citation
