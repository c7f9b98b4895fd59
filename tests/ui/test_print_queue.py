"""A real print server: what it took, what waits in a stopped queue, and what it refused, in words."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PATIENCE_SECONDS = 30
FILES = """
ServerRoot {at}
RequestRoot {at}/spool
TempDir {at}/spool
CacheDir {at}/cache
StateDir {at}/run
AccessLog {at}/access
ErrorLog {at}/error
PageLog {at}/page
FileDevice Yes
"""
SERVER = """
Listen 127.0.0.1:{port}
Browsing Off
DefaultAuthType None
WebInterface No
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
Allow all
</Limit>
</Policy>
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class PrintServer:
    """A print server of the test's own with one queue, whose jobs end in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, port = folder, free_port()
        for name in ("spool", "cache", "run"):
            (folder / name).mkdir()
        (folder / "files.conf").write_text(FILES.format(at=folder))
        (folder / "cupsd.conf").write_text(SERVER.format(port=port))
        self.env = {
            **os.environ,
            "CUPS_SERVER": f"127.0.0.1:{port}",
            "QT_QPA_PLATFORM": "offscreen",
        }
        command = ("-f", "-c", f"{folder}/cupsd.conf", "-s", f"{folder}/files.conf")
        self._process = subprocess.Popen(("/usr/sbin/cupsd", *command))
        end = time.monotonic() + PATIENCE_SECONDS
        while b"is running" not in self._run("lpstat", "-r"):
            assert time.monotonic() < end, (folder / "error").read_text()
            time.sleep(0.1)
        self._run("lpadmin", "-p", "Office", "-E", "-v", "file:/dev/null", "-m", "raw")

    def _run(self, *command: str) -> bytes:
        return subprocess.run(command, env=self.env, check=False, capture_output=True).stdout

    def put(self, verb: str) -> None:
        """``cupsdisable``, ``cupsenable``, ``cupsreject`` or ``cupsaccept`` the queue."""
        self._run(verb, "Office")

    def printed(self) -> str:
        child = (sys.executable, "-P", str(HERE / "print_child.py"), "Office")
        done = subprocess.run(child, env=self.env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def waiting(self) -> int:
        """Jobs that are not done."""
        return len(self._run("lpstat", "-W", "not-completed", "-o").splitlines())

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrintServer]:
    made = PrintServer(tmp_path)
    yield made
    made.end()


@pytest.mark.needs("cupsd")
def test_what_became_of_a_job_is_said(server: PrintServer) -> None:
    assert server.printed() == "Sent to the printer Office."
    server.put("cupsdisable")
    said = server.printed()
    assert said.startswith("The printer Office is stopped") and server.waiting() == 1
    server.put("cupsenable")
    server.put("cupsreject")
    assert server.printed().startswith("Not printed: the printer did not take it.")
    server.put("cupsaccept")
    assert server.printed() == "Sent to the printer Office."
