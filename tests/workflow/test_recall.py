"""An appraisal that recalls what did not change equals one worked out from nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache, partial

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.assess_world import annotation, blank
from tests.ui.treat_world import CLINIC, ME, NOW, TODAY, content, received
from workstation.domain.consultation import Consultation
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Draft,
    Item,
    ItemKind,
    Key,
    Reason,
    Regimen,
)
from workstation.domain.facts import Fact, Origin
from workstation.domain.lesions import LesionType, Point, ZoneId, ZoneOutline
from workstation.domain.photo import View
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.recall import Recall

PEOPLE = ("marsh-elena", "nwosu-ifeoma", "lindqvist-astrid", "abernathy-grace", "becker-jonas")
VIEWS = (View.FRONT, View.LEFT45, View.RIGHT45)
Step = tuple[Key, Item | None]


@cache
def consultations() -> tuple[Consultation, ...]:
    """People of the demonstration, with three blank photos each."""
    return tuple(replace(received(key), photos=blank(VIEWS)) for key in PEOPLE)


def product() -> tuple[str, str]:
    """A product of the formulary with its formulation."""
    found = content().medicines["isotretinoin"].products[0]
    return found.id, found.formulation


def marks() -> st.SearchStrategy[Step]:
    """An annotation put, moved or taken away; sometimes linked, or counted by hand."""
    put = st.builds(
        lambda n, view, kind, x, y, here, twin: (
            Key.of(ItemKind.ANNOTATION, f"a{n}"),
            annotation(
                f"a{n}", view.value, kind, (x, y), counted_here=here,
                same_as=None if twin is None else f"a{twin}",
            ),
        ),
        st.integers(0, 9), st.sampled_from(VIEWS), st.sampled_from(LesionType),
        st.integers(0, 1200), st.integers(0, 1600), st.booleans(),
        st.none() | st.integers(0, 9),
    )  # fmt: skip
    gone = st.integers(0, 9).map(lambda n: (Key.of(ItemKind.ANNOTATION, f"a{n}"), None))
    return put | gone


def answers() -> st.SearchStrategy[Step]:
    """A fact recorded by the clinician, among them the same number written in two ways."""
    values = st.sampled_from(
        [
            ("severity.scarring", True), ("severity.scarring", False),
            ("pregnancy.category", "CGP"), ("pregnancy.category", "CNGP"),
            ("patient.weight", Decimal("61")), ("patient.weight", Decimal("61.0")),
            ("patient.weight", Decimal("84")), ("alcohol.most", 0), ("alcohol.most", 6),
        ]
    )  # fmt: skip
    return values.map(
        lambda pair: (
            Key.of(ItemKind.FACT, pair[0]),
            Fact(pair[0], pair[1], Origin.CLINICIAN, TODAY, "recorded"),
        )
    )


def choices() -> st.SearchStrategy[Step]:
    """A decision, a regimen, a zone dragged, a reason, or one of them taken back."""
    id_, formulation = product()
    regimen = st.sampled_from([Decimal(10), Decimal(20), Decimal(40), Decimal("40.0")]).map(
        lambda mg: Regimen("isotretinoin", id_, formulation, (mg,), (Decimal(20),), 30, True)
    )
    decision = st.sampled_from(DecisionKind).map(
        lambda kind: DecisionChoice(kind, "Severe nodular acne", "L70.0", None)
    )
    zone = st.integers(100, 900).map(
        lambda x: ZoneOutline(
            blank(VIEWS)[0].id, ZoneId.NOSE, (Point(0, 0), Point(x, 0), Point(x, 1000))
        )
    )
    reason = st.sampled_from(["acknowledged", "other"]).map(
        lambda code: Reason("W-ANY", code, "because of this", ME.id, TODAY, "digest")
    )
    pairs: tuple[tuple[Key, st.SearchStrategy[Item]], ...] = (
        (Key.of(ItemKind.REGIMEN, "isotretinoin"), regimen),
        (Key.of(ItemKind.DECISION), decision),
        (Key.of(ItemKind.ZONE, "nose"), zone),
        (Key.of(ItemKind.REASON, "W-ANY"), reason),
    )
    return st.one_of(
        *((st.none() | items).map(lambda item, key=key: (key, item)) for key, items in pairs)
    )


def at(minutes: int, *, days: int = 0) -> Situation:
    """The clinic some time later; each asked of the store anew, so never the same objects."""
    later = timedelta(days=days)
    return Situation(
        content(), ME, replace(CLINIC), NOW + later + timedelta(minutes=minutes), TODAY + later
    )


def fresh(consultation: Consultation, draft: Draft, situation: Situation) -> Appraisal:
    """Worked out from copies, which nothing has been asked about."""
    items = {key: replace(item) for key, item in draft.items.items()}
    photos = tuple(replace(photo) for photo in consultation.photos)
    return appraise(
        replace(consultation, photos=photos), Draft(draft.consultation, items), (), situation
    )


def written(appraisal: Appraisal) -> str:
    """Everything, down to how numbers are written."""
    parts = {
        **{name: value for name, value in vars(appraisal).items() if name != "site"},
        "facts": sorted(appraisal.facts.values(), key=lambda f: f.name),
        "rems_months": appraisal.rems_months,
    }
    return repr(parts)


@settings(max_examples=25, deadline=None)
@given(
    who=st.integers(0, len(PEOPLE) - 1),
    steps=st.lists(
        st.tuples(marks() | answers() | choices(), st.sampled_from([0, 0, 0, 1])), max_size=12
    ),
)
def test_recalled_equals_fresh(who: int, steps: list[tuple[Step, int]]) -> None:
    consultation = consultations()[who]
    draft, day, shown = Draft.empty(consultation.id), 0, []
    for minute, (step, days) in enumerate(steps):
        day += days
        draft = draft.apply(draft.put("edit", [step], ME.id, NOW))
        shown.append((draft, at(minute, days=day), at(minute, days=day)))
    recalled = [written(appraise(consultation, made, (), now)) for made, now, _ in shown]
    assert recalled == [written(fresh(consultation, made, again)) for made, _, again in shown]


def test_another_patient_is_never_recalled() -> None:
    first, second = consultations()[:2]
    draft = Draft.empty(first.id)
    one = appraise(first, draft, (), at(0))
    other = appraise(second, draft, (), at(0))
    assert one.facts.value("patient.age") != other.facts.value("patient.age")
    assert written(other) == written(fresh(second, draft, at(0)))


def test_equal_numbers_are_not_the_same_thing() -> None:
    recall: Recall[str] = Recall()
    said = [recall.of((n,), partial(str, n)) for n in (Decimal("1"), Decimal("1.0"))]
    assert said == ["1", "1.0"]


def test_work_is_done_once_for_the_same_things() -> None:
    done: list[int] = []
    recall: Recall[int] = Recall()
    thing = object()
    for _ in range(3):
        recall.of((thing, "word", TODAY), lambda: done.append(1) or len(done))
    assert done == [1]
    recall.of((thing, "other", TODAY), lambda: done.append(1) or len(done))
    assert done == [1, 1]


def test_one_more_nodule_reaches_the_rules() -> None:
    consultation = consultations()[0]
    draft = Draft.empty(consultation.id)
    for count in range(1, 8):
        nodule = annotation(f"n{count}", "front", LesionType.NODULE, (600, 200 + count))
        draft = draft.apply(
            draft.put("edit", [(Key.of(ItemKind.ANNOTATION, nodule.id), nodule)], ME.id, NOW)
        )
        assert appraise(consultation, draft, (), at(count)).facts.value("severity.nodules") == count
