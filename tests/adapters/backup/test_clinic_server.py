"""A clinic on a server: moved whole, shared by stations, its keys and tries in the right places."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from tests.adapters.store import store_world as world
from workstation.adapters.backup import making, moving, restoring
from workstation.adapters.store.folder import OpenStore
from workstation.adapters.system.clinic_file import ClinicPlace
from workstation.adapters.system.durable import Durable
from workstation.domain.accounts import Role
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind
from workstation.domain.errors import Conflict, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import ConsultationId

_made = iter(range(1000))


@pytest.fixture
def place(server: str, tmp_path: Path) -> ClinicPlace:
    name = f"clinic{next(_made)}_{tmp_path.name.lower().replace('-', '_')[-20:]}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    (tmp_path / "shared").mkdir()
    url = make_url(server).set(database=name, password=None)
    return ClinicPlace(url.render_as_string(hide_password=False), tmp_path / "shared")


@pytest.fixture
def moved(place: ClinicPlace, tmp_path: Path) -> Iterator[Path]:
    """A clinic of three consultations on a server; this station's folder."""
    opened = world.create(tmp_path / "own")
    for n in (1, 2, 3):
        opened.vault.put(f"photo {n}".encode() * 100)
        world.add(opened.store, world.consultation(n, world.patient(n)))
    (tmp_path / "own" / "inbox").mkdir()
    (tmp_path / "own" / "inbox" / "waits.json").write_text("{}")
    result = moving.move(opened, place, tmp_path / "station1", along=("inbox",))
    assert (tmp_path / "station1" / "inbox" / "waits.json").read_text() == "{}"
    with pytest.raises(WorkstationError, match=r"store\.moved"):  # a window that stayed open
        world.add(opened.store, world.consultation(9, world.patient(9)))
    opened.close()
    assert (result.rows["consultation"], result.files) == (3, 3)
    yield tmp_path / "station1"


def joined(place: ClinicPlace, folder: Path, **who: str) -> OpenStore:
    if not folder.exists():
        moving.join(place, folder)
    return world.reopen(folder, **who)


def test_the_moved_clinic_is_equal_and_the_old_folder_no_longer_opens(
    moved: Path, place: ClinicPlace, tmp_path: Path
) -> None:
    opened = world.reopen(moved)
    try:
        with opened.store.reading() as unit:
            assert unit.consultation(ConsultationId("consultation-2")) is not None
        assert len(list(opened.vault.addresses())) == 3
        assert opened.unlocked.key is not None  # the signing key came along
        assert opened.faults == opened.store.audit_faults() == ()  # a new station is no fault
        with opened.store.reading() as unit:
            assert unit.audit_entries()[-1].action == "station.joined"
        world.add(opened.store, world.consultation(4, world.patient(4)))  # numbering goes on
        with opened.store.writing("u", "s") as unit:
            unit.add_result(world.patient(1).id, world.lab(1))
    finally:
        opened.close()
    (moved / "keys" / "audit.heads").unlink()  # but one that has been opened keeps its record
    opened = world.reopen(moved)
    assert opened.faults == ("audit.head.missing",)
    opened.close()
    with pytest.raises(Refused, match=r"store\.moved"):
        world.reopen(tmp_path / "own")
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(Refused, match=r"store\.vault\.foreign"):
        moving.join(ClinicPlace(place.server, tmp_path / "elsewhere"), tmp_path / "station2")
    assert not (tmp_path / "station2").exists()


def test_two_stations_see_one_queue_and_one_of_them_gets_it(
    moved: Path, place: ClinicPlace, tmp_path: Path
) -> None:
    one = world.reopen(moved)
    one.store.close()
    one = world.reopen(moved)
    with one.store.writing("system", "s") as unit:
        unit.add_user(world.make_user("second"))
    one.keys.add_user(world.make_user("second"), world.OTHER_PASSWORD, world.PIN)
    other = joined(place, tmp_path / "station2", login="second", password=world.OTHER_PASSWORD)
    try:
        id = ConsultationId("consultation-1")
        world.take(one.store, id)
        with other.store.writing("user-second", "s2") as unit:
            now = world.NOW
            assert unit.claim(id, world.make_user("second").id, "s2", now, now) is None
    finally:
        one.close()
        other.close()


def test_an_account_made_at_one_station_signs_in_at_another_at_once(
    moved: Path, place: ClinicPlace, tmp_path: Path
) -> None:
    one, other = world.reopen(moved), joined(place, tmp_path / "station2")
    try:
        nurse = world.make_user("nurse", role=Role.NURSE)
        one.keys.add_user(nurse, world.OTHER_PASSWORD, None)
        assert other.keys.unlock("nurse", world.OTHER_PASSWORD).user == nurse.id
        # and both stations keep each other's changes
        other.keys.change_password("doctor", world.PASSWORD, "amber kettle windmill")
        assert one.keys.unlock("doctor", "amber kettle windmill").user == "user-doctor"
        assert one.keys.unlock("nurse", world.OTHER_PASSWORD).user == nurse.id
        with pytest.raises(NotAllowed):
            one.keys.unlock("doctor", world.PASSWORD)
    finally:
        one.close()
        other.close()


def test_a_race_of_two_stations_to_sign_gives_one_prescription(
    moved: Path, place: ClinicPlace, tmp_path: Path
) -> None:
    one, other = world.reopen(moved), joined(place, tmp_path / "station2")
    id = ConsultationId("consultation-1")
    token = world.take(one.store, id)
    answers: list[str] = []

    def sign(opened: OpenStore, number: str) -> None:
        try:
            with opened.store.writing("user-doctor", "s") as unit:
                unit.finish(
                    id,
                    token,
                    0,
                    [world.signed(id, DocumentKind.PRESCRIPTION, number)],
                    world.outcome(Status.CLOSED),
                )
            answers.append("signed")
        except Conflict as error:
            answers.append(error.code)

    threads = [
        threading.Thread(target=sign, args=(opened, f"RX-{n}"))
        for n, opened in enumerate((one, other, one, other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert answers.count("signed") == 1
        with other.store.reading() as unit:
            assert len(unit.documents(id)) == 1
    finally:
        one.close()
        other.close()


def test_a_backup_of_a_server_restores_into_a_folder_of_its_own(
    moved: Path, tmp_path: Path
) -> None:
    opened = world.reopen(moved)
    made = making.make(opened, tmp_path / "backups", keep=2)
    opened.close()
    back = restoring.restore(made.folder, tmp_path / "again", world.reopen)
    try:
        with back.store.reading() as unit:
            assert unit.consultation(ConsultationId("consultation-3")) is not None
        assert len(list(back.vault.addresses())) == 3
        assert back.unlocked.key is not None
    finally:
        back.close()


def test_what_holds_something_already_is_not_moved_into(
    moved: Path, place: ClinicPlace, tmp_path: Path
) -> None:
    again = world.create(tmp_path / "other")
    try:
        with pytest.raises(Refused, match="not_empty"):
            moving.move(again, place, tmp_path / "station9")
    finally:
        again.close()
    world.reopen(tmp_path / "other").close()  # the store in force is untouched


def test_a_move_that_fails_leaves_the_old_records_in_force_and_nothing_to_join(
    place: ClinicPlace, tmp_path: Path
) -> None:
    opened = world.create(tmp_path / "own")
    opened.vault.put(b"photo" * 100)
    world.add(opened.store, world.consultation(1, world.patient(1)))
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "own" / "inbox").mkdir()
    with pytest.raises(WorkstationError, match=r"store\.disk\.fault"):
        moving.move(opened, place, tmp_path / "file" / "station1")
    assert list(place.vault.iterdir()) == []  # said before anything was copied

    written = iter(range(100))

    def fails_at_the_way(step: str) -> None:
        if step == "write" and next(written) == 3:  # the probe, one photo, the mark of joining
            raise OSError(28, "no room")

    with pytest.raises(WorkstationError, match=r"store\.disk\.full"):
        moving.move(
            opened,
            place,
            tmp_path / "station1",
            along=("inbox",),
            durable=Durable(fails_at_the_way),
        )
    assert not (tmp_path / "station1" / "inbox").exists()
    assert next(written) == 4
    with pytest.raises(Refused, match=r"store\.server\.empty"):
        moving.join(place, tmp_path / "station2")
    world.add(opened.store, world.consultation(2, world.patient(2)))
    opened.close()
    with pytest.raises(Refused, match=r"store\.folder\.missing"):
        world.reopen(tmp_path / "station1")
    world.reopen(tmp_path / "own").close()


def test_no_address_of_a_server_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    for url in ("clinic.example", "sqlite:///x", "postgresql+psycopg://u@localhost:port/x"):
        with pytest.raises(Refused, match=r"store\.server\.address"):
            moving.join(ClinicPlace(url, tmp_path), tmp_path / "s")


def test_no_password_in_the_address_and_no_plain_text_to_another_computer(tmp_path: Path) -> None:
    for url, code in (
        ("postgresql+psycopg://u:secret@localhost/x", "store.server.password"),
        ("postgresql+psycopg://u@clinic.example/x", "store.server.plain_text"),
        ("postgresql+psycopg://u@clinic.example/x?sslmode=require", "store.server.plain_text"),
    ):
        with pytest.raises(Refused, match=code):
            moving.join(ClinicPlace(url, tmp_path), tmp_path / "s")
        assert not (tmp_path / "s").exists()


def test_a_missing_shared_folder_is_said_before_anything_is_opened(
    moved: Path, place: ClinicPlace
) -> None:
    place.vault.rename(place.vault.with_name("unmounted"))
    with pytest.raises(Refused, match=r"store\.vault\.missing"):
        world.reopen(moved)
