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
from workstation.domain.lesions import Annotation, LesionType, Point
from workstation.domain.photo import View
from workstation.domain.zones import outlines_of

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
