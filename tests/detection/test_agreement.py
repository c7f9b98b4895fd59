"""Agreement: published worked examples to their printed digits, and properties."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.agreement import (
    icc_2_1,
    icc_2_1_interval,
    linear,
    nominal,
    pair,
    weighted_kappa,
)
from workstation.domain.f_distribution import cumulative, quantile
from workstation.domain.ids import AnnotationId, PhotoId, UserId
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point

# Shrout and Fleiss 1979: six targets, four judges, as the example of psych::ICC (R, man/ICC.Rd)
# gives them. The paper itself was not at hand; the test suites of several other programs quote
# its printed ICC(2,1) = .29 for these ratings.
SHROUT_FLEISS = (
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
)
# Cohen 1968 (N = 200), as the example of psych::cohen.kappa (R) gives it with what "Cohen reports":
# kappa .492, weighted kappa .348, and .353 with weights that are not symmetric.
COHEN = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
COHEN_WEIGHTS = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
UNEVEN_WEIGHTS = ((0, 1, 4), (1, 0, 6), (2, 2, 0))


def spread(table: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    return [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]


def test_the_example_of_shrout_and_fleiss() -> None:
    found = icc_2_1(SHROUT_FLEISS)
    assert found is not None
    assert round(found, 2) == 0.29


def test_the_interval_of_the_same_example() -> None:
    """irr::icc (R, twoway, agreement, single) prints 0.019 < ICC < 0.761 for it; as recalled."""
    found = icc_2_1_interval(SHROUT_FLEISS)
    assert found is not None
    assert [round(end, 3) for end in found] == [0.019, 0.761]
    narrower = icc_2_1_interval(SHROUT_FLEISS, 0.8)
    assert narrower is not None
    assert found[0] < narrower[0] < 0.29 < narrower[1] < found[1]


@pytest.mark.parametrize(
    ("share", "above", "below", "printed"),
    [
        (0.95, 1, 10, "4.965"),
        (0.95, 3, 60, "2.758"),
        (0.975, 5, 15, "3.576"),
        (0.99, 10, 10, "4.849"),
        (0.975, 1, 1, "647.789"),
    ],
)
def test_quantiles_of_f_are_those_of_printed_tables(
    share: float, above: float, below: float, printed: str
) -> None:
    assert f"{quantile(share, above, below):.3f}" == printed


@given(st.floats(0.01, 0.99), st.floats(1, 200), st.floats(1, 200))
def test_a_quantile_has_its_share_below_it(share: float, above: float, below: float) -> None:
    found = quantile(share, above, below)
    assert cumulative(found, above, below) == pytest.approx(share, abs=1e-9)
    assert quantile(1 - share, below, above) == pytest.approx(1 / found, rel=1e-6)


def test_the_examples_of_cohen() -> None:
    pairs = spread(COHEN)
    found = (
        weighted_kappa(pairs, (0, 1, 2), nominal),
        weighted_kappa(pairs, (0, 1, 2), lambda a, b: COHEN_WEIGHTS[a][b]),
        weighted_kappa(pairs, (0, 1, 2), lambda a, b: UNEVEN_WEIGHTS[a][b]),
    )
    assert [round(kappa, 3) for kappa in found if kappa is not None] == [0.492, 0.348, 0.353]


def test_what_cannot_be_told_is_not_told() -> None:
    assert icc_2_1([]) is None and icc_2_1([(1, 2)]) is None and icc_2_1([(3, 3), (3, 3)]) is None
    assert weighted_kappa([], (0, 1)) is None
    assert weighted_kappa([(1, 1), (1, 1)], (0, 1)) is None
    with pytest.raises(ValueError, match="one value"):
        icc_2_1([(1, 2), (1,)])


TABLES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12)


@given(TABLES)
def test_icc_does_not_depend_on_order_and_is_at_most_one(rows: list[tuple[int, int]]) -> None:
    found = icc_2_1(rows)
    turned = icc_2_1([(b, a) for a, b in reversed(rows)])
    assert found == (None if turned is None else pytest.approx(turned, abs=1e-9))
    if found is not None:
        assert found <= 1 + 1e-12


@given(TABLES)
def test_an_interval_holds_its_coefficient(rows: list[tuple[int, int]]) -> None:
    icc, ends = icc_2_1(rows), icc_2_1_interval(rows)
    if ends is not None:
        assert icc is not None
        assert ends[0] <= icc + 1e-9 and icc - 1e-9 <= ends[1] <= 1 + 1e-9


@given(st.lists(st.integers(0, 30), min_size=2, max_size=12), st.integers(1, 5))
def test_equal_readers_agree_fully_and_a_constant_shift_is_held_against_them(
    counts: list[int], shift: int
) -> None:
    same = icc_2_1([(n, n) for n in counts])
    shifted = icc_2_1([(n, n + shift) for n in counts])
    if len(set(counts)) > 1:
        assert same == pytest.approx(1)
        assert shifted is not None and shifted < 1
    else:
        assert same is None


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(PAIRS)
def test_kappa_is_symmetric_and_one_only_without_disagreement(pairs: list[tuple[int, int]]) -> None:
    for weight in (nominal, linear):
        found = weighted_kappa(pairs, range(4), weight)
        turned = weighted_kappa([(b, a) for a, b in pairs], range(4), weight)
        assert found == (None if turned is None else pytest.approx(turned))
        if found is not None:
            assert (found == pytest.approx(1)) == all(a == b for a, b in pairs)


def mark(id: str, photo: str, x: float, y: float) -> Annotation:
    return Annotation(
        AnnotationId(id), PhotoId(photo), LesionType.PAPULE, Point(x, y), None, "", UserId("u"),
        datetime(2026, 11, 22, tzinfo=UTC), MadeBy.CLINICIAN, False, None,
    )  # fmt: skip


PLACES = st.lists(
    st.tuples(st.sampled_from(("a", "b")), st.integers(0, 60), st.integers(0, 60)), max_size=12
)


@given(PLACES, PLACES)
def test_every_annotation_is_paired_once_or_left_over_and_never_beyond_reach(
    one: list[tuple[str, int, int]], two: list[tuple[str, int, int]]
) -> None:
    first = [mark(f"1-{i}", *place) for i, place in enumerate(one)]
    second = [mark(f"2-{i}", *place) for i, place in enumerate(two)]
    found = pair(first, second, {PhotoId("a"): 10.0, PhotoId("b"): 5.0})
    assert sorted([a.id for a, _ in found.both] + [a.id for a in found.first_only]) == sorted(
        a.id for a in first
    )
    assert sorted([b.id for _, b in found.both] + [b.id for b in found.second_only]) == sorted(
        b.id for b in second
    )
    for a, b in found.both:
        assert a.photo == b.photo
        assert (a.at.x - b.at.x) ** 2 + (a.at.y - b.at.y) ** 2 <= (10 if a.photo == "a" else 5) ** 2
    for a in found.first_only:  # nothing free was left within reach
        assert all(
            a.photo != b.photo
            or (a.at.x - b.at.x) ** 2 + (a.at.y - b.at.y) ** 2 > (10 if a.photo == "a" else 5) ** 2
            for b in found.second_only
        )


def test_the_nearest_partner_wins() -> None:
    found = pair(
        [mark("1", "a", 0, 0), mark("2", "a", 8, 0)], [mark("x", "a", 6, 0)], {PhotoId("a"): 10}
    )
    assert [(a.id, b.id) for a, b in found.both] == [("2", "x")]
    assert [a.id for a in found.first_only] == ["1"]
