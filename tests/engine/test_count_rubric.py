"""The count rubric: exact edges, order of codes, gaps named, and monotone in every count."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.errors import WorkstationError
from workstation.domain.severity import Counts, grade

COUNT = st.integers(0, 160)


def graded(content, comedones, inflammatory, nodules, scar=False, missing=()):
    return grade(content.rubric, Counts(comedones, inflammatory, nodules, scar), missing)


@pytest.mark.parametrize(
    ("counts", "expected", "codes"),
    [
        ((19, 0, 0), "mild", ()),
        ((20, 0, 0), "moderate", ("M-C",)),
        ((100, 0, 0), "moderate", ("M-C", "M-T")),
        ((101, 0, 0), "severe", ("S-C",)),
        ((0, 14, 0), "mild", ()),
        ((0, 15, 0), "moderate", ("M-I",)),
        ((0, 50, 0), "moderate", ("M-I", "M-T")),
        ((0, 51, 0), "severe", ("S-I",)),
        ((0, 0, 1), "moderate", ("M-N",)),
        ((0, 0, 5), "moderate", ("M-N",)),
        ((0, 0, 6), "severe", ("S-N",)),
        ((15, 14, 0), "mild", ()),
        ((16, 14, 0), "moderate", ("M-T",)),
        ((75, 50, 0), "moderate", ("M-I", "M-C", "M-T")),
        ((76, 50, 0), "severe", ("S-T",)),
        ((101, 51, 6), "severe", ("S-N", "S-I", "S-C", "S-T")),
        ((1, 0, 0), "mild", ()),
        ((0, 0, 0), "clear", ()),
    ],
)
def test_edges(content, counts, expected, codes):
    result = graded(content, *counts)
    assert (result.grade, result.codes) == (expected, codes)


def test_scarring_is_severe_at_any_count_but_not_without_lesions(content):
    assert graded(content, 1, 0, 0, True).codes == ("S-SCAR",)
    assert graded(content, 101, 51, 6, True).codes[-1] == "S-SCAR"
    assert graded(content, 0, 0, 0, True).grade == "clear"


def test_gaps_say_who_filled_them_and_bands_cover_every_count(content):
    filled = {
        (c.id, b.low, b.high): b.filled_by
        for c in content.rubric.criteria
        for b in c.bands
        if b.filled_by
    }
    assert filled == {
        ("nodules_cysts", 1, 5): "Lehmann",
        ("inflammatory", 51, None): "Lehmann",
        ("comedones", 101, None): "Lehmann",
    }
    for criterion in content.rubric.criteria:
        edges = [(b.low, b.high) for b in criterion.bands]
        assert edges[0][0] == 0 and edges[-1][1] is None
        assert all(a[1] + 1 == b[0] for a, b in zip(edges, edges[1:], strict=False))


@given(COUNT, COUNT, st.integers(0, 12), st.booleans(), st.sampled_from((0, 1, 2)))
def test_another_lesion_never_lowers_the_grade(
    content, comedones, inflammatory, nodules, scar, more
):
    ranks = [id_ for id_, _ in content.rubric.grades]
    before = Counts(comedones, inflammatory, nodules, scar)
    field = ("comedones", "inflammatory", "nodules_cysts")[more]
    after = replace(before, **{field: getattr(before, field) + 1})
    low, high = grade(content.rubric, before), grade(content.rubric, after)
    assert ranks.index(high.grade) >= ranks.index(low.grade)


@given(COUNT, COUNT, st.integers(0, 12))
def test_codes_belong_to_the_grade_and_keep_their_order(content, comedones, inflammatory, nodules):
    result = graded(content, comedones, inflammatory, nodules)
    order = content.rubric.code_order
    assert list(result.codes) == sorted(result.codes, key=order.index)
    initial = {"severe": "S", "moderate": "M"}.get(result.grade, "none")
    assert all(code.startswith(initial) for code in result.codes)


def test_unseen_skin_makes_it_a_lower_bound(content):
    result = graded(content, 3, 2, 0, missing=("view:left45",))
    assert result.at_least
    assert result.missing == ("view:left45",)
    assert not graded(content, 3, 2, 0).at_least
    highest = graded(content, 101, 0, 0, missing=("view:left45",))
    assert highest.missing == ("view:left45",)
    assert not highest.at_least  # more lesions could not raise it


def test_unjudged_scarring_is_not_no(content):
    assert graded(content, 3, 2, 0, None).missing == ("fact:severity.scarring",)
    assert not graded(content, 0, 0, 0, None).at_least
    assert not graded(content, 101, 0, 0, None).at_least  # it could not rise


def test_negative_counts_are_refused(content):
    with pytest.raises(WorkstationError, match="severity.count.negative"):
        graded(content, 5, -1, 0)
