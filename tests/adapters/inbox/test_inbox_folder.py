"""The inbox folder: settled files only, atomic moves, a reason beside what is refused."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from workstation.adapters.inbox.folder import Arrival, FolderInbox, reason_for
from workstation.assets import resource
from workstation.domain.errors import Refused, WorkstationError


@pytest.fixture
def inbox(tmp_path):
    return FolderInbox(tmp_path / "inbox")


def put(inbox, name, content=b"one"):
    path = inbox.folder / name
    path.write_bytes(content)
    return path


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_file_is_taken_at_the_second_look(inbox):
    path = put(inbox, "a.zip")
    assert inbox.arrivals() == ()
    (arrival,) = inbox.arrivals()
    assert arrival.path == inbox.folder / "taking" / "a.zip"
    assert not path.exists()
    assert inbox.arrivals() == ()


def test_a_file_that_grows_or_is_touched_is_left_alone(inbox):
    path = put(inbox, "a.zip")
    for size in range(2, 5):
        assert inbox.arrivals() == ()
        path.write_bytes(b"x" * size)
    assert inbox.arrivals() == ()
    os.utime(path, ns=(1, 1))
    assert inbox.arrivals() == ()
    assert len(inbox.arrivals()) == 1


@pytest.mark.parametrize("name", [".a.zip", "~a.zip", "a.zip.part", "a.zip.TMP", "a.crdownload"])
def test_unfinished_and_hidden_files_are_not_taken(inbox, name):
    put(inbox, name)
    inbox.arrivals()
    assert inbox.arrivals() == ()
    assert name in names(inbox.folder)


def test_folders_are_not_taken(inbox):
    (inbox.folder / "b.zip").mkdir()
    inbox.arrivals()
    assert inbox.arrivals() == ()


def test_links_are_put_aside_unread(inbox, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (inbox.folder / "a.zip").symlink_to(secret)
    (inbox.folder / "gone.zip").symlink_to(tmp_path / "nowhere")
    assert inbox.arrivals() == ()
    assert names(inbox.folder / "refused") == [
        "a.zip",
        "a.zip.reason.txt",
        "gone.zip",
        "gone.zip.reason.txt",
    ]
    assert secret.read_text(encoding="utf-8") == "secret"
    assert inbox.arrivals() == ()


def test_accepted_and_refused_files_are_moved(inbox):
    put(inbox, "a.zip")
    put(inbox, "b.zip", b"two")
    inbox.arrivals()
    first, second = inbox.arrivals()
    assert inbox.accept(first).read_bytes() == b"one"
    kept = inbox.refuse(second, Refused("intake.photo.digest", where="Media[3]"))
    assert kept.read_bytes() == b"two"
    reason = kept.with_name("b.zip.reason.txt").read_text(encoding="utf-8")
    assert reason.splitlines() == [
        "A photo is not the one that the bundle describes: its checksum differs.",
        "Code: intake.photo.digest",
        "where: Media[3]",
    ]
    assert names(inbox.folder / "taking") == []
    assert names(inbox.folder / "done") == ["a.zip"]


def test_a_name_that_is_taken_gets_a_number(inbox):
    for content in (b"1", b"2", b"3"):
        put(inbox, "a.zip", content)
        inbox.arrivals()
        inbox.accept(inbox.arrivals()[0])
    found = {p.name: p.read_bytes() for p in (inbox.folder / "done").iterdir()}
    assert found == {"a.zip": b"1", "a-2.zip": b"2", "a-3.zip": b"3"}


def test_what_a_crash_left_is_offered_again_once(inbox):
    put(inbox, "a.zip")
    inbox.arrivals()
    inbox.arrivals()
    again = FolderInbox(inbox.folder)
    assert again.arrivals() == (Arrival(inbox.folder / "taking" / "a.zip"),)
    assert again.arrivals() == ()


def test_a_folder_that_goes_away_is_said(inbox):
    for name in ("taking", "done", "refused"):
        (inbox.folder / name).rmdir()
    inbox.folder.rmdir()
    with pytest.raises(WorkstationError) as error:
        inbox.arrivals()
    assert error.value.code == "intake.folder.unusable"


def test_every_code_has_a_plain_sentence():
    package = Path(__file__).parents[3] / "workstation" / "adapters"
    text = "".join(
        p.read_text(encoding="utf-8")
        for d in ("inbox", "photos", "dicom")
        for p in (package / d).glob("*.py")
    )
    text += (package.parent / "workflow" / "intake.py").read_text(encoding="utf-8")
    workflow = package.parent / "workflow" / "results.py"
    text += workflow.read_text(encoding="utf-8")
    codes = set(re.findall(r'"(intake\.[a-z0-9_.]+)"', text)) - {"intake.folder.unusable"}
    assert len(codes) > 60
    for code in codes:
        first, *rest = reason_for(Refused(code)).splitlines()
        assert first.endswith(".")
        assert first[0].isupper()
        assert rest == [f"Code: {code}"]
    table = tomllib.loads(resource("intake", "refusals.toml").read_text(encoding="utf-8"))
    groups = {c.rpartition(".")[0] for c in codes} | {"intake"}
    for known in table["sentences"]:
        assert known in codes | groups | {"intake.photo.truncated"}, known
