"""Killed at any moment, failed at any call: what was acknowledged is there, nothing is half-made."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_world import (
    NOW,
    OTHER_PASSWORD,
    PASSWORD,
    PIN,
    FailsAt,
    FixedClock,
    add,
    appraised,
    consultation,
    create,
    make_user,
    reopen,
    take,
)

from workstation.adapters.system.durable import Durable
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.ids import ConsultationId, UserId, VaultAddress
from workstation.workflow.ports import QueueFilter

CHILD = Path(__file__).with_name("kill_child.py")
ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 120
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


@pytest.fixture
def killed() -> Iterator[Callable[..., list[str]]]:
    """Runs a child of ``kill_child`` for some seconds after its first line; what it logged."""
    paths = os.pathsep.join([str(ROOT), str(CHILD.parent)])
    with subprocess.Popen(
        [sys.executable, str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as server:
        assert server.stdin is not None and server.stdout is not None

        def run(what: str, folder: Path, seconds: float, least: int = 0) -> list[str]:
            log = folder.with_name(f"log-{time.monotonic_ns()}")
            log.touch()
            server.stdin.write(f"{what} {folder} {log}\n")
            server.stdin.flush()
            child = int(server.stdout.readline())
            end = time.monotonic() + PATIENCE_SECONDS
            while log.read_bytes().count(b"\n") <= least:  # the first line says that it began
                assert not Path(f"{log}.error").exists(), Path(f"{log}.error").read_text()
                assert time.monotonic() < end
                time.sleep(0.005)
            time.sleep(seconds)
            with contextlib.suppress(ProcessLookupError):  # it had made its store and ended
                os.kill(child, signal.SIGKILL)
            assert int(server.stdout.readline()) in (signal.SIGKILL, 0)
            assert not Path(f"{log}.error").exists(), Path(f"{log}.error").read_text()
            lines = log.read_text().splitlines(keepends=True)
            return [line.strip() for line in lines if line.endswith("\n")]

        yield run
        server.stdin.close()


def _kills(tmp_path: Path, number: int, killed: Callable[..., list[str]]) -> None:
    folder = tmp_path / "store"
    made = create(folder)
    add(made.store, consultation())
    take(made.store, ConsultationId("consultation-1"))
    made.close()
    chance = random.Random(20)
    acknowledged = 0
    blobs: list[str] = []
    for _ in range(number):
        soon, least = chance.uniform(0.01, 0.15), chance.choice((0, 2, 5))  # on a slow machine too
        lines = [line.split() for line in killed("edit", folder, soon, least)[1:]]
        acknowledged = max([acknowledged, *(int(line[0]) for line in lines)])
        blobs += [line[1] for line in lines if len(line) > 1]
        opened = reopen(folder)
        with opened.store.reading() as unit:
            found = unit.consultation(ConsultationId("consultation-1"))
            history = unit.history(ConsultationId("consultation-1"))
        assert found.revision >= acknowledged
        assert len(history.past) == len(history.draft.annotations) == found.revision
        assert opened.faults == ()
        for address in blobs[-20:]:
            assert opened.vault.get(VaultAddress(address)).startswith(b"photo ")
        opened.close()
    opened = reopen(folder)
    assert opened.store.audit_faults() == ()
    for address in blobs:
        assert opened.vault.get(VaultAddress(address)).startswith(b"photo ")
    opened.close()
    assert acknowledged > number


@needs_fork
def test_killed_while_a_store_is_made_it_is_whole_or_made_anew(
    tmp_path: Path, killed: Callable[..., list[str]]
) -> None:
    outcomes = set()
    for n, seconds in enumerate((0, 0.05, 0.15, 0.3, 0.5, 3.0)):
        folder = tmp_path / f"store{n}"
        made = "made" in killed("create", folder, seconds)
        whole = (folder / "store.toml").exists()
        assert whole or not made
        outcomes.add(whole)
        (reopen if whole else create)(folder).close()
        opened = reopen(folder)
        assert opened.faults == () and opened.store.audit_faults() == ()
        opened.close()
    assert outcomes == {True, False}


@needs_fork
def test_kills_lose_nothing_acknowledged(tmp_path: Path, killed: Callable[..., list[str]]) -> None:
    _kills(tmp_path, 5, killed)


@pytest.mark.long
@needs_fork
@pytest.mark.timeout(20_000)
def test_a_thousand_kills_lose_nothing_acknowledged(
    tmp_path: Path, killed: Callable[..., list[str]]
) -> None:
    _kills(tmp_path, 1000, killed)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_a_fault_at_each_call_of_making_a_store_leaves_no_half_store(
    tmp_path: Path, every: int
) -> None:
    counting = FailsAt()
    create(tmp_path / "whole", durable=Durable(counting)).close()
    assert counting.calls > 12
    failures: list[str] = []
    moments = range(1, counting.calls + 1, every)
    for n in moments:
        folder = tmp_path / f"at{n}"
        failed = ""
        try:
            create(folder, durable=Durable(FailsAt(n))).close()
        except WorkstationError as error:
            failed = error.code
        failures.append(failed)
        try:
            reopen(folder).close()  # store.toml came last: if it is there, all is
        except Refused as error:
            assert error.code == "store.folder.missing"
            create(folder).close()
            reopen(folder).close()
            assert failed == "store.disk.fault"
    # Only the second audit record may fail without stopping the making: it merely watches.
    assert failures.count("store.disk.fault") >= len(moments) - 2


def test_a_fault_at_each_call_of_adding_a_user_keeps_the_store_usable(tmp_path: Path) -> None:
    counting = FailsAt()
    opened = create(tmp_path / "whole")
    opened.keys._around.durable._before = counting
    opened.keys.add_user(make_user("second"), OTHER_PASSWORD, PIN)
    opened.keys._around.durable._before = None
    opened.close()
    assert counting.calls >= 10
    for n in range(1, counting.calls + 1):
        folder = tmp_path / f"at{n}"
        opened = create(folder)
        opened.keys._around.durable._before = FailsAt(n, 28)
        with pytest.raises(WorkstationError) as caught:
            opened.keys.add_user(make_user("second"), OTHER_PASSWORD, PIN)
        assert caught.value.code == "store.disk.full"
        opened.close()
        opened = reopen(folder)  # old or new, never between
        serial = opened.keys.add_user(
            make_user("second"), OTHER_PASSWORD, PIN
        )  # and can be repeated
        assert opened.keys.unlock("second", OTHER_PASSWORD).key.serial == serial
        assert opened.keys.unlock("doctor", PASSWORD).key is not None
        opened.close()


def test_a_fault_at_each_call_of_the_vault_leaves_old_or_new(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    counting = FailsAt()
    opened.keys._around.durable._before = counting
    opened.vault.put(b"one photo")
    calls = counting.calls
    assert calls >= 5
    for n in range(1, calls + 1):
        content = f"photo {n}".encode()
        opened.keys._around.durable._before = FailsAt(n)
        with pytest.raises(WorkstationError):
            opened.vault.put(content)
        opened.keys._around.durable._before = None
        assert opened.vault.get(opened.vault.put(content)) == content
    assert list((tmp_path / "store" / "vault").rglob("*.part")) == []
    opened.close()


def test_a_fault_of_the_second_audit_record_does_not_undo_a_commit(tmp_path: Path) -> None:
    opened = create(tmp_path / "store")
    opened.keys._around.durable._before = FailsAt(1)
    with opened.store.writing("system", "s") as unit:
        unit.add_patient_and_consultation(consultation(), appraised())
        unit.audit("consultation.received", "consultation-1", {})
    opened.keys._around.durable._before = None
    with opened.store.reading() as unit:
        assert len(unit.queue(QueueFilter(scope="all"), UserId("user-doctor"), NOW)) == 1
    assert opened.store.audit_faults() == ("audit.head.unwritten",)
    opened.close()
    again = reopen(tmp_path / "store")
    assert again.faults == ()
    again.close()


def test_parts_left_by_a_crash_are_swept(tmp_path: Path) -> None:
    create(tmp_path / "store").close()
    left = tmp_path / "store" / ".store.toml.0011.part"
    left.write_bytes(b"half")
    reopen(tmp_path / "store", FixedClock()).close()
    assert not left.exists()
