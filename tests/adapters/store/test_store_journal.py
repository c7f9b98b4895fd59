"""The journal rebuilds exactly what the domain's history holds, whatever was done and undone."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_world import (
    NOW,
    FixedClock,
    add,
    annotation,
    bare_store,
    consultation,
    raises_corrupt,
    take,
)

from workstation.adapters.store import rows
from workstation.adapters.store.engine import transaction
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.alignment import Alignment
from workstation.domain.draft import (
    DecisionChoice,
    DecisionDetail,
    DecisionKind,
    Directed,
    Draft,
    Edit,
    GradeOverride,
    History,
    Item,
    ItemKind,
    Key,
    Note,
    Pharmacy,
    PlanEdit,
    Reason,
    Regimen,
)
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import UserId
from workstation.domain.lesions import (
    Annotation,
    LesionType,
    MadeBy,
    Midline,
    Mirrored,
    Point,
    Refusal,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.messages import Message
from workstation.domain.photo import Scale
from workstation.domain.protocol_choice import ChosenProtocol, OwnProtocol
from workstation.domain.rems_checklist import RemsEntry

DOCTOR = UserId("user-doctor")
_numbers = itertools.count(1)
texts = st.text(max_size=12)  # includes NUL and any script
floats = st.floats(allow_nan=False)
decimals = st.decimals(
    allow_nan=False, allow_infinity=False, places=2, min_value=-10, max_value=9999
)
points = st.builds(Point, floats, floats)
own_protocols = st.builds(
    OwnProtocol,
    st.lists(texts, max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    texts,
    st.integers(1, 400),
    st.booleans(),
)
values = st.one_of(
    st.booleans(),
    texts,
    st.integers(),
    decimals,
    st.dates(),
    st.lists(texts, max_size=3).map(tuple),
)
items: dict[ItemKind, st.SearchStrategy[Item]] = {
    ItemKind.ANNOTATION: st.builds(
        Annotation,
        id=texts,
        photo=texts,
        type=st.sampled_from(LesionType),
        at=st.builds(Point, floats, floats),
        radius=st.none() | floats,
        note=texts,
        author=texts,
        made_at=st.just(NOW),
        made_by=st.sampled_from(MadeBy),
        counted_here=st.booleans(),
        same_as=st.none() | texts,
        border=st.lists(st.builds(Point, floats, floats), max_size=4).map(tuple),
    ),
    ItemKind.MIDLINE: st.builds(
        Midline, texts, st.builds(Point, floats, floats), st.builds(Point, floats, floats)
    ),
    ItemKind.MIRROR: st.builds(Mirrored, texts),
    ItemKind.REFUSAL: st.builds(Refusal, texts, texts, texts, st.integers(1, 400)),
    ItemKind.OWNER: st.builds(ZoneOwner, st.sampled_from(ZoneId), texts),
    ItemKind.ZONE: st.builds(
        ZoneOutline,
        photo=texts,
        zone=st.sampled_from(ZoneId),
        polygon=st.lists(st.builds(Point, floats, floats), max_size=4).map(tuple),
    ),
    ItemKind.SCALE: st.builds(Scale, photo=texts, mm_per_px=floats, how=texts),
    ItemKind.GRADE_OVERRIDE: st.builds(GradeOverride, texts, texts, texts),
    ItemKind.FACT: st.builds(
        Fact,
        name=texts,
        value=values,
        origin=st.sampled_from(Origin),
        as_of=st.dates(),
        source=texts,
    ),
    ItemKind.REGIMEN: st.builds(
        Regimen,
        medicine=texts,
        product=texts,
        formulation=texts,
        morning=st.lists(decimals, max_size=2).map(tuple),
        evening=st.just(()),
        supply_days=st.integers(1, 30),
        substitution_permitted=st.booleans(),
    ),
    ItemKind.REASON: st.builds(Reason, texts, texts, texts, texts, st.dates(), texts),
    ItemKind.DECISION: st.builds(
        DecisionChoice, st.sampled_from(DecisionKind), texts, texts, st.none() | texts
    ),
    ItemKind.NOTE: st.builds(Note, texts),
    ItemKind.ALIGNMENT: st.builds(
        Alignment, texts, texts, st.tuples(*[st.tuples(points, points)] * 3)
    ),
    ItemKind.DIRECTED: st.builds(
        Directed,
        **dict.fromkeys(
            ("medicine", "product", "strength", "dose", "site", "frequency", "duration"), texts
        ),
        quantity=decimals,
        days=st.integers(1, 400),
        refills=st.integers(0, 12),
        substitution_permitted=st.booleans(),
    ),
    ItemKind.PHARMACY: st.builds(Pharmacy, texts, texts, texts),
    ItemKind.PROTOCOL: st.builds(ChosenProtocol, texts, st.none() | own_protocols),
    ItemKind.DETAIL: st.builds(
        DecisionDetail,
        texts,
        texts,
        st.none() | st.dates(),
        st.lists(texts, max_size=3).map(tuple),
        st.booleans(),
    ),
    ItemKind.MESSAGE: st.builds(Message, texts, texts, texts, texts),
    ItemKind.REMS_ENTRY: st.builds(RemsEntry, texts, st.dates(), texts, texts, texts),
    ItemKind.PLAN_POINT: st.builds(PlanEdit, texts, texts, st.integers(0, 60), st.dates()),
}
pairs = st.sampled_from(sorted(items, key=lambda k: k.value)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.sampled_from("abc"), st.none() | items[kind])
)
steps = st.lists(
    st.one_of(st.just("undo"), st.just("redo"), st.lists(pairs, min_size=1, max_size=4)),
    max_size=14,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> SqlStore:
    return bare_store(None, tmp_path_factory.mktemp("journal"), FixedClock())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
def test_the_stored_journal_equals_the_domains_history(shared: SqlStore, steps: list) -> None:
    id = add(shared, consultation(next(_numbers) + 1000))
    token = take(shared, id)
    expected, revision = History.of(Draft.empty(id)), 0
    for step in steps:
        with shared.writing(DOCTOR, "s") as unit:
            if step == "undo":
                expected = expected.undo()
                revision = unit.move_cursor(id, token, revision, -1)
            elif step == "redo":
                expected = expected.redo()
                revision = unit.move_cursor(id, token, revision, 1)
            else:
                puts = {Key.of(kind, name): item for kind, name, item in step}
                edit = expected.draft.put("any", puts.items(), DOCTOR, NOW)
                expected = expected.do(edit)
                revision = unit.append_edit(id, token, revision, edit)
        with shared.reading() as unit:
            found = unit.history(id)
        assert found == expected
        assert list(found.draft.items) == list(expected.draft.items)


def test_every_kind_of_item_is_tried() -> None:
    assert set(items) == set(ItemKind)


@given(item=st.one_of(*items.values()))
def test_items_come_back_with_their_types(item: Item) -> None:
    back = rows.item_from_text(rows.item_to_text(item))
    assert back == item
    assert repr(back) == repr(item)  # 1 is not True, Decimal("1.50") is not 1.5


def test_an_annotation_stored_before_borders_could_be_drawn_is_read_as_a_point() -> None:
    plain = json.loads(rows.item_to_text(annotation(1)))
    del plain[1]["border"]
    assert rows.item_from_text(json.dumps(plain)) == annotation(1)


@pytest.mark.parametrize(
    "value",
    [
        True,
        1,
        "true",
        "1",
        Decimal("1"),
        Decimal("1.00"),
        date(2026, 1, 2),
        "2026-01-02",
        (),
        ("a",),
    ],
)
def test_fact_values_keep_their_kind(value: object) -> None:
    fact = Fact("x", value, Origin.INTAKE, date(2026, 1, 1), "q")
    back = rows.from_text(rows.to_text(fact), Fact)
    assert (type(back.value), repr(back.value)) == (type(value), repr(value))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '["Fact",{}]',
        '["os","x"]',
        '["Note",{"text":1}]',
        '["Note",{"text":"a","more":1}]',
    ],
)
def test_damaged_items_are_corrupt(text: str) -> None:
    with raises_corrupt("store.row.damaged"):
        rows.item_from_text(text)


def test_a_missing_journal_row_is_noticed(tmp_path: Path) -> None:
    store = bare_store(None, tmp_path, FixedClock())
    id = add(store, consultation())
    token = take(store, id)
    edits: list[Edit] = []
    history = History.of(Draft.empty(id))
    with store.writing(DOCTOR, "s") as unit:
        for n in range(3):
            edits.append(
                history.draft.put(
                    "x", [(Key.of(ItemKind.ANNOTATION, f"a{n}"), annotation(n))], DOCTOR, NOW
                )
            )
            history = history.do(edits[-1])
            unit.append_edit(id, token, n, edits[-1])
    with transaction(store._engine, write=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER edit_no_delete")
        connection.exec_driver_sql("DELETE FROM edit WHERE seq = 2")
    with raises_corrupt("draft.journal.broken"), store.reading() as unit:
        unit.history(id)
