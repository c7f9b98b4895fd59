"""The main job as a screen reader works it: through AT-SPI, on a real X display, by names and actions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clinic_day import Clinic, copy_of

from workstation import showcase

OpenClinic = Callable[[Path], Clinic]
HERE = Path(__file__).resolve().parent
SYSTEM_PYTHON = "/usr/bin/python3"
BINDINGS = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
PACKAGES = "apt-get install -y at-spi2-core python3-gi gir1.2-atspi-2.0"
PATIENCE = 170


def _bindings() -> None:
    """The system's own bindings, or why the test is not run."""
    there = Path(SYSTEM_PYTHON).exists() and (
        subprocess.run([SYSTEM_PYTHON, "-c", BINDINGS], check=False, capture_output=True).returncode
        == 0
    )
    if not there:
        message = f"not run: needs the AT-SPI bindings ({PACKAGES})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@contextmanager
def running(*command: str, env: dict[str, str], **more: object) -> Iterator[subprocess.Popen[str]]:
    """A process that is ended afterwards."""
    process = subprocess.Popen(command, env=env, text=True, **more)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def screen(folder: Path) -> Iterator[dict[str, str]]:
    """Surroundings with an X display and a message bus of their own."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("QT_", "DBUS_", "AT_SPI"))},
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    read, write = os.pipe()
    size = ("-screen", "0", "1440x900x24", "-nolisten", "tcp")
    xvfb = ("Xvfb", "-displayfd", str(write), *size)
    with running(*xvfb, env=env, pass_fds=(write,), stderr=subprocess.DEVNULL):
        env["DISPLAY"] = f":{os.read(read, 16).decode().strip()}"
        bus = ("dbus-daemon", "--session", "--nofork", "--print-address=1")
        with running(*bus, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as daemon:
            assert daemon.stdout is not None
            env["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().strip()
            yield env
    os.close(read)
    os.close(write)


def heard(store: Path, folder: Path, script: str, *words: str) -> list[str]:
    """What a script said that worked the window on a store through AT-SPI."""
    with screen(folder) as env:
        seen = {"QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        program = (sys.executable, str(HERE / "desk_on_screen.py"), str(store))
        with running(*program, env={**env, **seen}) as window:
            ear = (SYSTEM_PYTHON, str(HERE / script), *words)
            done = subprocess.run(
                ear, check=False, env=env, capture_output=True, text=True, timeout=PATIENCE
            )
            assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
            assert window.poll() is None, "the window went away"
    return done.stdout.splitlines()


@pytest.mark.long
@pytest.mark.needs("Xvfb", "dbus-daemon")
@pytest.mark.timeout(240)
def test_the_desk_around_the_main_job_is_worked_by_names_and_actions(
    base_store: Path, tmp_path: Path, open_clinic: OpenClinic
) -> None:
    _bindings()
    store = copy_of(base_store, tmp_path / "store")
    said = heard(store, tmp_path, "by_ear_around.py", showcase.PASSWORD)
    assert said[-1] == "around"
    acts = open_clinic(store).actions()
    done = ["consultation.deferred", "message.sent", "session.locked", "session.signed_in"]
    mine = acts[len(acts) - 1 - acts[::-1].index(done[0]) : -1]  # the last is this test's own
    assert [act for act in mine if act in done] == done, mine


@pytest.mark.long
@pytest.mark.needs("Xvfb", "dbus-daemon")
@pytest.mark.timeout(240)
def test_a_prescription_is_signed_by_names_and_actions(
    base_store: Path, tmp_path: Path, open_clinic: OpenClinic
) -> None:
    _bindings()
    store = copy_of(base_store, tmp_path / "store")
    said = heard(store, tmp_path, "by_ear.py", showcase.PASSWORD, showcase.PIN)
    assert "annotated Papule, nose, 1 of 1" in said and said[-1] == "signed"
    acts = open_clinic(store).actions()
    mine = acts[len(acts) - 1 - acts[-2::-1].index("session.signed_in") :]
    assert mine.count("document.signed") == 3
    assert mine.index("consultation.claimed") < mine.index("document.signed")
    assert mine[::-1].index("consultation.claimed") < mine[::-1].index("document.signed")
