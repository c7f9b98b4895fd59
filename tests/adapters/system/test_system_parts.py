"""Clock, platform folders, durable files, key wrapping."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workstation.adapters.system import folders, wraps
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.durable import Durable, sweep
from workstation.domain.errors import Corrupt, Refused, WorkstationError


def test_the_clock_is_utc_and_knows_the_clinics_day() -> None:
    clock = SystemClock("Pacific/Kiritimati")
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.today() == (datetime.now(UTC) + timedelta(hours=14)).date()
    for zone in ("Mars/Olympus", "", "../../etc/passwd", "/etc/passwd"):
        with pytest.raises(Refused):
            SystemClock(zone)


@pytest.mark.parametrize(
    ("platform", "environment", "end"),
    [
        ("linux", {"HOME": "/h"}, "/h/.local/share/derm-workstation/store"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "/d"}, "/d/derm-workstation/store"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/Dermatology Workstation/store"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/Dermatology Workstation/store"),
    ],
)
def test_default_folders(platform: str, environment: dict[str, str], end: str) -> None:
    assert folders.default_store(environment, platform).as_posix() == end


MOUNTINFO = """22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:40 / /mnt/clinic rw - nfs4 server:/x rw
24 22 0:41 / /mnt/with\\040space rw shared:1 - cifs //s/x rw
25 22 0:42 / /mnt/ssh rw - fuse.sshfs u@h: rw
26 22 0:43 / /mnt/usb rw - fuse.ntfs-3g /dev/sdb1 rw
27 23 8:2 / /mnt/clinic/local rw - xfs /dev/sdc1 rw"""
MOUNTED = """/dev/disk3s1 on / (apfs, sealed, local)
//u@server/share on /Volumes/share (smbfs, nodev, nosuid)
/dev/disk4 on /Volumes/usb stick (exfat, local)"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/srv/x", False),
        ("/mnt/clinic/a/b", True),
        ("/mnt/clinic", True),
        ("/mnt/clinics", False),
        ("/mnt/with space/a", True),
        ("/mnt/ssh", True),
        ("/mnt/usb", False),
        ("/mnt/clinic/local/s", False),
    ],
)
def test_network_mounts_are_told_on_linux(folder: str, expected: bool) -> None:
    assert folders.network_by_mountinfo(Path(folder), MOUNTINFO) is expected


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("/Users/x", False), ("/Volumes/share/a", True), ("/Volumes/usb stick", False)],
)
def test_network_mounts_are_told_on_macos(folder: str, expected: bool) -> None:
    assert folders.network_by_mount_list(Path(folder), MOUNTED) is expected


def test_each_failing_step_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    Durable().write(path, b"old")
    steps: list[str] = []
    Durable(steps.append).write(path, b"old")
    assert steps == ["create", "write", "sync", "rename", "sync_folder"]
    for failing in steps:

        def before(step: str, failing: str = failing) -> None:
            if step == failing:
                raise OSError(28, "no space")

        with pytest.raises(WorkstationError) as caught:
            Durable(before).write(path, b"new")
        assert caught.value.code == "store.disk.full"
        assert path.read_bytes() == (b"new" if failing == "sync_folder" else b"old")
        assert [p.name for p in tmp_path.iterdir()] == ["file"]
        Durable().write(path, b"old")


def test_real_faults_are_told(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError) as caught:
        Durable().write(tmp_path / "absent" / "file", b"")
    assert (caught.value.code, caught.value.context["step"]) == ("store.disk.fault", "create")
    if Path("/dev/full").exists():
        with pytest.raises(WorkstationError) as caught:
            Durable().append(Path("/dev/full"), b"x", sync=False)
        assert caught.value.code == "store.disk.full"
    (tmp_path / ".x.00.part").touch()
    assert (sweep(tmp_path), sweep(tmp_path)) == (1, 0)


def test_wrapped_keys_open_only_as_bound() -> None:
    key, secret = wraps.new_key(), wraps.new_key()
    wrapped = wraps.wrap(key, secret, ("store", "id", "clinic"))
    assert wraps.unwrap(key, wrapped, ("store", "id", "clinic")) == secret
    assert secret not in wrapped
    for bad_key, bad, bound in (
        (wraps.new_key(), wrapped, ("store", "id", "clinic")),
        (key, wrapped[:-1], ("store", "id", "clinic")),
        (key, b"", ("store", "id", "clinic")),
        (key, wrapped, ("store", "id", "demonstration")),
        (key, wrapped, ("store", "idclinic")),
    ):
        with pytest.raises(Corrupt):
            wraps.unwrap(bad_key, bad, bound)
    assert len({wraps.subkey(key, p) for p in ("database", "vault", "pin")}) == 3
