"""Killed, or failed by the disk, at each step of making void and of stamping: done, or untouched."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from beside import beside
from clinic_day import Clinic, copy_of
from test_amend_and_void import make_void, signed
from test_faults import FailsAt
from timestamp_authority import Authority, served

from workstation.domain.audit import first_break
from workstation.domain.errors import WorkstationError
from workstation.domain.ids import DocumentId
from workstation.workflow import settings, timestamps
from workstation.workflow.verify import verify_stored

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


@pytest.fixture(scope="module")
def killer(
    base_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[subprocess.Popen[str]]:
    warm = copy_of(base_store, tmp_path_factory.mktemp("warm") / "store")
    with beside("kill_walk.py", str(warm)) as process:
        yield process


@pytest.fixture
def ready(clinic: Clinic) -> Iterator[tuple[Path, DocumentId]]:
    """A closed store with one signed prescription, and a time stamp server it knows."""
    authority = Authority(clinic.clock.now() + timedelta(minutes=6))
    from cryptography.hazmat.primitives.serialization import Encoding

    with served(authority) as address:
        settings.change(clinic.desk, clinic.session, timestamps.SERVER, address)
        timestamps.trust_times_of(
            clinic.desk, clinic.session, authority.root.public_bytes(Encoding.DER)
        )
        _, documents = signed(clinic)
        folder = clinic.opened.folder
        clinic.opened.close()
        yield folder, documents[0].id


def run(killer: subprocess.Popen[str], what: str, folder: Path, id: str, n: int) -> int:
    assert killer.stdin is not None and killer.stdout is not None
    killer.stdin.write(f"{what} {folder} {id} {n}\n")
    killer.stdin.flush()
    status = int(killer.stdout.readline())
    error = folder.with_suffix(".error")
    assert not error.exists(), error.read_text()
    return status


def whole(clinic: Clinic, id: DocumentId, what: str, *, sick: bool = False) -> bool:
    """Whether it was done; half done fails. On a ``sick`` disk the second audit record may lack."""
    with clinic.desk.store.reading() as unit:
        document = unit.document(id)
        assert document is not None
        end, stamps = unit.document_end(id), unit.stamps(id)
        notice = unit.document(end.by_document) if end is not None else None
        assert first_break(unit.audit_entries(0, 1_000_000)) is None
    found = verify_stored(clinic.desk, clinic.session, document)
    assert found.state == "valid"
    faults = {*clinic.opened.faults, *clinic.opened.check()}
    assert faults <= ({"audit.head.unwritten"} if sick else set())
    actions = clinic.actions()
    if what == "void":
        assert (notice is not None) == (actions.count("document.voided") == 1)
        if notice is not None:
            pdf = clinic.desk.vault.get(notice.address)
            assert hashlib.sha256(pdf).hexdigest() == notice.pdf_digest
            assert clinic.desk.signer.verify(pdf, notice.certificate).state == "valid"
        return notice is not None
    assert len(stamps) == actions.count("document.timestamped") <= 1
    assert (found.level != "B-B") == bool(stamps)
    return bool(stamps)


def walk(
    ready: tuple[Path, DocumentId],
    killer: subprocess.Popen[str],
    reopen: Callable[..., Clinic],
    tmp_path: Path,
    what: str,
    every: int,
) -> None:
    base, id = ready
    steps = os.waitstatus_to_exitcode(run(killer, what, copy_of(base, tmp_path / "count"), id, 0))
    assert steps > 105, steps  # it exits with 100 and the number of its steps
    seen = set()
    for n in range(1, steps - 100 + 1, every):
        folder = copy_of(base, tmp_path / f"{what}-{n}")
        assert run(killer, what, folder, id, n) == signal.SIGKILL
        from clinic_day import DeskClock

        clock = DeskClock()
        clock.later(minutes=7)
        clinic = reopen(folder, clock)
        done = whole(clinic, id, what)
        seen.add(done)
        if not done:  # nothing needs repair: it can be done now
            if what == "void":
                make_void(clinic, id)
            else:
                with clinic.desk.store.reading() as unit:
                    document = unit.document(id)
                assert document is not None
                answer = timestamps.stamp(clinic.desk, clinic.session, document)
                assert isinstance(answer, timestamps.Stamped), answer
            assert whole(clinic, id, what)
        clinic.opened.close()
    assert False in seen


@pytest.mark.parametrize("what", ["void", "stamp"])
def test_killed_at_some_steps(
    ready: Any, killer: Any, open_clinic: Any, tmp_path: Path, what: str
) -> None:
    walk(ready, killer, open_clinic, tmp_path, what, every=23)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("what", ["void", "stamp"])
def test_killed_at_each_step(
    ready: Any, killer: Any, open_clinic: Any, tmp_path: Path, what: str
) -> None:
    walk(ready, killer, open_clinic, tmp_path, what, every=1)


@pytest.mark.parametrize("number", [errno.EIO, pytest.param(errno.ENOSPC, marks=pytest.mark.long)])
def test_a_fault_at_each_call_of_stamping(
    ready: tuple[Path, DocumentId], open_clinic: Callable[..., Clinic], number: int
) -> None:
    from clinic_day import DeskClock

    folder, id = ready
    clock = DeskClock()
    clock.later(minutes=7)
    clinic = open_clinic(folder, clock)
    durable: Any = clinic.desk.vault._durable
    with clinic.desk.store.reading() as unit:
        document = unit.document(id)
    assert document is not None
    for n in range(1, 40):
        durable._before = FailsAt(n, number)
        answer: Any = None
        try:
            answer = timestamps.stamp(clinic.desk, clinic.session, document)
        except WorkstationError as error:
            assert error.code in ("store.disk.full", "store.disk.fault")
        durable._before = None
        done = whole(clinic, id, "stamp", sick=True)
        assert done == isinstance(answer, timestamps.Stamped)
        if done:
            break
    assert n > 3
