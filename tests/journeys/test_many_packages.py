"""A large import: killed at any moment it goes on where it was, and nothing comes twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from many_packages import write_many

from tests.inline_jobs import InlineJobs
from workstation import cli, showcase
from workstation.adapters.inbox.folder import FolderInbox, sentence_for
from workstation.domain.accounts import Role
from workstation.presenters.arrivals import Arrivals
from workstation.workflow.ports import QueueFilter


def command(store: Path, folder: Path, password: Path) -> list[str]:
    return [
        sys.executable, "-m", "workstation", "import", str(folder), "--json",
        "--store", str(store), "--user", showcase.LOGIN, "--password-file", str(password),
    ]  # fmt: skip


def families(clinic):
    with clinic.desk.store.reading() as unit:
        wanted = QueueFilter(scope="all", limit=5000)
        return [
            row.family for row in unit.queue(wanted, clinic.session.user.id, clinic.clock.now())
        ]


@pytest.mark.parametrize(
    "count,kills",
    [(3, 1), pytest.param(1000, 20, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
)
def test_a_killed_import_goes_on_and_nothing_comes_twice(
    base_store, open_clinic, tmp_path, count, kills
):
    import shutil

    store, folder = tmp_path / "store", tmp_path / "in"
    shutil.copytree(base_store, store)
    write_many(folder, count, side=400, photos=5 if count > 100 else 1)
    password = tmp_path / "password"
    password.write_text(showcase.PASSWORD)
    for number in range(kills):
        process = subprocess.Popen(
            command(store, folder, password), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        vault = store / "vault"
        before = sum(1 for _ in vault.rglob("*"))
        until = time.monotonic() + 60
        # Killed while it writes: as soon as the vault has grown by some files.
        while sum(1 for _ in vault.rglob("*")) < before + 3 + number:
            if process.poll() is not None or time.monotonic() > until:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    ended = subprocess.run(
        command(store, folder, password), capture_output=True, check=False, env=os.environ
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert len(told) == count and {r["result"] for r in told} <= {"stored", "already here"}
    clinic = open_clinic(store)
    names = [f for f in families(clinic) if f.startswith("Number")]
    assert sorted(names) == sorted(f"Number{n}" for n in range(count))


class LaterJobs(InlineJobs):
    """Jobs that wait until they are let go, one after another."""

    def __init__(self):
        self.waiting = []

    def submit(self, work, done, failed, lane, key=None):
        self.waiting.append((work, done, failed, lane))
        return self

    def cancel(self):
        """Nothing of these tests is dropped."""

    def go(self, steps=10_000):
        while self.waiting and steps:
            work, done, failed, lane = self.waiting.pop(0)
            InlineJobs.submit(self, work, done, failed, lane)
            steps -= 1


@pytest.fixture
def coming(clinic, tmp_path):
    inbox = FolderInbox(tmp_path / "inbox")
    jobs, told = LaterJobs(), []
    made = Arrivals(
        clinic.desk, lambda: clinic.session, jobs, inbox, lambda: told.append(1), sentence_for
    )
    return made, jobs, inbox.folder, told


def test_the_folder_is_emptied_with_a_count(clinic, coming, tmp_path):
    arrivals, jobs, folder, told = coming
    write_many(folder, 3, side=300, photos=1)
    (folder / "zz-letter.pdf").write_bytes(b"%PDF-1.7")
    arrivals.look()
    jobs.go()
    arrivals.look()  # settled at the second look
    jobs.go(2)
    assert (arrivals.state.done, arrivals.state.of) == (1, 4) and arrivals.state.title == ""
    clinic.clock.later(seconds=3)
    jobs.go(1)
    assert arrivals.state.title == "Importing 3 of 4"
    jobs.go()
    state = arrivals.state
    assert (state.done, state.new, state.busy) == (4, 3, False)
    assert state.title == "3 taken, 1 refused" and "neither a FHIR bundle" in state.detail
    assert {f for f in families(clinic) if f.startswith("Number")} == {
        "Number0", "Number1", "Number2"
    }  # fmt: skip
    assert len(list((folder / "done").iterdir())) == 3
    assert {p.name for p in (folder / "refused").iterdir()} == {
        "zz-letter.pdf", "zz-letter.pdf.reason.txt"
    }  # fmt: skip
    assert told
    arrivals.dismiss()
    assert arrivals.state.title == ""


def test_what_was_cancelled_is_offered_again(clinic, coming):
    arrivals, jobs, folder, _ = coming
    write_many(folder, 3, side=300, photos=1)
    for _ in range(2):
        arrivals.look()
        jobs.go(1)
    jobs.go(1)
    arrivals.cancel()
    jobs.go()
    assert (arrivals.state.done, arrivals.state.of) == (2, 2)
    assert len(list((folder / "done").iterdir())) == 1  # the one that was stored
    waiting = sorted(p.name for p in folder.iterdir() if p.is_file())
    assert waiting == ["00001.zip", "00002.zip"]
    for _ in range(2):
        arrivals.look()
        jobs.go()
    assert len(list((folder / "done").iterdir())) == 3


def test_dropped_files_are_copied_in_and_stay(clinic, coming, tmp_path):
    arrivals, jobs, folder, _ = coming
    write_many(tmp_path / "stick", 2, side=300, photos=1)
    arrivals.add([tmp_path / "stick"])
    jobs.go()
    assert arrivals.state.title == "2 taken"
    arrivals.add([tmp_path / "stick" / "00000.zip"])
    jobs.go()
    assert arrivals.state.title == "1 here already"
    assert len(list((tmp_path / "stick").iterdir())) == 2
    assert list((folder / "done").iterdir()) == []


def test_a_large_package_counts_its_photos_and_is_stopped_between_two(clinic, coming, monkeypatch):
    arrivals, jobs, folder, _ = coming
    write_many(folder, 1, side=300, photos=5)
    whole = clinic.desk.photos.examine
    seen = []

    def examine(content, on):
        if arrivals._watch.photos >= 2:
            arrivals.cancel()
        clinic.clock.later(seconds=1)
        arrivals.poll()
        seen.append(arrivals.state.photos)
        return whole(content, on)

    monkeypatch.setattr(clinic.desk.photos, "examine", examine)
    arrivals.look()
    jobs.go()
    arrivals.look()
    before = sum(1 for path in (clinic.opened.folder / "vault").rglob("*") if path.is_file())
    jobs.go()
    assert max(photos for _, photos in seen) == 5 and len(seen) < 5
    assert arrivals.state.title == "" and not arrivals.state.refused
    assert not [f for f in families(clinic) if f.startswith("Number")]
    after = sum(1 for path in (clinic.opened.folder / "vault").rglob("*") if path.is_file())
    assert after == before and list(folder.glob("*.zip"))  # nothing kept, offered again
    monkeypatch.setattr(clinic.desk.photos, "examine", whole)
    for _ in range(3):
        arrivals.look()
        jobs.go()
    assert [f for f in families(clinic) if f.startswith("Number")] == ["Number0"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECOND_READER])
def test_who_may_not_import_brings_nothing_in(clinic, tmp_path, monkeypatch, capsys, role):
    """By the command and by a drop on the window; what the folder holds is taken for nobody."""
    other = clinic.colleague(role, "other")
    write_many(tmp_path / "in", 1, side=300, photos=1)
    opened = replace(clinic.opened, session=other)
    monkeypatch.setattr(cli, "open_named", lambda options: opened)
    monkeypatch.setattr(opened, "close", lambda: None)
    assert cli.run(["import", str(tmp_path / "in")]) == 1
    assert "Your role does not include this." in capsys.readouterr().err
    inbox = FolderInbox(tmp_path / "inbox")
    arrivals = Arrivals(clinic.desk, lambda: other, InlineJobs(), inbox, lambda: None, sentence_for)
    arrivals.add([tmp_path / "in"])
    assert arrivals.state.new == 0 and "Your role does not include this." in arrivals.state.detail
    assert "Number0" not in families(clinic)
    write_many(inbox.folder, 1, side=300, photos=1)
    arrivals.look()
    arrivals.look()
    assert arrivals.state.new == 1 and "Number0" in families(clinic)
