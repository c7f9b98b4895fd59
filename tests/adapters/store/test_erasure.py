"""Erased on request: exactly one person's rows and files, on exactly that path."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from store_world import (
    NOW,
    FixedClock,
    add,
    annotation,
    bare_store,
    consultation,
    create,
    fresh_database,
    lab,
    outcome,
    signed,
    supply,
    take,
)
from test_store_board import row

from workstation.adapters.store.engine import transaction
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import Change, Edit, ItemKind, Key
from workstation.domain.errors import Conflict, WorkstationError
from workstation.domain.ids import PatientId, UserId
from workstation.workflow.ports.person import Erased

ME = UserId("user-doctor")


@pytest.fixture(params=["sqlcipher", "postgresql"])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    from workstation.adapters.store import seals

    url = None
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("server"), f"e{abs(hash(request.node.name))}")
    store = bare_store(url, tmp_path, FixedClock())
    seals.attach(store._engine, b"s" * 32)
    with transaction(store._engine, write=True) as connection:
        seals.bring_up_to_date(connection, b"s" * 32)
    yield store
    store.close()


def two_people(store: SqlStore) -> None:
    """The first with a signed visit and all that hangs on it; the second only waits."""
    first = add(store, consultation(1, results=(lab(1),), dispensed=(supply(date(2026, 10, 1)),)))
    add(store, consultation(2, results=(lab(2),)))
    token = take(store, first)
    mark = annotation(1)
    change = Change(Key.of(ItemKind.ANNOTATION, mark.id), None, mark)
    with store.writing(ME, "s") as unit:
        for who in ("patient-1", "patient-2"):
            unit.board.put(PatientId(who), (row(3, 9),))
        unit.append_edit(first, token, 0, Edit("annotation.add", (change,), ME, NOW))
        number = unit.reserve_number(first, "prescription", 2026)
        rx = signed(first, DocumentKind.PRESCRIPTION, number)
        unit.finish(first, token, 1, (rx,), outcome(dispensed=supply(date(2026, 11, 22))))


def erase(store: SqlStore, who: int = 1, *, years: float = 10) -> Erased:
    with store.writing(ME, "s") as unit:
        return unit.erasing.erase(
            PatientId(f"patient-{who}"), ME, "Asked for it", NOW, NOW - timedelta(days=365 * years)
        )


def test_all_of_one_person_goes_but_what_was_signed(sealed: SqlStore) -> None:
    two_people(sealed)
    done = erase(sealed)
    assert done.consultations == 1
    assert done.kept == ("RX-2026-0001",) and done.rows >= 7
    assert done.files == ()  # the same photos are the second person's too
    with sealed.reading() as unit:
        assert unit.consultation("consultation-1") is None
        assert len(unit.documents("consultation-1")) == 1
        other = unit.consultation("consultation-2")
        assert other is not None and len(other.results) == 1 and len(other.photos) == 2
        assert unit.past_visits(PatientId("patient-1"), NOW + timedelta(days=1)) == ()
    assert sealed.audit_faults() == ()


def rows_of(store: SqlStore, table: str) -> tuple[int, int]:
    """How many rows of a table belong to the first person, and to the second."""
    whose = "patient" if table in ("result", "due") else "consultation"
    asked = text(f"SELECT count(*) FROM {table} WHERE {whose} = :who")
    with transaction(store._engine, write=False) as connection:
        mine, others = (connection.scalar(asked, {"who": f"{whose}-{n}"}) for n in (1, 2))
    return mine, others


def test_past_the_retention_time_the_name_goes_too(sealed: SqlStore) -> None:
    two_people(sealed)
    owned = ("consultation_content", "item", "edit", "result", "due")
    before = {table: rows_of(sealed, table) for table in owned}
    done = erase(sealed, years=-1)
    assert done.kept == ()
    with sealed.reading() as unit:
        (index,) = unit.documents("consultation-1")
    assert index.address in done.files  # the pages go, their number stays
    for table in owned:
        mine, others = before[table]
        assert mine > 0 and rows_of(sealed, table) == (0, others), table
    with transaction(sealed._engine, write=False) as connection:
        named = connection.execute(text("SELECT family FROM consultation ORDER BY id")).scalars()
        assert list(named) == ["Erased", "March"]
    assert sealed.audit_faults() == ()


def test_who_has_an_open_consultation_is_not_erased(sealed: SqlStore) -> None:
    two_people(sealed)
    for who, code in ((2, "erase.open"), (9, "erase.nobody")):
        with pytest.raises(Conflict) as refused:
            erase(sealed, who)
        assert refused.value.code == code


def test_nothing_else_lets_go_of_a_row(sealed: SqlStore) -> None:
    """Before, and for everybody else after, every delete and update is refused as ever."""
    two_people(sealed)
    tables = (
        "edit",
        "result",
        "supply",
        "consultation_content",
        "photo_seen",
        "document",
        "erasure",
    )
    for erased in (False, True):
        if erased:
            erase(sealed)
        for table in tables:
            with transaction(sealed._engine, write=False) as connection:
                left = connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for act in (f"DELETE FROM {table}", f"UPDATE {table} SET {_column(table)}"):
                if not left:
                    continue
                with (
                    pytest.raises((WorkstationError, SQLAlchemyError)),
                    transaction(sealed._engine, write=True) as connection,
                ):
                    connection.execute(text(act))


def _column(table: str) -> str:
    return {"photo_seen": "digest = digest", "document": "number = number"}.get(
        table, "reason = reason" if table == "erasure" else "content = content"
    )


def test_files_are_removed_and_a_killed_removal_is_made_up_for(tmp_path: Path) -> None:
    from dataclasses import replace

    from store_world import photo

    opened = create(tmp_path / "store")
    kept = opened.vault.put(b"somebody else's photo")
    own = opened.vault.put(b"a photo of the first person")
    mine = replace(photo(1), digest="1" * 64, original=own, preview=own, thumbnail=own)
    id = add(opened.store, consultation(1, photos=(mine,)))
    token = take(opened.store, id)
    with opened.store.writing(ME, "s") as unit:
        number = unit.reserve_number(id, "prescription", 2026)
        unit.finish(id, token, 0, (signed(id, DocumentKind.PRESCRIPTION, number),), outcome())
    done = erase(opened.store)
    assert set(done.files) == {own}
    with opened.store.reading() as unit:
        for address in unit.erasing.files_to_remove():
            opened.vault.remove(address)
    assert tuple(opened.vault.addresses()) == (kept,)
    opened.close()
