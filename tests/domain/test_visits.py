"""Two visits compared: what is same, new and gone; alignment; counts; labels that keep apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from math import hypot

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workstation.domain.alignment import Transform, fitted, same_place, transform_of
from workstation.domain.ids import AnnotationId, PhotoId, UserId, VaultAddress
from workstation.domain.lesions import EIGHT_KEYS, SCARS, Annotation, LesionType, MadeBy, Point
from workstation.domain.photo import Photo, QualityMeasures, View
from workstation.domain.visits import Comparison, differences, match, share_changed, total, visible
from workstation.presenters.followup_trends import spread

SAME = Transform(1, 0, 0, 1, 0, 0)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
NEAR = 40.0


def lesion(number: int, kind: LesionType, x: float, y: float, photo: str = "p") -> Annotation:
    id_ = AnnotationId(f"{photo}{number:03d}")
    at = Point(x, y)
    who = UserId("u")
    return Annotation(
        id_, PhotoId(photo), kind, at, None, "", who, NOW, MadeBy.CLINICIAN, False, None
    )


def photo(width: int, height: int, id: str = "p") -> Photo:
    where = VaultAddress("a")
    measures = QualityMeasures(1.0, 0.5, 0.0)
    return Photo(
        PhotoId(id), View.FRONT, "image/jpeg", width, height, "0", where, where, where, None,
        measures, (),
    )  # fmt: skip


places = st.floats(0, 1000, allow_nan=False).map(lambda v: round(v, 2))
kinds = st.sampled_from(
    [LesionType.PAPULE, LesionType.NODULE, *sorted(SCARS, key=lambda k: k.value)[:2]]
)
points = st.builds(Point, places, places)


def lesions(name: str) -> st.SearchStrategy[list[Annotation]]:
    rows = st.lists(st.tuples(kinds, places, places), max_size=14)
    return rows.map(lambda r: [lesion(i, k, x, y, name) for i, (k, x, y) in enumerate(r)])


def apart(one: Point, other: Point) -> float:
    return hypot(one.x - other.x, one.y - other.y)


def ids(found: Comparison) -> tuple[set[tuple[str, str]], set[str], set[str]]:
    return (
        {(m.older.id, m.newer.id) for m in found.same},
        {a.id for a in found.gone},
        {a.id for a in found.new},
    )


@given(lesions("a"), lesions("b"))
def test_every_lesion_is_in_exactly_one_place(older, newer) -> None:
    found = match(older, newer, SAME, NEAR)
    before = [m.older for m in found.same] + list(found.gone)
    now = [m.newer for m in found.same] + list(found.new)
    assert sorted(a.id for a in before) == sorted(a.id for a in older)
    assert sorted(a.id for a in now) == sorted(a.id for a in newer)
    for pair in found.same:
        assert pair.apart <= NEAR and pair.apart == apart(pair.older.at, pair.newer.at)
        scars = {pair.older.type, pair.newer.type} <= SCARS
        assert scars or pair.older.type is pair.newer.type


@given(lesions("a"), lesions("b"))
def test_nothing_left_over_could_still_be_paired(older, newer) -> None:
    found = match(older, newer, SAME, NEAR)
    for a in found.gone:
        for b in found.new:
            alike = a.type is b.type or {a.type, b.type} <= SCARS
            assert not alike or apart(a.at, b.at) > NEAR


@given(lesions("a"), lesions("b"), st.randoms(use_true_random=False))
def test_the_order_given_makes_no_difference(older, newer, chance) -> None:
    first = ids(match(older, newer, SAME, NEAR))
    chance.shuffle(older)
    chance.shuffle(newer)
    assert ids(match(older, newer, SAME, NEAR)) == first


@given(lesions("a"), lesions("b"))
def test_seen_from_the_other_side_new_is_gone(older, newer) -> None:
    distances = [apart(a.at, b.at) for a in older for b in newer]
    assume(len(set(distances)) == len(distances))  # of two equally near either may be the one
    same, gone, new = ids(match(older, newer, SAME, NEAR))
    assert ids(match(newer, older, SAME, NEAR)) == ({(b, a) for a, b in same}, new, gone)


@given(lesions("a"), st.floats(-0.3, 0.3), st.floats(0.5, 2), st.floats(-200, 200))
def test_a_face_that_was_turned_matches_after_alignment(older, turn, grown, shift) -> None:
    laid = Transform(grown, -turn, turn, grown, shift, -shift)
    newer = [replace(a, id=AnnotationId(f"new{a.id}"), at=laid.apply(a.at)) for a in older]
    found = match(older, newer, laid, 1e-6)
    assert (found.gone, found.new) == ((), ())
    assert all(m.apart <= 1e-6 for m in found.same)


@given(st.tuples(points, points, points), st.tuples(points, points, points))
def test_three_pairs_lie_upon_each_other_once_aligned(older, newer) -> None:
    pairs = tuple(zip(older, newer, strict=True))

    def area(p: tuple[Point, ...]) -> float:
        a, b, c = p
        longest = max(apart(a, b), apart(b, c), apart(c, a))
        double = abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y))
        return double / max(longest * longest, 1e-9)

    assume(area(older) > 0.05 and area(newer) > 0.05)
    assume(min(apart(p, q) for p, q in pairwise((*older, older[0]))) > 5)
    laid = fitted(pairs)
    assert laid is not None
    for p, q in pairs:
        assert apart(laid.apply(p), q) < 1e-4


def test_points_nearly_on_a_line_give_turn_scale_and_shift_only() -> None:
    older = (Point(100, 100), Point(200, 100.5), Point(300, 100))
    newer = (Point(10, 50), Point(10, 250), Point(11, 450))
    laid = fitted(tuple(zip(older, newer, strict=True)))
    assert laid is not None
    # A turn keeps angles: across and down grow alike and stay at right angles.
    assert laid.a == pytest.approx(laid.d) and laid.b == pytest.approx(-laid.c)
    assert laid.scale == pytest.approx(2, rel=0.02)


def test_too_few_points_and_points_upon_each_other_give_nothing() -> None:
    one = Point(5, 5)
    assert fitted(((one, one), (Point(9, 9), Point(9, 9)))) is None
    assert fitted(((one, one),) * 3) is None


@given(st.integers(300, 6000), st.integers(300, 6000), st.integers(300, 6000), points)
def test_without_points_the_same_share_of_the_photo_is_the_same_place(w, h, other, at) -> None:
    older, newer = photo(w, h), photo(other, h, "q")
    moved = transform_of(None, older, newer).apply(at)
    assert moved.x / newer.width == pytest.approx(at.x / older.width)
    assert moved.y / newer.height == pytest.approx(at.y / older.height)
    turned = same_place(older, newer, flipped=True).apply(at)
    assert turned.x == pytest.approx(newer.width - moved.x, abs=1e-6)


@given(lesions("a"), lesions("b"))
def test_the_differences_add_up(older, newer) -> None:
    before, now = visible(older), visible(newer)
    rows = differences(before, now, EIGHT_KEYS)
    assert sum(r.before for r in rows) == len(older)
    assert sum(r.now for r in rows) == len(newer)
    assert len({r.type for r in rows}) == len(rows)
    counted = [a for a in newer if a.type not in SCARS]
    assert total(now) == len(counted)


def test_the_share_is_of_what_there_was() -> None:
    assert (share_changed(20, 7), share_changed(10, 15)) == (-0.65, 0.5)
    assert share_changed(0, 3) is None


heights = st.lists(st.floats(0, 300, allow_nan=False), min_size=1, max_size=8)


@given(heights, st.floats(1, 30), st.floats(-50, 50), st.floats(10, 400))
def test_labels_never_overlap_and_stay_inside(wanted, gap, low, room) -> None:
    high = low + room
    placed = spread(wanted, gap, low, high)
    least = min(gap, room / (len(wanted) - 1)) if len(wanted) > 1 else gap
    ordered = sorted(placed)
    assert all(b - a >= least - 1e-6 for a, b in pairwise(ordered))
    assert all(low - 1e-6 <= at <= high + 1e-6 for at in placed)
    for i, one in enumerate(wanted):
        for j, other in enumerate(wanted):
            assert one >= other or placed[i] <= placed[j] + 1e-9, "labels keep the order of lines"


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8, unique=True))
def test_labels_that_have_room_stay_where_they_belong(steps) -> None:
    wanted = [step * 20.0 for step in steps]
    assert spread(wanted, 14, -10, 400) == pytest.approx(wanted)
