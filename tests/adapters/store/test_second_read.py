"""Second readings: blinded, durable on both databases, apart from the case, compared when finished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.adapters.store.store_world import NOW, add, annotation, consultation, make_user, take
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.assets import resource
from workstation.content import catalogue
from workstation.domain.accounts import Role
from workstation.domain.consultation import Consultation
from workstation.domain.draft import Edit, Item, ItemKind, Key, Note
from workstation.domain.errors import Conflict, NotAllowed
from workstation.domain.ids import ConsultationId
from workstation.workflow import queue, second_read
from workstation.workflow.desk import Session
from workstation.workflow.ports import Appraised, QueueFilter
from workstation.workflow.second_read import Blind


@pytest.fixture(scope="module")
def loaded() -> catalogue.Catalogue:
    return catalogue.load(resource("clinical"))


@pytest.fixture
def desk(store: SqlStore, clock: Any, loaded: catalogue.Catalogue) -> Any:
    return SimpleNamespace(store=store, clock=clock, station="s", catalogue=loaded)


def session(store: SqlStore, number: int, role: Role) -> Session:
    user = make_user(f"reader{number}", role=role)
    with store.writing("system", "s") as unit:
        unit.add_user(user)
    return Session(user, None)


def put(
    read: Any, reader: Session, clock: Any, *items: Item, label: str = "annotation.add"
) -> Edit:
    keys = [(Key.of(ItemKind.ANNOTATION, i.id), i) for i in items]
    return read.draft.put(label, keys, reader.user.id, clock.now())


@pytest.fixture
def case(store: SqlStore) -> ConsultationId:
    return add(store, consultation(1))


def test_a_reading_is_durable_edit_by_edit_and_leaves_the_case_alone(
    desk: Any, store: SqlStore, clock: Any, case: ConsultationId
) -> None:
    reader = session(store, 7, Role.SECOND_READER)
    with store.reading() as unit:
        before = (unit.consultation(case), unit.history(case))
    begun = second_read.begin(desk, reader, case)
    read = begun.read
    photo = begun.photos[0].id
    for n in range(1, 4):
        mark = replace(annotation(n, x=10.0 * n), photo=photo)
        read = second_read.commit(desk, reader, read, put(read, reader, clock, mark))
    read = second_read.commit(desk, reader, read, read.edits[-1].reversed())
    again = second_read.begin(desk, reader, case).read
    assert again == read and len(again.draft.annotations) == 2
    with store.reading() as unit:
        assert (unit.consultation(case), unit.history(case)) == before
    done = second_read.finish(desk, reader, read)
    with pytest.raises(Conflict, match=r"second_read\.finished"):
        second_read.commit(desk, reader, done, put(done, reader, clock, annotation(9)))
    assert second_read.begin(desk, reader, case).read.round == 2


def test_the_queue_hides_the_grade_until_the_blinded_reading_is_finished(
    desk: Any, store: SqlStore, case: ConsultationId
) -> None:
    graded = Appraised(1, (), NOW + timedelta(days=2), "Nothing", "ok", "Severe", "graded")
    said = replace(graded, severity="Mild", severity_source="patient says")
    other = add(store, consultation(2))
    with store.writing("system", "s") as unit:
        unit.set_appraised(case, graded)
        unit.set_appraised(other, said)
    reader = session(store, 7, Role.SECOND_READER)
    doctor, other_doctor = (session(store, n, Role.DERMATOLOGIST) for n in (8, 9))

    def seen(who: Session) -> dict[ConsultationId, tuple[str, str]]:
        rows = queue.page(desk, who, QueueFilter(scope="all")).rows
        return {row.id: (row.severity, row.severity_source) for row in rows}

    shown, hidden = ("Severe", "graded"), ("", "read blinded")
    assert seen(doctor)[case] == seen(other_doctor)[case] == shown
    assert seen(reader) == {case: hidden, other: ("Mild", "patient says")}
    begun = {who: second_read.begin(desk, who, case).read for who in (reader, doctor)}
    assert seen(doctor)[case] == seen(reader)[case] == hidden
    assert seen(other_doctor)[case] == shown
    for who, read in begun.items():
        second_read.finish(desk, who, read)
        assert seen(who)[case] == shown
    second_read.begin(desk, doctor, case)  # the same person reads again
    assert seen(doctor)[case] == hidden and seen(reader)[case] == shown


def test_what_a_reader_sees_holds_nothing_of_the_first_reading() -> None:
    assert set(Blind.__dataclass_fields__) == {"consultation", "read"}
    received = set(Consultation.__dataclass_fields__)
    assert not received & {"annotations", "draft", "history", "grade", "counts"}


def test_two_windows_cannot_both_write_and_no_reader_writes_for_another(
    desk: Any, store: SqlStore, clock: Any, case: ConsultationId
) -> None:
    reader = session(store, 7, Role.SECOND_READER)
    other = session(store, 8, Role.DERMATOLOGIST)
    old = second_read.begin(desk, reader, case).read
    second_read.commit(desk, reader, old, put(old, reader, clock, annotation(1)))
    with pytest.raises(Conflict, match=r"second_read\.stale"):
        second_read.commit(desk, reader, old, put(old, reader, clock, annotation(2)))
    with pytest.raises(Conflict, match=r"second_read\.reader"):
        second_read.commit(desk, other, old, put(old, other, clock, annotation(2)))
    note = old.draft.put(
        "note", [(Key.of(ItemKind.NOTE, "assessment"), Note("x"))], reader.user.id, clock.now()
    )
    with pytest.raises(Conflict, match=r"second_read\.kind"):
        second_read.commit(desk, reader, old, note)


@pytest.mark.parametrize("role", [Role.NURSE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_read_no_second_time(role: Role) -> None:
    reader = Session(make_user(role=role), None)
    calls: tuple[Callable[[], object], ...] = (
        lambda: second_read.begin(None, reader, ConsultationId("c")),
        lambda: second_read.commit(None, reader, None, None),
        lambda: second_read.finish(None, reader, None),
    )
    for call in calls:
        with pytest.raises(NotAllowed, match=r"session\.permission"):
            call()


def test_agreement_waits_for_the_end_and_tells_pairs_and_left_overs(
    desk: Any, store: SqlStore, clock: Any, case: ConsultationId
) -> None:
    first = session(store, 7, Role.DERMATOLOGIST)
    reader = session(store, 8, Role.SECOND_READER)
    token = take(store, case, first.user.id)
    photo = second_read.begin(desk, first, case).photos[0].id
    with store.reading() as unit:
        held, draft = unit.consultation(case), unit.history(case).draft
    assert held is not None
    marks = [replace(annotation(n, x=200.0 * n), photo=photo) for n in (1, 2, 3)]
    edit = draft.put(
        "annotation.add",
        [(Key.of(ItemKind.ANNOTATION, m.id), m) for m in marks],
        first.user.id,
        clock.now(),
    )
    with store.writing(first.user.id, "s") as writing:
        writing.append_edit(case, token, held.revision, edit)
    read = second_read.begin(desk, reader, case).read
    own = [replace(annotation(n + 50, x=200.0 * n + 2), photo=photo) for n in (1, 2)]
    own.append(replace(annotation(99, x=900.0), photo=photo))
    read = second_read.commit(desk, reader, read, put(read, reader, clock, *own))
    with pytest.raises(Conflict, match=r"second_read\.blinded"):
        second_read.agreement(desk, reader, case)
    second_read.finish(desk, reader, read)
    found = second_read.agreement(desk, reader, case)
    assert len(found.paired.both) == 2
    assert [a.id for a in found.paired.first_only] == [marks[2].id]
    assert [a.id for a in found.paired.second_only] == [own[2].id]
    # The first reader began a blinded reading as well, and is refused until it is closed.
    with pytest.raises(Conflict, match=r"second_read\.blinded"):
        second_read.agreement(desk, first, case)


def test_the_journal_only_grows(store: SqlStore, desk: Any, case: ConsultationId) -> None:
    reader = session(store, 7, Role.SECOND_READER)
    second_read.begin(desk, reader, case)
    with pytest.raises(Exception, match="append.only"), store.writing("system", "s") as unit:
        unit._connection.exec_driver_sql("DELETE FROM second_read_edit")
