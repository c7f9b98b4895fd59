"""Where files go on each platform, and whether a folder lies on a network."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_NAME = "derm-workstation"
_TITLE = "Dermatology Workstation"
_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smbfs",
        "smb2",
        "smb3",
        "afs",
        "afpfs",
        "ncpfs",
        "ceph",
        "glusterfs",
        "lustre",
        "ocfs2",
        "gfs",
        "gfs2",
        "beegfs",
        "webdav",
        "davfs",
        "davfs2",
        "ftp",
        "sshfs",
        "coda",
        "orangefs",
        "9p",
        "virtiofs",
        "vboxsf",
        "vmhgfs",
    }
)
_FUSE_NETWORK = frozenset(
    {
        "sshfs",
        "smbnetfs",
        "davfs",
        "davfs2",
        "glusterfs",
        "ceph",
        "s3fs",
        "rclone",
        "gvfsd-fuse",
        "curlftpfs",
        "juicefs",
    }
)


def default_store(
    environment: Mapping[str, str] | None = None, platform: str = sys.platform
) -> Path:
    """The store folder when none is named on the command line."""
    return _data(os.environ if environment is None else environment, platform) / "store"


def is_network(folder: Path) -> bool:
    """Whether ``folder`` (or its nearest existing parent) lies on a network file system."""
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    there = there.resolve()
    if sys.platform == "win32":
        return _is_network_on_windows(there)
    if sys.platform == "darwin":
        import subprocess

        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True)
        return network_by_mount_list(there, listed.stdout)
    return network_by_mountinfo(there, Path("/proc/self/mountinfo").read_text("utf-8"))


def network_by_mountinfo(folder: Path, mountinfo: str) -> bool:
    """The same from the text of Linux' ``/proc/self/mountinfo``."""
    mounts: dict[Path, str] = {}
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        place = left.split(" ")[4].encode().decode("unicode_escape")
        mounts[Path(place)] = right.split(" ")[0]  # a later mount hides an earlier one
    return _is_network_type(_type_of(folder, mounts))


def network_by_mount_list(folder: Path, listed: str) -> bool:
    """The same from what macOS' ``mount`` prints: ``//host/x on /Volumes/x (smbfs, nodev)``."""
    mounts: dict[Path, str] = {}
    for line in listed.splitlines():
        found = re.match(r".* on (?P<place>/.*) \((?P<type>[^,)]+)", line)
        if found:
            mounts[Path(found["place"])] = found["type"]
    return _is_network_type(_type_of(folder, mounts))


def _type_of(folder: Path, mounts: Mapping[Path, str]) -> str:
    for place in (folder, *folder.parents):
        if place in mounts:
            return mounts[place]
    return ""


def _is_network_type(kind: str) -> bool:
    if kind.startswith("fuse."):
        return kind.removeprefix("fuse.") in _FUSE_NETWORK
    return kind in _NETWORK


def _is_network_on_windows(folder: Path) -> bool:
    if str(folder).startswith("\\\\"):
        return True
    import ctypes

    remote = 4  # DRIVE_REMOTE of GetDriveTypeW
    return bool(ctypes.__dict__["windll"].kernel32.GetDriveTypeW(folder.anchor) == remote)


def _data(environment: Mapping[str, str], platform: str) -> Path:
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / _TITLE
    if platform == "darwin":
        return home / "Library" / "Application Support" / _TITLE
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / _NAME
