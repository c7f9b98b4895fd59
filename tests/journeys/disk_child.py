"""Runs with the shim before the disk: signs at every fault, fills the disk, or records its writes.

record STORE PACKAGES LOG ACKNOWLEDGEMENTS   import, edit and sign, every write recorded
walk   STORE ERRNO FIRST STEP                sign with the n-th call failing, for every n (or some)
die    STORE TO FIRST STEP                   the same, killed there; one store left for each
full   STORE PACKAGES SIZE                   import, edit and sign until the disk is full; then room
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

from clinic_day import Clinic, DeskClock, Hand, plant, with_plain_pages
from clinic_worker import signed, work
from disk import DIE, FAIL, FAIL_ON, Disk

from workstation import bootstrap, showcase
from workstation.domain.consultation import Status
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.errors import WorkstationError
from workstation.presenters import wording
from workstation.workflow import intake, sign

DISK = Disk()
FAULT, FULL = "store.disk.fault", "store.disk.full"
SAID = {errno.EIO: FAULT, errno.ENOSPC: FULL}
# A disk that is full stays so until somebody makes room: then everything after fails as well.
HOW = {errno.EIO: FAIL, errno.ENOSPC: FAIL_ON}


def opened(folder: Path) -> Clinic:
    """The store with quick paper work: what is looked at here is the disk."""
    clock = DeskClock()
    found = bootstrap.open_desk(folder, showcase.LOGIN, showcase.PASSWORD, clock=clock)
    clinic = Clinic(found, clock)
    clinic.opened.desk = with_plain_pages(clinic.opened.desk)
    return clinic


def ready(clinic: Clinic, template: Any) -> tuple[Hand, sign.Previews]:
    """A prescription that only waits for the PIN."""
    hand = Hand.take(clinic.desk, clinic.session, plant(clinic.desk, template))
    hand.prescribe()
    return hand, hand.preview()


def is_whole(clinic: Clinic, hand: Hand, answer: Any) -> bool:
    """Whether it was signed; half-signed fails."""
    documents = clinic.documents(hand.id)
    consultation = clinic.look(hand.id)
    done = consultation.status is Status.CLOSED
    assert done or not isinstance(answer, sign.Signed), "told that it was signed"
    assert len(documents) == (3 if done else 0)
    for document in documents:
        pdf = clinic.desk.vault.get(document.address)
        assert hashlib.sha256(pdf).hexdigest() == document.pdf_digest
    return done


def record(folder: Path, packages: Path, log: Path, wanted: int) -> None:
    """Work as at a desk until so much was acknowledged."""
    told = 0

    def tell(*words: object) -> None:
        nonlocal told
        DISK.note(*words)
        told += 1
        if told > wanted:
            os._exit(0)

    DISK.record(log)
    work(folder, tell, packages)


def walk(folder: Path, number: int, first: int, step: int) -> None:
    """Sign with the n-th call failing; nothing is repaired in between."""
    clinic = opened(folder)
    template = clinic.look(clinic.waiting("Nguyễn"))
    n, refused = first, 0
    while True:
        hand, shown = ready(clinic, template)
        DISK.arm(HOW[number], n, number)
        answer: Any = None
        code = ""
        try:
            answer = hand.sign(shown)
        except WorkstationError as error:
            code = error.code
        calls = DISK.disarm()
        assert code in {SAID[number], ""}, (n, code)
        if not is_whole(clinic, hand, answer):
            refused += 1
            assert code or answer is not None, n
            signed(clinic, hand, shown)
            assert is_whole(clinic, hand, None)
        if calls < n:
            break
        n += step
    faults = clinic.opened.check()
    assert set(faults) <= {"audit.head.unwritten"}, faults
    clinic.opened.close()
    print(n, refused)


def die(folder: Path, to: Path, first: int, step: int) -> None:
    """Killed at the n-th call: each leaves a store for the parent to look at."""
    clinic = opened(folder)
    template = clinic.look(clinic.waiting("Nguyễn"))
    clinic.opened.close()
    n = first
    while True:
        place = to / str(n)
        shutil.copytree(folder, place)
        child = os.fork()
        if child == 0:
            mine = opened(place)
            hand, shown = ready(mine, template)
            (to / f"{n}.id").write_text(hand.id)
            DISK.arm(DIE, n)
            assert isinstance(hand.sign(shown), sign.Signed)
            DISK.disarm()
            (to / f"{n}.id").write_text(f"{hand.id} signed")
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
        n += step
    print(n)


def full(folder: Path, packages: Path, size: int) -> None:
    """Each act says that the disk is full, none half-made; with room again all goes on."""
    clinic = opened(folder)
    template = clinic.look(clinic.waiting("Nguyễn"))
    told: list[tuple[str, int]] = []
    waiting = iter(sorted(packages.iterdir()))
    stopped: dict[str, str] = {}
    hand, shown = ready(clinic, template)
    noted = Hand.take(clinic.desk, clinic.session, plant(clinic.desk, template))
    DISK.room(size)

    def tried(name: str, act: Any) -> Any:
        try:
            return act()
        except WorkstationError as error:
            stopped[name] = error.code
            where = wording.message_for(error).title
            assert error.code != FULL or str(folder) in where, (name, where)
            return None

    for _ in range(400):
        package = next(waiting, None)
        if package is not None and "import" not in stopped:
            stored = tried("import", lambda p=package: intake.receive(clinic.desk, p))
            if stored is not None:
                told.append((stored.id, 0))
        text = Note("n" * 2000 + str(noted.revision))
        put = partial(noted.put, "note", (Key.of(ItemKind.NOTE, "assessment"), text))
        if "edit" not in stopped and tried("edit", put) is not None:
            told.append((noted.id, noted.revision))
        if "sign" not in stopped and len(told) % 8 == 7:
            answer = tried("sign", partial(hand.sign, shown))
            if isinstance(answer, sign.Signed):
                told.append((hand.id, hand.revision))
                hand, shown = tried("sign", lambda: ready(clinic, template)) or (hand, shown)
        if {"edit"} <= stopped.keys():
            break
    assert stopped and set(stopped.values()) == {FULL}, stopped
    if "sign" not in stopped:
        tried("sign", lambda: hand.sign(shown))
    for id, revision in told:
        assert clinic.look(id).revision >= revision
    DISK.room(-1)
    noted.reload()
    noted.put("note", (Key.of(ItemKind.NOTE, "assessment"), Note("room again")))
    if clinic.look(hand.id).status is not Status.CLOSED:
        hand.reload()
        if not hand.appraisal.gate.is_open:
            hand.prescribe()
        signed(clinic, hand)
    assert is_whole(clinic, hand, None)
    clinic.opened.close()
    again = opened(folder)
    assert again.opened.check() == ()
    for id, revision in told:
        assert again.look(id).revision >= revision
    again.opened.close()
    print(len(told), stopped)


what, store = sys.argv[1], Path(sys.argv[2])
match what:
    case "record":
        record(store, Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
    case "walk":
        walk(store, int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    case "die":
        die(store, Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    case "full":
        full(store, Path(sys.argv[3]), int(sys.argv[4]))
