"""How far two readings of the same photos agree: ICC(2,1), kappa, and which annotations pair up.

Sources: Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability.
Psychol Bull 1979;86:420-428. McGraw KO, Wong SP. Forming inferences about some intraclass
correlation coefficients. Psychol Methods 1996;1:30-46. Cohen J. Weighted kappa. Psychol Bull
1968;70:213-220.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from workstation.domain.f_distribution import USUAL_SHARE, quantile
from workstation.domain.ids import PhotoId
from workstation.domain.lesions import Annotation, LesionType, Tally, ZoneId

Weight = Callable[[int, int], float]
"""The disagreement between two categories by their places; 0 on the diagonal."""


def nominal(first: int, second: int) -> float:
    """Every disagreement is as bad as another."""
    return 0 if first == second else 1


def linear(first: int, second: int) -> float:
    """A disagreement is as bad as the categories are apart."""
    return abs(first - second)


@dataclass(frozen=True, slots=True)
class _Squares:
    """Mean squares of a table of ``n`` targets by ``k`` raters."""

    n: int
    k: int
    targets: float
    raters: float
    rest: float

    @property
    def below(self) -> float:
        """What the part between targets is a part of."""
        n, k = self.n, self.k
        return self.targets + (k - 1) * self.rest + k * (self.raters - self.rest) / n


def _squares(ratings: Sequence[Sequence[float]]) -> _Squares | None:
    n, k = len(ratings), len(ratings[0]) if ratings else 0
    if n < 2 or k < 2:
        return None
    if any(len(row) != k for row in ratings):
        raise ValueError("every target has one value for each rater")
    whole = sum(map(sum, ratings)) / (n * k)
    rows = [sum(row) / k for row in ratings]
    columns = [sum(row[j] for row in ratings) / n for j in range(k)]
    rest = sum(
        (row[j] - rows[i] - columns[j] + whole) ** 2
        for i, row in enumerate(ratings)
        for j in range(k)
    )
    return _Squares(
        n,
        k,
        k * sum((m - whole) ** 2 for m in rows) / (n - 1),
        n * sum((m - whole) ** 2 for m in columns) / (k - 1),
        rest / ((n - 1) * (k - 1)),
    )


def icc_2_1(ratings: Sequence[Sequence[float]]) -> float | None:
    """ICC(2,1), two-way random, absolute agreement, single rater (Shrout and Fleiss 1979).

    ``ratings`` holds a row for each target with one value for each rater. None when there are
    fewer than two targets or raters, or when nothing varies at all.
    """
    found = _squares(ratings)
    if found is None or found.below <= 0:
        return None
    return (found.targets - found.rest) / found.below


def icc_2_1_interval(
    ratings: Sequence[Sequence[float]], share: float = USUAL_SHARE
) -> tuple[float, float] | None:
    """The confidence interval of ``icc_2_1`` (McGraw and Wong 1996, table 7, case 2 and 3, A,1).

    None where there is no coefficient, where it is negative (the approximation behind the interval
    does not hold there), and where the raters agree in everything: nothing is left to divide by.
    """
    found, icc = _squares(ratings), icc_2_1(ratings)
    if found is None or icc is None or not 0 <= icc < 1:
        return None
    n, k = found.n, found.k
    raters = k * icc / (n * (1 - icc)) * found.raters
    rest = (1 + k * icc * (n - 1) / (n * (1 - icc))) * found.rest
    parts = raters**2 / (k - 1) + rest**2 / ((n - 1) * (k - 1))
    if parts <= 0 or raters + rest == 0:
        return None
    freedom = (raters + rest) ** 2 / parts  # Satterthwaite's
    upper_tail = (1 + share) / 2
    low = quantile(upper_tail, n - 1, freedom)
    high = quantile(upper_tail, freedom, n - 1)
    error = k * found.raters + (k * n - k - n) * found.rest
    return (
        n * (found.targets - low * found.rest) / (low * error + n * found.targets),
        n * (high * found.targets - found.rest) / (error + n * high * found.targets),
    )


def weighted_kappa(
    pairs: Sequence[tuple[Hashable, Hashable]],
    categories: Sequence[Hashable],
    weight: Weight = nominal,
) -> float | None:
    """Cohen's weighted kappa of two raters; ``nominal`` weights give the unweighted one.

    None without pairs, or when chance alone leaves no room for disagreement.
    """
    if not pairs:
        return None
    place = {category: i for i, category in enumerate(categories)}
    first = Counter(place[a] for a, _ in pairs)
    second = Counter(place[b] for _, b in pairs)
    seen = sum(weight(place[a], place[b]) for a, b in pairs) / len(pairs)
    expected = (
        sum(weight(i, j) * first[i] * second[j] for i in first for j in second) / len(pairs) ** 2
    )
    return None if expected <= 0 else 1 - seen / expected


@dataclass(frozen=True, slots=True)
class Paired:
    """Annotations of two readings: those of one lesion, and those that only one reader made."""

    both: tuple[tuple[Annotation, Annotation], ...]
    first_only: tuple[Annotation, ...]
    second_only: tuple[Annotation, ...]


def pair(
    first: Sequence[Annotation], second: Sequence[Annotation], reach: Mapping[PhotoId, float]
) -> Paired:
    """Pair annotations of the same photo that lie within ``reach`` photo pixels, nearest first.

    Each annotation has at most one partner; equally near pairs go by the order of the readings.
    """
    near = sorted(
        (away, i, j)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if a.photo == b.photo
        and (away := hypot(a.at.x - b.at.x, a.at.y - b.at.y)) <= reach.get(a.photo, 0)
    )
    left, right = set(range(len(first))), set(range(len(second)))
    both = []
    for _, i, j in near:
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            both.append((i, j))
    return Paired(
        tuple((first[i], second[j]) for i, j in sorted(both)),
        tuple(first[i] for i in sorted(left)),
        tuple(second[j] for j in sorted(right)),
    )


@dataclass(frozen=True, slots=True)
class TypeAgreement:
    """Counts of one lesion type in both readings, and their ICC(2,1) over the skin counted.

    ``interval`` is its 95 % confidence interval; None where it cannot be told.
    """

    type: LesionType
    first: int
    second: int
    icc: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readings of one consultation agree.

    ``total_icc`` is over all counted lesions; ``type_kappa`` over the types of paired annotations;
    ``grades`` are both rubric grades.
    """

    types: tuple[TypeAgreement, ...]
    total_icc: float | None
    total_interval: tuple[float, float] | None
    type_kappa: float | None
    paired: Paired
    grades: tuple[str, str]


def compare(
    first: Tally,
    second: Tally,
    reach: Mapping[PhotoId, float],
    cells: Sequence[tuple[PhotoId, ZoneId]],
    grades: tuple[str, str],
) -> Agreement:
    """Compare two readings. ``cells`` are the zones of photos that both readers had to count."""
    counted = tuple({c[0]: c[1] for c in tally.cells} for tally in (first, second))
    used = {kind for counts in counted for (_, _, kind) in counts}

    def rows(kinds: frozenset[LesionType]) -> list[tuple[int, ...]]:
        return [
            tuple(sum(counts.get((photo, zone, kind), 0) for kind in kinds) for counts in counted)
            for photo, zone in cells
        ]

    types = tuple(
        TypeAgreement(
            kind,
            first.count(frozenset({kind})),
            second.count(frozenset({kind})),
            icc_2_1(of_kind),
            icc_2_1_interval(of_kind),
        )
        for kind in LesionType
        if kind in used
        for of_kind in [rows(frozenset({kind}))]
    )
    whole = rows(frozenset(used))
    paired = pair(
        [p.annotation for p in first.placed], [p.annotation for p in second.placed], reach
    )
    kappa = weighted_kappa([(a.type, b.type) for a, b in paired.both], tuple(LesionType))
    return Agreement(types, icc_2_1(whole), icc_2_1_interval(whole), kappa, paired, grades)
