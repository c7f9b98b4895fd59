"""Ten workstations on one server: no edit is lost, and a consultation is signed once."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from benchmarks.store_parts import large
from sqlalchemy import text
from store_world import (
    CLINIC,
    FixedClock,
    add,
    consultation,
    fresh_database,
    make_user,
    outcome,
    signed,
)

from workstation.adapters.store import seals
from workstation.adapters.store.engine import postgresql_engine, transaction
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.adapters.store.upgrade import upgrade
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, UserId

STATIONS, EDITS, RACES = 10, 10_000, 1_000
SHARED = 40  # consultations that all stations work on
NOTE = Key.of(ItemKind.NOTE, "assessment")


def opened(url: str) -> SqlStore:
    """A station's own way to the server, sealing what it writes."""
    engine = postgresql_engine(url)
    seals.attach(engine, large.SEALS)
    return SqlStore(engine, FixedClock(), demonstration=False, heads=None)


def station(url: str, n: int, wanted: int, told: Any) -> None:
    """Edit until ``wanted`` edits were acknowledged: each adds one to the number in a note.

    Leases are short and often not given back, so stations overtake each other; now and then one
    writes with a token that it lost, or a revision that is old. Such a write must be refused.
    """
    store, chance = opened(url), random.Random(n)
    me = UserId(f"user-station{n}")
    done: Counter[str] = Counter()
    refused = 0
    lost: tuple[ConsultationId, int, int, Any] | None = None
    while sum(done.values()) < wanted:
        id = ConsultationId(f"consultation-{chance.randrange(SHARED) + 1}")
        now = large.NOW + timedelta(seconds=time.time() % 1e6)
        with store.writing(me, f"s{n}") as unit:
            claim = unit.claim(id, me, f"s{n}", now, now + timedelta(seconds=0.1))
        if claim is None:
            continue
        with store.reading() as unit:
            found, history = unit.consultation(id), unit.history(id)
        assert found is not None
        revision = found.revision
        for _ in range(chance.randint(1, 4)):
            held = history.draft.items.get(NOTE)
            number = int(held.text) if isinstance(held, Note) else 0
            edit = history.draft.put("note", [(NOTE, Note(str(number + 1)))], me, now)
            try:
                with store.writing(me, f"s{n}") as unit:
                    revision = unit.append_edit(id, claim.token, revision, edit)
                    unit.audit("draft.edited", id, {"revision": revision})
            except Conflict:  # somebody took it over meanwhile
                refused += 1
                break
            done[id] += 1
            history = history.do(edit)
            if chance.random() < 0.05:
                lost = (id, claim.token, revision - 1, edit)
        if lost is not None:
            stale, lost = lost, None
            try:
                with store.writing(me, f"s{n}") as unit:
                    unit.append_edit(*stale)
            except Conflict:
                refused += 1
            else:
                raise AssertionError("a stale edit was taken")
        if chance.random() < 0.5:
            with store.writing(me, f"s{n}") as unit:
                unit.release(id, claim.token)
    store.close()
    told.put((dict(done), refused))


def edits(url: str, stations: int, number: int) -> tuple[int, int]:
    """(acknowledged edits, refused writes) of all stations; every acknowledged one is there."""
    store = opened(url)
    for n in range(SHARED):
        add(store, consultation(n + 1))
    told: Any = multiprocessing.Queue()
    work = [
        multiprocessing.Process(target=station, args=(url, n, number // stations, told))
        for n in range(stations)
    ]
    for one in work:
        one.start()
    done: Counter[str] = Counter()
    refused = 0
    for _ in work:
        mine, over = told.get(timeout=3600)
        done.update(mine)
        refused += over
    for one in work:
        one.join()
    with store.reading() as unit:
        for n in range(SHARED):
            id = ConsultationId(f"consultation-{n + 1}")
            found, history = unit.consultation(id), unit.history(id)
            assert found is not None
            note = history.draft.items.get(NOTE)
            assert found.revision == done[id] == len(history.past)
            assert (int(note.text) if isinstance(note, Note) else 0) == done[id]
    assert store.audit_faults() == ()
    store.close()
    return sum(done.values()), refused


def signer(url: str, first: int, races: int, number: int, start: Any, told: Any) -> None:
    """Sign consultation after consultation in the same moment as the other of this pair."""
    store = opened(url)
    done: Counter[str] = Counter()
    for n in range(first, first + races):
        id = ConsultationId(f"race-{n}")
        paper = signed(id, DocumentKind.PRESCRIPTION, f"RX-{n}-{number}")
        start.wait()
        try:
            with store.writing("user-doctor", "s") as unit:
                unit.finish(id, 1, 0, [paper], outcome())
                unit.audit("consultation.signed", id, {})
            done["signed"] += 1
        except Conflict as error:
            done[error.code] += 1
    store.close()
    told.put(dict(done))


def races(url: str, stations: int, number: int) -> Counter[str]:
    """What the signers were told; each consultation has one prescription."""
    store = opened(url)
    now = large.NOW
    for n in range(number):
        made = consultation(1000 + n)
        id = ConsultationId(f"race-{n}")
        with store.writing("user-doctor", "s") as unit:
            unit.add_patient_and_consultation(large.replace(made, id=id), large.appraised())
            claim = unit.claim(id, UserId("user-doctor"), "s", now, now + timedelta(hours=9))
            assert claim is not None and claim.token == 1
            unit.set_status(id, 1, large.Status.IN_REVIEW, None)
    told: Any = multiprocessing.Queue()
    pairs = max(1, stations // 2)
    work = []
    for pair in range(pairs):
        start = multiprocessing.Barrier(2)
        each = number // pairs
        work += [
            multiprocessing.Process(target=signer, args=(url, pair * each, each, who, start, told))
            for who in range(2)
        ]
    for one in work:
        one.start()
    answers: Counter[str] = Counter()
    for _ in work:
        answers.update(told.get(timeout=3600))
    for one in work:
        one.join()
    with transaction(store._engine, write=False) as connection:
        most = connection.execute(
            text(
                "SELECT max(n), min(n), count(*) FROM (SELECT count(*) AS n FROM document "
                "GROUP BY consultation) AS each"
            )
        ).one()
    assert tuple(most) == (1, 1, number // pairs * pairs), most
    assert answers["signed"] == number // pairs * pairs
    assert store.audit_faults() == ()
    store.close()
    return answers


def prepared(address: str, name: str, stations: int) -> str:
    """A clinic's database with an account for each station."""
    url = fresh_database(address, name)
    engine = postgresql_engine(url)
    upgrade(engine)
    seals.attach(engine, large.SEALS)
    with transaction(engine, write=True) as connection:
        seals.bring_up_to_date(connection, large.SEALS)
    store = SqlStore(engine, FixedClock(), demonstration=False, heads=None)
    with store.writing("system", "s") as unit:
        unit.set_clinic(CLINIC)
        unit.add_user(make_user("doctor"))
        for n in range(stations):
            unit.add_user(make_user(f"station{n}"))
    store.close()
    return url


def stations() -> None:
    """The numbers of the whole run."""
    multiprocessing.set_start_method("fork", force=True)
    with large.a_server() as address:
        begun = time.perf_counter()
        url = prepared(address, "edits", STATIONS)
        done, refused = edits(url, STATIONS, EDITS)
        took = time.perf_counter() - begun
        print(
            f"{STATIONS} stations: {done} edits acknowledged, {done} found, 0 lost; "
            f"{refused} stale writes refused; {done / took:.0f} a second on {os.cpu_count()} cores"
        )
        answers = races(prepared(address, "races", STATIONS), STATIONS, RACES)
        print(f"{RACES} races of two to sign: {RACES} prescriptions; {dict(answers)}")
