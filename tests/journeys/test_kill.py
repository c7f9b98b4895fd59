"""Killed at any moment of an import, an edit or a signature: what was acknowledged is there, nothing half."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from beside import beside
from clinic_day import Clinic, copy_of, plant
from many_packages import write_many

from workstation import bootstrap
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind
from workstation.domain.ids import ConsultationId

PRESCRIBED = {DocumentKind.PRESCRIPTION, DocumentKind.MONITORING_PLAN, DocumentKind.RECORD}
WORKED_UP = {DocumentKind.MONITORING_PLAN, DocumentKind.RECORD}
_PATIENCE_SECONDS = 900  # the long run may share a busy machine
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


@pytest.fixture
def server(base_store: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with beside("kill_server.py", str(copy_of(base_store, tmp_path / "warm"))) as process:
        yield process


@dataclass
class Acknowledged:
    """What all workers so far were told."""

    revisions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    signed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stored: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)  # files whose signature was verified

    def read(self, log: Path) -> None:
        """Hear the whole lines of a worker's log."""
        lines = log.read_text().splitlines(keepends=True)
        self.hear(line for line in lines if line.endswith("\n"))

    def hear(self, lines: Iterable[str]) -> None:
        """Take in what a worker was told."""
        for line in lines:
            words = line.split()
            if words[0] == "edit":
                self.revisions[words[1]] = max(self.revisions[words[1]], int(words[2]))
            elif words[0] == "signed":
                self.signed[words[1]].update(words[2].split(","))
            elif words[0] == "stored":
                self.stored.add(words[1])


def _kills(
    kills: range, folder: Path, server: subprocess.Popen[str], reopen: Callable[[Path], Clinic]
) -> None:
    """Each kill's moment comes from its number, so that a long run can go on where it ended."""
    told, longest = Acknowledged(), 0.0
    packages = folder.with_name("packages")
    write_many(packages, len(kills) + 4, side=400, photos=1)
    clinic = reopen(folder)
    kept = watched(clinic, max(6, len(kills) // 3))
    seen: dict[ConsultationId, tuple[int, str]] = {}
    _moved(clinic, seen)
    clinic.opened.close()
    assert server.stdin is not None and server.stdout is not None
    for n in kills:
        chance = random.Random(n)
        log = folder.with_name(f"log-{n}")
        log.touch()
        server.stdin.write(f"{folder} {log} {packages}\n")
        server.stdin.flush()
        child = int(server.stdout.readline())
        _wait_for(chance.randint(1, 5), log)
        time.sleep(chance.uniform(0, 0.35))
        os.kill(child, signal.SIGKILL)
        assert int(server.stdout.readline()) == signal.SIGKILL, (
            Path(f"{log}.error").read_text() if Path(f"{log}.error").exists() else "ended by itself"
        )
        told.read(log)
        begun = time.monotonic()
        clinic = reopen(folder)
        longest = max(longest, time.monotonic() - begun)
        for id in _moved(clinic, seen):
            (_whole if id in kept else _taken_in)(clinic, id, told)
        assert told.stored <= seen.keys()
        assert clinic.opened.faults == ()
        clinic.opened.close()
        if (n + 1) % 10 == 0:  # of a run that was ended early this says how far it came
            done = f"{n + 1 - kills.start} kills, number {n} the last: nothing lost"
            print(f"{done}; opened again within {longest:.1f} s", flush=True)
    clinic = reopen(folder)
    told_is_kept(clinic, kept, told)
    assert sum(len(digests) for digests in told.signed.values()) > 0
    assert sum(told.revisions.values()) > len(kills)
    assert told.stored


def told_is_kept(clinic: Clinic, kept: tuple[ConsultationId, ...], told: Acknowledged) -> None:
    """Everything that was acknowledged is there, nothing is half, and the store is sound."""
    there: dict[ConsultationId, tuple[int, str]] = {}
    for id in _moved(clinic, there):
        (_whole if id in kept else _taken_in)(clinic, id, told)
    assert told.stored <= there.keys()
    assert _integrity(clinic) == "ok"
    assert clinic.opened.check() == ()  # the whole trail, and the seal of every row


def _moved(clinic: Clinic, seen: dict[ConsultationId, tuple[int, str]]) -> list[ConsultationId]:
    """The consultations that are not as they were in ``seen``, which is brought up to date."""
    engine = clinic.desk.store._engine
    with engine.connect() as connection:
        now = {
            ConsultationId(id): (revision, status)
            for id, revision, status in connection.exec_driver_sql(
                "SELECT id, revision, status FROM consultation"
            )
        }
    assert seen.keys() <= now.keys()
    moved = [id for id, state in now.items() if seen.get(id) != state]
    seen.update(now)
    return moved


def _taken_in(clinic: Clinic, id: ConsultationId, told: Acknowledged) -> None:
    """A consultation with every photo it names, readable."""
    for photo in clinic.look(id).photos:
        for address in (photo.original, photo.preview, photo.thumbnail):
            clinic.desk.vault.get(address)


def _wait_for(lines: int, log: Path) -> None:
    """Until the worker was told of so many things: the moment lies anywhere in a signature."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while log.read_bytes().count(b"\n") < lines:
        assert not Path(f"{log}.error").exists(), Path(f"{log}.error").read_text()
        assert time.monotonic() < end
        time.sleep(0.01)


def watched(clinic: Clinic, number: int) -> tuple[ConsultationId, ...]:
    """The work-up that is signed over and over, and patients whose prescription is signed once."""
    template = clinic.look(clinic.waiting("Nguyễn"))
    named = replace(template, patient=replace(template.patient, family="Kill"))
    once = [plant(clinic.desk, named) for _ in range(number)]
    return (clinic.waiting("Nwosu"), *once)


def _whole(clinic: Clinic, id: ConsultationId, told: Acknowledged) -> None:
    """Wholly signed or still a draft; everything acknowledged is there."""
    consultation = clinic.look(id)
    assert consultation.revision >= told.revisions[id]
    with clinic.desk.store.reading() as unit:
        history = unit.history(id)  # raises when journal and items disagree
        documents = unit.documents(id)
    digests = {d.pdf_digest for d in documents}
    assert told.signed[id] <= digests
    prescriptions = [d for d in documents if d.kind is DocumentKind.PRESCRIPTION]
    if consultation.status is Status.CLOSED:
        assert {d.kind for d in documents} == PRESCRIBED and len(documents) == 3
        assert history.draft.decision is not None
    else:
        assert not prescriptions
    sittings = [d.kind for d in documents if d.kind is not DocumentKind.PRESCRIPTION]
    assert sittings.count(DocumentKind.RECORD) == sittings.count(DocumentKind.MONITORING_PLAN)
    if consultation.status is Status.WAITING_FOR_WORK_UP:
        assert {d.kind for d in documents} == WORKED_UP
        assert consultation.returns_on is not None
    for document in documents:
        if document.pdf_digest in told.checked:
            continue
        pdf = clinic.desk.vault.get(document.address)
        assert hashlib.sha256(pdf).hexdigest() == document.pdf_digest
        assert clinic.desk.signer.verify(pdf, document.certificate).state == "valid"
        told.checked.add(document.pdf_digest)


def _integrity(clinic: Clinic) -> str:
    engine = clinic.desk.store._engine  # the file itself is asked
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall() == []
        return str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())


def test_kills_lose_nothing_and_leave_nothing_half(
    base_store: Path,
    tmp_path: Path,
    server: subprocess.Popen[str],
    open_clinic: Callable[[Path], Clinic],
) -> None:
    kills = range(29, 35)  # in some of them a signature was told just before
    _kills(kills, copy_of(base_store, tmp_path / "store"), server, open_clinic)


@pytest.mark.long
@pytest.mark.timeout(20_000)
def test_a_thousand_kills(
    base_store: Path,
    tmp_path: Path,
    server: subprocess.Popen[str],
    open_clinic: Callable[[Path], Clinic],
    many: Callable[[int], range],
) -> None:
    _kills(many(1000), copy_of(base_store, tmp_path / "store"), server, open_clinic)


def test_a_crashed_desk_gives_its_consultation_back_when_the_lease_runs_out(
    base_store: Path, tmp_path: Path, open_clinic: Callable[..., Clinic]
) -> None:
    from workstation.workflow import queue

    folder = copy_of(base_store, tmp_path / "store")
    clinic = open_clinic(folder)
    hand = clinic.take("Becker")  # a red flag: first in the queue
    hand.annotate(1)
    bootstrap.Opened.close(clinic.opened)  # the desk went down without giving it back
    clock = clinic.clock
    again = open_clinic(folder, clock)
    other = again.colleague()
    assert isinstance(queue.claim(again.desk, other, hand.id), queue.HeldBy)
    assert queue.next_waiting(again.desk, other, None) != hand.id
    clock.later(minutes=21)
    first = again.waiting("Halvorsen")
    assert queue.next_waiting(again.desk, other, first) == hand.id
    taken = queue.claim(again.desk, other, hand.id)
    assert isinstance(taken, queue.Claimed)
    assert taken.consultation.revision == hand.revision
