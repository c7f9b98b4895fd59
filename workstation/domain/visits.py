"""Two visits of one patient beside each other: which lesions are new, gone and the same, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

from workstation.domain.alignment import Transform
from workstation.domain.draft import Draft
from workstation.domain.lesions import COUNTED, SCARS, Annotation, LesionType, Tally

CountByType = tuple[tuple[LesionType, int], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One lesion seen at both visits; ``apart`` is in pixels of the newer photo."""

    older: Annotation
    newer: Annotation
    apart: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the lesions of one view between two visits."""

    same: tuple[Match, ...]
    gone: tuple[Annotation, ...]  # of the older photo
    new: tuple[Annotation, ...]  # of the newer photo


@dataclass(frozen=True, slots=True)
class Difference:
    """How many lesions of one type there were and are."""

    type: LesionType
    before: int
    now: int

    @property
    def change(self) -> int:
        """More is positive."""
        return self.now - self.before


def was_counted(draft: Draft, tally: Tally) -> bool:
    """Whether a visit has a count: photos without any annotation have none, which is not zero."""
    return bool(draft.annotations) or bool(tally.cells)


def match(
    older: Iterable[Annotation], newer: Iterable[Annotation], across: Transform, within: float
) -> Comparison:
    """Pair lesions of two photos of one view, each at most once.

    Two belong together when they are of one type (the kinds of scar count as one) and lie at most
    ``within`` pixels of the newer photo apart once the older is laid over it by ``across``. The
    nearest pairs are taken first; the outcome does not depend on the order of what is given.
    """
    old, new = sorted(older, key=_rank), sorted(newer, key=_rank)
    laid = [across.apply(a.at) for a in old]
    near = [
        (apart, i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
        if _family(a.type) is _family(b.type)
        and (apart := hypot(laid[i].x - b.at.x, laid[i].y - b.at.y)) <= within
    ]
    near.sort()
    taken: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for apart, i, j in near:
        if i not in taken and j not in used:
            taken[i] = (j, apart)
            used.add(j)
    return Comparison(
        tuple(Match(old[i], new[j], apart) for i, (j, apart) in sorted(taken.items())),
        tuple(a for i, a in enumerate(old) if i not in taken),
        tuple(b for j, b in enumerate(new) if j not in used),
    )


def visible(annotations: Iterable[Annotation]) -> CountByType:
    """Everything marked on one photo by type, counted there or not."""
    return _by_type(Counter(_family(a.type) for a in annotations))


def graded(tally: Tally) -> CountByType:
    """What was counted once over all photos, by type."""
    found: Counter[LesionType] = Counter()
    for (_, _, kind), number in tally.cells:
        found[_family(kind)] += number
    return _by_type(found)


def differences(
    before: CountByType, now: CountByType, types: Sequence[LesionType]
) -> tuple[Difference, ...]:
    """One row for each of ``types``, and for any other type that one of the visits has."""
    earlier, later = dict(before), dict(now)
    others = [k for k in LesionType if k not in types and (k in earlier or k in later)]
    return tuple(Difference(k, earlier.get(k, 0), later.get(k, 0)) for k in (*types, *others))


def total(counts: CountByType) -> int:
    """Lesions of the counted types."""
    return sum(number for kind, number in counts if kind in COUNTED)


def share_changed(before: int, now: int) -> float | None:
    """Change as a share of what there was (-0.65); None when there was nothing."""
    return None if before == 0 else (now - before) / before


def _family(kind: LesionType) -> LesionType:
    return LesionType.SCAR if kind in SCARS else kind


def _rank(annotation: Annotation) -> tuple[float, float, str, str]:
    at = annotation.at
    return (at.x, at.y, annotation.type.value, annotation.id)


def _by_type(found: Counter[LesionType]) -> CountByType:
    return tuple((kind, found[kind]) for kind in LesionType if found[kind])
