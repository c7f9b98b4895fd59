"""Backups while in use: whole, verified, rotated; damaged or changed ones are refused whole."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.adapters.store import store_world as world
from workstation.adapters.backup import making, manifest, restoring
from workstation.adapters.store import copying, snapshot
from workstation.adapters.store.engine import postgresql_engine, sqlcipher_engine, transaction
from workstation.adapters.store.folder import DATABASE, OpenStore
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.store_file import FILE_NAME
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind
from workstation.domain.errors import Corrupt, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import ConsultationId


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStore]:
    store = world.create(tmp_path / "store")
    fill(store, 3)
    yield store
    store.close()


def fill(opened: OpenStore, n: int) -> None:
    for i in range(1, n + 1):
        opened.vault.put(f"photo {i}".encode() * 500)
        world.add(opened.store, world.consultation(i, world.patient(i)))


def opener(**changes: object) -> Callable[[Path], OpenStore]:
    return lambda folder: world.reopen(folder, **changes)


def number(opened: OpenStore, n: int) -> str:
    with opened.store.writing("u", "s") as unit:
        return unit.reserve_number(ConsultationId(f"consultation-{n}"), "prescription", 2026)


def test_restores_every_row_and_every_file_and_says_so_on_the_trail(
    opened: OpenStore, tmp_path: Path
) -> None:
    made = making.make(opened, tmp_path / "backups", keep=3)
    fill_later = world.consultation(9, world.patient(9))
    world.add(opened.store, fill_later)  # after the backup: not in it

    back = restoring.restore(made.folder, tmp_path / "again", opener())
    try:
        assert tuple(back.vault.addresses()) == tuple(opened.vault.addresses())
        for address in back.vault.addresses():
            assert back.vault.get(address) == opened.vault.get(address)
        with opened.store.reading() as before, back.store.reading() as after:
            for n in (1, 2, 3):
                id = ConsultationId(f"consultation-{n}")
                assert after.consultation(id) == before.consultation(id)
            assert after.consultation(fill_later.id) is None
            newest = after.audit_head()
        assert newest is not None
        assert newest.action == "store.restored"
        assert back.store.audit_faults() == ()
    finally:
        back.close()


def test_document_numbers_given_after_the_backup_are_not_given_again(
    opened: OpenStore, tmp_path: Path
) -> None:
    given_before = number(opened, 1)
    made = making.make(opened, tmp_path / "backups", keep=3)
    lost = number(opened, 2)
    back = restoring.restore(made.folder, tmp_path / "again", opener())
    try:
        assert number(back, 1) == given_before  # the same reservation is still the same
        assert number(back, 2) not in (given_before, lost)
        assert int(number(back, 2)[-4:]) > int(lost[-4:])
    finally:
        back.close()


def test_nothing_in_a_backup_is_readable(opened: OpenStore, tmp_path: Path) -> None:
    made = making.make(opened, tmp_path / "backups", keep=3)
    everything = b"".join(
        path.read_bytes() for path in made.folder.parent.rglob("*") if path.is_file()
    )
    for planted in (b"March", b"Elena", b"It itches", b"photo 1photo 1", b"SQLite format 3"):
        assert planted not in everything


def test_any_changed_byte_of_any_file_is_refused_and_nothing_is_left(
    opened: OpenStore, tmp_path: Path
) -> None:
    made = making.make(opened, tmp_path / "backups", keep=3)
    chance = random.Random(11)
    files = sorted(p for p in made.folder.parent.rglob("*") if p.is_file())
    assert len(files) > 8
    for path in files:
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        with pytest.raises((Corrupt, Refused)):
            restoring.restore(made.folder, tmp_path / "again", opener())
        assert not (tmp_path / "again" / FILE_NAME).exists(), path.name
        path.write_bytes(whole)
    restoring.restore(made.folder, tmp_path / "again", opener()).close()


@pytest.mark.parametrize("what", ["missing", "cut", "added"])
def test_missing_cut_or_added_files_are_refused(
    opened: OpenStore, tmp_path: Path, what: str
) -> None:
    made = making.make(opened, tmp_path / "backups", keep=3)
    blob = next((made.folder.parent / making.POOL).glob("??/*"))
    if what == "missing":
        blob.unlink()
    elif what == "cut":
        blob.write_bytes(blob.read_bytes()[:-1])
    else:
        (made.folder / "keys" / "planted.p12").write_bytes(b"x")
    with pytest.raises(Corrupt, match="backup.damaged"):
        restoring.check(made.folder)


def test_a_forged_manifest_over_forged_files_breaks_the_seal(
    opened: OpenStore, tmp_path: Path
) -> None:
    made = making.make(opened, tmp_path / "backups", keep=3)
    path = made.folder / manifest.FILE_NAME
    raw = json.loads(path.read_text())
    raw["manifest"]["head"][0] += 1
    path.write_text(json.dumps(raw))
    with pytest.raises(Corrupt, match="backup.changed"):
        restoring.restore(made.folder, tmp_path / "again", opener())
    assert not (tmp_path / "again").exists()


def test_a_wrong_password_restores_nothing(opened: OpenStore, tmp_path: Path) -> None:
    made = making.make(opened, tmp_path / "backups", keep=3)
    with pytest.raises(NotAllowed):
        restoring.restore(made.folder, tmp_path / "again", opener(password="not the password"))
    assert not (tmp_path / "again").exists()


def test_only_new_files_are_copied_and_old_backups_go(opened: OpenStore, tmp_path: Path) -> None:
    first = making.make(opened, tmp_path / "backups", keep=2)
    opened.vault.put(b"one more photo")
    second = making.make(opened, tmp_path / "backups", keep=2)
    assert (first.copied, second.copied) == (3, 1)
    third = making.make(opened, tmp_path / "backups", keep=2)
    assert third.removed == 1
    assert not first.folder.exists()
    assert making.existing(first.folder.parent) == (second.folder, third.folder)
    restoring.check(second.folder)
    restoring.check(third.folder)


def test_vault_files_that_no_backup_lists_any_more_go_too(
    opened: OpenStore, tmp_path: Path
) -> None:
    extra = opened.vault.put(b"a refused photo")
    first = making.make(opened, tmp_path / "backups", keep=1)
    opened.vault.remove(extra)
    making.make(opened, tmp_path / "backups", keep=1)
    kept = first.folder.parent / making.POOL / extra[:2] / extra
    assert not kept.exists()


@pytest.mark.parametrize("number", [5, 28])  # broken disk, full disk
def test_a_fault_at_any_step_leaves_no_half_backup_and_the_store_alone(
    opened: OpenStore, tmp_path: Path, number: int
) -> None:
    counting = world.FailsAt()
    making.make(opened, tmp_path / "count", keep=2, durable=Durable(counting))
    assert counting.calls > 20
    for n in range(1, counting.calls + 1, 3):
        place = tmp_path / f"b{n}"
        with pytest.raises(WorkstationError):
            making.make(opened, place, keep=2, durable=Durable(world.FailsAt(n, number)))
        assert making.existing(making.place_of(place, opened.id)) == ()
    with opened.store.reading() as unit:
        assert unit.consultation(ConsultationId("consultation-3")) is not None


def test_a_backup_inside_the_records_is_refused(opened: OpenStore) -> None:
    with pytest.raises(Refused, match="backup.inside"):
        making.make(opened, opened.folder / "backups", keep=2)


def test_a_folder_that_holds_something_is_not_restored_into(
    opened: OpenStore, tmp_path: Path
) -> None:
    made = making.make(opened, tmp_path / "backups", keep=2)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="not_empty"):
        restoring.restore(made.folder, tmp_path / "full", opener())
    assert (tmp_path / "full" / "mine.txt").read_text() == "mine"


def test_the_drill_opens_everything_and_leaves_nothing(
    opened: OpenStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = making.make(opened, tmp_path / "backups", keep=2)
    tried = restoring.drill(made.folder, opener())
    assert (tried.rows["consultation"], tried.photos_and_documents) == (3, 3)
    assert not list(tmp_path.glob("derm-drill-*"))


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(later=st.integers(0, 3), signed=st.booleans())
def test_a_snapshot_is_one_moment_of_a_store_at_work(
    tmp_path_factory: pytest.TempPathFactory, later: int, signed: bool
) -> None:
    folder = tmp_path_factory.mktemp("s")
    store = world.create(folder / "store")
    try:
        fill(store, 2)
        if signed:
            token = world.take(store.store, ConsultationId("consultation-1"))
            with store.store.writing("user-doctor", "s") as unit:
                unit.finish(
                    ConsultationId("consultation-1"),
                    token,
                    0,
                    [world.signed(ConsultationId("consultation-1"), DocumentKind.RECORD, "CR-1")],
                    world.outcome(Status.CLOSED),
                )
        key = store.keys.key_for("database")
        store.store.snapshot(folder / "snap.db", key)
        for n in range(later):
            world.add(store.store, world.consultation(n + 5, world.patient(n + 5)))
        rows, head = snapshot.check(folder / "snap.db", key)
        assert (rows["consultation"], rows["document"]) == (2, int(signed))
        assert head is not None
    finally:
        store.close()


APART = {"audit", "seal", "seal_total"}  # a restore adds what it did to the trail


def test_a_backup_made_while_others_write_is_whole_and_restores_row_for_row(
    opened: OpenStore, tmp_path: Path
) -> None:
    """Two writers add people with their photos and edit them, until the backup is finished."""
    finished, added = threading.Event(), [0, 0]

    def works(n: int) -> None:
        while not finished.is_set() or added[n] < 3:
            number = 10_000 * (n + 1) + added[n]
            opened.vault.put(f"photo {number}".encode() * 50)
            world.add(opened.store, world.consultation(number, world.patient(number)))
            with opened.store.writing("system", "s") as unit:
                unit.add_result(world.patient(number).id, world.lab(number))
            added[n] += 1

    writers = [threading.Thread(target=works, args=(n,)) for n in range(2)]
    for writer in writers:
        writer.start()
    while min(added) == 0:
        time.sleep(0.001)
    before = tuple(added)
    made = making.make(opened, tmp_path / "backups", keep=2)
    after = tuple(added)
    finished.set()
    for writer in writers:
        writer.join()
    back = restoring.restore(made.folder, tmp_path / "again", opener())
    try:
        assert back.store.audit_faults() == () and back.faults == ()
        key = back.keys.key_for("database")
        here = sqlcipher_engine(tmp_path / "again" / DATABASE, key)
        with transaction(here, write=False) as connection:
            people = connection.scalars(text("SELECT id FROM consultation")).all()
            results = connection.scalar(text("SELECT count(*) FROM result"))
        # One moment: as many of each writer as there were at some time between, none half.
        for n in range(2):
            numbers = (divmod(int(id.rpartition("-")[2]), 10_000) for id in people)
            mine = sorted(number for writer, number in numbers if writer == n + 1)
            assert before[n] <= len(mine) <= after[n] + 1 and mine == list(range(len(mine)))
        assert len(people) - 3 - 2 <= results <= len(people) - 3
        # Every photo of that moment came along, and every row is the row that was there.
        photos = {back.vault.get(address) for address in back.vault.addresses()}
        for id in people:
            number = id.rpartition("-")[2]
            times = 500 if int(number) < 10_000 else 50
            assert f"photo {number}".encode() * times in photos
        there = sqlcipher_engine(tmp_path / "store" / DATABASE, key)
        with transaction(here, write=False) as one, transaction(there, write=False) as other:
            for table in copying.metadata.sorted_tables:
                if table.name not in APART:
                    assert set(one.execute(select(table))) <= set(other.execute(select(table)))
        here.dispose()
        there.dispose()
    finally:
        back.close()


def test_a_server_is_backed_up_into_an_encrypted_file_with_equal_rows(
    server: str, tmp_path: Path
) -> None:
    url = world.fresh_database(server, "backed_up")
    store = world.bare_store(url, tmp_path, world.FixedClock())
    key = b"q" * 32
    try:
        for n in range(1, 4):
            world.add(store, world.consultation(n, world.patient(n)))
        with store.writing("system", "s") as unit:
            unit.audit("made.up", "x", {"n": 1})
            unit.add_result(world.patient(1).id, world.lab(1))
        store.snapshot(tmp_path / DATABASE, key)
    finally:
        store.close()
    rows, head = snapshot.check(tmp_path / DATABASE, key)
    assert (rows["consultation"], rows["result"]) == (3, 1)
    assert head is not None and head.action == "made.up"
    assert not (tmp_path / DATABASE).read_bytes().startswith(b"SQLite")
    here, there = sqlcipher_engine(tmp_path / DATABASE, key), postgresql_engine(url)
    with transaction(here, write=False) as one, transaction(there, write=False) as other:
        for table in copying.metadata.sorted_tables:
            assert copying.digest_of(one, table) == copying.digest_of(other, table)
    here.dispose()
    there.dispose()
