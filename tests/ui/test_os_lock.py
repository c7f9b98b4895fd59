"""Locking the session or putting the computer to sleep covers the desk, heard from a real bus."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BUS = """<busconfig><type>session</type><listen>unix:path={socket}</listen>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="*"/>
<allow receive_type="*"/><allow send_destination="*"/></policy></busconfig>"""


@pytest.mark.needs("dbus-daemon")
@pytest.mark.skipif(sys.platform != "linux", reason="logind is Linux'")
def test_the_computer_locks_or_sleeps_and_the_desk_is_covered_first(tmp_path: Path) -> None:
    socket, config = tmp_path / "bus", tmp_path / "bus.conf"
    config.write_text(BUS.format(socket=socket))
    with subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    ) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            done = subprocess.run(
                [sys.executable, str(HERE / "locked_by_the_system.py")],
                env={
                    **os.environ,
                    "DBUS_SYSTEM_BUS_ADDRESS": address,
                    "PYTHONPATH": str(HERE.parents[1]),
                },
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            bus.terminate()
    assert done.stdout == "covered\n", done.stderr[-3000:]
