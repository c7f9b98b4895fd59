"""The disk fails at any call, is full, or loses its power: what was told is there, nothing is half.

The whole walks are ``pytest -m long tests/journeys/test_disk_faults.py``; by default some of each.
"""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from clinic_day import Clinic, copy_of
from disk import around, built, cuts
from many_packages import write_many
from test_kill import Acknowledged, told_is_kept, watched

from workstation.domain.consultation import Status

CHILD = Path(__file__).with_name("disk_child.py")
SIZES = tuple(n * 1024 for n in (256, 512, 768, 1024, 1536, 2048, 4096, 8192))
Run = Callable[..., str]
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the shim is made for Linux"),
    pytest.mark.needs("cc"),
]


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def run(shim: Path, tmp_path: Path) -> Run:
    """Runs the child with its disk; what it printed."""

    def go(*words: object) -> str:
        done = subprocess.run(
            [sys.executable, str(CHILD), *map(str, words)],
            env=around(shim, tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return go


@pytest.fixture
def store(base_store: Path, tmp_path: Path) -> Path:
    return copy_of(base_store, tmp_path / "store")


LONG = [pytest.mark.long, pytest.mark.timeout(20_000)]


@pytest.mark.parametrize(
    "number,first,step",
    [
        (errno.EIO, 3, 61),
        (errno.ENOSPC, 30, 61),
        pytest.param(errno.EIO, 1, 1, marks=LONG),
        pytest.param(errno.ENOSPC, 1, 1, marks=LONG),
    ],
)
def test_signing_with_a_fault_at_each_system_call(
    store: Path, run: Run, number: int, first: int, step: int
) -> None:
    calls, refused = map(int, run("walk", store, number, first, step).split())
    assert calls > 60 and refused >= (calls - first) // step // 3


@pytest.mark.parametrize("first,step", [(11, 61), pytest.param(1, 1, marks=LONG)])
def test_killed_at_each_system_call_of_signing(
    store: Path, run: Run, tmp_path: Path, open_clinic: Callable[[Path], Clinic],
    first: int, step: int,
) -> None:  # fmt: skip
    """What was begun is wholly signed or not at all, in a store that needs no repair."""
    left = tmp_path / "left"
    left.mkdir()
    last = int(run("die", store, left, first, step))
    assert last > 60
    states = set()
    for n in range(first, last, step):
        clinic = open_clinic(left / str(n))
        assert clinic.opened.faults == () and clinic.opened.check() == ()
        id = (left / f"{n}.id").read_text().split()[0]
        signed = clinic.look(id).status is Status.CLOSED
        documents = clinic.documents(id)
        assert len(documents) == (3 if signed else 0)
        for document in documents:
            clinic.desk.vault.get(document.address)
        states.add(signed)
        clinic.opened.close()
    assert False in states


@pytest.mark.parametrize(
    "sizes",
    [SIZES[1:2], pytest.param(SIZES, marks=[pytest.mark.long, pytest.mark.timeout(20_000)])],
)
def test_a_full_disk_is_said_and_loses_nothing(
    base_store: Path, run: Run, tmp_path: Path, sizes: tuple[int, ...]
) -> None:
    for size in sizes:
        packages = tmp_path / f"packages-{size}"
        write_many(packages, max(2, size // 150_000), side=900, photos=1)
        run("full", copy_of(base_store, tmp_path / f"store-{size}"), packages, size)


@pytest.mark.parametrize("usual", [2, pytest.param(200, marks=LONG)])
def test_a_power_cut_at_any_moment_loses_nothing_that_was_told(
    store: Path, run: Run, tmp_path: Path, open_clinic: Callable[[Path], Clinic],
    usual: int, many: Callable[[int], range],
) -> None:  # fmt: skip
    number, seed = (2, 7) if usual == 2 else (len(many(usual)), 7 + many(usual).start)
    clinic = open_clinic(store)
    kept = watched(clinic, 6)
    clinic.opened.close()
    before = copy_of(store, tmp_path / "before" / "store")
    packages, log = tmp_path / "packages", tmp_path.with_name(f"{tmp_path.name}-writes")
    write_many(packages, 20, side=400, photos=1)
    run("record", store, packages, log, 12 if number < 50 else 60)
    shutil_moved(before, store)
    seen = 0
    for n, (place, told) in enumerate(cuts(store, log, number, tmp_path / "cut", seed), 1):
        heard = Acknowledged()
        heard.hear(told)
        clinic = open_clinic(place)
        told_is_kept(clinic, kept, heard)
        seen = max(seen, len(told))
        clinic.opened.close()
        if n % 10 == 0:
            print(f"{n} power cuts: nothing lost", flush=True)
    log.unlink()
    assert seen > (3 if number < 50 else 6)


def shutil_moved(before: Path, store: Path) -> None:
    """The store as it was before the recording, under the name that the recording knows."""
    import shutil

    shutil.rmtree(store)
    before.rename(store)
