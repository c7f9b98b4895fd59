"""Counting on from the last count is counting everything, whatever was edited, undone or linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.test_zones import FRONT, LEFT, RIGHT, mark, photo
from workstation.content.zones import standard
from workstation.domain.counting import count, count_on, ground, tally
from workstation.domain.draft import Draft, History, ItemKind, Key
from workstation.domain.ids import AnnotationId, ConsultationId, UserId
from workstation.domain.lesions import (
    FACE_ZONES,
    INFLAMMATORY,
    Annotation,
    LesionType,
    Midline,
    Point,
    ZoneId,
)
from workstation.domain.photo import View
from workstation.domain.schemes_opinions import half_faces
from workstation.domain.zones import outlines_of
from workstation.presenters.counts import counts_table, whole_table

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PHOTOS = (FRONT, LEFT, RIGHT)
GONE = photo(View.CHEST)  # annotated once, not among the photos
NAMES = [f"a{i}" for i in range(9)]

spots = st.tuples(st.floats(0, 1), st.floats(0, 1))
made = st.builds(
    lambda name, on, at, kind, here, twin: mark(name, on, at, kind, here=here, twin=twin),
    st.sampled_from(NAMES),
    st.sampled_from((*PHOTOS, *PHOTOS, *PHOTOS, GONE)),
    spots,
    st.sampled_from(list(LesionType)),
    st.booleans(),
    st.sampled_from((None, None, None, None, *NAMES)),
)
steps = st.lists(
    st.one_of(
        st.lists(made, min_size=1, max_size=4),  # put these, over what their keys hold
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),  # remove these
        st.sampled_from(("undo", "redo")),
    ),
    max_size=25,
)


def _after(history: History, step: str | list[Annotation] | list[str]) -> History:
    if step == "undo":
        return history.undo()
    if step == "redo":
        return history.redo()
    puts = {
        Key.of(ItemKind.ANNOTATION, i if isinstance(i, str) else i.id): (
            None if isinstance(i, str) else i
        )
        for i in step
    }
    return history.do(history.draft.put("step", puts.items(), UserId("u"), NOW))


@settings(max_examples=60, deadline=None)
@given(steps)
def test_counting_on_is_counting_everything(walk) -> None:
    outlines = outlines_of(PHOTOS, standard())
    on = ground(PHOTOS, outlines)
    history = History.of(Draft.empty(ConsultationId("c")))
    last = count(on, ())
    for step in walk:
        assert history.draft.annotations is not None  # sorted out, so that the next goes on from it
        history = _after(history, step)
        draft = history.draft
        assert draft.annotations == Draft(draft.consultation, draft.items).annotations
        last = count_on(last, draft.annotations)
        assert last.tally == tally(PHOTOS, draft.annotations, outlines)


def test_only_what_differs_is_counted_and_the_same_is_the_same_count() -> None:
    outlines = outlines_of(PHOTOS, standard())
    marks = tuple(mark(f"a{i}", FRONT, (i / 10, 0.3)) for i in range(9))
    first = count(ground(PHOTOS, outlines), marks)
    assert count_on(first, marks) is first
    moved = replace(marks[4], at=Point(5, 5))
    second = count_on(first, (*marks[:4], moved, *marks[5:]))
    kept = [a is b for a, b in zip(first.tally.placed, second.tally.placed, strict=True)]
    assert kept == [True] * 4 + [False] + [True] * 4


def test_a_link_to_an_annotation_that_comes_back_counts_it_once() -> None:
    outlines = outlines_of(PHOTOS, standard())
    twin = mark("b", LEFT, (0.5, 0.5), twin="a")
    first = count(ground(PHOTOS, outlines), (twin,))
    back = mark("a", FRONT, (0.7, 0.5))
    assert count_on(first, (twin, back)).tally == tally(PHOTOS, (twin, back), outlines)
    assert AnnotationId("a") in first.linked


# Few types on few photos, so that one cell counts more than once.
alike = st.builds(
    mark,
    st.sampled_from([f"a{i}" for i in range(40)]),
    st.sampled_from((FRONT, FRONT, FRONT, LEFT)),
    spots,
    st.sampled_from((LesionType.PAPULE, LesionType.PAPULE, LesionType.OPEN_COMEDONE)),
)
single = st.lists(
    st.one_of(
        st.lists(alike, min_size=1, max_size=1),
        st.lists(alike, min_size=12, max_size=12),
        st.lists(st.sampled_from([f"a{i}" for i in range(40)]), min_size=1, max_size=1),
        st.just("undo"),
    ),
    min_size=5,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(single, st.booleans())
def test_what_is_kept_of_halves_and_table_is_what_everything_gives(walk, turned) -> None:
    """Halves of the face and the table of counts, both counted on from the last answer."""
    outlines = outlines_of(PHOTOS, standard())
    mirrored = frozenset({FRONT.id} if turned else ())
    history = History.of(Draft.empty(ConsultationId("c")))
    for step in walk:
        history = _after(history, step)
        found = tally(PHOTOS, history.draft.annotations, outlines)
        line = Midline.middle(FRONT)
        halves = half_faces(PHOTOS, found, (), mirrored)
        left = right = 0
        for p in found.placed:
            if not p.counts or p.annotation.type not in INFLAMMATORY or p.zone not in FACE_ZONES:
                continue
            if p.zone is ZoneId.LEFT_CHEEK:
                left += 1
            elif p.zone is ZoneId.RIGHT_CHEEK:
                right += 1
            elif p.annotation.photo != FRONT.id:
                left += p.annotation.photo == LEFT.id
                right += p.annotation.photo == RIGHT.id
            else:
                on_left = p.annotation.at.x >= line.top.x
                left += on_left is not turned
                right += on_left is turned
        assert (halves.left, halves.right) == (left, right)
        assert counts_table(PHOTOS, found) == whole_table(PHOTOS, found)


def test_an_edit_of_linked_annotations_counts_their_group_alone() -> None:
    outlines = outlines_of(PHOTOS, standard())
    pairs = [
        one
        for i in range(6)
        for one in (
            mark(f"f{i}", FRONT, (0.4 + i / 50, 0.2)),
            mark(f"l{i}", LEFT, (0.5, 0.2 + i / 20), twin=f"f{i}"),
        )
    ]
    first = count(ground(PHOTOS, outlines), tuple(pairs))
    edited = (*pairs[:4], replace(pairs[4], type=LesionType.CYST), *pairs[5:])
    second = count_on(first, edited)
    assert second.tally == tally(PHOTOS, edited, outlines)
    kept = [a is b for a, b in zip(first.tally.placed, second.tally.placed, strict=True)]
    assert kept == [True] * 4 + [False] * 2 + [True] * 6  # the lesion and its twin
