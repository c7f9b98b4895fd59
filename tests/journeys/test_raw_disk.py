"""Nothing that a day writes can be read from the disk itself: deleted and overwritten files, crash included.

By default every byte on its way to the disk is looked at. ``pytest -m long`` looks at a whole file
system of its own besides, block by block, which needs the right to mount one.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clinic_day import copy_of
from disk import around, built, steps
from test_canary import planted

from workstation.bootstrap import OUTBOX

CHILD = Path(__file__).with_name("raw_disk_child.py")
IMAGE_BYTES = 256 << 20
CONTROL = b"Sassafrasbandstand was here"
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the shim and the mount are Linux'"),
    pytest.mark.needs("cc"),
]


def a_day(store: Path, beside: Path, *, shim: Path | None = None) -> None:
    """Works on a store whose outbox lies beside the disk, with home and temporary files on it."""
    disk = store.parent
    (beside / OUTBOX).mkdir(parents=True)
    (store / OUTBOX).symlink_to(beside / OUTBOX)
    for place in ("home", "temporary"):
        (disk / place).mkdir()
    given = os.environ if shim is None else around(shim, disk)
    paths = [str(CHILD.parents[2]), str(CHILD.parent)]
    done = subprocess.run(
        [sys.executable, str(CHILD), str(store), str(beside)]
        + ([] if shim is None else [str(beside / "writes")]),
        env={
            **given,
            "HOME": str(disk / "home"),
            "TMPDIR": str(disk / "temporary"),
            "XDG_RUNTIME_DIR": str(disk / "temporary"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": os.pathsep.join(paths),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.stdout, done.returncode) == ("worked\n", -9), done.stderr[-3000:]
    assert any((beside / OUTBOX).glob("*.pdf"))  # it was signed, and exported in clear beside


def test_no_byte_on_its_way_to_the_disk_can_be_read(base_store: Path, tmp_path: Path) -> None:
    shim, beside = built(tmp_path), tmp_path / "beside"
    (tmp_path / "disk").mkdir()
    a_day(copy_of(base_store, tmp_path / "disk" / "store"), beside, shim=shim)
    marks, seen, removed = planted(), 0, 0
    for step in steps(beside / "writes"):
        found = [m for m in marks if m in step.content or m in f"{step.path}{step.other}".encode()]
        assert not found, (step.kind, step.path, found)
        seen += len(step.content)
        removed += step.kind == "u"
    # Really a day of it: database, photos, documents, a backup, and files that are gone by now.
    assert seen > 2_000_000 and removed > 1


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[None]:
    """A file system of our own; what is deleted on it stays in its blocks."""
    at.mkdir()
    done = subprocess.run(["mount", "-o", "loop", image, at], check=False, capture_output=True)
    if done.returncode != 0:
        pytest.skip("not run: nobody may mount a file system here")
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.needs("mkfs.ext4", "mount")
def test_no_block_of_the_disk_can_be_read(base_store: Path, tmp_path: Path) -> None:
    image, disk = tmp_path / "disk.img", tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    with mounted(image, disk):
        gone = disk / "gone"
        gone.write_bytes(CONTROL)
        os.sync()
        a_day(copy_of(base_store, disk / "store"), tmp_path / "beside")
        gone.unlink()
    with image.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        assert raw.find(CONTROL) >= 0  # the search finds what was deleted
        assert raw.find(b'kind = "demonstration"') >= 0  # and what is in clear by right
        assert [mark for mark in planted() if raw.find(mark) >= 0] == []
