"""The clinic's shared folder on a real network file system, whose server stops, comes back and dies.

``pytest -m long``: it mounts a folder of this computer over SFTP (FUSE), which needs root or the right
to use /dev/fuse. A kernel's NFS or SMB client behaves alike towards a program: a call waits or fails.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from workstation.adapters.system import folders
from workstation.adapters.system.durable import Durable
from workstation.adapters.vault.shared import GONE_SECONDS, SharedVault
from workstation.domain.errors import WorkstationError

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.needs("sshfs", "sshd", "ssh-keygen"),
]
KEYS = {"key": b"v" * 32, "address_key": b"a" * 32}


class Server:
    """A file server of our own: an SSH daemon for one key, on a port of this computer alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.served, self.mount = folder / "served", folder / "share"
        self.served.mkdir()
        self.mount.mkdir()
        for name in ("host", "user"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
            )
        shutil.copy(folder / "user.pub", folder / "authorized")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "sshd").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nStrictModes no\n"
            f"AuthorizedKeysFile {folder}/authorized\nUsePAM no\nPidFile none\n"
            "PermitRootLogin yes\nSubsystem sftp internal-sftp\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        self.daemon = subprocess.Popen(
            [shutil.which("sshd") or "", "-D", "-f", folder / "sshd", "-E", folder / "said"]
        )

    def mounted(self) -> None:
        done = None
        for _ in range(50):  # until the daemon listens
            done = subprocess.run(
                [
                    "sshfs", f"{getpass.getuser()}@127.0.0.1:{self.served}", self.mount,
                    "-p", str(self.port), "-o", f"IdentityFile={self.folder}/user",
                    "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                    "-o", "cache=no", "-o", "fsname=share",
                ],
                check=False, capture_output=True, text=True, timeout=60,
            )  # fmt: skip
            if done.returncode == 0:
                return
            if "fuse" in done.stderr:
                pytest.skip("not run: nobody may mount over FUSE here")
            time.sleep(0.1)
        assert done is not None
        pytest.fail(done.stderr + (self.folder / "said").read_text())

    def sessions(self) -> list[int]:
        """The daemon's processes that serve files."""
        listed = subprocess.run(
            ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout.split()
        parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
        found = {self.daemon.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return sorted(found - {self.daemon.pid})

    def tell(self, what: signal.Signals) -> None:
        for pid in self.sessions():
            os.kill(pid, what)

    def end(self) -> None:
        with suppress(ProcessLookupError):
            self.tell(signal.SIGCONT)
        subprocess.run(["fusermount", "-uz", self.mount], check=False, capture_output=True)
        subprocess.run(["umount", "-l", self.mount], check=False, capture_output=True)
        self.daemon.terminate()
        self.daemon.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    try:
        made.mounted()
        yield made
    finally:
        made.end()


def gone(act: Callable[[], object]) -> float:
    """Seconds until it was said that the share is gone."""
    begun = time.monotonic()
    with pytest.raises(WorkstationError) as caught:
        act()
    assert caught.value.code == "vault.share.gone", caught.value.code
    return time.monotonic() - begun


def comes_back(act: Callable[[], object]) -> object:
    end = time.monotonic() + 60
    while True:
        try:
            return act()
        except WorkstationError:
            assert time.monotonic() < end, "it did not come back"
            time.sleep(0.2)


def test_a_share_that_stops_comes_back_and_dies(server: Server) -> None:
    assert folders.is_network(server.mount) and not folders.is_network(server.served)
    vault = SharedVault(server.mount, **KEYS, durable=Durable())
    vault.prepare()
    photos = [os.urandom(300_000) for _ in range(20)]
    addresses = [vault.put(photo) for photo in photos]
    assert [vault.get(address) for address in addresses] == photos
    assert set(vault.addresses()) == set(addresses)
    for path in (p for p in server.served.rglob("*") if p.is_file()):
        assert not any(photo[1000:1032] in path.read_bytes() for photo in photos)  # sealed there
    # The server stops answering: no call ever returns by itself.
    server.tell(signal.SIGSTOP)
    assert gone(lambda: vault.get(addresses[0])) <= GONE_SECONDS
    assert gone(lambda: vault.put(b"during")) <= 1  # known to be gone: nobody waits again
    server.tell(signal.SIGCONT)
    assert comes_back(lambda: vault.get(addresses[0])) == photos[0]
    later = comes_back(lambda: vault.put(b"after"))
    # The server dies: calls fail at once, and after another mount everything is there.
    server.tell(signal.SIGKILL)
    assert gone(lambda: vault.get(addresses[1])) <= GONE_SECONDS
    subprocess.run(["fusermount", "-uz", server.mount], check=False, capture_output=True)
    subprocess.run(["umount", "-l", server.mount], check=False, capture_output=True)
    assert gone(lambda: vault.put(b"into the empty mount point")) <= GONE_SECONDS
    assert list(server.mount.iterdir()) == []
    server.mounted()
    assert comes_back(lambda: vault.get(later)) == b"after"
    assert [vault.get(address) for address in addresses] == photos
    left = [p.name for p in server.served.rglob("*") if p.name.endswith(".part")]
    assert len(left) <= 2  # of the writes that were cut off; swept at the next opening
