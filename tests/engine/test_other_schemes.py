"""GAGS, Hayashi, the IGA hint and candidacy."""

from __future__ import annotations

import pytest

from workstation.domain.errors import WorkstationError
from workstation.domain.schemes import candidacy, disagree, gags, hayashi, iga_hint

REGIONS = ("forehead", "right_cheek", "left_cheek", "nose", "chin", "chest_upper_back")


@pytest.mark.parametrize(
    ("total", "grade"),
    [(0, "none"), (1, "mild"), (18, "mild"), (19, "moderate"), (30, "moderate"), (31, "severe"),
     (38, "severe"), (39, "very severe"), (44, "very severe")],
)  # fmt: skip
def test_gags_cut_offs(content, total, grade):
    from workstation.domain.schemes import banded

    assert banded(content.schemes.gags.bands, total) == grade


def test_gags_factors(content):
    worst = dict.fromkeys(REGIONS, "none")
    for region, factor in zip(REGIONS, (2, 2, 2, 1, 1, 3), strict=True):
        assert gags(content.schemes.gags, worst | {region: "comedone"}).score == factor
        assert gags(content.schemes.gags, worst | {region: "nodule"}).score == 4 * factor
    assert gags(content.schemes.gags, worst | {"nose": "papule"}).score == 2
    assert gags(content.schemes.gags, worst | {"nose": "pustule"}).score == 3


def test_gags_region_not_seen_is_not_none(content):
    found = gags(content.schemes.gags, {"nose": "pustule", "chin": None})
    assert (found.score, found.grade, found.lower_bound) == (None, None, 3)
    assert "chin" in found.unseen and "nose" not in found.unseen


def test_gags_refuses_unknown_lesions(content):
    with pytest.raises(WorkstationError, match="severity.lesion.unknown"):
        gags(content.schemes.gags, {"nose": "freckle"})


@pytest.mark.parametrize(
    ("count", "grade"),
    [(0, "mild"), (5, "mild"), (6, "moderate"), (20, "moderate"), (21, "severe"), (50, "severe"),
     (51, "very severe")],
)  # fmt: skip
def test_hayashi_edges_take_the_worse_half(content, count, grade):
    assert hayashi(content.schemes.hayashi, count, 0, 0).grade == grade
    found = hayashi(content.schemes.hayashi, 0, count, 1)
    assert found.grade == grade and found.nodules_not_counted
    assert found.half == ("right" if count else "left")


@pytest.mark.parametrize(
    ("counts", "hint"),
    [((0, 0, 0), (0, False)), ((1, 0, 0), (1, False)), ((0, 1, 0), (1, False)),
     ((5, 1, 0), (1, False)), ((6, 1, 0), (2, False)),
     ((5, 2, 0), (2, False)), ((25, 10, 0), (2, False)), ((26, 10, 0), (3, False)),
     ((25, 11, 0), (3, False)), ((0, 0, 1), (3, False)), ((0, 50, 0), (3, False)),
     ((0, 51, 0), (4, False)), ((0, 0, 2), (4, False)), ((0, 0, 5), (4, False)),
     ((0, 0, 6), (4, True))],
)  # fmt: skip
def test_iga_hint_edges(content, counts, hint):
    assert iga_hint(content.schemes.iga_hint, *counts) == hint


def judged(content, **known):
    given = {
        "count_grade": "mild", "iga": 2, "psychosocial_burden": False, "scarring": False,
        "failed_standard_therapy": False, "age": 22, "nodules": 0,
        "failed_systemic_antibiotic": False, "pregnant": False,
    } | known  # fmt: skip
    return candidacy(content.schemes.candidacy, **given)


def test_each_criterion_alone_makes_a_guideline_candidate(content):
    assert judged(content).guideline_candidate is False
    for criterion in (
        {"count_grade": "severe"}, {"iga": 4}, {"psychosocial_burden": True}, {"scarring": True},
        {"failed_standard_therapy": True},
    ):  # fmt: skip
        assert judged(content, **criterion).guideline_candidate is True
    assert judged(content, iga=3).guideline_candidate is False


def test_label_needs_all_of_its_terms(content):
    term = {"count_grade": "severe", "age": 12, "nodules": 2, "failed_systemic_antibiotic": True}
    assert judged(content, **term).on_label is True
    for lacking in ({"age": 11}, {"nodules": 1}, {"failed_systemic_antibiotic": False},
                    {"pregnant": True}, {"count_grade": "moderate"}):  # fmt: skip
        assert judged(content, **(term | lacking)).on_label is False


def test_unknown_answers_leave_it_open(content):
    assert judged(content, psychosocial_burden=None).guideline_candidate is None
    assert judged(content, psychosocial_burden=None, scarring=True).guideline_candidate is True
    term = {"count_grade": "severe", "nodules": 2, "failed_systemic_antibiotic": True}
    assert judged(content, **term, pregnant=None).on_label is None


def test_two_bands_apart_disagree():
    assert disagree((1, 3))
    assert not disagree((1, 2)) and not disagree(())
